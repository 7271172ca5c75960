"""Authors of notes and their priority: byline, the author's page, feeds, search engines, and the order of the home page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import feedparser
import pytest

from tests.kit.small_sites import codes, note, run, small_site, write

OTHER = "content/notes/2017-12-16-other.md"
ACTOR = {"id": "guterres", "url": "../../actors/guterres/", "name": "António Guterres", "type": "person", "marking": "TLP:CLEAR"}
WRITTEN = note("Other", "2017-12-16", authors="[guterres, {name: Jane Doe}]", topics="[mediation]")


@pytest.mark.parametrize("theme", ["folio", "wire"])
def test_authors_are_named_wherever_readers_and_programs_look(tmp_path: Path, theme: str) -> None:
    desk = f"title: Desk\nurl: https://desk.example.org/briefings/\ntheme: {theme}\n"
    site = small_site(tmp_path, {"content/site.yaml": desk, OTHER: WRITTEN})
    assert codes(run(site)) == []
    output = site / "_site"
    page = (output / "notes/other/index.html").read_text()
    assert re.search(r'By <a href="../../actors/guterres/">António Guterres</a>, Jane Doe', page)
    assert json.loads((output / "notes/other/index.json").read_bytes())["authors"] == [
        {"name": "António Guterres", "actor": ACTOR},
        {"name": "Jane Doe", "actor": None},
    ]
    told = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)[0])["@graph"][0]
    assert [(one["@type"], one["name"]) for one in told["author"]] == [("Person", "António Guterres"), ("Person", "Jane Doe")]
    assert told["publisher"]["name"] == "Desk"
    entry = feedparser.parse(output / "feed.xml").entries[0]
    assert [(one.name, one.get("href", "")) for one in entry.authors] == [
        ("António Guterres", "https://desk.example.org/briefings/actors/guterres/"),
        ("Jane Doe", ""),
    ]
    item = json.loads((output / "feed.json").read_bytes())["items"][0]
    assert [one["name"] for one in item["authors"]] == ["António Guterres", "Jane Doe"]
    # The author's page lists it, and it does not name its author as an actor.
    profile = (output / "actors/guterres/index.html").read_text()
    assert re.search(r"Written by António Guterres.*?>Other<", profile, re.DOTALL)
    assert json.loads((output / "notes/other/index.json").read_bytes())["actors"] == []
    # Another name on the author's file changes the byline.
    write(site, {"content/actors/guterres.yaml": "name: A. Guterres\ntype: person\n"})
    assert codes(run(site, verify=True)) == []
    assert "A. Guterres" in (output / "notes/other/index.html").read_text()


@pytest.mark.parametrize("undeclared", ["error", "warn", "allow"])
@pytest.mark.parametrize("author", ["jane-doe", "Jane Doe"])
def test_an_author_without_a_file_is_told_how_to_be_named(tmp_path: Path, author: str, undeclared: str) -> None:
    settings = f"title: Desk\nurl: https://desk.example.org/\nundeclared: {undeclared}\n"
    site = small_site(tmp_path, {"content/site.yaml": settings, OTHER: note("Other", authors=f"[guterres, {author}]")})
    report = run(site)
    assert not report.ok
    told = next(d for d in report.diagnostics if d.severity == "error")
    assert (told.place.path, told.place.line) == (OTHER, 4)
    assert f"{{name: {author}}}" in told.remedy


def test_a_withheld_author_is_not_named(tmp_path: Path) -> None:
    hidden = "name: Secret Author\ntype: person\nmarking: TLP:RED\n"
    site = small_site(tmp_path, {"content/actors/jane.yaml": hidden, OTHER: note("Other", authors="[jane, {name: John Doe}]")})
    assert codes(run(site)) == []
    page = (site / "_site/notes/other/index.html").read_text()
    assert "By John Doe" in page
    assert "Secret" not in page


def test_the_home_page_opens_by_priority(tmp_path: Path) -> None:
    days = {"a": "2017-12-20", "b": "2017-12-21", "c": "2017-12-21", "d": "2017-12-22", "e": "2017-12-10"}
    priorities = {"b": "high", "d": "low", "e": "high"}
    files: dict[str, str | bytes | None] = {
        f"content/notes/{name}.md": note(name, day, priority=priorities.get(name, "normal")) for name, day in days.items()
    }
    site = small_site(tmp_path, files)
    assert codes(run(site)) == []
    home = json.loads((site / "_site/index.json").read_bytes())
    assert [home["lead"]["note"]["id"], *(n["id"] for n in home["next"])] == ["b", "c", "a"]
    assert [[n["id"] for n in day["notes"]] for day in home["days"]] == [["d"], ["un-offer"], ["e"]]
    assert home["edition"] == "2017-12-22"
