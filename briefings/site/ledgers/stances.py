"""The ledger of positions: where actors stand on the propositions of topics."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct

from briefings.content.entries import Position, Proposition
from briefings.site.cards import ActorLink, TopicLink
from briefings.site.ledgers.registry import Registry
from briefings.site.linked import LinkedNote


class NotePosition(Struct, frozen=True):
    """A position as a note tells of it."""

    note: LinkedNote
    position: Position
    actor: ActorLink
    topic: TopicLink
    """The topic that declares the proposition."""
    proposition: Proposition
    day: dt.date
    """When the actor took it, in the site's time zone."""


class PositionLedger(Struct, frozen=True):
    """The positions of all notes."""

    of_note: dict[str, tuple[NotePosition, ...]]
    """Those of each note that has any, in the author's order."""
    of_proposition: dict[str, tuple[NotePosition, ...]]
    """For each proposition the latest position of each actor, newest first."""
    of_actor: dict[str, tuple[NotePosition, ...]]
    """For each actor its latest position on each proposition, newest first."""


def position_ledger(notes: Iterable[LinkedNote], registry: Registry) -> PositionLedger:
    """Gather the positions of `notes` (oldest first)."""
    of_note = {note.card.id: tuple(_told(note, registry)) for note in notes if note.record.header.positions}
    of_proposition: dict[str, dict[str, NotePosition]] = defaultdict(dict)
    of_actor: dict[str, dict[str, NotePosition]] = defaultdict(dict)
    for positions in of_note.values():
        for position in positions:
            before = of_proposition[position.proposition.id].get(position.actor.id)
            if before is None or before.day <= position.day:
                of_proposition[position.proposition.id][position.actor.id] = position
                of_actor[position.actor.id][position.proposition.id] = position
    return PositionLedger(
        of_note,
        {p: tuple(sorted(latest.values(), key=lambda t: (t.day, t.actor.id), reverse=True)) for p, latest in of_proposition.items()},
        {a: tuple(sorted(latest.values(), key=lambda t: (t.day, t.proposition.id), reverse=True)) for a, latest in of_actor.items()},
    )


def _told(note: LinkedNote, registry: Registry) -> Iterator[NotePosition]:
    for position in note.record.header.positions:
        if position.actor in registry.actors and position.proposition in registry.declarations.propositions:
            topic, proposition = registry.declarations.propositions[position.proposition]
            day = position.date.day(registry.zone) if position.date else note.card.date
            yield NotePosition(note, position, registry.actors[position.actor], registry.topics[topic.id], proposition, day)
