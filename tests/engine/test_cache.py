"""The cache: damage of any kind, another program or a folder that cannot be written cost time, and never a wrong byte."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from briefings.engine.api import BuildReport
from briefings.engine.cache import Cache
from briefings.engine.state import SiteState
from tests.kit.small_sites import as_nobody, codes, note, run, small_site, tree, write

SETTINGS = "title: Desk\nurl: https://desk.example.org/briefings/\ntheme: wire\nundeclared: warn\n"
WIRE = {"content/site.yaml": SETTINGS}
NOTE = "content/notes/2017-12-20-other.md"
PAGE = 4096
"""A page of SQLite's is so long, or as long as several of these."""
BODY = "[Run](javascript:run) it.\n"
WARNINGS = ["undeclared-topic", "unsafe-link"]
"""Of the linking and of the parsing of the note below."""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A small site with a warning, built twice, so that all is remembered and nothing is too young to be trusted."""
    site = small_site(tmp_path / "desk", {**WIRE, NOTE: note("Other", "2017-12-20", BODY, topics="[undeclared]")})
    assert run(site).ok
    settle()
    run(site)
    return site


def settle() -> None:
    """Let files become older than the time in which they are hashed again."""
    time.sleep(0.03)


def cache_of(site: Path) -> Path:
    return site / ".briefings/cache.sqlite"


def same(site: Path) -> dict[str, bytes]:
    """The output after a build, without a fault."""
    report = run(site)
    assert report.ok, report.diagnostics
    return tree(site / "_site")


def is_idle(report: BuildReport) -> bool:
    return (report.ok, report.written, report.removed, report.built) == (True, 0, 0, ())


# ── Damage ───────────────────────────────────────────────────────────────────


def rows_of(cache: Cache, known: SiteState) -> tuple[dict[str, bytes], dict[str, bytes]]:
    records = {path: entry.records for path, entry in known.body.sources.items() if entry.records}
    return cache.load("records", records), cache.load("page", {path: entry.view for path, entry in known.body.plan.pages.items()})


def state(cache: Cache) -> SiteState | None:
    """All that is known of the last build."""
    header = cache.header()
    return cache.state(header, ()) if header else None


@pytest.mark.slow
@pytest.mark.no_cover  # as with the two tests below, the same lines run thousands of times, and others run them too
def test_a_cache_of_any_length_reads_as_nothing_or_as_what_was_written(site: Path) -> None:
    cache = Cache(site)
    known = state(cache)
    assert known
    whole = rows_of(cache, known)
    assert whole[0]
    assert whole[1]
    data = cache_of(site).read_bytes()
    descriptor = os.open(cache_of(site), os.O_RDWR)
    # What is cut off reads as zeros, so where there are zeros a byte more or less makes no difference. What SQLite keeps for
    # itself stands where a page begins; further on there are rows, and any part that lacks makes all of a row void.
    lengths = [n for n in range(len(data)) if n % 256 == 0 or (data[n] and (n % PAGE < 256 or n % 37 == 0))]
    for length in reversed(lengths):
        os.ftruncate(descriptor, length)
        assert state(cache) in (None, known)
        if length % 256 == 0:
            for found, written in zip(rows_of(cache, known), whole, strict=True):
                assert found.items() <= written.items()
    os.close(descriptor)


@pytest.mark.slow
@pytest.mark.no_cover
def test_a_cache_with_a_flipped_bit_reads_as_nothing_or_as_what_was_written(site: Path) -> None:
    cache = Cache(site)
    known = state(cache)
    assert known
    whole, data = rows_of(cache, known), cache_of(site).read_bytes()
    for at, bit in flips(data, 600, random.Random(0)):  # noqa: S311
        cache_of(site).write_bytes(flipped(data, at, bit))
        assert state(cache) in (None, known), (at, bit)
        for found, written in zip(rows_of(cache, known), whole, strict=True):
            assert found.items() <= written.items(), (at, bit)


def flips(data: bytes, count: int, chance: random.Random) -> Iterator[tuple[int, int]]:
    """Yield `count` bits of `data`, each by the number of its byte and its own.

    Pages that hold little are as likely to be hit as others: most flips shall matter.
    """
    written = [at for at in range(0, len(data), 64) if any(data[at : at + 64])]
    for _ in range(count):
        yield chance.choice(written) + chance.randrange(64), chance.randrange(8)


def flipped(data: bytes, at: int, bit: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]


@pytest.mark.slow
@pytest.mark.no_cover
def test_builds_with_a_cut_cache_are_right(site: Path) -> None:
    """The test of any length reads at many more lengths than are built from here."""
    expected, data = tree(site / "_site"), cache_of(site).read_bytes()
    for length in [0, 1, 15, 16, 17, 99, 100, 101, 4095, 4096, 4097, *range(5000, len(data), 12007), len(data) - 1]:
        cache_of(site).write_bytes(data[:length])
        assert same(site) == expected


@pytest.mark.slow
@pytest.mark.no_cover
@pytest.mark.parametrize("part", range(2))
def test_builds_with_flipped_bits_are_right(site: Path, part: int) -> None:
    """An edit makes the build use what it remembers. The test above reads many more caches than are built from here."""
    chance = random.Random(part)  # noqa: S311
    versions = [note("Other", "2017-12-20", f"Text {n}.\n", topics="[undeclared]") for n in range(2)]
    expected = []
    for version in versions:
        write(site, {NOTE: version})
        expected.append(same(site))
    for n in range(80):
        if not cache_of(site).exists():
            # A file into which nothing could be saved any more is given up; the next build begins another.
            assert same(site) == expected[(n - 1) % 2]
        data = cache_of(site).read_bytes()
        ((at, bit),) = flips(data, 1, chance)
        cache_of(site).write_bytes(flipped(data, at, bit))
        write(site, {NOTE: versions[n % 2]})
        assert same(site) == expected[n % 2], (n, at, bit)


@pytest.mark.parametrize("data", [b"", b"no database", b"SQLite format 3\0" + bytes(5000)])
def test_a_file_that_is_no_cache_of_ours_is_replaced(site: Path, data: bytes) -> None:
    expected = tree(site / "_site")
    cache_of(site).write_bytes(data)
    assert same(site) == expected
    assert is_idle(run(site))
    assert state(Cache(site))


def test_a_database_of_someone_else_is_replaced(site: Path) -> None:
    expected = tree(site / "_site")
    cache_of(site).unlink()
    with contextlib.closing(sqlite3.connect(cache_of(site))) as connection:
        connection.execute("CREATE TABLE entry (kind INTEGER PRIMARY KEY, something TEXT)")
        connection.commit()
    assert same(site) == expected
    assert is_idle(run(site))
    assert state(Cache(site))


def test_a_lost_cache_does_not_hide_damage_of_the_output(site: Path) -> None:
    expected = tree(site / "_site")
    cache_of(site).unlink()
    (site / "_site/index.html").write_text("edited", encoding="utf-8")
    (site / "_site/actors/un/index.html").unlink()
    assert same(site) == expected
    write(site, {NOTE: note("Another", "2017-12-20")})
    run(site)
    write(site, {NOTE: note("Other", "2017-12-20", BODY, topics="[undeclared]")})
    assert same(site) == expected


def test_a_page_that_only_a_lost_build_knew_goes(site: Path) -> None:
    """As when a build was killed after it had published an attachment, which no page shows, and before it could remember it."""
    expected, memory = tree(site / "_site"), cache_of(site).read_bytes()
    write(site, {"content/assets/map.txt": "A map.\n"})
    assert run(site).ok
    write(site, {"content/assets/map.txt": None})
    cache_of(site).write_bytes(memory)
    assert same(site) == expected


DAMAGE: dict[str, Callable[[Path], object]] = {
    "emptied": lambda file: os.truncate(file, 0),
    "cut": lambda file: os.truncate(file, file.stat().st_size // 2),
    "overwritten": lambda file: file.write_bytes(b"\xff" * file.stat().st_size),
    "lengthened": lambda file: file.write_bytes(file.read_bytes() + b"!"),
    "deleted": Path.unlink,
}


@pytest.mark.parametrize("how", DAMAGE)
def test_damage_of_any_file_of_the_cache_folder_in_its_place_harms_nothing_published(how: str, site: Path, tmp_path: Path) -> None:
    write(site, {NOTE: note("A title that several pages show", "2017-12-20")})
    run(site)
    expected = tree(site / "_site")
    for file in sorted(path for path in (site / ".briefings").rglob("*") if path.is_file()):
        if file.exists():
            DAMAGE[how](file)
        assert tree(site / "_site") == expected
        assert same(site) == expected
    for path in (site / ".briefings").rglob("*"):
        DAMAGE[how](path)
    write(site, {NOTE: note("Another", "2017-12-20")})
    clean = small_site(tmp_path / "clean", {**WIRE, NOTE: note("Another", "2017-12-20")})
    assert same(site) == same(clean)


def test_nothing_that_is_published_is_in_the_cache_folder_too(site: Path) -> None:
    write(site, {NOTE: note("Another", "2017-12-20")})
    assert run(site).ok
    assert {path.stat().st_nlink for path in (site / "_site").rglob("*") if path.is_file()} == {1}


# ── Others ───────────────────────────────────────────────────────────────────


def test_another_program_builds_anew(site: Path) -> None:
    expected = tree(site / "_site")
    report = run(site, program=b"another")
    assert sum(made.url.endswith(("/", ".html")) for made in report.built) == report.counts.pages
    assert tree(site / "_site") == expected
    assert is_idle(run(site, program=b"another"))


def test_settings_count(site: Path, tmp_path: Path) -> None:
    changed = {"content/site.yaml": SETTINGS + "language: de\ntimezone: Asia/Tokyo\n"}
    write(site, changed)
    clean = small_site(tmp_path / "clean", {**changed, NOTE: (site / NOTE).read_bytes()})
    assert same(site) == same(clean)


def test_another_output_is_built_whole(site: Path) -> None:
    expected = tree(site / "_site")
    assert run(site, output=site / "public").ok
    assert tree(site / "public") == expected
    assert same(site) == expected


def test_the_cache_of_another_site_is_not_believed(site: Path, tmp_path: Path) -> None:
    other = small_site(tmp_path / "other", {**WIRE, NOTE: note("Of the other desk", "2017-12-20")})
    expected = same(other)
    shutil.rmtree(other / ".briefings")
    shutil.copytree(site / ".briefings", other / ".briefings")
    assert same(other) == expected
    shutil.copytree(site / ".briefings", tmp_path / "bare/.briefings")
    small_site(tmp_path / "bare", {**WIRE, NOTE: note("Of the other desk", "2017-12-20")})
    assert same(tmp_path / "bare") == expected


def test_a_copied_site_is_built_right(site: Path, tmp_path: Path) -> None:
    expected = tree(site / "_site")
    shutil.copytree(site, tmp_path / "copy")
    write(tmp_path / "copy", {NOTE: note("Another", "2017-12-20")})
    write(site, {NOTE: note("Another", "2017-12-20")})
    assert same(tmp_path / "copy") == same(site) != expected


# ── Folders that cannot be written ───────────────────────────────────────────


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that anyone can reach: pytest's own are closed to all but their owner."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def closed(folder: Path) -> None:
    """Let nobody write in a folder, or anywhere below it."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)


