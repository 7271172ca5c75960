"""The ledger of events: what happened, for each topic."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct

from briefings.content.entries import Event
from briefings.site.cards import ActorLink, TopicLink
from briefings.site.ledgers.registry import Registry
from briefings.site.linked import LinkedNote


class NoteEvent(Struct, frozen=True):
    """An event as a note tells of it."""

    note: LinkedNote
    event: Event
    actors: tuple[ActorLink, ...]
    topics: tuple[TopicLink, ...]
    start: dt.datetime
    """For its place on a timeline."""


class EventLedger(Struct, frozen=True):
    """The events of all notes."""

    of_note: dict[str, tuple[NoteEvent, ...]]
    """Those of each note that has any, in the author's order."""
    of_topic: dict[str, tuple[NoteEvent, ...]]
    """Those of each topic, newest first; each once, as the newest note tells it."""


def event_ledger(notes: Iterable[LinkedNote], registry: Registry) -> EventLedger:
    """Gather the events of `notes` (oldest first)."""
    of_note = {note.card.id: tuple(_told(note, registry)) for note in notes if note.record.header.events}
    of_topic: dict[str, dict[str, NoteEvent]] = defaultdict(dict)
    for events in of_note.values():
        for event in events:
            for topic in event.topics:
                of_topic[topic.id][event.event.id] = event
    return EventLedger(of_note, {topic: _newest_first(events.values()) for topic, events in of_topic.items()})


def _told(note: LinkedNote, registry: Registry) -> Iterator[NoteEvent]:
    for event in note.record.header.events:
        on = tuple(registry.topics[t] for t in dict.fromkeys(event.topics) if t in registry.topics) if event.topics else note.topics
        actors = tuple(registry.actors[a] for a in event.actors if a in registry.actors)
        yield NoteEvent(note, event, actors, on, event.date.start(registry.zone))


def _newest_first(events: Iterable[NoteEvent]) -> tuple[NoteEvent, ...]:
    return tuple(sorted(events, key=lambda e: (e.start, e.event.id), reverse=True))
