"""From what the disk holds to an edition, or to all that is wrong, in two steps: load what is new, and assemble the site."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from pathlib import Path

from msgspec import Struct, structs

from briefings.core.diagnostics import Diagnostic, problem
from briefings.engine.api import BuildRequest, Progress
from briefings.engine.build import no_garbage
from briefings.engine.findings import located, wrong_in_files
from briefings.engine.prepare import Prepared, assembled
from briefings.engine.reading import Material, read_material
from briefings.engine.scan import CONFIG, Scan, source_key, unreadable
from briefings.engine.state import Columns, SiteState, StateBody, StateHeader
from briefings.engine.task import Task
from briefings.engine.text_packs import repacked
from briefings.executors.executor import Executor
from briefings.serve.edition import Basis, Edition, edition


class Preparation(Struct, frozen=True, eq=False):
    """What was loaded for an edition."""

    task: Task
    basis: Basis
    material: Material

    @property
    def wrong_files(self) -> tuple[Diagnostic, ...]:
        """What is wrong in files by themselves, with a line and column; empty where none is in error."""
        return located(self.task.request.site, wrong_in_files(self.task, self.material))


def load(request: BuildRequest, seen: Scan, basis: Basis, workers: Executor, progress: Progress) -> Preparation:
    """Read and parse what was `seen` and is not known."""
    task = Task(
        request=request,
        rows=basis.rows,
        known=basis.known,
        seen=seen,
        stamps=basis.stamps,
        sources=basis.sources if basis.stamps.keys() == seen.files.keys() else None,
        executor=workers,
        progress=progress,
        renders=False,
    )
    site = request.site
    if not site.is_dir():
        return Preparation(task, basis, _nothing(problem("unreadable-file", f"the site's folder is gone: {site}", "content", _BRING_BACK)))
    with no_garbage():
        try:
            material = read_material(task)
        except OSError as error:
            material = _nothing(_gone(site, error))
    # The workers end when all is read.
    return Preparation(structs.replace(task, executor=Executor()), basis, material)


Load = Callable[[BuildRequest, Scan, Basis, Executor, Progress], Preparation]
EditionOrProblems = Edition | tuple[Diagnostic, ...]
"""An edition, or all that is wrong, with lines and columns."""


def assemble(preparation: Preparation, program: bytes) -> EditionOrProblems:
    """The edition that is linked and planned of what was loaded, or all that is wrong; `program` is the program's digest."""
    task, basis = preparation.task, preparation.basis
    site = task.request.site
    with no_garbage():
        try:
            prepared = assembled(task, preparation.material)
        except OSError as error:
            prepared = (_gone(site, error),)
        if not isinstance(prepared, Prepared):
            return located(site, prepared)
        prepared = structs.replace(prepared, diagnostics=located(site, prepared.diagnostics))
        return edition(task.request, prepared, task.seen, program, basis)


def learned(preparation: Preparation, program: bytes) -> Basis:
    """What is known after a preparation that gave no edition: records and texts of each file, and no page."""
    read, before, seen = preparation.material.read, preparation.basis, preparation.task.seen
    if read is None:
        return before
    packs = before.known.body.packs if before.known else {}
    packs, new_texts = repacked(packs, before.rows, {*chain.from_iterable(packs.values()), *read.texts}, read.texts)
    stamps = {path: stamp for path, stamp in seen.files.items() if path in read.entries}
    body = StateBody(sources=read.entries, stamps=Columns.of(stamps), packs=packs)
    header = StateHeader(program=program, scanned=seen.at)
    return Basis(SiteState(header, body), before.rows.followed_by({"records": read.rows, "texts": new_texts}, body), stamps)


_BRING_BACK = "bring it back: it is found again by itself; or end this server, and start it where the folder is now"


def _nothing(*found: Diagnostic) -> Material:
    return Material(None, None, found)


def _gone(site: Path, error: OSError) -> Diagnostic:
    """A file was taken away in this very moment; what becomes of it is seen by the next scan."""
    return unreadable(source_key(site, str(error.filename or CONFIG)), error)
