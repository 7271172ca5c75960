"""How published files are moved, deleted, locked and opened to their readers, whatever a system or a file system lacks.

What is for everybody can be read by everybody; else by those whom the umask and what is there let in.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

_CANNOT = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.EBADF)
"""How a file system says that it knows no such call."""
_HALF = 1 << 63
_KIND = 0o170000
"""The bits of a mode that say what it is the mode of."""


def _no_chown(path: str, user: int, group: int) -> None:
    """Windows has no groups of this kind."""
    raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP), path)


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int, wait: bool) -> None:
        while True:
            try:
                return msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            except PermissionError:
                raise BlockingIOError(errno.EWOULDBLOCK, os.strerror(errno.EWOULDBLOCK)) from None
            except OSError as error:
                # Windows gives up waiting after ten seconds.
                if error.errno != errno.EDEADLK:
                    raise

else:
    import fcntl

    def _lock(descriptor: int, wait: bool) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


class Disk(Struct, frozen=True):
    """System calls, as values: a test passes in one that fails."""

    replace: Callable[[str, str], None] = os.replace
    """Lets a file, or a whole folder, take a place in one step."""
    unlink: Callable[[str], None] = os.unlink
    chmod: Callable[[str, int], None] = os.chmod
    chown: Callable[[str, int, int], None] = getattr(os, "chown", _no_chown)
    fsync: Callable[[int], None] = os.fsync
    lock: Callable[[int, bool], None] = _lock
    """Locks what is open under a descriptor: waits while another process has it locked, or raises BlockingIOError then."""

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


@contextlib.contextmanager
def held(path: str, disk: Disk, waiting: Callable[[], None], flags: int = os.O_RDONLY) -> Iterator[bool]:
    """Keep the file or folder at `path` locked; give whether there is one. Call `waiting`, then wait, when another process has it locked.

    `flags` open it. What cannot be opened (another user's, a folder on Windows) or locked (some network shares know no locks) is not
    locked. The system lets go of a lock when the process, and those that it began, have ended, however they end.
    """
    with contextlib.ExitStack() as opened:
        is_there = False
        while not is_there:
            try:
                descriptor = os.open(path, flags, 0o600)
            except (FileNotFoundError, NotADirectoryError):
                break
            except OSError:
                is_there = True
                break
            opened.callback(os.close, descriptor)
            try:
                disk.lock(descriptor, False)
            except BlockingIOError:
                waiting()
                with contextlib.suppress(OSError):
                    disk.lock(descriptor, True)
            except OSError:
                pass
            # Who had it may have removed it, and another may have made a new one since.
            with contextlib.suppress(FileNotFoundError):
                is_there = os.path.samestat(os.fstat(descriptor), os.stat(path))
        yield is_there


def as_int64(number: int) -> int:
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
