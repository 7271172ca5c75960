"""The build: nothing, if nothing has changed; else its stages in order."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import structs

from briefings.build.cache import Cache, Snapshot, digest, within
from briefings.build.lock import locked
from briefings.build.output import MANIFEST, is_as_published, refuse, seal_of
from briefings.build.program import program_digest
from briefings.build.report import BuildReport, BuildRequest, Progress, quiet
from briefings.build.scan import Scan, is_racy, scan
from briefings.rendering.builtin import built_in_themes


def build(request: BuildRequest, progress: Progress = quiet) -> BuildReport:
    """Build the site and publish it, unless anything is wrong with it; then the output stays as it was.

    Raises WorkerDiedError when a worker was ended from outside, and OSError when the output cannot be written.
    """
    begun = time.monotonic()
    output = request.output.resolve()
    refused = refuse(output, request.site)
    if refused:
        return BuildReport(ok=False, diagnostics=(refused,))
    with locked(request.site, waiting=lambda: progress("wait", 0, 0)):
        progress("read", 0, 0)
        seen = scan_sources(request.site)
        cache, program = Cache(request.site), program_digest()
        known = cache.snapshot()
        if known is not None and (known.program, known.output) != (program, str(output)):
            known = None
        damaged = damaged_outputs(output, known) if known else frozenset()
        if known and not request.clean and not request.verify and not damaged and _holds(known, request, seen, cache):
            return BuildReport(ok=True, diagnostics=known.diagnostics, counts=known.counts, seconds=time.monotonic() - begun)

        # From here on there is work to do, and only now are Markdown, YAML and Jinja imported.
        from briefings.build.stages import Memory, run

        with _no_garbage():
            report = run(structs.replace(request, output=output), Memory(cache, known, program, damaged), seen, progress)
        return structs.replace(report, seconds=time.monotonic() - begun)


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Without the search for circles among objects: a build makes a million objects and no circle."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def scan_sources(site: Path) -> Scan:
    """All that pages are made of: the content, the site's themes, and those of the program."""
    content = scan(site, "content")
    files = dict(content.files)
    if (site / "themes").is_dir():
        files |= scan(site, "themes", anywhere=True).files
    themes = built_in_themes().resolve()
    if themes != (site / "themes").resolve():
        files |= {f"{themes.parent}/{path}": found for path, found in scan(themes.parent, themes.name, anywhere=True).files.items()}
    return Scan(content.at, files, content.diagnostics)


def damaged_outputs(output: Path, known: Snapshot) -> frozenset[str]:
    """Files of the output that are gone or no longer what was published; its manifest, when it is that of a build that was cut short."""
    damaged = [] if seal_of(output) == known.seals[0] else [MANIFEST]
    damaged += (path for path, entry in known.outputs.items() if not is_as_published(output, path, entry))
    return frozenset(damaged)


def _holds(known: Snapshot, request: BuildRequest, seen: Scan, cache: Cache) -> bool:
    """Whether a build would find all as the last one left it."""
    if seen.diagnostics or not within(known, request.now) or known.sources.keys() != seen.files.keys():
        return False
    racy = []
    for path, found in seen.files.items():
        entry = known.sources[path]
        if entry.stamp != found:
            return False
        if is_racy(found, known.scanned):
            racy.append(path)
    if any(digest((request.site / path).read_bytes()) != known.sources[path].digest for path in racy):
        return False
    if racy:
        # They have been read again, later: next time their stamps are enough.
        cache.save_snapshot(structs.replace(known, scanned=seen.at))
    return True
