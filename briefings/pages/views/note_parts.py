"""What the page of a note is made of besides its text: dateline, who is in it, and the notes beside it."""

from __future__ import annotations

from msgspec import Struct

from briefings.core.config import Marking
from briefings.site.cards import ActorLink, NoteRef


class DatelineView(Struct, frozen=True):
    """Where and when a note was filed."""

    place: str
    """As the author wrote it: `United Nations`."""
    date: str
    """The day of filing: `2017-12-15`; when the author gave none, the note's own day, month or year."""
    agency: str
    """The news agency, such as TASS; empty when there is none."""


class CiteView(Struct, frozen=True):
    """How a note is cited."""

    published: str
    """Its day, or the month or year to which it is dated: `2017-12-15`, `2017-12`."""
    changed: str
    """The day of its last change of substance; `published` for a note that has had none."""
    version: str
    """That day, and a digest of title, summary and text: `2017-12-16.3f2a9c01`. It changes with any word of them, and with nothing else."""
    bibtex: str
    """An entry for BibTeX and BibLaTeX."""
    csl: str
    """A list with one item, as CSL-JSON has it, for Zotero, Pandoc and the like."""


class InvolvementView(Struct, frozen=True):
    """An actor of a note."""

    actor: ActorLink
    """Who it is, with the address of the actor's page."""
    role: str
    """The part it plays in this note; `named` when the author gave none, `mentioned` when only the text has its name."""
    offices: tuple[str, ...]
    """The offices it held on the note's date: `Secretary-General, United Nations`."""
    marking: Marking
    """The highest of the actor and of the organisations in `offices`."""


class AuthorView(Struct, frozen=True):
    """An author of a note."""

    name: str
    """For readers; never empty."""
    actor: ActorLink | None
    """Who it is, with the address of the actor's page; None for an author who is no actor."""


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
