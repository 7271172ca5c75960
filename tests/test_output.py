"""The output folder: only ours is written, and nothing of anyone else's is lost."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from tests.kit import codes, note, run, small_site, tree, write

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
    assert {b.reason for b in run(site).built} == {"new page", "new file"}
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
