"""The system calls by which files are published, each with what is done where a system or a file system does not have it."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable

from msgspec import Struct

_CANNOT = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.EBADF)
"""How a file system says that it knows no such call."""
_HALF = 1 << 63


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
