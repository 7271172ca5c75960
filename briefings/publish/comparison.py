"""What a deployment means: which notes come, change and go, and whether the site is larger than its host takes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

_NOTE = re.compile(r"notes/(?!\d{4}/)([^/]+)/index\.html")
"""The page of a note, as opposed to that of a year of the archive."""
LARGEST_FILE = 100 * 1024 * 1024
"""Bytes above which GitHub refuses a file."""
LARGEST_SITE = 1_000_000_000
"""Bytes up to which GitHub Pages publishes a site."""
_NEAR = 0.9
"""From which part of a limit on it is told that it is near."""


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


def size_warnings(sizes: Mapping[str, int]) -> Iterator[str]:
    """What is too large for GitHub, or nearly so; empty where there is no danger."""
    for path, size in sorted(sizes.items()):
        if size > LARGEST_FILE * _NEAR:
            word = "more than" if size > LARGEST_FILE else "nearly"
            yield f"{path} has {_megabytes(size)}, {word} the 100 MB that GitHub takes for a file: make it smaller, or link to it elsewhere"
    total = sum(sizes.values())
    if total > LARGEST_SITE * _NEAR:
        word = "more than" if total > LARGEST_SITE else "nearly"
        remedy = "make pictures and other assets smaller, or publish on a server of your own"
        yield f"the site has {_megabytes(total)}, {word} the 1 GB that GitHub Pages takes: {remedy}"


def _notes(paths: Collection[str]) -> set[str]:
    return {found[1] for path in paths if (found := _NOTE.fullmatch(path))}


def _document(note: str) -> str:
    return f"notes/{note}/index.json"


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f} MB"
