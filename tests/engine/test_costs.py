"""What a build costs: it touches what changed and not what exists, grows as the site grows, and starts no process for a little work."""

from __future__ import annotations

import datetime as dt
import random
import sys
from collections import Counter
from functools import partialmethod
from pathlib import Path
from typing import Any

import pytest

from briefings.content.parse import parse
from briefings.core.config import SiteConfig
from briefings.executors.processes import Processes
from briefings.pages.plan import plan
from briefings.site import related
from briefings.site.link import link
from briefings.site.visibility import Readers
from tests.kit.observed import processes_end, steps
from tests.kit.small_sites import NOW, note, run, small_site, tree, write
from tests.kit.strace import Straced, available

SETTINGS = "title: Desk\nurl: https://desk.example.org/\ntheme: wire\nundeclared: allow\noutputs: {documents: false, search: false}\n"


def path_of(number: int) -> str:
    return f"content/notes/n{number}.md"


def text(number: int, body: str = "Text.\n") -> str:
    """A note; every other one names the same actor."""
    actors = f"[actor-{number % 7}, actor-{number % 11}{', un' if number % 2 else ''}]"
    return note(f"Note {number}", f"2017-{number % 12 + 1:02}-{number % 28 + 1:02}", body, topics=f"[topic-{number % 5}]", actors=actors)


def site_of(folder: Path, notes: int) -> Path:
    """A site with so many notes."""
    files: dict[str, str | bytes | None] = {path_of(number): text(number) for number in range(notes)}
    return small_site(folder, {"content/site.yaml": SETTINGS, **files})


# ── Publishing ───────────────────────────────────────────────────────────────


def touched(folder: Path, before: dict[str, tuple[int, ...]]) -> set[str]:
    """The files and folders whose inode or times are not what they were."""
    return {path for path, stamp in stamps(folder).items() if before.get(path) != stamp}


def stamps(folder: Path) -> dict[str, tuple[int, ...]]:
    """Inode, modification and change time of all below `folder`, and of itself."""
    found = {path.relative_to(folder).as_posix(): path.lstat() for path in (folder, *folder.rglob("*"))}
    return {path: (status.st_ino, status.st_mtime_ns, status.st_ctime_ns) for path, status in found.items()}


def parts(*paths: str) -> set[str]:
    """Pages of notes and their folders."""
    return {part for path in paths for part in (f"notes/{path}", f"notes/{path}/index.html")}


def test_publishing_touches_what_changed_and_not_what_exists(tmp_path: Path) -> None:
    site = site_of(tmp_path, 200)
    output = site / "_site"
    assert run(site).ok
    for edited in ((3,), (4, 5)):
        before = stamps(output)
        write(site, {path_of(n): text(n, "Edited.\n") for n in edited})
        assert run(site).written == len(edited)
        # The staging folder comes and goes in the output, and leaves a trace of that.
        assert touched(output, before) == {"."} | parts(*(f"n{n}" for n in edited))


def test_the_calls_of_an_edit_do_not_depend_on_the_number_of_notes(tmp_path: Path) -> None:
    if why := available():
        pytest.skip(why)
    counted = {}
    with Straced() as straced:
        for notes in (50, 300):
            site = site_of(tmp_path / str(notes), notes)
            for edited in ((), (1, 2), (3, 4), (5,), (6, 7)):
                write(site, {path_of(n): text(n, f"Edited {edited}.\n") for n in edited})
                ended = straced.build(site, tmp_path / "log")
                assert ended.code == 0, ended.output
                counted[notes, edited] = changing(ended.log)
    for edited in ((3, 4), (5,), (6, 7)):
        assert counted[50, edited] == counted[300, edited]
        assert counted[50, edited]["rename"] <= 2 + 2 * len(edited)


