"""What a build makes, from its first staged file to the moment when all has its place in the output."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from msgspec import Struct

from briefings.core.diagnostics import Diagnostic, problem
from briefings.publication.disk import Disk, held, narrow_files
from briefings.publication.journal import INTERIM, TREE, Journal, carry_out, close, has_begun, replacement
from briefings.publication.tree import MANIFEST, Destination, Label, make_folders, staging_places, write_manifest

DURABLE = 16
"""Up to how many new files a build waits for the disk to have their bytes before they are published."""


class FoundOutput(Struct, frozen=True, kw_only=True):
    """An output as a build has found it."""

    output: str
    published: Mapping[str, bytes]
    """The files that the last build left: their digests, which are empty where only the names are known."""
    damaged: frozenset[str]
    """The published files that have changed or gone since. Where nobody knows which have, the path of the manifest stands for all."""
    relabel: bool
    """Whether its manifest names another audience than this build has, or none: files that stay may then be closed to the new readers."""
    everybody: bool
    """Whether everybody may read what is published from now on."""


def changes_of(found: FoundOutput, paths: Collection[str], written: Collection[str]) -> tuple[Journal, tuple[Diagnostic, ...]]:
    """What turns the output as it was `found` into one with the files at `paths`, and what is in the way; those `written` are staged."""
    gone = [path for path in found.published if path not in paths]
    survey = _Survey(found, frozenset(gone))
    moved, replaced = {}, []
    for path in written:
        place = survey.place_for(path)
        if place and path in found.published:
            replaced.append(path)
        elif place:
            moved[place] = path
    gone = [path for path in gone if survey.is_folder(path.rpartition("/")[0])]
    above = _above(written) if gone else frozenset()
    cleared = [path for path in gone if path in above or any(folder in paths for folder in _above([path]))]
    if found.relabel and found.everybody:
        staying = set(paths).difference(written)
        for folder in _above(staying):
            survey.is_folder(folder)
        survey.opened += _closed(found.output, staying)
    journal = Journal(
        everybody=found.everybody,
        cleared=tuple(cleared),
        moved=tuple(moved),
        replaced=tuple(replaced),
        removed=tuple(sorted(set(gone).difference(cleared))),
        opened=tuple(survey.opened),
    )
    return journal, tuple(survey.conflicts.values())


class _Survey:
    """A look at all places in an output to which a file goes or from which one is removed; every folder is looked at once."""

    def __init__(self, found: FoundOutput, going: frozenset[str]) -> None:
        """`going` are the files that will be removed."""
        self.conflicts: dict[str, Diagnostic] = {}
        """By what is in the way."""
        self.opened: list[str] = []
        self._found = found
        self._going = going
        self._folders: dict[str, bool] = {}
        self._blocked: set[str] = set()
        """Where others have put something else than a folder."""
        self.is_folder("")

    def place_for(self, path: str) -> str:
        """What must be moved so that the file at `path` gets there: itself, or the topmost folder that is missing above it.

        Empty where something is in the way, which is then among the conflicts.
        """
        place = path
        while (above := place.rpartition("/")[0]) and not self.is_folder(above):
            place = above
        if place == path:
            return path if self._is_sound(path) or self._is_free(path) else ""
        if place in self._blocked:
            self._add_conflict(place)
            return ""
        return place

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder of ours at `path`, and not a file, or a link, behind which nothing is ours."""
        known = self._folders.get(path)
        if known is None:
            above = path.rpartition("/")[0]
            known = self._folders[path] = (not path or self.is_folder(above)) and self._look_at(path)
        return known

    def _look_at(self, path: str) -> bool:
        try:
            mode = os.lstat(f"{self._found.output}/{path}" if path else self._found.output).st_mode
        except FileNotFoundError:
            return False
        if not stat.S_ISDIR(mode):
            if path not in self._going:
                self._blocked.add(path)
            return False
        if self._found.everybody and mode & 0o777 != 0o755:
            self.opened.append(path)
        return True

    def _is_sound(self, path: str) -> bool:
        """Whether there is a file of ours at `path`, as the last build left it."""
        return path in self._found.published and path not in self._found.damaged and MANIFEST not in self._found.damaged

    def _is_free(self, path: str) -> bool:
        """Whether a file may be put at `path`, where there may be anything."""
        try:
            mode = os.lstat(f"{self._found.output}/{path}").st_mode
        except FileNotFoundError:
            return True
        if stat.S_ISDIR(mode):
            free = all(below in self._going for below in _files(self._found.output, path))
        else:
            free = path in self._found.published
        if not free:
            self._add_conflict(path)
        return free

    def _add_conflict(self, path: str) -> None:
        message = f"{path} is in the way of a page, and the build did not write it"
        remedy = "move it away, or change the id of the note that needs its place"
        self.conflicts[path] = problem("output-conflict", message, self._found.output, remedy)


