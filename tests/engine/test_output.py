"""The output folder: only ours is written, and nothing of anyone else's is lost."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from briefings.engine.api import BuildRequest
from briefings.engine.build import build
from briefings.engine.lock import UnfinishedOutputError, finish
from briefings.publication.disk import Disk
from briefings.publication.tree import MANIFEST, staging_places
from tests.kit.faulty import cut_short
from tests.kit.small_sites import NOW, as_nobody, codes, note, run, small_site, tree, write

OTHER = "content/notes/2017-12-16-other.md"


@pytest.mark.parametrize(
    "where", [".", "content", "content/out", "themes/x", ".git/x", "..", "notes.txt", "full", "repository", "empty/../content"]
)
def test_folders_that_are_not_ours_are_refused(tmp_path: Path, where: str) -> None:
    extra = {"notes.txt": "mine", "full/mine.txt": "mine", "repository/.git/HEAD": "ref"}
    site = small_site(tmp_path / "desk", extra)
    before = tree(tmp_path)
    report = run(site, output=site / where)
    assert codes(report) == ["output-refused"]
    assert not report.ok
    assert report.diagnostics[0].remedy
    assert tree(tmp_path) == before


@pytest.mark.parametrize("output", ["/", str(Path.home())])
def test_root_and_home_are_refused(tmp_path: Path, output: str) -> None:
    assert codes(run(small_site(tmp_path), output=Path(output))) == ["output-refused"]


def test_a_link_to_the_sources_is_seen_through(tmp_path: Path) -> None:
    site = small_site(tmp_path / "desk")
    (tmp_path / "out").symlink_to(site / "content")
    assert codes(run(site, output=tmp_path / "out")) == ["output-refused"]


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Mounts something on a folder, and unmounts it after the test."""
    folders: list[Path] = []

    def mount(folder: Path, *how: str | Path) -> None:
        folder.mkdir(exist_ok=True)
        done = subprocess.run(["mount", *how, folder], capture_output=True, encoding="utf-8", check=False)
        if done.returncode:
            pytest.skip(f"nothing may be mounted: {done.stderr.strip()}")
        folders.append(folder)

    yield mount
    for folder in reversed(folders):
        subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("kind", ["another device", "the same device"])
@pytest.mark.parametrize("below", [".", "site"])
def test_an_output_that_is_a_mount_point_or_lies_in_one_is_built(
    below: str, kind: str, tmp_path: Path, mounted: Callable[..., None]
) -> None:
    site = small_site(tmp_path / "desk")
    public = tmp_path / "public"
    (tmp_path / "disk").mkdir()
    mounted(public, *(("-t", "tmpfs", "-o", "size=4m", "briefings") if kind == "another device" else ("--bind", tmp_path / "disk")))
    for number in range(3):
        write(site, {OTHER: note(f"Version {number}")})
        assert run(site, output=public / below).ok
        clean = small_site(tmp_path / f"clean{number}", {OTHER: note(f"Version {number}")})
        assert run(clean).ok
        assert tree(public / below) == tree(clean / "_site")
    if below != ".":
        assert [path.name for path in public.iterdir()] == [below]


