"""Linking and planning: the pages as they must be, from all records, or from the last build where nothing that they share has changed."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct, structs

from briefings.content.records import Note
from briefings.content.schema.dates import zone
from briefings.core.config import SiteConfig
from briefings.core.diagnostics import Diagnostic, has_errors
from briefings.engine.api import BuildRequest, quiet
from briefings.engine.cache import Counts, PageEntry, Rows, Snapshot, digest, within
from briefings.engine.read import attachment, is_image, unreadable
from briefings.engine.reading import Read, parse_files
from briefings.engine.rows import (
    PageReader,
    PageWriter,
    bare_card,
    card_row,
    key_of,
    read_card_row,
    read_records_row,
    read_shown_row,
    shown_on,
    shown_row,
)
from briefings.engine.secrecy import is_content
from briefings.engine.sites import CONFIG
from briefings.engine.templates import Templates
from briefings.engine.worker import ParsedFile
from briefings.engine.workers import Workers
from briefings.pages.forms import COMPANIONS
from briefings.pages.make.text_parts import TEXT_VIEWS, text_on, with_record
from briefings.pages.plan import collisions, plan
from briefings.rendering.theme import Theme
from briefings.site.cards import NoteCard
from briefings.site.link import link
from briefings.site.outside import clock_bounds
from briefings.site.secret_files import secret_files
from briefings.site.visibility import Audience, Readers

_ONE_IN = 8
"""If more than one page in so many is stale, what stands on them is sooner listed for all pages than read from each."""


class Pages(Struct, frozen=True):
    """The pages as they must be, whether or not the output has them so."""

    entries: dict[str, PageEntry]
    rows: dict[str, bytes]
    """Rows of those pages that may differ from what the cache has, by `key_of`."""
    cards: dict[str, bytes]
    """Digest of each note's card."""
    card_rows: dict[str, bytes]
    """Rows of the cards that stand on those pages, or that are new."""
    shown_on: Mapping[str, Collection[str]]
    """Ids of the notes whose cards stand on each page that may have to be rendered."""
    shown: bytes | None
    """Row that gives, for each note, the positions of the pages on which its card stands; None where that is as it was."""
    stale: frozenset[str]
    """Pages that are new, or whose view, cards or template are not those of the last build."""
    copies: dict[str, str]
    """Address and source of each file that is published as it is."""
    counts: Counts
    bounds: tuple[str, str]
    linked: tuple[str, ...]
    """Files that linking had something to say of."""
    shown_to: Audience
    hidden: tuple[str, ...]
    """Files of the content folder of which readers may see nothing, sorted."""
    guarded: tuple[str, ...]
    """Other files of which they may not see all, sorted."""
    recovered: dict[str, ParsedFile] = {}
    """Files of whose records the cache did not have the rows."""


def carried_over(
    request: BuildRequest,
    read: Read,
    cache: Rows,
    known: Snapshot,
    damaged: frozenset[str],
    templates: Templates,
    *,
    renders: bool = True,
) -> Pages | None:
    """The pages, when linking and planning would give what they gave before: no outside of a file has changed.

    Then only the texts of changed files differ, each on its own page, and the cards of their notes. None when the site must be linked
    again, or a row is lost. Where nobody `renders` what is stale, its rows are left where they are.
    """
    before = known.details
    if not _holds(request, read, known, templates.theme):
        return None
    new_cards = _new_cards(read, cache, known)
    if new_cards is None:
        return None
    entries = dict(before.pages)
    paths = list(entries)
    stale = set(damaged & entries.keys())
    if outdated := templates.changed_since(before.templates, before.closures):
        stale.update(path for path, entry in entries.items() if entry.template in outdated)
    many = renders and len(stale) * _ONE_IN > len(entries)
    shown: Mapping[str, Iterable[int]] = {}
    if new_cards or many:
        row = cache.load("snapshot", {"shown": before.shown}).get("shown")
        if row is None:
            return None
        shown = read_shown_row(row)
    stale.update(paths[position] for identifier in new_cards for position in shown.get(identifier, ()))
    of_changed = {path for path, entry in entries.items() if entry.origin in read.changed}
    needed_rows = of_changed | stale if renders else of_changed
    wanted = {key_of(path, entries[path].template): entries[path].view for path in needed_rows}
    rows = cache.load("page", wanted)
    if rows.keys() != wanted.keys():
        return None
    reader, writer = PageReader(bare_card), PageWriter()
    readers = readers_of(request, read.config)
    for path in of_changed:
        entry = entries[path]
        if not entry.record:
            # What says that a record was withdrawn or has moved knows nothing of its text.
            continue
        key = key_of(path, entry.template)
        targets, view = reader.read(entry.template, rows[key])
        record = readers.see_of(next(r for r in read.changed[entry.origin].records if r.id == entry.record))
        if isinstance(view, TEXT_VIEWS):
            shown_now = with_record(view, record, targets)
            rows[key], _ = writer.row(targets, shown_now)
            entries[path] = structs.replace(entry, view=digest(rows[key]), text=shown_now.body.digest)
            if entries[path] != entry:
                stale.add(path)
    to_render = stale if renders else frozenset()
    standing: Mapping[str, Collection[str]] = (
        _cards_on(to_render, paths, shown)
        if many
        else {path: shown_on(entries[path].template, rows[key_of(path, entries[path].template)]) for path in to_render}
    )
    needed = {identifier for identifiers in standing.values() for identifier in identifiers} - new_cards.keys()
    card_rows = cache.load("card", {identifier: before.cards[identifier] for identifier in needed})
    if card_rows.keys() != needed:
        return None
    card_rows |= new_cards
    cards = before.cards | {identifier: digest(row) for identifier, row in new_cards.items()}
    bounds = (known.glance.since, known.glance.until)
    return Pages(
        entries,
        rows,
        cards,
        card_rows,
        standing,
        None,
        frozenset(stale),
        before.copies,
        known.glance.counts,
        bounds,
        before.linked,
        readers.audience,
        before.hidden,
        before.guarded,
    )


