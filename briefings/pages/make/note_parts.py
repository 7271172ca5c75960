"""What the page of a note is made of: dateline, who is in it, sources, and the notes beside it."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from briefings.core.config import Marking
from briefings.site.cards import ActorLink, NoteRef, SourceLink


class DatelineView(Struct, frozen=True):
    """Where and when a note was filed."""

    place: str
    """As the author wrote it: `United Nations`."""
    date: dt.date
    """The day of filing; the note's own day when the author gave none."""
    agency: str
    """The news agency, such as TASS; empty when there is none."""


class InvolvementView(Struct, frozen=True):
    """An actor of a note."""

    actor: ActorLink
    """Who it is, with the address of the actor's page."""
    role: str
    """The part it plays in this note; `named` when the author gave none."""
    offices: tuple[str, ...]
    """The offices it held on the note's date: `Secretary-General, United Nations`."""
    marking: Marking
    """The highest of the actor and of the organisations in `offices`."""


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


class RelatedNote(Struct, frozen=True):
    """Another note, and why it is named here."""

    note: NoteRef
    """The other note, as lists show it."""
    reason: str
    """`also on Sanctions; names Ri Yong Ho and Jeffrey Feltman`."""


class Backlink(Struct, frozen=True):
    """A note that links here, with the sentence that does."""

    note: NoteRef
    """The note that links here, as lists show it."""
    before: str
    """Its sentence up to the link, in plain text; may be empty."""
    label: str
    """The text of the link; `before`, `label` and `after` make the sentence."""
    after: str
    """The sentence from the link on; may be empty."""
