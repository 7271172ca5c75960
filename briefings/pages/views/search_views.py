"""The views of search: its page, and the files that a reader's browser loads to find something."""

from __future__ import annotations

from msgspec import Struct

from briefings.core.config import Marking
from briefings.pages.views.index_views import YearLink
from briefings.pages.views.parts import ActorCount, PageView, SiteView, TopicCount
from briefings.site.cards import NoteRef


class LetterLink(Struct, frozen=True):
    """The actors under one letter of an index."""

    letter: str
    """In upper case and without accents; `#` for names that begin with no letter."""
    url: str
    """Address of the index that lists them."""
    actors: int
    """How many they are."""


class SearchView(Struct, frozen=True):
    """`search.html`: the search of the site, and what leads on where no script runs: topics, actors and years."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    topics: tuple[TopicCount, ...]
    """Topics A to Z with the number of their notes: all of them, or those with the most notes."""
    topics_total: int
    """How many topics the site has."""
    actors: tuple[ActorCount, ...]
    """All actors A to Z with the number of their notes; empty where they are too many for a page, which `letters` then lead to."""
    letters: tuple[LetterLink, ...]
    """The letters under which the index has the actors; empty where `actors` lists them."""
    actors_total: int
    """How many actors the site has."""
    years: tuple[YearLink, ...]
    """All years with notes, newest first, without their months."""
    data_marking: Marking
    """The highest marking of anything that can be found."""


class SegmentMark(Struct, frozen=True, array_like=True):
    """A segment: the notes of a year or month, or all texts without a date."""

    name: str
    """`2017`, `2018-03` or `pages`; its files lie in the folder of this name."""
    version: str
    """Another one whenever its numbers mean other notes."""
    notes: int
    """How many notes or texts it has, numbered from 0."""
    shards: int
    """On how many files its words are spread."""
    has_entries: bool
    """Whether there is a file of its quotations, events and figures."""


class SearchSegmentsView(Struct, frozen=True):
    """`segments.js`: the segments, newest first, and last the texts without a date."""

    segments: tuple[SegmentMark, ...]


class FoundTopic(Struct, frozen=True, array_like=True):
    """A topic as search knows it."""

    id: str
    name: str
    others: tuple[str, ...]
    """Its other names."""
    broader: tuple[str, ...]
    """Ids of the topics that it is part of."""
    notes: int
    marking: int
    """The index of its marking among all, from the most public."""


class FoundActor(Struct, frozen=True, array_like=True):
    """An actor as search knows it."""

    id: str
    name: str
    others: tuple[str, ...]
    """Its other names."""
    type: str
    """Empty for an actor that no file declares."""
    notes: int
    marking: int
    """The index of its marking among all, from the most public."""


class FoundSource(Struct, frozen=True, array_like=True):
    """A source as search knows it."""

    id: str
    name: str
    notes: int
    marking: int
    """The index of its marking among all, from the most public."""


class SearchRecordsView(Struct, frozen=True):
    """`records.js`: topics, actors and sources, sorted by id, and the names of kinds and roles."""

    topics: tuple[FoundTopic, ...]
    actors: tuple[FoundActor, ...]
    sources: tuple[FoundSource, ...]
    kinds: tuple[tuple[str, str], ...]
    """The kinds of notes that there are, each with its name for readers."""
    roles: tuple[tuple[str, str], ...]
    """The roles that actors have in notes, each in words for readers."""


class SegmentCardsView(Struct, frozen=True, kw_only=True):
    """`cards.js` of a segment of notes: what results show at once, and what filters need."""

    segment: str
    version: str
    notes: tuple[NoteRef, ...]
    """By number."""
    kinds: tuple[int, ...]
    """The kind of each note, an index into `used_kinds`."""
    topics: tuple[tuple[int, ...], ...]
    """The topics of each note, indexes into `used_topics`."""
    used_kinds: tuple[str, ...]
    used_topics: tuple[str, ...]


class SegmentDetailsView(Struct, frozen=True, kw_only=True):
    """`details.js` of a segment of notes: what is loaded after the first answers."""

    segment: str
    version: str
    notes: tuple[NoteRef, ...]
    """By number; their summaries are shown."""
    actors: tuple[tuple[tuple[int, int], ...], ...]
    """The actors of each note, each with its role: indexes into `used_actors` and `used_roles`."""
    sources: tuple[tuple[int, ...], ...]
    """The sources of each note, indexes into `used_sources`."""
    used_actors: tuple[str, ...]
    used_roles: tuple[str, ...]
    used_sources: tuple[str, ...]


class FoundText(Struct, frozen=True, array_like=True):
    """A text without a date as search knows it."""

    url: str
    title: str
    kind: int
    """An index into `used_kinds`."""
    marking: int
    """The index of its marking among all, from the most public."""


class PageCardsView(Struct, frozen=True):
    """`cards.js` of the texts without a date."""

    version: str
    texts: tuple[FoundText, ...]
    """By number."""
    used_kinds: tuple[str, ...]


class PageDetailsView(Struct, frozen=True):
    """`details.js` of the texts without a date: their summaries."""

    version: str
    summaries: tuple[str, ...]
    """By number."""


class FoundEntry(Struct, frozen=True, array_like=True):
    """A quotation, an event or a figure of a note."""

    kind: str
    """`q`, `e` or `f`."""
    number: int
    """That of the note in its segment."""
    text: str
    """What was said or happens; for a figure what is measured, its value and its period."""
    where: str
    """The address of its place, from the site's root."""
    date: str
    """When it was said, happens or was known, in the Extended Date/Time Format."""
    speaker: str
    """Who said it; empty for events and figures."""
    marking: int
    """The index of its marking among all, from the most public."""


class SegmentEntriesView(Struct, frozen=True):
    """`entries.js` of a segment that has any: quotations, events and figures, each to its place."""

    segment: str
    version: str
    entries: tuple[FoundEntry, ...]


class SegmentWordsView(Struct, frozen=True):
    """`words-<n>.js` of a segment, which all its shards share: in which of its texts each term stands."""

    segment: str
    version: str
    shards: int
    texts: tuple[tuple[str, str], ...]
    """By number: kind and id of a record, `note/un-offer`, and the digest of its text; empty for one without a text."""


SearchFileView = (
    SearchSegmentsView
    | SearchRecordsView
    | SegmentCardsView
    | SegmentDetailsView
    | PageCardsView
    | PageDetailsView
    | SegmentEntriesView
    | SegmentWordsView
)
