"""A line of a file as a terminal or a page may show it, with the part that is meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from msgspec import Struct

from briefings.core.text import printable

TAB = 4
"""Columns from one tab stop to the next."""


class Excerpt(Struct, frozen=True):
    """A line in three parts."""

    before: str
    meant: str
    """Empty where no column is known, and where something is missing at the end of the line."""
    after: str


def excerpt(line: str, column: int, width: int, columns: int) -> Excerpt:
    """Cut `line` to at most `columns` columns, around the `width` characters that begin at `column` (from 1; 0 for none).

    Tabs become spaces, characters that could drive a terminal or reorder what is read are escaped, and wide ones count for two columns.
    """
    bare = line.rstrip()
    line = bare if column <= len(bare) else line
    cells = list(_cells(line))
    if not column:
        kept, _, _ = _window(cells, 0, 0, columns)
        return Excerpt("", "", _text(kept))
    start = min(column - 1, len(cells))
    end = min(start + max(width, 1), max(len(cells), start + 1))
    kept, start, end = _window(cells, start, end, columns)
    return Excerpt(_text(kept[:start]), _text(kept[start:end]), _text(kept[end:]))


def columns_of(text: str) -> int:
    """How many columns of a terminal a part of an excerpt takes."""
    return sum(map(_columns, text))


def _text(cells: list[tuple[str, int]]) -> str:
    return "".join(shown for shown, _ in cells)


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
