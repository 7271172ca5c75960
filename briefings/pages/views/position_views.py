"""What views show of positions."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from briefings.content.entries import Stance
from briefings.core.config import Marking
from briefings.pages.views.citation_views import SourceMark
from briefings.site.cards import ActorLink, NoteRef, TopicLink


class PositionView(Struct, frozen=True):
    """Where an actor stands on a proposition."""

    actor: ActorLink
    """Who takes the position."""
    proposition: str
    """The statement, as a sentence without its full stop."""
    topic: TopicLink
    """The topic that the proposition belongs to."""
    stance: Stance
    """For, against, conditional or undecided."""
    date: dt.date
    """The day on which it was taken."""
    words: str
    """The condition, or how it was put; may be empty."""
    source: SourceMark | None
    """What shows it; None when the author named nothing."""
    marking: Marking
    """Traffic Light Protocol 2.0; `TLP:CLEAR` when the author set none."""
    note: NoteRef | None
    """The note that tells of it; None on that note's own page."""


class PropositionView(Struct, frozen=True):
    """A proposition of a topic, and where actors stand on it."""

    id: str
    """What authors write."""
    text: str
    """The statement, as a sentence without its full stop."""
    positions: tuple[PositionView, ...]
    """The latest of each actor: those for it, then conditional, undecided, against; in each the newest first. Never empty."""
