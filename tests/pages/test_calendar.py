"""What is ahead: on home, topics and a page of its own, until it is over; a build at any later instant equals one from nothing."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from tests.kit.small_sites import codes, note, run, small_site, tree, write

SITE = "content/site.yaml"
DESK = "title: Desk\nurl: https://desk.example.org/\ntimezone: Asia/Seoul\n"
NOTE = "content/notes/plans.md"


def at(text: str) -> dt.datetime:
    """An instant of the build."""
    return dt.datetime.fromisoformat(text)


def plans(**events: str) -> str:
    """A note of 15 December 2017 on mediation with these events, each by its id with its date and further keys."""
    listed = ", ".join(f"{{id: {name}, title: The {name}, date: {date}}}" for name, date in events.items())
    return note("Plans", topics="[mediation]", events=f"[{listed}]")


def document(site: Path, address: str) -> Any:
    """The document beside the page at `address`."""
    return json.loads((site / f"_site/{address}index.json").read_text(encoding="utf-8"))


def test_what_is_ahead_stands_by_week_and_by_topic(tmp_path: Path) -> None:
    events = plans(
        summit="2018-01-17",
        round="2018-01-15T23:00:00Z/2018-01-18T01:00:00Z",
        council="2018-01-24, topics: [peace]",
        vote="2018-02",
        review="2019",
        talks="2018-01-10, status: cancelled",
        visit="2018-01-11, status: postponed",
        meeting="2017-12-10",
    )
    site = small_site(tmp_path, {SITE: DESK, NOTE: events, "content/topics/peace.yaml": "name: Peace\n"})
    assert codes(run(site)) == []
    calendar = document(site, "calendar/")
    found = {period["title"]: [event["id"] for event in period["events"]] for period in calendar["periods"]}
    assert list(found.items()) == [
        ("Week of 15 January 2018", ["round", "summit"]),
        ("Week of 22 January 2018", ["council"]),
        ("February 2018", ["vote"]),
        ("2019", ["review"]),
    ]
    by_topic = [(one["topic"]["id"], [event["id"] for event in one["events"]]) for one in calendar["topics"]]
    assert by_topic == [("mediation", ["round", "summit", "vote", "review"]), ("peace", ["council"])]
    assert [event["id"] for event in document(site, "")["coming"]] == ["round", "summit", "council", "vote", "review"]
    assert [event["id"] for event in document(site, "topics/peace/")["coming"]] == ["council"]
    for path in ("index.html", "topics/peace/index.html"):
        html = (site / "_site" / path).read_text()
        assert "Coming up" in html
        assert 'calendar/">All that is ahead' in html


def test_a_month_that_begins_within_a_week_does_not_part_it(tmp_path: Path) -> None:
    site = small_site(tmp_path, {SITE: DESK, NOTE: plans(opening="2018-01-30", vote="2018-02", signing="2018-02-02")})
    assert codes(run(site)) == []
    found = [(period["title"], [event["id"] for event in period["events"]]) for period in document(site, "calendar/")["periods"]]
    assert found == [("Week of 29 January 2018", ["opening", "signing"]), ("February 2018", ["vote"])]


@pytest.mark.parametrize("theme", ["folio", "wire"])
def test_nothing_ahead_leaves_no_frame(tmp_path: Path, theme: str) -> None:
    site = small_site(tmp_path, {SITE: f"{DESK}theme: {theme}\n", NOTE: plans(meeting="2017-12-10", talks="2018-01-10, status: cancelled")})
    assert codes(run(site)) == []
    pages = {path: data for path, data in tree(site / "_site").items() if path.endswith(".html")}
    assert not [path for path, data in pages.items() if b"Coming up" in data or b"calendar/" in data]


@pytest.mark.parametrize(
    ("date", "last"),
    [
        ("2018-01-17", "2018-01-17T15:00:00+00:00"),
        ("2018-01-17T09:30:00+09:00", "2018-01-17T00:30:00+00:00"),
        ("2018-01-17/2018-01-18", "2018-01-18T15:00:00+00:00"),
        ("2018-02", "2018-02-28T15:00:00+00:00"),
        ("2018-01-17/..", "2018-01-16T15:00:00+00:00"),
    ],
)
def test_an_event_is_ahead_until_it_is_over(tmp_path: Path, date: str, last: str) -> None:
    site = small_site(tmp_path, {SITE: DESK, NOTE: plans(summit=date)})
    over = at(last)
    for now, is_ahead in ((over - dt.timedelta(days=2), True), (over - dt.timedelta(seconds=1), True), (over, False)):
        assert codes(run(site, now=now)) == []
        assert (document(site, "calendar/")["total"] == 1) is is_ahead, now
        assert codes(run(site, now=now, verify=True)) == []
    # The clock may also go back.
    assert codes(run(site, now=over - dt.timedelta(days=1))) == []
    assert document(site, "calendar/")["total"] == 1


def test_when_the_last_event_is_over_only_pages_that_showed_it_are_built_again(tmp_path: Path) -> None:
    other = note("Other", topics="[peace]")
    peace = {"content/topics/peace.yaml": "name: Peace\n", "content/notes/other.md": other}
    site = small_site(tmp_path, {SITE: DESK, NOTE: plans(summit="2018-01-17"), **peace})
    assert codes(run(site, now=at("2018-01-02T00:00Z"))) == []
    rebuilt = {page.url for page in run(site, now=at("2018-01-18T00:00Z")).built}
    assert {"./", "calendar/", "topics/mediation/"} <= rebuilt
    assert not [url for url in rebuilt if url.startswith(("notes/", "topics/peace/", "actors/"))]
    html = (site / "_site/calendar/index.html").read_text()
    assert "Nothing is ahead." in html
    assert 'class="events"' not in html
    assert 'calendar/">Calendar' in (site / "_site/topics/peace/index.html").read_text()


def test_a_build_between_two_events_has_nothing_to_do(tmp_path: Path) -> None:
    site = small_site(tmp_path, {SITE: DESK, NOTE: plans(summit="2018-01-17", vote="2018-03-01")})
    assert codes(run(site, now=at("2018-01-02T00:00Z"))) == []
    assert [page.url for page in run(site, now=at("2018-01-16T00:00Z")).built] == []
    report = run(site, now=at("2018-01-18T00:00Z"))
    assert {"calendar/", "./"} <= {page.url for page in report.built}


def test_what_may_not_be_shown_is_not_ahead(tmp_path: Path) -> None:
    site = small_site(tmp_path, {SITE: DESK, NOTE: plans(summit="2018-01-17, marking: TLP:GREEN", vote="2018-03-01, embargo: 2018-01-20")})
    assert codes(run(site)) == []
    assert not (site / "_site/calendar").exists()
    assert codes(run(site, now=at("2018-01-21T00:00Z"))) == []
    assert document(site, "calendar/")["total"] == 1
    write(site, {NOTE: None})
    assert codes(run(site, now=at("2018-01-21T00:00Z"))) == []
    assert not (site / "_site/calendar").exists()
