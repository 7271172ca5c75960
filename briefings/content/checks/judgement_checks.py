"""Checks of the judgements of a note beyond their types: their ids, and whether their terms are on the site's scale."""

from __future__ import annotations

from collections.abc import Iterator

from briefings.content.checks.id_checks import check_ids
from briefings.content.entries import Judgement
from briefings.content.likelihood import SCALES, TERMS
from briefings.content.schema.validate import join
from briefings.core.config import LikelihoodScale
from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.text import did_you_mean, listing


def check_judgements(path: str, key: str, judgements: tuple[Judgement, ...], scale: LikelihoodScale) -> Iterator[Diagnostic]:
    """Yield the problems of the `judgements` in the header at `key`; `scale` is the one that the site declares."""
    yield from check_ids(path, join(key, "judgements"), [one.id for one in judgements], "judgements of this note")
    for index, one in enumerate(judgements):
        if one.likelihood not in TERMS[scale]:
            yield _off_scale(Place(path, key=join(key, f"judgements[{index}].likelihood")), one.likelihood, scale)


def _off_scale(place: Place, written: str, scale: LikelihoodScale) -> Diagnostic:
    terms = listing(term.names[0] for term in SCALES[scale])
    others = [other for other, names in TERMS.items() if other != scale and written in names]
    also = f", though on {others[0]}" if others else ""
    plain = " ".join(written.lower().split())
    remedy = f"write {plain}" if plain in TERMS[scale] else did_you_mean(written, TERMS[scale], f"its terms are {terms}")
    return problem("bad-likelihood", f'"{written}" is not on the scale {scale}, which this site uses{also}', place, remedy)
