"""Charts of measures over time: where points, their numbers and the dates below them stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from briefings.core.language import Language
from briefings.pages.views.figure_views import ChartPoint, ChartTick, ChartView
from briefings.site.ledgers.series import NoteFigure, Reading

_WIDTH, _HEIGHT = 300, 96
"""The least size in CSS pixels at which a chart is shown: numbers that fit there fit wherever there is more room."""
_LETTER, _LINE, _GAP = 7, 16, 8
"""The room that a letter, a line and the space between two labels take, in CSS pixels."""
_EDGE = 5.0
"""The room at either end of the axis, in per cent."""

_Span = tuple[float, float, float]
"""What a label covers: from and to, in per cent, and at what height, in CSS pixels."""


def chart(readings: Sequence[Reading], language: Language, least: int) -> ChartView | None:
    """The chart of those readings that can be compared with the latest; None where they are fewer than `least`."""
    shown = [one for one in readings if one.kind == readings[-1].kind]
    if len(shown) < least:
        return None
    told = [(reading, figure) for reading in shown for figure in reading.figures]
    numbers = [float(figure.number) for _, figure in told]
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    scale = high - low or 1.0
    places = [(_across(reading.at, shown), round((number - low) / scale, 4)) for (reading, _), number in zip(told, numbers, strict=True)]
    labels = [_numbers(reading, language) if figure is reading.figures[-1] else "" for reading, figure in told]
    labelled = _labelled(places, labels)
    points = [
        ChartPoint(x, y, label if i in labelled else "", reading.is_disputed)
        for i, ((x, y), label, (reading, _)) in enumerate(zip(places, labels, told, strict=True))
    ]
    return ChartView(
        title=_title(told[-1][1]),
        description=_description(shown[0], shown[-1], language),
        points=tuple(points),
        ticks=tuple(sorted(_ticks(shown, language), key=lambda tick: tick.x)),
        zero=round(-low / scale, 4),
    )


def time_of(reading: Reading, language: Language) -> str:
    """The time of a reading in few words: its year or split year if that was over, else the day on which it stands."""
    period = reading.figures[0].figure.period
    is_over = period is not None and period.kind in ("year", "split-year") and reading.at == period.last
    return period.text if period and is_over else language.date(reading.at, "short_year")


def _title(told: NoteFigure) -> str:
    unit = told.measure.plural if told.measure.unit else ""
    return f"{told.measure.name} ({unit})" if unit else told.measure.name


def _description(first: Reading, last: Reading, language: Language) -> str:
    def said(reading: Reading) -> str:
        return language.gettext("%(value)s (%(time)s)", value=_numbers(reading, language), time=time_of(reading, language))

    return language.gettext("from %(first)s to %(last)s", first=said(first), last=said(last))


def _numbers(reading: Reading, language: Language) -> str:
    """The value of a reading, or all of them where they are disputed: `14 / 17`."""
    return " / ".join(language.decimal(told.figure.value.text) for told in reading.figures)


def _across(day: dt.date, shown: Sequence[Reading]) -> float:
    """Where `day` stands on the axis of time, in per cent."""
    start, days = shown[0].at, (shown[-1].at - shown[0].at).days
    return round(_EDGE + (100 - 2 * _EDGE) * (day - start).days / days, 2) if days else 50.0


def _labelled(places: Sequence[tuple[float, float]], labels: Sequence[str]) -> set[int]:
    """The indexes of the points whose numbers can stand there without covering one another; the last and the highest come first."""
    last = len(places) - 1
    by_height = sorted(range(len(places)), key=lambda i: places[i][1])
    taken: list[_Span] = []
    found = set()
    wanted = dict.fromkeys([last, by_height[-1], 0, by_height[0], *range(len(places))])
    for i in (i for i in wanted if labels[i]):
        half = 50 * (len(labels[i]) * _LETTER + _GAP) / _WIDTH
        if _is_free((places[i][0] - half, places[i][0] + half, places[i][1] * _HEIGHT), taken):
            found.add(i)
    return found


def _is_free(span: _Span, taken: list[_Span]) -> bool:
    """Whether a label can stand there; then the place is taken."""
    if any(span[0] < other[1] and other[0] < span[1] and abs(span[2] - other[2]) < _LINE for other in taken):
        return False
    taken.append(span)
    return True


def _ticks(shown: Sequence[Reading], language: Language) -> Iterator[ChartTick]:
    """The dates of the last and the first reading; between them those of the others, or where these are many the years."""
    taken: list[_Span] = []
    for x, label, anchor in _wanted(shown, language):
        width = 100 * (len(label) * _LETTER + _GAP) / _WIDTH
        start = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
        if _is_free((start, start + width, 0), taken):
            yield ChartTick(x, label, anchor)


def _wanted(shown: Sequence[Reading], language: Language) -> Iterable[tuple[float, str, Literal["start", "middle", "end"]]]:
    last, first = shown[-1], shown[0]
    if last.at == first.at:
        yield 50.0, time_of(last, language), "middle"
        return
    yield 100 - _EDGE, time_of(last, language), "end"
    yield _EDGE, time_of(first, language), "start"
    if len(shown) <= 6:
        for reading in shown[1:-1]:
            yield _across(reading.at, shown), time_of(reading, language), "middle"
    else:
        for year in range(first.at.year + 1, last.at.year + 1):
            yield _across(dt.date(year, 1, 1), shown), str(year), "middle"
