"""The linked site: every record with what it refers to and what refers to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from msgspec import Struct

from briefings.content.entries import Event, Figure, Measure, Position, Proposition
from briefings.content.records import Actor, Kind, Note, Page, Reference, Source, Topic
from briefings.core.config import Marking, SiteConfig
from briefings.site.cards import ActorLink, NoteCard, NoteRef, SourceLink, TopicLink
from briefings.site.declarations import Declarations
from briefings.site.visibility import Audience


class Attachment(Struct, frozen=True):
    """A file of the content folder that is no record: an image, a document."""

    path: str
    """From the site folder, in NFC."""
    file: str
    """The same as the disk spells it."""
    width: int = 0
    """Of an image, in CSS pixels; 0 where unknown."""
    height: int = 0


class Target(Struct, frozen=True):
    """Where a reference leads."""

    url: str
    """From the site's root, with any fragment, escaped for `href`; a bare `#fragment` stays on the page."""
    width: int = 0
    height: int = 0
    note: str = ""
    """The id of the note that it leads to, if it leads to one."""
    marking: Marking = "TLP:CLEAR"
    """That of the record that it leads to."""


class NavigationTarget(Struct, frozen=True):
    """An entry of the main navigation."""

    title: str
    url: str
    """From the site's root, or a web address."""
    is_web: bool
    marking: Marking = "TLP:CLEAR"
    """That of the record that it leads to."""


class LinkedNote(Struct, frozen=True):
    """A note that may be shown."""

    record: Note
    card: NoteCard
    ref: NoteRef
    """What views hold in the place of the card."""
    topics: tuple[TopicLink, ...]
    actors: tuple[tuple[ActorLink, str], ...]
    """Each actor with its role; those that only the text links to have the role `named`."""
    targets: tuple[Target | None, ...]
    """Parallel to the body's references; None where the label stands as plain text."""


class LinkedTopic(Struct, frozen=True):
    """A topic with its notes."""

    link: TopicLink
    record: Topic | None
    """None for a topic that no file declares."""
    broader: tuple[TopicLink, ...]
    narrower: tuple[TopicLink, ...]
    notes: tuple[LinkedNote, ...]
    """Oldest first."""
    targets: tuple[Target | None, ...]


class LinkedActor(Struct, frozen=True):
    """An actor with the notes that name it."""

    link: ActorLink
    record: Actor | None
    """None for an actor that no file declares."""
    notes: tuple[tuple[LinkedNote, str], ...]
    """Each note with the actor's role in it, oldest first."""
    members: tuple[ActorLink, ...]
    """Those who hold or held an office in it."""
    targets: tuple[Target | None, ...]


class LinkedSource(Struct, frozen=True):
    """A source with the notes that cite it."""

    link: SourceLink
    record: Source
    citations: tuple[tuple[LinkedNote, int], ...]
    """Each citing note and the number of the citation in it; oldest first."""
    targets: tuple[Target | None, ...]


class LinkedPage(Struct, frozen=True):
    """A free-standing page."""

    record: Page
    url: str
    targets: tuple[Target | None, ...]


class NoteEvent(Struct, frozen=True):
    """An event as a note tells of it."""

    note: LinkedNote
    event: Event
    actors: tuple[ActorLink, ...]
    topics: tuple[TopicLink, ...]
    start: dt.datetime
    """For its place on a timeline."""


class NotePosition(Struct, frozen=True):
    """A position as a note tells of it."""

    note: LinkedNote
    position: Position
    actor: ActorLink
    topic: TopicLink
    proposition: Proposition
    day: dt.date


class NoteFigure(Struct, frozen=True):
    """A figure as a note tells of it."""

    note: LinkedNote
    figure: Figure
    topic: TopicLink
    measure: Measure
    day: dt.date


class Entries(Struct, frozen=True):
    """Those entries of one note that lead to what may be shown, in the author's order."""

    events: tuple[NoteEvent, ...] = ()
    positions: tuple[NotePosition, ...] = ()
    figures: tuple[NoteFigure, ...] = ()


NO_ENTRIES = Entries()


class Ledger(Struct, frozen=True):
    """The entries of all notes."""

    of_note: dict[str, Entries]
    """Only notes that have any."""
    timelines: dict[str, tuple[NoteEvent, ...]]
    """For each topic its events, newest first; each once, as the newest note tells it."""
    positions: dict[str, tuple[NotePosition, ...]]
    """For each proposition the latest position of each actor, newest first."""
    stances: dict[str, tuple[NotePosition, ...]]
    """For each actor its latest position on each proposition, newest first."""
    figures: dict[str, NoteFigure]
    """For each measure its latest figure."""


class Withdrawn(Struct, frozen=True):
    """A record that was taken back; nothing else of it is kept."""

    kind: Kind
    url: str
    path: str
    """The file that holds it, for messages."""
    date: dt.date
    reason: str
    published: dt.date | None
    """A note's own day."""
    listed: tuple[tuple[Kind, str], ...]
    """Kinds and ids of the topics, actors and sources in whose lists a note stood."""
    marking: Marking


def newest_first(withdrawn: Iterable[Withdrawn]) -> list[Withdrawn]:
    """The notes among `withdrawn`, those of the newest day first."""
    return sorted((one for one in withdrawn if one.kind == "note"), key=lambda one: one.published or dt.date.min, reverse=True)


class Redirect(Struct, frozen=True):
    """An address that a record had before."""

    url: str
    to: str
    """The record's address now, from the site's root."""
    path: str
    """The file that holds the record, for messages."""
    marking: Marking
    """That of the record."""


class Site(Struct, frozen=True):
    """All that a build may show, linked."""

    config: SiteConfig
    zone: dt.tzinfo
    today: dt.date
    """The build's day in the site's time zone."""
    audience: Audience
    """Who may see all that is here."""
    notes: tuple[LinkedNote, ...]
    """Oldest first."""
    cards: dict[str, NoteCard]
    """Card of each note, by the note's id. What may not be shown has none, so a view that names it cannot be published."""
    topics: dict[str, LinkedTopic]
    actors: dict[str, LinkedActor]
    sources: dict[str, LinkedSource]
    pages: dict[str, LinkedPage]
    navigation: tuple[NavigationTarget, ...]
    backlinks: dict[str, tuple[tuple[LinkedNote, Reference], ...]]
    """Note id to the notes that link there, newest first, each with its first link."""
    copies: dict[str, str]
    """Address from the root to the content file that is published there, byte for byte."""
    declarations: Declarations
    """What topics declare for the entries of notes."""
    ledger: Ledger
    withdrawn: tuple[Withdrawn, ...]
    """By kind and id."""
    withdrawn_from: dict[tuple[Kind, str], tuple[Withdrawn, ...]]
    """For each topic, actor and source the withdrawn notes that stood in its list, newest first."""
    moved: tuple[Redirect, ...]
