"""The ledger of figures: the values of what topics measure, over time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from msgspec import Struct

from briefings.content.entries import Figure, Measure
from briefings.content.schema.periods import Period, PeriodKind
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

    @property
    def number(self) -> Decimal:
        """The value, to reckon with."""
        return Decimal(self.figure.value.text)


class Reading(Struct, frozen=True):
    """What a measure came to in one period, as it was known on one day."""

    figures: tuple[NoteFigure, ...]
    """The different values that are given, smallest first, each as the newest note tells it; more than one where they are disputed."""
    at: dt.date
    """Where it stands in time: on the last day of its period, or on the day on which it was known if the period was not over."""

    @property
    def day(self) -> dt.date:
        """When it was known."""
        return self.figures[0].day

    @property
    def kind(self) -> PeriodKind | None:
        """How long its period is; None for a value without a period. Only readings of one kind can be compared."""
        period = self.figures[0].figure.period
        return period.kind if period else None

    @property
    def is_disputed(self) -> bool:
        """Whether there are several values, or its author says so."""
        return len(self.figures) > 1 or self.figures[0].figure.disputed


class FigureLedger(Struct, frozen=True):
    """The figures of all notes."""

    of_note: dict[str, tuple[NoteFigure, ...]]
    """Those of each note that has any, in the author's order."""
    series: dict[str, tuple[Reading, ...]]
    """The readings of each measure that has any, oldest first."""


def figure_ledger(notes: Iterable[LinkedNote], registry: Registry) -> FigureLedger:
    """Gather the figures of `notes` (oldest first)."""
    of_note = {note.card.id: tuple(_of_note(note, registry)) for note in notes if note.record.header.figures}
    of_measure: dict[str, list[NoteFigure]] = defaultdict(list)
    for figures in of_note.values():
        for figure in figures:
            of_measure[figure.measure.id].append(figure)
    return FigureLedger(of_note, {measure: _readings(figures) for measure, figures in of_measure.items()})


def reading_before(readings: Sequence[Reading], index: int) -> Reading | None:
    """The reading before the one at `index` with which it can be compared."""
    kind = readings[index].kind
    return next((readings[i] for i in range(index - 1, -1, -1) if readings[i].kind == kind), None)


def is_stale(told: NoteFigure, today: dt.date) -> bool:
    """Whether a value is older on `today` than its measure allows."""
    days = told.measure.stale_after
    return days is not None and (today - told.day).days > days


def _of_note(note: LinkedNote, registry: Registry) -> Iterator[NoteFigure]:
    for figure in note.record.header.figures:
        if figure.measure in registry.declarations.measures:
            topic, measure = registry.declarations.measures[figure.measure]
            yield NoteFigure(
                note=note, figure=figure, topic=registry.topics[topic.id], measure=measure, day=figure.as_of.day(registry.zone)
            )


def _readings(figures: Iterable[NoteFigure]) -> tuple[Reading, ...]:
    """The readings of one measure, oldest first."""
    values: dict[tuple[str, dt.date], dict[Decimal, NoteFigure]] = defaultdict(dict)
    for told in figures:
        period = told.figure.period
        values[period.text if period else "", told.day][told.number] = told
    readings = []
    for (_, day), given in values.items():
        smallest_first = tuple([told for _, told in sorted(given.items())])
        readings.append(Reading(smallest_first, standing(smallest_first[0].figure.period, day)))
    return tuple(sorted(readings, key=lambda one: (one.at, one.day, one.kind or "")))


def standing(period: Period | None, day: dt.date) -> dt.date:
    """Where a value of `period` that was known on `day` stands in time: on the period's last day, or on `day` if it was not over."""
    return day if period is None or period.first <= day <= period.last else period.last
