"""What served pages show at the foot of the window: the site's problems, the state of the page's record, and for whom the site is shown."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
from msgspec import Struct

from briefings.core.text import plural, printable

SHOWN = 200
"""How many problems a panel shows; the terminal has them all."""
WIDTH = 140
"""Longer lines of a file are cut to so many characters around the problem."""


class Excerpt(Struct, frozen=True):
    """A line of a file, in the three parts that the caret makes of it."""

    before: str
    meant: str
    after: str


def panel_html(
    state: Mapping[str, Any], problems: Sequence[Mapping[str, Any]], *, gone: bool = False, building: Mapping[str, Any] | None = None
) -> str:
    """The panel as HTML.

    `state` is empty where there is no edition yet; `gone` says that the page is no longer there, `building` how far the first edition is.
    """
    counts = Counter(p["severity"] for p in problems)
    return _template().render(
        state=state,
        words=[(word, _voice(word)) for word in state.get("state", ())],
        problems=[(p, excerpt(p["excerpt"], *p["caret"])) for p in problems[:SHOWN]],
        errors=counts["error"],
        count=", ".join(plural(counts[severity], severity) for severity in ("error", "warning") if counts[severity]),
        more=max(len(problems) - SHOWN, 0),
        gone=gone,
        building=building,
    )


def excerpt(line: str, start: int, length: int) -> Excerpt:
    """`line` around the `length` characters from `start`; no part is meant when `length` is 0."""
    line = line.rstrip()
    end = min(start + length, max(len(line), start + 1))
    first = max(0, min(start - WIDTH // 3, len(line) - WIDTH))
    last = first + WIDTH
    before, meant, after = line[first:start], line[start : min(end, last)], line[end:last]
    if length and not meant:
        meant = " "  # what is missing at the end of the line
    return Excerpt(("…" if first else "") + before, meant, after + ("…" if last < len(line) else ""))


def _voice(word: str) -> str:
    """How a word of the state is set: a marking in its own colours, what withholds the page in amber."""
    if word.startswith("TLP:"):
        return "tlp tlp-" + word.removeprefix("TLP:").partition("+")[0].lower()
    return "withheld" if word.startswith(("Draft", "Embargo", "Expired")) else ""


@functools.cache
def _template() -> jinja2.Template:
    source = (Path(__file__).parent / "client" / "panel.html").read_text(encoding="utf-8")
    made = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, finalize=_harmless)
    return made.from_string(source)


def _harmless(value: object) -> object:
    """A text as the terminal shows it, too: nothing in a file may reorder or hide what is read of it."""
    if not isinstance(value, str) or value.isprintable():
        return value
    return "".join(c if c in "\t\n" else printable(c) for c in value)
