"""Linked records: each with what it refers to and what refers to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from msgspec import Struct

from briefings.content.records import Actor, Kind, Note, Page, Source, Topic
from briefings.core.config import Marking
from briefings.site.cards import ActorLink, NoteCard, NoteRef, SourceLink, TopicLink

MENTIONED = "mentioned"
"""The role of an actor of which a note speaks by name, and which it does not name otherwise."""


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
    number: str = ""
    """For a figure that the text quotes, which leads nowhere: its digits."""
    marking: Marking = "TLP:CLEAR"
    """That of the record that it leads to, or of the figure."""
    words: str = ""
    """What the link says where the text gives it no words: the title of an event."""


class LinkedMention(Struct, frozen=True):
    """An actor's name in the text of a note, which becomes a link to the actor."""

    start: int
    """The index in the HTML with holes, in characters, at which the name begins."""
    end: int
    """The index behind the name."""
    url: str
    """The address of the actor's page, from the site's root."""
    marking: Marking
    """That of the actor."""


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
    """Each actor with its role; those that only the text links to have the role `named`, those that it only mentions `mentioned`."""
    authors: tuple[ActorLink | str, ...]
    """Who wrote it; by name alone who is no actor. Authors that may not be shown are left out."""
    targets: tuple[Target | None, ...]
    """Parallel to the body's references; None where the label stands as plain text."""
    mentions: tuple[LinkedMention, ...] = ()
    """The names in its text that become links, in the order of the text."""


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
    written: tuple[LinkedNote, ...]
    """The notes that it wrote, oldest first."""
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


class Withdrawn(Struct, frozen=True):
    """A record that was taken back; nothing else of it is kept."""

    kind: Kind
    url: str
    path: str
    """The file that holds it, for messages."""
    date: dt.date
    reason: str
    published: str
    """A note's own day, month or year, in ISO 8601; empty for other records."""
    listed: tuple[tuple[Kind, str], ...]
    """Kinds and ids of the topics, actors and sources in whose lists a note stood."""
    marking: Marking


class WithdrawnEvent(Struct, frozen=True):
    """An event of which only notes told that were withdrawn; nothing else of it is kept, so that calendars can take it back."""

    id: str
    date: dt.date
    """When the note was withdrawn."""
    marking: Marking


def newest_first(withdrawn: Iterable[Withdrawn]) -> list[Withdrawn]:
    """The notes among `withdrawn`, those of the newest day first."""
    return sorted((one for one in withdrawn if one.kind == "note"), key=lambda one: one.published, reverse=True)


class Redirect(Struct, frozen=True):
    """An address that a record had before."""

    url: str
    to: str
    """The record's address now, from the site's root."""
    path: str
    """The file that holds the record, for messages."""
    marking: Marking
    """That of the record."""
