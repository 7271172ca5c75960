"""What views show of who is named together and on which topics, and the pages of it."""

from __future__ import annotations

from msgspec import Struct

from briefings.core.config import Marking
from briefings.pages.views.parts import PageView, SiteView
from briefings.site.cards import ActorLink, NoteRef, TopicLink


class ConnectionView(Struct, frozen=True):
    """An actor that the same notes name as another."""

    actor: ActorLink
    """Its name, type and address."""
    notes: int
    """How many notes name both. At least 1."""
    weight: int
    """How telling that is: more for notes that name few actors, and for actors that few notes name. At least 1."""
    evidence: tuple[NoteRef, ...]
    """The newest of these notes, newest first, at most 3. Never empty."""
    marking: Marking
    """The highest of all these notes."""


class NamedWith(Struct, frozen=True):
    """The actors that the same notes name as an actor."""

    connections: tuple[ConnectionView, ...]
    """Those with most weight first, at most 20. Never empty."""
    total: int
    """How many there are in all."""
    url: str
    """Address of the page with its connections; empty where the site has none."""


class OnTopicView(Struct, frozen=True):
    """A topic of notes that name an actor."""

    topic: TopicLink
    """Its name and address."""
    anchor: str
    """The `id` that its element must have on the actor's page of connections, because the table of actors and topics leads there."""
    notes: int
    """How many notes on it name the actor. At least 1."""
    evidence: tuple[NoteRef, ...]
    """The newest of these notes, newest first, at most 3. Never empty."""
    marking: Marking
    """The highest of all these notes."""


class TablePart(Struct, frozen=True):
    """A page of a long table."""

    title: str
    """What it has: `101–200`, or the first and the last of its topics."""
    url: str
    """Address of that page."""
    current: bool
    """Whether it is this page, which needs no link."""


class MatrixCell(Struct, frozen=True):
    """How often an actor is named on a topic."""

    notes: int
    """How many notes on the topic name the actor; may be 0."""
    url: str
    """Where the newest of these notes are listed; empty where there are none."""
    marking: Marking
    """The highest of all these notes."""


class MatrixRow(Struct, frozen=True):
    """An actor in the table of actors and topics."""

    actor: ActorLink
    """Its name, type and address."""
    url: str
    """Address of the page with its connections."""
    notes: int
    """How many notes name it in all."""
    cells: tuple[MatrixCell, ...]
    """One for each topic of the table, in their order."""


class ConnectionsView(Struct, frozen=True):
    """`connections.html`: which actors are named on which topics, on one or more pages."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    topics: tuple[TopicLink, ...]
    """The topics of this page, A to Z. Never empty."""
    rows: tuple[MatrixRow, ...]
    """The actors that are named on one of them, the one with most notes in all first. Never empty."""
    parts: tuple[TablePart, ...]
    """All pages of the table, in order; empty when one page holds it."""


class ActorConnectionsView(Struct, frozen=True):
    """`connected.html`: with whom and on what an actor is named, on one or more pages."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    actor: ActorLink
    """Its name, type and address."""
    notes: int
    """How many notes name it."""
    topics: tuple[OnTopicView, ...]
    """The topics of these notes, that with most notes first; the first page only."""
    connections: tuple[ConnectionView, ...]
    """Those of this page, those with most weight first; empty for an actor that is always named alone."""
    total: int
    """How many connections it has in all."""
    parts: tuple[TablePart, ...]
    """All pages of the table of connections, in order; empty when one page holds it."""
