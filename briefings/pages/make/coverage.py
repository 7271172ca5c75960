"""How many notes there were per month, or per span of years."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Literal

from briefings.pages.views.parts import Bar, Coverage

MAX_BARS = 60

_Unit = Literal["month", "year", "decade", "century"]
_MONTHS_IN: dict[_Unit, int] = {"month": 1, "year": 12, "decade": 120, "century": 1200}


def coverage(days: Iterable[dt.date]) -> Coverage | None:
    """Count `days` by month, or where more than 60 months lie between the first and the last, by a longer unit.

    None when all days lie in one month, for then there is nothing to compare.
    """
    # Months are counted from the year 0, because there are many days and numbers are quicker to make than dates.
    months = Counter([day.year * 12 + day.month - 1 for day in days])
    if len(months) < 2:
        return None
    first, last = min(months), max(months)
    fitting = (unit for unit, size in _MONTHS_IN.items() if last // size - first // size < MAX_BARS)
    unit: _Unit = next(fitting, "century")
    size = _MONTHS_IN[unit]
    counts: Counter[int] = Counter()
    for month, count in months.items():
        counts[month // size] += count
    bars = tuple(Bar(_start(span * size), counts[span]) for span in range(first // size, last // size + 1))
    return Coverage(unit, bars, max(counts.values()))


def _start(month: int) -> dt.date:
    """The first day of a month. Dates have no year 0, so the decade and the century that begin with it begin with the year 1."""
    return dt.date(max(month // 12, 1), month % 12 + 1, 1)
