"""Find the places of problems: line and column from a key of the YAML, and the line itself for the report."""

from __future__ import annotations

import codecs
import functools
from collections.abc import Iterable

from msgspec import structs

from briefings.content import front_matter
from briefings.content.yaml.positions import UNFIT, Marked, mark_positions
from briefings.core.diagnostics import Diagnostic, Place


def with_places(data: bytes, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return `diagnostics` of a file with bytes `data`, with key replaced by line, column and excerpt.

    A place with neither key nor line is the whole file, and gets no excerpt. If the file has changed meanwhile, places may be wrong, but
    nothing is raised.
    """
    marks = functools.cache(_marks)
    lines = _lines(data)
    settled = []
    for diagnostic in diagnostics:
        place = diagnostic.place
        if place.key:
            # For an unknown key the place is the key; for other problems it is the value.
            place = _find(marks(place.path, data), place, name=diagnostic.code == "unknown-key")
        line = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
        settled.append(structs.replace(diagnostic, place=place, excerpt=diagnostic.excerpt or line))
    return tuple(settled)


def place_of(data: bytes, place: Place) -> Place:
    """Return `place` with line, column and width found from its key, and the key cleared. `data` are the bytes of the file.

    A missing key gets the place of its nearest parent, which may be line 1. In an unreadable file the line is 0.
    """
    return _find(_marks(place.path, data), place) if place.key else place


def source_line(data: bytes, line: int) -> str:
    r"""Return line `line`, counted from 1, escaped for a terminal; empty when there is none.

    Bytes that are not UTF-8 are written as `\xe9`.
    """
    lines = _lines(data)
    return lines[line - 1] if 0 < line <= len(lines) else ""


def _lines(data: bytes) -> list[str]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return []
    text = front_matter.without_marks(data).decode("utf-8", "backslashreplace")
    return UNFIT.sub("\ufffd", front_matter.normalise_newlines(text)).split("\n")


def _marks(path: str, data: bytes) -> Marked | None:
    """Return the positions of the YAML in a file; None when it has none."""
    text, _ = front_matter.decode(path, data)
    if text is None or not front_matter.is_markdown(path):
        return None if text is None else mark_positions(text)
    parts, _ = front_matter.split(path, text)
    return None if parts is None else mark_positions(parts.header, first_line=parts.header_line)


def _find(marked: Marked | None, place: Place, *, name: bool = False) -> Place:
    if marked is None:
        return Place(place.path)
    span = marked.locate(place.key, name=name)
    return Place(place.path, 1, 1) if span is None else Place(place.path, *span)
