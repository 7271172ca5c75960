"""Pages that a build takes from readers although what stood on them is published on, at another address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from briefings.content.records import Note, Page
from briefings.content.schema.validate import join
from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.text import collision_key
from briefings.engine.findings import judged, redacted
from briefings.engine.prepare import Prepared
from briefings.engine.state import PageEntry
from briefings.engine.task import Job
from briefings.pages.make.text_parts import TEXT_VIEWS
from briefings.pages.view_rows import read_page_row
from briefings.pages.views.record_views import NoteView
from briefings.site.resolve import FOLDERS

_FEW_WORDS = 8
"""A text of fewer words may stand in two notes by chance."""


def lost_addresses(job: Job, prepared: Prepared) -> tuple[Diagnostic, ...]:
    """A warning for each page that goes while a new one comes from its file, or has its text or its title and date.

    Only the build that takes the page away can know of it, so these warnings are not remembered as others are.
    """
    known, plan = job.memory.known, prepared.plan
    if known is None or job.request.drafts:
        return ()
    # Mostly there are the same pages as before, and then nothing is looked at.
    gone = _of_records(known.body.plan.pages, known.body.plan.pages.keys() - plan.pages.keys())
    new = _of_records(plan.pages, plan.pages.keys() - known.body.plan.pages.keys())
    if not gone or not new:
        return ()
    rows = job.memory.cache.load("page", {path: entry.view for path, entry in gone.items()})
    # Of several new pages with one sign the first counts.
    heirs = {sign: path for path, entry in reversed(new.items()) for sign in _signs(entry, prepared.planned.pages.get(path))}
    found: list[Diagnostic] = []
    for path, entry in gone.items():
        heir = next((heirs[sign] for sign in _signs(entry, rows.get(path)) if sign in heirs), None)
        # What has become a draft since is meant to be gone; and no alias can differ from an address in letter case alone.
        if heir is not None and entry.origin not in plan.hidden and collision_key(path) != collision_key(heir):
            found.extend(_lost(path, new[heir], prepared))
    return tuple(redacted(judged(job.request.site, prepared.read.config.severities, found), plan.hidden))


def _of_records(pages: Mapping[str, PageEntry], paths: set[str]) -> dict[str, PageEntry]:
    """The entries of those `paths` at which the first page of a record stands, sorted by path: not its later pages, nor its documents."""
    entries = ((path, pages[path]) for path in sorted(paths))
    return {
        path: page for path, page in entries if page.record and path in {f"{folder}{page.record}/index.html" for folder in FOLDERS.values()}
    }


def _signs(entry: PageEntry, row: bytes | None) -> Iterator[tuple[str, ...]]:
    """What tells that two pages are of one record, the surest first."""
    if entry.origin.endswith(".md"):
        yield entry.template, "file", entry.origin
    view = read_page_row(entry.template, row)[1] if row else None
    if isinstance(view, TEXT_VIEWS):
        if view.body and (not isinstance(view, NoteView) or view.words >= _FEW_WORDS):
            yield entry.template, "text", view.body.digest
        yield entry.template, "title", view.page.title, view.published if isinstance(view, NoteView) else ""


def _lost(path: str, heir: PageEntry, prepared: Prepared) -> Iterator[Diagnostic]:
    """The warning that the page at `path` is gone; none where `heir` comes from a file that is as it was."""
    file = prepared.read.changed.get(heir.origin)
    for record in file.records if file else ():
        if record.id == heir.record:
            old = f"/{path.removesuffix('index.html')}"
            message = f"{old} is gone, and what stood there has a new address: links from elsewhere find nothing"
            place = Place(record.path, key=join(record.key, "title" if isinstance(record, Note | Page) else "name"))
            yield problem("lost-address", message, place, f"add the old address to this record:\naliases:\n  - {old}")