def linked_pages(
    request: BuildRequest,
    read: Read,
    cache: Rows,
    known: Snapshot | None,
    damaged: frozenset[str],
    templates: Templates | None,
    pool: Workers,
) -> tuple[Pages | None, list[Diagnostic], frozenset[str]]:
    """Link all records and plan every page; no pages where anything is wrong.

    With them all that was found, and the files of which readers may see nothing.
    """
    wanted = {path: read.entries[path].records for path in read.sources.records if path not in read.changed}
    rows_before = cache.load("records", wanted)
    lost = [path for path in wanted if path not in rows_before]
    recovered = dict(parse_files(request.site, read.config, lost, None, pool, quiet))
    found_rows = rows_before | {path: file.row for path, file in recovered.items()}
    parsed = {path: read_records_row(row) for path, row in found_rows.items()}
    found = [d for file in parsed.values() for d in file.diagnostics]
    parsed |= read.changed
    attachments = [attachment(request.site, path) for path in read.sources.attachments]
    readers = readers_of(request, read.config)
    site, linked = link(parsed.values(), attachments, read.config, now=request.now, audience=readers.audience, drafts=request.drafts)
    found += linked
    found += (broken for one in attachments if (broken := unreadable(one)) is not None)
    hidden, guarded = secret_files(parsed, read.sources.attachments, site.copies, readers)
    if templates is None or has_errors(linked):
        return None, found, frozenset(hidden)
    writer = PageWriter()
    entries: dict[str, PageEntry] = {}
    rows: dict[str, bytes] = {}
    standing: dict[str, tuple[str, ...]] = {}
    shown: dict[str, array[int]] = defaultdict(lambda: array("I"))
    claims: list[tuple[str, str]] = []
    view: bytes = b""
    identifiers: tuple[str, ...] = ()
    assets = tuple(address for address, _ in templates.theme.assets)
    for position, page in enumerate(plan(site, assets)):
        claims.append((page.path, page.origin))
        if page.form not in COMPANIONS:
            row, identifiers = writer.row(page.targets, page.view)
            rows[page.path], view = row, digest(row)
        # What shows the same as the page beside it comes right after it.
        entries[page.path] = PageEntry(page.form, view, page.origin, page.record, text_on(page.view))
        standing[page.path] = identifiers
        for identifier in identifiers:
            shown[identifier].append(position)
    problems = collisions(claims, site, assets)
    if problems:
        return None, [*found, *problems], frozenset(hidden)
    card_rows = {identifier: card_row(card) for identifier, card in sorted(writer.cards.items())}
    cards = {identifier: digest(row) for identifier, row in card_rows.items()}
    shown_pages = sum(entry.template.endswith(".html") for entry in entries.values())
    counts = Counts(len(site.notes), len(site.topics), len(site.actors), len(site.sources), shown_pages)
    since, until = clock_bounds((r for file in parsed.values() for r in file.records), zone(read.config.timezone), request.now)
    pages = Pages(
        entries,
        rows,
        cards,
        card_rows,
        standing,
        shown_row(shown),
        _stale(entries, cards, shown, known, damaged, templates),
        _copies(site.copies, templates.theme),
        counts,
        (since.isoformat() if since else "", until.isoformat() if until else ""),
        tuple(sorted({d.place.path for d in linked})),
        readers.audience,
        tuple(sorted(hidden)),
        tuple(sorted(guarded)),
        recovered,
    )
    return pages, found, frozenset(hidden)


