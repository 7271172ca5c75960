"""What a merge has left in a file is an error; what only looks like it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefings.content.checks.conflicts import conflict_in_bytes
from briefings.content.parse import parse, parse_config
from briefings.core.config import SiteConfig
from tests.kit.small_sites import codes, run, small_site

HEADER = "---\ntitle: T\ndate: 2017-12-15\n---\n"
GIT = "<<<<<<< HEAD\nOurs.\n=======\nTheirs.\n>>>>>>> feature/x\n"


def found(path: str, text: str) -> list[tuple[str, int]]:
    parsed = parse(path, text.encode(), SiteConfig(title="Desk"))
    assert not parsed.diagnostics or (parsed.records == () and parsed.withheld)
    return [(d.code, d.place.line) for d in parsed.diagnostics]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (f"One.\n\n{GIT}", [7]),
        (f"{GIT}\nOne.\n\n{GIT}", [5, 13]),
        ("<<<<<<< Updated upstream\nOurs.\n||||||| base\nWas.\n=======\nTheirs.\n>>>>>>> Stashed changes\n", [5]),
        ("<<<<<<< Conflict 1 of 1\n%%%%%%% Changes\n-a\n+b\n+++++++ Contents\nc\n>>>>>>> Conflict 1 of 1 ends\n", [5]),
        ("<<<<<<< .mine\nOurs.\n=======\nTheirs.\n>>>>>>> .r4\n", [5]),
        ("<<<<<<<\nOurs.\n=======\nTheirs.\n>>>>>>>\n", [5]),
        ("Ours.\n=======\nTheirs.\n>>>>>>> feature/x\n", [8]),
        ("Ours.\n||||||| 1234abc\nWas.\n", [6]),
        ("<<<<<<< HEAD\nOurs.\n", [5]),
        ("```\ncode\n```\n\n- a\n<<<<<<< HEAD\n- b\n=======\n- c\n>>>>>>> x\n", [10]),
        # Both versions end the code, so that it begins anew between the signs.
        ("```\na\n<<<<<<< HEAD\nb\n```\n=======\nc\n```\n>>>>>>> x\n", [7]),
        (f"```\ncode\n{GIT}", [7]),
        ("```\ncode\n<<<<<<< HEAD\n```\n\nWords.\n", [7]),
    ],
)
def test_signs_of_a_merge(body: str, lines: list[int]) -> None:
    assert found("content/notes/a.md", HEADER + body) == [("conflict-marker", line) for line in lines]


@pytest.mark.parametrize(
    "body",
    [
        "Title\n=======\n\nText.\n",
        f"```\n{GIT}```\n",
        f"~~~~ diff\n{GIT}~~~~\n",
        f"```\n{GIT}\n{GIT}```\n",
        "a <<<<<<< b >>>>>>> c\n",
        ">>>>>> six\n>>>>>>> seven\n",
        "|||||||\n|-|-|-|-|-|-|\n",
        "<<<<<<<< eight\n",
    ],
)
def test_no_signs_of_a_merge(body: str) -> None:
    assert found("content/notes/a.md", HEADER + body) == []


def test_conflicts_in_yaml_are_told_as_such() -> None:
    conflict = "<<<<<<< HEAD\nname: UN\n=======\nname: United Nations\n>>>>>>> x\n"
    assert found("content/actors/un.yaml", f"type: organization\n{conflict}") == [("conflict-marker", 2)]
    assert found("content/notes/a.md", "---\n<<<<<<< HEAD\ntitle: A\n=======\ntitle: B\n>>>>>>> x\ndate: 2017-12-15\n---\n") == [
        ("conflict-marker", 2)
    ]
    assert found("content/notes/a.yaml", f"title: T\ndate: 2017-12-15\nbody: |\n  One.\n{GIT}") == [("conflict-marker", 5)]
    settings = b"<<<<<<< HEAD\ntitle: A\n=======\ntitle: B\n>>>>>>> x\n"
    assert [d.code for d in parse_config("content/site.yaml", settings)[1]] == ["conflict-marker"]


def test_a_site_with_a_conflict_is_not_published(tmp_path: Path) -> None:
    site = small_site(tmp_path, {"content/notes/talks.md": HEADER + GIT})
    report = run(site)
    assert codes(report) == ["conflict-marker"]
    assert report.diagnostics[0].confidential
    assert not (site / "_site").exists()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("content/notes/votes.csv", f"a,b\n{GIT}"),
        ("content/notes/votes.csv", f"a,b\n{GIT}".replace("\n", "\r\n")),
        ("content/assets/rules.txt", GIT.replace("=======", "||||||| base\nx\n=======")),
        ("themes/folio/assets/site.css", f"a {{}}\n{GIT}"),
        ("themes/folio/templates/parts/brand.html", GIT),
    ],
)
def test_no_file_with_a_conflict_is_published(path: str, text: str, tmp_path: Path) -> None:
    body = HEADER + ("[Votes](votes.csv)\n" if path.endswith(".csv") else "Text.\n")
    site = small_site(tmp_path, {"content/notes/talks.md": body, path: text, "content/site.yaml": "title: D\ntheme: folio\n"})
    report = run(site)
    assert [(d.code, d.place.path) for d in report.diagnostics if d.severity == "error"] == [("conflict-marker", path)]
    assert not (site / "_site").exists()


@pytest.mark.parametrize("data", [b"<<<<<<< a\n>>>>>>> b\n", b"a\n=======\nb\n>>>>>>> c\n", b"\0<<<<<<< a\n=======\n>>>>>>> b\n"])
def test_files_of_other_kinds_may_have_such_lines(data: bytes) -> None:
    assert conflict_in_bytes("content/assets/x.txt", data) is None
