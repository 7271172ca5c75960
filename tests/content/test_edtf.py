"""Dates of events are read as the Extended Date/Time Format has them, and what is none is told with what to write."""

from __future__ import annotations

import datetime as dt
import re
import time
from typing import Any

import edtf
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from briefings.content.parse import parse
from briefings.content.schema.edtf import DateEnd, EventDate
from briefings.core.config import SiteConfig
from briefings.core.language import ENGLISH
from briefings.pages.make.dates_in_words import date_view
from tests.kit.small_sites import note

_DAYS = st.dates(dt.date(1000, 1, 1), dt.date(9998, 12, 31)).map(dt.date.isoformat)
_KNOWN = st.one_of(_DAYS, _DAYS.map(lambda day: day[:7]), _DAYS.map(lambda day: day[:4]))
_UNSPECIFIED = st.one_of(
    _DAYS.map(lambda day: day[:7] + "-XX"),
    _DAYS.map(lambda day: day[:4] + "-XX"),
    _DAYS.map(lambda day: day[:4] + "-XX-XX"),
    _DAYS.map(lambda day: day[:3] + "X").filter(lambda text: text != "999X"),
    _DAYS.map(lambda day: day[:2] + "XX").filter(lambda text: text != "99XX"),
)
_ENDS = st.one_of(_KNOWN, st.tuples(_KNOWN, st.sampled_from("?~%")).map("".join))
_TEXTS = st.one_of(
    _ENDS,
    _UNSPECIFIED,
    st.tuples(_DAYS, st.sampled_from(("T20:00:00Z", "T09:30:00-05:00", "T23:59:59+09:00"))).map("".join),
    st.tuples(_ENDS, _ENDS).map(lambda ends: "/".join(sorted(ends))),
    _ENDS.map(lambda end: f"{end}/.."),
    _ENDS.map(lambda end: f"../{end}"),
)


def day_of(found: Any) -> dt.date | None:
    """The day of a date as python-edtf gives it; None for one without end."""
    return dt.date(*found[:3]) if isinstance(found, time.struct_time) else None