def test_an_output_that_is_a_link_in_a_circle_is_refused(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    (site / "_site").symlink_to("_site")
    report = run(site)
    assert codes(report) == ["output-refused"]
    assert "circle" in report.diagnostics[0].message
    assert (site / "_site").is_symlink()


def test_what_can_only_be_read_and_was_cut_short_is_told(tmp_path: Path, mounted: Callable[..., None]) -> None:
    site = small_site(tmp_path)
    assert run(site).ok
    write(site, {OTHER: note("Other")})
    cut_short(site)
    mounted(site / "_site", "--bind", site / "_site")
    subprocess.run(["mount", "-o", "remount,ro,bind", site / "_site"], check=True)
    with pytest.raises(UnfinishedOutputError, match=r"was cut short in .* cannot be finished: Read-only file system"):
        finish(site, site / "_site", lambda: None)


@pytest.mark.parametrize("there", [False, True])
def test_an_output_that_is_a_link_to_a_folder_is_built(there: bool, tmp_path: Path) -> None:
    site = small_site(tmp_path / "desk")
    public = tmp_path / "public"
    if there:
        public.mkdir()
    (site / "_site").symlink_to(public)
    for edit in ({}, *EDITS):
        write(site, edit)
        assert run(site).ok
        assert not run(site).built
    clean = small_site(tmp_path / "clean", {p.relative_to(site).as_posix(): p.read_bytes() for p in (site / "content").rglob("*.*")})
    assert run(clean).ok
    assert tree(public) == tree(clean / "_site")
    assert (site / "_site").is_symlink()
    assert {path.name for path in tmp_path.iterdir()} == {"desk", "public", "clean"}


@pytest.mark.parametrize("clean", [False, True])
def test_a_server_whose_working_folder_the_output_is_shows_what_is_built(clean: bool, tmp_path: Path) -> None:
    site = small_site(tmp_path, {OTHER: note("First")})
    assert run(site).ok
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]
    with subprocess.Popen(command, cwd=site / "_site", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8") as server:
        try:
            assert server.stdout
            address = re.search(r"http://[\d.:]+/", server.stdout.readline())
            assert address
            for title in ("Second", "Third"):
                write(site, {OTHER: note(title), f"content/notes/{title.lower()}.md": note(f"Another {title}")})
                assert run(site, clean=clean).ok
                for page in ("other", title.lower()):
                    with urllib.request.urlopen(f"{address[0]}notes/{page}/") as answer:  # noqa: S310 - the server above
                        assert title.encode() in answer.read()
        finally:
            server.kill()


def test_a_user_without_a_home_folder_can_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container that runs with the number of a user whom its system does not know."""

    def unknown(number: int) -> NoReturn:
        raise KeyError(number)

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr("pwd.getpwuid", unknown)
    assert run(small_site(tmp_path)).ok


@pytest.mark.skipif(not hasattr(os, "setresuid"), reason="there is no other user to be")
@pytest.mark.parametrize("closed", ["public", "public/site"])
def test_an_output_needs_no_right_but_to_write_in_it(closed: str) -> None:
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    try:
        site = small_site(folder / "desk")
        (folder / "public/site").mkdir(parents=True)
        for path in (site, *site.rglob("*"), folder / "public", folder / "public/site"):
            path.chmod(0o777)
        (folder / closed).chmod(0o755)
        with as_nobody():
            if os.access(folder / closed, os.W_OK):
                pytest.skip("the user may write everything")
            for edit in ({}, *EDITS):
                write(site, edit)
                report = run(site, output=folder / "public/site")
                assert codes(report) == ([] if closed == "public" else ["output-refused"])
        assert any((folder / "public/site").iterdir()) == (closed == "public")
    finally:
        shutil.rmtree(folder)


def test_errors_leave_the_output_as_it_was(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    assert run(site).ok
    before = tree(site / "_site")
    write(site, {OTHER: note(topics="[nothing]")})
    report = run(site)
    assert not report.ok
    assert tree(site / "_site") == before
    assert not [p.name for p in site.iterdir() if p.name not in ("content", "_site", ".briefings")]


def test_pages_of_removed_notes_go_and_foreign_files_stay(tmp_path: Path) -> None:
    site = small_site(tmp_path, {OTHER: note("Second")})
    assert run(site).ok
    write(site / "_site", {"CNAME": "desk.example.org", "notes/other/mine.txt": "mine"})
    write(site, {OTHER: None})
    report = run(site)
    assert report.ok
    assert report.removed >= 1
    out = tree(site / "_site")
    assert "notes/other/index.html" not in out
    assert out["CNAME"] == b"desk.example.org"
    assert out["notes/other/mine.txt"] == b"mine"


def test_a_foreign_file_in_the_way_is_an_error(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    assert run(site).ok
    write(site / "_site", {"notes/other/index.html": "mine"})
    write(site, {OTHER: note("Second")})
    before = tree(site / "_site")
    report = run(site)
    assert codes(report) == ["output-conflict"]
    assert "notes/other/index.html" in report.diagnostics[0].message
    assert tree(site / "_site") == before


def test_a_manifest_that_lost_its_bytes_is_none(tmp_path: Path) -> None:
    """As after a power cut, which may leave all of a file but its data."""
    site = small_site(tmp_path, {OTHER: note("Second")})
    assert run(site).ok
    manifest = site / "_site" / MANIFEST
    status = manifest.stat()
    with manifest.open("r+b") as file:
        file.truncate()
    os.utime(manifest, ns=(status.st_atime_ns, status.st_mtime_ns))
    write(site, {OTHER: note("Third")})
    assert codes(run(site)) == ["output-refused"]


def test_what_others_do_to_the_output_while_a_build_reads_is_seen(tmp_path: Path) -> None:
    site = small_site(tmp_path, {OTHER: note("Second")})
    assert run(site).ok
    write(site / "_site", {"gone.txt": "mine"})
    assert run(site).ok

    def meanwhile(stage: str, done: int, total: int) -> None:
        if stage == "link":
            write(site / "_site", {"come.txt": "mine", "gone.txt": None})

    write(site, {OTHER: note("Third")})
    request = BuildRequest(site, site / "_site", NOW)
    assert build(request, meanwhile).ok
    out = tree(site / "_site")
    assert "gone.txt" not in out
    assert out["come.txt"] == b"mine"
    assert run(site, clean=True).ok
    assert tree(site / "_site") == out


def test_a_build_with_errors_leaves_rights_as_they_are(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    assert run(site).ok
    (site / "_site/notes").chmod(0o700)
    write(site, {OTHER: note("Second") + "[gone](note:gone)\n", "content/notes/2017-12-17-odd.md": "no header"})
    assert not run(site).ok
    assert stat.S_IMODE((site / "_site/notes").stat().st_mode) == 0o700


def test_the_output_equals_its_manifest_and_has_plain_modes(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    before = os.umask(0o077)
    try:
        report = run(site)
    finally:
        os.umask(before)
    out = tree(site / "_site")
    manifest = json.loads(out.pop(".briefings.json"))
    assert manifest["files"] == sorted(out)
    assert report.counts.files == len(out)
    assert report.counts.bytes == sum(map(len, out.values()))
    for path in (site / "_site").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644)


def test_a_file_that_is_changed_before_it_is_published_is_mended_by_the_next_build(tmp_path: Path) -> None:
    site = small_site(tmp_path)

    def meanwhile(stage: str, done: int, total: int) -> None:
        if stage == "write":
            (page,) = tmp_path.glob("*/tree/index.html")
            page.write_bytes(page.read_bytes() + b"not ours")

    assert build(BuildRequest(site, site / "_site", NOW), meanwhile).ok
    assert b"not ours" in tree(site / "_site")["index.html"]
    assert run(site).written == 1
    assert b"not ours" not in tree(site / "_site")["index.html"]
    assert run(site).written == 0


@pytest.mark.parametrize("touched", [False, True], ids=["", "with another manifest"])
@pytest.mark.parametrize("option", ["clean", "verify"])
def test_who_trusts_no_cache_trusts_no_stamps(option: str, touched: bool, tmp_path: Path) -> None:
    """A page that a bad disk or another program has altered, although its size and its times say nothing of it."""
    site = small_site(tmp_path)
    assert run(site).ok
    before = tree(site / "_site")
    page = site / "_site/notes/un-offer/index.html"
    found = page.stat()
    with page.open("r+b") as file:
        file.write(b"<!DOCTYPE HTML>")
    os.utime(page, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert run(site).written == 0
    if touched:
        os.utime(site / "_site" / MANIFEST)
    assert run(site, clean=option == "clean", verify=option == "verify").ok
    assert tree(site / "_site") == before


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {
        f"content/notes/n{i}.md": note(f"Note {i}", f"2017-1{i % 3}-1{i % 9}", topics="[mediation]", actors="[un, japan]")
        for i in range(300)
    }
    one = small_site(tmp_path / "one", files)
    two = small_site(tmp_path / "two/deeper", files)
    assert run(one, jobs=1).ok
    assert run(two, jobs=3).ok
    assert tree(one / "_site") == tree(two / "_site")
    second = run(one, jobs=2)
    assert (second.written, second.removed, second.built) == (0, 0, ())


def test_only_what_changed_is_explained(tmp_path: Path) -> None:
    site = small_site(tmp_path, {OTHER: note("Second", body="Old text.\n")})
    unknown = "no earlier build for this output, audience and version is known"
    assert all(b.reason == unknown for b in run(site).built if not b.reason.startswith("copied from "))
    write(site, {OTHER: note("Second", body="New text.\n")})
    assert [b.url for b in run(site).built] == ["notes/other/", "search/2017-12/words-0.js"]


def test_several_processes_build_edit_and_build_again(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {
        f"content/notes/n{i:03}.md": note(f"Note {i}", f"2017-{i % 12 + 1:02}-10", topics="[mediation]", body=f"Text {i}.\n")
        for i in range(300)
    }
    site = small_site(tmp_path / "one", files)
    assert run(site, jobs=2).ok
    write(site, {"content/notes/n007.md": note("Another title", body="Another text.\n"), "content/topics/mediation.yaml": "name: Talks\n"})
    assert run(site, jobs=2).ok
    other = small_site(tmp_path / "two", {**files, "content/notes/n007.md": note("Another title", body="Another text.\n")})
    write(other, {"content/topics/mediation.yaml": "name: Talks\n"})
    assert run(other, jobs=1).ok
    assert tree(site / "_site") == tree(other / "_site")


@pytest.mark.parametrize("edit", [None, "content/notes/2017-12-16-other.md"], ids=["no edit", "with an edit"])
@pytest.mark.parametrize("lost", ["notes/un-offer/index.html", "assets/map.txt"])
def test_a_file_that_the_manifest_has_lost_is_published_as_before(tmp_path: Path, lost: str, edit: str | None) -> None:
    site = small_site(tmp_path / "desk", {"content/assets/map.txt": "A map.\n", OTHER: note("Other")})
    assert run(site).ok
    expected = tree(site / "_site")
    manifest = site / "_site/.briefings.json"
    files = json.loads(manifest.read_text())
    files["files"].remove(lost)
    manifest.write_text(json.dumps(files, separators=(",", ":")))
    if edit:
        write(site, {edit: note("Another")})
        clean = small_site(tmp_path / "clean", {"content/assets/map.txt": "A map.\n", OTHER: note("Another")})
        assert run(clean).ok
        expected = tree(clean / "_site")
    for _ in range(2):
        assert run(site).ok
        assert tree(site / "_site") == expected


@pytest.mark.parametrize("path", ["/etc/passwd", "../victim.txt", "a/../../victim.txt", "a//b", "./a", "a/.."])
def test_a_manifest_that_leads_out_of_its_folder_is_not_ours(tmp_path: Path, path: str) -> None:
    site = small_site(tmp_path / "desk", {"../victim.txt": "mine"})
    assert run(site).ok
    manifest = site / "_site/.briefings.json"
    files = json.loads(manifest.read_text())
    files["files"].append(path)
    manifest.write_text(json.dumps(files, separators=(",", ":")))
    write(site, {OTHER: note("Second")})
    assert codes(run(site)) == ["output-refused"]
    assert (tmp_path / "victim.txt").read_text() == "mine"


def test_a_template_that_fails_on_a_new_page_is_an_error_like_any_other(tmp_path: Path) -> None:
    site = small_site(
        tmp_path, {"themes/folio/templates/note.html": "{{ note.title[0] }}{% if note.id == 'other' %}{{ nothing }}{% endif %}"}
    )
    assert run(site).ok
    write(site, {OTHER: note("Second")})
    assert codes(run(site)) == ["template-error"]


@pytest.mark.parametrize("target", [".git/config", ".briefings/cache.sqlite"])
def test_what_is_hidden_in_the_site_is_not_published(tmp_path: Path, target: str) -> None:
    site = small_site(tmp_path, {".git/config": "token"})
    run(site)
    (site / "content/assets").mkdir()
    (site / "content/assets/x.bin").symlink_to(site / target)
    assert codes(run(site)) == ["symlink-outside"]


# ── What others do to the output between two builds ──────────────────────────

EDITS = (
    {OTHER: note("Second")},
    {OTHER: note("Second, edited"), "content/notes/third.md": note("Third")},
    {OTHER: None},
    {"content/notes/third.md": note("Third again")},
)


@pytest.mark.parametrize("by", ["copy", "move"])
@pytest.mark.parametrize("folder", ["assets", "notes", "notes/un-offer"])
def test_nothing_behind_a_link_in_the_place_of_a_folder_is_touched(tmp_path: Path, folder: str, by: str) -> None:
    site = small_site(tmp_path / "desk", {"content/assets/map.txt": "A map."})
    assert run(site).ok
    ours, theirs = site / "_site" / folder, tmp_path / "theirs"
    shutil.copytree(ours, theirs, copy_function=shutil.copy2) if by == "copy" else ours.rename(theirs)
    shutil.rmtree(ours, ignore_errors=True)
    ours.symlink_to(theirs)
    before = tree(theirs)
    # A file that is as it was left needs nothing done behind the link.
    untouched = [] if folder == "assets" and by == "move" else ["output-conflict"]
    for edit in EDITS:
        write(site, edit)
        found = codes(run(site))
        assert found == ["output-conflict"] or (by == "move" and not found)
        assert tree(theirs) == before
    write(site, {"content/notes/2017-12-15-un-offer.md": note("Edited")})
    assert codes(run(site)) == untouched
    assert codes(run(site, clean=True)) == untouched
    write(site, {"content/assets/map.txt": None})
    assert codes(run(site)) == ([] if folder == "assets" else ["output-conflict"]), "a link is in nobody's way where no folder must be"
    assert tree(theirs) == before
    ours.unlink()
    assert run(site).ok
    clean = small_site(
        tmp_path / "clean", {p: (site / p).read_bytes() for p in ("content/notes/third.md", "content/notes/2017-12-15-un-offer.md")}
    )
    assert run(clean).ok
    assert tree(site / "_site") == tree(clean / "_site")


@pytest.mark.parametrize("name", ['The "deal".pdf', "back\\slash.pdf", "two..dots..pdf", "a b.pdf", "é.pdf"])
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    site = small_site(tmp_path, {f"content/assets/{name}": "x"})
    for edit in ({}, *EDITS):
        write(site, edit)
        report = run(site)
        assert report.ok, report.diagnostics
        assert (site / "_site/assets" / name).read_text() == "x"


@pytest.mark.parametrize("odd", ["site", "output"])
def test_a_folder_whose_name_is_not_text(tmp_path: Path, odd: str) -> None:
    name = os.fsdecode(b"b\xff")
    try:
        (tmp_path / name).mkdir()
    except OSError:
        pytest.skip("this file system has no such names")
    site = small_site(tmp_path / name if odd == "site" else tmp_path / "desk")
    output = tmp_path / name / "out"
    for edit in ({}, *EDITS[:2]):
        write(site, edit)
        assert run(site, output=output).ok
        assert not run(site, output=output).built, "it remembers"


def test_folders_beside_an_output_on_another_mount_are_left_alone(tmp_path: Path, mounted: Callable[..., None]) -> None:
    site = small_site(tmp_path / "desk")
    mounted(tmp_path / "disk", "-t", "tmpfs", "tmpfs")
    theirs = {f"{name}/precious.txt": "mine" for name in (".o.briefings", ".o.briefings.part", ".o.briefings.aside", "o.briefings")}
    write(tmp_path / "disk", theirs)
    for edit in ({}, *EDITS):
        write(site, edit)
        assert run(site, output=tmp_path / "disk/o").ok
        assert theirs.items() <= {path: data.decode(errors="replace") for path, data in tree(tmp_path / "disk").items()}.items()


@pytest.mark.parametrize("path", ["", ".briefings.json", "index.html"])
def test_rights_of_the_output_and_its_files_are_restored_at_once(tmp_path: Path, path: str) -> None:
    site = small_site(tmp_path)
    assert run(site).ok
    before = modes(site / "_site")
    (site / "_site" / path).chmod(0o700)
    assert run(site).ok
    assert modes(site / "_site") == before


@pytest.mark.parametrize("path", ["notes", "notes/un-offer"])
def test_rights_of_folders_are_restored_by_a_build_that_has_something_to_do(tmp_path: Path, path: str) -> None:
    site = small_site(tmp_path)
    assert run(site).ok
    (site / "_site" / path).chmod(0o700)
    for number in range(3):
        write(site, {"content/notes/2017-12-15-un-offer.md": note(f"Edit {number}")})
        assert run(site).ok
        assert set(modes(site / "_site").values()) == {0o644, 0o755}


def test_rights_that_cannot_be_restored_are_left(tmp_path: Path) -> None:
    """The folder is another user's."""
    site = small_site(tmp_path)
    assert run(site).ok
    (site / "_site/notes").chmod(0o700)

    def refused(path: str, mode: int) -> None:
        if path.endswith("_site/notes"):
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), path)
        Path(path).chmod(mode)

    write(site, EDITS[0])
    assert run(site, disk=Disk(chmod=refused)).ok
    assert (site / "_site/notes/other/index.html").is_file()


