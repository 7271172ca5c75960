"""The ledger of positions: where actors stand on the propositions of topics, and where they stood before."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator

from msgspec import Struct

from briefings.content.entries import Position, Proposition, Stance
from briefings.site.cards import ActorLink, TopicLink
from briefings.site.ledgers.quotations import NoteQuotation, QuotationLedger
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
    quotation: NoteQuotation | None = None
    """The words that show it; None where it names none, or readers may not see them."""

    @property
    def source(self) -> str:
        """The id of the source that shows it, or has the words that do. Empty, or no id of a source, where it names none."""
        return self.quotation.source if self.quotation else self.position.basis

    @property
    def basis(self) -> tuple[str, ...]:
        """What it rests on, to be compared with what other positions rest on: a document, or the note where it names no source."""
        cited = next((one for one in self.note.record.header.sources if one.id == self.source), None)
        return (cited.source, cited.title, cited.url) if cited else (self.note.card.id,)


class Stand(Struct, frozen=True):
    """Where an actor stood on a proposition on one day."""

    positions: tuple[NotePosition, ...]
    """One; or, where sources differ on that day's stance, one for each stance, in the order of their notes."""
    before: Stance | None
    """The stance of the day before on which one is known, if it was another one; None for the first, and where either is disputed."""

    @property
    def is_disputed(self) -> bool:
        """Whether sources differ."""
        return len(self.positions) > 1


class Line(Struct, frozen=True):
    """How the stance of an actor on a proposition went."""

    actor: ActorLink
    topic: TopicLink
    proposition: Proposition
    stands: tuple[Stand, ...]
    """Newest first. Never empty."""

    @property
    def latest(self) -> Stand:
        """Where the actor stands now."""
        return self.stands[0]


class PositionLedger(Struct, frozen=True):
    """The positions of all notes."""

    of_note: dict[str, tuple[NotePosition, ...]]
    """Those of each note that has any, in the author's order."""
    of_proposition: dict[str, tuple[Line, ...]]
    """For each proposition the line of each actor, that with the newest stand first."""
    of_actor: dict[str, tuple[Line, ...]]
    """For each actor its line on each proposition, that with the newest stand first."""


def position_ledger(notes: Iterable[LinkedNote], quotations: QuotationLedger, registry: Registry) -> PositionLedger:
    """Gather the positions of `notes` (oldest first), which may rest on `quotations`."""
    of_note = {
        note.card.id: tuple(_of_note(note, quotations.of_note.get(note.card.id, ()), registry))
        for note in notes
        if note.record.header.positions
    }
    by_line: dict[tuple[str, str], list[NotePosition]] = defaultdict(list)
    for positions in of_note.values():
        for position in positions:
            by_line[position.proposition.id, position.actor.id].append(position)
    lines = [_line(positions) for positions in by_line.values()]
    lines.sort(key=lambda line: (line.latest.positions[0].day, line.actor.id, line.proposition.id), reverse=True)
    of_proposition: dict[str, list[Line]] = defaultdict(list)
    of_actor: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        of_proposition[line.proposition.id].append(line)
        of_actor[line.actor.id].append(line)
    return PositionLedger(
        of_note,
        {proposition: tuple(found) for proposition, found in of_proposition.items()},
        {actor: tuple(found) for actor, found in of_actor.items()},
    )


def _of_note(note: LinkedNote, quotations: Iterable[NoteQuotation], registry: Registry) -> Iterator[NotePosition]:
    """The positions of `note`, which has these `quotations`."""
    said = {name: one for one in quotations for name in one.ids}
    for position in note.record.header.positions:
        if position.actor in registry.actors and position.proposition in registry.declarations.propositions:
            topic, proposition = registry.declarations.propositions[position.proposition]
            day = position.date.day(registry.zone) if position.date else note.card.date
            yield NotePosition(
                note=note,
                position=position,
                actor=registry.actors[position.actor],
                topic=registry.topics[topic.id],
                proposition=proposition,
                day=day,
                quotation=said.get(position.basis),
            )


def _line(positions: list[NotePosition]) -> Line:
    """The line of one actor on one proposition; `positions` are in the order of their notes."""
    by_day: dict[dt.date, list[NotePosition]] = defaultdict(list)
    for position in positions:
        by_day[position.day].append(position)
    stands: list[Stand] = []
    for _, told in sorted(by_day.items()):
        shown = _of_day(told)
        changed = bool(stands) and len(shown) == len(stands[-1].positions) == 1
        before = stands[-1].positions[0].position.stance if changed else None
        stands.append(Stand(shown, before if before != shown[0].position.stance else None))
    first = positions[0]
    return Line(first.actor, first.topic, first.proposition, tuple(reversed(stands)))


def _of_day(told: Iterable[NotePosition]) -> tuple[NotePosition, ...]:
    """What one day comes to: of one source the newest telling counts, and of those that tell the same stance the newest."""
    return _newest(_newest(told, lambda one: one.basis), lambda one: one.position.stance)


def _newest(told: Iterable[NotePosition], key: Callable[[NotePosition], Hashable]) -> tuple[NotePosition, ...]:
    """The last of `told` for each value of `key`, in the order in which they stand there."""
    found: dict[Hashable, NotePosition] = {}
    for one in told:
        # A dict keeps the place of a key that it has: taken out first, the newer one comes behind those that were told in between.
        found.pop(key(one), None)
        found[key(one)] = one
    return tuple(found.values())
