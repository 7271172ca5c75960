"""The events of all notes by their ids, and references to events that no note tells of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from msgspec import Struct

from briefings.content.entries import Event
from briefings.content.records import AnyRecord, Note
from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.text import Near, did_you_mean


class ToldEvents(Struct, frozen=True):
    """The events that notes tell of."""

    newest: dict[str, tuple[Note, Event]]
    """Those that may be shown, by id, each as the newest note tells it."""
    known: frozenset[str]
    """The ids of all, whether they may be shown or not."""
    complete: bool
    """Whether every note could be read, so that an id that is not `known` leads nowhere."""

    def unknown(self, identifier: str) -> bool:
        """Whether it is certain that no note tells of an event with this id."""
        return self.complete and identifier not in self.known

    def advice(self, identifier: str, near: Near) -> tuple[str, str, str]:
        """Code, message and remedy for an id that is unknown; `near` has the ids that may be meant."""
        otherwise = "add the event to a note, under events in its header, or correct the id"
        return "unknown-event", f'no note tells of an event "{identifier}"', did_you_mean(identifier, near, otherwise)


def told_events(shown: Iterable[Note], everything: Iterable[AnyRecord], zone: dt.tzinfo, *, complete: bool) -> ToldEvents:
    """The events of the notes that are `shown`, and the ids of those of `everything`."""
    notes = sorted((n for n in shown if n.header.events), key=lambda n: (n.header.date.start(zone), n.id))
    newest = {event.id: (note, event) for note in notes for event in note.header.events}
    known = frozenset(event.id for record in everything if isinstance(record, Note) for event in record.header.events)
    return ToldEvents(newest, known, complete)


def unknown_events(records: Iterable[AnyRecord], events: ToldEvents) -> Iterator[Diagnostic]:
    """Quotations in headers that were said at an event of which no note tells."""
    for record in records:
        if isinstance(record, Note) and record.header.quotations:
            for i, quotation in enumerate(record.header.quotations):
                if quotation.event and events.unknown(quotation.event):
                    code, message, remedy = events.advice(quotation.event, Near(events.newest))
                    yield problem(code, message, Place(record.path, key=f"quotations[{i}].event"), remedy)