def modes(folder: Path) -> dict[str, int]:
    return {p.relative_to(folder).as_posix(): stat.S_IMODE(p.stat().st_mode) for p in (folder, *folder.rglob("*"))}


def test_an_empty_folder_of_others_stays_unless_it_is_in_the_way(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    assert run(site).ok
    (site / "_site/media/film").mkdir(parents=True)
    (site / "_site/notes/third").mkdir()
    for edit in EDITS:
        write(site, edit)
        assert run(site).ok
        assert (site / "_site/media/film").is_dir()
        assert (site / "_site/notes/third").is_dir()
    assert (site / "_site/notes/third/index.html").is_file()
    (site / "_site/notes/fourth/index.html/x").mkdir(parents=True)
    write(site, {"content/notes/fourth.md": note("Fourth")})
    for clean in (False, True):
        assert codes(run(site, clean=clean)) == ["output-conflict"]
    shutil.rmtree(site / "_site/notes/fourth")
    assert run(site).ok


@pytest.mark.parametrize("damage", ["file", "link", "folder"])
@pytest.mark.parametrize("first", [False, True])
def test_what_stands_in_the_place_of_the_staging_folder_is_overcome(tmp_path: Path, damage: str, first: bool) -> None:
    site = small_site(tmp_path / "desk")
    theirs = write(tmp_path / "theirs", {"tree/mine.txt": "mine"})
    if not first:
        assert run(site).ok
    place = Path(staging_places(site / "_site")[first])
    for edit in EDITS[:3]:
        write(site, edit)
        if damage == "file":
            place.write_text("f")
        elif damage == "link":
            place.symlink_to(theirs)
        else:
            write(place, {"journal.json": "{", "tree/index.html": "x"})
        assert run(site).ok
        assert not os.path.lexists(place)
    assert tree(theirs) == {"tree/mine.txt": b"mine"}


def test_the_trees_of_version_0_1_are_cleared_away(tmp_path: Path, mounted: Callable[..., None]) -> None:
    site = small_site(tmp_path / "desk")
    mounted(tmp_path / "disk", "-t", "tmpfs", "tmpfs")
    for output in (site / "_site", tmp_path / "disk/o"):
        assert run(site, output=output, program=b"version 0.1").ok
        name = hashlib.blake2b(os.fsencode(output), digest_size=16).hexdigest()[:12]
        holder = site / ".briefings/trees" if output == site / "_site" else tmp_path / "disk/.o.briefings"
        shutil.copytree(output, holder / name, copy_function=os.link if output == site / "_site" else shutil.copy2)
        write(site, {OTHER: note(f"For {output.name}")})
        before = tree(output)
        assert run(site, output=output).ok
        assert not holder.exists()
        assert tree(output).keys() >= before.keys()


def test_what_it_remembers_is_for_its_owner_alone(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    assert run(site).ok
    memory = site / ".briefings"
    memory.chmod(0o755)
    (memory / "cache.sqlite").chmod(0o644)
    write(site, EDITS[0])
    assert run(site).ok
    assert (stat.S_IMODE(memory.stat().st_mode), stat.S_IMODE((memory / "cache.sqlite").stat().st_mode)) == (0o700, 0o600)
