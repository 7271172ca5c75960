"""Cards: all that other pages may know of a record, so that an edit elsewhere in it cannot touch them.

Links keep their hash, because they are counted and looked up a hundred thousand times.
"""

from __future__ import annotations

import datetime as dt
from typing import NoReturn

from msgspec import Struct

from briefings.content.records import ActorType
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


class NoteCard:
    """A note as lists show it.

    It is no Struct, so that whoever writes down a view decides how its cards are written: a page's row in the cache has their ids alone.
    """

    __slots__ = __struct_fields__ = ("id", "url", "title", "summary", "date", "kind", "marking", "topic")

    id: str
    """Unique among notes, and unchanged when the title changes."""
    url: str
    """Address of the note's page."""
    title: str
    """The headline, in plain text."""
    summary: str
    """The standfirst, in plain text; may be empty."""
    date: dt.date
    """Its day in the site's time zone."""
    kind: str
    """The kind's name for readers: `Wire`."""
    marking: Marking
    """Traffic Light Protocol 2.0; `TLP:CLEAR` when the author set none."""
    topic: TopicLink | None
    """Its main topic."""

    def __init__(
        self,
        id: str,  # noqa: A002 - its name in templates
        url: str,
        title: str,
        summary: str,
        date: dt.date,
        kind: str,
        marking: Marking,
        topic: TopicLink | None,
    ) -> None:
        # A build makes some hundred thousand of them, and a loop over the names takes longer.
        keep = object.__setattr__
        keep(self, "id", id)
        keep(self, "url", url)
        keep(self, "title", title)
        keep(self, "summary", summary)
        keep(self, "date", date)
        keep(self, "kind", kind)
        keep(self, "marking", marking)
        keep(self, "topic", topic)

    def fields(self) -> tuple[str, str, str, str, dt.date, str, Marking, TopicLink | None]:
        """All that it holds, in the order of the constructor."""
        return self.id, self.url, self.title, self.summary, self.date, self.kind, self.marking, self.topic

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a card does not change: {name}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NoteCard) and self.fields() == other.fields()

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"NoteCard{self.fields()!r}"
