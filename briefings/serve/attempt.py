"""From what the disk holds to an edition, or to all that is wrong, in two steps: what is read, and what is made of it."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct, structs

from briefings.core.diagnostics import Diagnostic
from briefings.engine.build import no_garbage
from briefings.engine.findings import located
from briefings.engine.prepare import Material, Prepared, assembled, read_material
from briefings.engine.scan import CONFIG, source_key, unreadable
from briefings.engine.task import Task
from briefings.serve.edition import Edition, MemoryRows, edition


class Attempt(Struct, frozen=True):
    """What was read for an edition."""

    task: Task
    material: Material
    rows: MemoryRows
    """Those on which it goes on."""


def attempted(task: Task, rows: MemoryRows) -> Attempt:
    """Read what is new for `task`."""
    with no_garbage():
        try:
            return Attempt(task, read_material(task), rows)
        except OSError as error:
            return Attempt(task, Material(None, None, (_gone(task.request.site, error),)), rows)


def made(attempt: Attempt, program: bytes) -> Edition | tuple[Diagnostic, ...]:
    """The edition that is made of what was read, or all that is wrong."""
    task = attempt.task
    site = task.request.site
    with no_garbage():
        try:
            prepared = assembled(task, attempt.material)
        except OSError as error:
            prepared = (_gone(site, error),)
        if not isinstance(prepared, Prepared):
            return located(site, prepared)
        prepared = structs.replace(prepared, diagnostics=located(site, prepared.diagnostics))
        return edition(task.request, prepared, task.seen, program, task.known, attempt.rows)


def _gone(site: Path, error: OSError) -> Diagnostic:
    """A file was taken away in this very moment; what becomes of it is seen by the next scan."""
    return unreadable(source_key(site, str(error.filename or CONFIG)), error)
