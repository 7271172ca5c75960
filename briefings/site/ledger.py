"""The ledgers: what the entries of all notes come to, for each topic and actor."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from briefings.site.cards import ActorLink, TopicLink
from briefings.site.declarations import Declarations
from briefings.site.model import Entries, Ledger, LinkedNote, NoteEvent, NoteFigure, NotePosition

Told = TypeVar("Told", NoteEvent, NotePosition, NoteFigure)


def ledger(
    notes: Iterable[LinkedNote], known: Declarations, topics: Mapping[str, TopicLink], actors: Mapping[str, ActorLink], zone: dt.tzinfo
) -> Ledger:
    """Gather the entries of `notes` (oldest first). What leads to something that may not be shown is left out without a word."""
    with_entries = [n for n in notes if _has_entries(n)]
    of_note = {note.card.id: _entries(note, known, topics, actors, zone) for note in with_entries}
    timelines: dict[str, dict[str, NoteEvent]] = defaultdict(dict)
    positions: dict[str, dict[str, NotePosition]] = defaultdict(dict)
    stances: dict[str, dict[str, NotePosition]] = defaultdict(dict)
    figures: dict[str, NoteFigure] = {}
    for entries in of_note.values():
        for event in entries.events:
            for topic in event.topics:
                timelines[topic.id][event.event.id] = event
        for position in entries.positions:
            taken = positions[position.proposition.id].get(position.actor.id)
            if taken is None or taken.day <= position.day:
                positions[position.proposition.id][position.actor.id] = position
                stances[position.actor.id][position.proposition.id] = position
        for figure in entries.figures:
            before = figures.get(figure.measure.id)
            if before is None or before.day <= figure.day:
                figures[figure.measure.id] = figure
    return Ledger(
        of_note=of_note,
        timelines={topic: _newest_first(events, lambda e: (e.start, e.event.id)) for topic, events in timelines.items()},
        positions={p: _newest_first(taken, lambda t: (t.day, t.actor.id)) for p, taken in positions.items()},
        stances={actor: _newest_first(taken, lambda t: (t.day, t.proposition.id)) for actor, taken in stances.items()},
        figures=figures,
    )


def _has_entries(note: LinkedNote) -> bool:
    header = note.record.header
    return bool(header.events or header.positions or header.figures)


def _entries(
    note: LinkedNote, known: Declarations, topics: Mapping[str, TopicLink], actors: Mapping[str, ActorLink], zone: dt.tzinfo
) -> Entries:
    header = note.record.header
    events = []
    for event in header.events:
        on = tuple(topics[t] for t in dict.fromkeys(event.topics) if t in topics) if event.topics else note.topics
        events.append(NoteEvent(note, event, tuple(actors[a] for a in event.actors if a in actors), on, event.date.start(zone)))
    positions = []
    for position in header.positions:
        if position.actor in actors and position.proposition in known.propositions:
            topic, proposition = known.propositions[position.proposition]
            day = position.date.day(zone) if position.date else note.card.date
            positions.append(NotePosition(note, position, actors[position.actor], topics[topic.id], proposition, day))
    figures = []
    for figure in header.figures:
        if figure.measure in known.measures:
            topic, measure = known.measures[figure.measure]
            figures.append(NoteFigure(note, figure, topics[topic.id], measure, figure.as_of.day(zone)))
    return Entries(tuple(events), tuple(positions), tuple(figures))


def _newest_first(told: Mapping[str, Told], key: Callable[[Told], tuple[dt.date, str]]) -> tuple[Told, ...]:
    return tuple(sorted(told.values(), key=key, reverse=True))
