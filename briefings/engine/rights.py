"""Who may read what a build leaves: everybody where it is public, else those whom the umask and what is there let in."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable

from msgspec import Struct

_KIND = 0o170000
"""The bits of a mode that say what it is the mode of."""


class Rights(Struct, frozen=True):
    """The rights that a build gives to its files and folders."""

    everybody: bool
    """Whether everybody may read them, whatever the umask says. Otherwise the build opens nothing that is closed."""

    @property
    def files(self) -> tuple[int, int]:
        """A mask, and what it must leave of the mode of a published file."""
        return (_KIND | 0o777, stat.S_IFREG | 0o644) if self.everybody else (_KIND, stat.S_IFREG)

    def fit_file(self, mode: int) -> bool:
        """Whether a published file may have this mode."""
        mask, expected = self.files
        return mode & mask == expected

    def fit_folder(self, mode: int) -> bool:
        """Whether a folder of the output may have this mode."""
        return stat.S_ISDIR(mode) and (not self.everybody or mode & 0o777 == 0o755)


def rights_for(audience: str, *, preview: bool) -> Rights:
    """The rights of a build for this audience, which is a `preview` where it may show drafts."""
    return Rights(everybody=audience == "TLP:CLEAR" and not preview)


def open_files(root: str, paths: Iterable[str]) -> None:
    """Let everybody read these files below `root`."""
    for path in paths:
        mode = os.lstat(f"{root}/{path}").st_mode
        if stat.S_ISREG(mode) and mode & 0o777 != 0o644:
            os.chmod(f"{root}/{path}", 0o644)


def keep_folders(old: str, new: str, folders: Iterable[str]) -> None:
    """Give the `folders` of the tree `new` the rights and the groups that they have in the tree `old`, where they are there."""
    for folder in folders:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            before = os.lstat(f"{old}/{folder}")
            if stat.S_ISDIR(before.st_mode):
                _take(f"{new}/{folder}", before, stat.S_IMODE(before.st_mode))


def narrow_files(old: str, new: str, paths: Iterable[str]) -> None:
    """Give the files at `paths` in the tree `new` no right that the file in whose place they come does not have."""
    for path in paths:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            before = os.lstat(f"{old}/{path}")
            if stat.S_ISREG(before.st_mode):
                _take(f"{new}/{path}", before, stat.S_IMODE(before.st_mode) & os.lstat(f"{new}/{path}").st_mode)


def _take(path: str, before: os.stat_result, mode: int) -> None:
    """Give what is at `path` the group of `before`, and this mode."""
    found = os.lstat(path)
    if found.st_gid != before.st_gid:
        try:
            os.chown(path, -1, before.st_gid)
        except PermissionError:
            # The rights were meant for another group than the one that would have them now.
            mode &= ~0o070
    elif stat.S_IMODE(found.st_mode) == mode:
        return
    os.chmod(path, mode)
