"""What others put into a site's folders is kept out or told: junk of programs, placeholders, pipes and links that lead astray."""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path

import pytest

from briefings.core.text import is_left_out
from briefings.desk.check import check
from briefings.engine.api import BuildRequest, quiet
from tests.kit.small_sites import NOW, as_nobody, codes, note, run, small_site, tree, write

DROPPED = [
    *(".DS_Store", "._report.pdf", ".Rhistory", ".~lock.report.odt#", "#draft#", "~$report.docx", "~$dget.xlsx", "~lock.report.odt#"),
    *("Thumbs.db", "THUMBS.DB", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "Desktop.ini", "Icon\r", "x.laccdb"),
    *("x.md.orig", "x.md.rej", "x.md.bak", "x.BAK", "x.md~", "x.swp", "x.tmp", "~WRL0001.tmp", "x.md.sb-4f6a1b2c-AbCdEf"),
    *("x.pdf.part", "x.pdf.crdownload", "x.pdf.partial", "x.pdf.download"),
]
FOLDERS = ["__MACOSX", "$RECYCLE.BIN", "System Volume Information", "@eaDir", "lost+found"]
KEPT = ["thumbs.txt", "icon", "Icon.svg", "party.pdf", "template.txt", "origin.txt", "desktop.ini.md", "~note.txt", "part", "x.sb-fly.txt"]


@pytest.mark.parametrize("name", [*DROPPED, *FOLDERS])
def test_what_programs_drop_is_left_out(name: str) -> None:
    assert is_left_out(name)


@pytest.mark.parametrize("name", KEPT)
def test_what_only_looks_like_it_is_content(name: str) -> None:
    assert not is_left_out(name)


