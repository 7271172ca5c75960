"""How the server works on its machine, as values: a test gives it shorter waits, another clock, another disk, or work that fails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from briefings.engine.scan import Scan, scan_sources
from briefings.serve.preparation import Found, Load, Preparation, assemble, load


class Timing(Struct, frozen=True, kw_only=True):
    """How long the server waits, in seconds."""

    scan: float = 2.0
    """Between two scans of all sources, where events tell of most changes."""
    poll: float = 0.5
    """Between two scans where no events come."""
    quiet: float = 0.008
    """Until no further event has come for so long: then a save is over."""
    unfinished: float = 0.1
    """Until then, where a file looks half written."""
    storm: float = 0.15
    """Until then, where many files are changing, as when git checks out a branch."""
    patience: float = 0.3
    """Until a few changed files are read though events still come."""
    storm_patience: float = 5.0
    """Until many changed files are read though events still come."""
    link: float = 1.0
    """After errors in files, until those between files are looked for: to find them, all is linked."""
    save: float = 3.0
    """After a change, until the edition is saved for the next start."""


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
    assemble: Callable[[Preparation, bytes], Found] = assemble
