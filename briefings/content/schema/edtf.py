"""Dates of events in the Extended Date/Time Format (ISO 8601-2): to any precision, intervals, and what is not certain about them."""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import re
from typing import Literal

from msgspec import Struct

from briefings.content.schema.dates import Moment, PartialDate, month_meant, respelt

Precision = Literal["century", "decade", "year", "month", "day", "instant"]
"""How much of a date is known."""

OPEN = ".."
"""Stands in an interval for a beginning or an end that there is not, or not yet."""
_PART = re.compile(r"(\d\d(?:\d[\dX]|XX)|\d{4}-\d\d|\d{4}-\d\d-\d\d|\d{4}-XX(?:-XX)?|\d{4}-\d\d-XX)([?~%]?)", re.ASCII)
_DATE = r"\d{4}(?:-\d\d){0,2}[?~%]?"
_HABITS = tuple(
    (re.compile(pattern, re.ASCII | re.IGNORECASE), written)
    for pattern, written in (
        (rf"(?:c|ca|circa|about|around|approx(?:imately)?)\.? ?({_DATE})", r"\1~"),
        (rf"([?~%])({_DATE})", r"\2\1"),
        (r"(?:the )?(\d{3})0['’]?s", r"\1X"),
        (r"(\d{3})[xu]", r"\1X"),
        (r"(\d\d)(?:xx|uu)", r"\1XX"),
        (rf"(?:since|from|after) ({_DATE})|({_DATE})(?:/|/open|/now|/unknown| ?[-–—]| on)", r"\1\2/.."),
        (rf"(?:until|till|to|before|by) ({_DATE})|(?:open|unknown)?/({_DATE})", r"../\1\2"),
        (rf"(?:from |between )?({_DATE}) ?(?:to|until|till|and|[-–—/]|\.\.\.?|…) ?({_DATE})", r"\1/\2"),
        (r"(\d{4}-\d\d)-(\d\d) ?[-–—/] ?(\d\d)", r"\1-\2/\1-\3"),
        (r"(\d{4})-(\d\d-\d\d) ?[-–—/] ?(\d\d-\d\d)", r"\1-\2/\1-\3"),
    )
)
"""How people write such dates elsewhere, each with the form in which they are written here."""


class DateEnd(Struct, frozen=True):
    """The beginning or the end of a span of time, or a date that is both."""

    text: str
    """`2017`, `2017-12`, `2017-12-15`, an instant with its offset, `201X`, `20XX`, or `2017-12-XX`, without a sign behind it."""
    sign: Literal["", "?", "~", "%"] = ""
    """`?` for an uncertain date, `~` for an approximate one, `%` for one that is both."""

    @property
    def precision(self) -> Precision:
        """How much of it is known."""
        known = self.text.replace("-XX", "")
        if "X" in known:
            return "decade" if known[2] != "X" else "century"
        return "instant" if len(known) > 10 else "day" if len(known) == 10 else "month" if len(known) == 7 else "year"

    @property
    def first(self) -> dt.date:
        """The first day that it may mean; for an instant, its day where the author stood."""
        year, month, day = (self.text[:10] + "-XX-XX").split("-")[:3]
        return dt.date(int(year.replace("X", "0")), int(month.replace("XX", "1")), int(day.replace("XX", "1")))

    @property
    def last(self) -> dt.date:
        """The last day that it may mean; for an instant, its day where the author stood."""
        year, month, day = (self.text[:10] + "-XX-XX").split("-")[:3]
        in_year, in_month = int(year.replace("X", "9")), int(month.replace("XX", "12"))
        return dt.date(in_year, in_month, calendar.monthrange(in_year, in_month)[1] if day == "XX" else int(day))

    def starts(self, zone: dt.tzinfo) -> dt.datetime:
        """The instant itself, or the first instant of its first day in `zone`."""
        return Moment(self.text if self.precision == "instant" else self.first.isoformat()).start(zone)

    def ends(self, zone: dt.tzinfo) -> dt.datetime:
        """The instant itself, or the first instant after its last day in `zone`."""
        return Moment(self.text if self.precision == "instant" else self.last.isoformat()).end(zone)


