"""The output folder: whether it is ours, the copy that is brought up to date beside it, and the one step in which the two change places."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import os
import re
import shutil
import stat
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

import msgspec
from msgspec import Struct

from briefings.build.cache import FOLDER, OutputEntry, make_folder
from briefings.diagnostics import Diagnostic, problem

MANIFEST = ".briefings.json"
"""The file in the output folder that lists what the build wrote there, and so makes the folder ours."""

Seal = tuple[int, int]
"""Modification time in nanoseconds and inode of a manifest: another seal means that another build has been there."""

DURABLE = 16
"""Up to how many new files a build waits for the disk to have them before they are published."""


_LEADS_OUT = re.compile(rb'"/|"\.\.?/|/\.\.?[/"]|//|\\')
"""What no path of ours has: a manifest that leads out of its folder is not ours."""


class Written(Struct, frozen=True):
    """A file of the output."""

    digest: str
    size: int


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """What a build wrote."""

    generator: str
    files: dict[str, Written]
    """By path from the output folder, with forward slashes; without the manifest itself."""


def read_manifest(output: Path) -> Manifest | None:
    """The manifest of `output`, or None when there is none that can be read."""
    try:
        data = (output / MANIFEST).read_bytes()
        if _LEADS_OUT.search(data):
            return None
        manifest = msgspec.json.decode(data, type=Manifest)
    except (OSError, msgspec.MsgspecError):
        return None
    return manifest if manifest.generator == "briefings" else None


def seal_of(folder: Path) -> Seal | None:
    """The seal of the manifest in `folder`; None when there is none."""
    try:
        status = os.stat(folder / MANIFEST, follow_symlinks=False)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino


def refuse(output: Path, site: Path) -> Diagnostic | None:
    """Why `output` (resolved) may not be written for the site in `site` (resolved); None when it may."""

    def no(why: str, remedy: str = "choose another folder with --output DIR") -> Diagnostic:
        return problem("output-refused", f"the output folder {why}", str(output), remedy)

    if output == Path(output.anchor):
        return no("is the root of the file system")
    if output == Path.home():
        return no("is your home folder")
    if site.is_relative_to(output):
        return no("contains the site's own sources")
    for sources in ("content", "themes", ".git", ".briefings"):
        if output.is_relative_to(site / sources):
            return no(f"lies in the site's own {sources}/")
    if ".git" in output.parts:
        return no("lies in a .git folder")
    if output.exists() and not output.is_dir():
        return no("is a file")
    above = next(p for p in output.parents if p.exists())
    if not above.is_dir():
        return no(f"lies below {above}, which is a file")
    if not output.exists() and not _takes_folders(above):
        return no(f"cannot be made in {above}")
    if (output / ".git").exists():
        return no("is a git repository")
    if output.is_dir() and any(output.iterdir()) and read_manifest(output) is None:
        why = f"is not empty and was not written by briefings (it has no readable {MANIFEST})"
        return no(why, "empty it, or choose another with --output DIR")
    return None


def _takes_folders(folder: Path) -> bool:
    """Whether a folder can be made in `folder`."""
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    if not hasattr(os, "statvfs") or os.statvfs(folder).f_blocks:
        return True
    # A file system without blocks may be one that the kernel makes up, such as /proc: it grants root every right and makes nothing.
    probe = folder / f".briefings-{os.getpid()}"
    try:
        probe.mkdir()
        probe.rmdir()
    except OSError:
        return False
    return True


def write_file(folder: Path, path: str, data: bytes, copies: Sequence[Path] = ()) -> Written:
    """Write a file of mode 0644 below `folder`, and link it below each of `copies`. A file that is there is replaced, never changed."""
    target = folder / path
    descriptor = _create(target)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fchmod(descriptor, 0o644)
    except OSError as error:
        error.filename = str(target)
        raise
    finally:
        os.close(descriptor)
    for copy in copies:
        link(target, copy / path)
    return Written(digest(data), len(data))


def is_as_published(folder: Path, path: str, entry: OutputEntry) -> bool:
    """Whether the file at `path` in the output or its spare copy, `folder`, is the one that was published."""
    try:
        status = os.stat(f"{folder}/{path}", follow_symlinks=False)
    except OSError:
        return False
    found = (status.st_size, status.st_mtime_ns, status.st_ino, stat.S_IMODE(status.st_mode))
    return found == (entry.size, entry.modified, entry.inode, 0o644)


def digest(data: bytes) -> str:
    """The digest under which the manifest knows a file's bytes."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def link(source: Path, target: Path) -> bool:
    """Make `target` the same file as `source`; False for a copy, where the file system has no links. Folders on the way are made."""
    make_folders(target.parent)
    target.unlink(missing_ok=True)
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)
        return False
    return True