def opened(folder: Path) -> None:
    """Take that back."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.mark.skipif(not hasattr(os, "setresuid"), reason="there is no other user to be")
@pytest.mark.parametrize("remembers", [False, True])
def test_a_site_that_cannot_be_written_is_built_elsewhere(open_folder: Path, remembers: bool) -> None:
    site = small_site(open_folder / "desk", WIRE)
    if remembers:
        assert run(site, output=open_folder / "public/site").ok
        shutil.rmtree(open_folder / "public")
    expected = run(small_site(open_folder / "clean", WIRE))
    assert expected.ok
    (open_folder / "public").mkdir()
    (open_folder / "public").chmod(0o777)
    closed(site)
    with as_nobody():
        for _ in range(2):
            report = run(site, output=open_folder / "public/site")
            assert report.ok, report.diagnostics
            assert tree(open_folder / "public/site") == tree(open_folder / "clean/_site")
            assert [p.name for p in (open_folder / "public").iterdir()] == ["site"]
    opened(site)


@pytest.mark.skipif(not hasattr(os, "setresuid"), reason="there is no other user to be")
@pytest.mark.parametrize("mode", [0o000, 0o400])
@pytest.mark.parametrize("what", [".briefings", ".briefings/cache.sqlite"])
def test_a_cache_of_someone_else_is_left_alone(open_folder: Path, what: str, mode: int) -> None:
    site = small_site(open_folder / "desk", WIRE)
    assert run(site).ok
    expected = tree(site / "_site")
    shutil.rmtree(site / "_site")
    site.chmod(0o777)
    (site / what).chmod(mode)
    with as_nobody():
        if os.access(site / what, os.W_OK):
            pytest.skip("the user may write everything")
        for _ in range(2):
            assert same(site) == expected
            assert {p.name for p in site.iterdir()} == {"content", "_site", ".briefings"}
    (site / ".briefings").chmod(0o700)


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    site = small_site(tmp_path / "desk", {**WIRE, ".briefings": "mine"})
    clean = small_site(tmp_path / "clean", WIRE)
    for _ in range(2):
        assert same(site) == same(clean)
        assert {p.name for p in site.iterdir()} == {"content", "_site", ".briefings"}
    assert (site / ".briefings").read_text(encoding="utf-8") == "mine"


def test_a_cache_that_is_locked_is_done_without(site: Path) -> None:
    with contextlib.closing(sqlite3.connect(cache_of(site))) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        write(site, {NOTE: note("Another", "2017-12-20")})
        assert b"Another" in same(site)["notes/other/index.html"]
    assert is_idle(run(site))


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_what_is_remembered_is_for_its_owner_alone_and_what_is_published_for_all(umask: int, tmp_path: Path) -> None:
    site = small_site(tmp_path / "desk", WIRE)
    before = os.umask(umask)
    try:
        for title in ("Other", "Another", "Third"):
            write(site, {NOTE: note(title, "2017-12-20")})
            assert run(site, jobs=2).ok
    finally:
        os.umask(before)
    assert stat.S_IMODE((site / ".briefings").stat().st_mode) == 0o700
    assert stat.S_IMODE(cache_of(site).stat().st_mode) == 0o600
    assert stat.S_IMODE((site / ".briefings/lock").stat().st_mode) == 0o600
    assert (site / ".briefings/.gitignore").read_text(encoding="utf-8") == "*\n"
    for path in (site / "_site", *(site / "_site").rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644), path


# ── What is remembered ───────────────────────────────────────────────────────


def test_warnings_of_unchanged_files_are_shown_again(site: Path) -> None:
    assert sorted(codes(run(site))) == WARNINGS
    write(site, {"content/actors/un.yaml": "name: The United Nations\ntype: organization\n"})
    assert sorted(codes(run(site))) == WARNINGS
    write(site, {"content/pages/about.md": "---\ntitle: About\n---\n\nText.\n"})
    assert sorted(codes(run(site))) == WARNINGS
    write(site, {NOTE: note("Other", "2017-12-20")})
    assert codes(run(site)) == []


def test_a_file_that_changes_right_after_it_was_read_is_seen(site: Path) -> None:
    """Same size, same times: nothing but its youth gives it away."""
    write(site, {NOTE: note("Aaaaa", "2017-12-20")})
    assert run(site).ok
    for title in ("Bbbbb", "Ccccc", "Ddddd"):
        before = (site / NOTE).stat()
        with (site / NOTE).open("r+b") as file:
            file.write(note(title, "2017-12-20").encode())
        os.utime(site / NOTE, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert title.encode() in same(site)["notes/other/index.html"]


@pytest.mark.parametrize("replaced", [False, True], ids=["change time", "inode"])
def test_an_edit_with_the_old_size_and_time_is_seen(site: Path, replaced: bool) -> None:
    before = (site / NOTE).stat()
    text = (site / NOTE).read_bytes().replace(b"Other", b"Outer")
    if replaced:
        (site / "content/notes/.new").write_bytes(text)
        (site / "content/notes/.new").replace(site / NOTE)
    else:
        (site / NOTE).write_bytes(text)
    os.utime(site / NOTE, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (site / NOTE).stat().st_size == before.st_size
    assert b"Outer" in same(site)["notes/other/index.html"]


# ── What is remembered ───────────────────────────────────────────────────────


def test_it_is_the_same_whoever_parsed_a_file(tmp_path: Path) -> None:
    """A file that another process parsed must not look different when this one parses it: all would be linked again."""
    many = {f"content/notes/n{number:03}.md": note(f"Note {number}") for number in range(200)}
    alone, together = small_site(tmp_path / "one", {**WIRE, **many}), small_site(tmp_path / "two", {**WIRE, **many})
    assert run(alone, jobs=1).ok
    assert run(together, jobs=2).ok
    first, second = state(Cache(alone)), state(Cache(together))
    assert first is not None
    assert second is not None
    assert first.body.sources == second.body.sources


def test_verify_finds_nothing_wrong_after_a_change_of_the_settings(tmp_path: Path) -> None:
    """What a file means depends on them."""
    site = small_site(tmp_path, {NOTE: note("Other", "2017-12-20", "A <b>bold</b> word.\n")})
    run(site)
    write(site, {"content/site.yaml": "title: Desk\nurl: https://desk.example.org/briefings/\nraw_html: true\n"})
    assert codes(run(site, verify=True)) == []
    assert b"A <b>bold</b> word." in tree(site / "_site")["notes/other/index.html"]
