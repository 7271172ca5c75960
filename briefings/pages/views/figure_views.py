"""What views show of figures."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from briefings.core.config import Marking
from briefings.pages.views.citation_views import SourceMark
from briefings.site.cards import NoteRef, TopicLink


class FigureView(Struct, frozen=True):
    """A value of something that is measured."""

    name: str
    """What is measured: `Ballistic missile launches`."""
    value: str
    """The number with its unit, ready to print: `20`, `500,000 barrels`."""
    period: str
    """What was counted, in words: `2017`, `December 2017`; may be empty."""
    as_of: dt.date
    """The day on which the value was known."""
    topic: TopicLink
    """The topic that the measure belongs to."""
    source: SourceMark | None
    """What gives it; None when the author named nothing."""
    marking: Marking
    """Traffic Light Protocol 2.0; `TLP:CLEAR` when the author set none."""
    note: NoteRef | None
    """The note that reports it; None on that note's own page."""