def test_pages_that_are_rendered_again_need_no_folders(tmp_path: Path) -> None:
    """A new folder costs more than a new file: of many pages, as long as all else together."""
    if why := available():
        pytest.skip(why)
    site = site_of(tmp_path / "site", 40)
    with Straced() as straced:
        first = straced.build(site, tmp_path / "log")
        write(site, {"content/site.yaml": SETTINGS.replace("title: Desk", "title: Another desk")})
        again = straced.build(site, tmp_path / "log")
    assert (first.code, again.code) == (0, 0), first.output + again.output
    assert changing(first.log)["mkdir"] > 40
    # Every page has the site's title.
    assert changing(again.log)["rename"] > 40
    assert changing(again.log)["mkdir"] < 10


def changing(log: str) -> Counter[str]:
    """How often a build called the system to open a file for writing, or to change a folder."""
    names = Counter[str]()
    for line in log.splitlines():
        name = line.partition("(")[0]
        if name.startswith(("link", "rename", "unlink", "mkdir", "rmdir")) or (
            name == "openat" and ("O_WRONLY" in line or "O_RDWR" in line)
        ):
            names[name] += 1
    return names


# ── The whole site ───────────────────────────────────────────────────────────


def growth(notes: int) -> tuple[float, float]:
    """By how much the work of linking and of planning grows when a site becomes twice as large."""
    config = SiteConfig(title="Desk", undeclared="allow")
    found: list[tuple[int, int]] = []
    for size in (notes, 2 * notes):
        parsed = [parse(path_of(number), text(number).encode(), config) for number in range(size)]
        linked: list[Any] = []
        linking = steps(lambda p=parsed, s=linked: s.append(link(p, (), config, Readers("TLP:CLEAR", NOW, dt.UTC))))  # type: ignore[misc]  # a default binds the loop's value
        site, problems = linked[0]
        assert not [p for p in problems if p.severity == "error"]
        found.append((linking, steps(lambda s=site: list(plan(s)))))  # type: ignore[misc]  # a default binds the loop's value
    return found[1][0] / found[0][0], found[1][1] / found[0][1]


@pytest.mark.no_cover
def test_twice_the_notes_are_twice_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """One actor is in half of all notes. Steps are counted, not time."""
    linking, planning = growth(200)
    assert linking < 2.2
    assert planning < 2.2
    monkeypatch.setattr(related, "WINDOW", sys.maxsize)
    assert growth(200)[1] > 2.5, "work that grows with the square of the notes would be found"


# ── Processes ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("notes", "jobs"), [(200, 1), (20, 4)], ids=["one job", "few files"])
def test_no_process_is_started_for_nothing(notes: int, jobs: int, tmp_path: Path) -> None:
    site = site_of(tmp_path, notes)
    for edit in ({}, {path_of(1): text(1, "Edited.\n"), "themes/wire/assets/more.css": "p {}\n"}):
        write(site, edit)
        assert not processes_end(lambda: good(site, jobs))


def good(site: Path, jobs: int) -> None:
    assert run(site, jobs=jobs).ok


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_incremental_builds_with_workers_equal_clean_ones(start: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Processes, "__init__", partialmethod(Processes.__init__, start=start))
    chance = random.Random(7)  # noqa: S311
    site = site_of(tmp_path / "site", 160)
    files: dict[str, str | bytes | None] = {}
    edits: list[dict[str, str | bytes | None]] = [
        {path_of(n): text(n, f"Edited {n}.\n") for n in chance.sample(range(160), 150)},
        {"content/site.yaml": SETTINGS.replace("Desk", "Office"), path_of(161): text(161)},
        {path_of(n): note(f"Other {n}", body="Other.\n", topics="[topic-1]") for n in chance.sample(range(160), 5)},
    ]
    assert processes_end(lambda: good(site, 2))
    for edit in edits:
        files |= edit
        write(site, edit)
        assert processes_end(lambda: good(site, 2)) or len(edit) == 5
    clean = write(site_of(tmp_path / "clean", 160), files)
    assert run(clean).ok
    assert tree(site / "_site") == tree(clean / "_site")
