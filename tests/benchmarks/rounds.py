"""The rounds: in each, every generator builds once, so that a machine that slows down slows all of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.measure import BuildFailedError, Measured, settle, timed
from tests.benchmarks.sites import Site

MODES: dict[str, str] = {
    "cold": "Nothing built before",
    "nochange": "Nothing changed",
    "edit": "One text edited",
    "title": "One title edited",
    "template": "Base template edited",
}
"""Every kind of work with its name in tables."""

_MARKS = (f"Revision{number}" for number in itertools.count(1))
"""Words that the corpus does not have; no build sees one twice."""


@dataclass(frozen=True)
class Result:
    """All measurements of one kind of work on one number of notes."""

    mode: str
    notes: int
    runs: Mapping[str, tuple[Measured, ...]]
    """By generator, one of each round."""
    files: Mapping[str, int]
    """By generator, how many files its site has."""


def command(site: Site, executable: Path) -> list[str | Path]:
    """What builds the site."""
    return [executable, *(argument.format(site=site.folder) for argument in site.generator.arguments)]


def measure(mode: str, sites: Sequence[tuple[Site, Path]], rounds: int, told: Callable[[str], None] = lambda _: None) -> Result:
    """Build each of the sites once in every round, the order turned round from one to the next."""
    for site, executable in sites:
        told(f"{MODES[mode]}, {site.notes:,} notes: {site.generator.label} gets ready")
        site.restore()
        timed(command(site, executable), site.folder)
    runs: dict[str, list[Measured]] = {site.generator.key: [] for site, _ in sites}
    for number, (site, executable) in _turns(sites, rounds):
        told(f"{MODES[mode]}, {site.notes:,} notes: round {number} of {rounds}, {site.generator.label}")
        runs[site.generator.key].append(_once(mode, site, executable))
    files = {site.generator.key: sum(path.is_file() for path in site.output.rglob("*")) for site, _ in sites}
    for site, _ in sites:
        site.restore()
    return Result(mode, sites[0][0].notes, {key: tuple(of) for key, of in runs.items()}, files)


def _turns(sites: Sequence[tuple[Site, Path]], rounds: int) -> Iterator[tuple[int, tuple[Site, Path]]]:
    for number in range(1, rounds + 1):
        for turn in sites if number % 2 else reversed(sites):
            yield number, turn


def _once(mode: str, site: Site, executable: Path) -> Measured:
    """One build after the change that `mode` stands for, which must then show in the page."""
    mark = ""
    if mode == "cold":
        site.clean()
    elif mode != "nochange":
        mark = next(_MARKS)
        changes = {"edit": site.change_body, "title": site.change_title, "template": site.change_template}
        changes[mode](mark)
    settle()
    measured = timed(command(site, executable), site.folder)
    if mark not in site.page.read_text(encoding="utf-8"):
        raise BuildFailedError(f"{site.generator.label} built {site.page}, and the change does not show in it")
    return measured
