"""What views show of quotations, and the pages that list them all."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct

from briefings.content.entries import Attribution
from briefings.core.config import Marking
from briefings.pages.views.citation_views import SourceMark
from briefings.pages.views.parts import PageView, Pagination, SiteView
from briefings.site.cards import ActorLink, NoteRef, TopicLink


class EventMark(Struct, frozen=True):
    """An event at which something was said."""

    title: str
    """What happened, in a line."""
    url: str
    """Address of the newest note that tells of it."""
    marking: Marking
    """The highest of the event and of that note."""


class OriginalView(Struct, frozen=True):
    """The words of a quotation as they were said."""

    language: str
    """BCP 47 tag for the `lang` attribute: `ko`."""
    text: str
    """The words, in plain text."""


class WordsMark(Struct, frozen=True):
    """The way to a quotation that shows something else, such as a position."""

    note: NoteRef | None
    """The note that has it; None on its own page."""
    anchor: str
    """The `id` of the quotation's element on the page of that note."""
    marking: Marking
    """That of the quotation."""


class TellingView(Struct, frozen=True):
    """A note in which a quotation stands."""

    note: NoteRef | None
    """The note; None on its own page."""
    anchor: str
    """The `id` of the quotation's element on the page of that note."""
    source: SourceMark | None
    """What the note has the words from; None when its author named nothing."""
    marking: Marking
    """That of the quotation in this note."""


class QuotationView(Struct, frozen=True):
    """What somebody said."""

    paragraphs: tuple[str, ...]
    """The words in plain text, without quotation marks around them; never empty."""
    name: str
    """Who said it, for readers."""
    speaker: ActorLink | None
    """Who said it, with the address of its page; None for one who is no actor."""
    date: dt.date
    """The day on which it was said; the note's own where nothing else is known."""
    place: str
    """Where it was said; may be empty."""
    event: EventMark | None
    """The event at which it was said."""
    relayed_by: str
    """Who passed the words on; empty where nobody did."""
    relay: ActorLink | None
    """Who passed the words on, with the address of its page; None for one who is no actor."""
    original: OriginalView | None
    """The words as they were said, where these are a translation."""
    attribution: Attribution
    """On what terms it was said."""
    topics: tuple[TopicLink, ...]
    """Those of the notes in which it stands."""
    tellings: tuple[TellingView, ...]
    """The notes in which it stands, newest first; never empty."""
    in_text: bool
    """Whether it stands in the text of the note on whose page it is; False on other pages."""
    marking: Marking
    """The highest of all its tellings."""


class YearOfQuotations(Struct, frozen=True):
    """The quotations of a year."""

    year: int
    """The year."""
    url: str
    """Address of their page."""
    quotations: int
    """How many there are."""


class SpeakerLink(Struct, frozen=True):
    """An actor that said something."""

    speaker: ActorLink
    """Who it is."""
    url: str
    """Address of the page with its quotations."""
    quotations: int
    """How many there are."""


class QuotationsView(Struct, frozen=True):
    """`quotations.html`: the quotations of all notes, of a year or of a speaker, on one or more pages."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    span: Literal["all", "year", "speaker"]
    """Of what the quotations are."""
    speaker: ActorLink | None
    """Who said them; None where they are not all of one actor."""
    quotations: tuple[QuotationView, ...]
    """Those of this page, newest first; never empty."""
    years: tuple[YearOfQuotations, ...]
    """All years with quotations, newest first; the front page only."""
    speakers: tuple[SpeakerLink, ...]
    """All actors with quotations, A to Z; the front page only."""
    pagination: Pagination
    """Which of these quotations stand on this page, and the way to the others."""
