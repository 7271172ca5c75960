"""The views: all that a template may see, and therefore all that a page depends on.

Every view is a frozen tree of records' cards and plain values. Addresses in it (`url`) lead from the site's root;
a template writes `{{ page.root }}{{ note.url }}`, so that the tree works under any base path.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct

from briefings.content.records import ActorType, Heading
from briefings.pages.parts import ActorCard, ActorCount, Coverage, PageView, Pagination, Prose, SiteView, TopicCard, TopicCount
from briefings.site.cards import ActorLink, NoteCard, SourceLink, TopicLink


class DayOfNotes(Struct, frozen=True):
    """The notes of one day."""

    date: dt.date
    notes: tuple[NoteCard, ...]


class LeadNote(Struct, frozen=True):
    """The note that opens the home page."""

    note: NoteCard
    actors: tuple[ActorLink, ...]
    """Who is named in it: the first few."""


class HomeView(Struct, frozen=True):
    """`home.html`: the front page."""

    site: SiteView
    page: PageView
    edition: dt.date | None
    """The day of the newest note; None for a site without notes."""
    lead: LeadNote | None
    """The newest note."""
    next: tuple[NoteCard, ...]
    """The two after it."""
    days: tuple[DayOfNotes, ...]
    """The notes after those, by day, newest first."""
    topics: tuple[TopicCard, ...]
    """Topics with a status first, then those with the newest notes."""
    most_named: tuple[ActorCount, ...]
    """The actors in most notes of the 90 days up to the edition, most first."""
    notes: int
    """How many notes the site has."""


class MonthOfNotes(Struct, frozen=True):
    """The notes of one month, newest first."""

    start: dt.date
    """Its first day."""
    notes: tuple[NoteCard, ...]


class MonthLink(Struct, frozen=True):
    """A month of the archive."""

    start: dt.date
    url: str
    notes: int


class YearLink(Struct, frozen=True):
    """A year of the archive with those of its months that have notes, in order."""

    year: int
    url: str
    notes: int
    months: tuple[MonthLink, ...]


class ArchiveView(Struct, frozen=True):
    """`archive.html`: all notes, or those of a year or month."""

    site: SiteView
    page: PageView
    span: Literal["all", "year", "month"]
    start: dt.date | None
    """First day of the year or month; None for all notes."""
    months: tuple[MonthOfNotes, ...]
    """The notes of this page, newest first."""
    years: tuple[YearLink, ...]
    """The whole archive, newest year first."""
    pagination: Pagination


class DatelineView(Struct, frozen=True):
    """Where and when a note was filed."""

    place: str
    date: dt.date
    agency: str


class InvolvementView(Struct, frozen=True):
    """An actor of a note."""

    actor: ActorLink
    role: str
    """The part it plays in this note; `named` when the author gave none."""
    offices: tuple[str, ...]
    """The offices it held on the note's date: `Secretary-General, United Nations`."""


class CitationView(Struct, frozen=True):
    """A source of a note."""

    id: str
    anchor: str
    """The `id` that its element must have, because the text links to it."""
    number: int
    source: SourceLink | None
    """Its publisher, when that is a record."""
    title: str
    url: str
    """A web address, or empty."""
    date: dt.date | None
    accessed: dt.date | None
    archived: str
    grade: str
    """Reliability of the source and credibility of the piece: `B2`, `B`, `2` or empty."""


class RelatedNote(Struct, frozen=True):
    """Another note, and why it is named here."""

    note: NoteCard
    reason: str
    """`also on Sanctions; names Ri Yong Ho and Jeffrey Feltman`."""


class Backlink(Struct, frozen=True):
    """A note that links here, with the sentence that does."""

    note: NoteCard
    before: str
    label: str
    """The text of the link; `before`, `label` and `after` make the sentence."""
    after: str


class NoteView(Struct, frozen=True):
    """`note.html`: one note."""

    site: SiteView
    page: PageView
    note: NoteCard
    published: str
    """The date for `<time datetime>`: a day, or an instant with offset."""
    updated: dt.date | None
    updated_iso: str
    """The same for `<time datetime>`."""
    dateline: DatelineView | None
    body: Prose
    words: int
    outline: tuple[Heading, ...]
    """The headings of a long text; empty for a short one."""
    topics: tuple[TopicLink, ...]
    actors: tuple[InvolvementView, ...]
    sources: tuple[CitationView, ...]
    earlier: NoteCard | None
    """The note before this one in its main topic."""
    later: NoteCard | None
    related: tuple[RelatedNote, ...]
    backlinks: tuple[Backlink, ...]


class TopicNode(Struct, frozen=True):
    """A topic with the topics below it."""

    card: TopicCard
    below: tuple[TopicNode, ...]


class TopicsView(Struct, frozen=True):
    """`topics.html`: all topics as a tree. A topic with two broader topics stands under both."""

    site: SiteView
    page: PageView
    tree: tuple[TopicNode, ...]
    total: int