def _files(output: str, path: str) -> Iterator[str]:
    """All files below the folder at `path`, and folders that are empty."""
    names = os.listdir(f"{output}/{path}")
    if not names:
        yield path
    for name in names:
        below = f"{path}/{name}"
        if os.path.isdir(f"{output}/{below}") and not os.path.islink(f"{output}/{below}"):
            yield from _files(output, below)
        else:
            yield below


def _above(paths: Iterable[str]) -> frozenset[str]:
    """The folders above `paths`, without the one that holds all of them."""
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return frozenset(found)


def _closed(output: str, paths: Iterable[str]) -> Iterator[str]:
    """Those of the files at `paths` that not everybody may read."""
    for path in paths:
        with contextlib.suppress(OSError):
            mode = os.lstat(f"{output}/{path}").st_mode
            if stat.S_ISREG(mode) and mode & 0o777 != 0o644:
                yield path


class Staging:
    """The folder in which a build makes what it will publish: in the output, or beside it while there is none.

    There, everything can be moved to its place, whatever is mounted where; nobody but its owner can look into it.
    """

    def __init__(self, output: Path, label: Label, disk: Disk, published: Collection[str]) -> None:
        """Make the folder, in or beside an output that has the `published` files.

        Raises FileExistsError where another build, whose site is not this one's, has its own there, and OSError.
        """
        self._output = output
        self._label = label
        self._disk = disk
        inside, beside = staging_places(output)
        self._is_first = not output.exists()
        self._place = beside if self._is_first else inside
        self._made = [folder for folder in output.parents if not folder.exists()]
        self._published = published
        self.destination = Destination(self._place, label.everybody, disk)
        self._lock = contextlib.ExitStack()
        try:
            make_folders(str(output.parent), disk, everybody=label.everybody)
            os.mkdir(self._place, 0o700)
            # Another build that begins in this very moment may have taken it for one that nobody uses.
            if not self._lock.enter_context(held(self._place, disk, self._taken)):
                self._taken()
        except OSError:
            self._leave()
            raise

    def _taken(self) -> NoReturn:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), self._place)

    def place_of(self, path: str) -> str:
        """Where in the folder the file is to be made that will be published at `path`."""
        return replacement(path) if path in self._published else f"{TREE}/{path}"

    def publish(self, journal: Journal, written: Sequence[str], paths: Mapping[str, object], found: FoundOutput) -> None:
        """Put the staged files, which are those `written`, in their places: a first output as a whole, else by the `journal`.

        `paths` are those of the new output; `found` is the output as it is.
        """
        disk = self._disk
        staged = {path: self.place_of(path) for path in written}
        waiting = [f"{self._place}/{place}" for place in staged.values()] if len(written) <= DURABLE else []
        lists = found.relabel or paths.keys() != found.published.keys()
        if self._is_first or lists:
            write_manifest(self.destination, f"{TREE}/{MANIFEST}", paths, self._label)
            staged[MANIFEST] = f"{TREE}/{MANIFEST}"
            waiting.append(f"{self._place}/{TREE}/{MANIFEST}")
        if not self._is_first and (found.relabel or not paths.keys() <= found.published.keys()):
            # An output that has this one is half the old and half the new, and nobody may deploy it.
            write_manifest(self.destination, f"{INTERIM}/{MANIFEST}", {*paths, *found.published}, Label("unknown", preview=True))
            waiting.append(f"{self._place}/{INTERIM}/{MANIFEST}")
            self._narrow({MANIFEST: f"{INTERIM}/{MANIFEST}"})
        self._narrow(staged)
        for place in staged.values():
            # Where a file system knows no locks, another build may have taken files away.
            os.lstat(f"{self._place}/{place}")
        for path in waiting:
            disk.wait_for(path)
        if self._is_first:
            disk.replace(f"{self._place}/{TREE}", str(self._output))
            close(self._place, disk)
        elif lists or written or journal.opened:
            carry_out(str(self._output), self._place, journal, disk)
        else:
            close(self._place, disk)

    def _narrow(self, staged: Mapping[str, str]) -> None:
        """Give files that were made for a few no right that those which they replace do not have.

        `staged` has their places in the folder by their paths in the output.
        """
        if not self._label.everybody:
            narrow_files(str(self._output), self._place, staged, self._disk)

    def abandon(self) -> None:
        """Leave nothing behind of a build that ended early, unless what it made is being published already."""
        if has_begun(self._place):
            return
        close(self._place, self._disk)
        self._leave()

    def release(self) -> None:
        """Let others use what is left of the folder."""
        self._lock.close()

    def _leave(self) -> None:
        """Remove the folders that were made to hold an output."""
        with contextlib.suppress(OSError):
            for folder in self._made:
                folder.rmdir()
