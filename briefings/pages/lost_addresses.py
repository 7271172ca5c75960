"""Pages that a build takes from readers although what stood on them is published on, at another address."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from briefings.content.parse import Parsed
from briefings.content.records import Note, Page
from briefings.content.schema.validate import join
from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.text import collision_key
from briefings.pages.make.text_parts import TEXT_VIEWS
from briefings.pages.site_plan import PageEntry, SitePlan
from briefings.pages.view_rows import read_page_row
from briefings.pages.views.record_views import NoteView
from briefings.site.resolve import PAGE_FOLDERS

LoadRows = Callable[[Mapping[str, bytes]], Mapping[str, bytes]]
"""Gives those of some rows, by key, whose bytes still have the given digests."""

_FEW_WORDS = 8
"""A text of fewer words may stand in two notes by chance."""


def lost_addresses(
    before: SitePlan, now: SitePlan, load: LoadRows, rows: Mapping[str, bytes], changed: Mapping[str, Parsed]
) -> Iterator[Diagnostic]:
    """A warning for each page that goes while a new one comes from its file, or has its text or its title and date.

    `load` gives rows of pages of the plan `before`, `rows` are those of pages of the plan `now` that are new or different, and `changed`
    are the files that are new or different, by path.
    """
    # Mostly there are the same pages as before, and then nothing is looked at.
    gone = _of_records(before.pages, before.pages.keys() - now.pages.keys())
    new = _of_records(now.pages, now.pages.keys() - before.pages.keys())
    if not gone or not new:
        return
    old_rows = load({path: entry.view for path, entry in gone.items()})
    # Of several new pages with one sign the first counts.
    heirs = {sign: path for path, entry in reversed(new.items()) for sign in _signs(entry, rows.get(path))}
    for path, entry in gone.items():
        heir = next((heirs[sign] for sign in _signs(entry, old_rows.get(path)) if sign in heirs), None)
        # What has become a draft since is meant to be gone; and no alias can differ from an address in letter case alone.
        if heir is not None and entry.origin not in now.hidden and collision_key(path) != collision_key(heir):
            yield from _lost(path, new[heir], changed.get(new[heir].origin))


def _of_records(pages: Mapping[str, PageEntry], paths: set[str]) -> dict[str, PageEntry]:
    """The entries of those `paths` at which the first page of a record stands, sorted by path: not its later pages, nor its documents."""
    entries = ((path, pages[path]) for path in sorted(paths))
    return {
        path: page
        for path, page in entries
        if page.record and path in {f"{folder}{page.record}/index.html" for folder in PAGE_FOLDERS.values()}
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


def _lost(path: str, heir: PageEntry, file: Parsed | None) -> Iterator[Diagnostic]:
    """The warning that the page at `path` is gone; none where its `heir` comes from no `file` that has changed."""
    for record in file.records if file else ():
        if record.id == heir.record:
            old = f"/{path.removesuffix('index.html')}"
            message = f"{old} is gone, and what stood there has a new address: links from elsewhere find nothing"
            place = Place(record.path, key=join(record.key, "title" if isinstance(record, Note | Page) else "name"))
            yield problem("lost-address", message, place, f"add the old address to this record:\naliases:\n  - {old}")
