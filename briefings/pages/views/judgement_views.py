"""What views show of judgements, and of how often they were right."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct

from briefings.core.config import Marking
from briefings.pages.views.parts import PageView, Pagination, SiteView
from briefings.site.cards import ActorLink, NoteRef


class OutcomeView(Struct, frozen=True):
    """What became of a judgement."""

    date: dt.date
    """The day on which it was known."""
    happened: bool
    """Whether it came about."""
    note: str
    """What came about, in a sentence; may be empty."""


class JudgementView(Struct, frozen=True):
    """What a note holds to be likely or unlikely."""

    anchor: str
    """The `id` that its element on the note's page must have, because lists lead to it: `judgement-sixth-test`."""
    text: str
    """What may come about, as a sentence without its full stop."""
    term: str
    """How likely it was held to be, in the words of the scale: `very likely`."""
    low: int
    """The least likelihood that the term stands for, in percent."""
    high: int
    """The greatest, in percent."""
    confidence: Literal["low", "moderate", "high", ""]
    """How good the ground is on which it stands; empty when the author did not say."""
    resolve_by: dt.date | None
    """The last day on which it can come about; None where it has no such day."""
    outcome: OutcomeView | None
    """What became of it; None while that is not known."""
    actors: tuple[ActorLink, ...]
    """Of whom it speaks, in the author's order; empty where the author named nobody."""
    marking: Marking
    """Traffic Light Protocol 2.0; `TLP:CLEAR` when the author set none."""


class JudgedNote(Struct, frozen=True):
    """A judgement among those of all notes."""

    note: NoteRef
    """The note that it stands in, as lists show it."""
    judgement: JudgementView
    """What it says, and what became of it."""


class BandView(Struct, frozen=True):
    """A step of the scale, with what became of the judgements on it."""

    term: str
    """What it is called: `likely`."""
    low: int
    """The least likelihood that it stands for, in percent."""
    high: int
    """The greatest, in percent."""
    judged: int
    """How many judgements on it have an outcome; may be 0."""
    happened: int
    """In how many of them it came about."""
    share: int | None
    """That in percent of those; None where there are none."""


class TrackRecordView(Struct, frozen=True):
    """How right the judgements with an outcome were."""

    bands: tuple[BandView, ...]
    """Every step of the scale, the least likely first."""
    judged: int
    """How many judgements have an outcome."""
    brier: str
    """The Brier score, ready to print: `0.125`. 0 is always right and certain; each term counts with the middle of its range."""


class JudgementsView(Struct, frozen=True):
    """`judgements.html`: the judgements of all notes, on one or more pages."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    open: tuple[JudgedNote, ...]
    """Those of this page whose outcome is not known: the soonest due first, then those without a day."""
    resolved: tuple[JudgedNote, ...]
    """Those of this page whose outcome is known, the newest outcome first."""
    record: TrackRecordView | None
    """How right those were; None where no outcome is known, and on the pages after the first."""
    pagination: Pagination
    """Which of all judgements stand on this page, and the way to the others."""
