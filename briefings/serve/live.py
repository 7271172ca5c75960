"""The site as it is being edited: one thread that keeps the edition up to date, and what it has to tell."""

from __future__ import annotations

import ctypes
import datetime as dt
import gc
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import structs

from briefings.content.parse import parse_config
from briefings.core.diagnostics import Diagnostic
from briefings.core.urls import base_path
from briefings.engine.api import BuildRequest, WorkerDiedError, quiet
from briefings.engine.cache import program_digest
from briefings.engine.findings import located
from briefings.engine.output import read_manifest
from briefings.engine.prepare import wrong_in_files
from briefings.engine.scan import CONFIG, Scan, is_racy
from briefings.engine.state import within
from briefings.engine.task import Task
from briefings.engine.worker import Worker
from briefings.engine.workers import Workers
from briefings.pages.view_rows import settle_types
from briefings.rendering.compile import compile_theme
from briefings.serve.attempt import Attempt, attempted, made
from briefings.serve.edition import Edition
from briefings.serve.keep import Keeper, Recalled, learned
from briefings.serve.news import Failed, Moved, News, Notice, Progressed, Rebuilt, State, View
from briefings.serve.renderer import Renderer, by_place
from briefings.serve.watch import Watch, changed

VARIANTS = 2
"""Other audiences and instants for which editions are kept."""
_LONG = 0.5
"""Seconds of a rebuild that has done much."""
_IDLE = 3.0
"""Seconds without a change after which the cache is brought up to date."""
_PAUSE = 1.0
"""Seconds without a change after which errors in files are followed by those between files: to find them, all is linked."""
_BUILT = "_site"
"""Where a build puts the site."""


