"""The records of a site: a header as its author wrote it, and what is known of its text."""

from __future__ import annotations

from typing import ClassVar, Generic, Literal, TypeVar

from msgspec import Struct

from briefings.content.bodies import NO_BODY, Body
from briefings.content.entries import Visible
from briefings.content.headers import ActorHeader, NoteHeader, PageHeader, RecordHeader, SourceHeader, TopicHeader

Kind = Literal["note", "actor", "topic", "source", "page"]

Header = TypeVar("Header", bound=RecordHeader)


class Record(Struct, Generic[Header], frozen=True):
    """One record: its header as the author wrote it, and what is known of its text."""

    id: str
    """Unique among records of its kind; in NFC."""
    path: str
    """The file that holds it, from the site folder."""
    header: Header
    """The fields that the author wrote, without the text."""
    body: Body = NO_BODY
    """What is known of its text; `NO_BODY` where there is none."""
    key: str = ""
    """Where the record stands in its file's YAML: empty, or `records.fr`."""
    guards: tuple[Visible, ...] = ()
    """The different conditions under which quotations of the text may be shown."""
    bodies: tuple[Body, ...] = ()
    """A version of the text for each set of conditions that holds; bit i of the index stands for `guards[i]`. The first is `body`."""


class Note(Record[NoteHeader], frozen=True, tag="note"):
    """A note."""

    kind: ClassVar[Kind] = "note"


class Actor(Record[ActorHeader], frozen=True, tag="actor"):
    """An actor."""

    kind: ClassVar[Kind] = "actor"


class Topic(Record[TopicHeader], frozen=True, tag="topic"):
    """A topic."""

    kind: ClassVar[Kind] = "topic"


class Source(Record[SourceHeader], frozen=True, tag="source"):
    """A source."""

    kind: ClassVar[Kind] = "source"


class Page(Record[PageHeader], frozen=True, tag="page"):
    """A free-standing page."""

    kind: ClassVar[Kind] = "page"


AnyRecord = Note | Actor | Topic | Source | Page

HEADERS: dict[Kind, type[RecordHeader]] = {
    "note": NoteHeader, "actor": ActorHeader, "topic": TopicHeader, "source": SourceHeader, "page": PageHeader,
}  # fmt: skip
"""The schema of the header of each kind of record."""

RECORDS: dict[Kind, type[AnyRecord]] = {"note": Note, "actor": Actor, "topic": Topic, "source": Source, "page": Page}
"""The type of each kind of record."""
BY_ID: frozenset[Kind] = frozenset(("actor", "topic", "source"))
"""The kinds of which one YAML file may hold many records, by their ids."""