def readers_of(request: BuildRequest, config: SiteConfig) -> Readers:
    """Those for whom a build is."""
    return Readers(request.audience or config.audience, request.now, zone(config.timezone), request.drafts)


def stale(pages: Pages, known: Snapshot, templates: Templates) -> frozenset[str]:
    """The pages of `pages`, which were linked, that are not as `known` has them."""
    assert pages.shown is not None  # for pages that were linked  # noqa: S101
    return _stale(pages.entries, pages.cards, read_shown_row(pages.shown), known, frozenset(), templates)


def _stale(
    entries: Mapping[str, PageEntry],
    cards: Mapping[str, bytes],
    shown: Mapping[str, Iterable[int]],
    known: Snapshot | None,
    damaged: frozenset[str],
    templates: Templates,
) -> frozenset[str]:
    if known is None:
        return frozenset(entries)
    before = known.details
    outdated = templates.changed_since(before.templates, before.closures)
    paths = list(entries)
    changed = (identifier for identifier, card in cards.items() if before.cards.get(identifier) != card)
    showing = {paths[position] for identifier in changed for position in shown.get(identifier, ())}
    return frozenset(
        path
        for path, entry in entries.items()
        if before.pages.get(path) != entry or path in showing or path in damaged or entry.template in outdated
    )


def _cards_on(pages: Iterable[str], paths: Sequence[str], shown: Mapping[str, Iterable[int]]) -> Mapping[str, Collection[str]]:
    """Ids of the notes whose cards stand on each of `pages`; `shown` gives, for each note, where in `paths` the pages with its card are."""
    found: dict[str, list[str]] = {path: [] for path in pages}
    for identifier, positions in shown.items():
        for position in positions:
            if (identifiers := found.get(paths[position])) is not None:
                identifiers.append(identifier)
    return found


def _holds(request: BuildRequest, read: Read, known: Snapshot, theme: Theme) -> bool:
    """Whether linking and planning would give what they gave before, but for texts and cards."""
    before = known.details
    if (known.glance.audience, known.glance.drafts) != (request.audience or "", request.drafts) or not within(known.glance, request.now):
        return False
    if not _same_sources(read, known) or _copies(before.copies, theme) != before.copies:
        return False
    return all(read.entries[path].outside == before.sources[path].outside and path not in before.linked for path in read.changed)


def _same_sources(read: Read, known: Snapshot) -> bool:
    """Whether there are the same files as before, and neither the settings nor an image has changed."""
    before = known.details.sources
    paths = read.entries.keys()
    same_paths = paths == before.keys() or not any(map(is_content, before.keys() ^ paths))
    # Of a file that is no record, pages show at most the size of an image.
    images = filter(is_image, read.sources.attachments)
    return same_paths and all(read.entries[path].digest == before[path].digest for path in (CONFIG, *images))


def _new_cards(read: Read, cache: Rows, known: Snapshot) -> dict[str, bytes] | None:
    """The rows of the cards that are not what they were, of notes in changed files with an unchanged outside; None when one is lost."""
    cards = known.details.cards
    notes = {r.id: r for file in read.changed.values() for r in file.records if isinstance(r, Note) and r.id in cards}
    wanted = {identifier: cards[identifier] for identifier in notes}
    before = cache.load("card", wanted)
    if before.keys() != wanted.keys():
        return None
    rows = {}
    for identifier, row in before.items():
        card, header = read_card_row(row), notes[identifier].header
        rows[identifier] = card_row(
            NoteCard(card.id, card.url, header.title, header.summary, card.date, card.kind, card.marking, card.topic)
        )
    return {identifier: row for identifier, row in rows.items() if row != before[identifier]}


def _copies(copies: Mapping[str, str], theme: Theme) -> dict[str, str]:
    """The site's own copies with the theme's files as they are now."""
    return {address: path for address, path in copies.items() if path.startswith("content/")} | dict(theme.assets)
