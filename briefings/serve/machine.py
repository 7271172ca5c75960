"""How the server works on its machine, as values: a test gives it shorter waits, another clock, another disk, or work that fails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from briefings.engine.scan import Scan, scan_sources
from briefings.serve.preparation import EditionOrProblems, Load, Preparation, assemble, load


class Timing(Struct, frozen=True, kw_only=True):
    """How long the server waits, in seconds."""

    scan: float = 2.0
    """Between two scans of all sources, where events tell of most changes."""
    poll: float = 0.5
    """Between two scans where no events come."""
    quiet: float = 0.008
    """Without another event: then a save is over. Editors make, move and delete several files in one."""
    unfinished: float = 0.1
    """Without another event, where a file is empty or gone: an editor may be about to write it.

    With 10,000 notes, twenty saves as vim's take 3.6 seconds of CPU with these two waits, and 8.4 without: each would be linked twice.
    """
    patience: float = 0.3
    """After the first event: then what has changed is read though more events come."""
    link: float = 1.0
    """After errors in files, until those between files are looked for: to find them, all is linked."""


class Machine(Struct, frozen=True, kw_only=True):
    """What the server uses that is not its own."""

    poll: bool = False
    """Whether to scan instead of listening to the system."""
    jobs: int = 1
    """Processes for the first edition, where nothing is saved."""
    timing: Timing = Timing()
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
    observer: Callable[[], BaseObserver] = Observer
    """Makes what tells of changes in folders."""
    scan: Callable[[Path], Scan] = scan_sources
    """Finds all sources of a site."""
    load: Load = load
    assemble: Callable[[Preparation, bytes], EditionOrProblems] = assemble
