"""What changed: the pages of changes week by week, their feed and table, and the flags on notes in lists."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import feedparser
import pytest

from tests.kit.small_sites import codes, note, run, small_site, tree, write

SITE = "content/site.yaml"
DESK = "title: Desk\nurl: https://desk.example.org/briefings/\n"
HISTORY: dict[str, str | bytes | None] = {
    SITE: DESK,
    "content/notes/a.md": note(
        "First",
        "2017-12-04",
        topics="[mediation]",
        updated="2017-12-20",
        changes="[{date: 2017-12-12, note: A name was added.}, {date: 2017-12-20, level: major, note: The reply was added.}]",
        corrections="[{date: 2017-12-13, wrong: '19', right: '20'}]",
    ),
    "content/notes/b.md": note("Second", "2017-12-10", updated="2017-12-11"),
    "content/notes/c.md": note("Third", "2017-12-05", topics="[mediation]", withdrawn="{date: 2017-12-14, reason: It was a hoax.}"),
}
"""A small site with one of each kind of change; another note is of 15 December."""


def weeks(site: Path, path: str = "changes/index.json") -> list[dict[str, Any]]:
    """The weeks on a page of changes."""
    found: list[dict[str, Any]] = json.loads((site / "_site" / path).read_bytes())["weeks"]
    return found


def told(week: dict[str, Any]) -> list[tuple[str, str, list[str]]]:
    """For each topic of a week and each kind of change, in order, the notes or reasons."""
    return [
        (of["topic"]["id"] if of["topic"] else "", what, [one.get("reason") or one.get("note", one)["id"] for one in of[what]])
        for of in week["topics"]
        for what in ("new", "major", "corrected", "withdrawn", "minor")
        if of[what]
    ]


def test_changes_stand_by_week_and_topic(tmp_path: Path) -> None:
    site = small_site(tmp_path, HISTORY)
    assert codes(run(site)) == []
    found = weeks(site)
    assert [(w["anchor"], w["start"], w["end"]) for w in found] == [
        ("_2017-w51", "2017-12-18", "2017-12-24"),
        ("_2017-w50", "2017-12-11", "2017-12-17"),
        ("_2017-w49", "2017-12-04", "2017-12-10"),
    ]
    assert told(found[0]) == [("mediation", "major", ["a"])]
    assert told(found[1]) == [
        ("mediation", "new", ["un-offer"]),
        ("mediation", "corrected", ["a"]),
        ("mediation", "withdrawn", ["It was a hoax."]),
        ("mediation", "minor", ["a"]),
        ("", "major", ["b"]),
    ]
    assert told(found[2]) == [("mediation", "new", ["a"]), ("", "new", ["b"])]
    # Each leads to the words on the note's own page.
    page = (site / "_site/changes/index.html").read_text()
    anchors = re.findall(r'href="\.\./notes/a/#([\w-]+)"', page)
    assert len(anchors) == 3
    own = (site / "_site/notes/a/index.html").read_text()
    assert all(f'id="{anchor}"' in own for anchor in anchors)


def test_the_feed_of_changes_has_all_of_them_newest_first(tmp_path: Path) -> None:
    site = small_site(tmp_path, HISTORY)
    assert codes(run(site)) == []
    entries = feedparser.parse(site / "_site/changes/feed.xml").entries
    assert [(entry.title, entry.summary) for entry in entries[:6]] == [
        ("Updated: First", "The reply was added."),
        ("UN offers to mediate", "A short summary."),
        ("Withdrawn: note of 5 December 2017", "It was a hoax."),
        ("Correction: First", "Not “19”, but “20”."),
        ("Minor change: First", "A name was added."),
        ("Updated: Second", "Second"),
    ]
    items = json.loads((site / "_site/changes/feed.json").read_bytes())["items"]
    assert len({item["id"] for item in items}) == len(items) == len(entries) == 8
    assert [item["id"] for item in items] == [entry.id for entry in entries]
    assert 'href="./changes/feed.xml"' in (site / "_site/index.html").read_text()
    write(site, {SITE: f"{DESK}outputs: {{feeds: site}}\n"})
    assert codes(run(site)) == []
    assert not (site / "_site/changes/feed.xml").exists()


def test_a_full_page_of_changes_never_changes(tmp_path: Path) -> None:
    """Pages hold whole weeks, counted from the oldest."""
    files: dict[str, str | bytes | None] = {SITE: f"{DESK}page_sizes: {{ledger: 2}}\n"}
    files |= {f"content/notes/n{day}.md": note(f"N{day}", f"2017-11-{day:02}") for day in range(1, 30, 3)}
    files["content/notes/n1.md"] = note("N1", "2017-11-01", updated="2017-11-02")
    site = small_site(tmp_path, files)
    assert codes(run(site)) == []
    before = {path: data for path, data in tree(site / "_site").items() if path.startswith("changes/page/")}
    assert {path for path in before if path.endswith(".html")} == {f"changes/page/{n}/index.html" for n in (1, 2, 3, 4)}
    write(site, {"content/notes/new.md": note("New", "2017-12-31")})
    report = run(site)
    assert codes(report) == []
    assert not {made.url for made in report.built if made.url.startswith("changes/page/")}
    assert weeks(site)[0]["anchor"] == "_2017-w52"


@pytest.mark.parametrize("theme", ["folio", "wire"])
def test_lists_say_when_a_note_was_updated_and_corrected(tmp_path: Path, theme: str) -> None:
    site = small_site(tmp_path, HISTORY | {SITE: f"{DESK}theme: {theme}\n"})
    assert codes(run(site)) == []
    for path in ("topics/mediation/index.html", "index.html", "notes/index.html"):
        found = re.sub("<[^>]*>", "", (site / "_site" / path).read_text()).lower()
        assert "corrected 13 dec 2017" in found, path
        assert "updated 20 dec 2017" in found, path
    # A minor change is no news to lists: none of their pages is made again for it.
    first = str(HISTORY["content/notes/a.md"])
    write(site, {"content/notes/a.md": first.replace("A name was added.", "Two names were added.")})
    report = run(site)
    assert codes(report) == []
    assert {made.url.partition("#")[0] for made in report.built if made.url.endswith("/")} == {"notes/a/", "changes/"}
    assert codes(run(site, verify=True)) == []
