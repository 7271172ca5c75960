"""The same input gives the same bytes: whatever the machine is set to, however the work is split, wherever the site lies."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from briefings.engine.api import BuildRequest
from briefings.engine.build import build
from briefings.engine.cache import Cache
from tests.kit.small_sites import NOW, REPOSITORY, example_site, note, small_site
from tests.kit.twin import tree_of

BUILD = """
import os, sys
os.umask(int(sys.argv[3], 8))
if __name__ == "__main__":
    if sys.argv[1] == "spawn":
        from briefings.executors import processes
        processes.executor_for = lambda jobs, scheduler: processes.Processes(jobs, "spawn")
    from briefings.cli.main import run
    sys.exit(run(["build", "--jobs", sys.argv[2], "--now", "2018-01-01T12:00:00Z", "--quiet"]))
"""
"""A program that builds as its arguments say: how processes start, how many, and the umask."""

WAYS: tuple[tuple[str, str, str, Mapping[str, str]], ...] = (
    ("fork", "1", "022", {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"}),
    ("fork", "2", "077", {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LC_ALL": "C"}),
    ("spawn", "3", "002", {"PYTHONHASHSEED": "12345", "TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "LANG": "de_CH.UTF-8"}),
)
"""Not every combination: each differs from the first in everything."""


def generated_site(folder: Path) -> Path:
    """A site with so many notes that worker processes start. Its theme is soon compiled by each; that of the example site is the other."""
    files: dict[str, str | bytes | None] = {}
    for i in range(200):
        topics, actors = f"[topic-{i % 7}, topic-{i % 5}]", f"[un, {{id: actor-{i % 11}, role: speaker}}, japan]"
        link = f"See [what was said](note:n{(i * 7) % 200}) by [them](actor:actor-{i % 13}).\n\n![Ü](bild.gif)\n"
        files[f"content/notes/n{i}.md"] = note(
            f"Note {i % 90}", f"2017-{i % 12 + 1:02}-{i % 28 + 1:02}", link, topics=topics, actors=actors
        )
    files["content/notes/bild.gif"] = b"GIF89a\x10\x00\x10\x00\x00\x00\x00;"
    files["content/site.yaml"] = (
        "title: Désk\nurl: https://desk.example.org/\ntheme: wire\nundeclared: warn\npage_sizes: {notes: 20, topic: 10, actor: 10}\n"
    )
    return small_site(folder, files)


def digest_after_build(site: Path, way: tuple[str, str, str, Mapping[str, str]]) -> str:
    """Digest of names, modes and bytes of the whole output, and of what was said."""
    *arguments, environment = way
    program = site.parent / "build.py"
    program.write_text(BUILD, encoding="utf-8")
    base = {key: value for key, value in os.environ.items() if key not in ("LANG", "LC_ALL", "TZ", "PYTHONHASHSEED")}
    done = subprocess.run(
        [sys.executable, program, *map(str, arguments)],
        cwd=site,
        env={**base, "PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1", **environment},
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr.decode()
    made = hashlib.blake2b(done.stderr)
    for path, (mode, data) in sorted(tree_of(site / "_site").items()):
        made.update(f"{path} {mode:o} {len(data)}\n".encode() + data)
    return made.hexdigest()


@pytest.mark.parametrize("make", [example_site, generated_site])
def test_the_same_bytes_everywhere(make: object, tmp_path: Path) -> None:
    assert callable(make)
    folders = [tmp_path / "one" / "site", tmp_path / "zwei" / "tiefer" / "seite", tmp_path / "drei" / "s"]
    for folder in folders:
        folder.mkdir(parents=True)
        for made in folder.parents[:2]:
            made.chmod(0o755)
    digests = set()
    for folder, way in zip(folders, WAYS, strict=True):
        site = folder if make is generated_site else folder / "copy"
        site.mkdir(exist_ok=True)
        make(site)
        digests.add(digest_after_build(site, way))
    assert len(digests) == 1


def test_what_is_remembered_does_not_depend_on_the_number_of_jobs(tmp_path: Path) -> None:
    """Else the first edit after a parallel build would be taken for a change of all that other pages know of the note."""
    remembered = []
    for jobs in (1, 2):
        site = tmp_path / str(jobs)
        site.mkdir()
        generated_site(site)
        assert build(BuildRequest(site, site / "_site", NOW, jobs=jobs)).ok
        cache = Cache(site)
        header = cache.header()
        assert header
        known = cache.state(header, ())
        assert known
        remembered.append((known.body.sources, known.body.plan, known.body.packs))
    assert remembered[0] == remembered[1]
