"""Dates as readers see them: to the day, the month or the year, intervals, and what is not certain about them."""

from __future__ import annotations

import datetime as dt

from briefings.content.schema.edtf import DateEnd, EventDate
from briefings.core.language import Language, SpanForm
from briefings.pages.views.parts import DateView


def date_view(date: EventDate, zone: dt.tzinfo, language: Language, *, ahead: bool = False) -> DateView:
    """A date in short words, with days of `zone`. What has no end is since its beginning, or from it on where that is `ahead`."""
    begin, end = date.begin, date.end
    first, last = _first(begin, zone) if begin else None, _last(end, zone) if end else None
    single = begin if begin == end or first == last else None
    if single:
        words = _words(single, zone, language)
    elif begin and end:
        words = _interval(begin, end, zone, language)
    elif begin:
        since = _words(begin, zone, language)
        words = language.gettext("from %(date)s on", date=since) if ahead else language.gettext("since %(date)s", date=since)
    else:
        assert end  # for it has one of the two  # noqa: S101
        words = language.gettext("until %(date)s", date=_words(end, zone, language))
    return DateView(words=words, iso=_iso(single, zone) if single else "", edtf=date.text, first=first, last=last)


def _first(end: DateEnd, zone: dt.tzinfo) -> dt.date:
    """The first day that it may mean, in `zone`."""
    return end.starts(zone).astimezone(zone).date() if end.precision == "instant" else end.first


def _last(end: DateEnd, zone: dt.tzinfo) -> dt.date:
    """The last day that it may mean, in `zone`."""
    return _first(end, zone) if end.precision == "instant" else end.last


def _words(end: DateEnd, zone: dt.tzinfo, language: Language) -> str:
    """One date, with what is not certain about it."""
    words = _plain(end, zone, language)
    match end.sign:
        case "~":
            return language.gettext("about %(date)s", date=words)
        case "?":
            return language.gettext("%(date)s (uncertain)", date=words)
        case "%":
            return language.gettext("about %(date)s (uncertain)", date=words)
    return words


def _plain(end: DateEnd, zone: dt.tzinfo, language: Language) -> str:
    first = _first(end, zone)
    match end.precision:
        case "century":
            return f"{first.year}–{end.last.year}"
        case "decade":
            return language.gettext("the %(year)ss", year=first.year)
        case "year":
            return str(first.year)
        case "month":
            return language.date(first, "short_month_year")
    return language.date(first, "short_year")


def _interval(begin: DateEnd, end: DateEnd, zone: dt.tzinfo, language: Language) -> str:
    forms: dict[str, SpanForm] = {"day": "short_year", "instant": "short_year", "month": "short_month_year"}
    form = forms.get(begin.precision)
    if not begin.sign and not end.sign and form and form == forms.get(end.precision):
        return language.span(_first(begin, zone), _last(end, zone) if form == "short_year" else end.first, form)
    both = {"first": _words(begin, zone, language), "last": _words(end, zone, language)}
    if begin.sign or end.sign or begin.precision != "year" or end.precision != "year":
        return language.gettext("%(first)s – %(last)s", **both)
    return "{first}–{last}".format(**both)


def _iso(end: DateEnd, zone: dt.tzinfo) -> str:
    """The date for `<time datetime>`; empty for one that is less precise than a year."""
    known = {"year": 4, "month": 7, "day": 10, "instant": 10}.get(end.precision, 0)
    return _first(end, zone).isoformat()[:known]
