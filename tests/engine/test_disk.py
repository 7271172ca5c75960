"""System calls and file systems that do less than others: a whole build with each of their fall-backs."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.engine.scan import RACE, SourceStamp, is_racy, racy_since
from briefings.engine.state import Columns
from briefings.publication.disk import Disk, as_int64
from tests.kit.faulty import refusing
from tests.kit.small_sites import note, run, small_site, tree, write

NOTE = "content/notes/2017-12-15-un-offer.md"
EDITS: tuple[dict[str, str | None], ...] = (
    {},
    {NOTE: note("UN", body="Another text.\n")},
    {"content/notes/new.md": note("New", topics="[mediation]")},
    {"content/notes/new.md": None},
)


DISKS = {
    "chmod refused": Disk(chmod=refusing(errno.EPERM)),
    "chmod ignored": Disk(chmod=lambda *_: None),
    "no fsync": Disk(fsync=refusing(errno.EINVAL)),
    "no groups": Disk(chown=refusing(errno.ENOTSUP)),
}


@pytest.mark.parametrize("umask", [0o000, 0o077])
@pytest.mark.parametrize("name", DISKS)
def test_a_whole_build_with_a_system_call_that_does_nothing(name: str, umask: int, tmp_path: Path) -> None:
    site, clean = small_site(tmp_path / "desk"), small_site(tmp_path / "clean")
    before = os.umask(umask)
    try:
        for edit in EDITS:
            write(site, edit)
            write(clean, edit)
            assert run(site, disk=DISKS[name]).ok
            assert run(clean, clean=True).ok
            assert tree(site / "_site") == tree(clean / "_site")
            again = run(site, disk=DISKS[name])
            assert (again.written, again.built) == (0, ()), "a build without a change has nothing to do"
    finally:
        os.umask(before)


YEARS = ("1601-01-01", "1969-12-31", "2262-04-12", "2300-01-01", "2400-01-01")


@pytest.mark.parametrize("published", [False, True])
@pytest.mark.parametrize("year", YEARS)
def test_times_that_no_64_bits_hold(year: str, published: bool, tmp_path: Path) -> None:
    site = small_site(tmp_path)
    assert run(site).ok
    file = site / ("_site/notes/un-offer/index.html" if published else NOTE)
    seconds = (int(year[:4]) - 1970) * 31_556_952
    os.utime(file, (seconds, seconds))
    assert run(site).ok
    time.sleep(RACE / 1e9)
    assert run(site).ok
    assert run(site).written == 0
    write(site, {NOTE: note("UN", body="Another text.\n")})
    os.utime(site / NOTE, (seconds, seconds))
    assert run(site).ok
    assert b"Another text" in tree(site / "_site")["notes/un-offer/index.html"]


numbers = st.integers(-(2**70), 2**70)


@given(numbers, numbers)
def test_any_number_is_folded_into_64_bits(one: int, other: int) -> None:
    assert -(2**63) <= as_int64(one) < 2**63
    assert as_int64(one) == one or not -(2**63) <= one < 2**63
    assert (as_int64(one) == as_int64(other)) == ((one - other) % 2**64 == 0)


@given(st.dictionaries(st.text(st.characters(exclude_characters="\0"), min_size=1), st.tuples(numbers, numbers, numbers, numbers)))
def test_folded_stamps_are_kept_as_they_are(stamps: dict[str, tuple[int, int, int, int]]) -> None:
    folded = {path: SourceStamp((as_int64(a), as_int64(b), as_int64(c), as_int64(d))) for path, (a, b, c, d) in stamps.items()}
    assert Columns.of(folded).stamps() == folded


@given(st.integers(0, 2**61), st.integers(0, 2**32), st.sampled_from([1, 1_000, 100_000, 10_000_000, 1_000_000_000, 2_000_000_000]))
def test_a_file_that_may_change_again_within_a_tick_of_its_clock_is_racy(changed: int, later: int, tick: int) -> None:
    """`changed` is when a file was written, on a clock that is told in whole ticks, and the scan was so much `later`."""
    told, scanned = changed // tick * tick, changed + later
    stamp = SourceStamp((1, told, told, 1))
    # Written again right after the scan, it would have this very stamp.
    if scanned // tick * tick == told:
        assert is_racy(stamp, scanned)
    if is_racy(stamp, scanned):
        assert told >= racy_since(scanned)
    if later > 3_000_000_000:
        assert not is_racy(stamp, scanned), "a file that is old enough is never hashed again"


@pytest.mark.parametrize(("ahead", "racy"), [(1_000_000_000, True), (3_600_000_000_000, True), (2_500_000_000_000_000_000, False)])
def test_a_time_that_no_clock_can_have_given_is_not_racy(ahead: int, racy: bool) -> None:
    """The clock of a share may be an hour ahead; a time of another century was set by hand, and the next save has another."""
    scanned = 1_700_000_000_000_000_000
    assert is_racy(SourceStamp((1, scanned + ahead, scanned - 10_000_000_000, 1)), scanned) is racy
