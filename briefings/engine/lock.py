"""One build of a site at a time: the second waits, and so does whoever reads what was published."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from briefings.engine.cache import FOLDER, make_folder
from briefings.publication.disk import Disk, held
from briefings.publication.tree import is_unfinished, resolved


@contextmanager
def locked(site: Path, waiting: Callable[[], None], disk: Disk) -> Iterator[None]:
    """Hold the site's lock; call `waiting` when another build has it. A site whose folder cannot be written has no lock."""
    with contextlib.suppress(OSError):
        make_folder(site / FOLDER)
    with held(str(site / FOLDER / "lock"), disk, waiting, os.O_RDWR | os.O_CREAT):
        yield


class UnfinishedOutputError(Exception):
    """A build into an output was cut short, and what it began cannot be finished; the message says why."""


def finish(site: Path, output: Path, waiting: Callable[[], None]) -> None:
    """Settle `output` for somebody who is about to read it. Calls `waiting` when a build of `site`, or into `output`, must end first.

    Raises UnfinishedOutputError when that cannot be done, for example where the output may only be read.
    """
    output, disk = resolved(output), Disk()
    if is_unfinished(output):
        # A build that finds nothing changed does without what this needs.
        from briefings.publication.journal import settle

        try:
            with locked(site, waiting, disk):
                settle(output, disk, waiting)
        except OSError as error:
            message = f"a build was cut short in {output}, and what it began cannot be finished: {error.strerror or error}"
            raise UnfinishedOutputError(message) from error
