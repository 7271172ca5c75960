"""Small sites for tests: write files, build, and read the output."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from briefings.engine.api import BuildReport, BuildRequest
from briefings.engine.build import build
from briefings.publication.disk import Disk

REPOSITORY = Path(__file__).parents[2]
DATA = REPOSITORY / "tests" / "data"
DISK = Disk()
NOW = dt.datetime(2018, 1, 1, 12, tzinfo=dt.UTC)
PATIENCE = 120.0
"""Seconds after which a test gives up waiting; a passing test never takes so long, however busy the machine is."""

SMALL_SITE: Mapping[str, str] = {
    "content/site.yaml": "title: Desk\nurl: https://desk.example.org/briefings/\n",
    "content/notes/2017-12-15-un-offer.md": (
        "---\ntitle: UN offers to mediate\ndate: 2017-12-15\nsummary: A short summary.\n"
        "topics: [mediation]\nactors: [un, {id: guterres, role: speaker}]\nsources: [{id: s1, source: tass}]\n---\n\n"
        "The [UN](actor:un) said so [@s1].\n"
    ),
    "content/topics/mediation.yaml": "name: Mediation\n",
    "content/actors/un.yaml": "name: United Nations\ntype: organization\n",
    "content/actors/guterres.yaml": (
        "name: António Guterres\ntype: person\nsort_name: Guterres, António\n"
        "offices: [{role: Secretary-General, organization: un, from: 2017-01-01}]\n"
    ),
    "content/actors/japan.yaml": "name: Japan\ntype: state\n",
    "content/sources/tass.yaml": "name: TASS\ntype: News agency\n",
}
"""A site with one record of each kind, linked to one another."""


def note(title: str = "A note", date: str = "2017-12-15", body: str = "Text.\n", **header: str) -> str:
    """Return the text of a note; values of `header` are YAML."""
    fields = "".join(f"{key}: {value}\n" for key, value in header.items())
    return f"---\ntitle: {title}\ndate: {date}\n{fields}---\n\n{body}"


def write(folder: Path, files: Mapping[str, str | bytes | None]) -> Path:
    """Write `files` into `folder`; None deletes a file."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if data is None:
            path.unlink()
        elif isinstance(data, bytes):
            path.write_bytes(data)
        else:
            path.write_bytes(data.encode())
    return folder


def small_site(folder: Path, files: Mapping[str, str | bytes | None] | None = None) -> Path:
    """Write the small site into `folder`, with `files` added or replaced."""
    return write(write(folder, SMALL_SITE), files or {})


def example_site(folder: Path, settings: str = "") -> Path:
    """Copy this repository's own site into `folder`; lines of `settings` replace those of site.yaml."""
    shutil.copytree(REPOSITORY / "content", folder / "content")
    config = folder / "content/site.yaml"
    replaced = tuple(line.partition(":")[0] + ":" for line in settings.splitlines())
    kept = [line for line in config.read_text(encoding="utf-8").splitlines() if not replaced or not line.startswith(replaced)]
    config.write_text("\n".join([*kept, settings, ""]), encoding="utf-8")
    return folder


def run(
    site: Path,
    *,
    output: Path | None = None,
    now: dt.datetime = NOW,
    jobs: int = 1,
    clean: bool = False,
    verify: bool = False,
    program: bytes = b"",
    disk: Disk = DISK,
) -> BuildReport:
    """Build `site` into its `_site`, with the system calls of `disk`, or as another version of the `program` would."""
    output = output or site / "_site"
    return build(BuildRequest(site.resolve(), output, now, jobs, clean=clean, verify=verify, explain=True, program=program, disk=disk))


def codes(report: BuildReport) -> list[str]:
    """Return the codes of a report's diagnostics, in order."""
    return [d.code for d in report.diagnostics]


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below `folder` with its bytes."""
    found = {path: Path(entry.path).read_bytes() for path, entry in below(folder) if entry.is_file()}
    return dict(sorted(found.items(), key=lambda item: item[0].split("/")))


def below(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield everything below `folder`, which need not exist, by its path from there. Folders behind links are not entered.

    Trees are compared after thousands of builds, and `Path.rglob` takes five times as long.
    """
    folders = [("", str(folder))] if folder.is_dir() else []
    while folders:
        path, name = folders.pop()
        with os.scandir(name) as entries:
            for entry in entries:
                yield path + entry.name, entry
                if entry.is_dir(follow_symlinks=False):
                    folders.append((f"{path}{entry.name}/", entry.path))


def until(what: Callable[[], object], told: Callable[[], object] = lambda: "that never happened") -> None:
    """Wait until `what` returns something true; `told` explains the failure when it never does."""
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, told()
        time.sleep(0.005)


def takes_linear_time(work: Callable[[int], object], size: int) -> bool:
    """Whether ten times the work takes about ten times the processor time; quadratic work would take a hundred times as much."""
    work(1)
    small = min(_processor_time(work, size) for _ in range(3))
    # Other processes can only lengthen a measurement.
    return any(_processor_time(work, 10 * size) < 35 * small for _ in range(3))


def _processor_time(work: Callable[[int], object], size: int) -> float:
    begun = time.thread_time()
    work(size)
    return time.thread_time() - begun


@contextmanager
def as_nobody() -> Iterator[None]:
    """Run the block without the rights of root, who may read and write everything."""
    if os.getuid():
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
