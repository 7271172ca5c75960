"""Threads: notes that continue one another show one another, lists lead to the newest, and mistakes are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.kit.small_sites import codes, note, run, small_site, write

SITE = "content/site.yaml"
DESK = "title: Desk\nurl: https://desk.example.org/briefings/\n"


def story(**continues: str) -> dict[str, str | bytes | None]:
    """Notes `a`, `b` … of the first days of December, each of which continues the one named."""
    return {
        f"content/notes/{name}.md": note(
            name.upper(), f"2017-12-0{day}", topics="[mediation]", **({"continues": earlier} if earlier else {})
        )
        for day, (name, earlier) in enumerate(continues.items(), 1)
    }


def seen(site: Path, path: str) -> Any:
    return json.loads((site / "_site" / path / "index.json").read_bytes())


@pytest.mark.parametrize("theme", ["folio", "wire"])
def test_a_thread_stands_on_each_of_its_notes_and_lists_lead_to_the_newest(tmp_path: Path, theme: str) -> None:
    # C and D both continue B; E stands alone.
    site = small_site(tmp_path, story(a="", b="a", c="b", d="b", e="") | {SITE: f"{DESK}theme: {theme}\n"})
    assert codes(run(site)) == []
    for name in "abcd":
        assert [part["id"] for part in seen(site, f"notes/{name}")["thread"]] == ["a", "b", "c", "d"], name
    assert seen(site, "notes/e")["thread"] == []
    continued = {one["id"]: one["continued"] and one["continued"]["id"] for one in seen(site, "topics/mediation")["notes"]}
    assert continued == {"a": "d", "b": "d", "c": "d", "d": None, "e": None, "un-offer": None}
    page = (site / "_site/topics/mediation/index.html").read_text()
    assert page.lower().count("continued 4 dec 2017") == 3
    # A new title of the newest part is seen on the pages of the thread.
    write(site, {"content/notes/d.md": note("Other", "2017-12-04", topics="[mediation]", continues="b")})
    report = run(site)
    assert codes(report) == []
    assert "Other" in (site / "_site/notes/a/index.html").read_text()
    assert codes(run(site, verify=True)) == []


def test_a_withheld_part_vanishes_with_what_it_joins(tmp_path: Path) -> None:
    secret = note("Secret", "2017-12-02", topics="[mediation]", continues="a", marking="TLP:RED")
    files = story(a="", b="a", c="b")
    site = small_site(tmp_path, files | {"content/notes/b.md": secret})
    assert codes(run(site)) == []
    assert [seen(site, f"notes/{name}")["thread"] for name in "ac"] == [[], []]
    assert seen(site, "topics/mediation")["notes"][-1]["continued"] is None
    # Whoever may see it sees the mark on what leads there.
    late = note("Secret", "2017-12-09", topics="[mediation]", continues="a", marking="TLP:GREEN")
    write(site, {SITE: f"{DESK}audience: TLP:GREEN\n", "content/notes/b.md": late})
    assert codes(run(site)) == []
    assert seen(site, "notes/2017/12")["highest_marking"] == "TLP:GREEN"
    assert seen(site, "notes/a")["highest_marking"] == "TLP:GREEN"


@pytest.mark.parametrize(
    ("continues", "code", "place", "remedy"),
    [
        ({"a": "un-ofer"}, "unknown-note", "a", "un-offer"),
        ({"a": "a"}, "note-cycle", "a", "delete the line"),
        ({"a": "c", "b": "a", "c": "b"}, "note-cycle", "a", "the note that came first"),
    ],
)
def test_what_cannot_be_continued_is_told(tmp_path: Path, continues: dict[str, str], code: str, place: str, remedy: str) -> None:
    site = small_site(tmp_path, story(**continues))
    report = run(site)
    assert codes(report) == [code]
    told = report.diagnostics[0]
    assert (told.place.path, told.place.line) == (f"content/notes/{place}.md", 5)
    assert remedy in told.remedy
