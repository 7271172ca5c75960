"""Dates as authors write them: a day, an instant with its offset, or a month or a year alone."""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import re

from briefings.core.text import MONTHS

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?( ?Z|[+-]\d\d:\d\d)", re.ASCII)
_PARTIAL = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
_DAY_IN_DIGITS = re.compile(r"(\d{4})[-/.](\d\d?)[-/.](\d\d?)(?!\d)", re.ASCII)
_YEARS = range(1000, 9999)
"""Years that a date may have; one day more or less in another time zone still gives a year with four digits."""
_TIME_AFTER = re.compile(r"[T ]+(\d?\d)(:\d\d(?::\d\d)?) ?([ap]\.?m\b\.?)?", re.ASCII | re.IGNORECASE)
_OFFSET = re.compile(r"[ (]*(?:UTC|GMT)? ?([+\u2212-])(\d?\d):?(\d\d)?\)?")
_ZONE_NAME = re.compile(r"[ (]*([A-Z]{2,5}|[Zz])\)?")
_ZONE_OFFSETS = {
    name: offset
    for names, offset in {
        "UTC GMT UCT Z z": "Z",
        "EST CDT": "-05:00",
        "EDT": "-04:00",
        "MST PDT": "-07:00",
        "MDT": "-06:00",
        "PST": "-08:00",
        "WET": "+00:00",
        "CET MEZ WEST": "+01:00",
        "CEST MESZ EET": "+02:00",
        "EEST MSK": "+03:00",
        "HKT SGT": "+08:00",
        "JST KST": "+09:00",
        "AEST": "+10:00",
    }.items()
    for name in names.split()
}
"""Time zone names that stand for one offset everywhere; CST, BST and IST are left out because they are ambiguous."""

_YEAR_LAST = re.compile(r"(\d\d?)[-/.] ?(\d\d?)[-/.] ?(\d{4})", re.ASCII)
_IN_WORDS = re.compile(r"(?:(\d\d?)(?:st|nd|rd|th)?\.? ([A-Za-z]{3,})|([A-Za-z]{3,})\.? (\d\d?)(?:st|nd|rd|th)?),? (\d{4})", re.ASCII)
_MONTH_IN_WORDS = re.compile(r"([A-Za-z]{3,})\.?,? (\d{4})", re.ASCII)
_EXAMPLE = re.compile(r"(as in |, or )(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)\+01:00", re.ASCII)
"""The offset in an example that a remedy shows, which `in_own_time` replaces; an offset that the author wrote is not matched."""


class UnknownZoneError(Exception):
    """Raised when no time zone has the given name."""


class Moment:
    """A day, or an instant with its offset. A day stays a day, because only a time zone makes an instant of it."""

    __slots__ = ("text",)

    text: str
    """ISO 8601: `2017-12-15` or `2017-12-15T20:00:00-05:00`."""

    def __init__(self, text: str) -> None:
        """Read `text`; raise ValueError, with what to write instead, when it is neither a day nor an instant."""
        is_day = _DAY.fullmatch(text) is not None
        if not is_day and not _INSTANT.fullmatch(text):
            raise ValueError(respelt(text))
        try:
            if is_day:
                dt.date.fromisoformat(text)
            elif text[11:13] == "24":
                raise ValueError  # newer Pythons would read 24:00 as the next day's midnight
            else:
                text = dt.datetime.fromisoformat(text.replace(" ", "T", 1).replace(" ", "")).isoformat()
        except ValueError:
            raise ValueError(f'"{text}" does not exist: {_why_not(text)}') from None
        _check_year(text)
        object.__setattr__(self, "text", text)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Moment is immutable")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Moment) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Moment({self.text!r})"

    def __reduce__(self) -> tuple[type[Moment], tuple[str]]:
        return (Moment, (self.text,))

    @property
    def has_time(self) -> bool:
        """Whether the author gave a time of day."""
        return len(self.text) > 10

    def day(self, zone: dt.tzinfo) -> dt.date:
        """The calendar day of this moment in `zone`."""
        if self.has_time:
            return dt.datetime.fromisoformat(self.text).astimezone(zone).date()
        return dt.date.fromisoformat(self.text)

    def start(self, zone: dt.tzinfo) -> dt.datetime:
        """The instant itself, or the first instant of the day in `zone`."""
        if self.has_time:
            return dt.datetime.fromisoformat(self.text)
        return _local_midnight(dt.date.fromisoformat(self.text), zone)

    def end(self, zone: dt.tzinfo) -> dt.datetime:
        """The instant itself, or the end of the day in `zone`: the first instant after it."""
        if self.has_time:
            return dt.datetime.fromisoformat(self.text)
        # Where clocks go back over midnight, the day ends at the second midnight.
        after = dt.date.fromisoformat(self.text) + dt.timedelta(days=1)
        return max(_local_midnight(after, zone, fold) for fold in (0, 1))