def make_folders(folder: Path) -> None:
    """Make `folder` and those above it, with mode 0755."""
    if not folder.is_dir():
        make_folders(folder.parent)
        with contextlib.suppress(FileExistsError):
            # Two workers may need the same folder.
            folder.mkdir(mode=0o755)
            folder.chmod(0o755)


class Trees:
    """The output and its spare copy. The spare is brought up to date, and then the two change places.

    Both hold the same files as far as their manifests agree, so that a build costs what changed, not what exists.

    After a power cut the output is the old tree or the new one, but files whose data the disk had not yet may be empty. A small build
    waits for its files; after a large one, the next build finds such files by their sizes and writes them again.
    """

    def __init__(self, output: Path, spare: Path) -> None:
        self.output = output
        self._spare = spare
        self._twin = spare.with_name(f"{spare.name}.twin")
        self._aside = spare.with_name(f"{spare.name}.aside")
        self._recover()
        manifest = read_manifest(output)
        self.published: Mapping[str, Written] = manifest.files if manifest else {}
        self._base: Mapping[str, Written] = {}
        self.foreign = self._foreign()
        """Files in the output that no build wrote, sorted."""
        self.linked = True
        """Whether all files that were kept are still the same files."""

    def open(self, paths: Collection[str], *, seal: Seal | None, trusted: Iterable[str]) -> tuple[Path, ...]:
        """Make the spare ready for changes, and return the folders to write to: the first gets files, the others links.

        A spare with this `seal` is whole, and `trusted` are the foreign files in it; any other is made anew, and always for None.
        What is not among `paths`, those of the new output, goes at once, for a file may take the place of a folder.
        """
        manifest = read_manifest(self._spare) if seal is not None and seal_of(self._spare) == seal else None
        _scrap(self._twin)
        if manifest is None:
            _scrap(self._spare)
            make_folders(self._spare)
        else:
            # Without its manifest a spare that is left half-way will not be trusted again.
            (self._spare / MANIFEST).unlink()
            self._base = manifest.files
            for path in (*trusted, *(self._base.keys() - set(paths))):
                _remove(self._spare, path)
        if self.output.exists():
            return (self._spare,)
        make_folders(self._twin)
        return (self._spare, self._twin)

    def conflicts(self, files: Mapping[str, Written]) -> Iterator[Diagnostic]:
        """Foreign files that stand where a page or a folder of pages must go."""
        if not self.foreign:
            return
        folders = {folder.as_posix() for path in files for folder in PurePosixPath(path).parents}
        for path in self.foreign:
            if path in files or path in folders or any(folder.as_posix() in files for folder in PurePosixPath(path).parents):
                message = f"{path} is in the way of a page, and the build did not write it"
                yield problem(
                    "output-conflict", message, str(self.output), "move it away, or change the id of the note that needs its place"
                )

    def publish(
        self, files: Mapping[str, Written], fresh: Collection[str], kept: Mapping[str, OutputEntry], *, sound: bool
    ) -> tuple[int, int]:
        """Bring the spare to `files`, of which `fresh` are written there already, and publish it.

        What is not fresh is in the output with the same bytes, as `kept` says. The old output becomes the spare if it is `sound`: just
        what the last build left. Returns how many files changed and how many went.
        """
        for path, file in files.items():
            # A fresh file that came out as it was goes again: both trees keep the one that is published.
            as_it_was = sound and self.published.get(path) == file
            if as_it_was if path in fresh else self._base.get(path) != file or not is_as_published(self._spare, path, kept[path]):
                self.linked &= link(self.output / path, self._spare / path)
        for path in self.foreign:
            link(self.output / path, self._spare / path)
        changed = sum(1 for path, file in files.items() if self.published.get(path) != file)
        removed = len(self.published.keys() - files.keys())
        manifest = msgspec.json.encode(Manifest("briefings", dict(sorted(files.items()))))
        write_file(self._spare, MANIFEST, manifest, [self._twin] if self._twin.is_dir() else [])
        durable = len(fresh) <= DURABLE
        if durable:
            _wait_for_disk([*(self._spare / path for path in fresh), self._spare / MANIFEST])
        if not self.output.exists():
            make_folders(self.output.parent)
            self._spare.rename(self.output)
            self._twin.rename(self._spare)
        elif changed or removed or not sound:
            _exchange(self._spare, self.output, self._aside)
            if not sound:
                _scrap(self._spare)
        if durable:
            _wait_for_disk([self.output.parent, self._spare.parent])
        return changed, removed

    def seals(self) -> tuple[Seal | None, Seal | None]:
        """The seals of the output and of its spare copy."""
        return seal_of(self.output), seal_of(self._spare)

    def abandon(self) -> None:
        """Leave nothing behind of a build that ended early."""
        with contextlib.suppress(OSError):
            _scrap(self._twin)
            _scrap(self._spare)

    def _recover(self) -> None:
        """Finish what a build that was killed between two renames has left."""
        if self._aside.exists():
            if self.output.exists():
                shutil.rmtree(self._aside)
            else:
                self._aside.rename(self.output)

    def _foreign(self) -> tuple[str, ...]:
        found: list[str] = []
        pending = [""]
        while pending:
            folder = pending.pop()
            try:
                entries = os.scandir(self.output / folder)
            except FileNotFoundError:
                continue
            with entries:
                for entry in entries:
                    path = folder + entry.name
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(path + "/")
                    elif path not in self.published and path != MANIFEST:
                        found.append(path)
        return tuple(sorted(found))


