"""The ledger of revisions: the corrections of all notes."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from msgspec import Struct

from briefings.content.entries import Correction
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


class RevisionLedger(Struct, frozen=True):
    """The corrections of all notes."""

    of_note: dict[str, tuple[NoteCorrection, ...]]
    """Those of each note that has any, newest first."""
    corrections: tuple[NoteCorrection, ...]
    """All, newest first; those of one instant by note, as the note has them."""


def revision_ledger(notes: Iterable[LinkedNote], registry: Registry) -> RevisionLedger:
    """Gather the corrections of `notes` (oldest first)."""
    of_note = {note.card.id: tuple(_told(note, registry)) for note in notes if note.record.header.corrections}
    return RevisionLedger({i: _newest_first(found) for i, found in of_note.items()}, _newest_first(chain.from_iterable(of_note.values())))


def _told(note: LinkedNote, registry: Registry) -> Iterator[NoteCorrection]:
    """The corrections of `note`. Each has its name of what it says, which stays, whatever comes to stand around it."""
    same: Counter[str] = Counter()
    for one in note.record.header.corrections:
        words = "\0".join((one.wrong, one.right, one.note))
        name = f"correction-{one.date.text[:10]}-{hashlib.blake2b(words.encode(), digest_size=4).hexdigest()}"
        same[name] += 1
        # One that says the same a second time is still another one.
        anchor = name if same[name] == 1 else f"{name}-{same[name]}"
        yield NoteCorrection(note, one, anchor, one.date.start(registry.zone))


def _newest_first(corrections: Iterable[NoteCorrection]) -> tuple[NoteCorrection, ...]:
    return tuple(sorted(corrections, key=lambda c: c.start, reverse=True))
