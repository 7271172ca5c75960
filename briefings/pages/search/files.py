"""The files of search: what a reader's browser loads to find notes, texts, topics, actors and sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from briefings.content.headers import NoteHeader, PageHeader
from briefings.content.records import AnyRecord
from briefings.pages.forms import words_form
from briefings.pages.frame import SEARCH, Frame
from briefings.pages.search.entries import found_entries
from briefings.pages.search.found_records import found_records
from briefings.pages.search.segments import PAGES, Segment, Texts, key, segments, shards_of, texts
from briefings.pages.views.search_views import (
    FoundText,
    PageCardsView,
    PageDetailsView,
    SearchFileView,
    SearchSegmentsView,
    SegmentCardsView,
    SegmentDetailsView,
    SegmentEntriesView,
    SegmentMark,
    SegmentWordsView,
)
from briefings.site.linked import LinkedNote
from briefings.site.model import Site
from briefings.site.origins import sources_of
from briefings.site.resolve import address
from briefings.site.visibility import rank

_TEXT_KINDS = ("actor", "page", "source", "topic")


def search_files(site: Site, frame: Frame) -> Iterator[tuple[str, str, SearchFileView]]:
    """Every file of search with its path and form; none where there is no page that would load them, or where scripts are left out.

    The shards of a segment, which share a view, come one after another.
    """
    if not (frame.site.search and frame.site.scripts):
        return
    of_notes, undated = segments(site), texts(site)
    entries = found_entries(site, frame, of_notes)
    marks = [SegmentMark(one.name, one.version, len(one.notes), one.shards, has_entries=one.name in entries) for one in of_notes]
    if undated.records:
        marks.append(SegmentMark(PAGES, undated.version, len(undated.records), undated.shards, has_entries=False))
    yield f"{SEARCH}records.js", "search-records.js", found_records(site)
    yield f"{SEARCH}segments.js", "search-segments.js", SearchSegmentsView(tuple(marks))
    for one in of_notes:
        folder = f"{SEARCH}{one.name}/"
        yield f"{folder}cards.js", "search-cards.js", _cards(one)
        yield f"{folder}details.js", "search-details.js", _details(site, one)
        if found := entries.get(one.name):
            yield f"{folder}entries.js", "search-entries.js", SegmentEntriesView(one.name, one.version, found)
        yield from _shards(one.name, one.version, [note.record for note in one.notes])
    if undated.records:
        yield from _of_texts(undated)


def words_path(segment: str, shard: int = 0) -> str:
    """The path of a shard of a segment."""
    return f"{SEARCH}{segment}/{words_form(shard)}"


def _of_texts(undated: Texts) -> Iterator[tuple[str, str, SearchFileView]]:
    found = tuple([_found_text(record) for record in undated.records])
    yield f"{SEARCH}{PAGES}/cards.js", "search-page-cards.js", PageCardsView(undated.version, found, _TEXT_KINDS)
    summaries = tuple([record.header.summary for record in undated.records])
    yield f"{SEARCH}{PAGES}/details.js", "search-page-details.js", PageDetailsView(undated.version, summaries)
    yield from _shards(PAGES, undated.version, undated.records)


def _found_text(record: AnyRecord) -> FoundText:
    header = record.header
    title = header.title if isinstance(header, NoteHeader | PageHeader) else header.name
    return FoundText(address(record.kind, record.id), title, _TEXT_KINDS.index(record.kind), rank(header.marking))


def _shards(segment: str, version: str, records: Sequence[AnyRecord]) -> Iterator[tuple[str, str, SearchFileView]]:
    numbered = tuple([(key(record), record.body.digest) for record in records])
    words = SegmentWordsView(segment, version, shards_of(len(records)), numbered)
    for shard in range(words.shards):
        yield words_path(segment, shard), words_form(shard), words


def _cards(segment: Segment) -> SegmentCardsView:
    kinds, topics = _Used(), _Used()
    return SegmentCardsView(
        segment=segment.name,
        version=segment.version,
        notes=tuple([note.ref for note in segment.notes]),
        kinds=tuple([kinds.index(note.record.header.kind) for note in segment.notes]),
        topics=tuple([tuple([topics.index(topic.id) for topic in note.topics]) for note in segment.notes]),
        used_kinds=tuple(kinds),
        used_topics=tuple(topics),
    )


def _details(site: Site, segment: Segment) -> SegmentDetailsView:
    actors, roles, sources = _Used(), _Used(), _Used()
    return SegmentDetailsView(
        segment=segment.name,
        version=segment.version,
        notes=tuple([note.ref for note in segment.notes]),
        actors=tuple([tuple([(actors.index(actor.id), roles.index(role)) for actor, role in note.actors]) for note in segment.notes]),
        sources=tuple([tuple([sources.index(source) for source in _cited(site, note)]) for note in segment.notes]),
        used_actors=tuple(actors),
        used_roles=tuple(roles),
        used_sources=tuple(sources),
    )


def _cited(site: Site, note: LinkedNote) -> Sequence[str]:
    """The ids of the sources that a note cites, each once."""
    header = note.record.header
    return [source for source in dict.fromkeys(s for one in header.sources for s in sources_of(header, one)) if source in site.sources]


class _Used(dict[str, int]):
    """Ids that one file names, each with its index, in the order in which the file first names them."""

    def index(self, identifier: str) -> int:
        """The index of an id."""
        return self.setdefault(identifier, len(self))
