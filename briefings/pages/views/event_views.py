"""What views show of events."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from briefings.core.config import Marking
from briefings.site.cards import ActorLink, NoteRef


class EventView(Struct, frozen=True):
    """Something that happened or is to happen."""

    id: str
    """What the author calls it; the same in all notes that tell of it."""
    title: str
    """What happened, in a line."""
    date: dt.date
    """The day on which it happened or began, in the site's time zone."""
    until: dt.date | None
    """The day on which it ended; None when that is the same one."""
    place: str
    """Where; may be empty."""
    actors: tuple[ActorLink, ...]
    """Who took part; may be empty."""
    marking: Marking
    """Traffic Light Protocol 2.0; `TLP:CLEAR` when the author set none."""
    note: NoteRef | None
    """The note that tells of it; None on that note's own page."""
