"""The site as it is being edited: a thread that keeps the edition up to date. What it shows when is decided by `lifecycle`."""

from __future__ import annotations

import gc
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from msgspec import structs

from briefings.content.parse import parse_config
from briefings.core.diagnostics import Diagnostic
from briefings.core.urls import base_path
from briefings.engine.api import BuildRequest, quiet
from briefings.engine.scan import CONFIG, Scan, is_racy
from briefings.executors.executor import Executor
from briefings.executors.failures import WorkerDiedError
from briefings.executors.processes import executor_for
from briefings.executors.program import program_digest
from briefings.pages.view_rows import settle_types
from briefings.publication.tree import read_manifest
from briefings.rendering.compile import compile_theme
from briefings.serve import lifecycle
from briefings.serve.edition import Basis, Edition, changed
from briefings.serve.lifecycle import Faulty, Linking, Starting, State, Step
from briefings.serve.machine import Machine
from briefings.serve.messages import Message, Notice, Progressed
from briefings.serve.preparation import EditionOrProblems, Preparation, learned
from briefings.serve.renderer import Renderer
from briefings.serve.saved_state import SavedState
from briefings.serve.settings import Viewer
from briefings.serve.variants import Variants
from briefings.serve.watch import Watch

_BUILT = "_site"
"""Where a build puts the site."""


