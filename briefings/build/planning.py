"""Linking and planning: the pages as they must be, from all records, or from the last build where nothing that they share has changed."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, structs

from briefings.build.cache import Cache, Counts, PageEntry, Snapshot, digest, within
from briefings.build.read import attachment, unreadable
from briefings.build.reading import Read, parse_files
from briefings.build.report import BuildRequest, quiet
from briefings.build.rows import page_row, read_page_row, read_records_row
from briefings.build.sites import CONFIG
from briefings.build.workers import Workers
from briefings.content.moments import zone
from briefings.diagnostics import Diagnostic, has_errors
from briefings.pages.plan import plan
from briefings.pages.text import TEXT_VIEWS, with_text
from briefings.pages.views import TEMPLATES
from briefings.rendering.theme import Theme
from briefings.site.link import link
from briefings.site.outside import clock_bounds


class Pages(Struct, frozen=True):
    """The pages as they must be, whether or not the output has them so."""

    entries: dict[str, PageEntry]
    rows: dict[str, bytes]
    """Rows of those pages that may differ from what the cache has."""
    copies: dict[str, str]
    """Address and source of each file that is published as it is."""
    counts: Counts
    bounds: tuple[str, str]
    linked: tuple[str, ...]
    """Files that linking had something to say of."""


def carried_over(
    request: BuildRequest, read: Read, cache: Cache, known: Snapshot, damaged: frozenset[str], theme: Theme, prints: Mapping[str, bytes]
) -> Pages | None:
    """The pages, when linking and planning would give what they gave before: no outside of a file has changed.

    Then only the texts of changed files differ, each on its own page. None when the site must be linked again, or a row is lost.
    """
    before = known.sources
    same_files = all((path in before) == (path in read.entries) for path in {*before, *read.entries} if path.startswith("content/"))
    if not same_files or not within(known, request.now) or _copies(known.copies, theme) != known.copies:
        return None
    for path in (CONFIG, *read.sources.attachments):
        if read.entries[path].digest != before[path].digest:
            return None
    if any(read.entries[path].outside != before[path].outside or path in known.linked for path in read.changed):
        return None
    entries = dict(known.pages)
    for path, entry in entries.items():
        if entry.theme != prints[entry.template]:
            entries[path] = structs.replace(entry, theme=prints[entry.template])
    with_texts = [path for path, entry in entries.items() if entry.origin in read.changed]
    wanted = {path: entries[path].view for path in {*with_texts, *stale(entries, known, damaged)}}
    rows = cache.load("page", wanted)
    if rows.keys() != wanted.keys():
        return None
    for path in with_texts:
        entry = entries[path]
        targets, view = read_page_row(entry.template, rows[path])
        record = next(r for r in read.changed[entry.origin].records if r.id == entry.record)
        if isinstance(view, TEXT_VIEWS) and view.body:
            rows[path] = page_row(targets, with_text(view, record.body, targets))
            entries[path] = structs.replace(entry, view=digest(rows[path]))
    return Pages(entries, rows, known.copies, known.counts, (known.since, known.until), known.linked)


def linked_pages(
    request: BuildRequest, read: Read, cache: Cache, theme: Theme | None, prints: Mapping[str, bytes], pool: Workers
) -> tuple[Pages | None, list[Diagnostic]]:
    """Link all records and plan every page; no pages where anything is wrong."""
    wanted = {path: read.entries[path].records for path in read.sources.records if path not in read.changed}
    parsed = {path: read_records_row(row) for path, row in cache.load("records", wanted).items()}
    lost = [path for path in wanted if path not in parsed]
    parsed |= {path: file.parsed for path, file, _ in parse_files(request.site, read.config, lost, None, pool, quiet) if file.parsed}
    found = [d for file in parsed.values() for d in file.diagnostics]
    parsed |= read.changed
    attachments = [attachment(request.site, path) for path in read.sources.attachments]
    site, linked = link(parsed.values(), attachments, read.config, now=request.now)
    found += linked
    found += (damaged for one in attachments if (damaged := unreadable(one)) is not None)
    if theme is None or has_errors(linked):
        return None, found
    planned, problems = plan(site, (address for address, _ in theme.assets))
    if problems:
        return None, [*found, *problems]
    rows = {page.path: page_row(page.targets, page.view) for page in planned}
    entries = {}
    for page in planned:
        template = TEMPLATES[type(page.view)]
        entries[page.path] = PageEntry(template, digest(rows[page.path]), prints.get(template, b""), page.origin, page.record)
    counts = Counts(len(site.notes), len(site.topics), len(site.actors), len(site.sources), len(planned))
    since, until = clock_bounds((r for file in parsed.values() for r in file.records), zone(read.config.timezone), request.now)
    bounds = (since.isoformat() if since else "", until.isoformat() if until else "")
    return Pages(entries, rows, _copies(site.copies, theme), counts, bounds, tuple(sorted({d.place.path for d in linked}))), found


def _copies(copies: Mapping[str, str], theme: Theme) -> dict[str, str]:
    """The site's own copies with the theme's files as they are now."""
    return {address: path for address, path in copies.items() if path.startswith("content/")} | dict(theme.assets)


def stale(entries: Mapping[str, PageEntry], known: Snapshot | None, damaged: frozenset[str]) -> list[str]:
    """The pages whose view or template is not that of the last build, or whose file is not as it left it."""
    if known is None:
        return list(entries)
    return [path for path, entry in entries.items() if known.pages.get(path) != entry or path in damaged]
