"""The language of a site's own words: its messages, from gettext catalogues, and how it writes dates, numbers and lists.

Program and themes are written in English. A language without any catalogue is treated as English, so that no page mixes English
words with dates of another language.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from briefings.core.text import MONTHS, WEEKDAYS
from briefings.core.text import listing as listed_in_english

if TYPE_CHECKING:
    from gettext import NullTranslations

    from babel import Locale

DateForm = Literal["full", "long", "short", "short_year", "month_year", "short_month_year", "quarter", "month", "weekday"]
"""The form of a date.

`Friday, 15 December 2017`, `15 December 2017`, `15 Dec`, `15 Dec 2017`, `December 2017`, `Dec 2017`, `4th quarter 2017`, `Dec` and
`Friday`, in this order.
"""
SpanForm = Literal["long", "short_year", "month_year", "short_month_year"]
"""The form of two dates that stand as one text: `1–5 December 2017`, `1–5 Dec 2017`, `May–July 2017` and `May–Jul 2017`."""

_SKELETONS: dict[DateForm, str] = {
    "long": "yMMMMd",
    "short": "MMMd",
    "short_year": "yMMMd",
    "month_year": "yMMMM",
    "short_month_year": "yMMM",
    "quarter": "yQQQQ",
}
"""CLDR skeletons: the fields of a date, which each language puts in its own order."""
_PATTERNS: dict[DateForm, str] = {"full": "full", "month": "LLL", "weekday": "cccc"}
"""CLDR patterns for forms that every language has."""


PLURAL_CONTEXT = "ngettext"
"""The context of messages with plural forms in compiled catalogues, so that no form is taken for a message without a number."""


class Language(Struct, frozen=True, cache_hash=True):
    """The language of a site's own words."""

    tag: str = "en"
    """A BCP 47 tag, as in site.yaml: `pt-BR`."""
    catalogues: tuple[bytes, ...] = ()
    """Compiled gettext catalogues (`.mo`); a message comes from the first that has it. English needs none."""

    def gettext(self, message: str, **values: object) -> str:
        """Translate `message`; `values` fill its placeholders, such as `%(year)s`."""
        found = _translations(self).gettext(message) if self.catalogues else message
        return found % values if values else found

    def pgettext(self, context: str, message: str, **values: object) -> str:
        """Translate `message`, where `context` distinguishes it from the same words in another sense."""
        found = _translations(self).pgettext(context, message) if self.catalogues else message
        return found % values if values else found

    def ngettext(self, one: str, many: str, number: int, **values: object) -> str:
        """Translate `one` or `many`, whichever the language uses for `number`, which fills the placeholder `%(num)s`."""
        in_english = one if number == 1 else many
        found = _translations(self).npgettext(PLURAL_CONTEXT, one, many, number) if self.catalogues else in_english
        return found % {"num": self.number(number), **values}

    def date(self, day: dt.date, form: DateForm) -> str:
        """Write a day, or its month, as the language does."""
        if self.catalogues and (locale := _locale(self.tag)):
            return _date_of_cldr(locale, day, form)
        return _english_date(day, form)

    def span(self, first: dt.date, last: dt.date, form: SpanForm) -> str:
        """Write from which day to which, or from which month to which, saying once what both have in common."""
        if self.catalogues and (locale := _locale(self.tag)):
            from babel.dates import format_interval

            return format_interval(first, last, _SKELETONS[form], locale=locale)
        return _english_span(first, last, form)

    def number(self, number: int) -> str:
        """Write a whole number with separators between thousands: `1,204`."""
        if self.catalogues and (locale := _locale(self.tag)):
            from babel.numbers import format_decimal

            return format_decimal(number, locale=locale)
        return f"{number:,}"

    def decimal(self, digits: str) -> str:
        """Write a decimal number for readers: separators between thousands, a real minus sign, and all decimal places."""
        whole, point, places = digits.lstrip("-").partition(".")
        if point and self.catalogues and (locale := _locale(self.tag)):
            from babel.numbers import get_decimal_symbol

            point = get_decimal_symbol(locale)
        return ("−" if digits.startswith("-") else "") + self.number(int(whole)) + point + places

    def listing(self, words: Iterable[str]) -> str:
        """Join words as in a sentence: `a`, `a and b`, `a, b and c`."""
        if self.catalogues and (locale := _locale(self.tag)):
            from babel.lists import format_list

            return format_list([*words], locale=locale)
        return listed_in_english(words)


ENGLISH = Language()


@functools.lru_cache(maxsize=8)
def _translations(language: Language) -> NullTranslations:
    """Return the catalogues of `language`, chained: each is asked for messages that the ones before it lack."""
    import gettext
    import io

    first, *others = (gettext.GNUTranslations(io.BytesIO(compiled)) for compiled in language.catalogues)
    for other in others:
        first.add_fallback(other)
    return first


@functools.lru_cache(maxsize=8)
def _locale(tag: str) -> Locale | None:
    """Return CLDR's data for a language, or for its nearest parent; None for a language that CLDR lacks."""
    from babel import Locale, UnknownLocaleError

    parts = tag.split("-")
    while parts:
        try:
            return Locale.parse("_".join(parts))
        except (UnknownLocaleError, ValueError):
            parts.pop()
    return None


# A site has the same few days on many pages.
@functools.lru_cache(maxsize=16384)
def _date_of_cldr(locale: Locale, day: dt.date, form: DateForm) -> str:
    from babel.dates import format_date

    if form in _PATTERNS:
        return format_date(day, _PATTERNS[form], locale)
    pattern = locale.datetime_skeletons.get(_SKELETONS[form])
    return format_date(day, str(pattern.pattern) if pattern else "long", locale)


def _english_date(day: dt.date, form: DateForm) -> str:
    month = MONTHS[day.month - 1]
    match form:
        case "full":
            return f"{WEEKDAYS[day.weekday()]}, {day.day} {month} {day.year}"
        case "long":
            return f"{day.day} {month} {day.year}"
        case "short":
            return f"{day.day} {month[:3]}"
        case "short_year":
            return f"{day.day} {month[:3]} {day.year}"
        case "month_year":
            return f"{month} {day.year}"
        case "short_month_year":
            return f"{month[:3]} {day.year}"
        case "quarter":
            return f"{('1st', '2nd', '3rd', '4th')[(day.month - 1) // 3]} quarter {day.year}"
        case "month":
            return month[:3]
        case "weekday":
            return WEEKDAYS[day.weekday()]


def _english_span(first: dt.date, last: dt.date, form: SpanForm) -> str:
    begin, end = _english_date(first, form), _english_date(last, form)
    if first.year != last.year:
        return f"{begin} – {end}"
    begin = begin.removesuffix(f" {first.year}")
    if form in ("month_year", "short_month_year"):
        return f"{begin}–{end}"
    return f"{first.day}–{end}" if first.month == last.month else f"{begin} – {end}"