@given(_TEXTS)
@example("2016-02-XX")
@example("1900-02/2000-02")
def test_every_date_has_the_days_that_another_reader_of_the_format_finds(text: str) -> None:
    found, oracle = EventDate(text), edtf.parse_edtf(text)
    assert found.begin is None or found.begin.first == day_of(oracle.lower_strict())
    assert found.end is None or found.end.last == day_of(oracle.upper_strict())
    assert (found.begin is None, found.end is None) == (text.startswith("../"), text.endswith("/.."))
    assert EventDate(found.text) == found


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("2017-06~", DateEnd("2017-06", "~"), DateEnd("2017-06", "~")),
        ("2015?/2017-05%", DateEnd("2015", "?"), DateEnd("2017-05", "%")),
        ("../201X", None, DateEnd("201X")),
        ("2017-12-15T20:00Z", DateEnd("2017-12-15T20:00:00+00:00"), DateEnd("2017-12-15T20:00:00+00:00")),
    ],
)
def test_both_ends_of_a_date_keep_what_is_not_certain(text: str, begin: DateEnd | None, end: DateEnd | None) -> None:
    date = EventDate(text)
    assert (date.begin, date.end) == (begin, end)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("circa 2017", '"circa 2017" is not a date; write 2017~'),
        ("?2017", '"?2017" is not a date; write 2017?'),
        ("2010s", '"2010s" is not a date; write 201X'),
        ("201x", '"201x" is not a date; write 201X'),
        ("December 2017", '"December 2017" is not a date; write 2017-12'),
        ("15 December 2017", '"15 December 2017" is not a date; write 2017-12-15'),
        ("since 2015", '"since 2015" is not a date; write 2015/..'),
        ("2015/", '"2015/" is not a date; write 2015/..'),
        ("until 2015-03", '"until 2015-03" is not a date; write ../2015-03'),
        ("2015-2017", '"2015-2017" is not a date; write 2015/2017'),
        ("2017-12-05 to 2017-12-08", '"2017-12-05 to 2017-12-08" is not a date; write 2017-12-05/2017-12-08'),
        ("2017-12-05/08", '"2017-12-05/08" is not a date; write 2017-12-05/2017-12-08'),
        ("2017-12-08/2017-12-05", "ends before it begins; write 2017-12-05/2017-12-08, or correct one of the two dates"),
        ("2017/2017-13", '"2017-13" does not exist: there is no month 13'),
        ("2017/soon", '"soon" is not a date; write a year, a month such as 2017-12, a day such as 2017-12-15, or'),
        ("../..", '"../.." says nothing of when; write at least one of its two dates'),
        ("2017-12-15T20:00", "is a time without an offset; write it with its offset, as in 2017-12-15T20:00+01:00"),
        ("999X", "is not in the years 1000 to 9998; correct the year"),
        ("2017-02-30~", "does not exist: February 2017 has the days 1 to 28"),
    ],
)
def test_what_is_no_date_is_told_with_what_to_write(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        EventDate(text)
    (problem,) = parse(
        "content/notes/a.md", note(events=f"[{{id: e, title: E, date: '{text}'}}]").encode(), SiteConfig(title="D")
    ).diagnostics
    assert (problem.code, problem.place.line) == ("bad-date", 4)


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        ("date: 2017-12-05/2017-12-08, until: 2017-12-08", ("both say when this event ended", "delete until")),
        (
            "date: 2017-12-05, until: 2017-12-05/2017-12-08",
            ("both say when this event ended", "write in until its end alone, without a slash"),
        ),
        (
            "date: 2017-12, until: 2017-11",
            ("this event ends (2017-11) before it begins (2017-12)", "correct one of the two dates, or exchange them"),
        ),
    ],
)
def test_an_event_has_one_end(dates: str, told: tuple[str, str]) -> None:
    (problem,) = parse("content/notes/a.md", note(events=f"[{{id: e, title: E, {dates}}}]").encode(), SiteConfig(title="D")).diagnostics
    assert (problem.code, problem.remedy) == ("bad-date", told[1])
    assert told[0] in problem.message


@pytest.mark.parametrize(
    ("text", "words", "iso"),
    [
        ("2017-12-15", "15 Dec 2017", "2017-12-15"),
        ("2017-12", "Dec 2017", "2017-12"),
        ("2017", "2017", "2017"),
        ("2017-XX-XX", "2017", "2017"),
        ("201X", "the 2010s", ""),
        ("20XX", "2000–2099", ""),
        ("2017~", "about 2017", "2017"),
        ("2017-12?", "Dec 2017 (uncertain)", "2017-12"),
        ("2017%", "about 2017 (uncertain)", "2017"),
        ("2017-12-05/2017-12-08", "5–8 Dec 2017", ""),
        ("2017-11-28/2017-12-03", "28 Nov – 3 Dec 2017", ""),
        ("2017-12-28/2018-01-03", "28 Dec 2017 – 3 Jan 2018", ""),
        ("2017-05/2017-07", "May–Jul 2017", ""),
        ("2015/2017", "2015–2017", ""),
        ("2015~/2017-05", "about 2015 – May 2017", ""),
        ("2015/..", "since 2015", ""),
        ("../2017", "until 2017", ""),
        ("2017-12-15T20:00:00-05:00", "16 Dec 2017", "2017-12-16"),
        ("2017-12-15T20:00:00Z/2017-12-15T22:00:00Z", "15 Dec 2017", "2017-12-15"),
    ],
)
def test_dates_in_words(text: str, words: str, iso: str) -> None:
    view = date_view(EventDate(text), dt.UTC, ENGLISH)
    assert (view.words, view.iso) == (words, iso)


def test_what_is_ahead_and_has_no_end_is_from_then_on() -> None:
    assert date_view(EventDate("2018-03/.."), dt.UTC, ENGLISH, ahead=True).words == "from Mar 2018 on"
