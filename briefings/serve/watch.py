"""What happens on the disk: the system's events are hints where to look, and scans, now and then, are the truth."""

from __future__ import annotations

import os
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

from watchdog import events
from watchdog.observers.api import BaseObserver

from briefings.core.text import is_left_out
from briefings.engine.scan import Scan, looked_again
from briefings.rendering.builtin import built_in_themes
from briefings.serve.machine import Machine

SHARE = 40
"""A scan may take one part in so many of the time."""
_VIM_PROBE = "4913"
"""The file that vim makes and deletes to see whether it may write in a folder."""
_KINDS: list[type[events.FileSystemEvent]] = [
    events.FileCreatedEvent,
    events.FileDeletedEvent,
    events.FileModifiedEvent,
    events.FileMovedEvent,
    events.DirCreatedEvent,
    events.DirDeletedEvent,
    events.DirMovedEvent,
]


class Watch:
    """Waits for changes of a site's sources. `doubt` and `stop` may be called from any thread, the other methods from one only."""

    def __init__(self, site: Path, machine: Machine, say: Callable[[str], None], failed: Callable[[], None]) -> None:
        """`say` is called with a sentence about the server; `failed` while an exception is handled that nobody foresaw."""
        self._site = site
        self._themes = built_in_themes().resolve()
        self._machine = machine
        self._timing = machine.timing
        self._poll = machine.poll
        self._say = say
        self._failed = failed
        self._observer: BaseObserver | None = None
        # All below is changed under this condition, or by the thread that calls `next` alone.
        self._condition = threading.Condition()
        self._hints: set[str] = set()
        self._everything = True
        """Whether all is to be looked at, as it is at first."""
        self._stopped = False
        self._heard = 0
        self._listening: dict[Path, tuple[int, int] | None] = {}
        """Folders that are listened to, each with its device and inode: another folder in its place is not listened to."""
        self._scan_at = 0.0
        self._scan_took = 0.0

    def start(self) -> None:
        """Listen to the system, unless only scans are wanted or the system refuses."""
        if self._poll:
            return
        observer = self._machine.observer()
        try:
            self._listen(observer)
            observer.start()
        except OSError as error:
            observer.unschedule_all()
            self._poll = True
            why, period = error.strerror or error, self._timing.poll
            self._say(f"the system does not tell of changes ({why}), so the folder is scanned every {period:g} seconds")
        else:
            self._observer = observer

    def _listen(self, observer: BaseObserver) -> None:
        """Listen to the folders that there are now. Raises OSError where the system has no room for more."""
        # Where there is no room for a folder further down, nothing fails; for the site's own, which is last, it does.
        folders = {folder: _identity(folder) for folder in (self._site / "content", self._site / "themes", self._themes, self._site)}
        with self._condition:
            if folders == self._listening:
                return
            self._listening = folders
        observer.unschedule_all()
        handler = events.FileSystemEventHandler()
        handler.on_any_event = self._on_event  # type: ignore[method-assign]
        for folder, identity in folders.items():
            try:
                if identity:
                    observer.schedule(handler, str(folder), recursive=folder != self._site, event_filter=_KINDS)
            except FileNotFoundError:
                # It has gone since: when it comes back, the next scan finds another one than was listened to.
                folders[folder] = None

    def scan(self) -> Scan:
        """What the disk holds. An exception that nobody foresaw is told once, and the scan tried again; raised when stopped meanwhile."""
        is_told = False
        while True:
            begun = time.monotonic()
            if self._observer is not None:
                # A first theme of the site's own may have come, or a folder may have been taken away and put back.
                try:
                    self._listen(self._observer)
                except OSError:
                    self._listening = {}
            try:
                seen = self._machine.scan(self._site)
            except Exception:
                if not is_told:
                    self._failed()
                    is_told = True
                with self._condition:
                    if self._condition.wait_for(lambda: self._stopped, self._timing.scan):
                        raise
            else:
                self._scan_at = time.monotonic()
                self._scan_took = self._scan_at - begun
                return seen

    def scan_later(self) -> Scan:
        """What the disk holds when an editor has had the time to finish what it may have begun."""
        time.sleep(self._timing.unfinished)
        return self.scan()

    def next(self, seen: Scan, until: float | None = None) -> Scan:
        """Wait until something may have changed since `seen`, and say what the disk holds then.

        Returns `seen` itself at the monotonic time `until`, and when stopped.
        """
        period = max(self._timing.poll if self._poll else self._timing.scan, self._scan_took * SHARE)
        due = self._scan_at + period
        wake = due if until is None else min(due, until)
        with self._condition:
            while not (self._hints or self._everything or self._stopped) and time.monotonic() < wake:
                self._condition.wait(max(wake - time.monotonic(), 0))
            if self._stopped:
                return seen
            hinted = bool(self._hints or self._everything)
        if hinted:
            paths, everything = self._settled(seen)
            again = None if everything else looked_again(seen, self._site, paths)
            return again or self.scan()
        return seen if time.monotonic() < due else self.scan()

    def doubt(self) -> None:
        """Have everything scanned at once."""
        with self._condition:
            self._everything = True
            self._condition.notify_all()

    def stop(self) -> None:
        """End all waiting, and listen no more."""
        with self._condition:
            self._stopped = True
            self._condition.notify_all()
        if self._observer is not None:
            self._observer.stop()

    def _settled(self, seen: Scan) -> tuple[set[str], bool]:
        """Wait until the save that was hinted at is over; gives the files to look at, and whether everything must be looked at."""
        until = time.monotonic() + self._timing.patience
        with self._condition:
            while not self._stopped and time.monotonic() < until:
                heard = self._heard
                # Only an event or the end wakes this up.
                self._condition.wait(self._timing.unfinished if self._half_done(seen) else self._timing.quiet)
                if self._heard == heard:
                    break
            paths, everything = self._hints, self._everything
            self._hints, self._everything = set(), False
        return paths, everything

    def _half_done(self, seen: Scan) -> bool:
        """Whether a hinted file is empty, or gone that was there: an editor may be about to write it."""
        for path in self._hints:
            try:
                if os.stat(os.path.join(self._site, path)).st_size == 0:
                    return True
            except OSError:
                if path in seen.files:
                    return True
        return False

    def _on_event(self, event: events.FileSystemEvent) -> None:
        paths = [os.fsdecode(path) for path in (event.src_path, event.dest_path) if path]
        named = [name for name in map(self._named, paths) if name]
        if not named:
            return
        with self._condition:
            self._heard += 1
            if event.is_directory:
                self._everything = True
                if event.event_type != "created" and Path(os.fsdecode(event.src_path)) in self._listening:
                    # What takes its place may even have its inode.
                    self._listening = {}
            else:
                self._hints.update(named)
            self._condition.notify_all()

    def _named(self, path: str) -> str:
        """The name under which a scan knows the file at `path`; empty for one that no scan looks at."""
        relative = path.removeprefix(f"{self._site}/")
        parts = relative.split("/") if relative != path else path.removeprefix(f"{self._themes}/").split("/")
        if relative != path and parts[0] not in ("content", "themes"):
            return ""
        return "" if parts[-1] == _VIM_PROBE or any(map(is_left_out, parts)) else relative


def _identity(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from another one in its place; None where there is none."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if stat.S_ISDIR(status.st_mode) else None
