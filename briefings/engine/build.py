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
from briefings.engine.beside import MANY, Beside
from briefings.engine.cache import Cache, Glance, program_digest, within
from briefings.engine.disk import rights_for
from briefings.engine.lock import locked
from briefings.engine.output import MANIFEST, UNKNOWN, damaged_files, digest_of, is_unfinished, misplaced, refuse, signature_of
from briefings.engine.scan import Scan, is_racy, racy_since, scan_sources


def build(request: BuildRequest, progress: Progress = quiet) -> BuildReport:
    """Build the site and publish it, unless anything is wrong with it; then the output stays as it was.

    Raises WorkerDiedError when a process of it was ended from outside, and OSError when the output cannot be written.
    """
    begun = time.monotonic()
    output = request.output.resolve()
    # What has no manifest is refused before anything is made; to read one is for a build that has something to do.
    if refused := misplaced(output, request.site) or (None if signature_of(output) else refuse(output)):
        return BuildReport(ok=False, diagnostics=(refused,))
    cache, program = Cache(request.site, request.audience or "", drafts=request.drafts), program_digest()
    with locked(request.site, waiting=lambda: progress("wait", 0, 0)), no_garbage():
        if is_unfinished(output):
            # This, and what it needs, is loaded after a build that was cut short.
            from briefings.engine.journal import settle

            settle(output, request.disk)
        progress("read", 0, 0)
        glance = cache.glance()
        if glance is not None and (glance.program, glance.output, glance.scope.audience, glance.scope.drafts) != (
            program,
            os.fsencode(output),
            request.audience or "",
            request.drafts,
        ):
            glance = None
        apart = request.jobs > 1 and glance is not None and len(glance.outputs) > MANY
        with Beside(partial(_damaged, output, glance), "looking at the output", apart=apart) as looking:
            # A build that finds nothing changed spends most of its time here, looking at all sources and all that is published.
            seen = scan_sources(request.site)
            damaged = looking.result()
        if glance and not request.clean and not request.verify and not damaged and _holds(glance, request, seen, cache):
            return BuildReport(ok=True, diagnostics=glance.diagnostics, counts=glance.counts, seconds=time.monotonic() - begun)

        if refused := refuse(output, known=glance is not None and glance.signature is not None and MANIFEST not in damaged):
            return BuildReport(ok=False, diagnostics=(refused,))

        # From here on there is work to do, and only now are Markdown, YAML and Jinja imported.
        from briefings.engine.journal import clear_trees
        from briefings.engine.secrecy import with_names
        from briefings.engine.stages import run
        from briefings.engine.task import Memory

        clear_trees(request.site, output)
        known = cache.snapshot(glance) if glance else None
        memory = Memory(cache, program, with_names(known, seen.files) if known else None, damaged)
        report = run(structs.replace(request, output=output), memory, seen, progress)
        return structs.replace(report, seconds=time.monotonic() - begun)


def _damaged(output: Path, glance: Glance | None) -> frozenset[str]:
    if glance is None:
        return UNKNOWN
    return damaged_files(output, glance.outputs.stamps(), glance.signature, rights_for(glance.scope.shown_to, preview=glance.scope.drafts))


@contextmanager
def no_garbage() -> Iterator[None]:
    """Without the search for cycles among objects: a build makes a million objects and no cycle."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _holds(known: Glance, request: BuildRequest, seen: Scan, cache: Cache) -> bool:
    """Whether a build would find all as the last one left it."""
    stamps = known.sources.stamps()
    if known.conceals:
        # A site without secrets does not need what keeps them.
        from briefings.engine.secrecy import names_restored

        stamps = names_restored(stamps, seen.files)
    if seen.diagnostics or not within(known.scope, request.now) or stamps != seen.files:
        return False
    youngest = racy_since(known.scanned)
    racy = [path for path, found in seen.files.items() if (found[1] >= youngest or found[2] >= youngest) and is_racy(found, known.scanned)]
    if racy:
        details = cache.snapshot(known)
        sources = details.details.sources if details else {}
        if known.conceals:
            sources = names_restored(sources, seen.files)
        if not sources or any(digest_of(request.site / path) != sources[path].digest for path in racy):
            return False
        # They have been read again, later: next time their stamps are enough.
        cache.save_glance(structs.replace(known, scanned=seen.at))
    return True
