"""Cards: all that other pages may know of a record, so that an edit elsewhere in it cannot touch them.

Links keep their hash, because they are counted and looked up a hundred thousand times.
"""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from briefings.content.headers import ActorType, Priority
from briefings.core.config import Marking


class TopicLink(Struct, frozen=True, cache_hash=True):
    """A topic's name and address."""

    id: str
    """Unique among topics, and what authors write: `dprk-nuclear`."""
    url: str
    """Address of the topic's page."""
    name: str
    """For readers; made from the id where no file declares the topic."""
    marking: Marking = "TLP:CLEAR"
    """Traffic Light Protocol 2.0; `TLP:CLEAR` when the author set none."""


class ActorLink(Struct, frozen=True, cache_hash=True):
    """An actor's name, address and type."""

    id: str
    """Unique among actors, and what authors write: `antonio-guterres`."""
    url: str
    """Address of the actor's page."""
    name: str
    """For readers; made from the id where no file declares the actor."""
    type: ActorType | None
    """None for an actor that no file declares."""
    marking: Marking = "TLP:CLEAR"
    """Traffic Light Protocol 2.0; `TLP:CLEAR` when the author set none."""


class SourceLink(Struct, frozen=True):
    """A source's name and address."""

    id: str
    """Unique among sources, and what authors write: `tass`."""
    url: str
    """Address of the page about the source, not the source's own."""
    name: str
    """For readers: `TASS`."""
    type: str
    """What kind of source it is, in the author's words: `news agency`; may be empty."""
    marking: Marking = "TLP:CLEAR"
    """Traffic Light Protocol 2.0; `TLP:CLEAR` when the author set none."""


class Continuation(Struct, frozen=True, cache_hash=True):
    """The newest note of a thread, for lists of older ones. Its title is not here: an edit of it touches no other card."""

    id: str
    """Unique among notes."""
    url: str
    """Address of the note's page."""
    when: str
    """Its day in the site's time zone, or its month or year where the author gave no more."""
    marking: Marking
    """Traffic Light Protocol 2.0; `TLP:CLEAR` when the author set none."""


class NoteCard(Struct, frozen=True, kw_only=True, array_like=True, cache_hash=True):
    """A note as lists show it."""

    id: str
    """Unique among notes, and unchanged when the title changes."""
    url: str
    """Address of the note's page."""
    title: str
    """The headline, in plain text."""
    summary: str
    """The standfirst, in plain text; may be empty."""
    date: dt.date
    """Its day in the site's time zone; the first day of a month or year."""
    when: str
    """Its day, or the month or the year where the author gave no more: `2017-12-15`, `2017-12`. Filters of dates write it as words."""
    kind: str
    """The kind's name for readers: `Wire`."""
    marking: Marking
    """Traffic Light Protocol 2.0; `TLP:CLEAR` when the author set none."""
    topic: TopicLink | None
    """Its main topic."""
    priority: Priority
    """How prominent it is among the notes of its day."""
    updated: dt.date | None = None
    """The day of its last major change; None for a note that has had none."""
    corrected: dt.date | None = None
    """The day of its last correction; None for a note that has had none."""
    continued: Continuation | None = None
    """The newest note of its thread; None for that note itself, and for one in no thread."""


class NoteRef(Struct, frozen=True, array_like=True):
    """Stands in views for the card of a note, so that a view does not change when the card does."""

    id: str
