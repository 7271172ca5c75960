"""Cards: all that other pages may know of a record, so that an edit elsewhere in it cannot touch them."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from briefings.content.records import ActorType, Marking


class TopicLink(Struct, frozen=True):
    """A topic's name and address."""

    id: str
    url: str
    name: str


class ActorLink(Struct, frozen=True):
    """An actor's name, address and type."""

    id: str
    url: str
    name: str
    type: ActorType | None
    """None for an actor that no file declares."""


class SourceLink(Struct, frozen=True):
    """A source's name and address."""

    id: str
    url: str
    name: str
    type: str


class NoteCard(Struct, frozen=True):
    """A note as lists show it."""

    id: str
    url: str
    title: str
    summary: str
    date: dt.date
    """Its day in the site's time zone."""
    kind: str
    """The kind's name for readers: `Wire`."""
    marking: Marking
    topic: TopicLink | None
    """Its main topic."""