def test_nothing_that_programs_drop_is_published_from_content_or_theme(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    kept = {f"content/assets/{name}": "Kept.\n" for name in ("a.txt", "party.pdf")}
    write(site, {**kept, "themes/folio/theme.yaml": "extends: folio\n", "themes/folio/assets/own.css": "a {}\n"})
    assert codes(run(site)) == []
    before = tree(site / "_site")
    for folder in ("content/assets", "content/notes", "themes/folio/assets"):
        write(site, {f"{folder}/{name}": "Ada Lind\n" for name in DROPPED})
        write(site, {f"{folder}/{name}/x.css": "Ada Lind\n" for name in FOLDERS})
    assert codes(run(site)) == []
    assert tree(site / "_site") == before


DIGEST = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
LFS = f"version https://git-lfs.github.com/spec/v1\noid sha256:{DIGEST}\nsize 12345\n"
ANNEX = f"/annex/objects/SHA256E-s12345--{DIGEST}.pdf\n"


@pytest.mark.parametrize("pointer", [LFS, ANNEX, LFS.replace("v1", "v2")])
@pytest.mark.parametrize(
    "path",
    ["content/assets/report.pdf", "content/notes/b.md", "content/topics/b.yaml", "content/notes/p.png", "themes/folio/assets/x.woff2"],
)
def test_a_pointer_is_an_error_until_what_it_stands_for_is_there(pointer: str, path: str, tmp_path: Path) -> None:
    site = small_site(tmp_path, {"themes/folio/theme.yaml": "extends: folio\n", path: pointer})
    for _ in range(2):
        report = run(site)
        assert [(d.code, d.place.path) for d in report.diagnostics if d.severity == "error"] == [("not-fetched", path)]
    assert not (site / "_site").exists()
    write(site, {path: note("B") if path.endswith(".md") else "name: B\n"})
    assert run(site).ok


def test_a_text_about_pointers_is_none(tmp_path: Path) -> None:
    files = {
        "content/assets/a.txt": "version https://git-lfs.github.com/spec/v1 is what it says.\n",
        "content/assets/b.txt": f"{ANNEX}{ANNEX}",
    }
    assert codes(run(small_site(tmp_path, files))) == []


def test_the_settings_may_be_a_pointer(tmp_path: Path) -> None:
    assert codes(run(small_site(tmp_path, {"content/site.yaml": LFS}))) == ["not-fetched"]


@pytest.mark.parametrize("below", ["", "desk/"])
def test_an_empty_submodule_does_not_remove_its_notes(below: str, tmp_path: Path) -> None:
    site = small_site(tmp_path / below)
    write(tmp_path, {".gitmodules": f'[submodule "wire"]\n\tpath = {below}content/notes/wire\n\turl = ../wire\n', ".git/HEAD": ""})
    wire = site / "content/notes/wire"
    write(wire, {"a.md": note("A")})
    assert codes(run(site)) == []
    before = tree(site / "_site")
    (wire / "a.md").unlink()
    for _ in range(2):
        assert [(d.code, d.place.path) for d in run(site).diagnostics] == [("not-fetched", "content/notes/wire")]
    write(wire, {".git": "gitdir: ../../.git/modules/wire\n"})
    assert codes(run(site)) == ["not-fetched"]
    assert tree(site / "_site") == before
    write(wire, {"b.md": note("B")})
    assert codes(run(site)) == []


def test_a_submodule_elsewhere_may_be_empty(tmp_path: Path) -> None:
    site = small_site(tmp_path, {".gitmodules": '[submodule "x"]\n\tpath = tools/x\n\turl = ../x\n'})
    assert codes(run(site)) == []


def test_what_icloud_took_away_is_told(tmp_path: Path) -> None:
    site = small_site(tmp_path, {"content/notes/.raid.md.icloud": b"bplist00"})
    (found,) = run(site).diagnostics
    assert (found.code, found.place.path) == ("not-fetched", "content/notes/raid.md")


def _theme(folder: Path) -> Path:
    return small_site(folder, {"themes/folio/theme.yaml": "extends: folio\n", "themes/folio/assets/own.css": "a {}\n"})


def _told(site: Path) -> list[tuple[str, str]]:
    """What a build says, and a check as well."""
    found = [(d.code, d.place.path) for d in run(site).diagnostics]
    assert [(d.code, d.place.path) for d in check(BuildRequest(site.resolve(), site / "_site", NOW), quiet)] == found
    # That no page uses a template is another matter.
    return [one for one in found if one[0] != "unused-template"]


@pytest.mark.parametrize("path", ["assets/font.woff2", "templates/extra.html"])
def test_a_link_in_a_theme_leads_no_further_than_the_site(path: str, tmp_path: Path) -> None:
    site = _theme(tmp_path / "desk")
    secret = tmp_path / "secret"
    secret.write_text("Secret.\n", encoding="utf-8")
    link = site / "themes/folio" / path
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(secret)
    assert _told(site) == [("symlink-outside", f"themes/folio/{path}")]
    assert not (site / "_site").exists()
    link.unlink()
    link.symlink_to(site / "content/topics/mediation.yaml")
    assert _told(site) == []


def test_a_folder_linked_into_a_theme_leads_no_further_than_the_site(tmp_path: Path) -> None:
    site = _theme(tmp_path / "desk")
    write(tmp_path / "else", {"secret.css": "a {}\n"})
    (site / "themes/folio/assets/more").symlink_to(tmp_path / "else")
    assert _told(site) == [("symlink-outside", "themes/folio/assets/more")]


def test_a_theme_may_be_a_link_to_one_that_several_sites_share(tmp_path: Path) -> None:
    site = small_site(tmp_path / "desk")
    shared = write(tmp_path / "shared", {"theme.yaml": "extends: folio\n", "assets/own.css": "a {}\n"})
    (site / "themes").mkdir()
    (site / "themes/folio").symlink_to(shared)
    (shared / "assets/same.css").symlink_to("own.css")
    assert _told(site) == []
    assert (site / "_site/theme/same.css").read_text(encoding="utf-8") == "a {}\n"
    write(shared, {"assets/own.css": "b {}\n"})
    run(site)
    assert (site / "_site/theme/same.css").read_text(encoding="utf-8") == "b {}\n"
    (shared / "assets/out.css").symlink_to(tmp_path / "desk/content/site.yaml")
    assert _told(site) == [("symlink-outside", "themes/folio/assets/out.css")]


@pytest.mark.parametrize("folder", ["assets", "templates"])
def test_odd_files_in_a_theme_are_told(folder: str, tmp_path: Path) -> None:
    site = _theme(tmp_path)
    place = site / "themes/folio" / folder
    place.mkdir(exist_ok=True)
    os.mkfifo(place / "pipe.html")
    (place / "gone.html").symlink_to("nowhere")
    Path(os.fsdecode(os.fsencode(place) + b"/caf\xe9.html")).write_text("x", encoding="utf-8")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(place)
        server.bind("socket.html")
        os.chdir(here)
    told = [
        ("not-utf8", "caf\\udce9.html"),
        ("unreadable-file", "gone.html"),
        ("unreadable-file", "pipe.html"),
        ("unreadable-file", "socket.html"),
    ]
    assert _told(site) == [(code, f"themes/folio/{folder}/{name}") for code, name in told]


def _open_to_nobody(folder: Path, site: Path) -> None:
    """Let whoever is nobody build the site in `folder`, which lies among temporary files."""
    for around in (folder, *folder.parents):
        if Path(tempfile.gettempdir()) in around.parents:
            around.chmod(0o755)
    os.chown(site, 65534, 65534) if os.getuid() == 0 else None


@pytest.mark.parametrize("path", ["assets/own.css", "templates/note.html", "theme.yaml"])
def test_a_file_of_a_theme_that_may_not_be_read_is_told(path: str, tmp_path: Path) -> None:
    site = _theme(tmp_path)
    write(site, {"themes/folio/templates/note.html": '{% extends "folio/note.html" %}\n'})
    (site / "themes/folio" / path).chmod(0)
    _open_to_nobody(tmp_path, site)
    with as_nobody():
        assert _told(site) == [("unreadable-file", f"themes/folio/{path}")]


def test_a_theme_that_may_not_be_listed_ends_the_build(tmp_path: Path) -> None:
    """Else the site would be published without its style sheets."""
    site = _theme(tmp_path)
    _open_to_nobody(tmp_path, site)
    with as_nobody():
        assert run(site).ok
    before = tree(site / "_site")
    (site / "themes/folio/assets").chmod(0)
    with as_nobody(), pytest.raises(PermissionError, match="assets"):
        run(site)
    assert tree(site / "_site") == before
    (site / "themes/folio/assets").chmod(0o755)


def test_assets_of_a_theme_that_some_systems_take_for_one_another_are_told(tmp_path: Path) -> None:
    site = _theme(tmp_path)
    write(site, {"themes/folio/assets/Own.css": "b {}\n"})
    if len(list((site / "themes/folio/assets").iterdir())) == 2:
        assert codes(run(site)) == ["address-collision"]


@pytest.mark.parametrize("name", ["plan.bak", "~$plan.docx", "Thumbs.db", ".hidden.pdf", "old.orig/plan.pdf", "plan.pdf~"])
@pytest.mark.parametrize("folder", ["", "../assets/", "/assets/"])
def test_a_link_to_a_file_that_is_left_out_says_why(tmp_path: Path, folder: str, name: str) -> None:
    files = {f"content/assets/{name}": "x", f"content/notes/{name}": "x", "content/notes/a.md": note("A", body=f"[plan]({folder}{name})\n")}
    site = small_site(tmp_path, files)
    report = run(site)
    assert codes(report) == ["broken-link"]
    left_out = name.partition("/")[0]
    assert f'names like "{left_out}" are left out' in report.diagnostics[0].remedy
    write(site, {"content/notes/a.md": note("A", body="[plan](../assets/plan.pdf)\n"), "content/assets/plan.pdf": "x"})
    assert codes(run(site)) == []
