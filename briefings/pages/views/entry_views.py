"""What views show of notes' entries, and the views of records that were withdrawn or have moved."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct

from briefings.content.entries import Stance
from briefings.content.records import Kind
from briefings.core.config import Marking
from briefings.pages.views.parts import PageView, SiteView
from briefings.site.cards import ActorLink, NoteRef, TopicLink


class SourceMark(Struct, frozen=True):
    """The source of an entry, which is one of its note's."""

    name: str
    """Who publishes it, or the document's title; never empty."""
    number: int
    """Its number in the note's list of sources."""
    anchor: str
    """The `id` of its element on the note's page."""
    marking: Marking = "TLP:CLEAR"
    """That of the record of its publisher."""


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


class CorrectionView(Struct, frozen=True):
    """A mistake in a note, put right."""

    anchor: str
    """The `id` that its element must have, because the feed of corrections leads to it: `correction-2017-12-16-3c5e5043`."""
    date: dt.date
    """The day on which it was corrected."""
    wrong: str
    """What the note said; may be empty."""
    right: str
    """What it says now; may be empty."""
    note: str
    """What else there is to know, or the whole correction; may be empty when `wrong` and `right` are not."""


class ChangeView(Struct, frozen=True):
    """Something that was added to a note or revised in it."""

    date: dt.date
    """The day on which it was changed."""
    note: str
    """What was changed, in a sentence."""
    level: Literal["major", "minor"]
    """Major for what changes the note's sense."""


class WithdrawnRecord(Struct, frozen=True):
    """A record that was taken back, of which nothing else is known here."""

    kind: Kind
    """Note, actor, topic, source or page."""
    url: str
    """Its address, which says the same."""
    date: dt.date
    """The day on which it was withdrawn."""
    reason: str
    """Why, in a sentence."""
    published: dt.date | None
    """A note's own day; None for other records."""
    marking: Marking
    """The marking of the record, which it keeps after it was withdrawn."""


class WithdrawnView(Struct, frozen=True):
    """`withdrawn.html`: stands where a record was that was withdrawn."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    record: WithdrawnRecord
    """When it was withdrawn, and why."""


class MovedView(Struct, frozen=True):
    """`moved.html`: stands at an address that a record had before, and leads to the record."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others; `canonical` is that of the record."""
    url: str
    """The record's address now."""
    marking: Marking
    """That of the record."""
