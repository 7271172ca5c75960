"""A line of a file as a terminal may show it, with carets under the part that is meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from msgspec import Struct

from briefings.core.text import printable

TAB = 4
"""Columns from one tab stop to the next."""


class Excerpt(Struct, frozen=True):
    """A line, and the line of carets below it."""

    text: str
    indent: int
    """Columns before the carets."""
    carets: int
    """Columns that they underline; 0 when no column is known."""


def excerpt(line: str, column: int, width: int, columns: int) -> Excerpt:
    """Draw `line` in at most `columns` columns, around the `width` characters that begin at `column` (from 1; 0 for none).

    Tabs become spaces, characters that could drive the terminal are escaped, and wide characters count for two columns.
    """
    bare = line.rstrip()
    line = bare if column <= len(bare) else line
    cells = list(_cells(line))
    if not column:
        kept, _, _ = _window(cells, 0, 0, columns)
        return Excerpt("".join(c for c, _ in kept), 0, 0)
    start = min(column - 1, len(cells))
    end = min(start + max(width, 1), max(len(cells), start + 1))
    kept, start, end = _window(cells, start, end, columns)
    under = sum(w for _, w in kept[start:end])
    return Excerpt("".join(c for c, _ in kept), sum(w for _, w in kept[:start]), max(under, 1))


def _cells(line: str) -> Iterable[tuple[str, int]]:
    """Each character of `line` as it is shown, with the number of columns that it takes."""
    at = 0
    for character in line:
        if character == "\t":
            shown, width = " " * (TAB - at % TAB), TAB - at % TAB
        else:
            shown = printable(character)
            width = len(shown) if len(shown) > 1 else _columns(shown)
        at += width
        yield shown, width


def _columns(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _window(cells: list[tuple[str, int]], start: int, end: int, columns: int) -> tuple[list[tuple[str, int]], int, int]:
    """The cells to show when a line is longer than `columns`, with `start` and `end` moved accordingly."""
    if sum(w for _, w in cells) <= columns:
        return cells, start, end
    first = start
    room = columns // 3  # columns for what stands before the carets
    while first > 0 and (room := room - cells[first - 1][1]) > 0:
        first -= 1
    last, room = first, columns - 2  # the two are for the ellipses
    while last < len(cells) and (room := room - cells[last][1]) >= 0:
        last += 1
    ellipsis = [("…", 1)]
    kept = (ellipsis if first else []) + cells[first:last] + (ellipsis if last < len(cells) else [])
    shift = first - bool(first)
    return kept, start - shift, min(end, last) - shift
