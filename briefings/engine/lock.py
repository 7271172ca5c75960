"""One build of a site at a time: the second waits, and so does whoever reads what was published."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from briefings.engine.cache import FOLDER, make_folder
from briefings.publication.disk import Disk
from briefings.publication.tree import is_unfinished


@contextmanager
def locked(site: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the site's lock; call `waiting` once when another build has it.

    The system lets go of it when the process, and those that it began, have ended, however they end.
    A site whose folder cannot be written has no lock.
    """
    try:
        make_folder(site / FOLDER)
        descriptor = os.open(site / FOLDER / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        yield
        return
    try:
        if not _take(descriptor, wait=False):
            waiting()
            _take(descriptor, wait=True)
        yield
    finally:
        os.close(descriptor)


def finish(site: Path, output: Path, waiting: Callable[[], None]) -> None:
    """Settle `output` for somebody who is about to read it. Calls `waiting` when another build of `site` must end first."""
    output = output.resolve()
    if is_unfinished(output):
        # A build that finds nothing changed does without what this needs.
        from briefings.publication.journal import settle

        with locked(site, waiting):
            settle(output, Disk())


if sys.platform == "win32":
    import msvcrt
    import time

    def _take(descriptor: int, *, wait: bool) -> bool:
        while True:
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            except OSError:
                if not wait:
                    return False
                time.sleep(0.1)
            else:
                return True

else:
    import fcntl

    def _take(descriptor: int, *, wait: bool) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True
