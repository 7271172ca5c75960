"""A site that is built again and again, and compared with a clean build of the same sources."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import os
import shutil
import stat
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec import Struct

from briefings.core.diagnostics import Diagnostic
from briefings.engine import templates
from briefings.engine.api import BuildReport, BuildRequest
from briefings.engine.build import build
from briefings.engine.cache import FOLDER
from briefings.engine.lock import finish
from briefings.publication.journal import has_begun
from briefings.publication.tree import MANIFEST, STAGING, is_unfinished, staging_places
from briefings.rendering.compile import compile_theme
from tests.kit.small_sites import below, write

Tree = dict[str, tuple[int, bytes]]
"""Path to mode and bytes; a folder's path ends with a slash, and its bytes are empty."""


class Reference(Struct, frozen=True):
    """The result of a clean build of some sources."""

    ok: bool
    diagnostics: tuple[Diagnostic, ...]
    tree: Tree


class Twin:
    """A site, and the clean builds of its sources."""

    def __init__(self, folder: Path) -> None:
        self.site = folder / "site"
        self.output = self.site / "_site"
        self.foreign: dict[str, bytes] = {}
        """Files in the output that no build wrote."""
        self.left: dict[str, tuple[int, int, int, int]] = {}
        """Stamps of the output after the last build; empty if anything else has changed the output or the cache since."""
        self._clean = folder / "elsewhere" / "deeper"
        self._references: dict[bytes, Reference] = {}

    @property
    def cache(self) -> Path:
        """Return the path of the cache."""
        return self.site / FOLDER / "cache.sqlite"

    def build(self, now: dt.datetime, *, jobs: int = 1, clean: bool = False, verify: bool = False, program: bytes = b"") -> BuildReport:
        """Build the site and compare nothing."""
        return build(BuildRequest(self.site, self.output, now, jobs, clean, verify, explain=True, program=program))

    def build_twice_at_once(self, now: dt.datetime) -> None:
        """Start two builds at once: both must succeed, and one of them finds nothing to do."""
        self.left = {}
        with ThreadPoolExecutor(2) as both:
            first, second = both.map(self.build, (now, now))
        assert words(first) == words(second)
        assert not first.ok or 0 in (first.written, second.written)

    def build_by_another_program(self, now: dt.datetime) -> None:
        """Build the site with another version of the program, whose cache ours must not use."""
        self.left = {}
        self.build(now, program=b"another")

    def build_and_compare(
        self, files: Mapping[str, bytes], stubs: Mapping[str, bytes], now: dt.datetime, *, clean: bool = False, verify: bool = False
    ) -> bool:
        """Build the site from `files` and compare everything with a clean build; return whether the build was good.

        `stubs` are withheld records without their contents, which must make no difference to what is published.
        """
        before = stamps(self.output)
        # Now and then a build uses several processes, as for a large site.
        report = self.build(now, jobs=1 if len(files) % 4 else 2, clean=clean, verify=verify)
        self._assert_nothing_for_nothing(report, before)
        reference = self._reference(files, now)
        said, expected = words(report), words(reference)
        assert said == expected, f"it says {said - expected}, and does not say {expected - said}"
        if not report.ok:
            assert stamps(self.output) == before, "a build that failed touched the output"
            return False
        published = self._own_tree()
        assert_equal(published, reference.tree)
        silent = {path: stub for path, stub in stubs.items() if all(d.place.path != path for d in report.diagnostics)}
        if silent:
            assert_equal(published, self._reference({**files, **silent}, now).tree)
        after = stamps(self.output)
        again = self.build(now)
        assert again.ok
        assert (again.written, again.removed) == (0, 0)
        assert words(again) == said
        self.left = stamps(self.output)
        assert self.left == after, "a build without a change touched the output"
        self.assert_tidy()
        return True

    def _assert_nothing_for_nothing(self, report: BuildReport, before: Mapping[str, tuple[int, int, int, int]]) -> None:
        """Check that no page was built because of its file unless somebody had touched the file."""
        for built in report.built:
            file = str(self.output / built.url / ("index.html" if built.url.endswith("/") else ""))
            sound = file in before and before[file] == self.left.get(file)
            assert not (sound and "its file" in built.reason), f"{built.url} was built, and nothing had changed"

    def build_and_die(self, files: Mapping[str, bytes], now: dt.datetime, event: int, *, killed: bool, lost: bool) -> None:
        """Start a build that ends at its `event`th system call: killed, or interrupted so that it can clean up.

        Then the next command must finish the publication; or, if the journal is `lost`, the next build must repair the output.
        """
        self.left = {}
        before = self._own_tree() if self.output.exists() else {}
        with warnings.catch_warnings():
            # The child starts no threads and waits for none.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if not child:
            _die_at(event, lambda: self.build(now), killed=killed)
        os.waitpid(child, 0)
        found = tree_of(self.output)
        after: Tree = {}
        for path in found.keys() - {MANIFEST}:
            if not path.endswith("/") and not path.startswith(STAGING) and path not in self.foreign and found[path] != before.get(path):
                after = after or self._reference(files, now).tree
                assert found[path] == after.get(path), f"{path} is neither the old one nor the new one"
        staging = next((Path(place) for place in staging_places(self.output) if os.path.lexists(place)), None)
        assert killed or staging is None or has_begun(str(staging)), "what was not killed has cleared away"
        if lost and staging:
            shutil.rmtree(staging)
            return
        finish(self.site, self.output, lambda: None)
        left = self._own_tree() if self.output.exists() else {}
        if left != before:
            assert_equal(left, self._reference(files, now).tree)
        self.assert_tidy()

    def assert_tidy(self) -> None:
        """Check that nothing is left over but what builds need."""
        assert {p.name for p in self.site.iterdir()} <= {"content", "themes", "_site", FOLDER}
        assert {p.name for p in (self.site / FOLDER).iterdir()} <= {"cache.sqlite", "lock", ".gitignore"}
        assert not is_unfinished(self.output)

    def _own_tree(self) -> Tree:
        """Return the output without foreign files, which must be unchanged, and without folders that only those need."""
        tree = tree_of(self.output)
        for path, data in self.foreign.items():
            assert tree.pop(path, (0, None))[1] == data, f"{path} is lost"
        for path in sorted((p for p in tree if p.endswith("/")), reverse=True):
            of_others = any(p.startswith(path) for p in self.foreign)
            if of_others and not any(p.startswith(path) for p in tree if p != path):
                del tree[path]
        return tree

    def _reference(self, files: Mapping[str, bytes], now: dt.datetime) -> Reference:
        made = hashlib.blake2b(now.isoformat().encode())
        for path in sorted(files):
            made.update(f"{path}\0{len(files[path])}\0".encode() + files[path])
        key = made.digest()
        if key not in self._references:
            shutil.rmtree(self._clean, ignore_errors=True)
            write(self._clean, files)
            report = build(BuildRequest(self._clean, self._clean / "out", now, jobs=2, clean=True))
            tree = tree_of(self._clean / "out") if report.ok else {}
            self._references[key] = Reference(report.ok, report.diagnostics, tree)
        return self._references[key]


