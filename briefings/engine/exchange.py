"""Two folders change places in one step, where the kernel can do that."""

from __future__ import annotations

import ctypes
import errno
import os
import sys

_HERE = -100
"""`AT_FDCWD`: paths are taken as any other call takes them."""
_EXCHANGE = 2
"""`RENAME_EXCHANGE`."""
_UNKNOWN = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)
"""How a kernel or a file system says that it cannot do it."""


def can_exchange() -> bool:
    """Whether the system has a call for it; whether it works for two folders is seen when it is tried."""
    return _call() is not None


def exchange(new: str, old: str) -> bool:
    """Let two folders change places; False where the kernel cannot. Raises OSError for anything else that is in the way."""
    call = _call()
    if call is None:
        return False
    if call(_HERE, os.fsencode(new), _HERE, os.fsencode(old), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNKNOWN:
        return False
    raise OSError(number, os.strerror(number), old)


def _call() -> ctypes._NamedFuncPointer | None:
    if sys.platform != "linux":
        return None
    found: ctypes._NamedFuncPointer | None = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return found
