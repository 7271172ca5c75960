"""What views show of the sources of notes and of their entries."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from briefings.core.config import Marking
from briefings.site.cards import SourceLink


class CitationView(Struct, frozen=True):
    """A source of a note."""

    id: str
    """What the author cites it by in the text: `s1` in `[@s1]`; unique within the note."""
    anchor: str
    """The `id` that its element must have, because the text links to it."""
    number: int
    """Its number in the note's list of sources and in the text, from 1."""
    source: SourceLink | None
    """Its publisher, when that is a record."""
    title: str
    """The document's own title; empty when the author gave none."""
    url: str
    """A web address, or empty."""
    date: dt.date | None
    """The day on which the document was published; None when unknown."""
    accessed: dt.date | None
    """The day on which the author read it at `url`; None when not told."""
    archived: str
    """Web address of an archived copy; empty when there is none."""
    grade: str
    """Reliability of the source and credibility of the piece: `B2`, `B`, `2` or empty."""


class SourceMark(Struct, frozen=True):
    """The source of an entry, which is one of its note's."""

    name: str
    """Who publishes it, or the document's title; never empty."""
    number: int
    """Its number in the note's list of sources."""
    anchor: str
    """The `id` of its element on the note's page."""
    grade: str = ""
    """Reliability of the source and credibility of the piece: `B2`, `B`, `2` or empty."""
    marking: Marking = "TLP:CLEAR"
    """That of the record of its publisher."""
