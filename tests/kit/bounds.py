"""Bounds of time for tests: one that hangs fails under its own name, instead of holding up all others until someone ends the run."""

from __future__ import annotations

import faulthandler
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

USUAL = 600.0
"""Seconds that a test, the preparations for it, and what is cleared away after it may take each, however busy the machine is."""
LONG = 900.0
"""Seconds for a test that is marked as long."""


class TookTooLongError(BaseException):
    """A test did not end. No `Exception`: Hypothesis would take it for a failing example, and try that again and again."""


@contextmanager
def bounded(seconds: float, again: float = 10.0) -> Iterator[None]:
    """Raise an error in the block after `seconds`, and print where each thread was, whatever the main thread does or waits for.

    The block goes on to its `finally` clauses, which end the processes that it has started. Where something in it catches the error,
    or another wait follows, it is raised again after `again` seconds, until the block has ended.
    """

    def give_up(_number: int, _frame: FrameType | None) -> NoReturn:
        faulthandler.dump_traceback(file=2)
        raise TookTooLongError(f"this did not end within {seconds:g} s")

    handler = signal.signal(signal.SIGALRM, give_up)
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds, again)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, left, interval)
        signal.signal(signal.SIGALRM, handler)
