"""The signals that end a build, and which of its processes meets them when."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_ENDINGS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def signals_held() -> Iterator[None]:
    """Put off Ctrl-C and SIGTERM until the end of the `with`.

    A worker that is started meanwhile can first set what it does at them, and files that take their places are not interrupted halfway.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def signals_left() -> None:
    """In a worker process, begun under `signals_held`: ignore Ctrl-C, and let SIGTERM end the process at once.

    The process that began the worker acts on Ctrl-C, and ends the worker, too.
    """
    # Ctrl-C reaches every process of a terminal; the first alone acts on it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDINGS)
