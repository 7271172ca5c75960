"""The ledger of revisions: the corrections and changes of all notes."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from msgspec import Struct

from briefings.content.entries import Change, Correction
from briefings.site.ledgers.registry import Registry
from briefings.site.linked import LinkedNote


class NoteCorrection(Struct, frozen=True):
    """A correction of a note."""

    note: LinkedNote
    correction: Correction
    anchor: str
    """The `id` of its element on the note's page, to which lists and feeds lead."""
    start: dt.datetime
    """When it was made."""


class NoteChange(Struct, frozen=True):
    """A change of a note that is no correction."""

    note: LinkedNote
    change: Change
    anchor: str
    """The `id` of its element on the note's page, to which lists and feeds lead."""
    start: dt.datetime
    """When it was made."""


class RevisionLedger(Struct, frozen=True):
    """The corrections and changes of all notes."""

    of_note: dict[str, tuple[NoteCorrection, ...]]
    """The corrections of each note that has any, newest first."""
    changes_of_note: dict[str, tuple[NoteChange, ...]]
    """The changes of each note that has any, newest first."""
    corrections: tuple[NoteCorrection, ...]
    """All corrections, newest first; those of one instant by note, as the note has them."""


def revision_ledger(notes: Iterable[LinkedNote], registry: Registry) -> RevisionLedger:
    """Gather the corrections and changes of `notes` (oldest first)."""
    corrections: dict[str, list[NoteCorrection]] = {}
    changes: dict[str, list[NoteChange]] = {}
    for note in notes:
        header = note.record.header
        if header.corrections:
            corrections[note.card.id] = [*_corrections(note, registry)]
        if header.changes:
            changes[note.card.id] = [*_changes(note, registry)]
    return RevisionLedger(
        of_note={i: tuple(sorted(found, key=_start, reverse=True)) for i, found in corrections.items()},
        changes_of_note={i: tuple(sorted(found, key=_start, reverse=True)) for i, found in changes.items()},
        corrections=tuple(sorted(chain.from_iterable(corrections.values()), key=_start, reverse=True)),
    )


def _corrections(note: LinkedNote, registry: Registry) -> Iterator[NoteCorrection]:
    anchor = _anchors("correction")
    for one in note.record.header.corrections:
        yield NoteCorrection(note, one, anchor(one.date.text, one.wrong, one.right, one.note), one.date.start(registry.zone))


def _changes(note: LinkedNote, registry: Registry) -> Iterator[NoteChange]:
    anchor = _anchors("change")
    for one in note.record.header.changes:
        yield NoteChange(note, one, anchor(one.date.text, one.level, one.note), one.date.start(registry.zone))


def _anchors(what: str) -> Callable[..., str]:
    """Gives each revision of a note a name of its date and what it says, which stays, whatever comes to stand around it."""
    same: Counter[str] = Counter()

    def anchor(date: str, *words: str) -> str:
        said = hashlib.blake2b("\0".join(words).encode(), digest_size=4).hexdigest()
        name = f"{what}-{date[:10]}-{said}"
        same[name] += 1
        # One that says the same a second time is still another one.
        return name if same[name] == 1 else f"{name}-{same[name]}"

    return anchor


def _start(one: NoteCorrection | NoteChange) -> dt.datetime:
    return one.start
