"""Events on a true time axis: where each stands, and where the axis is labelled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from briefings.core.language import Language
from briefings.pages.views.event_views import BandMark, BandTick, EventView, TimeBand

LEAST = 3
"""Fewer events need no axis."""
_ROOM = 3.0
"""The least length that a mark takes in its row, in hundredths of the axis."""
_ROWS = 6
_TICKS = 4
"""How many labels an axis has at most, or one more: in the margin of a page there is room for no more."""
_STEPS = (1, 3, 6, 12, 24, 60, 120, 300, 600, 1200, 6000)
"""Possible distances between two labels, in months."""


def time_band(events: Sequence[EventView], language: Language) -> TimeBand | None:
    """The axis for `events`, the last of which is the oldest. What is known to the decade alone has no place on it."""
    spans = {i: span for i, event in enumerate(events) if (span := _span(event))}
    if len(spans) < LEAST:
        return None
    first, last = min(begin for begin, _ in spans.values()), max(end for _, end in spans.values())
    days = (last - first).days + 1
    if days < LEAST:
        return None
    ends: list[float] = []
    marks = []
    for index, (begin, end) in sorted(spans.items(), key=lambda item: (item[1], -item[0])):
        start, length = 100 * (begin - first).days / days, 100 * ((end - begin).days + 1) / days
        row = next((i for i, taken in enumerate(ends) if taken <= start), len(ends))
        if row == len(ends) and row < _ROWS:
            ends.append(0.0)
        row = min(row, _ROWS - 1)
        ends[row] = start + max(length, _ROOM)
        marks.append(BandMark(index, round(start, 2), round(length, 2), row))
    return TimeBand(tuple(marks), tuple(_ticks(first, last, language)), len(ends))


def _span(event: EventView) -> tuple[dt.date, dt.date] | None:
    """The first and the last day of an event; of one with an open end, the day at the other end."""
    first, last = event.when.first or event.when.last, event.when.last or event.when.first
    vague = "X" in event.when.edtf.replace("-XX", "")
    return None if vague or first is None or last is None else (first, last)


def _ticks(first: dt.date, last: dt.date, language: Language) -> Iterator[BandTick]:
    """Labels at the beginnings of months or years, or at both ends of an axis that is too short for them."""
    days = (last - first).days + 1
    months = (last.year - first.year) * 12 + last.month - first.month
    if months < 2:
        yield BandTick(0.0, language.date(first, "short_year"))
        yield BandTick(100.0, language.date(last, "short_year"))
        return
    step = next((step for step in _STEPS if months / step <= _TICKS), _STEPS[-1])
    begin = first.year * 12 + first.month - 1 + (first.day > 1)
    for number, month in enumerate(range(begin + -begin % step, last.year * 12 + last.month, step)):
        day = dt.date(month // 12, month % 12 + 1, 1)
        label = str(day.year) if day.month == 1 else language.date(day, "month" if number else "short_month_year")
        yield BandTick(round(100 * (day - first).days / days, 2), label)
