"""The filters that templates have besides Jinja's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from briefings.core.text import MONTHS
from briefings.core.text import listing as join_words
from briefings.core.text import plural as count_words

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def long_date(day: dt.date) -> str:
    """`15 December 2017`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_date(day: dt.date) -> str:
    """`15 Dec`."""
    return f"{day.day} {MONTHS[day.month - 1][:3]}"


def short_date_year(day: dt.date) -> str:
    """`15 Dec 2017`."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def weekday(day: dt.date) -> str:
    """`Friday`."""
    return _WEEKDAYS[day.weekday()]


def month_year(day: dt.date) -> str:
    """`December 2017`."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def month_short(day: dt.date) -> str:
    """`Dec`."""
    return MONTHS[day.month - 1][:3]


def iso(day: dt.date) -> str:
    """`2017-12-15`, for `<time datetime>`."""
    return day.isoformat()


def thousands(number: int) -> str:
    """`1,204`."""
    return f"{number:,}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """`{{ 2 | plural("note") }}` gives `2 notes`; an irregular plural is the second argument."""
    return count_words(number, one, many)


def listing(words: Iterable[str]) -> str:
    """`a, b and c`."""
    return join_words(words)


FILTERS: dict[str, Callable[..., str]] = {
    f.__name__: f for f in (long_date, short_date, short_date_year, weekday, month_year, month_short, iso, thousands, plural, listing)
}
"""Every filter by its name in templates."""
