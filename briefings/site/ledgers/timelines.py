"""The ledger of events: what happened and what is to happen, on the whole site and for each note, topic and actor."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct, structs

from briefings.content.entries import Event, EventStatus
from briefings.content.schema.edtf import EventDate
from briefings.core.config import Marking
from briefings.site.cards import ActorLink, TopicLink
from briefings.site.ledgers.registry import Registry
from briefings.site.linked import LinkedNote
from briefings.site.tellings import ahead_until, status_of
from briefings.site.visibility import highest

_PRECISIONS = ("century", "decade", "year", "month", "day", "instant")


class NoteEvent(Struct, frozen=True):
    """An event as the newest note tells it that tells of it."""

    note: LinkedNote
    event: Event
    when: EventDate
    """From its beginning to its end."""
    status: EventStatus
    place: str
    """Where it was, and below who took part; from an older note, where the newest says nothing of it."""
    actors: tuple[ActorLink, ...]
    topics: tuple[TopicLink, ...]
    order: tuple[dt.datetime, int, str]
    """Its place on a timeline: a month comes before its days."""
    marking: Marking
    """The highest of the event and of the older notes from which anything of it comes: where it was, or on which topic it stands."""


class EventLedger(Struct, frozen=True):
    """The events of all notes. Each is the same everywhere, as the newest note tells it."""

    of_note: dict[str, tuple[NoteEvent, ...]]
    """Those of each note that tells of any, in the author's order."""
    of_topic: dict[str, tuple[NoteEvent, ...]]
    """Those of each topic on which any note puts them, newest first."""
    of_actor: dict[str, tuple[NoteEvent, ...]]
    """Those of each actor that takes part in them, newest first."""
    events: tuple[NoteEvent, ...]
    """All, newest first."""
    ahead: tuple[NoteEvent, ...]
    """Those that are expected and not over, soonest first."""
    ahead_of_topic: dict[str, tuple[NoteEvent, ...]]
    """Those of each topic that are ahead, soonest first."""

    @property
    def are_any_expected(self) -> bool:
        """Whether any is expected as of its note, though it may be over by now."""
        return any(one.status == "expected" for one in self.events)


def event_ledger(notes: Iterable[LinkedNote], registry: Registry) -> EventLedger:
    """Gather the events of `notes` (oldest first)."""
    told = {note.card.id: tuple(_of_note(note, registry)) for note in notes if note.record.header.events}
    newest: dict[str, NoteEvent] = {}
    for tellings in told.values():
        for one in tellings:
            before = newest.get(one.event.id)
            newest[one.event.id] = _with_what_was_known(one, before) if before else one
    of_topic: dict[str, dict[str, NoteEvent]] = defaultdict(dict)
    for tellings in told.values():
        for one in tellings:
            for topic in one.topics:
                of_topic[topic.id][one.event.id] = _as_placed_by(one, newest)
    of_actor: dict[str, list[NoteEvent]] = defaultdict(list)
    for one in newest.values():
        for actor in one.actors:
            of_actor[actor.id].append(one)
    ahead = _ahead(newest.values(), registry)
    return EventLedger(
        of_note={identifier: tuple([_as_told_in(one, newest) for one in tellings]) for identifier, tellings in told.items()},
        of_topic={topic: _newest_first(events.values()) for topic, events in of_topic.items()},
        of_actor={actor: _newest_first(events) for actor, events in of_actor.items()},
        events=_newest_first(newest.values()),
        ahead=ahead,
        ahead_of_topic={topic: found for topic, events in of_topic.items() if (found := _ahead(events.values(), registry))},
    )


def _of_note(note: LinkedNote, registry: Registry) -> Iterator[NoteEvent]:
    for event in note.record.header.events:
        on = tuple(registry.topics[t] for t in dict.fromkeys(event.topics) if t in registry.topics) if event.topics else note.topics
        actors = tuple(registry.actors[a] for a in dict.fromkeys(event.actors) if a in registry.actors)
        when = event.when
        side = when.begin or when.end
        assert side  # for it has one of the two  # noqa: S101
        yield NoteEvent(
            note=note,
            event=event,
            when=when,
            status=status_of(event, note.record.header.date, registry.zone),
            place=event.place,
            actors=actors,
            topics=on,
            order=(side.starts(registry.zone), _PRECISIONS.index(side.precision), event.id),
            marking=event.marking,
        )


def _with_what_was_known(newer: NoteEvent, older: NoteEvent) -> NoteEvent:
    """The event as a newer note tells it, with what only older ones say."""
    place, actors = newer.place or older.place, newer.actors or older.actors
    if place == newer.place and actors == newer.actors:
        return newer
    return structs.replace(newer, place=place, actors=actors, marking=highest((newer.marking, older.marking, older.note.card.marking)))


def _as_told_in(one: NoteEvent, newest: dict[str, NoteEvent]) -> NoteEvent:
    """The event of a note as that note's own page shows it, which itself bears the mark of the note."""
    last = newest[one.event.id]
    return last if last.marking == one.marking else structs.replace(last, marking=highest((last.marking, one.marking)))


def _as_placed_by(one: NoteEvent, newest: dict[str, NoteEvent]) -> NoteEvent:
    """The event of a note as it stands on a list on which that note puts it."""
    last = newest[one.event.id]
    if last.note is one.note:
        return last
    return structs.replace(last, marking=highest((last.marking, one.marking, one.note.card.marking)))


def _ahead(events: Iterable[NoteEvent], registry: Registry) -> tuple[NoteEvent, ...]:
    found = []
    for one in events:
        if one.status == "expected":
            over = ahead_until(one.event, one.note.record.header.date, registry.zone)
            if over and registry.now < over:
                found.append(one)
    return tuple(sorted(found, key=lambda e: e.order))


def _newest_first(events: Iterable[NoteEvent]) -> tuple[NoteEvent, ...]:
    return tuple(sorted(events, key=lambda e: e.order, reverse=True))