class NoteDate(Moment):
    """A day, an instant with its offset, or a month or a year alone, which count from their first day."""

    __slots__ = ()

    def __init__(self, text: str) -> None:
        """Read `text`; raise ValueError, with what to write instead, when it is none of these."""
        if len(text) in (4, 7):
            object.__setattr__(self, "text", PartialDate(text).text)
        elif meant := month_meant(text):
            raise ValueError(f'"{text}" is not a date; write {meant}')
        else:
            super().__init__(text)

    def __reduce__(self) -> tuple[type[NoteDate], tuple[str]]:
        return (NoteDate, (self.text,))

    def day(self, zone: dt.tzinfo) -> dt.date:
        """The calendar day of this moment in `zone`; the first day of a month or year."""
        return self._days.first if len(self.text) < 10 else super().day(zone)

    def start(self, zone: dt.tzinfo) -> dt.datetime:
        """The instant itself, or the first instant of the day, month or year in `zone`."""
        return Moment(self._days.first.isoformat()).start(zone) if len(self.text) < 10 else super().start(zone)

    def end(self, zone: dt.tzinfo) -> dt.datetime:
        """The instant itself, or the first instant after the day, month or year in `zone`."""
        return Moment(self._days.last.isoformat()).end(zone) if len(self.text) < 10 else super().end(zone)

    def when(self, zone: dt.tzinfo) -> str:
        """The day in `zone`, or the month or year, in ISO 8601: `2017-12-15`, `2017-12`, `2017`."""
        return self.text if len(self.text) < 10 else super().day(zone).isoformat()

    @property
    def _days(self) -> PartialDate:
        return PartialDate(self.text)


def is_before(one: Moment, other: Moment, timezone: str) -> bool:
    """Whether `one` is certainly over before `other` begins; `timezone` is the site's, in which days without a time are read."""
    if not one.has_time and not other.has_time:
        # A month is not before its days, nor they before it.
        return one.text < other.text[: len(one.text)]
    here = zone(timezone)
    end, start = one.end(here), other.start(here)
    return end < start if one.has_time else end <= start


def first_day(when: str) -> str:
    """Return the first day of a day, month or year in ISO 8601, which is how `NoteDate.when` writes them."""
    return (when + "-01-01")[:10]


class PartialDate:
    """A day, a month or a year, as precise as the source gives it: `2017-02-01`, `2011-12`, `2013`."""

    __slots__ = ("text",)

    text: str

    def __init__(self, text: str) -> None:
        """Read `text`; raise ValueError when it is not a day, month or year."""
        if not _PARTIAL.fullmatch(text):
            raise ValueError(f'"{text}" is not a date; write a year, a month (2017-12) or a day (2017-12-15)')
        try:
            dt.date.fromisoformat((text + "-01-01")[:10])
        except ValueError:
            raise ValueError(f'"{text}" does not exist: {_why_not(text)}') from None
        _check_year(text)
        object.__setattr__(self, "text", text)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a PartialDate is immutable")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PartialDate) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"PartialDate({self.text!r})"

    def __reduce__(self) -> tuple[type[PartialDate], tuple[str]]:
        return (PartialDate, (self.text,))

    @property
    def first(self) -> dt.date:
        """Return the first day of the date."""
        return dt.date.fromisoformat((self.text + "-01-01")[:10])

    @property
    def last(self) -> dt.date:
        """Return the last day of the date."""
        day = self.first
        if len(self.text) == 4:
            return day.replace(month=12, day=31)
        if len(self.text) == 7:
            return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
        return day


def respelt(text: str) -> str:
    """Return what is wrong with a text that is not written like a date, and how to write it."""
    day = _DAY_IN_DIGITS.match(text)
    iso = f"{day[1]}-{day[2]:0>2}-{day[3]:0>2}" if day else ""
    if day is None and (meant := _days_meant(text.strip(" ,.;\"'“”„‘’«»"))):
        return f'"{text}" is not a date; write {" or ".join(meant)}{", whichever is meant" if len(meant) > 1 else ""}'
    if day is None or not _is_day(iso):
        return f'"{text}" is not a date; write 2017-12-15, or 2017-12-15T20:00:00+01:00'
    if day.end() == len(text):
        return f'"{text}" is not a date; write {iso}'
    time = _TIME_AFTER.match(text, day.end())
    if time is None:
        return f'"{text}" is not a date; write {iso}, or {iso}T20:00:00+01:00'
    return _with_time(text, iso, time)


def month_meant(text: str) -> str:
    """Return the ISO month that a month in words means: `December 2017`; empty for any other text."""
    found = _MONTH_IN_WORDS.fullmatch(text.strip(" ,.;\"'“”„‘’«»"))
    months = [n for n, name in enumerate(MONTHS, 1) if name.lower().startswith(found[1].lower())] if found else []
    return f"{found[2]}-{months[0]:02}" if found and len(months) == 1 else ""


