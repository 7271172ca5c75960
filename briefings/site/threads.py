"""Threads: notes that continue one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from briefings.content.records import Note


def threads(in_order: Sequence[Note]) -> dict[str, tuple[Note, ...]]:
    """For each note that continues another or is continued, by its id, all notes of its thread: those `in_order` (oldest first)."""
    known = {note.id for note in in_order}
    before = {note.id: note.header.continues for note in in_order if note.header.continues in known}
    if not before:
        return {}
    continued = set(before.values())
    found: dict[str, list[Note]] = defaultdict(list)
    first: dict[str, str] = {}
    for note in in_order:
        if note.id in before or note.id in continued:
            first[note.id] = _first(note.id, before)
            found[first[note.id]].append(note)
    return {identifier: tuple(found[root]) for identifier, root in first.items()}


def _first(identifier: str, before: Mapping[str, str]) -> str:
    """The note with which the thread of a note begins; in a circle, which is an error told elsewhere, any."""
    seen = {identifier}
    while (earlier := before.get(identifier)) is not None and earlier not in seen:
        identifier = earlier
        seen.add(identifier)
    return identifier
