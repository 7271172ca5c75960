"""The views of the home page and of the indexes: the archive of notes, and the lists of all topics, actors and sources."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct

from briefings.content.headers import ActorType
from briefings.pages.views.event_views import EventView
from briefings.pages.views.parts import ActorCard, ActorCount, PageView, Pagination, SiteView, TopicCard
from briefings.pages.views.withdrawal_views import WithdrawnRecord
from briefings.site.cards import ActorLink, NoteRef, SourceLink


class DayOfNotes(Struct, frozen=True):
    """The notes of one day."""

    date: str
    """The day, in the site's time zone, or a month or year alone: `2017-12-15`. Filters of dates write it as words."""
    notes: tuple[NoteRef, ...]
    """Newest first; never empty."""


class LeadNote(Struct, frozen=True):
    """The note that opens the home page."""

    note: NoteRef
    """The note itself, as lists show it."""
    actors: tuple[ActorLink, ...]
    """Who is named in it: the first few."""


class HomeView(Struct, frozen=True):
    """`home.html`: the front page."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    edition: str
    """The day, month or year of the newest note: `2017-12-15`; empty for a site without notes."""
    lead: LeadNote | None
    """The newest note."""
    next: tuple[NoteRef, ...]
    """The two after it."""
    days: tuple[DayOfNotes, ...]
    """The notes after those, by day, newest first."""
    topics: tuple[TopicCard, ...]
    """At most 8: those with alerts first, then by trend and newest note; topics without a status come last."""
    coming: tuple[EventView, ...]
    """The next events, soonest first, at most 5; empty while nothing is ahead."""
    most_named: tuple[ActorCount, ...]
    """The actors in most notes of the 90 days up to the edition, most first."""
    notes: int
    """How many notes the site has."""
    withdrawn: tuple[WithdrawnRecord, ...]
    """Notes that stood among those of this page and were withdrawn, newest first. A theme must show them."""


class MonthOfNotes(Struct, frozen=True):
    """The notes of one month, newest first."""

    start: dt.date
    """Its first day."""
    notes: tuple[NoteRef, ...]
    """Those that stand on this page; the next page may have more of the same month. Empty where all were withdrawn."""
    withdrawn: tuple[WithdrawnRecord, ...]
    """Notes of the month that stood on this page and were withdrawn, newest first. A theme must show them."""


class MonthLink(Struct, frozen=True):
    """A month of the archive."""

    start: dt.date
    """Its first day."""
    url: str
    """Address of the month's own list."""
    notes: int | None
    """How many notes it has; only the archive's first page says so, for the others are not to change with each new note."""


class YearLink(Struct, frozen=True):
    """A year of the archive with those of its months that have notes, in order."""

    year: int
    """As a number: `2017`."""
    url: str
    """Address of the year's own list."""
    notes: int | None
    """How many notes it has; only the archive's first page says so."""
    months: tuple[MonthLink, ...]
    """January first; months without notes are left out."""


class ArchiveView(Struct, frozen=True):
    """`archive.html`: all notes, or those of a year or month."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    span: Literal["all", "year", "month"]
    """What this list covers: everything, or one year or month, which then begins on `start`."""
    start: dt.date | None
    """First day of the year or month; None for all notes."""
    months: tuple[MonthOfNotes, ...]
    """The notes of this page, newest first."""
    years: tuple[YearLink, ...]
    """The whole archive, newest year first."""
    pagination: Pagination
    """Which of the list's notes stand on this page, and the way to the others."""


class TopicNode(Struct, frozen=True):
    """A topic with the topics below it."""

    card: TopicCard
    """The topic itself, as indexes show it."""
    below: tuple[TopicNode, ...]
    """Its sub-topics with theirs, A to Z; empty at the tree's ends, and for a topic shown before."""


class TopicsView(Struct, frozen=True):
    """`topics.html`: all topics as a tree. A topic with two broader topics stands under both."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    tree: tuple[TopicNode, ...]
    """The topics that are part of no other, A to Z, each with those below it."""
    total: int
    """How many topics the site has, each counted once."""


class LetterOfActors(Struct, frozen=True):
    """The actors whose sort name begins with one letter."""

    letter: str
    """In upper case and without accents, so that Á stands under A; `#` where a name begins with no letter."""
    actors: tuple[ActorCard, ...]
    """In the order of their sort names; never empty."""


class TypeOfActors(Struct, frozen=True):
    """The actors of one type, A to Z."""

    type: ActorType | None
    """None for actors that no file declares."""
    letters: tuple[LetterOfActors, ...]
    """A to Z; letters without actors are left out."""
    total: int
    """How many actors are of this type."""


class ActorsView(Struct, frozen=True):
    """`actors.html`: all actors by type and letter."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    types: tuple[TypeOfActors, ...]
    """Persons, organisations, states, then those that no file declares; types without actors are left out."""
    total: int
    """How many actors the site has."""


class SourceCard(Struct, frozen=True):
    """A source as the index shows it."""

    source: SourceLink
    """Its name, type and address."""
    summary: str
    """What it is, in a sentence; may be empty."""
    reliability: str
    """From `A` (completely reliable) to `F` (cannot be judged); empty when not rated."""
    notes: int | None
    """How many notes cite it, each counted once; its own numbered pages do not say so."""


class SourcesView(Struct, frozen=True):
    """`sources.html`: all sources, A to Z."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    sources: tuple[SourceCard, ...]
    """By name, A to Z."""
    total: int
    """How many sources the site has."""
