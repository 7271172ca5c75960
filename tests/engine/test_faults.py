"""Faults at any system call of a build: the output is the old site or the new one, and the next build is right."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import stat
import subprocess
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

import pytest
from msgspec import Struct

from briefings.cli import main as command_line
from briefings.engine.lock import finish
from briefings.publication.disk import Disk
from briefings.publication.journal import has_begun
from briefings.publication.tree import MANIFEST, STAGING, is_unfinished, staging_places
from tests.kit.faulty import Failing
from tests.kit.small_sites import NOW, below, codes, note, run, small_site, write
from tests.kit.strace import Call, Straced, available, calls

pytestmark = pytest.mark.long

KILLED = "signal=KILL"
ERRORS = ("error=ENOSPC", "error=EIO", "error=EACCES")
CASES = int(os.environ.get("BRIEFINGS_FAULTS", "2"))
"""How many calls of each system call meet a fault in each plot: the first, the last, and of more, others evenly between.

Each of them is killed once, and meets one of the errors, by turns. All calls with all errors take an hour:
`BRIEFINGS_FAULTS=1000 pytest -n auto tests/engine/test_faults.py`."""
ALL = CASES > 3

Tree = dict[str, tuple[int, bytes]]
"""Path to mode and bytes; a folder has no bytes."""
Files = Mapping[str, str | bytes | None]

OLD: Files = {
    "content/site.yaml": "title: Desk\nurl: https://desk.example.org/briefings/\ntheme: wire\n",
    "content/notes/2017-12-20-kept.md": note("Kept", "2017-12-20", topics="[mediation]"),
    "content/notes/2017-12-21-gone.md": note("Gone", "2017-12-21", topics="[mediation]"),
    "content/notes/2017-12-22-come.md": None,
    "content/assets/map.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
}
NEW: Files = {
    "content/notes/2017-12-20-kept.md": note("Kept, with another title", "2017-12-20", topics="[mediation]"),
    "content/notes/2017-12-21-gone.md": None,
    "content/notes/2017-12-22-come.md": note("Come", "2017-12-22", body="![A map](/assets/map.svg)\n"),
    "content/assets/map.svg": "<svg xmlns='http://www.w3.org/2000/svg'><g/></svg>",
}
FOREIGN = {"CNAME": "desk.example.org", "media/film.txt": "Not ours.\n"}
TIDY = {"content", "_site", ".briefings"}
MEMORY = {"cache.sqlite", "lock", ".gitignore"}


class Plot(Struct, frozen=True):
    """What happens to a site before the build that meets a fault."""

    first: bool = False
    """There is no output yet, and nothing is remembered."""
    forgotten: bool = False
    """The cache is lost."""
    damaged: bool = False
    """A page of the output was edited, and another deleted."""


PLOTS = {"edit": Plot(), "first": Plot(first=True), "damaged": Plot(damaged=True), "forgotten": Plot(forgotten=True)}
GROUPS = {
    "files": ("write", "openat", "fsync", "fdatasync", "fchmod", "link", "linkat", "rename", "renameat", "renameat2"),
    "rest": ("pwrite64", "ftruncate", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "chmod"),
    "reading": ("read", "pread64"),
}
TIDYING = ("unlink", "unlinkat", "rmdir")
"""Calls of a build that clears away: where one of them fails, what it should have removed remains until the next command."""


@pytest.fixture(scope="module")
def straced() -> Iterator[Straced]:
    if why := available():
        pytest.skip(why)
    with Straced() as straced:
        yield straced


@pytest.mark.no_cover  # the builds that meet a fault are other processes; those around them are like any other test's
@pytest.mark.parametrize(("plot", "group"), [(plot, group) for plot in PLOTS for group in GROUPS if group != "reading" or plot == "edit"])
def test_a_fault_at_any_call_leaves_the_old_site_or_the_new_one(plot: str, group: str, tmp_path: Path, straced: Straced) -> None:
    stage = Stage(tmp_path, PLOTS[plot])
    stage.prepare()
    sound = straced.build(stage.site, tmp_path / "log")
    assert (sound.code, photograph(stage.site / "_site")) == (0, stage.new), sound.output
    points = [call for call in calls(sound.log, str(stage.site), "/themes/") if call.name in GROUPS[group]]
    assert points
    for number, call in enumerate(sampled(points)):
        for fault in (KILLED, *(ERRORS if ALL else ERRORS[number % len(ERRORS) :][:1])):
            stage.prepare()
            ended = straced.build(stage.site, tmp_path / "log", call, fault)
            assert "INJECTED" in ended.log or "KILL" in ended.log or ended.code == 0, f"{call} did not come to pass"
            failed = next((line for line in ended.log.splitlines() if "INJECTED" in line), "")
            # To clear away a folder it must be listed.
            clearing = call.name in TIDYING or (STAGING in failed and "O_RDONLY" in failed)
            stage.check(ended.code, ended.output, f"{fault} at {call}\n{ended.log[-2000:]}", tidied=not clearing)


@pytest.mark.no_cover
@pytest.mark.parametrize("plot", ["edit", "forgotten"])
def test_a_lost_journal_is_healed_by_the_next_build(plot: str, tmp_path: Path, straced: Straced) -> None:
    """As after a loss of power, which may leave of a publication any part."""
    stage = Stage(tmp_path, PLOTS[plot])
    stage.prepare()
    sound = straced.build(stage.site, tmp_path / "log")
    assert (sound.code, photograph(stage.site / "_site")) == (0, stage.new), sound.output
    for call in sampled([call for call in calls(sound.log, STAGING) if call.name in ("rename", "unlink", "unlinkat", "rmdir")]):
        stage.prepare()
        ended = straced.build(stage.site, tmp_path / "log", call, "signal=KILL")
        assert ended.code == -9
        shutil.rmtree(stage.site / "_site" / STAGING)
        assert run(stage.site).ok
        found = photograph(stage.site / "_site")
        assert found == stage.new, f"{call}\n{differences(found, stage.new)}"


@pytest.mark.parametrize("number", [errno.EBUSY, errno.EXDEV, errno.EACCES])
@pytest.mark.parametrize("plot", ["edit", "first"])
def test_what_the_system_will_not_move_is_moved_by_the_next_command(plot: str, number: int, tmp_path: Path) -> None:
    stage = Stage(tmp_path, PLOTS[plot])
    for when in range(1, 100):
        stage.prepare()
        replace = Failing(os.replace, when, number)
        try:
            report = run(stage.site, disk=Disk(replace=replace))
        except OSError as error:
            stage.check(1, f"error {error}", f"replace {when}", tidied=True)
        else:
            assert report.ok
            assert replace.left > 0
            break
    assert when == (2 if plot == "first" else when), "a first output is moved as a whole"
    assert when > 1


def test_what_others_put_in_the_way_of_an_open_journal_does_not_stop_the_next_build(tmp_path: Path) -> None:
    stage = Stage(tmp_path, PLOTS["edit"])
    stage.prepare()
    # The first move is that of the journal, the second that of the interim manifest.
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        run(stage.site, disk=Disk(replace=Failing(os.replace, 3, errno.EIO)))
    page = stage.site / "_site/index.html"
    page.unlink()
    write(stage.site / "_site", {"index.html/mine.txt": "mine"})
    assert codes(run(stage.site)) == ["output-conflict"]
    shutil.rmtree(page)
    assert run(stage.site).ok
    assert photograph(stage.site / "_site") == stage.new


def test_a_fault_in_a_worker_leaves_the_old_site(tmp_path: Path) -> None:
    """One of many pages is larger than the system lets a file become."""
    files = {f"content/notes/n{i}.md": note(f"Note {i}") for i in range(150)}
    site = small_site(tmp_path / "desk", {**{path: data for path, data in OLD.items() if data is not None}, **files})
    assert run(site).ok
    before = photograph(site / "_site")
    write(site, {path: note(f"{path}, edited", body="Text. " * (200_000 if "140" in path else 1)) for path in files})
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limits[1]))
    try:
        with pytest.raises(OSError, match=os.strerror(errno.EFBIG)) as caught:
            run(site, jobs=2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "In the process that did the work" in "".join(caught.value.__notes__)
    assert photograph(site / "_site") == before
    assert run(site).ok
    clean = small_site(
        tmp_path / "clean", {path.relative_to(site).as_posix(): path.read_bytes() for path in (site / "content").rglob("*.*")}
    )
    assert run(clean).ok
    assert photograph(site / "_site") == photograph(clean / "_site")


class Stage:
    """A site that is brought back to its old state before every fault, and what clean builds of its two states are."""

    def __init__(self, folder: Path, plot: Plot) -> None:
        self.site = folder / "site"
        self._plot = plot
        foreign = {} if plot.first else FOREIGN
        self.new = self._clean(folder / "new", foreign, NEW)
        self._published = {} if plot.first else self._clean(folder / "old", foreign, {})
        self.old = self._published

    def prepare(self) -> None:
        """Publish the old site, make it whole, and edit its sources."""
        small_site(self.site, {path: data for path, data in OLD.items() if data is not None or (self.site / path).exists()})
        if self._plot.first:
            for name in ("_site", ".briefings"):
                shutil.rmtree(self.site / name, ignore_errors=True)
        else:
            assert run(self.site).ok
            write(self.site / "_site", FOREIGN)
            assert photograph(self.site / "_site") == self._published
        write(self.site, NEW)
        if self._plot.forgotten:
            (self.site / ".briefings/cache.sqlite").unlink()
        if self._plot.damaged:
            (self.site / "_site/sources/tass/index.html").unlink()
            (self.site / "_site/index.html").write_text("edited", encoding="utf-8")
            self.old = photograph(self.site / "_site")

    def check(self, code: int, output: str, what: str, *, tidied: bool) -> None:
        """Hold the site against what may be left of it by a build that ended with `code`, and then against a clean build.

        A build that was not killed has cleared away what it began, unless it was that in which it failed.
        """
        what = f"{what}\nexit code {code}\n{output}"
        output_folder = self.site / "_site"
        begun = is_unfinished(output_folder)
        for path, found_there in photograph(output_folder).items():
            if not path.startswith(STAGING) and path != MANIFEST and found_there[1]:
                assert found_there in (self.old.get(path), self.new.get(path)), f"{what}\n{path} is neither the old one nor the new one"
        assert begun or photograph(output_folder) in (self.new, self.old if code else self.new), what
        if code != -9:
            assert code in (0, 1), what
            assert "Traceback" not in output, what
            assert code == 0 or "error" in output, what
            staged = [Path(place) for place in staging_places(output_folder) if os.path.lexists(place)]
            assert not tidied or not staged or has_begun(str(staged[0])), what
        finish(self.site, output_folder, lambda: None)
        found = photograph(output_folder)
        assert found == self.new or (code != 0 and found == self.old), f"{what}\n{differences(found, self.new)}"
        assert {p.name for p in self.site.iterdir()} <= TIDY, what
        assert run(self.site).ok, what
        found = photograph(self.site / "_site")
        assert found == self.new, f"{what}\n{differences(found, self.new)}"
        self._assert_tidy(what)

    def _assert_tidy(self, what: str) -> None:
        """There are no temporary files."""
        assert {p.name for p in self.site.iterdir()} <= TIDY, what
        memory = self.site / ".briefings"
        assert not memory.exists() or {p.name for p in memory.iterdir()} <= MEMORY, what

    @staticmethod
    def _clean(folder: Path, foreign: Files, files: Files) -> Tree:
        site = small_site(folder, {path: data for path, data in {**OLD, **files}.items() if data is not None})
        assert run(site).ok
        return photograph(write(site / "_site", foreign))


def photograph(folder: Path) -> Tree:
    """All that is below `folder`."""
    return {
        path: (stat.S_IMODE(entry.stat().st_mode), Path(entry.path).read_bytes() if entry.is_file() else b"")
        for path, entry in below(folder)
    }


def differences(found: Tree, expected: Tree) -> str:
    """The paths at which two trees differ."""
    return ", ".join(sorted(path for path in {*found, *expected} if found.get(path) != expected.get(path)))


def sampled(points: list[Call]) -> list[Call]:
    """Some calls of each system call."""
    chosen: list[Call] = []
    for _, group in groupby(sorted(points), key=lambda call: call.name):
        of_one = list(group)
        count = min(CASES, len(of_one))
        chosen += [of_one[round(i * (len(of_one) - 1) / max(count - 1, 1))] for i in range(count)]
    return chosen


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "briefings", disk], capture_output=True, encoding="utf-8", check=False
    )
    if mounted.returncode:
        pytest.skip(f"no file system may be mounted: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk_leaves_the_old_site(small_disk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = small_site(small_disk / "desk", {"content/site.yaml": OLD["content/site.yaml"]})
    arguments = ["build", "--site", str(site), "--jobs", "1", "--now", NOW.isoformat()]
    assert command_line.run(arguments) == 0
    before = photograph(site / "_site")
    more = {f"content/notes/n{i}.md": note(f"Note {i}", body="Text. " * 100) for i in range(200)}
    filler = small_disk / "filler"
    write(site, more)
    free = shutil.disk_usage(small_disk).free
    capsys.readouterr()
    for left in (0, 20_000, 60_000, 150_000):
        filler.write_bytes(b"x" * max(free - left, 0))
        assert command_line.run(arguments) == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("error: No space left on device: ")
        assert err.endswith("free some space and build again\n")
        assert err.count("\n") == 2
        assert photograph(site / "_site") == before
        filler.unlink()
    write(site, dict.fromkeys(more))
    write(site, {"content/notes/n1.md": note("Note")})
    assert command_line.run(arguments) == 0
    assert "notes/n1/index.html" in photograph(site / "_site")