class Live:
    """Keeps the site's edition up to date. Its thread is started with `start` and ends with `stop`."""

    def __init__(self, site: Path, view: View, *, poll: bool, jobs: int, tell: Callable[[News], None]) -> None:
        """`view` is what is shown by default; `tell` is called from the thread."""
        self.site = site
        self.view = view
        config, _ = parse_config(CONFIG, (site / CONFIG).read_bytes())
        self._first_base = base_path(config.url) if config else "/"
        self.former_bases: frozenset[str] = frozenset()
        """Where the site's root has been."""
        self.renderer = Renderer(self._hear)
        self.state = State()
        self.wake: Callable[[], None] = lambda: None
        """Called whenever the state has changed; set it before `start`."""
        self._tell = tell
        self._watch = Watch(site, poll=poll, say=lambda text: tell(Notice(text)))
        worker = Worker()
        self._here = Workers(1, worker=worker)
        self._program = program_digest()
        self._keeper = Keeper(site, view.audience)
        self._first_workers = Workers(jobs if self._keeper.is_empty(self._program) else 1, worker=worker)
        self._recalled = Recalled()
        self._unlinked: tuple[float, Attempt] | None = None
        self._stopped = False
        self._shown_at = 0.0
        self._changing = threading.RLock()
        self._variants: dict[View, Edition | tuple[Diagnostic, ...]] = {}
        self._variants_lock = threading.Lock()
        self._based_on: dict[View, Edition] = {}
        self._thread = threading.Thread(target=self._run, name="rebuild", daemon=True)

    @property
    def base(self) -> str:
        """The path of the site's root on its host."""
        shown = self.state.edition
        return shown.base if shown else self._first_base

    def start(self) -> None:
        """Begin with the first edition."""
        # Later this process has threads, and starts no others.
        self._first_workers.start()
        settle_types()
        self._thread.start()

    def stop(self) -> None:
        """End the thread, within what one rebuild takes; work that is under way is left to itself."""
        self._stopped = True
        self._watch.stop()
        self._first_workers.close()
        self._thread.join(timeout=0.4)

    def doubt(self) -> None:
        """Have the disk looked at again at once: something on it is not as it should be."""
        self._watch.doubt()

    def report_bug(self) -> None:
        """Tell of the exception that is being handled, which nobody foresaw."""
        self._tell(Notice(f"this is a bug in briefings, please report it:\n{traceback.format_exc()}"))

    def shown_to(self, view: View) -> Edition | tuple[Diagnostic, ...] | None:
        """The edition for `view`, which is made when it is asked for; its problems, or None while there is none."""
        base = self.state.edition
        if base is None or view == self.view:
            return base
        with self._variants_lock:
            before = self._variants.pop(view, None)
            if before is None or self._based_on.get(view) is not base:
                follows = before if isinstance(before, Edition) else base
                before = made(self._advance(self._request(view), follows, base.seen), self._program)
                self._based_on[view] = base
            self._variants[view] = before
            while len(self._variants) > VARIANTS:
                oldest = next(iter(self._variants))
                del self._variants[oldest], self._based_on[oldest]
            return before

    def _request(self, view: View) -> BuildRequest:
        return BuildRequest(self.site, Path(), view.now or dt.datetime.now(dt.UTC), audience=view.audience)

    def _run(self) -> None:
        """What the thread does. It goes on whatever happens: else the server would show an old site for ever."""
        self._watch.start()
        seen = self._watch.scan()
        try:
            self._begin(seen)
        except Exception:
            # Processes that were ended amid their work say so in many ways.
            if not self._stopped:
                self.report_bug()
        # What there is now stays: looking through it for garbage again and again would take longer than a rebuild.
        gc.collect()
        gc.freeze()
        gc.enable()
        _give_back()
        while (again := self._watch.next(seen, self._wake_at())) is not None:
            try:
                seen = self._step(seen, again)
            except Exception:
                seen = again
                self.report_bug()

    def _step(self, seen: Scan, again: Scan) -> Scan:
        """Do what there is to do; what was seen then."""
        if self._is_new(seen, again):
            return self._rebuild(seen, again)
        if self._unlinked is not None and time.monotonic() >= self._unlinked[0]:
            found = made(self._unlinked[1], self._program)
            self._unlinked = None
            # Linking takes a while: what was saved meanwhile would be blamed for what stood there before.
            now = self._watch.scan()
            if changed(seen, now):
                return self._rebuild(seen, now)
            if not isinstance(found, Edition):
                self._fail(found)
        if self.state.edition is not None and self._keeper.is_behind(self.state.edition) and self._is_idle():
            self._keeper.save(self.state.edition)
            # The code of templates may come from the cache; once they have been compiled here, an edit of one compiles that one alone.
            compile_theme(self.state.edition.templates.theme)
        return seen

    def _is_idle(self) -> bool:
        return time.monotonic() - self._shown_at >= _IDLE

    def _wake_at(self) -> float | None:
        """When, on the monotonic clock, there is something to do though no file changes."""
        cache = self._shown_at + _IDLE if self._keeper.is_behind(self.state.edition) else None
        link = self._unlinked[0] if self._unlinked else None
        return min((at for at in (self._due(), link, cache) if at is not None), default=None)

    def _begin(self, seen: Scan) -> None:
        """The first edition: from what was remembered, if that holds."""
        begun = time.monotonic()
        self._recalled = self._keeper.recall(self._program, seen.files)
        try:
            with self._first_workers as pool:
                attempt = self._first(seen, pool)
                found = made(attempt, self._program)
        except WorkerDiedError as error:
            if self._stopped:
                return
            self._tell(Notice(f"{error}; the work is done again in this process"))
            attempt = self._first(seen, self._here)
            found = made(attempt, self._program)
        if isinstance(found, Edition):
            self._follow(None, found, (), begun)
        else:
            self._learn(attempt)
            self._fail(found)

    def _first(self, seen: Scan, pool: Workers) -> Attempt:
        """What the first edition is made of, on what is recalled."""
        recalled = self._recalled
        known = recalled.known
        task = Task(
            request=self._request(self.view),
            rows=recalled.rows,
            known=known,
            seen=seen,
            stamps=known.body.stamps.stamps() if known else {},
            pool=pool,
            progress=self._progress,
            renders=False,
        )
        return attempted(task, recalled.rows)

    def _advance(self, request: BuildRequest, before: Edition, seen: Scan) -> Attempt:
        """What the edition for `request` is made of that follows on `before`, which may be one for others."""
        task = Task(
            request=request,
            rows=before.rows,
            known=before.known,
            seen=seen,
            stamps=before.seen.files,
            sources=before.sources if before.seen.files.keys() == seen.files.keys() else None,
            pool=self._here,
            progress=quiet,
            renders=False,
        )
        return attempted(task, before.rows)

    def _learn(self, attempt: Attempt) -> None:
        """As long as there is no edition, keep what was read, so that only what is saved must be read again."""
        if self.state.edition is None and attempt.material.read is not None:
            self._recalled = learned(self._recalled, self._program, attempt.task.seen, attempt.material.read)

    def _rebuild(self, before: Scan, seen: Scan) -> Scan:
        begun = time.monotonic()
        old = self.state.edition
        self._unlinked = None
        while True:
            attempt = self._advance(self._request(self.view), old, seen) if old else self._first(seen, self._here)
            # Where a file is wrong by itself, linking takes long on a large site, and can only find more that is wrong.
            wrong = wrong_in_files(attempt.task, attempt.material)
            found = located(self.site, wrong) if wrong else made(attempt, self._program)
            if isinstance(found, Edition):
                break
            again = self._watch.scan_later()
            if not changed(seen, again):
                self._learn(attempt)
                self._fail(found)
                if wrong and attempt.material.read is not None:
                    self._unlinked = time.monotonic() + _PAUSE, attempt
                return seen
            # What was read may be half of a save; only what stays is told.
            seen = again
        files = (_different(old, found) if old else ()) or changed(before, seen)
        if time.monotonic() - begun > _LONG:
            _give_back()
        if self.state.failed or found.differing or old is None or found.known.body.sources != old.known.body.sources:
            self._follow(old, found, files, begun)
        else:
            # Nothing but stamps, or the time for which it holds, has changed.
            self._change(edition=found)
        return seen

    def _follow(self, old: Edition | None, found: Edition, files: tuple[str, ...], begun: float) -> None:
        """Show the edition that follows on `old`, and tell of it, and of its templates that fail."""
        # A request that meets such a template meanwhile must not tell of it before the edition is told.
        with self._changing:
            before, base = self.state, self.base
            self.former_bases |= {base}
            self._show(found, self._followed(found, files) if files else "")
            seconds = time.monotonic() - begun
            broken = self.renderer.failing(found, old)
            pages = len(found.pages) if old is None else _count(found)
            mended = bool(before.failed or before.broken) and not broken
            self._tell(Rebuilt(old is None, files, pages, seconds, found, mended, broken))
            told = {d.place for d in before.broken}
            if broken != self.state.broken:
                self._change(broken=broken)
            if any(d.place not in told for d in broken):
                self._tell_broken()
            if found.base != base:
                self._tell(Moved(found.base))

    def _show(self, found: Edition, follow: str) -> None:
        state = self.state
        self._recalled = Recalled()
        self._shown_at = time.monotonic()
        same = state.edition is not None and state.edition.prints == found.prints
        if state.edition is not None and not same and not state.broken:
            self.renderer.former = state.edition.templates.theme
        version = state.version + 1
        followed = (version, follow) if follow else state.followed
        broken = state.broken if same else ()
        self._change(version=version, edition=found, problems=found.warnings, failed=False, broken=broken, followed=followed)

    def _fail(self, problems: tuple[Diagnostic, ...]) -> None:
        if self.state.failed and self.state.problems == problems:
            return
        has_edition = self.state.edition is not None
        built = "" if has_edition else _front_page(self.site)
        self._change(version=self.state.version + 1, problems=problems, failed=True, built=built)
        self._tell(Failed(problems, has_edition, built=built))

    def _hear(self, edition: Edition, found: Diagnostic) -> None:
        """A page that somebody asked for shows that a template of `edition` fails."""
        with self._changing:
            state = self.state
            known = any((d.code, d.place) == (found.code, found.place) for d in state.broken)
            if state.edition is None or state.edition.prints != edition.prints or known:
                return
            self._change(version=state.version + 1, broken=by_place((*state.broken, found)))
            self._tell_broken()

    def _tell_broken(self) -> None:
        # Where a template failed from the start, its pages have never been.
        known = self.renderer.former is not None
        self._tell(Failed(self.state.problems + self.state.broken, shown=known, partly=not known))

    def _change(self, **fields: Any) -> None:
        """Have the state with these fields; several threads may find something."""
        with self._changing:
            self.state = structs.replace(self.state, **fields)
        self.wake()

    def _followed(self, found: Edition, files: tuple[str, ...]) -> str:
        """The page of the record that was saved, if it was one."""
        records = [path for path in files if path in found.known.body.sources and found.known.body.sources[path].records]
        if len(records) != 1:
            return ""
        pages = found.known.body.plan.pages
        return next((path for path, entry in pages.items() if entry.origin == records[0] and entry.record and found.is_page(path)), "")

    def _is_new(self, seen: Scan, again: Scan) -> bool:
        """Whether there is something to do: files, or the clock, or a file that may have changed without a new stamp."""
        old = self.state.edition
        if changed(seen, again):
            return True
        follows_clock = not self.state.failed and self.view.now is None
        if old is not None and follows_clock and not within(old.known.header.scope, dt.datetime.now(dt.UTC)):
            return True
        return again is not seen and any(is_racy(stamp, seen.at) for stamp in again.files.values())

    def _due(self) -> float | None:
        """When, on the monotonic clock, the site changes by itself."""
        old = self.state.edition
        # While there are errors only the save that mends them gives another edition; it will be one for that time.
        if old is None or self.state.failed or self.view.now is not None or not old.known.header.scope.until:
            return None
        left = dt.datetime.fromisoformat(old.known.header.scope.until) - dt.datetime.now(dt.UTC)
        return time.monotonic() + max(left.total_seconds(), 0) + 0.01

    def _progress(self, stage: str, done: int, total: int) -> None:
        progress = Progressed(stage, done, total)
        self._tell(progress)
        self._change(progress=progress)


def _front_page(site: Path) -> str:
    """The front page of the site as it was last built, from the site's folder; empty where none is.

    It is named and not served: what it shows was chosen for other readers, at another time.
    """
    built = read_manifest(site / _BUILT)
    return f"{_BUILT}/index.html" if built and "index.html" in built.files else ""


def _give_back() -> None:
    """Return to the system the memory that linking a large site took, where the C library can be asked to."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def _count(found: Edition) -> int:
    """How many pages and files differ from the edition before; what is for programs only follows its page."""
    return sum(path not in found.pages or found.is_page(path) for path in found.differing)


def _different(old: Edition, new: Edition) -> tuple[str, ...]:
    """Source files that are new, gone or different."""
    before, now = old.known.body.sources, new.known.body.sources
    # Entries of files that were not read again are the very same.
    files = {path for path, entry in now.items() if (known := before.get(path)) is not entry and known != entry}
    return tuple(sorted(files | (before.keys() - now.keys())))
