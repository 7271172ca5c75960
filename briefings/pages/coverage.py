"""How many notes there were per month or year."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from briefings.pages.parts import Bar, Coverage

MAX_BARS = 60


def coverage(days: Iterable[dt.date]) -> Coverage | None:
    """Count `days` by month, or by year where the months between the first and the last are more than 60.

    None when all days lie in one month, for then there is nothing to compare.
    """
    months = Counter(day.replace(day=1) for day in days)
    if len(months) < 2:
        return None
    first, last = min(months), max(months)
    span = (last.year - first.year) * 12 + last.month - first.month + 1
    if span <= MAX_BARS:
        starts = [dt.date(first.year + m // 12, m % 12 + 1, 1) for m in range(first.month - 1, first.month - 1 + span)]
        bars = tuple(Bar(start, months[start]) for start in starts)
        return Coverage("month", bars, max(months.values()))
    years: Counter[int] = Counter()
    for start, count in months.items():
        years[start.year] += count
    bars = tuple(Bar(dt.date(year, 1, 1), years[year]) for year in range(max(first.year, last.year - MAX_BARS + 1), last.year + 1))
    return Coverage("year", bars, max(bar.notes for bar in bars))
