"""What views show of events."""

from __future__ import annotations

from msgspec import Struct

from briefings.content.entries import EventStatus
from briefings.core.config import Marking
from briefings.pages.views.parts import DateView
from briefings.site.cards import ActorLink, NoteRef


class EventView(Struct, frozen=True):
    """Something that happened or is to happen, as the newest note tells it that tells of it."""

    id: str
    """What authors call it; the same in all notes that tell of it."""
    title: str
    """What happened, in a line."""
    when: DateView
    """When it happened or is to happen, with days of the site's time zone."""
    status: EventStatus
    """What came of it. `expected` says that it lay ahead when it was told, not that it does now."""
    place: str
    """Where; may be empty."""
    actors: tuple[ActorLink, ...]
    """Who took part; may be empty."""
    marking: Marking
    """Traffic Light Protocol 2.0; `TLP:CLEAR` when the author set none."""
    note: NoteRef | None
    """The note that tells of it; None on that note's own page."""
