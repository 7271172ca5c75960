"""What pages show of positions."""

from __future__ import annotations

from briefings.content.entries import Stance
from briefings.pages.make.citation_parts import source_mark
from briefings.pages.views.position_views import PositionView, PropositionView
from briefings.site.ledgers.stances import NotePosition
from briefings.site.linked import LinkedNote, LinkedTopic
from briefings.site.model import Site

STANCES: tuple[Stance, ...] = ("for", "conditional", "undecided", "against")
"""In the order in which a topic lists them."""


def position_view(site: Site, told: NotePosition, *, elsewhere: bool = True) -> PositionView:
    """A position as a page shows it; with a link to the note that tells of it where the page is `elsewhere`, not that note's own."""
    return PositionView(
        actor=told.actor,
        proposition=told.proposition.text,
        topic=told.topic,
        stance=told.position.stance,
        date=told.day,
        words=told.position.note,
        source=source_mark(site, told.note, told.position.basis),
        marking=told.position.marking,
        note=told.note.ref if elsewhere else None,
    )


def propositions(site: Site, topic: LinkedTopic) -> tuple[PropositionView, ...]:
    """The propositions of a topic on which somebody has taken a position, in the author's order."""
    found = []
    for one in topic.record.header.propositions if topic.record else ():
        told = sorted(site.ledgers.positions.of_proposition.get(one.id, ()), key=lambda t: STANCES.index(t.position.stance))
        if told:
            found.append(PropositionView(one.id, one.text, tuple(position_view(site, t) for t in told)))
    return tuple(found)


def positions_of(site: Site, note: LinkedNote) -> tuple[PositionView, ...]:
    """What a note's own page shows of its positions, in the author's order."""
    return tuple([position_view(site, told, elsewhere=False) for told in site.ledgers.positions.of_note.get(note.card.id, ())])