class TopicView(Struct, frozen=True):
    """`topic.html`: one topic, on one or more pages."""

    site: SiteView
    page: PageView
    card: TopicCard
    body: Prose
    outline: tuple[Heading, ...]
    broader: tuple[TopicLink, ...]
    narrower: tuple[TopicCard, ...]
    notes: tuple[NoteCard, ...]
    """The notes of this page, newest first."""
    pagination: Pagination
    actors: tuple[ActorCount, ...]
    """Who is involved, by number of notes; the first page only, at most 20."""
    actors_total: int
    coverage: Coverage | None
    """The first page only."""


class LetterOfActors(Struct, frozen=True):
    """The actors whose sort name begins with one letter."""

    letter: str
    actors: tuple[ActorCard, ...]


class TypeOfActors(Struct, frozen=True):
    """The actors of one type, A to Z."""

    type: ActorType | None
    """None for actors that no file declares."""
    letters: tuple[LetterOfActors, ...]
    total: int


class ActorsView(Struct, frozen=True):
    """`actors.html`: all actors by type and letter."""

    site: SiteView
    page: PageView
    types: tuple[TypeOfActors, ...]
    total: int


class OfficeView(Struct, frozen=True):
    """An office that an actor held."""

    role: str
    organization: ActorLink | None
    start: dt.date | None
    """Its first day, as far as known."""
    end: dt.date | None
    """Its last day; None while it lasts."""
    span: str
    """In words: `since 1 January 2017`, `May 2016 – January 2020`, `from 2013`."""


class RoleOfNotes(Struct, frozen=True):
    """The notes in which an actor has one role."""

    role: str
    notes: tuple[NoteCard, ...]
    """Those of this page, newest first."""
    total: int
    """How many on all pages."""


class Identifier(Struct, frozen=True):
    """An actor's id in another register."""

    scheme: str
    value: str
    url: str
    """Where it can be looked up; empty for a register we do not know."""


class ActorView(Struct, frozen=True):
    """`actor.html`: one actor, on one or more pages."""

    site: SiteView
    page: PageView
    card: ActorCard
    summary: str
    also_known_as: tuple[str, ...]
    identifiers: tuple[Identifier, ...]
    office_now: OfficeView | None
    """The latest office that has begun and not ended."""
    offices: tuple[OfficeView, ...]
    """All offices, latest first."""
    members: tuple[ActorLink, ...]
    """For an organisation or a state: those who hold or held an office in it."""
    body: Prose
    outline: tuple[Heading, ...]
    roles: tuple[RoleOfNotes, ...]
    """The notes of this page, by role; the role with most notes first."""
    pagination: Pagination
    topics: tuple[TopicCount, ...]
    """The first page only, by number of notes."""
    companions: tuple[ActorCount, ...]
    """The actors most often named in the same notes; the first page only, at most 12."""
    first: NoteCard | None
    """The first note that names it."""
    last: NoteCard | None
    coverage: Coverage | None
    """The first page only."""


class SourceCard(Struct, frozen=True):
    """A source as the index shows it."""

    source: SourceLink
    summary: str
    reliability: str
    notes: int


class SourcesView(Struct, frozen=True):
    """`sources.html`: all sources, A to Z."""

    site: SiteView
    page: PageView
    sources: tuple[SourceCard, ...]
    total: int


class CitedDocument(Struct, frozen=True):
    """A document of a source, in the note that cites it."""

    note: NoteCard
    citation: CitationView


class SourceView(Struct, frozen=True):
    """`source.html`: one source, on one or more pages."""

    site: SiteView
    page: PageView
    card: SourceCard
    url: str
    body: Prose
    outline: tuple[Heading, ...]
    citations: tuple[CitedDocument, ...]
    """Those of this page, newest note first."""
    pagination: Pagination


class FreePageView(Struct, frozen=True):
    """`page.html`: a free-standing page."""

    site: SiteView
    page: PageView
    summary: str
    body: Prose
    outline: tuple[Heading, ...]


class NotFoundView(Struct, frozen=True):
    """`404.html`: shown for an address that does not exist."""

    site: SiteView
    page: PageView
    latest: tuple[NoteCard, ...]
    """The newest three notes."""


View = (
    HomeView
    | ArchiveView
    | NoteView
    | TopicsView
    | TopicView
    | ActorsView
    | ActorView
    | SourcesView
    | SourceView
    | FreePageView
    | NotFoundView
)

TEMPLATES: dict[type[View], str] = {
    HomeView: "home.html",
    ArchiveView: "archive.html",
    NoteView: "note.html",
    TopicsView: "topics.html",
    TopicView: "topic.html",
    ActorsView: "actors.html",
    ActorView: "actor.html",
    SourcesView: "sources.html",
    SourceView: "source.html",
    FreePageView: "page.html",
    NotFoundView: "404.html",
}
"""The template of every view; a theme must have them all."""
