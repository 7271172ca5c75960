"""The filters that templates have besides Jinja's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import lru_cache, partial

from briefings.content.schema.dates import first_day
from briefings.core.language import DateForm, Language

Day = dt.date | str
"""A day; or a day, a month or a year in ISO 8601, as views have them: `2017-12-15`, `2017-12`, `2017`."""


def full_date(language: Language, day: Day) -> str:
    """`Friday, 15 December 2017`."""
    return _written(language, day, "full", "month_year")


def long_date(language: Language, day: Day) -> str:
    """`15 December 2017`."""
    return _written(language, day, "long", "month_year")


def short_date(language: Language, day: Day) -> str:
    """`15 Dec`."""
    return _written(language, day, "short", "month")


def short_date_year(language: Language, day: Day) -> str:
    """`15 Dec 2017`."""
    return _written(language, day, "short_year", "short_month_year")


def weekday(language: Language, day: Day) -> str:
    """`Friday`."""
    return _written(language, day, "weekday", "month_year")


def month_year(language: Language, day: Day) -> str:
    """`December 2017`."""
    return _written(language, day, "month_year", "month_year")


def month_short(language: Language, day: Day) -> str:
    """`Dec`."""
    return _written(language, day, "month", "month")


def iso(_: Language, day: Day) -> str:
    """`2017-12-15`, for `<time datetime>`."""
    return str(day)


def _written(language: Language, day: Day, form: DateForm, of_month: DateForm) -> str:
    """Write a day in `form`, a month in the form `of_month`, and a year in digits."""
    if isinstance(day, str):
        if len(day) == 4:
            return day
        form = form if len(day) > 7 else of_month
        day = dt.date.fromisoformat(first_day(day))
    return language.date(day, form)


def thousands(language: Language, number: int) -> str:
    """`1,204`."""
    return language.number(number)


def plural(language: Language, number: int, one: str, many: str | None = None) -> str:
    """`{{ 2 | plural("note") }}` gives `2 notes`; an irregular plural is the second argument. In catalogues, it is `%(num)s note`."""
    singular, several = ("%(num)s " + form.replace("%", "%%") for form in (one, many or f"{one}s"))
    return language.ngettext(singular, several, number)


def listing(language: Language, words: Iterable[str]) -> str:
    """`a, b and c`."""
    return language.listing(words)


_OF_DAYS = (full_date, long_date, short_date, short_date_year, weekday, month_year, month_short, iso)

FILTERS: dict[str, Callable[..., str]] = {f.__name__: f for f in (*_OF_DAYS, thousands, plural, listing)}
"""Every filter by its name in templates. The first argument, which templates do not write, is the language of the site."""


def filters(language: Language) -> dict[str, Callable[..., str]]:
    """The filters of templates in `language`."""
    made: dict[str, Callable[..., str]] = {name: partial(function, language) for name, function in FILTERS.items()}
    # A site names the same few thousand days on all its pages.
    return made | {function.__name__: lru_cache(maxsize=8192)(made[function.__name__]) for function in _OF_DAYS}
