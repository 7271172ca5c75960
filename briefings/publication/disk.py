"""How published files are moved, deleted and opened to their readers, whatever a system or a file system lacks.

What is for everybody can be read by everybody; else by those whom the umask and what is there let in.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Mapping

from msgspec import Struct

_CANNOT = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.EBADF)
"""How a file system says that it knows no such call."""
_HALF = 1 << 63
_KIND = 0o170000
"""The bits of a mode that say what it is the mode of."""


def _no_chown(path: str, user: int, group: int) -> None:
    """Windows has no groups of this kind."""
    raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP), path)


class Disk(Struct, frozen=True):
    """System calls, as values: a test passes in one that fails."""

    replace: Callable[[str, str], None] = os.replace
    """Lets a file, or a whole folder, take a place in one step."""
    unlink: Callable[[str], None] = os.unlink
    chmod: Callable[[str, int], None] = os.chmod
    chown: Callable[[str, int, int], None] = getattr(os, "chown", _no_chown)
    fsync: Callable[[int], None] = os.fsync

    def set_mode(self, path: str, mode: int) -> None:
        """Give a file or a folder this mode, where that can be done.

        It may be another user's, and some file systems (exFAT, drives of Windows in WSL) refuse to change a mode, or ignore it.
        """
        with contextlib.suppress(OSError):
            self.chmod(path, mode)

    def wait_for(self, path: str) -> None:
        """Wait until the disk has the bytes of this file. Raises OSError when it could not take them."""
        # Windows waits only for a file that is open for writing. Folders are never waited for: some file systems refuse that, and
        # what the disk has not kept after a loss of power, the next build finds.
        descriptor = os.open(path, os.O_RDWR)
        try:
            self.fsync(descriptor)
        except OSError as error:
            if error.errno not in _CANNOT:
                raise
        finally:
            os.close(descriptor)


def fold(number: int) -> int:
    """`number` as a signed integer of 64 bits: itself where it fits, else what its lowest 64 bits give.

    Inodes may need an unsigned one; times in nanoseconds are too long from the year 2262 on.
    """
    return number if -_HALF <= number < _HALF else (number + _HALF) % (2 * _HALF) - _HALF


def settled_bits(*, everybody: bool) -> int:
    """The bits that must stay in the mode of what is published: its kind and, where `everybody` may read it, all of their rights."""
    return _KIND | 0o777 if everybody else _KIND


def narrow_files(output: str, staging: str, staged: Mapping[str, str], disk: Disk) -> None:
    """Give files in the folder `staging` no right that those in `output` which they replace do not have.

    `staged` has their places in the one folder by their paths in the other.
    """
    for path, place in staged.items():
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            before = os.lstat(f"{output}/{path}")
            if stat.S_ISREG(before.st_mode):
                mode = stat.S_IMODE(before.st_mode) & os.lstat(f"{staging}/{place}").st_mode
                _take_rights(f"{staging}/{place}", before, mode, disk)


def _take_rights(path: str, before: os.stat_result, mode: int, disk: Disk) -> None:
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
