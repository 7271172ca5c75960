"""What a deployment means: which notes come, change and go."""

from __future__ import annotations

import re
from collections.abc import Collection

from msgspec import Struct

_NOTE = re.compile(r"notes/(?!\d{4}/)([^/]+)/index\.html")
"""The page of a note, as opposed to that of a year of the archive."""


class NoteChanges(Struct, frozen=True):
    """What happens to the notes, each named by its id; `changed` is one whose page differs."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    """Their pages say from now on that they were withdrawn."""
    removed: tuple[str, ...] = ()
    """Nothing is left at their addresses."""
    before: int = 0
    """How many the branch has."""

    @property
    def needs_a_word(self) -> bool:
        """Whether more than a fifth would go: a folder may be missing, rather than somebody have meant it."""
        return 5 * len(self.removed) > self.before


def note_changes(before: Collection[str], after: Collection[str], changed: Collection[str]) -> NoteChanges:
    """Compare the paths of two versions of a site; the pages at `changed` differ."""
    old, new = _notes(before), _notes(after)
    differ = _notes(changed)
    # A page that says that its note was withdrawn has no document beside it.
    gone = {note for note in differ if _document(note) in before and _document(note) not in after}
    if not any(_document(note) in after for note in new - gone):
        gone = set()  # the settings leave out all documents, so that none tells anything
    added, changed_ones, withdrawn, removed = (tuple(sorted(notes)) for notes in (new - old, differ - gone, gone, old - new))
    return NoteChanges(added, changed_ones, withdrawn, removed, len(old))


def _notes(paths: Collection[str]) -> set[str]:
    return {found[1] for path in paths if (found := _NOTE.fullmatch(path))}


def _document(note: str) -> str:
    return f"notes/{note}/index.json"
