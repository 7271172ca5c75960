"""Linking and planning: the plan of a site, from all its records."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec import Struct, structs

from briefings.content.folder import unreadable_image
from briefings.content.parse import Parsed
from briefings.content.record_rows import read_records_row
from briefings.content.records import AnyRecord
from briefings.content.schema.dates import zone
from briefings.core.config import kinds_in
from briefings.core.diagnostics import Diagnostic, has_errors
from briefings.core.digests import digest
from briefings.engine.api import BuildRequest, quiet
from briefings.engine.cache import RowKind
from briefings.engine.mentions import mention_rows, searching
from briefings.engine.planning import NewRows, copies_with, readers_of
from briefings.engine.reading import Read, attachment, parse_files
from briefings.engine.task import Task
from briefings.engine.templates import Templates
from briefings.engine.text_packs import Text
from briefings.engine.worker import ParsedFile
from briefings.pages.forms import COMPANIONS
from briefings.pages.make.text_parts import text_on
from briefings.pages.note_refs import note_ids
from briefings.pages.plan import PlannedPage, collisions, plan
from briefings.pages.site_plan import Counts, PageEntry, Scope, SitePlan
from briefings.pages.view_rows import card_row, page_row, shown_row
from briefings.site.interface import clock_bounds
from briefings.site.link import link
from briefings.site.model import Site
from briefings.site.visibility import Readers
from briefings.site.withheld_files import withheld_files


class LinkResult(Struct, frozen=True, kw_only=True):
    """What linking and planning a site gave."""

    plan: SitePlan | None = None
    """None where anything is wrong."""
    rows: NewRows = {}
    """Of what is new in the plan."""
    diagnostics: list[Diagnostic]
    hidden: frozenset[str]
    """The files of which readers may see nothing."""
    texts: Mapping[str, Text]
    """Those of files that were parsed again, because the cache did not have their records."""


def link_and_plan(task: Task, read: Read, templates: Templates | None) -> LinkResult:
    """Link all records and plan every page; no plan without templates."""
    request = task.request
    unchanged, recovered = _unchanged(task, read)
    parsed = unchanged | read.changed
    texts = {text: stored for file in recovered.values() for text, stored in file.texts.items()}
    found = [d for file in unchanged.values() for d in file.diagnostics]
    attachments = [attachment(request.site, path) for path in read.sources.attachments]
    readers = readers_of(request, read.config)
    config = read.config
    if templates:
        config = structs.replace(config, kinds=kinds_in(templates.theme.language, config.kinds))
    site, problems = link(parsed.values(), attachments, config, readers, searching(task, read))
    found += problems
    found += (broken for one in attachments if (broken := unreadable_image(one.path, one.width, one.height)) is not None)
    hidden, confidential = withheld_files(parsed, read.sources.attachments, site.copies, readers)
    if templates is None or has_errors(problems):
        return LinkResult(diagnostics=found, hidden=frozenset(hidden), texts=texts)
    theme = templates.theme.pages
    pages, rows, claims = _planned(site, plan(site, theme))
    if clashes := collisions(claims, site, theme.assets):
        return LinkResult(diagnostics=[*found, *clashes], hidden=frozenset(hidden), texts=texts)
    rows["state"] |= mention_rows(site)
    made = SitePlan(
        scope=_scope(request, read, readers, (record for file in parsed.values() for record in file.records)),
        counts=_counts(site, pages),
        pages=pages,
        cards={identifier: digest(row) for identifier, row in rows["card"].items()},
        shown=digest(rows["state"]["shown"]),
        names=digest(rows["state"]["names"]),
        mentions=digest(rows["state"]["mentions"]),
        copies=copies_with(templates.theme, site.copies),
        reported=frozenset(d.place.path for d in problems),
        hidden=frozenset(hidden),
        confidential=frozenset(confidential),
    )
    rows["records"] = {path: file.row for path, file in recovered.items()}
    return LinkResult(plan=made, rows=rows, diagnostics=found, hidden=made.hidden, texts=texts)


def _unchanged(task: Task, read: Read) -> tuple[dict[str, Parsed], dict[str, ParsedFile]]:
    """What is in files that are as they were; and those of them that had to be parsed again."""
    wanted = {path: read.entries[path].records for path in read.sources.records if path not in read.changed}
    found = task.rows.load("records", wanted)
    lost = [path for path in wanted if path not in found]
    recovered = dict(parse_files(task.request.site, read.config, lost, None, task.executor, quiet))
    found |= {path: file.row for path, file in recovered.items()}
    return {path: read_records_row(row) for path, row in found.items()}, recovered


def _planned(
    site: Site, pages: Iterable[PlannedPage]
) -> tuple[dict[str, PageEntry], dict[RowKind, dict[str, bytes]], list[tuple[str, str]]]:
    """The entries of the `pages` of `site`, the rows of what stands on them, and path and origin of each, even where two have one path."""
    entries: dict[str, PageEntry] = {}
    rows: dict[str, bytes] = {}
    shown: dict[str, array[int]] = defaultdict(lambda: array("I"))
    claims: list[tuple[str, str]] = []
    view: bytes = b""
    identifiers: Iterable[str] = ()
    for position, page in enumerate(pages):
        claims.append((page.path, page.origin))
        if page.form not in COMPANIONS:
            row, identifiers = page_row(page.targets, page.view), note_ids(page.view)
            rows[page.path], view = row, digest(row)
        # What shows the same as the page beside it comes right after it.
        entries[page.path] = PageEntry(template=page.form, view=view, origin=page.origin, record=page.record, text=text_on(page.view))
        for identifier in identifiers:
            shown[identifier].append(position)
    cards = {identifier: card_row(site.cards[identifier]) for identifier in sorted(shown)}
    return entries, {"page": rows, "card": cards, "state": {"shown": shown_row(shown)}}, claims


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
