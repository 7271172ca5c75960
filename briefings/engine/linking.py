"""Linking and planning: the plan of a site, from all its records."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec import Struct

from briefings.content.folder import unreadable_image
from briefings.content.parse import Parsed
from briefings.content.records import AnyRecord
from briefings.content.schema.dates import zone
from briefings.core.diagnostics import Diagnostic, has_errors
from briefings.core.digests import digest
from briefings.engine.api import BuildRequest, quiet
from briefings.engine.cache import Counts, PageEntry, Scope, SitePlan
from briefings.engine.planning import Draft, copies_with, readers_of
from briefings.engine.reading import Read, attachment, parse_files
from briefings.engine.rows import PageWriter, card_row, read_records_row, shown_row
from briefings.engine.task import Task
from briefings.engine.templates import Templates
from briefings.engine.texts import Text
from briefings.engine.worker import ParsedFile
from briefings.pages.forms import COMPANIONS
from briefings.pages.make.text_parts import text_on
from briefings.pages.plan import PlannedPage, collisions, plan
from briefings.site.interface import clock_bounds
from briefings.site.link import link
from briefings.site.model import Site
from briefings.site.visibility import Readers
from briefings.site.withheld_files import withheld_files


class Linked(Struct, frozen=True):
    """What linking and planning a site gave."""

    draft: Draft | None
    """None where anything is wrong."""
    diagnostics: list[Diagnostic]
    hidden: frozenset[str]
    """The files of which readers may see nothing."""
    texts: Mapping[str, Text]
    """Those of files that were parsed again, because the cache did not have their records."""


class _Pages(Struct, frozen=True):
    """What was planned, as the cache keeps it."""

    entries: dict[str, PageEntry]
    rows: dict[str, bytes]
    cards: dict[str, bytes]
    """Rows of all cards that stand on pages, by the notes' ids."""
    shown: dict[str, array[int]]
    """For each note, by its id, the positions of the pages on which its card stands."""
    claims: list[tuple[str, str]]
    """The path and the origin of each page."""


def linked(task: Task, read: Read, templates: Templates | None) -> Linked:
    """Link all records and plan every page; no plan without templates."""
    request = task.request
    unchanged, recovered = _unchanged(task, read)
    parsed = unchanged | read.changed
    texts = {text: stored for file in recovered.values() for text, stored in file.texts.items()}
    found = [d for file in unchanged.values() for d in file.diagnostics]
    attachments = [attachment(request.site, path) for path in read.sources.attachments]
    readers = readers_of(request, read.config)
    site, problems = link(parsed.values(), attachments, read.config, now=request.now, audience=readers.audience, drafts=request.drafts)
    found += problems
    found += (broken for one in attachments if (broken := unreadable_image(one.path, one.width, one.height)) is not None)
    hidden, confidential = withheld_files(parsed, read.sources.attachments, site.copies, readers)
    if templates is None or has_errors(problems):
        return Linked(None, found, frozenset(hidden), texts)
    assets = tuple(address for address, _ in templates.theme.assets)
    pages = _planned(plan(site, assets))
    if clashes := collisions(pages.claims, site, assets):
        return Linked(None, [*found, *clashes], frozenset(hidden), texts)
    shown = shown_row(pages.shown)
    made = SitePlan(
        scope=_scope(request, read, readers, (record for file in parsed.values() for record in file.records)),
        counts=_counts(site, pages.entries),
        pages=pages.entries,
        cards={identifier: digest(row) for identifier, row in pages.cards.items()},
        shown=digest(shown),
        copies=copies_with(templates.theme, site.copies),
        linked=tuple(sorted({d.place.path for d in problems})),
        hidden=tuple(sorted(hidden)),
        confidential=tuple(sorted(confidential)),
    )
    records = {path: file.row for path, file in recovered.items()}
    draft = Draft(made, {"records": records, "page": pages.rows, "card": pages.cards, "snapshot": {"shown": shown}})
    return Linked(draft, found, frozenset(hidden), texts)


def _unchanged(task: Task, read: Read) -> tuple[dict[str, Parsed], dict[str, ParsedFile]]:
    """What is in files that are as they were; and those of them that had to be parsed again."""
    wanted = {path: read.entries[path].records for path in read.sources.records if path not in read.changed}
    found = task.rows.load("records", wanted)
    lost = [path for path in wanted if path not in found]
    recovered = dict(parse_files(task.request.site, read.config, lost, None, task.pool, quiet))
    found |= {path: file.row for path, file in recovered.items()}
    return {path: read_records_row(row) for path, row in found.items()}, recovered


def _planned(pages: Iterable[PlannedPage]) -> _Pages:
    writer = PageWriter()
    entries: dict[str, PageEntry] = {}
    rows: dict[str, bytes] = {}
    shown: dict[str, array[int]] = defaultdict(lambda: array("I"))
    claims: list[tuple[str, str]] = []
    view: bytes = b""
    identifiers: tuple[str, ...] = ()
    for position, page in enumerate(pages):
        claims.append((page.path, page.origin))
        if page.form not in COMPANIONS:
            row, identifiers = writer.row(page.targets, page.view)
            rows[page.path], view = row, digest(row)
        # What shows the same as the page beside it comes right after it.
        entries[page.path] = PageEntry(template=page.form, view=view, origin=page.origin, record=page.record, text=text_on(page.view))
        for identifier in identifiers:
            shown[identifier].append(position)
    cards = {identifier: card_row(card) for identifier, card in sorted(writer.cards.items())}
    return _Pages(entries=entries, rows=rows, cards=cards, shown=shown, claims=claims)


def _counts(site: Site, pages: Mapping[str, PageEntry]) -> Counts:
    for_readers = sum(entry.template.endswith(".html") for entry in pages.values())
    return Counts(notes=len(site.notes), topics=len(site.topics), actors=len(site.actors), sources=len(site.sources), pages=for_readers)


def _scope(request: BuildRequest, read: Read, readers: Readers, records: Iterable[AnyRecord]) -> Scope:
    since, until = clock_bounds(records, zone(read.config.timezone), request.now)
    return Scope(
        audience=request.audience or "",
        drafts=request.drafts,
        shown_to=readers.audience,
        since=since.isoformat() if since else "",
        until=until.isoformat() if until else "",
    )
