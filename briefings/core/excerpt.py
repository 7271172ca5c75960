"""An excerpt of one line of a file, safe to show in a terminal or on a page, with the faulty part marked."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from msgspec import Struct

from briefings.core.text import printable

TAB = 4
"""Columns between two tab stops."""


class Excerpt(Struct, frozen=True):
    """One line, cut into the part before the fault, the fault, and the part behind it."""

    before: str
    meant: str
    """The faulty part; empty where no column is known, or where something is missing at the end of the line."""
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
    """Count the columns that `text` takes in a terminal."""
    return sum(map(_columns, text))


def _text(cells: list[tuple[str, int]]) -> str:
    return "".join(shown for shown, _ in cells)


def _cells(line: str) -> Iterable[tuple[str, int]]:
    """Yield each character of `line` as it is shown, with the number of columns that it takes."""
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
    """Return those of `cells` that fit into `columns`, with `start` and `end` moved accordingly."""
    if sum(w for _, w in cells) <= columns:
        return cells, start, end
    first = start
    room = columns // 3  # columns before the carets
    while first > 0 and (room := room - cells[first - 1][1]) > 0:
        first -= 1
    last, room = first, columns - 2  # columns of the two ellipses
    while last < len(cells) and (room := room - cells[last][1]) >= 0:
        last += 1
    ellipsis = [("…", 1)]
    kept = (ellipsis if first else []) + cells[first:last] + (ellipsis if last < len(cells) else [])
    shift = first - bool(first)
    return kept, start - shift, min(end, last) - shift
