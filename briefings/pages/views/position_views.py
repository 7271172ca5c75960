"""What views show of positions, and the page of all positions."""

from __future__ import annotations

from msgspec import Struct

from briefings.content.entries import Stance
from briefings.core.config import Marking
from briefings.pages.views.citation_views import SourceMark
from briefings.pages.views.parts import PageView, SiteView
from briefings.pages.views.quotation_views import WordsMark
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
    before: Stance | None
    """Its stance before, if it was another one; None on notes' own pages."""
    disputed: bool
    """Whether another source gives it another stance on that day; false on notes' own pages."""
    date: str
    """The day on which it was taken: `2017-12-15`; the note's own day, month or year, where the author gave none."""
    words: str
    """The condition, or how it was put; may be empty."""
    source: SourceMark | None
    """What shows it, or has the words that do; None when the author named nothing."""
    quotation: WordsMark | None
    """The words that show it; None when the author named none."""
    marking: Marking
    """Traffic Light Protocol 2.0; `TLP:CLEAR` when the author set none."""
    note: NoteRef | None
    """The note that tells of it; None on that note's own page."""


class StandView(Struct, frozen=True):
    """Where an actor stands on a proposition now."""

    anchor: str
    """The `id` that its element must have on the topic's page, because tables of positions lead there: `_position-talks-first:us`."""
    positions: tuple[PositionView, ...]
    """One; several where sources differ on the day."""


class PropositionView(Struct, frozen=True):
    """A proposition of a topic, and where actors stand on it."""

    id: str
    """What authors write."""
    text: str
    """The statement, as a sentence without its full stop."""
    stands: tuple[StandView, ...]
    """The latest of each actor: those for it, then conditional, undecided, against; in each the newest first. Never empty."""


class LineView(Struct, frozen=True):
    """How an actor's stance on a proposition went."""

    proposition: str
    """The statement, as a sentence without its full stop."""
    topic: TopicLink
    """The topic that the proposition belongs to."""
    positions: tuple[PositionView, ...]
    """Its positions, newest first. Never empty."""


class StanceCell(Struct, frozen=True):
    """Where an actor stands on one of the propositions of a table."""

    stances: tuple[Stance, ...]
    """One; several where sources differ; none where nothing is known."""
    anchor: str
    """The `id` of the position on the topic's page; empty where nothing is known."""
    quotation: WordsMark | None
    """The words that show it, to which the cell then leads; None where there are none, and where sources differ."""
    marking: Marking
    """The highest of what it sums up."""


class StanceRow(Struct, frozen=True):
    """An actor in a table of positions."""

    actor: ActorLink
    """Who it is."""
    cells: tuple[StanceCell, ...]
    """One for each proposition, in their order."""


class TopicOfPositions(Struct, frozen=True):
    """A topic with a table of who stands where on its propositions."""

    topic: TopicLink
    """Its name and address."""
    propositions: tuple[str, ...]
    """The statements on which somebody has taken a position, in the author's order. Never empty."""
    rows: tuple[StanceRow, ...]
    """The actors, those with most positions first. Never empty."""


class PositionsView(Struct, frozen=True):
    """`positions.html`: who stands where, topic by topic."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    topics: tuple[TopicOfPositions, ...]
    """The topics with propositions on which somebody has taken a position, A to Z; never empty."""
