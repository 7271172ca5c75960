"""The views of what programs read rather than people: feeds, the sitemap, robots.txt, the web manifest and schemas."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from briefings.core.config import Marking
from briefings.pages.views.note_parts import AuthorView
from briefings.pages.views.parts import FeedLink, SiteView
from briefings.pages.views.withdrawal_views import WithdrawnRecord
from briefings.site.cards import ActorLink, NoteRef, TopicLink


class FeedItem(Struct, frozen=True):
    """A note in a feed, or something that changed in one."""

    note: NoteRef | None
    """The note as lists show it; None for one that was withdrawn."""
    published: str
    """The instant of publication or change in UTC: `2017-12-15T00:00:00Z`; where the author gave a day alone, that day's first."""
    updated: str
    """The instant of a note's last change of substance, in the same form; else the same as `published`."""
    topics: tuple[TopicLink, ...]
    """The main topic first."""
    actors: tuple[ActorLink, ...]
    """Those that it names, in its own order."""
    authors: tuple[AuthorView, ...] = ()
    """Who wrote it; empty for a note of the desk as such."""
    what: Literal["note", "major", "minor", "corrected", "withdrawn"] = "note"
    """A note, a major or minor change of one, a correction or a withdrawal."""
    fragment: str = ""
    """What tells the id of a change from that of its note: `#correction-2017-12-16-3c5e5043`; empty for a note."""
    words: str = ""
    """What was changed, in place of the note's summary; may be empty."""
    withdrawn: WithdrawnRecord | None = None
    """Where and when a note was withdrawn; None for everything else."""
    highest_marking: Marking = "TLP:CLEAR"
    """The highest marking of anything in it."""


class FeedView(Struct, frozen=True):
    """`feed.xml` and `feed.json`: the newest notes of the site, a topic or an actor, the newest corrections, or the newest changes."""

    site: SiteView
    link: FeedLink
    """Its title and its own addresses."""
    url: str
    """Address of the page whose notes it brings."""
    description: str
    """That page's, in a sentence or two; may be empty."""
    items: tuple[FeedItem, ...]
    """Newest first, and no texts: so an edit of a text touches no feed."""
    highest_marking: Marking = "TLP:CLEAR"
    """The highest marking of anything in it."""


class CalendarEntry(Struct, frozen=True):
    """An event in a calendar."""

    uid: str
    """Its name among all events of all calendars, which it keeps, whatever else changes."""
    stamp: str
    """The instant in UTC of the last change of the note that tells of it: `20171215T000000Z`."""
    start: str
    """Its first day, `20171215`, or the instant in UTC at which it begins, `20171215T200000Z`."""
    end: str
    """The first day after it, or the instant at which it ends; empty for one that has no length, or whose end is not known."""
    title: str
    """What happens, in a line."""
    place: str
    """Where; may be empty."""
    url: str
    """The absolute address of the note that tells of it; empty for one that was withdrawn."""
    cancelled: bool
    """Whether it does not happen then: it was cancelled, postponed or withdrawn."""
    marking: Marking
    """The highest of the event and its note."""


class CalendarFileView(Struct, frozen=True):
    """`calendar.ics`: the events of the site, a topic or an actor."""

    title: str
    """What it brings, for those who subscribe: `Desk: United Nations`."""
    entries: tuple[CalendarEntry, ...]
    """Newest first; never empty."""


class SitemapEntry(Struct, frozen=True, array_like=True):
    """A page of a sitemap."""

    url: str
    """Its address."""
    modified: str
    """The day or instant of its last change, as far as that can be told from its content; empty where it cannot."""


class SitemapView(Struct, frozen=True):
    """`sitemap.xml`: every page that search engines should know."""

    home: str
    entries: tuple[SitemapEntry, ...]


class SitemapIndexView(Struct, frozen=True):
    """`sitemap.xml` of a site with more pages than one such file may list: where the parts are."""

    home: str
    parts: tuple[SitemapEntry, ...]


class RobotsView(Struct, frozen=True):
    """`robots.txt`."""

    refused: tuple[str, ...]
    """The names of crawlers that are asked to stay away."""
    sitemap: str
    """The absolute address of the sitemap; empty when there is none."""


class Icon(Struct, frozen=True):
    """An icon that the theme ships."""

    url: str
    """Its address."""
    side: int
    """In pixels; 0 for one that is drawn at any size."""


class ManifestView(Struct, frozen=True):
    """`manifest.webmanifest`: how the site appears among other applications."""

    site: SiteView
    icons: tuple[Icon, ...]


class SchemaView(Struct, frozen=True):
    """The JSON Schema of a kind of document."""

    document: str
    """`note.json`."""


class TableView(Struct, frozen=True):
    """A ledger as a table for spreadsheets and programs."""

    columns: tuple[str, ...]
    """What each column holds, in lower snake_case: `date`, `note`."""
    rows: tuple[tuple[str, ...], ...]
    """The entries in the order of the ledger's pages; each has a cell for each column, which may be empty."""


MachineView = FeedView | SitemapView | SitemapIndexView | RobotsView | ManifestView | SchemaView | TableView | CalendarFileView
