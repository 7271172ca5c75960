"""The calendars that other programs read: a reader of iCalendar finds in them what the site has, and nothing else."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.pages.views.machine_views import CalendarEntry, CalendarFileView
from briefings.rendering.calendar_format import write_calendar
from tests.kit.small_sites import codes, note, run, small_site, tree, write

SITE = "content/site.yaml"
DESK = "title: Desk\nurl: https://desk.example.org/briefings/\ntimezone: Asia/Seoul\n"
NOTE = "content/notes/plans.md"


def plans(*events: str, title: str = "Plans", **header: str) -> str:
    """A note of 15 December 2017 on mediation that tells of these events, the keys of each after its id."""
    listed = ", ".join(f"{{id: e{i}, {keys}}}" for i, keys in enumerate(events))
    return note(title, **{"topics": "[mediation]", "events": f"[{listed}]", **header})


def read(site: Path, address: str = "") -> dict[str, Any]:
    """The events of the calendar at `address`, by title."""
    calendar = icalendar.Calendar.from_ical((site / f"_site/{address}calendar.ics").read_bytes())
    assert not calendar.errors
    return {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}


@pytest.mark.parametrize(
    ("keys", "start", "end"),
    [
        ("date: 2018-01-17", dt.date(2018, 1, 17), dt.date(2018, 1, 18)),
        ("date: 2018-01-17/2018-01-19", dt.date(2018, 1, 17), dt.date(2018, 1, 20)),
        ("date: 2018-01-17, until: 2018-01-19", dt.date(2018, 1, 17), dt.date(2018, 1, 20)),
        ("date: 2018-01-17/..", dt.date(2018, 1, 17), dt.date(2018, 1, 18)),
        ("date: '2018-01-17T09:30:00+09:00'", dt.datetime(2018, 1, 17, 0, 30, tzinfo=dt.UTC), None),
        (
            "date: '2018-01-17T09:30:00+09:00', until: '2018-01-17T12:00:00+09:00'",
            dt.datetime(2018, 1, 17, 0, 30, tzinfo=dt.UTC),
            dt.datetime(2018, 1, 17, 3, tzinfo=dt.UTC),
        ),
        (
            "date: '2018-01-17T09:30:00+09:00', until: 2018-01-18",
            dt.datetime(2018, 1, 17, 0, 30, tzinfo=dt.UTC),
            dt.datetime(2018, 1, 18, 15, tzinfo=dt.UTC),
        ),
    ],
)
def test_days_are_days_and_instants_have_a_zone(tmp_path: Path, keys: str, start: dt.date, end: dt.date | None) -> None:
    site = small_site(tmp_path, {SITE: DESK, NOTE: plans(f"title: Summit, {keys}")})
    assert codes(run(site)) == []
    event = read(site)["Summit"]
    assert (event["DTSTART"].dt, event["DTEND"].dt if "DTEND" in event else None) == (start, end)
    assert isinstance(event["DTSTART"].dt, dt.datetime) == isinstance(start, dt.datetime)
    assert (event["URL"], event["STATUS"]) == ("https://desk.example.org/briefings/notes/plans/", "CONFIRMED")


def test_what_has_no_certain_day_is_left_out(tmp_path: Path) -> None:
    vague = [
        f"title: T, date: '{date}'"
        for date in ("2018-01", "2018", "201X", "2018-01-17~", "2018-01-17?/..", "../2018-01-17", "2018-01-17/2018-02")
    ]
    site = small_site(tmp_path, {SITE: DESK, NOTE: plans(*vague)})
    assert codes(run(site)) == []
    assert not list((site / "_site").rglob("calendar.ics"))
    assert "calendar.ics" not in (site / "_site/index.html").read_text()


def test_an_event_has_one_name_in_all_calendars_whatever_changes(tmp_path: Path) -> None:
    first = plans("title: Summit, date: 2018-01-17, actors: [japan], place: Geneva")
    site = small_site(tmp_path, {SITE: DESK, NOTE: first})
    assert codes(run(site)) == []
    (uid,) = {str(read(site, address)["Summit"]["UID"]) for address in ("", "topics/mediation/", "actors/japan/")}
    assert uid.endswith("@desk.example.org")
    before = (site / "_site/calendar.ics").read_bytes()
    assert read(site)["Summit"]["DTSTAMP"].dt == dt.datetime(2017, 12, 14, 15, tzinfo=dt.UTC)
    assert codes(run(site, now=dt.datetime(2018, 6, 1, tzinfo=dt.UTC), clean=True)) == []
    assert (site / "_site/calendar.ics").read_bytes() == before
    write(site, {NOTE: plans("title: Meeting, date: 2018-02-01, status: cancelled", updated="2017-12-20T10:00:00Z")})
    assert codes(run(site)) == []
    event = read(site)["Meeting"]
    assert (str(event["UID"]), event["STATUS"]) == (uid, "CANCELLED")
    assert event["DTSTAMP"].dt == dt.datetime(2017, 12, 20, 10, tzinfo=dt.UTC)
    assert not (site / "_site/actors/japan/calendar.ics").exists()


def test_a_withdrawn_note_takes_its_events_back_and_tells_nothing_of_them(tmp_path: Path) -> None:
    events = ("title: Secret summit, date: 2018-01-17, actors: [japan], place: Hidden house", "title: Told twice, date: 2018-01-18")
    other = note("Other", "2017-12-14", events="[{id: e1, title: Told twice, date: 2018-01-18}]")
    site = small_site(tmp_path, {SITE: DESK, NOTE: plans(*events), "content/notes/other.md": other})
    assert codes(run(site)) == []
    uid = str(read(site, "actors/japan/")["Secret summit"]["UID"])
    write(site, {NOTE: plans(*events, withdrawn="{date: 2017-12-20, reason: Wrong}")})
    assert codes(run(site)) == []
    for address in ("", "actors/japan/", "topics/mediation/"):
        event = read(site, address)["Withdrawn"]
        assert (str(event["UID"]), event["STATUS"], event["DTSTART"].dt) == (uid, "CANCELLED", dt.date(2017, 12, 20))
        assert "URL" not in event
    assert read(site)["Told twice"]["STATUS"] == "CONFIRMED"
    for path, data in tree(site / "_site").items():
        assert b"Secret summit" not in data, path
        assert b"Hidden house" not in data, path
        assert b"20180117" not in data, path
    assert codes(run(site, verify=True)) == []


def test_marks_stand_before_titles(tmp_path: Path) -> None:
    files = {SITE: f"{DESK}audience: TLP:GREEN\n", NOTE: plans("title: Summit, date: 2018-01-17, marking: TLP:GREEN")}
    site = small_site(tmp_path, files)
    assert codes(run(site)) == []
    assert list(read(site)) == ["[TLP:GREEN] Summit"]
    write(site, {SITE: DESK})
    assert codes(run(site)) == []
    assert not (site / "_site/calendar.ics").exists()


@pytest.mark.parametrize(("setting", "expected"), [("all", {"", "topics/mediation/", "actors/japan/"}), ("site", {""}), ("none", set())])
def test_settings_say_which_calendars_there_are(tmp_path: Path, setting: str, expected: set[str]) -> None:
    site = small_site(
        tmp_path, {SITE: f"{DESK}outputs: {{calendars: {setting}}}\n", NOTE: plans("title: Summit, date: 2018-01-17, actors: [japan]")}
    )
    assert codes(run(site)) == []
    found = {path.removesuffix("calendar.ics") for path in tree(site / "_site") if path.endswith("calendar.ics")}
    assert found == expected
    html = (site / "_site/topics/mediation/index.html").read_text()
    assert ('href="../../topics/mediation/calendar.ics"' in html) is (setting == "all")
    assert ('href="../../calendar.ics"' in html) is (setting == "site")


_TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), include_characters="\n"), min_size=1, max_size=120)


@given(title=_TEXTS, place=_TEXTS)
def test_every_text_arrives_as_it_is(title: str, place: str) -> None:
    entry = CalendarEntry(
        "u@x", "20171215T000000Z", "20171215", "20171216", title=title, place=place, url="", cancelled=False, marking="TLP:CLEAR"
    )
    data = write_calendar(CalendarFileView("Desk", (entry,)))
    assert data.endswith(b"\r\n")
    assert all(len(line) <= 75 and line.decode() is not None for line in data.split(b"\r\n"))
    (event,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == (title, place)
