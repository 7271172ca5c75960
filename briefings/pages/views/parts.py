"""What views are made of: the site and the page itself, texts, pagination, and the cards of indexes."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct

from briefings.core.config import Marking
from briefings.site.cards import ActorLink, TopicLink


class NavigationLink(Struct, frozen=True):
    """An entry of the main navigation."""

    title: str
    """The words to click on, from `site.yaml`."""
    href: str
    """Ready to use: relative to this page, or a web address."""
    current: bool
    """Whether this page lies in that part of the site."""
    marking: Marking = "TLP:CLEAR"
    """That of the record that it leads to; `TLP:CLEAR` where it leads elsewhere."""


class FeedLink(Struct, frozen=True):
    """A feed, which is there in two forms."""

    title: str
    """What it brings, for those who subscribe: `Desk: United Nations`."""
    atom: str
    """Address of its Atom form."""
    json: str
    """Address of its JSON form."""


class Crumb(Struct, frozen=True):
    """A step of the way from the home page to this one."""

    title: str
    """The words to click on: `Notes`."""
    url: str
    """Where it leads: `notes/`."""


class SiteView(Struct, frozen=True):
    """The site as every page knows it."""

    title: str
    """The site's name, for the masthead and the end of every page's title."""
    description: str
    """One line under the name; may be empty."""
    language: str
    """BCP 47 tag for the `lang` attribute."""
    direction: Literal["ltr", "rtl"]
    """Which way the language is read, for the `dir` attribute."""
    footer: str
    """One line for the foot of every page, in plain text; may be empty."""
    home: str
    """The absolute address of its root, with a slash at its end: for what is read elsewhere, since pages link by relative ways."""
    manifest: str = ""
    """Address of the web manifest; empty when there is none."""
    search: str = ""
    """Address of the page that searches the site; empty when there is none."""
    ledgers: tuple[Crumb, ...] = ()
    """The pages that sum up the entries of all notes, such as corrections, for the foot of every page; may be empty."""
    scripts: bool = True
    """Whether a theme may put scripts on pages: own files under `script-src 'self'`, without which everything can be read."""
    structured_data: bool = True
    """Whether pages say in the words of schema.org what they are about."""


class PageView(Struct, frozen=True):
    """This page."""

    url: str
    """Its own address from the site's root: `notes/un-offer/`; empty for the home page."""
    root: str
    """The way from this page to the site's root: `../../`. The 404 page, which is shown at any address, has the base path."""
    canonical: str
    """Its absolute address."""
    title: str
    """Its title without the site's; empty for the home page."""
    description: str
    """A sentence or two for search engines and shared links; may be empty."""
    section: Literal["home", "notes", "topics", "actors", "sources", "pages", "ledgers", "search", "404", "withdrawn"]
    """The part of the site that it belongs to, for styles that differ by part."""
    navigation: tuple[NavigationLink, ...]
    """The main navigation in its order; may be empty."""
    crumbs: tuple[Crumb, ...] = ()
    """Where this page stands: without the home page and without itself."""
    feeds: tuple[FeedLink, ...] = ()
    """The feeds that bring what is new here: its own first, then the site's; may be empty."""
    document: str = ""
    """Address of the JSON document with the same content; empty when there is none."""
    calendar: str = ""
    """Address of the calendar with the events of this page's topic or actor, or else of the site; empty when there is none."""
    table: str = ""
    """Address of a CSV file with all entries of the ledger that this page shows; empty when there is none."""
    highest_marking: Marking = "TLP:CLEAR"
    """The highest marking of anything on this page."""


class DateView(Struct, frozen=True):
    """A date as precise as is known: one date, or from when until when."""

    words: str
    """For readers: `15 Dec 2017`, `Dec 2017`, `5–8 Dec 2017`, `since 2015`, `about 2017`."""
    iso: str
    """For `<time datetime>`: a day, a month or a year; empty for more than one of them."""
    edtf: str
    """For programs, in the Extended Date/Time Format: `2017-12-05/2017-12-08`, `2015/..`, `2017~`."""
    first: dt.date | None
    """The first day that it may mean, in the site's time zone; None for what has no beginning."""
    last: dt.date | None
    """The last day that it may mean; None for what has no end."""


