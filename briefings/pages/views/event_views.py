"""What views show of events."""

from __future__ import annotations

from msgspec import Struct

from briefings.content.entries import EventStatus
from briefings.core.config import Marking
from briefings.pages.views.citation_views import SourceMark
from briefings.pages.views.parts import DateView, PageView, Pagination, SiteView
from briefings.site.cards import ActorLink, NoteRef, TopicLink


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
    source: SourceMark | None
    """The source of that note that tells of it; None when the author named nothing."""
    marking: Marking
    """Traffic Light Protocol 2.0; `TLP:CLEAR` when the author set none."""
    note: NoteRef | None
    """The note that tells of it; None on that note's own page."""


class BandMark(Struct, frozen=True):
    """An event on a time axis."""

    event: int
    """Its index in the list that stands below the axis."""
    start: float
    """Where it begins, in hundredths of the axis."""
    length: float
    """How long it lasts, in hundredths of the axis; a day on a long axis is next to nothing."""
    row: int
    """Its row above the axis, from 0; events of one row do not touch."""


class BandTick(Struct, frozen=True):
    """A labelled place on a time axis."""

    at: float
    """In hundredths of the axis."""
    label: str
    """In words: `2017`, `Dec`."""


class TimeBand(Struct, frozen=True):
    """Events on one axis, whose days are all of one length."""

    marks: tuple[BandMark, ...]
    """Oldest first."""
    ticks: tuple[BandTick, ...]
    """Oldest first."""
    rows: int
    """How many rows of marks there are."""


class Timeline(Struct, frozen=True):
    """Events of a topic or an actor."""

    events: tuple[EventView, ...]
    """Newest first, at most 20; never empty."""
    total: int
    """How many there are in all."""
    band: TimeBand | None
    """The same events on an axis; None for fewer than three, or for those of one day."""


class TimelineView(Struct, frozen=True):
    """`timeline.html`: the events of all notes, on one or more pages."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    events: tuple[EventView, ...]
    """Those of this page, newest first; never empty."""
    band: TimeBand | None
    """The events of this page on an axis; None for fewer than three, or for those of one day."""
    pagination: Pagination
    """Which of all events stand on this page, and the way to the others."""


class PeriodAhead(Struct, frozen=True):
    """Events ahead that begin in one week; or in one month or year, where no more is known."""

    title: str
    """In words: `Week of 15 January 2018`, `January 2018`, `2018`."""
    events: tuple[EventView, ...]
    """Soonest first; never empty."""


class TopicAhead(Struct, frozen=True):
    """What is ahead on a topic."""

    topic: TopicLink
    """Its name and address."""
    events: tuple[EventView, ...]
    """Soonest first; never empty."""


class CalendarView(Struct, frozen=True):
    """`calendar.html`: what is ahead, once by week and once by topic. It exists where notes tell of anything expected, over or not."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    periods: tuple[PeriodAhead, ...]
    """Soonest first; empty when nothing is ahead."""
    topics: tuple[TopicAhead, ...]
    """A to Z; empty when no event that is ahead stands on a topic."""
    total: int
    """How many events are ahead in all; the page shows the soonest, as many as a page of a ledger has."""
