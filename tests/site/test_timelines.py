"""One event is the same wherever it stands, as the newest note tells it; where notes disagree, that is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.kit.small_sites import codes, note, run, small_site, write

SITE = "content/site.yaml"
DESK = "title: Desk\nurl: https://desk.example.org/\ntheme: wire\n"
PEACE = "content/topics/peace.yaml"
OLD, NEW = "content/notes/old.md", "content/notes/new.md"


def event(**keys: str) -> str:
    """The header's events, with one that has these keys."""
    told = {"id": "e", "title": "The parties meet", "date": "2017-12-10", **keys}
    return "[{" + ", ".join(f"{key}: {value}" for key, value in told.items()) + "}]"


def two_notes(folder: Path, old: str, new: str, **newer: str) -> Path:
    """A site on which an older note, on peace, and a newer one, on mediation, tell of events."""
    files: dict[str, str | bytes | None] = {
        SITE: DESK,
        PEACE: "name: Peace\n",
        OLD: note("Old", "2017-12-14", topics="[peace]", events=old),
        NEW: note("New", "2017-12-15", topics="[mediation]", events=new, **newer),
    }
    return small_site(folder, files)


def shown(site: Path, address: str) -> list[str]:
    """The events of a page in words."""
    html = (site / f"_site/{address}/index.html").read_text(encoding="utf-8")
    lines = re.findall(r"<li><small>(.*?)</li>", html)
    return [" ".join(re.sub(r"<[^>]+>", "", line).split()) for line in lines if "parties" in line]


def test_the_newest_note_says_what_an_event_is_on_every_page(tmp_path: Path) -> None:
    site = two_notes(tmp_path, event(place="Geneva"), event(date="2017-12-11", title="The parties do not meet", status="cancelled"))
    assert codes(run(site)) == ["told-differently"] * 3
    expected = ["11 Dec 2017, cancelled The parties do not meet, Geneva"]
    assert {address: shown(site, address) for address in ("notes/old", "notes/new", "topics/peace", "topics/mediation")} == dict.fromkeys(
        ("notes/old", "notes/new", "topics/peace", "topics/mediation"), expected
    )
    html = (site / "_site/notes/old/index.html").read_text()
    assert '<a href="../../notes/new/">The parties do not meet</a>' in html


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ({}, {}, []),
        (
            {},
            {"date": "2017-12-11"},
            [('the date of the event "e" is "2017-12-10" here, and "2017-12-11" in content/notes/new', "date")],
        ),
        ({}, {"title": "They met"}, [('the title of the event "e" is "The parties meet" here, and "They met"', "title")]),
        ({}, {"status": "postponed"}, [('the status of the event "e" is "happened" here, and "postponed"', "status")]),
        # What is known more precisely, and what came of what was expected, is no disagreement.
        ({"date": "2017-12"}, {"date": "2017-12-10"}, []),
        ({"date": "2017-12-10/2017-12-12"}, {"date": "2017-12-10", "until": "2017-12-12"}, []),
        ({"date": "2017-12-10"}, {"date": "2017-12"}, [('"2017-12-10" here, and "2017-12"', "date")]),
        ({"date": "2018-01-10"}, {"date": "2018-01-12", "title": "They will meet later"}, []),
        ({"status": "expected"}, {"status": "cancelled"}, []),
    ],
)
def test_notes_that_disagree_about_an_event(tmp_path: Path, old: dict[str, str], new: dict[str, str], told: list[tuple[str, str]]) -> None:
    report = run(two_notes(tmp_path, event(**old), event(**new)))
    assert codes(report) == ["told-differently"] * len(told)
    for found, (words, key) in zip(report.diagnostics, told, strict=True):
        assert words in found.message
        assert (found.place.path, found.place.line, bool(found.remedy)) == (OLD, 5, True)
        assert key in found.message
    assert report.ok


def test_a_month_stands_before_its_days(tmp_path: Path) -> None:
    days = ("2017-12-01", "2017-12", "2017", "2017-11-30", "201X", "2017-12-02/..", "../2017-11-29")
    events = ", ".join(f"{{id: e{i}, title: The parties met, date: '{day}'}}" for i, day in enumerate(days))
    site = two_notes(tmp_path, "[]", f"[{events}]")
    assert codes(run(site)) == []
    dates = [line.removesuffix(" The parties met") for line in shown(site, "topics/mediation")]
    assert dates == ["since 2 Dec 2017", "1 Dec 2017", "Dec 2017", "30 Nov 2017", "until 29 Nov 2017", "2017", "the 2010s"]


def test_a_note_that_readers_may_not_see_tells_of_nothing(tmp_path: Path) -> None:
    site = two_notes(tmp_path, event(), event(date="2017-12-11"), marking="TLP:GREEN")
    assert codes(run(site)) == []
    assert shown(site, "topics/peace") == ["10 Dec 2017 The parties meet"]
    write(site, {SITE: f"{DESK}audience: TLP:GREEN\n"})
    assert codes(run(site)) == ["told-differently"]
    assert shown(site, "topics/peace") == ["11 Dec 2017 The parties meet TLP:GREEN"]


def test_an_event_that_only_a_marked_note_puts_on_a_topic_bears_its_mark(tmp_path: Path) -> None:
    site = two_notes(tmp_path, event(), event())
    marked = note("Old", "2017-12-14", topics="[peace]", events=event(), marking="TLP:GREEN")
    write(site, {SITE: f"{DESK}audience: TLP:GREEN\n", OLD: marked})
    assert codes(run(site)) == []
    assert shown(site, "topics/peace") == ["10 Dec 2017 The parties meet TLP:GREEN"]
    assert shown(site, "topics/mediation") == ["10 Dec 2017 The parties meet"]
    # What only it knows does so everywhere.
    write(site, {OLD: marked.replace("2017-12-10}", "2017-12-10, place: Geneva}")})
    assert codes(run(site)) == []
    assert shown(site, "topics/mediation") == ["10 Dec 2017 The parties meet TLP:GREEN, Geneva"]
