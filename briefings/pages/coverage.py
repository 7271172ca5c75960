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
    # Months are counted from the year 0, because there are many days and numbers are quicker to make than dates.
    months = Counter([day.year * 12 + day.month - 1 for day in days])
    if len(months) < 2:
        return None
    first, last = min(months), max(months)
    if last - first < MAX_BARS:
        bars = tuple(Bar(dt.date(month // 12, month % 12 + 1, 1), months[month]) for month in range(first, last + 1))
        return Coverage("month", bars, max(months.values()))
    years: Counter[int] = Counter()
    for month, count in months.items():
        years[month // 12] += count
    bars = tuple(Bar(dt.date(year, 1, 1), years[year]) for year in range(max(first // 12, last // 12 - MAX_BARS + 1), last // 12 + 1))
    return Coverage("year", bars, max(bar.notes for bar in bars))
