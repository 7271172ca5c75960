"""The build: nothing, if nothing has changed; else its stages in order."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from msgspec import structs

from briefings.engine.api import BuildReport, BuildRequest, Progress, quiet
from briefings.engine.cache import FOLDER, Cache
from briefings.engine.lock import locked
from briefings.engine.scan import Scan, is_racy, racy_since, scan_sources
from briefings.engine.state import Columns, StateHeader
from briefings.executors.program import program_digest
from briefings.pages.site_plan import within
from briefings.publication.tree import (
    MANIFEST,
    UNKNOWN,
    Label,
    damaged_files,
    digest_of,
    is_unfinished,
    refuse,
    resolved,
    signature_of,
    unfit_place,
)


def build(request: BuildRequest, progress: Progress = quiet) -> BuildReport:
    """Build the site and publish it, unless anything is wrong with it; then the output stays as it was.

    Raises WorkerDiedError when a process of it was ended from outside, and OSError when the output cannot be written.
    """
    begun = time.monotonic()
    output = resolved(request.output)
    # What has no manifest is refused before anything is made; to read one is for a build that has something to do.
    if refused := unfit_place(output, request.site) or (None if signature_of(output) else refuse(output)):
        return BuildReport(ok=False, diagnostics=(refused,))
    cache, program = Cache(request.site, request.audience or "", drafts=request.drafts), request.program or program_digest()
    waiting = partial(progress, "wait", 0, 0)
    with locked(request.site, waiting, request.disk), no_garbage():
        if is_unfinished(output):
            # This, and what it needs, is loaded after a build that was cut short.
            from briefings.publication.journal import settle

            settle(output, request.disk, waiting)
        progress("read", 0, 0)
        header = _header(cache, request, program, output)
        # A build that finds nothing changed spends most of its time here, looking at all sources and all that is published.
        seen, signature = scan_sources(request.site), signature_of(output)
        damaged = _damaged(output, header)
        if header and not request.clean and not request.verify and not damaged and _holds(header, request, seen, cache):
            return BuildReport(ok=True, diagnostics=header.diagnostics, counts=header.counts, seconds=time.monotonic() - begun)

        if refused := refuse(output, known=header is not None and header.signature is not None and MANIFEST not in damaged):
            return BuildReport(ok=False, diagnostics=(refused,))

        # From here on there is work to do, and only now are Markdown, YAML and Jinja imported.
        from briefings.engine.stages import run
        from briefings.engine.task import Job
        from briefings.executors.processes import executor_for

        if header is None:
            # Version 0.1 may have built here last.
            from briefings.publication.journal import clear_trees

            clear_trees(request.site / FOLDER, output)
        last = cache.state(header, seen.files) if header else None
        known = None if request.clean or request.verify else last
        with executor_for(request.jobs, request.scheduler) as executor:
            report = run(
                Job(
                    request=structs.replace(request, output=output),
                    rows=cache,
                    known=known,
                    last=last,
                    seen=seen,
                    executor=executor,
                    progress=progress,
                    stamps=known.body.stamps.stamps() if known else {},
                    damaged=damaged,
                    program=program,
                    signature=signature,
                )
            )
        return structs.replace(report, seconds=time.monotonic() - begun)


def _header(cache: Cache, request: BuildRequest, program: bytes, output: Path) -> StateHeader | None:
    """What the last build left, if this program has built to the same output for the same readers."""
    header = cache.header()
    if header is None or (header.program, header.output) != (program, os.fsencode(output)):
        return None
    return header if (header.scope.audience, header.scope.drafts) == (request.audience or "", request.drafts) else None


def _damaged(output: Path, header: StateHeader | None) -> frozenset[str]:
    if header is None:
        return UNKNOWN
    label = Label(header.scope.shown_to, header.scope.drafts)
    return damaged_files(output, header.outputs.stamps(), header.signature, everybody=label.everybody)


@contextmanager
def no_garbage() -> Iterator[None]:
    """Run the block without the search for cycles among objects: a build makes a million objects and no cycle."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _holds(known: StateHeader, request: BuildRequest, seen: Scan, cache: Cache) -> bool:
    """Whether a build would find all as the last one left it."""
    if seen.diagnostics or not within(known.scope, request.now) or known.sources != Columns.of(seen.files).digest():
        return False
    youngest = racy_since(known.scanned)
    racy = {
        path: found
        for path, found in seen.files.items()
        if (found[1] >= youngest or found[2] >= youngest) and is_racy(found, known.scanned)
    }
    if racy:
        state = cache.state(known, racy)
        sources = state.body.sources if state else {}
        if any(path not in sources or digest_of(request.site / path) != sources[path].digest for path in racy):
            return False
        # They have been read again, later: next time their stamps are enough.
        cache.save_header(structs.replace(known, scanned=seen.at))
    return True
