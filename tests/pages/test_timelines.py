"""The timelines of topics, actors and the whole site, and the time axis above them."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.kit.small_sites import codes, note, run, small_site, write

SITE = "content/site.yaml"
DESK = "title: Desk\nurl: https://desk.example.org/\n"
NOTE = "content/notes/events.md"


def events(*dates: str, **keys: str) -> str:
    """The header's events, one of each date, each with `keys`."""
    more = "".join(f", {key}: {value}" for key, value in keys.items())
    return "[" + ", ".join(f"{{id: e{i}, title: Event {i}, date: '{date}'{more}}}" for i, date in enumerate(dates)) + "]"


def document(site: Path, address: str) -> Any:
    """The document beside the page at `address`."""
    return json.loads((site / f"_site/{address}index.json").read_text(encoding="utf-8"))


def test_actors_and_the_site_have_timelines(tmp_path: Path) -> None:
    site = small_site(tmp_path, {SITE: DESK, NOTE: note("Events", events=events("2017-12", "2017-11-05/2017-11-08", actors="[japan, un]"))})
    assert codes(run(site)) == []
    for address in ("timeline/", "actors/japan/", "actors/un/"):
        html = (site / f"_site/{address}index.html").read_text()
        assert re.findall(r"Event \d", html) == ["Event 0", "Event 1"], address
        assert "5–8 Nov 2017" in html, address
    assert "Event 0" not in (site / "_site/actors/guterres/index.html").read_text()
    rows = list(csv.DictReader(io.StringIO((site / "_site/timeline/timeline.csv").read_text())))
    assert [(row["date"], row["id"], row["actors"], row["note"]) for row in rows] == [
        ("2017-12", "e0", "japan un", "events"),
        ("2017-11-05/2017-11-08", "e1", "japan un", "events"),
    ]
    # A new title of the note changes no table, and a new title of an event does.
    before = (site / "_site/timeline/timeline.csv").stat()
    write(site, {NOTE: (site / NOTE).read_text().replace("title: Events", "title: What happened")})
    run(site)
    assert (site / "_site/timeline/timeline.csv").stat() == before
    assert "What happened" not in (site / "_site/timeline/timeline.csv").read_text()


@pytest.mark.parametrize(
    ("dates", "ticks", "marks"),
    [
        (("2017-01-01", "2017-07-02", "2017-12-31"), {0.0: "2017", 49.59: "Jul"}, {0: (0.0, 0.27), 1: (49.86, 0.27), 2: (99.73, 0.27)}),
        (
            ("2017-12-05", "2017-12-05/2017-12-09", "2017-12-14"),
            {0.0: "5 Dec 2017", 100.0: "14 Dec 2017"},
            {1: (0.0, 50.0), 2: (90.0, 10.0)},
        ),
        (("2010", "2015/..", "../2019-12-31", "200X"), {0.0: "2010"}, {0: (0.0, 9.99), 1: (50.0, 0.03), 2: (99.97, 0.03)}),
    ],
)
def test_the_axis_is_true(tmp_path: Path, dates: tuple[str, ...], ticks: dict[float, str], marks: dict[int, tuple[float, float]]) -> None:
    site = small_site(tmp_path, {SITE: DESK, NOTE: note(events=events(*dates, actors="[japan]"))})
    assert codes(run(site)) == []
    timeline = document(site, "actors/japan/")["timeline"]
    found = {timeline["events"][mark["event"]]["id"]: (mark["start"], mark["length"]) for mark in timeline["band"]["marks"]}
    assert {f"e{i}": place for i, place in marks.items()}.items() <= found.items()
    assert len(found) == len([date for date in dates if "X" not in date])
    labels = {tick["at"]: tick["label"] for tick in timeline["band"]["ticks"]}
    assert ticks.items() <= labels.items()
    assert len(labels) <= 7
    html = (site / "_site/actors/japan/index.html").read_text()
    assert all(f">{label}</text>" in html for label in labels.values())


@pytest.mark.parametrize(
    "dates", [("2017-01-01", "2017-07-02"), ("2017-12-05", "2017-12-05", "2017-12-05"), ("201X", "20XX", "200X", "2017")]
)
def test_what_has_no_length_has_no_axis(tmp_path: Path, dates: tuple[str, ...]) -> None:
    site = small_site(tmp_path, {SITE: DESK, NOTE: note(events=events(*dates, actors="[japan]"))})
    assert codes(run(site)) == []
    assert document(site, "actors/japan/")["timeline"]["band"] is None
    assert 'class="band"' not in (site / "_site/actors/japan/index.html").read_text()


def test_events_of_one_time_stand_above_one_another(tmp_path: Path) -> None:
    site = small_site(tmp_path, {SITE: DESK, NOTE: note(events=events(*["2017-12-05"] * 9, "2017-01-01", actors="[japan]"))})
    assert codes(run(site)) == []
    band = document(site, "actors/japan/")["timeline"]["band"]
    assert band["rows"] == 6
    assert {mark["row"] for mark in band["marks"]} == set(range(6))
