"""A # that touches what follows may belong to the text that it ends: its author is told where, and how to keep it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.content.test_messages import said
from tests.kit.small_sites import note, run, small_site

A = "content/notes/a.md"
HINT = "; for a comment, put a space behind the #"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ({"title": "Resolution #2375 adopted"}, ['2:19 "#2375 adopted" write title: "Resolution #2375 adopted"']),
        ({"summary": "Resolution\t#2375"}, ['4:21 "#2375" write summary: "Resolution\t#2375"']),
        ({"summary": "See #1 and #2  # a remark"}, ['4:14 "#1 and #2" write summary: "See #1 and #2"']),
        ({"summary": 'He said "no" #2'}, ['4:23 "#2" write summary: \'He said "no" #2\'']),
        ({"summary": "The Council\n  adopted #2375"}, ['5:11 "#2375" put the whole text in quotes, from its first line to its last']),
        (
            {"corrections": "\n  - date: 2017-12-19\n    wrong: See #1\n    right: See #2"},
            ['6:16 "#1" write wrong: "See #1"', '7:16 "#2" write right: "See #2"'],
        ),
        ({"corrections": "[{date: 2017-12-19, note: see #4\n  }]"}, ['4:44 "#4" write note: "see #4"']),
        ({"events": "\n  - {id: e, date: 2017-12-19, title: Room #4\n    }"}, ['5:43 "#4" write title: "Room #4"']),
    ],
)
def test_a_text_that_is_cut_short(header: dict[str, str], expected: list[str], tmp_path: Path) -> None:
    fields = {"title": "A note"} | header
    found = said(small_site(tmp_path, {A: note(**fields)}))
    shortened = [one.removeprefix(f"{A}:").replace(" cut-text: the text ends before", "") for one in found]
    assert [one.replace(": a space and # begin a comment |", "") for one in shortened] == [one + HINT for one in expected]
    assert run(tmp_path).ok


@pytest.mark.parametrize(
    "header",
    [
        {"summary": "Resolution   # a remark"},
        {"summary": "Resolution#2375"},
        {"summary": '"Resolution #2375"'},
        {"summary": "'Resolution' #2375"},
        {"summary": "|\n  Resolution #2375"},
        {"kind": "wire #was brief", "draft": "false #x", "topics": "[mediation] #x", "updated": "2017-12-16 #x"},
        {"sources": "\n  - id: s1 #first\n    url: https://example.org/ #x\n    credibility: 2 #x"},
    ],
)
def test_what_is_no_text_or_not_cut_is_left_alone(header: dict[str, str], tmp_path: Path) -> None:
    assert said(small_site(tmp_path, {A: note(body="Text #2.\n", **header)})) == []


def test_settings_and_files_of_many_records(tmp_path: Path) -> None:
    files = {
        "content/actors/s.yaml": (
            "records:\n  fr:\n    name: France #1\n    type: state #x\n    also_known_as:\n      - A #2\n      - B\n    body: Hello #3\n"
        ),
        "content/site.yaml": (
            "title: Desk #1\nurl: https://desk.example.org/ #x\nkinds:\n  brief:\n    name: Brief #2\n"
            "navigation:\n  - title: News #3\n    to: notes/ #x\n"
        ),
    }
    assert [one.partition(" cut-text")[0] for one in said(small_site(tmp_path, files))] == [
        "content/actors/s.yaml:3:18",
        "content/actors/s.yaml:6:11",
        "content/actors/s.yaml:8:17",
        "content/site.yaml:1:13",
        "content/site.yaml:5:17",
        "content/site.yaml:7:17",
    ]
