"""The language of a site's own words: its messages, from gettext catalogues, and how it writes dates, numbers and lists.

The program and its themes are written in English. A language for which nobody has a catalogue is English, too, so that no page mixes
the words of one language with the dates of another.
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

DateForm = Literal["full", "long", "short", "short_year", "month_year", "month", "weekday"]
"""How a date is written: `Friday, 15 December 2017`, `15 December 2017`, `15 Dec`, `15 Dec 2017`, `December 2017`, `Dec` and `Friday`."""

_SKELETONS: dict[DateForm, str] = {"long": "yMMMMd", "short": "MMMd", "short_year": "yMMMd", "month_year": "yMMMM"}
"""Fields of a date, from which CLDR knows the order that each language has for them."""
_PATTERNS: dict[DateForm, str] = {"full": "full", "month": "LLL", "weekday": "cccc"}
"""Forms that CLDR has for every language."""


class Language(Struct, frozen=True, cache_hash=True):
    """A language in which a site's own words are written."""

    tag: str = "en"
    """BCP 47, as site.yaml has it: `pt-BR`."""
    catalogues: tuple[bytes, ...] = ()
    """Messages in this language, each catalogue compiled (`.mo`); the first that has a message gives it. English without any."""

    def gettext(self, message: str, **values: object) -> str:
        """`message` in this language; `values` fill its placeholders, such as `%(year)s`."""
        found = _translations(self).gettext(message) if self.catalogues else message
        return found % values if values else found

    def pgettext(self, context: str, message: str, **values: object) -> str:
        """`message` in this language, where `context` tells it from the same words in another sense."""
        found = _translations(self).pgettext(context, message) if self.catalogues else message
        return found % values if values else found

    def ngettext(self, one: str, many: str, number: int, **values: object) -> str:
        """`one` or `many`, as the language has it for `number`, which fills the placeholder `%(num)s`."""
        in_english = one if number == 1 else many
        found = _translations(self).ngettext(one, many, number) if self.catalogues else in_english
        return found % {"num": self.number(number), **values}

    def date(self, day: dt.date, form: DateForm) -> str:
        """A day or its month as the language writes it."""
        if self.catalogues and (locale := _locale(self.tag)):
            return _date_of_cldr(locale, day, form)
        return _english_date(day, form)

    def number(self, number: int) -> str:
        """A whole number with its thousands apart: `1,204`."""
        if self.catalogues and (locale := _locale(self.tag)):
            from babel.numbers import format_decimal

            return format_decimal(number, locale=locale)
        return f"{number:,}"

    def decimal(self, digits: str) -> str:
        """A number in decimal digits, as authors write it, for readers: thousands apart, a real minus, and all places behind the point."""
        whole, point, places = digits.lstrip("-").partition(".")
        if point and self.catalogues and (locale := _locale(self.tag)):
            from babel.numbers import get_decimal_symbol

            point = get_decimal_symbol(locale)
        return ("−" if digits.startswith("-") else "") + self.number(int(whole)) + point + places

    def listing(self, words: Iterable[str]) -> str:
        """`a`, `a and b`, `a, b and c`."""
        if self.catalogues and (locale := _locale(self.tag)):
            from babel.lists import format_list

            return format_list([*words], locale=locale)
        return listed_in_english(words)


ENGLISH = Language()


@functools.lru_cache(maxsize=8)
def _translations(language: Language) -> NullTranslations:
    """The catalogues of `language`, each of which is asked when those before it lack a message."""
    import gettext
    import io

    first, *others = (gettext.GNUTranslations(io.BytesIO(compiled)) for compiled in language.catalogues)
    for other in others:
        first.add_fallback(other)
    return first


@functools.lru_cache(maxsize=8)
def _locale(tag: str) -> Locale | None:
    """What CLDR knows of a language, or of the one that it is a variety of; None for a language that CLDR does not know."""
    from babel import Locale, UnknownLocaleError

    parts = tag.split("-")
    while parts:
        try:
            return Locale.parse("_".join(parts))
        except (UnknownLocaleError, ValueError):
            parts.pop()
    return None


# A site names the same few days on many pages.
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
        case "month":
            return month[:3]
        case "weekday":
            return WEEKDAYS[day.weekday()]
