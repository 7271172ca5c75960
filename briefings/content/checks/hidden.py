"""Checks for invisible characters: those that change the order in which text is shown, and those within names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.text import plural

_REORDERS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_OVERRIDES = frozenset("\u202d\u202e")
_OPENS = {**dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c"), **dict.fromkeys("\u2066\u2067\u2068", "\u2069")}
"""Characters that begin another writing direction, each with the character that ends it."""
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefe]")
_LETTER = "[0-9A-Za-z\u00c0-\u052f]"
_NO_WIDTH = re.compile(f"(?<={_LETTER})[\u200b-\u200d\u2060\ufeff]+(?={_LETTER})")
"""Invisible characters between two letters of a script that does not need them."""
_LINK = re.compile(r"\[[^\[\]\n]*\]\([^()\n]*\)")


def hidden_characters(path: str, text: str, header_end: int) -> Iterator[Diagnostic]:
    """Yield one warning for characters that reorder words and one for characters within names, each at the first of them.

    `header_end` is the offset at which the header of a Markdown file ends. Below it only links count as names: words may hold soft breaks.
    """
    lines = re.finditer("[^\n]+", text) if _REORDERS.search(text) else ()
    reorder = [at for line in lines for at in _misleading(line[0], line.start())]
    if reorder:
        yield _warning(path, text, reorder, "shows what follows in another order than it is written")
    within = [found.start() for found in _NO_WIDTH.finditer(text, 0, header_end)]
    for link in _LINK.finditer(text, header_end):
        within += [found.start() for found in _NO_WIDTH.finditer(text, *link.span())]
    if within:
        yield _warning(path, text, within, "stands within a word where nobody sees it, so that the word equals no other")


def _misleading(line: str, begin: int) -> list[int]:
    """Return the offsets of reordering characters in a line that begins at `begin`; none if it has right-to-left words and closes all."""
    found = [(begin + one.start(), one[0]) for one in _REORDERS.finditer(line)]
    if not _RIGHT_TO_LEFT.search(line):
        return [at for at, _ in found]
    wrong = {at for at, sign in found if sign in _OVERRIDES}
    open_: list[tuple[int, str]] = []
    for at, sign in found:
        if sign in _OPENS:
            open_.append((at, _OPENS[sign]))
        elif open_ and open_[-1][1] == sign:
            open_.pop()
        else:
            wrong.add(at)
    return sorted(wrong.union(at for at, _ in open_))


def _warning(path: str, text: str, offsets: list[int], what: str) -> Diagnostic:
    first = offsets[0]
    line_start = text.rfind("\n", 0, first) + 1
    place = Place(path, text.count("\n", 0, first) + 1, first - line_start + 1)
    others = f" ({plural(len(offsets), 'time')} in this file)" if len(offsets) > 1 else ""
    sign = f"U+{ord(text[first]):04X}"
    before = text[line_start:first].rpartition(" ")[2][-20:]
    where = f'behind "{before}"' if before.isprintable() and before else "at the beginning of the word"
    message = f"the invisible character {sign} {what}{others}"
    return problem("hidden-character", message, place, f"delete this character: it stands {where}" + (", and the others" if others else ""))
