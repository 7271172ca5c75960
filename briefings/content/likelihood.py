"""The scales of likelihood: what a term such as `likely` stands for, in percent."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from briefings.core.config import LikelihoodScale


class Term(Struct, frozen=True):
    """A step of a scale."""

    names: tuple[str, ...]
    """How it may be called; the first is the usual name."""
    low: int
    """The least likelihood that it stands for, in percent."""
    high: int
    """The greatest, in percent."""


def gettext(words: str) -> str:
    """Return `words` as they are: this only marks them for translators. They are translated where they are shown."""
    return words


SCALES: Mapping[LikelihoodScale, tuple[Term, ...]] = {
    # Intelligence Community Directive 203, Analytic Standards.
    "icd-203": (
        Term((gettext("almost no chance"), gettext("remote")), 1, 5),
        Term((gettext("very unlikely"), gettext("highly improbable")), 5, 20),
        Term((gettext("unlikely"), gettext("improbable")), 20, 45),
        Term((gettext("roughly even chance"), gettext("roughly even odds")), 45, 55),
        Term((gettext("likely"), gettext("probable")), 55, 80),
        Term((gettext("very likely"), gettext("highly probable")), 80, 95),
        Term((gettext("almost certain"), gettext("nearly certain")), 95, 99),
    ),
    # The yardstick of the Professional Head of Intelligence Assessment.
    "phia": (
        Term((gettext("remote chance"),), 0, 5),
        Term((gettext("highly unlikely"),), 10, 20),
        Term((gettext("unlikely"),), 25, 35),
        Term((gettext("realistic possibility"),), 40, 50),
        Term((gettext("likely"), gettext("probable")), 55, 75),
        Term((gettext("highly likely"),), 80, 90),
        Term((gettext("almost certain"),), 95, 100),
    ),
}
"""The terms of each scale, the least likely first."""

TERMS: Mapping[LikelihoodScale, Mapping[str, Term]] = {
    scale: {name: term for term in terms for name in term.names} for scale, terms in SCALES.items()
}
"""The terms of each scale by each of their names."""
