"""What views show of the sources of notes and of their entries."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from briefings.core.config import Marking
from briefings.site.cards import SourceLink


class OriginView(Struct, frozen=True):
    """What a source of a note copies or goes back to."""

    name: str
    """The source's name, or the document's title; never empty."""
    url: str
    """Address of the page about the source; empty where it is another source of the note."""
    anchor: str
    """The `id` of its element in the note's list of sources; empty where it has none there."""
    marking: Marking
    """That of the source's record."""


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
    origin: OriginView | None
    """What it copies; None where the author named nothing."""
    places: tuple[str, ...]
    """The ids of the marks in the note's text that cite it, in the order of the text; may be empty."""


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
