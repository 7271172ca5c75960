"""The views: all that a template may see, and therefore all that a page depends on.

Every view is a frozen tree of records' cards and plain values. Addresses in it (`url`) lead from the site's root;
a template writes `{{ page.root }}{{ note.url }}`, so that the tree works under any base path.
"""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from briefings.content.bodies import Heading
from briefings.core.config import Article
from briefings.pages.views.change_views import ChangesView
from briefings.pages.views.citation_views import CitationView, OriginView
from briefings.pages.views.connection_views import ActorConnectionsView, ConnectionsView, NamedWith
from briefings.pages.views.event_views import CalendarView, EventView, Timeline, TimelineView
from briefings.pages.views.figure_views import FiguresView, FigureView, MeasureCard, MeasureView
from briefings.pages.views.index_views import ActorsView, ArchiveView, HomeView, SourceCard, SourcesView, TopicsView
from briefings.pages.views.judgement_views import JudgedNote, JudgementsView, JudgementView
from briefings.pages.views.machine_views import MachineView
from briefings.pages.views.note_parts import AuthorView, Backlink, CiteView, DatelineView, InvolvementView, RelatedNote
from briefings.pages.views.parts import (
    ActorCard,
    ActorCount,
    Coverage,
    PageView,
    Pagination,
    Prose,
    SiteView,
    StatusView,
    TopicCard,
    TopicCount,
)
from briefings.pages.views.position_views import LineView, PositionsView, PositionView, PropositionView, StanceRow
from briefings.pages.views.quotation_views import QuotationsView, QuotationView, SpeakerLink
from briefings.pages.views.revision_views import ChangeView, CorrectionsView, CorrectionView
from briefings.pages.views.search_views import SearchFileView, SearchView
from briefings.pages.views.withdrawal_views import MovedView, WithdrawnRecord, WithdrawnView
from briefings.site.cards import ActorLink, NoteRef, TopicLink


class NoteView(Struct, frozen=True):
    """`note.html`: one note."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    note: NoteRef
    """What lists show of it as well: title, summary, day, kind, marking and main topic."""
    article: Article
    """What sort of article its kind is for search engines."""
    published: str
    """For programs, when it was published: a day, or an instant with offset; the first day of a month or year."""
    updated: dt.date | None
    """The day of its last change of substance; None for a note that has had none."""
    updated_iso: str
    """The date of that change for `<time datetime>`: a day, or an instant with offset; empty for a note that has had none."""
    modified: str
    """For programs, the day or instant of its last change or correction; `published` for a note without any, and never before that."""
    authors: tuple[AuthorView, ...]
    """Who wrote it; empty for a note of the desk as such."""
    dateline: DatelineView | None
    """None for a note without one."""
    body: Prose
    """The text below the headline and the standfirst; empty for a note that is all summary."""
    words: int
    """Number of words in `body`; 0 without a text."""
    outline: tuple[Heading, ...]
    """The headings of a long text; empty for a short one."""
    topics: tuple[TopicLink, ...]
    """The main topic first; empty for a note on no topic."""
    actors: tuple[InvolvementView, ...]
    """In the author's order, then those that only the text links to, then those that it only mentions, A to Z."""
    sources: tuple[CitationView, ...]
    """In the order of their numbers; empty for a note without any."""
    origins: tuple[OriginView, ...]
    """What the sources go back to, each once; empty where each of several sources stands for itself."""
    earlier: NoteRef | None
    """The note before this one in its main topic."""
    later: NoteRef | None
    """The note after this one in its main topic; None for the newest."""
    thread: tuple[NoteRef, ...]
    """The notes that continue one another, oldest first, with this one among them; empty for a note that stands alone."""
    related: tuple[RelatedNote, ...]
    """Closest first, without `earlier` and `later`; may be empty."""
    backlinks: tuple[Backlink, ...]
    """The newest notes that link here, at most 20."""
    backlinks_total: int
    """How many notes link here in all."""
    events: tuple[EventView, ...]
    """What it records as having happened, in the author's order."""
    quotations: tuple[QuotationView, ...]
    """What was said: first what stands in the text, then the rest, which a theme must show; each in the author's order."""
    positions: tuple[PositionView, ...]
    """Where it says that actors stand, in the author's order."""
    figures: tuple[FigureView, ...]
    """The values that it reports, in the author's order."""
    judgements: tuple[JudgementView, ...]
    """What it holds to be likely or unlikely, in the author's order."""
    corrections: tuple[CorrectionView, ...]
    """Its mistakes that were put right, newest first. A theme must show them all."""
    changes: tuple[ChangeView, ...]
    """What else was changed since it was published, newest first."""
    cite: CiteView
    """How it is cited."""


