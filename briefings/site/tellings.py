"""What several notes tell of one event: whether it lay ahead when a note told of it, and where two notes disagree."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct

from briefings.content.entries import Event, EventStatus
from briefings.content.records import Note
from briefings.content.schema.dates import Moment
from briefings.content.schema.edtf import EventDate
from briefings.core.diagnostics import Diagnostic, Place, problem


class _Telling(Struct, frozen=True):
    """An event as one note tells of it."""

    note: Note
    index: int
    """Which of the note's events it is."""
    event: Event
    status: EventStatus


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


def disagreements(notes: Iterable[Note], zone: dt.tzinfo) -> Iterator[Diagnostic]:
    """Events that two of these notes tell of differently, at the older one. What it expected may have come otherwise."""
    found: dict[str, list[_Telling]] = defaultdict(list)
    for note in notes:
        for index, event in enumerate(note.header.events):
            found[event.id].append(_Telling(note, index, event, status_of(event, note.header.date, zone)))
    for tellings in found.values():
        if len(tellings) > 1:
            *older, newest = sorted(tellings, key=lambda one: note_order(one.note, zone))
            for one in older:
                if one.status != "expected":
                    yield from _differences(one, newest)


def _differences(older: _Telling, newer: _Telling) -> Iterator[Diagnostic]:
    before, now = older.event, newer.event
    dates, titles, statuses = (before.when.text, now.when.text), (before.title, now.title), (older.status, newer.status)
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
