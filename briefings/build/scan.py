"""What the disk holds: every source file with its stamp, found without opening one."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from briefings.diagnostics import Diagnostic, problem

Stamp = tuple[int, int, int, int]
"""Size, modification and change time in nanoseconds, inode: a file whose stamp is the same is the same."""

_ODD_REMEDY = "delete it, or give it a name that begins with a dot"

RACE = 20_000_000
"""Nanoseconds: a file changed so shortly before a scan, or after it, may change again without a new stamp."""


class Scan(Struct, frozen=True):
    """The files below a folder."""

    at: int
    """When the scan began, in nanoseconds since 1970."""
    files: dict[str, Stamp]
    """By path from the site folder, as the disk spells it."""
    diagnostics: tuple[Diagnostic, ...]


def scan(site: Path, folder: str, *, anywhere: bool = False) -> Scan:
    """Every file below `folder` of `site`; hidden files and editors' backups are not content.

    Symbolic links are followed as long as they stay in the site, or, with `anywhere`, wherever they lead but to a folder above themselves.
    """
    at = time.time_ns()
    diagnostics: list[Diagnostic] = []
    root = "/" if anywhere else os.path.realpath(site)
    files = dict(_walk(os.fspath(site), folder, root, diagnostics))
    return Scan(at, files, tuple(diagnostics))


def is_racy(found: Stamp, at: int) -> bool:
    """Whether a file with this stamp, read in the scan that began `at`, may have changed since without a new stamp."""
    return max(found[1], found[2]) >= at - RACE


def _walk(site: str, folder: str, root: str, diagnostics: list[Diagnostic]) -> Iterator[tuple[str, Stamp]]:
    pending = [(folder, frozenset({os.path.realpath(os.path.join(site, folder))}))]
    while pending:
        directory, above = pending.pop()
        try:
            with os.scandir(os.path.join(site, directory)) as entries:
                found = list(entries)
        except OSError as error:
            diagnostics.append(_unreadable(directory, error))
            continue
        for entry in found:
            name = entry.name
            if name.startswith((".", "#")) or name.endswith("~"):
                continue
            path = f"{directory}/{name}"
            try:
                if entry.is_symlink():
                    real = os.path.realpath(entry.path)
                    if root != "/" and os.path.commonpath((root, real)) != root:
                        remedy = "copy what it leads to into the site, or delete the link"
                        diagnostics.append(problem("symlink-outside", f"this link leads out of the site, to {real}", path, remedy))
                        continue
                    if not os.path.exists(entry.path):
                        diagnostics.append(problem("unreadable-file", "this link leads to nothing", path, "delete it or mend it"))
                        continue
                    if entry.is_dir():
                        if real not in above:
                            pending.append((path, above | {real}))
                        continue
                elif entry.is_dir(follow_symlinks=False):
                    pending.append((path, above))
                    continue
                status = entry.stat()
            except OSError as error:
                diagnostics.append(_unreadable(path, error))
                continue
            if stat.S_ISREG(status.st_mode):
                yield path, (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
            else:
                diagnostics.append(problem("unreadable-file", "this is neither a file nor a folder", path, _ODD_REMEDY))


def _unreadable(path: str, error: OSError) -> Diagnostic:
    return problem("unreadable-file", f"this cannot be read: {error.strerror}", path, "mend its permissions, or delete it")
