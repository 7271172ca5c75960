"""The ledger of figures: the values of what topics measure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from msgspec import Struct

from briefings.content.entries import Figure, Measure
from briefings.site.cards import TopicLink
from briefings.site.ledgers.registry import Registry
from briefings.site.linked import LinkedNote


class NoteFigure(Struct, frozen=True):
    """A figure as a note tells of it."""

    note: LinkedNote
    figure: Figure
    topic: TopicLink
    """The topic that declares the measure."""
    measure: Measure
    day: dt.date
    """When the value was known, in the site's time zone."""


class FigureLedger(Struct, frozen=True):
    """The figures of all notes."""

    of_note: dict[str, tuple[NoteFigure, ...]]
    """Those of each note that has any, in the author's order."""
    latest: dict[str, NoteFigure]
    """The latest figure of each measure."""


def figure_ledger(notes: Iterable[LinkedNote], registry: Registry) -> FigureLedger:
    """Gather the figures of `notes` (oldest first)."""
    of_note = {note.card.id: tuple(_told(note, registry)) for note in notes if note.record.header.figures}
    latest: dict[str, NoteFigure] = {}
    for figures in of_note.values():
        for figure in figures:
            before = latest.get(figure.measure.id)
            if before is None or before.day <= figure.day:
                latest[figure.measure.id] = figure
    return FigureLedger(of_note, latest)


def _told(note: LinkedNote, registry: Registry) -> Iterator[NoteFigure]:
    for figure in note.record.header.figures:
        if figure.measure in registry.declarations.measures:
            topic, measure = registry.declarations.measures[figure.measure]
            yield NoteFigure(note, figure, registry.topics[topic.id], measure, figure.as_of.day(registry.zone))
