"""The edit of a text: it makes the next plan from the last one, when nothing that other pages show of the changed files has changed."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import structs

from briefings.content.folder import is_image
from briefings.content.records import AnyRecord, Note
from briefings.core.digests import digest
from briefings.engine.api import BuildRequest
from briefings.engine.cache import Rows
from briefings.engine.mentions import in_texts, read_names
from briefings.engine.planning import NewRows, copies_with
from briefings.engine.reading import Read
from briefings.engine.scan import CONFIG
from briefings.engine.state import SiteState, is_content
from briefings.engine.templates import language_digest
from briefings.pages.forms import WORDS, key_of
from briefings.pages.make.text_parts import TEXT_VIEWS, text_on, with_record
from briefings.pages.search.files import words_path
from briefings.pages.search.segments import PAGES, key, possible_segments
from briefings.pages.site_plan import PageEntry, SitePlan, within
from briefings.pages.view_rows import card_row, page_row, read_card_row, read_page_row
from briefings.pages.views.record_views import NoteView
from briefings.pages.views.search_views import SegmentWordsView
from briefings.rendering.theme import Theme
from briefings.site.linked import LinkedMention
from briefings.site.mentions import Found, linked_mentions, mentioned, named, text_key
from briefings.site.names import Names
from briefings.site.visibility import Readers


def is_text_edit(request: BuildRequest, read: Read, known: SiteState, theme: Theme) -> bool:
    """Whether linking and planning would give the plan that is `known`, but for texts and cards."""
    before = known.body
    scope = before.plan.scope
    if (scope.audience, scope.drafts) != (request.audience or "", request.drafts) or not within(scope, request.now):
        return False
    if not before.plan.pages:
        # Files were read, and nothing was planned.
        return False
    if language_digest(theme.language) != before.templates.language or {t.name for t in theme.templates} != before.templates.sources.keys():
        # Other words, or templates for other pages.
        return False
    if not _same_sources(read, known) or copies_with(theme, before.plan.copies) != before.plan.copies:
        return False
    reported = before.plan.reported
    return all(read.entries[path].interface == before.sources[path].interface and path not in reported for path in read.changed)


def edited(plan: SitePlan, read: Read, readers: Readers, rows: Rows) -> tuple[SitePlan, NewRows] | None:
    """The plan with new texts and cards for the files that have changed, and the rows of these.

    None where the cache, whose `rows` they are, has lost one that this needs.
    """
    new_cards = _new_cards(plan, read, rows)
    new_pages = _new_pages(plan, read, readers, rows)
    new_words = _new_words(plan, read, readers, rows)
    if new_cards is None or new_pages is None or new_words is None:
        return None
    entries, page_rows = new_pages[0] | new_words[0], new_pages[1] | new_words[1]
    cards = plan.cards | {identifier: digest(row) for identifier, row in new_cards.items()}
    return structs.replace(plan, pages=plan.pages | entries, cards=cards), {"page": page_rows, "card": new_cards}


def _same_sources(read: Read, known: SiteState) -> bool:
    """Whether there are the same files as before, and neither the settings nor an image has changed."""
    before = known.body.sources
    paths = read.entries.keys()
    same_paths = paths == before.keys() or not any(map(is_content, before.keys() ^ paths))
    # Of a file that is no record, pages show at most the size of an image.
    images = filter(is_image, read.sources.attachments)
    return same_paths and all(read.entries[path].digest == before[path].digest for path in (CONFIG, *images))


def _new_pages(plan: SitePlan, read: Read, readers: Readers, rows: Rows) -> tuple[dict[str, PageEntry], dict[str, bytes]] | None:
    """The pages whose texts have changed, and their rows; None when one is lost, or when a note mentions other actors than before.

    What says that a record was withdrawn or has moved knows nothing of its text.
    """
    of_changed = {path: entry for path, entry in plan.pages.items() if entry.origin in read.changed and entry.record}
    wanted = {key_of(path, entry.template): entry.view for path, entry in of_changed.items()}
    before = rows.load("page", wanted)
    if before.keys() != wanted.keys():
        return None
    records = {
        path: readers.see_of(next(r for r in read.changed[entry.origin].records if r.id == entry.record))
        for path, entry in of_changed.items()
    }
    names, found = _mentions(plan, read, [record for record in records.values() if isinstance(record, Note)], rows)
    if names is None:
        return None
    entries: dict[str, PageEntry] = {}
    new_rows: dict[str, bytes] = {}
    for path, entry in of_changed.items():
        key, record = key_of(path, entry.template), records[path]
        targets, view = read_page_row(entry.template, before[key])
        if isinstance(view, TEXT_VIEWS):
            mentions: tuple[LinkedMention, ...] = ()
            if isinstance(view, NoteView) and isinstance(record, Note):
                in_text = found.get(text_key(record.body), ())
                if mentioned(record, in_text) != {one.actor.id for one in view.actors} - named(record):
                    return None
                mentions = linked_mentions(record, targets, in_text, names)
            view = with_record(view, record, targets, mentions)
            row = page_row(targets, view)
            if row != before[key]:
                new_rows[key] = row
                entries[path] = structs.replace(entry, view=digest(row), text=text_on(view))
    return entries, new_rows


def _new_words(plan: SitePlan, read: Read, readers: Readers, rows: Rows) -> tuple[dict[str, PageEntry], dict[str, bytes]] | None:
    """The shards of the segments of search that have a text which has changed, and the rows of their views; None when one is lost."""
    records = [readers.see_of(record) for file in read.changed.values() for record in file.records if readers.may_see(record.header)]
    texts = {key(record): record.body.digest for record in records}
    segments = {path: plan.pages[path].view for record in records if (path := _segment_of(record, plan, readers))}
    before = rows.load("page", segments)
    if before.keys() != segments.keys():
        return None
    entries: dict[str, PageEntry] = {}
    new_rows: dict[str, bytes] = {}
    for path, row in before.items():
        targets, view = read_page_row(WORDS[0], row)
        assert isinstance(view, SegmentWordsView)  # noqa: S101 - that is what the form shows
        changed = tuple([(name, texts.get(name, text)) for name, text in view.texts])
        if changed != view.texts:
            new_rows[path] = page_row(targets, structs.replace(view, texts=changed))
            shards = (words_path(view.segment, shard) for shard in range(view.shards))
            entries |= {shard: structs.replace(plan.pages[shard], view=digest(new_rows[path])) for shard in shards}
    return entries, new_rows


def _segment_of(record: AnyRecord, plan: SitePlan, readers: Readers) -> str | None:
    """The path of the first shard of the segment that has the text of `record`; None where none has it."""
    if not isinstance(record, Note):
        path = words_path(PAGES)
    elif record.id in plan.cards:
        day = record.header.date.day(readers.zone)
        path = next((p for p in map(words_path, possible_segments(day)) if p in plan.pages), "")
    else:
        path = ""
    return path if path in plan.pages else None


def _mentions(plan: SitePlan, read: Read, notes: Iterable[Note], rows: Rows) -> tuple[Names | None, Found]:
    """The names of actors, and what of them is found in the new texts of `notes`; no names where their row is lost."""
    texts = {text_key(note.body): note for note in notes if note.body.digest}
    if not texts:
        return Names(), {}
    names = read_names(plan, rows)
    return names, in_texts(names, texts, read.texts) if names and names.actors else {}


def _new_cards(plan: SitePlan, read: Read, rows: Rows) -> dict[str, bytes] | None:
    """The rows of the cards that differ from those before, by the ids of their notes; None when one of those before is lost."""
    notes = {r.id: r for file in read.changed.values() for r in file.records if isinstance(r, Note) and r.id in plan.cards}
    wanted = {identifier: plan.cards[identifier] for identifier in notes}
    before = rows.load("card", wanted)
    if before.keys() != wanted.keys():
        return None
    new = {}
    for identifier, row in before.items():
        card, header = read_card_row(row), notes[identifier].header
        new[identifier] = card_row(structs.replace(card, title=header.title, summary=header.summary))
    return {identifier: row for identifier, row in new.items() if row != before[identifier]}