class TopicView(Struct, frozen=True):
    """`topic.html`: one topic, on one or more pages."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    card: TopicCard
    """What indexes show of it as well: name, summary, status and number of notes."""
    status_history: tuple[StatusView, ...]
    """What the status was before, newest first; the first page only."""
    body: Prose
    """The author's introduction; empty where there is none and on the pages after the first."""
    outline: tuple[Heading, ...]
    """The headings of a long introduction; empty for a short one."""
    broader: tuple[TopicLink, ...]
    """The topics that it is part of; empty at the top of the tree."""
    narrower: tuple[TopicCard, ...]
    """Its sub-topics, on every page; empty for a topic without any."""
    notes: tuple[NoteRef, ...]
    """The notes of this page, newest first."""
    pagination: Pagination
    """Which of the topic's notes stand on this page, and the way to the others."""
    actors: tuple[ActorCount, ...]
    """Who is involved, by number of notes; the first page only, at most 20."""
    actors_total: int
    """How many actors are involved in all; 0 on older pages, which do not list them."""
    coming: tuple[EventView, ...]
    """Its next events, soonest first, at most 5; the first page only."""
    judgements: tuple[JudgedNote, ...]
    """Judgements of its notes whose outcome is not known, the soonest due first; the first page only, at most 10."""
    judgements_total: int
    """How many of these there are in all; 0 on older pages, which do not list them."""
    timeline: Timeline | None
    """Its events; None where there are none, and on the pages after the first."""
    quotations: tuple[QuotationView, ...]
    """What was said in its notes, newest first and those of one day by speaker; the first page only, at most 20."""
    quotations_total: int
    """How many quotations there are in all; 0 on older pages, which do not list them."""
    propositions: tuple[PropositionView, ...]
    """What actors are for or against; the first page only, and only those on which somebody has taken a position."""
    stances: tuple[StanceRow, ...]
    """Actors and propositions as a table, whose cells lead to `propositions`; the first page only, and empty for fewer than two of them."""
    measures: tuple[MeasureCard, ...]
    """What is measured of it, with the latest value; the first page only, and only what has a value."""
    withdrawn: tuple[WithdrawnRecord, ...]
    """Notes that stood among those of this page and were withdrawn, newest first. A theme must show them."""
    coverage: Coverage | None
    """None on the pages after the first, and while all notes lie in one month."""


class OfficeView(Struct, frozen=True):
    """An office that an actor held."""

    role: str
    """As the author wrote it: `Secretary-General`."""
    organization: ActorLink | None
    """Where the office is held; None when the author named none that the site knows."""
    start: dt.date | None
    """Its first day, as far as known."""
    end: dt.date | None
    """Its last day; None while it lasts."""
    span: str
    """In words: `since 1 January 2017`, `May 2016 – January 2020`, `until 2013`."""


class RoleOfNotes(Struct, frozen=True):
    """The notes in which an actor has one role."""

    role: str
    """The part that it plays in them: `speaker`, `named` where the author gave none, `mentioned` where only the text has its name."""
    notes: tuple[NoteRef, ...]
    """Those of this page, newest first."""
    total: int | None
    """How many on all pages; only the newest page says so."""


class Identifier(Struct, frozen=True):
    """An actor's id in another register."""

    scheme: str
    """The register, as the author named it: `wikidata`."""
    value: str
    """The id there: `Q1065`."""
    url: str
    """Where it can be looked up; empty for a register we do not know."""


class ActorView(Struct, frozen=True):
    """`actor.html`: one actor, on one or more pages."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    card: ActorCard
    """What indexes show of it as well: name, type, description and number of notes."""
    summary: str
    """One sentence on who this is; may be empty."""
    also_known_as: tuple[str, ...]
    """Other names in the author's order; empty for an actor with one name."""
    identifiers: tuple[Identifier, ...]
    """A to Z by register; empty for an actor without any."""
    office_now: OfficeView | None
    """The latest office that has begun and not ended."""
    offices: tuple[OfficeView, ...]
    """All offices, latest first."""
    members: tuple[ActorLink, ...]
    """For an organisation or a state: those who hold or held an office in it."""
    body: Prose
    """The profile; empty where there is none and on the pages after the first."""
    outline: tuple[Heading, ...]
    """The headings of a long profile; empty for a short one."""
    roles: tuple[RoleOfNotes, ...]
    """The notes of this page, by role: the role with most notes first, those that only mention the actor last."""
    pagination: Pagination
    """Which of the actor's notes stand on this page, and the way to the others."""
    withdrawn: tuple[WithdrawnRecord, ...]
    """Notes that stood among those of this page and were withdrawn, newest first. A theme must show them."""
    written: tuple[NoteRef, ...]
    """The notes that it wrote, newest first; the first page only, at most 20."""
    written_total: int
    """How many notes it wrote in all; 0 on older pages, which do not list them."""
    topics: tuple[TopicCount, ...]
    """The first page only, by number of notes."""
    topics_total: int
    """How many topics there are in all; 0 on older pages, which do not list them."""
    named_with: NamedWith | None
    """The actors that the same notes name; None for an actor that is always named alone, and on older pages."""
    timeline: Timeline | None
    """The events in which it takes part; None where there are none, and on the pages after the first."""
    said: tuple[QuotationView, ...]
    """What it said, newest first; the first page only, at most 10."""
    said_total: int
    """How many quotations of it there are in all; 0 on older pages, which do not list them."""
    said_all: SpeakerLink | None
    """The page with all of them; None where there are none or the site has no such page, and on older pages."""
    judgements: tuple[JudgedNote, ...]
    """Judgements that name it and whose outcome is not known, the soonest due first; the first page only, at most 10."""
    judgements_total: int
    """How many of these there are in all; 0 on older pages, which do not list them."""
    lines: tuple[LineView, ...]
    """Its stances on each proposition over time; the proposition on which it moved last comes first. The first page only."""
    first: NoteRef | None
    """The first note that names it; None when no note does, and on older pages."""
    last: NoteRef | None
    """The newest note that names it; None when no note does, and on older pages."""
    coverage: Coverage | None
    """None on the pages after the first, and while all notes lie in one month."""