class EventDate:
    """When something happened or is to happen: one date, or an interval, either end of which may be open."""

    __slots__ = ("begin", "end", "text")

    text: str
    """As written in EDTF: `2017-12`, `2017-12-05/2017-12-08`, `2015/..`, `201X`, `2017-06~`."""
    begin: DateEnd | None
    """Its beginning, or the date itself; None where it has no beginning."""
    end: DateEnd | None
    """Its end, or the date itself; None where it has no end."""

    def __init__(self, text: str) -> None:
        """Read `text`; raise ValueError, with what to write instead, when it is no such date."""
        begin, slash, end = text.partition("/")
        try:
            first = None if slash and begin == OPEN else _read(begin)
            last = (None if end == OPEN else _read(end)) if slash else first
        except _MalformedError:
            raise ValueError(_remedy(text)) from None
        if first is None and last is None:
            raise ValueError(f'"{text}" says nothing of when; write at least one of its two dates')
        if first and last and _is_reversed(first, last):
            raise ValueError(f'"{text}" ends before it begins; write {end}/{begin}, or correct one of the two dates')
        self._set(first, last, is_interval=bool(slash))

    @classmethod
    def between(cls, begin: EventDate, end: EventDate) -> EventDate:
        """The time from the beginning of `begin` to the end of `end`, whichever comes first."""
        made = object.__new__(cls)
        made._set(begin.begin, end.end, is_interval=True)
        return made

    def _set(self, begin: DateEnd | None, end: DateEnd | None, *, is_interval: bool) -> None:
        sides = [OPEN if side is None else side.text + side.sign for side in ((begin, end) if is_interval else (begin,))]
        object.__setattr__(self, "begin", begin)
        object.__setattr__(self, "end", end)
        object.__setattr__(self, "text", "/".join(sides))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("an EventDate is immutable")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EventDate) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"EventDate({self.text!r})"

    def __reduce__(self) -> tuple[type[EventDate], tuple[str]]:
        return (EventDate, (self.text,))

    @property
    def is_interval(self) -> bool:
        """Whether it has a beginning and an end of their own."""
        return "/" in self.text

    def starts(self, zone: dt.tzinfo) -> dt.datetime | None:
        """The first instant at which it may have begun, with days of `zone`; None where it has no beginning."""
        return self.begin.starts(zone) if self.begin else None

    def ends(self, zone: dt.tzinfo) -> dt.datetime | None:
        """The instant at which it is certainly over, with days of `zone`; None where it has no end."""
        return self.end.ends(zone) if self.end else None


class _MalformedError(Exception):
    """Raised for a text that is not written like a date."""


# Many events are of one day.
@functools.lru_cache(maxsize=4096)
def _read(text: str) -> DateEnd:
    """Read one date with its sign. Raises ValueError for one that does not exist."""
    found = _PART.fullmatch(text)
    if found is None:
        if "T" not in text and " " not in text:
            raise _MalformedError
        try:
            return DateEnd(Moment(text).text)
        except ValueError as error:
            if "does not exist" in str(error):
                raise
            raise _MalformedError from None
    known = found[1].replace("-XX", "")
    for digit in "09" if "X" in known else "0":
        # What is known of it must exist, in the first and in the last year that it may mean.
        PartialDate(known.replace("X", digit))
    return DateEnd(found[1], found[2])  # type: ignore[arg-type]  # the pattern allows no other sign


def _is_reversed(begin: DateEnd, end: DateEnd) -> bool:
    """Whether `end` is certainly before `begin`."""
    if begin.precision == end.precision == "instant":
        return dt.datetime.fromisoformat(end.text) < dt.datetime.fromisoformat(begin.text)
    return end.last < begin.first


def _remedy(text: str) -> str:
    """Return what is wrong with a text that is not written like a date of an event, and how to write it."""
    bare = text.strip(" ,.;\"'“”„‘’«»")
    if meant := month_meant(text):
        return f'"{text}" is not a date; write {meant}'
    for pattern, written in _HABITS:
        if (habit := pattern.fullmatch(bare)) and _is_date(meant := habit.expand(written)):
            return f'"{text}" is not a date; write {meant}'
    begin, slash, end = text.partition("/")
    wrong = next((side for side in (begin, end) if side != OPEN and not _is_date(side)), text) if slash and begin and end else text
    # Of an interval, only one side may be wrong; its remedy is for that side.
    return respelt(wrong.strip()).replace("write 2017-12-15, or", "write a year, a month such as 2017-12, a day such as 2017-12-15, or")


def _is_date(text: str) -> bool:
    try:
        EventDate(text)
    except ValueError:
        return False
    return True
