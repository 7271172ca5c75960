"""What served pages show at the foot of the window: the site's problems, the state of the page's record, and for whom the site is shown."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
from msgspec import Struct, structs

from briefings.core.diagnostics import Diagnostic, Place, Severity
from briefings.core.excerpt import Excerpt, excerpt
from briefings.core.text import plural, printable

MOST = 200
"""How many problems a panel shows; the terminal has them all."""
WIDTH = 140
"""Longer lines of a file are cut to so many columns around the problem."""


class _Row(Struct, frozen=True):
    """A problem in the list."""

    problem: Diagnostic
    where: str
    editor: str
    """The link that opens the file in the author's editor; empty for none."""
    excerpt: Excerpt


def panel_html(
    state: Mapping[str, Any],
    problems: Sequence[Diagnostic],
    link: Callable[[Place], str],
    *,
    gone: bool = False,
    building: Mapping[str, Any] | None = None,
) -> str:
    """The panel as HTML.

    `state` is empty where there is no edition yet; `link` gives the link that opens a place in an editor; `gone` says that the page is
    no longer there, `building` how far the first edition is.
    """
    counts = Counter(p.severity for p in problems)
    return _template().render(
        state=state,
        words=[(word, _voice(word)) for word in state.get("state", ())],
        rows=[_row(problem, link) for problem in problems[:MOST]],
        errors=counts["error"],
        count=", ".join(plural(counts[severity], severity) for severity in ("error", "warning") if counts[severity]),
        more=max(len(problems) - MOST, 0),
        gone=gone,
        building=building,
    )


def without_details(problems: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Problems for those who may not see the desk's files: only that there are some."""
    if not problems:
        return []
    severity: Severity = "error" if any(p.severity == "error" for p in problems) else "warning"
    return [Diagnostic("", "the site has problems, which the terminal of the desk shows", Place(""), severity=severity)]


def _row(problem: Diagnostic, link: Callable[[Place], str]) -> _Row:
    place = problem.place
    where = ":".join([place.path, *(str(n) for n in (place.line, place.column) if place.line and n)])
    found = excerpt(problem.excerpt, place.column, place.width, WIDTH)
    if place.column and not found.meant:
        found = structs.replace(found, meant=" ")  # what is missing at the end of the line
    return _Row(problem, where, link(place), found)


def _voice(word: str) -> str:
    """The style classes of a word of the state: a marking has its own colours, what withholds the page is amber."""
    if word.startswith("TLP:"):
        return "tlp tlp-" + word.removeprefix("TLP:").partition("+")[0].lower()
    return "withheld" if word.startswith(("Draft", "Embargo", "Expired")) else ""


@functools.cache
def _template() -> jinja2.Template:
    source = (Path(__file__).parent / "client" / "panel.html").read_text(encoding="utf-8")
    made = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, finalize=_harmless)
    return made.from_string(source)


def _harmless(value: object) -> object:
    """`value`, and where it is a text, as a terminal would show it: nothing in a file may reorder or hide what is read of it."""
    if not isinstance(value, str) or value.isprintable():
        return value
    return "".join(c if c in "\t\n" else printable(c) for c in value)