def _with_time(text: str, iso: str, time: re.Match[str]) -> str:
    """Return what is wrong with a text that has the day `iso` and the time of day `time`, and how to write it."""
    hour = int(time[1])
    if time[3]:
        hour = hour % 12 + 12 * (time[3][0] in "pP")
    if hour > 23 or max(time[2][1:].split(":")) > "59":
        return f'"{text}" does not exist: hours go to 23, minutes and seconds to 59; correct it'
    at = f"{iso}T{hour:02}{time[2]}"
    rest = text[time.end() :]
    if offset := _OFFSET.fullmatch(rest):
        sign = "-" if offset[1] == "\u2212" else offset[1]
        return f'"{text}" is not a time; write {at}{sign}{offset[2]:0>2}:{offset[3] or "00"}'
    if name := _ZONE_NAME.fullmatch(rest):
        if name[1] in _ZONE_OFFSETS:
            return f'"{text}" is not a time; write {at}{_ZONE_OFFSETS[name[1]]}'
        return f'"{text}" is a time without an offset; write the offset of {name[1]} in digits in its place, such as +01:00 or -05:00'
    return f'"{text}" is a time without an offset; write it with its offset, as in {at}+01:00'


def _days_meant(text: str) -> list[str]:
    """Return the ISO days that a date in words, or one that does not begin with the year, may mean; empty for any other text."""
    if _DAY.fullmatch(text) and _is_day(text):
        return [text]
    if digits := _YEAR_LAST.fullmatch(text):
        orders = [(digits[2], digits[1])] if "." in text else [(digits[2], digits[1]), (digits[1], digits[2])]
        days = [f"{digits[3]}-{month:0>2}-{day:0>2}" for month, day in orders]
    elif words := _IN_WORDS.fullmatch(text):
        name, day, year = words[2] or words[3], words[1] or words[4], words[5]
        days = [f"{year}-{n:02}-{day:0>2}" for n, month in enumerate(MONTHS, 1) if month.lower().startswith(name.lower())]
    else:
        return []
    return [day for day in dict.fromkeys(days) if _is_day(day)]


def in_own_time(remedy: str, timezone: str) -> str:
    """Return `remedy` with the offset of the site's own time zone in its example."""
    return _EXAMPLE.sub(lambda found: found[1] + _with_offset(found[2], timezone), remedy)


def _with_offset(local: str, timezone: str) -> str:
    if timezone == "UTC":
        return f"{local}Z"
    try:
        return dt.datetime.fromisoformat(local).replace(tzinfo=zone(timezone)).isoformat(timespec="seconds" if local[16:] else "minutes")
    except (ValueError, UnknownZoneError):
        return f"{local}+01:00"


def _is_day(iso: str) -> bool:
    try:
        return dt.date.fromisoformat(iso).year in _YEARS
    except ValueError:
        return False


def _check_year(text: str) -> None:
    """Raise ValueError when the year of the date `text` is too far off."""
    if int(text[:4]) not in _YEARS:
        raise ValueError(f'"{text}" is not in the years {_YEARS[0]} to {_YEARS[-1]}; correct the year')


def _why_not(text: str) -> str:
    """Return why a text that is written like a date is not one."""
    year, month, day = (int(part) for part in (text + "-01-01")[:10].split("-"))
    if not year:
        return "there is no year 0"
    if not 1 <= month <= 12:
        return f"there is no month {month}"
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        return f"{MONTHS[month - 1]} {year} has the days 1 to {days}"
    return "hours go to 23, minutes and seconds to 59"


def _local_midnight(day: dt.date, zone: dt.tzinfo, fold: int = 0) -> dt.datetime:
    """Return the first instant of `day` in `zone`, in UTC; where clocks skip midnight, the instant after the gap.

    Where midnight comes twice, `fold` 0 means the first and 1 the second.
    """
    return dt.datetime.combine(day, dt.time(fold=fold), zone).astimezone(dt.UTC)


@functools.cache
def zone(name: str) -> dt.tzinfo:
    """Return the IANA time zone `name` from the tzdata package, so that every machine has the same rules.

    Raises UnknownZoneError for a name that the database lacks.
    """
    # A site in UTC, and an edit on which no date depends, need no rules.
    if name == "UTC":
        return dt.UTC
    import importlib.resources
    import zoneinfo

    parts = name.split("/")
    if not all(re.fullmatch(r"[A-Za-z][\w+-]*", part) for part in parts):
        raise UnknownZoneError(name)
    file = importlib.resources.files("tzdata.zoneinfo").joinpath(*parts)
    if not file.is_file():
        raise UnknownZoneError(name)

    class Rules(zoneinfo.ZoneInfo):
        # What is read from a file cannot be sent to another process, unless that reads it again.
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return zone, (name,)

    with file.open("rb") as data:
        try:
            return Rules.from_file(data, name)
        except ValueError:
            raise UnknownZoneError(name) from None
