"""The pages of connections: what an actor's page shows, where numbers lead, long tables, and what a new note changes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.kit.small_sites import codes, note, run, small_site, write
from tests.pages.test_ledgers import table

SITE = "content/site.yaml"
DESK = "title: Desk\nurl: https://desk.example.org/\nundeclared: allow\n"
NEW = "content/notes/new.md"


def naming(title: str, day: int, actors: str, topics: str = "", **header: str) -> str:
    """A note that names actors, whose ids stand between spaces."""
    return note(title, f"2017-12-{day:02}", actors=f"[{', '.join(actors.split())}]", topics=f"[{', '.join(topics.split())}]", **header)


def desk(folder: Path, settings: str = "", **notes: str) -> Path:
    """The small site with these notes, each at its id, and more settings."""
    return small_site(folder, {SITE: DESK + settings, **{f"content/notes/{i}.md": text for i, text in notes.items()}})


def document(site: Path, path: str) -> Any:
    """The JSON document beside a page."""
    return json.loads((site / "_site" / path / "index.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("theme", ["folio", "wire"])
def test_an_actor_s_page_and_the_table_lead_to_the_notes(tmp_path: Path, theme: str) -> None:
    site = desk(
        tmp_path,
        f"theme: {theme}\n",
        talks=naming("They talk", 10, "japan un dprk", "talks"),
        alone=naming("A call", 12, "japan dprk", "talks korea"),
    )
    assert codes(run(site)) == []
    page = (site / "_site/actors/japan/index.html").read_text()
    (start,) = [match.start() for match in re.finditer("<h2[^>]*>Named with", page)]
    leading = re.findall(r'href="\.\./\.\./((?:actors|notes|connections)/\w+/(?:\w+/)?)"', page[start:])
    assert {"actors/dprk/", "notes/alone/", "notes/talks/", "actors/un/"} <= set(leading)
    assert "connections/by/japan/" in page
    assert [(one["actor"]["name"], one["notes"], one["weight"]) for one in document(site, "actors/japan")["named_with"]["connections"]] == [
        ("Dprk", 2, 375),
        ("United Nations", 1, 125),
    ]
    # Each number of the table leads to a list with the newest of the notes that it counts.
    front = (site / "_site/connections/index.html").read_text()
    cells = re.findall(r'href="\.\./(connections/by/\w+/)#(_topic-\w+)">(?:<data[^>]*>)?(\d+)<', front)
    assert {("connections/by/japan/", "_topic-talks", "2"), ("connections/by/un/", "_topic-mediation", "1")} <= set(cells)
    for url, anchor, _ in cells:
        assert f'id="{anchor}"' in (site / "_site" / url / "index.html").read_text()
    (row,) = [one for one in document(site, "connections")["rows"] if one["actor"]["id"] == "japan"]
    assert [cell["notes"] for cell in row["cells"]] == [1, 0, 2]
    assert "A call" in (site / "_site/connections/by/japan/index.html").read_text()
    rows = {(row["actor"], row["kind"], row["other"]): row for row in table(site, "connections")}
    assert [rows["dprk", "actor", "japan"][key] for key in ("notes", "weight", "date", "note")] == ["2", "375", "2017-12-12", "alone"]
    assert ("japan", "actor", "dprk") not in rows
    assert [rows["japan", "topic", "talks"][key] for key in ("notes", "weight", "note")] == ["2", "", "alone"]


def test_an_actor_that_is_always_named_alone_has_no_such_part(tmp_path: Path) -> None:
    site = desk(tmp_path, one=naming("One", 10, "japan", "talks"), two=naming("Two", 11, "dprk", "korea"))
    assert codes(run(site)) == []
    assert "Named with" not in (site / "_site/actors/japan/index.html").read_text()
    assert document(site, "actors/japan")["named_with"] is None
    assert "<table" not in (site / "_site/connections/by/japan/index.html").read_text()


def test_long_tables_go_on_on_further_pages(tmp_path: Path) -> None:
    crowd = " ".join(f"x{i:02}" for i in range(25))
    topics = " ".join(f"t{i:02}" for i in range(23))
    site = desk(tmp_path, "page_sizes: {ledger: 10}\n", crowd=naming("Crowd", 10, crowd, topics))
    assert codes(run(site)) == []
    fronts = [document(site, path) for path in ("connections", "connections/page/2", "connections/page/3")]
    assert [topic["name"] for front in fronts for topic in front["topics"]] == ["Mediation", *(f"T{i:02}" for i in range(23))]
    assert [[part["title"] for part in front["parts"]] for front in fronts] == [["Mediation–T08", "T09–T18", "T19–T22"]] * 3
    assert [[part["current"] for part in front["parts"]] for front in fronts] == [[i == j for j in range(3)] for i in range(3)]
    # Those that are on no topic of a page have no row there.
    assert ["guterres" in [row["actor"]["id"] for row in front["rows"]] for front in fronts] == [True, False, False]
    mine = [document(site, f"connections/by/x03{path}") for path in ("", "/page/2", "/page/3")]
    assert [[one["actor"]["id"] for one in page["connections"]] for page in mine] == [
        [f"x{i:02}" for i in (0, 1, 2, *range(4, 11))],
        [f"x{i:02}" for i in range(11, 21)],
        [f"x{i:02}" for i in range(21, 25)],
    ]
    assert [len(page["topics"]) for page in mine] == [23, 0, 0]
    shown = document(site, "actors/x03")["named_with"]
    assert (len(shown["connections"]), shown["total"]) == (20, 24)
    assert shown["url"].endswith("connections/by/x03/")


def test_a_new_note_changes_the_pages_of_those_alone_whom_it_names(tmp_path: Path) -> None:
    crowd = {f"n{i}": naming(f"Note {i}", i + 1, f"un japan x{i} x{i + 1}", "talks korea") for i in range(8)}
    site = desk(tmp_path, **crowd)
    assert codes(run(site)) == []
    write(site, {NEW: naming("New", 20, "x1 un", "talks")})
    report = run(site)
    made = {one.url for one in report.built if re.fullmatch("(actors|connections)/(.*/)?", one.url)}
    # The two of them. UN has ten notes after it and had nine, which are as many binary digits; X1 has three after two.
    assert made == {*("actors/", "actors/x1/", "actors/un/"), *("connections/", "connections/by/x1/", "connections/by/un/")}
    assert codes(run(site, verify=True)) == []
    # What a text says changes no connection, and a title none of the tables' numbers.
    write(site, {NEW: naming("New", 20, "x1 un", "talks").replace("Text.", "Other text.")})
    assert {one.url for one in run(site).built if not one.url.startswith("search/")} == {"notes/new/"}
    before = (site / "_site/connections/connections.csv").stat()
    write(site, {NEW: naming("Newer", 20, "x1 un", "talks")})
    made = {one.url for one in run(site).built}
    assert {"actors/x1/", "connections/by/un/"} <= made
    assert not {"connections/", "actors/x2/", "connections/by/x2/"} & made
    assert (site / "_site/connections/connections.csv").stat() == before


def test_a_number_bears_the_mark_of_what_it_counts(tmp_path: Path) -> None:
    notes = {f"n{i}": naming(f"Note {i}", i + 10, "japan dprk", "talks korea") for i in range(3)}
    old = naming("Old", 1, "japan dprk", "talks", marking="TLP:AMBER")
    site = desk(tmp_path, "audience: TLP:AMBER\n", **notes, old=old)
    assert codes(run(site)) == []
    # The note is counted and, being old, not listed.
    for path in ("connections", "connections/by/japan", "actors/japan"):
        found = document(site, path)
        assert found["highest_marking"] == "TLP:AMBER"
    (row,) = [one for one in document(site, "connections")["rows"] if one["actor"]["id"] == "japan"]
    assert [(cell["notes"], cell["marking"]) for cell in row["cells"]] == [(3, "TLP:CLEAR"), (0, "TLP:CLEAR"), (4, "TLP:AMBER")]
    assert "TLP:AMBER" in [row["marking"] for row in table(site, "connections")]
