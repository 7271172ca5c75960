"""The list of checks: each is named, says what it finds, and stands in any order."""

from __future__ import annotations

import random
from pathlib import Path

from briefings.desk.check import check
from briefings.desk.checks import CHECKS
from briefings.engine.api import BuildRequest, quiet
from tests.kit.small_sites import NOW, note, small_site, write

FILES: dict[str, str | bytes | None] = {
    "content/site.yaml": "title: T\nurl: https://desk.test/\n",
    "content/notes/seen.md": note(body="[x](note:held)\n"),
    "content/notes/held.md": note(marking="TLP:RED"),
    "content/notes/gone.md": note(withdrawn="{date: 2100-01-01, reason: Wrong.}"),
    "content/notes/broken.png": b"none",
    ".git/config": '[remote "origin"]\n\turl = https://github.com/desk/site\n',
}


def test_each_check_has_a_name_of_its_own_and_says_what_it_finds() -> None:
    names = [one.find.__name__ for one in CHECKS]
    assert len(names) == len(set(names))
    assert all(one.find.__doc__ for one in CHECKS)


def test_what_is_told_does_not_depend_on_the_order_of_the_list(tmp_path: Path) -> None:
    request = BuildRequest(write(tmp_path, FILES), tmp_path / "_site", NOW)
    told = check(request, quiet)
    assert {d.code for d in told} == {"withheld-reference", "early-withdrawal", "public-repository", "unreadable-image", "unused-file"}
    for seed in range(4):
        assert check(request, quiet, random.Random(seed).sample(CHECKS, len(CHECKS))) == told  # noqa: S311 - any order will do


def test_files_that_no_text_leads_to_are_told(tmp_path: Path) -> None:
    files = {
        "content/notes/plan.txt": "A note under a wrong suffix.\n",
        "content/notes/used.pdf": "%PDF-1.4\n",
        "content/notes/of-a-draft.pdf": "%PDF-1.4\n",
        "content/assets/free.pdf": "%PDF-1.4\n",
        "content/notes/a.md": note(body="[The paper](used.pdf).\n"),
        "content/notes/b.md": note(body="[The paper](of-a-draft.pdf).\n", draft="true"),
    }
    site = small_site(tmp_path, files)
    found = check(BuildRequest(site, site / "_site", NOW, 1), quiet)
    assert [(d.code, d.place.path) for d in found] == [("unused-file", "content/notes/plan.txt")]


def test_names_that_windows_keeps_for_devices_are_told(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {
        "content/actors/con.yaml": "name: Con\ntype: organization\n",
        "content/topics/more.yaml": "records:\n  nul:\n    name: Nul\n  console:\n    name: Console\n",
        "content/notes/a.md": note(id="LPT1"),
        "content/notes/aux/b.md": note(),
        "content/assets/com1.tar.gz": b"x",
        "content/assets/common.gz": b"x",
    }
    site = small_site(tmp_path, files)
    found = [(d.place.path, d.place.line) for d in check(BuildRequest(site, site / "_site", NOW, 1), quiet) if d.code == "unportable-name"]
    assert found == [
        ("content/actors/con.yaml", 0),
        ("content/assets/com1.tar.gz", 0),
        ("content/notes/a.md", 4),
        ("content/notes/aux/b.md", 0),
        ("content/topics/more.yaml", 2),
    ]


def test_what_a_mistake_withholds_is_not_told_as_withheld_besides(tmp_path: Path) -> None:
    topic = "name: Talks\npropositions: [{id: talk, text: Talk}]\nsumary: x\n"
    written = note("A", topics="[talks]", positions="[{actor: un, proposition: talk, stance: for, basis: s1}]", sources="[{id: s1}]")
    site = small_site(tmp_path, {"content/topics/talks.yaml": topic, "content/notes/a.md": written})
    assert [d.code for d in check(BuildRequest(site, site / "_site", NOW, 1), quiet)] == ["unknown-key"]


def test_what_no_topic_declares_is_not_told_as_withheld_besides(tmp_path: Path) -> None:
    site = small_site(
        tmp_path,
        {"content/notes/a.md": note("A", positions="[{actor: un, proposition: reopn, stance: for, basis: s1}]", sources="[{id: s1}]")},
    )
    assert [d.code for d in check(BuildRequest(site, site / "_site", NOW, 1), quiet)] == ["unknown-proposition"]
