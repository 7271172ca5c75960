"""Dates of one record that contradict one another are told, and only those."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from briefings.content.parse import parse
from briefings.content.schema.dates import Moment, NoteDate, is_before
from briefings.core.config import SiteConfig
from briefings.desk.check import check
from briefings.engine.api import BuildRequest, quiet
from tests.kit.small_sites import NOW, codes, note, run, small_site

A = "content/notes/a.md"
LATE = "2017-12-16"
"""A day after that of the note."""


def told(timezone: str = "UTC", **header: str) -> list[str]:
    """What is told of a note of 15 December 2017 with this header, with its severity and line."""
    parsed = parse(A, note(**header).encode(), SiteConfig(title="Desk", timezone=timezone))
    assert len(parsed.records) + len(parsed.withheld) == 1
    return [f"{one.severity} {one.place.line} {one.code}: {one.message}" for one in parsed.diagnostics]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ({"updated": "2017-12-14"}, "4 odd-dates: the note was updated (2017-12-14) before it was published (2017-12-15)"),
        (
            {"embargo": "2017-12-14"},
            "4 odd-dates: the embargo was over (2017-12-14) before the note was published (2017-12-15), and keeps it from nobody",
        ),
        ({"expires": "2017-12-14"}, "4 odd-dates: the note expires (2017-12-14) before it is published (2017-12-15)"),
        (
            {"withdrawn": "{date: 2017-12-14, reason: Wrong}"},
            "4 odd-dates: the note was withdrawn (2017-12-14) before it was published (2017-12-15)",
        ),
        (
            {"dateline": f"{{place: Geneva, date: {LATE}}}"},
            f"4 odd-dates: the note was published (2017-12-15) before it was filed ({LATE})",
        ),
        (
            {"corrections": "\n  - {date: 2017-12-16, note: One}\n  - {date: 2017-12-06, note: Two}"},
            "6 odd-dates: this correction was made (2017-12-06) before the note was published (2017-12-15)",
        ),
        (
            {"changes": "[{date: 2017-12-06, note: Two}]"},
            "4 odd-dates: this change was made (2017-12-06) before the note was published (2017-12-15)",
        ),
        (
            {"sources": "[{id: s1, date: 2017-12-10, accessed: 2017-12-09}]"},
            "4 odd-dates: this source was read (2017-12-09) before it was published (2017-12-10)",
        ),
        (
            {"embargo": "2018-05-01", "expires": "2018-04-01"},
            "5 odd-dates: this record is never shown: it expires (2018-04-01) before its embargo is over (2018-05-01)",
        ),
        (
            {"figures": "[{measure: m, value: 1, as_of: 2017-12-15, embargo: 2018-05-01, expires: 2018-05-01}]"},
            "4 odd-dates: this figure is never shown: it expires (2018-05-01) before its embargo is over (2018-05-01)",
        ),
        (
            {"events": "[{id: e, title: E, date: '2017-12-15T20:00:00+00:00', until: '2017-12-15T10:00:00+00:00'}]"},
            "4 odd-dates: this event ends (2017-12-15T10:00:00+00:00) before it begins (2017-12-15T20:00:00+00:00)",
        ),
    ],
)
def test_dates_that_contradict(header: dict[str, str], expected: str) -> None:
    assert told(**header) == [f"warning {expected}"]


def test_an_event_that_ends_on_a_day_before_is_still_an_error() -> None:
    found = told(events="[{id: e, title: E, date: 2017-12-15, until: 2017-12-14}]")
    assert found == ["error 4 bad-date: this event ends (2017-12-14) before it begins (2017-12-15)"]


@pytest.mark.parametrize(
    "header",
    [
        {"updated": "2017-12-15", "corrections": "[{date: 2017-12-15, note: N}]", "dateline": "{place: Geneva, date: 2017-12-14}"},
        {"updated": "2017-12-15T00:00:00+00:00"},
        {"embargo": "2018-05-01", "expires": "2018-05-02T00:00:01Z"},
        {"sources": "[{id: s1, date: 2017-12-10, accessed: 2017-12-10}, {id: s2, accessed: 2016-01-01}]"},
        {"events": "[{id: e, title: E, date: '2017-12-15T00:30:00+09:00', until: '2017-12-14T23:00:00-05:00'}]"},
        {"events": "[{id: e, title: E, date: 2017-12-15, until: 2017-12-15}]"},
        {"events": "[{id: e, title: E, date: '2017-12-15T20:00:00Z', until: 2017-12-15}]"},
    ],
)
def test_dates_that_agree(header: dict[str, str]) -> None:
    assert told(**header) == []


def test_a_day_begins_when_it_does_where_the_site_is() -> None:
    before = {"date": "2017-12-15T01:00:00+09:00", "updated": "2017-12-14"}
    assert told("UTC", **before) == []
    assert len(told("Asia/Tokyo", **before)) == 1


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("2017-12-14", "2017-12-15", True),
        ("2017-12-15", "2017-12-15", False),
        ("2017-12-14", "2017-12-15T00:00:00Z", True),
        ("2017-12-14", "2017-12-14T23:59:59Z", False),
        ("2017-12-15T00:00:00Z", "2017-12-15T00:00:00Z", False),
        ("2017-12-15T00:00:00Z", "2017-12-15", False),
        ("2017-12-14T23:59:59Z", "2017-12-15", True),
        ("2017-12-15T00:30:00+09:00", "2017-12-14T23:00:00-05:00", True),
    ],
)
def test_what_is_before(one: str, other: str, expected: bool) -> None:
    assert is_before(Moment(one), Moment(other), "UTC") is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("2017-12", "2017-12-05", False),
        ("2017-12-05", "2017-12", False),
        ("2017-11-30", "2017-12", True),
        ("2017-12-31", "2017", False),
        ("2016", "2017-01-01T00:00:00Z", True),
        ("2017-01-01T00:00:00Z", "2016", False),
        ("2017-12-31T23:00:00Z", "2017", False),
    ],
)
def test_a_month_is_not_before_its_days(one: str, other: str, expected: bool) -> None:
    assert is_before(NoteDate(one), NoteDate(other), "UTC") is expected


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("December 2017", '"December 2017" is not a date; write 2017-12'),
        ("2017-13", '"2017-13" does not exist: there is no month 13'),
        ("9999", "is not in the years 1000 to 9998"),
        ("2017-12/..", '"2017-12/.." is not a date; write'),
        ("15.12.2017", '"15.12.2017" is not a date; write 2017-12-15'),
    ],
)
def test_what_a_note_cannot_be_dated(written: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        NoteDate(written)


def test_contradicting_dates_stop_no_build(tmp_path: Path) -> None:
    site = small_site(tmp_path, {A: note(updated="2017-12-01")})
    report = run(site)
    assert (codes(report), report.ok) == (["odd-dates"], True)


def test_check_tells_of_what_is_dated_far_ahead(tmp_path: Path) -> None:
    figures = "[{measure: m, value: 1, as_of: 2027-12-15}, {measure: m, value: 1, as_of: 2018-01-20}]"
    topic = "name: Mediation\nmeasures: [{id: m, name: M}]\n"
    site = small_site(
        tmp_path, {A: note(date="2027-12-15"), "content/notes/b.md": note(figures=figures), "content/topics/mediation.yaml": topic}
    )
    request = BuildRequest(site.resolve(), site / "_site", NOW)
    found = [(one.code, one.place.path, one.place.line) for one in check(request, quiet)]
    assert found == [("odd-dates", A, 3), ("odd-dates", "content/notes/b.md", 4)]
    small_site(tmp_path, {A: note(date="2027-12-15", embargo="2027-12-15"), "content/notes/b.md": None})
    assert check(request, quiet) == ()
