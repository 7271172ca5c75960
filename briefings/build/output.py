"""The output folder: whether it is ours, staging beside it, and publishing in one step."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Self

import msgspec
from msgspec import Struct

from briefings.diagnostics import Diagnostic, problem

MANIFEST = ".briefings.json"
"""The file in the output folder that lists what the build wrote there, and so makes the folder ours."""


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
        manifest = msgspec.json.decode((output / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError):
        return None
    return manifest if manifest.generator == "briefings" else None


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
    if (output / ".git").exists():
        return no("is a git repository")
    if output.is_dir() and any(output.iterdir()) and read_manifest(output) is None:
        return no(
            f"is not empty and was not written by briefings (it has no readable {MANIFEST})",
            "empty it, or choose another with --output DIR",
        )
    return None


class Stage:
    """A new output tree beside the old one, which takes its place in one step."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.folder = output.with_name(f".{output.name}.new")
        self.before = read_manifest(output)

    def __enter__(self) -> Self:
        """Make an empty folder; what a build that was killed has left there is removed."""
        self.output.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o755)
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def foreign(self) -> list[str]:
        """Files in the old output that no build wrote, sorted."""
        ours = {*(self.before.files if self.before else ()), MANIFEST}
        found = (Path(folder, name).relative_to(self.output).as_posix() for folder, _, names in os.walk(self.output) for name in names)
        return sorted(path for path in found if path not in ours)

    def conflicts(self, files: Mapping[str, Written]) -> Iterator[Diagnostic]:
        """Foreign files that stand where a page or a folder of pages must go."""
        folders = {folder.as_posix() for path in files for folder in PurePosixPath(path).parents}
        for path in self.foreign():
            if path in files or path in folders or any(folder.as_posix() in files for folder in PurePosixPath(path).parents):
                message = f"{path} is in the way of a page, and the build did not write it"
                yield problem(
                    "output-conflict", message, str(self.output), "move it away, or change the id of the note that needs its place"
                )

    def publish(self, files: Mapping[str, Written]) -> tuple[int, int]:
        """Put the staged tree in the output's place; return how many files are new or changed, and how many are gone.

        Files in the old output that no build wrote are kept; `conflicts` must have found none of them in the way.
        """
        old = self.before.files if self.before else {}
        write_file(self.folder, MANIFEST, msgspec.json.format(msgspec.json.encode(Manifest("briefings", dict(sorted(files.items()))))))
        if self.output.exists():
            for path in self.foreign():
                _keep(self.output / path, self.folder / path)
            _exchange(self.folder, self.output)
        else:
            self.folder.rename(self.output)
        changed = sum(1 for path, written in files.items() if old.get(path) != written)
        return changed, len(old.keys() - files.keys())


def write_file(folder: Path, path: str, data: bytes) -> Written:
    """Write a new file with mode 0644 below `folder`; the folders on the way are made with mode 0755."""
    target = folder / path
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        descriptor = os.open(target, flags, 0o644)
    except FileNotFoundError:
        target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        descriptor = os.open(target, flags, 0o644)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)
    return Written(digest(data), len(data))


def digest(data: bytes) -> str:
    """The digest under which the manifest knows a file's bytes."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _keep(source: Path, target: Path) -> None:
    """Carry a file over into the new tree without touching it where it is."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        # Some file systems have no hard links.
        shutil.copy2(source, target, follow_symlinks=False)


def _exchange(new: Path, old: Path) -> None:
    """Swap two folders: in one step where the kernel can, else by two renames."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        renameat2 = getattr(libc, "renameat2", None)
        if renameat2 is not None:
            at_cwd, exchange = -100, 2
            if renameat2(at_cwd, os.fsencode(new), at_cwd, os.fsencode(old), exchange) == 0:
                return
            if ctypes.get_errno() not in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(old))
    aside = old.with_name(f".{old.name}.old")
    old.rename(aside)
    new.rename(old)
    aside.rename(new)