@contextmanager
def remembering() -> Iterator[None]:
    """Compile each theme once for the whole block: compiling does not depend on former builds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(templates, "compile_theme", functools.lru_cache(maxsize=64)(compile_theme))
        yield


def words(of: BuildReport | Reference) -> set[object]:
    """Return whether a build was good, and its diagnostics without those of lost addresses, which depend on the build before."""
    return {of.ok, *(d for d in of.diagnostics if d.code != "lost-address")}


def tree_of(folder: Path) -> Tree:
    """Return all files and folders below `folder`."""
    tree: Tree = {}
    for name, entry in below(folder):
        mode = stat.S_IMODE(entry.stat().st_mode)
        tree.update({f"{name}/": (mode, b"")} if entry.is_dir() else {name: (mode, Path(entry.path).read_bytes())})
    return tree


def stamps(folder: Path) -> dict[str, tuple[int, int, int, int]]:
    """Return what shows whether a file below `folder` was touched."""
    found = {}
    for _, entry in below(folder):
        status = entry.stat(follow_symlinks=False)
        if not stat.S_ISDIR(status.st_mode):
            found[entry.path] = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_mode)
    return found


def assert_equal(found: Tree, expected: Tree) -> None:
    """Compare two trees, and name the files that differ rather than print them whole."""
    missing, surplus = sorted(expected.keys() - found.keys()), sorted(found.keys() - expected.keys())
    assert not missing, f"missing: {missing}"
    assert not surplus, f"left over: {surplus}"
    for path, (mode, data) in expected.items():
        assert found[path][0] == mode, f"{path} has mode {found[path][0]:o}"
        assert found[path][1] == data, f"{path} differs"


def _die_at(event: int, work: Callable[[], object], *, killed: bool) -> None:
    """Do `work` in this process, and end it at its `event`th system call, or when the work is done."""
    countdown = event

    def watch(name: str, _: tuple[object, ...]) -> None:
        nonlocal countdown
        if name == "open" or name.startswith(("os.", "ctypes.", "sqlite3.", "shutil.")):
            countdown -= 1
            if countdown == 0:
                if killed:
                    os._exit(9)
                raise KeyboardInterrupt

    sys.addaudithook(watch)
    try:
        work()
    except BaseException:
        os._exit(1)
    os._exit(0)
