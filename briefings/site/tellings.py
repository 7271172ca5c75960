"""What several notes tell of one event: whether it lay ahead when a note told of it, and where two notes disagree."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct

from briefings.content.entries import Event, EventStatus
from briefings.content.records import AnyRecord, Kind, Note
from briefings.content.schema.dates import Moment
from briefings.content.schema.edtf import EventDate
from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.site.linked import WithdrawnEvent
from briefings.site.visibility import highest


class _Telling(Struct, frozen=True):
    """An event as one note tells of it."""

    note: Note
    index: int
    """Which of the note's events it is."""
    event: Event


def note_order(note: Note, zone: dt.tzinfo) -> tuple[dt.datetime, int, str]:
    """The place of a note among others, oldest first: a month comes before its days, and a year before its months."""
    date = note.header.date
    return date.start(zone), min(len(date.text), 10), note.id


def status_of(event: Event, told: Moment, zone: dt.tzinfo) -> EventStatus:
    """What the author says of an event, or else whether it begins after the note was published (`told`)."""
    if event.status:
        return event.status
    begins, published = event.date.starts(zone), told.end(zone)
    if begins is None or begins < published or (begins == published and told.has_time):
        return "happened"
    return "expected"


def ahead_until(event: Event, told: Moment, zone: dt.tzinfo) -> dt.datetime | None:
    """The instant from which an event that was `told` of as expected is no longer ahead; None for one that never is.

    It is ahead until it is over; one without an end, until it begins, and one without a beginning never.
    """
    when = event.when
    begins, ends = when.starts(zone), when.ends(zone)
    if begins is None or status_of(event, told, zone) != "expected":
        return None
    return ends or begins


def withdrawn_events(
    withdrawn: Iterable[AnyRecord], told: Collection[str], zone: dt.tzinfo
) -> dict[tuple[Kind, str] | None, tuple[WithdrawnEvent, ...]]:
    """The events of `withdrawn` notes that are not among those still `told`, which are ids: all under None, and by topic and actor."""
    found: dict[tuple[Kind, str] | None, dict[str, WithdrawnEvent]] = defaultdict(dict)
    for note in withdrawn:
        if not isinstance(note, Note) or note.header.withdrawn is None:
            continue
        for event in note.header.events:
            if event.id not in told:
                marking = highest((note.header.marking, event.marking))
                gone = WithdrawnEvent(event.id, note.header.withdrawn.date.day(zone), marking)
                on: list[tuple[Kind, str] | None] = [None]
                on += [("topic", topic) for topic in event.topics or note.header.topics]
                on += [("actor", actor) for actor in event.actors]
                for key in on:
                    found[key][event.id] = gone
    return {key: tuple(events[name] for name in sorted(events)) for key, events in found.items()}


def disagreements(notes: Iterable[Note], zone: dt.tzinfo) -> Iterator[Diagnostic]:
    """Events that two of these notes tell of differently, at the older one. What it expected may have come otherwise."""
    found: dict[str, list[_Telling]] = defaultdict(list)
    for note in notes:
        for index, event in enumerate(note.header.events):
            found[event.id].append(_Telling(note, index, event))
    for tellings in found.values():
        if len(tellings) > 1:
            *older, newest = sorted(tellings, key=lambda one: note_order(one.note, zone))
            for one in older:
                if status_of(one.event, one.note.header.date, zone) != "expected":
                    yield from _differences(one, newest, zone)


def _differences(older: _Telling, newer: _Telling, zone: dt.tzinfo) -> Iterator[Diagnostic]:
    before, now = older.event, newer.event
    dates, titles = (before.when.text, now.when.text), (before.title, now.title)
    statuses = [status_of(one.event, one.note.header.date, zone) for one in (older, newer)]
    differing = {
        "date": None if _is_within(now.when, before.when) else dates,
        "title": titles if titles[0] != titles[1] else None,
        "status": statuses if statuses[0] != statuses[1] else None,
    }
    for key, values in differing.items():
        if values:
            what = f'the {key} of the event "{before.id}"'
            message = f'{what} is "{values[0]}" here, and "{values[1]}" in {newer.note.path}, which is newer'
            place = Place(older.note.path, key=f"events[{older.index}].{key}")
            yield problem("told-differently", message, place, "write the same in both; until then readers see the newer one everywhere")


def _is_within(date: EventDate, other: EventDate) -> bool:
    """Whether `date` says the same as `other`, or the same more precisely."""
    if date == other:
        return True
    if date.begin is None or date.end is None or other.begin is None or other.end is None:
        return False
    return other.begin.first <= date.begin.first and date.end.last <= other.end.last
