"""The output folder: only ours is written, and nothing of anyone else's is lost."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from briefings.engine import build as build_module
from briefings.engine import publication as publication_module
from briefings.engine.api import BuildRequest
from briefings.engine.build import build
from briefings.engine.output import MANIFEST
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
        folder.mkdir()
        done = subprocess.run(["mount", *how, folder], capture_output=True, encoding="utf-8", check=False)
        if done.returncode:
            pytest.skip(f"nothing may be mounted: {done.stderr.strip()}")
        folders.append(folder)

    yield mount
    for folder in reversed(folders):
        subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("kind", ["another device", "the same device"])
def test_an_output_that_is_a_mount_point_is_refused_and_one_below_it_is_built(
    kind: str, tmp_path: Path, mounted: Callable[..., None]
) -> None:
    site = small_site(tmp_path / "desk")
    public = tmp_path / "public"
    (tmp_path / "disk").mkdir()
    mounted(public, *(("-t", "tmpfs", "-o", "size=4m", "briefings") if kind == "another device" else ("--bind", tmp_path / "disk")))
    report = run(site, output=public)
    assert codes(report) == ["output-refused"]
    assert "--output" in report.diagnostics[0].remedy
    assert list(public.iterdir()) == []
    assert not list((site / ".briefings").glob("trees/*"))

    for number in range(3):
        write(site, {OTHER: note(f"Version {number}")})
        assert run(site, output=public / "site").ok
        clean = small_site(tmp_path / f"clean{number}", {OTHER: note(f"Version {number}")})
        assert run(clean).ok
        assert tree(public / "site") == tree(clean / "_site")
        assert {path.name for path in public.iterdir()} <= {"site", ".site.briefings"}


def test_a_user_without_a_home_folder_can_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container that runs with the number of a user whom its system does not know."""

    def unknown(number: int) -> NoReturn:
        raise KeyError(number)

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr("pwd.getpwuid", unknown)
    assert run(small_site(tmp_path)).ok


@pytest.mark.skipif(not hasattr(os, "setresuid"), reason="there is no other user to be")
def test_an_output_in_a_folder_that_may_not_be_written_is_refused() -> None:
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    try:
        site = small_site(folder / "desk")
        (folder / "public/site").mkdir(parents=True)
        for path in (site, folder / "public/site"):
            path.chmod(0o777)
        with as_nobody():
            if os.access(folder / "public", os.W_OK):
                pytest.skip("the user may write everything")
            report = run(site, output=folder / "public/site")
        assert codes(report) == ["output-refused"]
        assert str(folder / "public") in report.diagnostics[0].remedy
        assert list((folder / "public/site").iterdir()) == []
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("number", [errno.EBUSY, errno.EXDEV, errno.EACCES])
@pytest.mark.parametrize("first", [False, True])
def test_a_system_that_will_not_move_the_output_is_an_error_with_a_remedy(
    first: bool, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = small_site(tmp_path)
    output = site / "_site"
    before = {}
    if not first:
        assert run(site).ok
        before = tree(output)
        write(site, {OTHER: note("Second")})

    def immovable(self: Path, target: Path) -> None:
        raise OSError(number, os.strerror(number), str(self), None, str(target))

    monkeypatch.setattr("briefings.engine.exchange.exchange", lambda *_: False)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", immovable)
        report = run(site)
    assert codes(report) == ["output-refused"]
    assert report.diagnostics[0].remedy
    assert (tree(output) if output.exists() else {}) == before
    assert list((site / ".briefings/trees").iterdir()) == []
    assert run(site).ok


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


@pytest.fixture(params=["in this process", "beside it"])
def large(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many jobs a site has whose output is looked at in the one way or the other."""
    monkeypatch.setattr(build_module, "MANY", 1)
    monkeypatch.setattr(publication_module, "MANY", 1)
    return 1 if request.param == "in this process" else 2


def test_what_others_do_to_the_output_while_a_build_reads_is_seen(tmp_path: Path, large: int) -> None:
    site = small_site(tmp_path, {OTHER: note("Second")})
    assert run(site).ok
    write(site / "_site", {"gone.txt": "mine"})
    assert run(site).ok

    def meanwhile(stage: str, done: int, total: int) -> None:
        if stage == "link":
            write(site / "_site", {"come.txt": "mine", "gone.txt": None})

    write(site, {OTHER: note("Third")})
    request = BuildRequest(site, site / "_site", NOW, jobs=large)
    assert build(request, meanwhile).ok
    out = tree(site / "_site")
    assert "gone.txt" not in out
    assert out["come.txt"] == b"mine"
    assert run(site, clean=True).ok
    assert tree(site / "_site") == out


def test_a_build_with_errors_leaves_rights_as_they_are(tmp_path: Path, large: int) -> None:
    site = small_site(tmp_path)
    assert run(site).ok
    (site / "_site/notes").chmod(0o700)
    write(site, {OTHER: note("Second") + "[gone](note:gone)\n", "content/notes/2017-12-17-odd.md": "no header"})
    assert not run(site, jobs=large).ok
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


def test_a_file_that_is_changed_before_it_is_published_is_mended_by_the_next_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = small_site(tmp_path)
    make = publication_module._make

    def made(job: Any, *rest: Any) -> Any:
        found = make(job, *rest)
        with Path(rest[2], "index.html").open("a", encoding="utf-8") as page:
            page.write("not ours")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(publication_module, "_make", made)
        assert run(site).ok
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
    assert [b.url for b in run(site).built] == ["notes/other/"]


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
    for edit in EDITS:
        write(site, edit)
        assert codes(run(site)) == ["output-conflict"]
        assert tree(theirs) == before
    write(site, {"content/notes/2017-12-15-un-offer.md": note("Edited")})
    assert codes(run(site)) == ["output-conflict"]
    assert codes(run(site, clean=True)) == ["output-conflict"]
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


def test_rights_that_cannot_be_restored_are_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is another user's, or its file system knows no rights."""
    site = small_site(tmp_path)
    assert run(site).ok
    (site / "_site/notes").chmod(0o700)
    chmod = os.chmod

    def refused(path: str | Path, mode: int, **more: bool) -> None:
        if str(path).endswith("_site/notes"):
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(path))
        chmod(path, mode, **more)

    monkeypatch.setattr(os, "chmod", refused)
    write(site, EDITS[0])
    assert run(site).ok
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


@pytest.mark.parametrize("damage", ["file", "link"])
def test_what_stands_in_the_place_of_the_trees_is_overcome(tmp_path: Path, damage: str) -> None:
    site = small_site(tmp_path / "desk")
    assert run(site).ok
    trees = site / ".briefings/trees"
    shutil.rmtree(trees)
    trees.write_text("f") if damage == "file" else trees.symlink_to(tmp_path / "nowhere")
    for edit in EDITS[:3]:
        write(site, edit)
        assert run(site).ok


def test_what_it_remembers_is_for_its_owner_alone(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    assert run(site).ok
    memory = site / ".briefings"
    memory.chmod(0o755)
    (memory / "cache.sqlite").chmod(0o644)
    write(site, EDITS[0])
    assert run(site).ok
    assert (stat.S_IMODE(memory.stat().st_mode), stat.S_IMODE((memory / "cache.sqlite").stat().st_mode)) == (0o700, 0o600)