class QuotedFigure(Struct, frozen=True):
    """A figure that a text quotes."""

    reference: int
    """The index of its reference in the text."""
    digits: str
    """The number in decimal digits; empty where readers may not see it."""
    mark: str
    """The HTML of the mark behind it; empty where all may know it."""


class Prose(Struct, frozen=True):
    """A text of the site. A template sees it as HTML, ready to print: `{{ body }}`."""

    digest: str
    """Digest of the HTML before its links are known; empty for no text (and then false in a template)."""
    fills: tuple[str, ...] = ()
    """What the text's holes are filled with: links, relative to this page."""
    insertions: tuple[tuple[int, str], ...] = ()
    """What else is put into the HTML, and before which of its characters: the tags of links to actors that it mentions."""
    figures: tuple[QuotedFigure, ...] = ()
    """The figures that the text quotes."""
    marking: Marking = "TLP:CLEAR"
    """The highest marking of the record whose text it is, of quotations in it and of what it links to."""

    def __bool__(self) -> bool:
        return bool(self.digest)


class PaginationLink(Struct, frozen=True):
    """A page of a long list."""

    title: str
    """`Newest`, or its number, counted from the oldest."""
    url: str
    """Address of that page."""
    current: bool
    """Whether it is this page, which needs no link."""


class Pagination(Struct, frozen=True):
    """A long list on several pages. The first page has the newest notes; older pages never shift."""

    pages: tuple[PaginationLink, ...]
    """All pages, newest first; empty when one page holds the list."""
    newer: str
    """Address of the page with newer notes; empty on the first."""
    older: str
    """Address of the page with older notes; empty on the last."""
    first: int
    """This page shows numbers `first` …"""
    last: int
    """… to `last`, counted from the oldest."""
    total: int | None
    """How many there are; only the newest page says so, for the others are not to change with each new note."""


class StatusView(Struct, frozen=True):
    """A topic's state of play."""

    trend: Literal["improving", "stable", "worsening"]
    """Where things are heading, in the author's judgement."""
    alerts: tuple[str, ...]
    """In words: `risk of conflict`."""
    as_of: dt.date
    """The day on which that judgement was made."""


class TopicCard(Struct, frozen=True):
    """A topic as indexes show it."""

    topic: TopicLink
    """Its name and address."""
    summary: str
    """What it is about, in a sentence or two; may be empty."""
    status: StatusView | None
    """None for a topic whose state the author does not follow."""
    notes: int | None
    """How many notes name it, not counting those of its sub-topics; its own numbered pages do not say so."""
    latest: str
    """When its newest note was published, not counting its sub-topics: `2017-12-15`, `2017-12`; empty on its numbered pages."""


class ActorCard(Struct, frozen=True):
    """An actor as indexes show it."""

    actor: ActorLink
    """Its name, type and address."""
    sort_name: str
    """The name by which indexes order it: `Guterres, António`; never empty."""
    description: str
    """The office held now, else the summary."""
    marking: Marking
    """The highest of the actor and, where `description` names an organisation, of that."""
    notes: int | None
    """How many notes name it; 0 for an actor that none does. Its own numbered pages do not say so."""
    latest: str
    """When the newest note that names it was published; empty for an actor that none does, and on its own numbered pages."""


class ActorCount(Struct, frozen=True):
    """An actor and a number of notes that name it."""

    actor: ActorLink
    """Its name, type and address."""
    notes: int
    """At least 1; the list that holds it says which notes are counted."""


class TopicCount(Struct, frozen=True):
    """A topic and a number of notes that name it."""

    topic: TopicLink
    """Its name and address."""
    notes: int
    """At least 1; the list that holds it says which notes are counted."""


class Bar(Struct, frozen=True):
    """One month, year, decade or century of a coverage chart."""

    start: dt.date
    """Its first day."""
    notes: int
    """The height of the bar; 0 where there were no notes."""


class Coverage(Struct, frozen=True):
    """How many notes there were per month, or per year, decade or century where bars would be too many. Without gaps, oldest first."""

    unit: Literal["month", "year", "decade", "century"]
    """What each bar stands for."""
    bars: tuple[Bar, ...]
    """Never more than 60, but for centuries."""
    peak: int
    """The largest count."""
