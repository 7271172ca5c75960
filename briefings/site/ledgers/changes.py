"""The ledger of changes: what is new, updated, corrected and withdrawn, by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from msgspec import Struct

from briefings.content.schema.dates import Moment
from briefings.site.cards import TopicLink
from briefings.site.ledgers.registry import Registry
from briefings.site.ledgers.revisions import NoteChange, NoteCorrection, RevisionLedger
from briefings.site.linked import LinkedNote, Withdrawn

What = Literal["new", "major", "corrected", "withdrawn", "minor"]


class Happening(Struct, frozen=True, kw_only=True):
    """Something that changed on the site."""

    what: What
    """A new note, a major or a minor change of one, a correction or a withdrawal."""
    start: dt.datetime
    """When; for a day without a time, the beginning of that day."""
    day: dt.date
    """The day in the site's time zone."""
    topic: TopicLink | None
    """The main topic of the note."""
    note: LinkedNote | None
    """None for a note that was withdrawn."""
    change: NoteChange | None = None
    """What was changed; None for an update of which the note says only when it was."""
    correction: NoteCorrection | None = None
    withdrawn: Withdrawn | None = None


class ChangeLedger(Struct, frozen=True):
    """What changed on the site."""

    happenings: tuple[Happening, ...]
    """Newest first. Empty where notes were only added: then the archive says as much."""


def change_ledger(
    notes: Sequence[LinkedNote], withdrawn: Iterable[Withdrawn], revisions: RevisionLedger, registry: Registry
) -> ChangeLedger:
    """Gather what changed: in `notes` (oldest first), whose `revisions` are known, and by withdrawals of notes."""
    later = [*_revised(notes, revisions, registry), *_withdrawals(withdrawn, registry)]
    if not later:
        return ChangeLedger(())
    new = (
        Happening(what="new", start=note.record.header.date.start(registry.zone), day=note.card.date, topic=note.card.topic, note=note)
        for note in notes
    )
    return ChangeLedger(tuple(sorted((*new, *later), key=lambda one: one.start, reverse=True)))


def _revised(notes: Iterable[LinkedNote], revisions: RevisionLedger, registry: Registry) -> Iterator[Happening]:
    for note in notes:
        header, topic = note.record.header, note.card.topic
        if not (header.updated or header.changes or header.corrections):
            continue
        days = set()
        for change in revisions.changes_of_note.get(note.card.id, ()):
            day = change.change.date.day(registry.zone)
            days.add(day)
            yield Happening(what=change.change.level, start=change.start, day=day, topic=topic, note=note, change=change)
        for correction in revisions.of_note.get(note.card.id, ()):
            day = correction.correction.date.day(registry.zone)
            days.add(day)
            yield Happening(what="corrected", start=correction.start, day=day, topic=topic, note=note, correction=correction)
        # What `updated` tells of is told once: by a change or a correction of that day, if there is one.
        if header.updated and (day := header.updated.day(registry.zone)) not in days:
            yield Happening(what="major", start=header.updated.start(registry.zone), day=day, topic=topic, note=note)


def _withdrawals(withdrawn: Iterable[Withdrawn], registry: Registry) -> Iterator[Happening]:
    for one in withdrawn:
        if one.kind == "note":
            topics = (registry.topics[i] for kind, i in one.listed if kind == "topic" and i in registry.topics)
            start = Moment(one.date.isoformat()).start(registry.zone)
            yield Happening(what="withdrawn", start=start, day=one.date, topic=next(topics, None), note=None, withdrawn=one)
