"""What happens on the disk: the system's events are hints where to look, and scans, now and then, are the truth."""

from __future__ import annotations

import contextlib
import os
import stat
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from briefings.core.text import is_left_out
from briefings.engine.scan import Scan, looked_again, scan_sources
from briefings.rendering.builtin import built_in_themes

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver, ObservedWatch

PERIOD = 2.0
"""Seconds between two scans where events tell of most changes."""
POLL_PERIOD = 0.5
"""Seconds between two scans where no events come."""
SHARE = 40
"""A scan may take one part in so many of the time."""
FEW = 10
"""Files that one save may touch; more are the work of a program."""
QUIET, UNFINISHED, STORM = 0.008, 0.1, 0.15
"""Seconds without another event after which a save is over: of a few files, of one that looks half done, and of many."""
PATIENCE, STORM_PATIENCE = 0.3, 5.0
"""Seconds after which a few changed files, or many, are read though events still come."""
_VIM_PROBE = "4913"
"""The file that vim makes and deletes to see whether it may write in a folder."""


class Watch:
    """Waits for changes of a site's sources. All methods may be called from any thread, `next` from one only."""

    def __init__(self, site: Path, *, poll: bool, say: Callable[[str], None]) -> None:
        self._site = site
        self._poll = poll
        self._say = say
        self._observer: BaseObserver | None = None
        self._news = threading.Condition()
        self._hints: set[str] = set()
        self._everything = False
        self._stopped = False
        self._scan_at = 0.0
        self._scan_took = 0.0
        self._heard = 0
        self._listening: dict[Path, tuple[ObservedWatch, tuple[int, int]]] = {}
        """Folders, what listens to each, and its device and inode: another folder in its place is not listened to."""
        self._lost: set[Path] = set()
        """Folders that are listened to and were taken away since: what takes their place may even have their inode."""

    def start(self) -> None:
        """Listen to the system, unless only scans are wanted or the system refuses."""
        if self._poll:
            return
        from watchdog.observers import Observer

        observer = Observer()
        try:
            self._listen(observer)
            observer.start()
        except OSError as error:
            observer.unschedule_all()
            self._poll = True
            self._say(
                f"the system does not tell of changes ({error.strerror or error}), so the folder is scanned every {POLL_PERIOD:g} seconds"
            )
        else:
            self._observer = observer

    def _listen(self, observer: BaseObserver) -> None:
        from watchdog import events

        handler = events.FileSystemEventHandler()
        handler.on_any_event = self._on_event  # type: ignore[method-assign]
        kinds: list[type[FileSystemEvent]] = [
            events.FileCreatedEvent,
            events.FileDeletedEvent,
            events.FileModifiedEvent,
            events.FileMovedEvent,
            events.DirCreatedEvent,
            events.DirDeletedEvent,
            events.DirMovedEvent,
        ]
        own = self._site / "themes"
        folders = [self._site / "content", own]
        if built_in_themes().resolve() != own.resolve():
            folders.append(built_in_themes().resolve())
        # Where the system has no room for a folder further down, nothing fails; for this last one it does.
        for folder in (*folders, self._site):
            now = _identity(folder)
            with self._news:
                known = self._listening.get(folder)
                if known and (known[1] != now or folder in self._lost):
                    del self._listening[folder]
                    self._lost.discard(folder)
                else:
                    known = None
            if known:
                with contextlib.suppress(KeyError, OSError):
                    observer.unschedule(known[0])
            if now and folder not in self._listening:
                watch = observer.schedule(handler, str(folder), recursive=folder != self._site, event_filter=kinds)
                self._listening[folder] = watch, now

    def scan(self) -> Scan:
        """What the disk holds."""
        begun = time.monotonic()
        if self._observer is not None:
            # A first theme of the site's own may have come, or a folder may have been taken away and put back.
            with contextlib.suppress(OSError):
                self._listen(self._observer)
        seen = scan_sources(self._site)
        self._scan_at = time.monotonic()
        self._scan_took = self._scan_at - begun
        return seen

    def scan_later(self) -> Scan:
        """What the disk holds when an editor has had the time to finish what it may have begun."""
        time.sleep(UNFINISHED)
        return self.scan()

    def next(self, seen: Scan, until: float | None = None) -> Scan | None:
        """Wait until something may have changed since `seen`, and say what the disk holds then; None when stopped.

        Returns `seen` itself at the monotonic time `until`.
        """
        period = max(POLL_PERIOD if self._poll else PERIOD, self._scan_took * SHARE)
        due = self._scan_at + period
        wake = due if until is None else min(due, until)
        with self._news:
            while not (self._hints or self._everything or self._stopped) and time.monotonic() < wake:
                self._news.wait(max(wake - time.monotonic(), 0))
            if self._stopped:
                return None
            hinted = bool(self._hints or self._everything)
        if hinted:
            paths, everything = self._settled(seen)
            again = None if everything else looked_again(seen, self._site, paths)
            return again or self.scan()
        return seen if time.monotonic() < due else self.scan()

    def doubt(self) -> None:
        """Have everything scanned at once."""
        with self._news:
            self._everything = True
            self._news.notify_all()

    def stop(self) -> None:
        """End all waiting, and listen no more."""
        with self._news:
            self._stopped = True
            self._news.notify_all()
        if self._observer is not None:
            self._observer.stop()

    def _settled(self, seen: Scan) -> tuple[set[str], bool]:
        """What was hinted at, once it is over; whether everything must be looked at."""
        begun = time.monotonic()
        with self._news:
            while not self._stopped:
                heard = self._heard
                few = len(self._hints) <= FEW and not self._everything
                quiet = STORM if not few else UNFINISHED if self._half_done(seen) else QUIET
                patience = PATIENCE if few else STORM_PATIENCE
                # Only an event or the end wakes this up.
                self._news.wait(quiet)
                if self._heard == heard or time.monotonic() - begun > patience:
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

    def _on_event(self, event: FileSystemEvent) -> None:
        paths = [os.fsdecode(path) for path in (event.src_path, event.dest_path) if path]
        named = [name for name in map(self._named, paths) if name]
        if not named:
            return
        with self._news:
            self._heard += 1
            if event.is_directory:
                self._everything = True
                self._lost.update(self._listening.keys() & {Path(os.fsdecode(event.src_path))} if event.event_type != "created" else ())
            else:
                self._hints.update(named)
            self._news.notify_all()

    def _named(self, path: str) -> str:
        """The name under which a scan knows the file at `path`; empty for one that no scan looks at."""
        relative = path.removeprefix(f"{self._site}/")
        parts = relative.split("/") if relative != path else path.removeprefix(f"{built_in_themes().resolve()}/").split("/")
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


def changed(before: Scan, now: Scan) -> tuple[str, ...]:
    """Files that are new, gone or different."""
    return tuple(sorted(_changed(before, now)))


def _changed(before: Scan, now: Scan) -> Iterable[str]:
    if before.files is now.files:
        return
    for path, stamp in now.files.items():
        if before.files.get(path) != stamp:
            yield path
    if len(before.files) != len(now.files) or before.files.keys() != now.files.keys():
        yield from before.files.keys() - now.files.keys()
