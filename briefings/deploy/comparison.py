"""The notes that a deployment adds, changes, withdraws and removes."""

from __future__ import annotations

import re
from collections.abc import Collection

from msgspec import Struct

_NOTE = re.compile(r"notes/(?!\d{4}/)([^/]+)/index\.html")
"""The path of a note's page; a year of the archive does not match."""


class NoteChanges(Struct, frozen=True):
    """What a deployment does to notes, each named by its id; a note counts as changed if its page differs."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    """Notes whose pages will say that they were withdrawn."""
    removed: tuple[str, ...] = ()
    """Notes whose addresses will lead nowhere."""
    before: int = 0
    """The number of notes that the branch has now."""

    @property
    def needs_a_word(self) -> bool:
        """Whether more than a fifth of the notes would go, which suggests a missing folder rather than an intention."""
        return 5 * len(self.removed) > self.before


def note_changes(before: Collection[str], after: Collection[str], changed: Collection[str]) -> NoteChanges:
    """Compare the paths `before` and `after` a deployment; the pages at `changed` differ."""
    old, new = _notes(before), _notes(after)
    differ = _notes(changed)
    # The page of a withdrawn note has no document beside it.
    gone = {note for note in differ if _document(note) in before and _document(note) not in after}
    if not any(_document(note) in after for note in new - gone):
        gone = set()  # without documents, withdrawn notes cannot be told from others
    added, changed_ones, withdrawn, removed = (tuple(sorted(notes)) for notes in (new - old, differ - gone, gone, old - new))
    return NoteChanges(added=added, changed=changed_ones, withdrawn=withdrawn, removed=removed, before=len(old))


def _notes(paths: Collection[str]) -> set[str]:
    return {found[1] for path in paths if (found := _NOTE.fullmatch(path))}


def _document(note: str) -> str:
    return f"notes/{note}/index.json"
