"""Publication in place: what a build leaves that is cut short, and who finishes it."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from briefings.cli import main as command_line
from briefings.engine.lock import finish
from briefings.publication.disk import Disk
from briefings.publication.journal import Journal, carry_out, replacement, settle
from briefings.publication.tree import MANIFEST, STAGING, is_unfinished, read_manifest
from tests.kit.faulty import Failing, cut_short
from tests.kit.small_sites import NOW, note, run, small_site, tree, write

EDIT = {
    "content/notes/2017-12-15-un-offer.md": note("UN offers again", topics="[mediation]", actors="[un, japan]"),
    "content/notes/2017-12-16-new.md": note("New", topics="[mediation]"),
}
OLD = {"content/notes/2017-12-14-old.md": note("Old", topics="[mediation]")}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A published site that was edited since."""
    site = small_site(tmp_path / "desk", OLD)
    assert run(site).ok
    write(site, EDIT)
    write(site, dict.fromkeys(OLD))
    return site


@pytest.fixture
def expected(tmp_path: Path) -> dict[str, bytes]:
    """What the edited site is when it is published."""
    clean = small_site(tmp_path / "clean", EDIT)
    assert run(clean).ok
    return tree(clean / "_site")


@pytest.mark.parametrize("command", ["build", "audit"])
def test_the_next_command_finishes_what_was_begun(command: str, desk: Path, expected: dict[str, bytes]) -> None:
    cut_short(desk)
    assert tree(desk / "_site") != expected
    assert command_line.run([command, "--site", str(desk), "--now", NOW.isoformat()]) == 0
    assert tree(desk / "_site") == expected


def test_every_published_file_is_whole_at_every_instant(desk: Path, expected: dict[str, bytes]) -> None:
    output = desk / "_site"
    old, moments = tree(output), 0

    def watched(call: Callable[..., None]) -> Callable[..., None]:
        def called(*arguments: Any) -> None:
            nonlocal moments
            moments += 1
            for path, data in tree(output).items():
                if not path.startswith(STAGING) and path != MANIFEST:
                    assert data in (old.get(path), expected.get(path))
            found = read_manifest(output)
            assert found
            assert tree(output).keys() - {MANIFEST} - set(found.files) == {p for p in tree(output) if p.startswith(STAGING)}
            call(*arguments)

        return called

    assert run(desk, disk=Disk(replace=watched(os.replace), unlink=watched(os.unlink))).ok
    assert moments > 5
    assert tree(output) == expected


@pytest.mark.parametrize("when", [2, 150, 299])
def test_many_files_are_replaced_however_far_a_build_came(when: int, tmp_path: Path) -> None:
    """They are more than one thread moves."""
    output, place = tmp_path / "_site", tmp_path / "_site" / STAGING
    paths = [f"notes/n{number}/index.html" for number in range(300)]
    write(output, dict.fromkeys(paths, "old"))
    write(place, {replacement(path): f"new {path}" for path in paths})
    journal = Journal(everybody=True, replaced=tuple(paths))
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        carry_out(str(output), str(place), journal, Disk(replace=Failing(os.replace, when, errno.EIO)))
    assert is_unfinished(output)
    assert {(output / path).read_text("utf-8") for path in paths} <= {"old", *(f"new {path}" for path in paths)}
    settle(output, Disk(), lambda: None)
    assert tree(output) == {path: f"new {path}".encode() for path in paths}


def test_a_first_site_comes_as_a_whole(tmp_path: Path) -> None:
    site = small_site(tmp_path / "desk")
    moves: list[str] = []

    def watched(source: str, target: str) -> None:
        moves.append(target)
        assert not (site / "_site").exists()
        Path(source).replace(target)

    assert run(site, disk=Disk(replace=watched)).ok
    assert moves == [str(site / "_site")]


def test_a_build_that_changes_nothing_moves_nothing(desk: Path) -> None:
    assert run(desk).ok

    def watched(source: str, target: str) -> None:
        raise AssertionError(target)

    before = (desk / "_site" / MANIFEST).stat().st_mtime_ns
    assert run(desk, clean=False, verify=True, disk=Disk(replace=watched)).ok
    assert (desk / "_site" / MANIFEST).stat().st_mtime_ns == before


@pytest.mark.parametrize("path", ["/victim.txt", "../victim.txt", "notes/../../victim.txt"])
@pytest.mark.parametrize("list_", ["cleared", "moved", "removed", "opened"])
def test_a_journal_that_leads_out_of_the_output_is_none(list_: str, path: str, desk: Path) -> None:
    write(desk, {"victim.txt": "mine"})
    write(desk / "_site" / STAGING, {"journal.json": json.dumps({"everybody": True, list_: [path]}), "tree/victim.txt": "not mine"})
    before = (desk / "victim.txt").stat()
    finish(desk, desk / "_site", lambda: None)
    assert not is_unfinished(desk / "_site")
    assert (desk / "victim.txt").stat() == before


def test_a_journal_removes_only_what_the_manifest_lists(desk: Path) -> None:
    page = "notes/old/index.html"
    write(desk / "_site", {"mine.txt": "mine", f"{STAGING}/journal.json": json.dumps({"everybody": True, "removed": ["mine.txt", page]})})
    finish(desk, desk / "_site", lambda: None)
    assert (desk / "_site/mine.txt").exists()
    assert not (desk / "_site" / page).exists()
    assert run(desk).ok
    assert (desk / "_site/mine.txt").exists()


def test_what_is_staged_is_no_part_of_the_site(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As when another build begins while an audit looks at the output."""
    from briefings.audit import audit

    write(desk / "_site" / STAGING, {"tree/index.html": "staged"})
    assert not any(STAGING in path for path in audit._entries(desk / "_site"))
