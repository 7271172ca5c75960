"""Rights of what is built: everybody may read what is public; what is for a few opens nothing that is closed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from briefings.engine.api import BuildReport, BuildRequest
from briefings.engine.build import build
from briefings.publication.disk import Disk
from briefings.publication.tree import STAGING, staging_places
from briefings.site.visibility import Audience
from tests.kit.small_sites import DISK, NOW, codes, note, small_site, write

OTHER = "content/notes/2017-12-16-other.md"
PUBLIC: tuple[Audience | None, bool] = (None, False)
PRIVATE: list[tuple[Audience | None, bool]] = [("TLP:RED", False), ("TLP:GREEN", False), (None, True), ("TLP:AMBER", True)]


def made(
    site: Path,
    whom: tuple[Audience | None, bool],
    *,
    umask: int = 0o022,
    output: Path | None = None,
    jobs: int = 1,
    disk: Disk = DISK,
) -> BuildReport:
    request = BuildRequest(site.resolve(), output or site / "_site", NOW, jobs, audience=whom[0], drafts=whom[1], explain=True, disk=disk)
    with masked(umask):
        return build(request)


@contextmanager
def masked(umask: int) -> Iterator[None]:
    before = os.umask(umask)
    try:
        yield
    finally:
        os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {p.relative_to(folder).as_posix(): stat.S_IMODE(p.stat().st_mode) for p in (folder, *folder.rglob("*"))}


def site_in(folder: Path) -> Path:
    draft = {"content/notes/2017-12-17-draft.md": note("Third", draft="true")}
    return small_site(folder, {OTHER: note("Second", marking="TLP:GREEN"), **draft})


@pytest.mark.parametrize("whom", PRIVATE)
@pytest.mark.parametrize("umask", [0o022, 0o027, 0o077])
def test_what_is_for_a_few_is_as_open_as_the_umask_says(tmp_path: Path, whom: tuple[Audience | None, bool], umask: int) -> None:
    site = site_in(tmp_path)
    for edit in ("Second", "Two"):
        write(site, {OTHER: note(edit, marking="TLP:GREEN")})
        assert made(site, whom, umask=umask).ok
        found = modes(site / "_site")
        assert set(found.values()) == {0o755 & ~umask, 0o644 & ~umask}
        assert not made(site, whom, umask=umask).written


@pytest.mark.parametrize("whom", PRIVATE)
@pytest.mark.parametrize("mode", [0o700, 0o750, 0o711])
def test_a_folder_that_was_closed_stays_so(tmp_path: Path, whom: tuple[Audience | None, bool], mode: int) -> None:
    site = site_in(tmp_path)
    (site / "_site").mkdir()
    (site / "_site").chmod(mode)
    edits: list[dict[str, str | None]] = [
        {},
        {OTHER: note("Two", marking="TLP:GREEN")},
        {"content/notes/new.md": note("New")},
        {OTHER: None},
    ]
    for number, edit in enumerate(edits):
        write(site, edit)
        assert made(site, whom).ok
        assert modes(site / "_site")["."] == mode, number
        (site / "_site/notes").chmod(mode)
        assert not made(site, whom).written
    assert modes(site / "_site")["notes"] == mode


def test_an_edit_of_one_text_opens_neither_its_folder_nor_its_file(tmp_path: Path) -> None:
    site = site_in(tmp_path)
    assert made(site, ("TLP:RED", False)).ok
    folder = site / "_site/notes/un-offer"
    folder.chmod(0o700)
    for path in folder.iterdir():
        path.chmod(0o600)
    for number in range(3):
        write(site, {"content/notes/2017-12-15-un-offer.md": note("UN", body=f"Text {number}.\n")})
        assert made(site, ("TLP:RED", False)).written
        assert set(modes(folder).values()) == {0o700, 0o600}


@pytest.mark.parametrize("whom", PRIVATE)
@pytest.mark.parametrize("jobs", [1, 2])
def test_one_folder_for_all_and_for_a_few_in_turn(tmp_path: Path, whom: tuple[Audience | None, bool], jobs: int) -> None:
    site = site_in(tmp_path)
    (site / "_site").mkdir(mode=0o700)
    for number in range(2):
        assert made(site, whom, umask=0o077, jobs=jobs).ok
        if number == 0:
            assert set(modes(site / "_site").values()) == {0o700, 0o600}
        private = (site / "_site/notes/un-offer/index.html").read_bytes()
        assert made(site, PUBLIC, umask=0o077, jobs=jobs).ok
        assert set(modes(site / "_site").values()) == {0o755, 0o644}
        public = tree_bytes(site / "_site")
        assert made(site, PUBLIC, umask=0o077, jobs=jobs).written == 0
        assert private
        write(site, {"content/notes/2017-12-15-un-offer.md": note("UN", body=f"Text {number}.\n")})
    clean = tmp_path / "clean"
    write(site, {"content/notes/2017-12-15-un-offer.md": note("UN", body="Text 0.\n")})
    assert made(site, PUBLIC, output=clean).ok
    assert public == tree_bytes(clean)


def tree_bytes(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_site_that_is_made_public_is_readable_at_once(tmp_path: Path) -> None:
    """Most of its files are as they were, so that they are not written again."""
    site = site_in(tmp_path)
    write(site, {"content/site.yaml": "title: Desk\naudience: TLP:RED\nurl: https://desk.example.org/\n", OTHER: None})
    assert made(site, PUBLIC, umask=0o077).ok
    assert set(modes(site / "_site").values()) == {0o700, 0o600}
    write(site, {"content/site.yaml": "title: Desk\nurl: https://desk.example.org/\n"})
    assert made(site, PUBLIC, umask=0o077).ok
    assert set(modes(site / "_site").values()) == {0o755, 0o644}
    for edit in ("One", "Two"):
        write(site, {"content/notes/2017-12-15-un-offer.md": note(edit)})
        assert made(site, PUBLIC, umask=0o077).ok
        assert set(modes(site / "_site").values()) == {0o755, 0o644}
    assert not made(site, PUBLIC).written


@pytest.mark.parametrize("fault", [True, False])
def test_what_was_for_a_few_is_not_opened_before_it_is_replaced(tmp_path: Path, *, fault: bool) -> None:
    site = site_in(tmp_path)
    (site / "_site").mkdir(mode=0o700)
    assert made(site, ("TLP:RED", False)).ok
    private = tree_bytes(site / "_site")
    before = modes(site / "_site")
    if fault:
        write(site / "_site", {"new/index.html/x": "mine"})
        before |= {"new": 0o755, "new/index.html": 0o755, "new/index.html/x": 0o644}
        write(site, {"content/pages/new.md": "---\ntitle: New\n---\n"})
        assert codes(made(site, PUBLIC)) == ["output-conflict"]
        assert modes(site / "_site") == before
        return

    def opened(path: str, mode: int) -> None:
        if f"{path}/".startswith(f"{site}/_site/") and STAGING not in path:
            now = tree_bytes(site / "_site")
            assert b"Second" not in b"".join(now.values()), "the marked note is gone from everywhere"
            assert now != private
        Path(path).chmod(mode)

    assert made(site, PUBLIC, disk=Disk(chmod=opened)).ok
    assert set(modes(site / "_site").values()) == {0o755, 0o644}


@pytest.mark.parametrize("whom", [PUBLIC, *PRIVATE])
def test_folders_of_others_stay_as_closed_as_they_are(tmp_path: Path, whom: tuple[Audience | None, bool]) -> None:
    site = site_in(tmp_path)
    assert made(site, whom).ok
    write(site / "_site", {"theirs/deep/file.txt": "mine", "notes/theirs/file.txt": "mine"})
    closed = ("theirs", "theirs/deep", "notes/theirs")
    (site / "_site/empty").mkdir()
    for path in (*closed, "empty"):
        (site / "_site" / path).chmod(0o700)
    for number in range(3):
        write(site, {"content/notes/new.md": note(f"New {number}")})
        assert made(site, whom).ok
        found = modes(site / "_site")
        assert {found[path] for path in (*closed, "empty")} == {0o700}


@pytest.mark.parametrize("whom", [PUBLIC, *PRIVATE])
def test_the_folder_that_holds_what_is_being_made_is_for_its_owner_alone(tmp_path: Path, whom: tuple[Audience | None, bool]) -> None:
    site = site_in(tmp_path)
    seen: list[int] = []

    def watched(stage: str, done: int, total: int) -> None:
        if stage == "write":
            seen.extend(stat.S_IMODE(p.stat().st_mode) for place in staging_places(site / "_site") if (p := Path(place)).exists())

    for number in range(2):
        write(site, {OTHER: note(f"Two {number}", marking="TLP:GREEN"), "content/notes/new.md": note(f"New {number}")})
        with masked(0):
            assert build(BuildRequest(site, site / "_site", NOW, audience=whom[0], drafts=whom[1]), watched).ok
    assert seen == [0o700, 0o700]


@pytest.mark.skipif(os.getuid() != 0, reason="only root may give a folder to any group")
def test_a_folder_stays_its_groups(tmp_path: Path) -> None:
    site = site_in(tmp_path)
    (site / "_site").mkdir()
    os.chown(site / "_site", -1, 4321)
    (site / "_site").chmod(0o2750)
    for number in range(3):
        write(site, {OTHER: note(f"Two {number}", marking="TLP:GREEN")})
        assert made(site, ("TLP:RED", False)).ok
        status = (site / "_site").stat()
        assert (status.st_gid, stat.S_IMODE(status.st_mode)) == (4321, 0o2750)


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root may give a file to any group")
def test_rights_for_a_group_that_cannot_be_kept_are_for_none(tmp_path: Path) -> None:
    site = site_in(tmp_path)
    assert made(site, ("TLP:RED", False)).ok
    page = site / "_site/notes/un-offer/index.html"
    os.chown(page, -1, 4321)
    page.chmod(0o640)

    def refused(path: str, owner: int, group: int) -> None:
        raise PermissionError(1, "no", path)

    write(site, {"content/notes/2017-12-15-un-offer.md": note("UN", body="Another text.\n")})
    assert made(site, ("TLP:RED", False), disk=Disk(chown=refused)).ok
    assert stat.S_IMODE(page.stat().st_mode) == 0o600


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root may give a file to any group")
def test_a_file_stays_its_groups(tmp_path: Path) -> None:
    site = site_in(tmp_path)
    assert made(site, ("TLP:RED", False)).ok
    page = site / "_site/notes/un-offer/index.html"
    os.chown(page, -1, 4321)
    page.chmod(0o640)
    write(site, {"content/notes/2017-12-15-un-offer.md": note("UN", body="Another text.\n")})
    assert made(site, ("TLP:RED", False)).ok
    assert (page.stat().st_gid, stat.S_IMODE(page.stat().st_mode)) == (4321, 0o640)
