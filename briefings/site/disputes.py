"""Figures that contradict one another without saying so."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from briefings.content.entries import Figure
from briefings.content.records import Note
from briefings.core.diagnostics import Diagnostic, Place, problem

_Told = tuple[Note, int, Figure]
"""A figure, with the note that tells of it and its index in that note's header."""


def unmarked_disputes(notes: Iterable[Note], zone: dt.tzinfo) -> Iterator[Diagnostic]:
    """Every figure that gives another value than a second one for the same measure, period and day, and is not marked as disputed."""
    told: dict[tuple[str, str, str], list[_Told]] = defaultdict(list)
    for note in notes:
        for i, figure in enumerate(note.header.figures):
            day = figure.as_of.day(zone).isoformat() if figure.as_of.has_time else figure.as_of.text
            told[figure.measure, figure.period.text if figure.period else "", day].append((note, i, figure))
    for same in told.values():
        if len(same) > 1:
            for one in same:
                other = next((two for two in same if Decimal(two[2].value.text) != Decimal(one[2].value.text)), None)
                if other is not None and not one[2].disputed:
                    yield _unmarked(one, other)


def _unmarked(one: _Told, other: _Told) -> Diagnostic:
    note, i, figure = one
    where = f"figures[{other[1]}]" + (f" of {other[0].path}" if other[0].path != note.path else " of this note")
    message = f'the measure "{figure.measure}" has the value {figure.value.text} here, and {other[2].value.text} in {where}, on one day'
    remedy = "correct one of the two, or write disputed: true in both"
    return problem("disputed-figure", message, Place(note.path, key=f"figures[{i}].value"), remedy)