class Live:
    """Keeps the site's edition up to date, in a thread that `start` starts and `stop` ends."""

    def __init__(self, site: Path, viewer: Viewer, tell: Callable[[Message], None], machine: Machine | None = None) -> None:
        """`viewer` is for whom the site is shown by default; `tell` is called from several threads."""
        self.site = site
        self.viewer = viewer
        self.renderer = Renderer(lambda *failed: self._become(lifecycle.template_failed, *failed))
        self.wake: Callable[[], None] = lambda: None
        """Called whenever the state has changed; set it before `start`."""
        self._tell = tell
        self._machine = machine or Machine()
        self._watch = Watch(site, self._machine, lambda text: tell(Notice(text)), self.report_bug)
        self._program = program_digest()
        self._saved_state = SavedState(site, viewer.audience)
        config, _ = parse_config(CONFIG, (site / CONFIG).read_bytes())
        self.state = State(phase=Starting(), base=base_path(config.url) if config else "/")
        self._workers = executor_for(self._machine.jobs if self._saved_state.is_empty(self._program) else 1)
        self._variants = Variants(lambda viewer, before, own: self._assemble(self._load(viewer, before.basis, own.seen)))
        self._stopped = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="rebuild", daemon=True)

    @property
    def base(self) -> str:
        """The path of the site's root on its host."""
        return self.state.base

    def start(self) -> None:
        """Begin with the first edition."""
        # Later this process has threads, and starts no others.
        self._workers.begin()
        settle_types()
        self._thread.start()

    def stop(self) -> None:
        """End the thread, within what one rebuild takes; work that is under way is left to itself."""
        self._stopped = True
        self._watch.stop()
        self._workers.close()
        self._thread.join(timeout=0.4)

    def doubt(self) -> None:
        """Have the disk looked at again at once: something on it is not as it should be."""
        self._watch.doubt()

    def report_bug(self) -> None:
        """Tell of the exception that is being handled, which nobody foresaw."""
        self._tell(Notice(f"this is a bug in briefings, please report it:\n{traceback.format_exc()}"))

    def edition_for(self, viewer: Viewer, state: State) -> EditionOrProblems | None:
        """The edition for `viewer` in this state, which is made when it is asked for; its problems, or None while there is none."""
        own = state.edition
        return own if own is None or viewer == self.viewer else self._variants.get(viewer, own)

    def _become(self, transition: Callable[..., Step], *happened: object) -> None:
        """Go on to the next state. Several threads may find something."""
        with self._lock:
            before = self.state
            self.state, messages = transition(before, *happened)
            for message in messages:
                self._tell(message)
        if self.state is not before:
            self.wake()

    def _progressed(self, stage: str, done: int, total: int) -> None:
        self._become(lifecycle.progressed, Progressed(stage, done, total))

    # ── The thread ───────────────────────────────────────────────────────────

    def _run(self) -> None:
        """What the thread does. It goes on whatever happens: else the server would show an old site for ever."""
        # The program as a whole does without the search for cycles among objects; a process that goes on for hours needs it.
        gc.enable()
        self._watch.start()
        seen = Scan(0, {}, ())
        while not self._stopped:
            again = seen
            try:
                again = self._watch.next(seen, self._wake_at())
                seen = self._do_what_is_due(seen, again)
            except Exception:
                seen = again
                # Processes that were ended amid their work say so in many ways.
                if not self._stopped:
                    self.report_bug()
                    self._become(lifecycle.gave_up)

    def _do_what_is_due(self, seen: Scan, again: Scan) -> Scan:
        """Act on what the disk holds and on the time; gives the scan that the state is of."""
        if self._is_new(seen, again):
            return self._rebuild(again)
        phase = self.state.phase
        if isinstance(phase, Linking) and not self.state.is_stuck and time.monotonic() >= phase.at:
            found = self._assemble(phase.preparation)
            # Linking takes a while: what was saved meanwhile would be blamed for what stood there before.
            again = self._watch.scan()
            if changed(seen.files, again.files) or isinstance(found, Edition):
                return self._rebuild(again)
            self._find_errors(phase.preparation, found)
        return seen

    def _rebuild(self, seen: Scan) -> Scan:
        """Make an edition of what was `seen`, or find what is wrong; gives the scan that was made of in the end."""
        begun = time.monotonic()
        while True:
            basis = self._saved_state.load(self._program, seen.files) if isinstance(self.state.phase, Starting) else self.state.basis
            preparation = self._load(self.viewer, basis, seen)
            # Where a file is wrong by itself, linking takes long on a large site, and can only find more that is wrong.
            wrong = preparation.wrong_files
            found = wrong or self._assemble(preparation)
            if isinstance(found, Edition):
                break
            again = self._watch.scan_later()
            if not changed(seen.files, again.files):
                self._find_errors(preparation, found, unlinked=bool(wrong and preparation.material.read))
                return seen
            # What was read may be half of a save; only what stays is told.
            seen = again
        self._show(found, begun)
        return seen

    def _load(self, viewer: Viewer, basis: Basis, seen: Scan) -> Preparation:
        request = BuildRequest(self.site, Path(), viewer.now or self._machine.now(), audience=viewer.audience)
        progress = self._progressed if self.state.edition is None else quiet
        try:
            with self._workers as workers:
                return self._machine.load(request, seen, basis, workers, progress)
        except WorkerDiedError as error:
            if self._stopped:
                raise
            self._tell(Notice(f"{error}; the work is done again in this process"))
            return self._machine.load(request, seen, basis, Executor(), progress)
        finally:
            # Several processes are worth their start for the first edition alone.
            self._workers = Executor()

    def _assemble(self, preparation: Preparation) -> EditionOrProblems:
        return self._machine.assemble(preparation, self._program)

    def _show(self, found: Edition, begun: float) -> None:
        # A template that fails is told with the edition: so its pages are tried before anybody can ask for one.
        before, failed = self.state.edition, self.state.broken.keys()
        broken = self.renderer.failing(found, before, failed)
        self._become(lifecycle.edition_made, found, broken, failed, time.monotonic() - begun)
        if before is None:
            self._saved_state.save(found)
            # The code of templates may have come from the cache. Once they are compiled here, which takes 1.4 seconds, an edit of one
            # compiles that one alone.
            compile_theme(found.templates.theme)

    def _find_errors(self, preparation: Preparation, problems: tuple[Diagnostic, ...], *, unlinked: bool = False) -> None:
        has_edition = self.state.edition is not None
        basis = preparation.basis if has_edition else learned(preparation, self._program)
        faulty = Faulty(problems=problems, built="" if has_edition else _front_page(self.site))
        if unlinked:
            faulty = Linking(**structs.asdict(faulty), preparation=preparation, at=time.monotonic() + self._machine.timing.link)
        self._become(lifecycle.errors_found, faulty, basis)

    # ── What is due, and when ────────────────────────────────────────────────

    def _is_new(self, seen: Scan, again: Scan) -> bool:
        """Whether there is something to do: all at first, files, or the clock, or a file that may have changed without a new stamp."""
        if isinstance(self.state.phase, Starting) and not self.state.is_stuck:
            return True
        if changed(seen.files, again.files) or (self.viewer.now is None and lifecycle.has_lapsed(self.state, self._machine.now())):
            return True
        return again is not seen and any(is_racy(stamp, seen.at) for stamp in again.files.values())

    def _wake_at(self) -> float | None:
        """When, on the monotonic clock, there is something to do though no file changes."""
        phase = self.state.phase
        if isinstance(phase, Linking):
            return None if self.state.is_stuck else phase.at
        left = lifecycle.seconds_left(self.state, self._machine.now()) if self.viewer.now is None else None
        return None if left is None else time.monotonic() + left + 0.01


def _front_page(site: Path) -> str:
    """The front page of the site as it was last built, from the site's folder; empty where none is.

    It is named and not served: what it shows was chosen for other readers, at another time.
    """
    built = read_manifest(site / _BUILT)
    return f"{_BUILT}/index.html" if built and "index.html" in built.files else ""