class CitedDocument(Struct, frozen=True):
    """A document of a source, in the note that cites it."""

    note: NoteRef
    """The note that cites it, as lists show it."""
    citation: CitationView
    """The document, with its number and grade in that note."""
    copied: bool
    """Whether the document only goes back to the source of this page, and somebody else publishes it."""
    positions: tuple[PositionView, ...]
    """The positions in that note that the document shows, in the author's order."""
    figures: tuple[FigureView, ...]
    """The figures in that note that the document gives, in the author's order."""
    quotations: tuple[QuotationView, ...]
    """The quotations in that note that the document has: those in the text, then the rest, each in the author's order."""
    events: tuple[EventView, ...]
    """The events in that note of which the document tells, in the author's order."""


class SourceView(Struct, frozen=True):
    """`source.html`: one source, on one or more pages."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    card: SourceCard
    """What the index shows of it as well: name, type, summary and reliability."""
    url: str
    """The source's own web address; empty when the author gave none."""
    rationale: str
    """Why it has its grade, in a sentence or two; the first page only, may be empty."""
    rated: dt.date | None
    """The day on which it was graded; None when not told, and on the pages after the first."""
    body: Prose
    """What the author says of it; empty where there is nothing and on the pages after the first."""
    outline: tuple[Heading, ...]
    """The headings of a long text; empty for a short one."""
    citations: tuple[CitedDocument, ...]
    """Those of this page, newest note first."""
    pagination: Pagination
    """Which of the citations stand on this page, and the way to the others."""
    withdrawn: tuple[WithdrawnRecord, ...]
    """Notes that cited it on this page and were withdrawn, newest first. A theme must show them."""


class FreePageView(Struct, frozen=True):
    """`page.html`: a free-standing page."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    summary: str
    """The standfirst in plain text; may be empty."""
    body: Prose
    """The page's text; empty for a page without one."""
    outline: tuple[Heading, ...]
    """The headings of a long text; empty for a short one."""


class NotFoundView(Struct, frozen=True):
    """`404.html`: shown for an address that does not exist."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    latest: tuple[NoteRef, ...]
    """The newest three notes."""


PageOfTheme = (
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
    | PositionsView
    | FiguresView
    | MeasureView
    | JudgementsView
    | ChangesView
    | QuotationsView
    | ConnectionsView
    | ActorConnectionsView
    | CorrectionsView
    | TimelineView
    | CalendarView
    | SearchView
    | NotFoundView
    | WithdrawnView
    | MovedView
)

View = PageOfTheme | MachineView | SearchFileView

TEMPLATES: dict[type[PageOfTheme], str] = {
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
    PositionsView: "positions.html",
    FiguresView: "figures.html",
    MeasureView: "measure.html",
    JudgementsView: "judgements.html",
    ChangesView: "changes.html",
    QuotationsView: "quotations.html",
    ConnectionsView: "connections.html",
    ActorConnectionsView: "connected.html",
    CorrectionsView: "corrections.html",
    TimelineView: "timeline.html",
    CalendarView: "calendar.html",
    SearchView: "search.html",
    NotFoundView: "404.html",
    WithdrawnView: "withdrawn.html",
    MovedView: "moved.html",
}
"""The template of every view that is a page; a theme must have them all but those of OPTIONAL."""

OPTIONAL: frozenset[type[PageOfTheme]] = frozenset({
    *(QuotationsView, PositionsView, FiguresView, MeasureView, JudgementsView, ChangesView, CorrectionsView, TimelineView, CalendarView),
    *(ConnectionsView, ActorConnectionsView, SearchView),
})  # fmt: skip
"""The views of pages that a theme may leave out."""
