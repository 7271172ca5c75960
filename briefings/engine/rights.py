"""Who may read what a build leaves: everybody where it is public, else those whom the umask and what is there let in."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Mapping

from msgspec import Struct

from briefings.engine.disk import Disk

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

    @property
    def folders(self) -> int:
        """A mask for what must not change in the mode of the output's folder."""
        return _KIND | 0o777 if self.everybody else _KIND

    def fit_file(self, mode: int) -> bool:
        """Whether a published file may have this mode."""
        mask, expected = self.files
        return mode & mask == expected


def rights_for(audience: str, *, preview: bool) -> Rights:
    """The rights of a build for this audience, which is a `preview` where it may show drafts."""
    return Rights(everybody=audience == "TLP:CLEAR" and not preview)


def narrow_files(output: str, staging: str, staged: Mapping[str, str], disk: Disk) -> None:
    """Give files in the folder `staging` no right that those in `output` which they replace do not have.

    `staged` has their places in the one folder by their paths in the other.
    """
    for path, place in staged.items():
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            before = os.lstat(f"{output}/{path}")
            if stat.S_ISREG(before.st_mode):
                _take(f"{staging}/{place}", before, stat.S_IMODE(before.st_mode) & os.lstat(f"{staging}/{place}").st_mode, disk)


def _take(path: str, before: os.stat_result, mode: int, disk: Disk) -> None:
    """Give what is at `path` the group of `before`, and this mode."""
    found = os.lstat(path)
    if found.st_gid != before.st_gid:
        try:
            disk.chown(path, -1, before.st_gid)
        except OSError:
            # The rights were meant for another group than the one that would have them now.
            mode &= ~0o070
    elif stat.S_IMODE(found.st_mode) == mode:
        return
    disk.set_mode(path, mode)
