"""Two builds into one output, which no lock of a site keeps apart: neither takes the other's files away."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from briefings.engine.api import BuildReport, BuildRequest
from briefings.engine.build import build
from briefings.engine.lock import finish
from briefings.publication.disk import Disk, held
from briefings.publication.journal import reserved
from briefings.publication.tree import Destination, staging_places, write_file
from tests.kit.faulty import refusing
from tests.kit.small_sites import NOW, codes, note, run, small_site, tree, write

OTHER = "content/notes/2017-12-16-other.md"


class WaitsError(Exception):
    """A build waits for another, which in a test would never end."""


def impatient() -> None:
    raise WaitsError


def build_into(site: Path, output: Path) -> BuildReport:
    """Build `site`, unless it must wait."""

    def progress(stage: str, done: int, total: int) -> None:
        if stage == "wait":
            impatient()

    return build(BuildRequest(site, output, NOW), progress)


@pytest.fixture
def sites(tmp_path: Path) -> tuple[Path, Path]:
    """Two sites with different notes."""
    return small_site(tmp_path / "one", {OTHER: note("One")}), small_site(tmp_path / "two", {OTHER: note("Two")})


@pytest.fixture
def clean(tmp_path: Path, sites: tuple[Path, Path]) -> list[dict[str, bytes]]:
    """What each of them is when it is published alone."""
    reports = [run(site, output=tmp_path / f"clean{number}/out") for number, site in enumerate(sites)]
    assert all(report.ok for report in reports)
    return [tree(tmp_path / f"clean{number}/out") for number in range(2)]


@pytest.mark.parametrize("is_first", [True, False], ids=["a first output", "an output that is there"])
@pytest.mark.parametrize("late", ["build", "audit", "deploy"])
def test_whoever_comes_while_a_build_makes_its_files_waits(
    late: str, is_first: bool, tmp_path: Path, sites: tuple[Path, Path], clean: list[dict[str, bytes]]
) -> None:
    one, two = sites
    output = tmp_path / "out"
    if not is_first:
        assert run(two, output=output).ok
    waited = []
    comers: dict[str, Callable[[Path, Path], object]] = {
        "build": build_into,
        "audit": lambda site, output: finish(site, output, impatient),
        "deploy": lambda _, output: reserved(output, Disk(), impatient).__enter__(),
    }

    def meanwhile(stage: str, done: int, total: int) -> None:
        if stage != "write":
            return
        (place,) = (Path(place) for place in staging_places(output) if os.path.lexists(place))
        before = tree(place)
        with pytest.raises(WaitsError):
            comers[late](two, output)
        assert tree(place) == before
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
        waited.append(late)

    assert build(BuildRequest(one, output, NOW), meanwhile).ok
    assert waited == [late]
    assert tree(output) == clean[0]
    assert build_into(two, output).ok
    assert tree(output) == clean[1]


def test_a_build_waits_while_the_output_is_compared_with_what_is_deployed(tmp_path: Path, sites: tuple[Path, Path]) -> None:
    one, two = sites
    output = tmp_path / "out"
    assert run(one, output=output).ok
    before = tree(output)
    with reserved(output, Disk(), impatient), pytest.raises(WaitsError):
        build_into(two, output)
    assert tree(output) == before
    assert build_into(two, output).ok


@pytest.mark.parametrize("is_first", [True, False], ids=["a first output", "an output that is there"])
def test_of_two_that_begin_together_the_later_is_refused(is_first: bool, tmp_path: Path, sites: tuple[Path, Path]) -> None:
    one, two = sites
    output = tmp_path / "out"
    if not is_first:
        assert run(one, output=output).ok
    # The later one has looked at the output before the other one makes its folder there, and comes to its own when that is in use.
    place = Path(staging_places(output)[is_first])

    def begins(stage: str, done: int, total: int) -> None:
        if stage == "link" and not place.exists():
            place.mkdir(0o700)
            write(place, {"tree/index.html": "another's"})

    report = build(BuildRequest(two, output, NOW), begins)
    assert not report.ok
    assert codes(report) == ["output-refused"]
    assert str(place) in report.diagnostics[0].remedy
    assert tree(place) == {"tree/index.html": b"another's"}


def test_what_another_has_published_meanwhile_is_not_mixed_with_ours(tmp_path: Path, sites: tuple[Path, Path]) -> None:
    one, two = sites
    output = tmp_path / "out"
    assert run(one, output=output).ok
    write(one, {"content/notes/third.md": note("Third")})

    def meanwhile(stage: str, done: int, total: int) -> None:
        if stage == "link":
            assert run(two, output=output).ok

    assert codes(build(BuildRequest(one, output, NOW), meanwhile)) == ["output-refused"]
    alone = tmp_path / "alone"
    assert run(two, output=alone).ok
    assert tree(output) == tree(alone)
    assert run(one, output=output).ok
    assert run(one, output=alone, clean=True).ok
    assert tree(output) == tree(alone)


@pytest.mark.parametrize("stage", ["render", "write"])
@pytest.mark.parametrize(
    ("lost", "is_first"),
    [*((lost, first) for lost in ("", "tree", "tree/notes/third/index.html") for first in (True, False)), ("replacements", False)],
)
def test_staged_files_that_are_taken_away_are_an_error(lost: str, stage: str, is_first: bool, tmp_path: Path) -> None:
    """As by another build where a file system knows no locks."""
    site = small_site(tmp_path / "desk")
    if not is_first:
        assert run(site).ok
    write(site, {"content/notes/third.md": note("Third"), "content/notes/2017-12-15-un-offer.md": note("Edited")})
    place = Path(staging_places(site / "_site")[is_first])
    before = tree(site / "_site")

    def meanwhile(now: str, done: int, total: int) -> None:
        if now == stage and (place / lost).exists():
            shutil.rmtree(place / lost) if (place / lost).is_dir() else (place / lost).unlink()

    with pytest.raises(FileNotFoundError):
        build(BuildRequest(site, site / "_site", NOW, 1), meanwhile)
    assert tree(site / "_site") == before
    assert (site / "_site").exists() != is_first
    assert not place.exists(), "nobody makes it anew"
    assert run(site).ok
    assert run(site, output=tmp_path / "clean").ok
    assert tree(site / "_site") == tree(tmp_path / "clean")


@pytest.mark.parametrize("when", range(2, 8))
def test_what_is_taken_away_while_it_is_published_is_no_success(when: int, tmp_path: Path) -> None:
    site = small_site(tmp_path / "desk")
    assert run(site).ok
    write(site, {"content/notes/third.md": note("Third"), "content/notes/2017-12-15-un-offer.md": note("Edited")})
    moves = 0

    def replace(source: str, target: str) -> None:
        nonlocal moves
        moves += 1
        if moves == when:
            shutil.rmtree(staging_places(site / "_site")[0])
        Path(source).replace(target)

    with pytest.raises(FileNotFoundError):
        run(site, disk=Disk(replace=replace))
    assert run(site).ok
    assert run(site, output=tmp_path / "clean").ok
    assert tree(site / "_site") == tree(tmp_path / "clean")


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOTSUP, errno.EBADF])
def test_where_a_file_system_knows_no_locks_sites_are_built(number: int, tmp_path: Path) -> None:
    site = small_site(tmp_path)
    for title in ("First", "Second"):
        write(site, {OTHER: note(title)})
        assert run(site, disk=Disk(lock=refusing(number))).ok
    assert b"Second" in tree(site / "_site")["notes/other/index.html"]


def test_who_waits_for_a_folder_that_goes_does_not_take_the_next_ones(tmp_path: Path) -> None:
    """The next one is another build's by then."""
    place = tmp_path / "place"
    place.mkdir()
    calls = []

    def lock(descriptor: int, wait: bool) -> None:
        calls.append(wait)
        if len(calls) == 1:
            raise BlockingIOError
        if len(calls) == 2:
            place.rename(tmp_path / "gone")
            place.mkdir()

    with held(str(place), Disk(lock=lock), lambda: None) as is_there:
        assert is_there
    assert calls == [False, True, False], "the new one is locked, too"


@pytest.mark.parametrize("path", ["index.html", "tree/notes/index.html"])
def test_a_folder_that_has_gone_is_not_made_again(path: str, tmp_path: Path) -> None:
    """It would be open to others, and another build's by then."""
    with pytest.raises(FileNotFoundError):
        write_file(Destination(f"{tmp_path}/gone", everybody=True, disk=Disk()), path, b"")
    assert not list(tmp_path.iterdir())