def spare_of(output: Path, site: Path) -> Path:
    """Where the spare copy of `output` lies: with the site's cache where a rename can reach it, else beside the output."""
    memory = site / FOLDER
    with contextlib.suppress(OSError):
        make_folder(memory)
    above = next(p for p in output.parents if p.exists())
    if memory.is_dir() and os.access(memory, os.W_OK) and memory.stat().st_dev == above.stat().st_dev:
        return memory / "trees" / digest(os.fsencode(output))[:12]
    return output.with_name(f".{output.name}.briefings")


def _create(target: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        return os.open(target, flags, 0o644)
    except FileNotFoundError:
        make_folders(target.parent)
    except FileExistsError:
        # The spare may share this file with the published site, which must not change.
        target.unlink()
    return os.open(target, flags, 0o644)


def _remove(folder: Path, path: str) -> None:
    """Delete a file, and the folders above it that are empty then."""
    (folder / path).unlink(missing_ok=True)
    for parent in (folder / path).parents:
        if parent == folder:
            return
        try:
            parent.rmdir()
        except OSError:
            return


def _scrap(folder: Path) -> None:
    """Delete a tree, if it is there; its manifest first, so that what is left by a process that is killed here is never trusted."""
    (folder / MANIFEST).unlink(missing_ok=True)
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder)


def _wait_for_disk(paths: Iterable[Path]) -> None:
    """Wait until the disk has these files and folders."""
    if os.name != "posix":
        # Windows waits only for files that are open for writing, and never for folders.
        return
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _exchange(new: Path, old: Path, aside: Path) -> None:
    """Let two folders change places: in one step where the kernel can, else by renames that the next build can finish."""
    if sys.platform == "linux":
        renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
        if renameat2 is not None:
            here, exchange = -100, 2
            if renameat2(here, os.fsencode(new), here, os.fsencode(old), exchange) == 0:
                return
            if ctypes.get_errno() not in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(old))
    old.rename(aside)
    try:
        new.rename(old)
    except BaseException:
        aside.rename(old)
        raise
    aside.rename(new)
