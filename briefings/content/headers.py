"""What authors write in the header of a record of each kind: these types are the schema, and `briefings schema` prints them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from briefings.content.entries import (
    Change,
    Correction,
    Event,
    Figure,
    Judgement,
    Measure,
    Position,
    Proposition,
    Quotation,
    Visible,
    Withdrawal,
)
from briefings.content.schema.dates import Moment, NoteDate, PartialDate
from briefings.core.config import VisibleText

ActorType = Literal["person", "organization", "state"]
Priority = Literal["high", "normal", "low"]


class RecordHeader(Visible, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What a record of any kind may say besides whether it may be shown."""

    withdrawn: Withdrawal | None = None
    """That it was taken back, and why: its address then shows this and nothing else."""
    aliases: tuple[str, ...] = ()
    """Addresses that it had before, from the site's root: `/world/981464/`; each leads to its page."""


class Dateline(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where and when a text was filed, and by which agency."""

    place: str
    """City or institution, as a reader should see it: United Nations."""
    date: Moment | None = None
    """When it was filed; default: the note's own day."""
    agency: str = ""
    """The news agency, such as TASS; empty for the desk's own text."""


class Involvement(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An actor of a note, with the part it plays there."""

    id: str
    """The actor's id, as it stands alone where no role is given."""
    role: str = "named"
    """Speaker, host, subject …; notes are grouped by it on the actor's page."""


class Author(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An author of a note who is no actor of the site."""

    name: VisibleText
    """As readers should see it: Jane Doe."""


class Citation(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A source that a note rests on, cited in the text as `[@id]`."""

    id: str
    """What the text cites it by: `s1` for `[@s1]`; unique within the note."""
    source: str = ""
    """The id of a source record: who publishes it."""
    title: str = ""
    """The document's own title."""
    url: str = ""
    """Web address of the document."""
    date: Moment | None = None
    """When it was published."""
    accessed: Moment | None = None
    """When the author last read it at that address."""
    archived: str = ""
    """Address of an archived copy."""
    credibility: Annotated[int, Meta(ge=1, le=6)] | None = None
    """How credible this piece of information is, from 1 (confirmed) to 6 (cannot be judged)."""
    origin: str = ""
    """What it copies or rests on itself, such as the wire of an agency: the id of another source of this note, or of a source record."""


class Mentions(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a note treats the names of actors in its text."""

    exclude: tuple[str, ...] = ()
    """Ids of actors whom the text does not mean, although words in it are their names."""


class NoteHeader(RecordHeader, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The front matter of a note."""

    title: VisibleText
    """The headline, in plain text."""
    date: NoteDate
    """When the note was published: a day in the site's time zone, an instant with an offset, or a month or a year alone."""
    id: str = ""
    """Stable and unique; becomes the address. Default: the file's name without a leading date."""
    summary: str = ""
    """The standfirst: one or two sentences in plain text."""
    updated: Moment | None = None
    """When it last changed in substance; absent for a note that has not."""
    kind: str = "brief"
    """One of the kinds that site.yaml declares."""
    dateline: Dateline | None = None
    """Where and when a wire story was filed."""
    authors: tuple[str | Author, ...] = ()
    """Who wrote it: ids of actors, or the names of those who are none. An author is not thereby an actor of the note."""
    priority: Priority = "normal"
    """How prominent it is among the notes of its day: `high` leads, `low` stays in the background."""
    topics: tuple[str, ...] = ()
    """Ids of topics; the first is the note's main topic."""
    actors: tuple[str | Involvement, ...] = ()
    """Ids of actors, each alone or with a role."""
    mentions: Mentions = Mentions()
    """Which names of actors in the text are no mentions of them."""
    sources: tuple[Citation, ...] = ()
    """What the note rests on, numbered in this order."""
    events: tuple[Event, ...] = ()
    """What it tells of that stands on timelines."""
    quotations: tuple[Quotation, ...] = ()
    """What was said, as far as no quotation in the text with its speaker says it."""
    positions: tuple[Position, ...] = ()
    """Where actors stand, as this note shows."""
    figures: tuple[Figure, ...] = ()
    """Values that it reports of what topics measure."""
    judgements: tuple[Judgement, ...] = ()
    """What it holds to be likely or unlikely."""
    corrections: tuple[Correction, ...] = ()
    """Mistakes that it had and that were put right."""
    changes: tuple[Change, ...] = ()
    """What else was changed since it was published."""
    continues: str = ""
    """The id of the earlier note that this one continues: both then show the whole thread."""
    public_version_of: str = ""
    """The id of a note of which this one says as much as readers may know; it is shown nowhere."""


class Office(Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}, omit_defaults=True):
    """An office that an actor holds or held."""

    role: str
    """Secretary-General, Foreign Minister."""
    organization: str = ""
    """The id of the organisation or state."""
    from_: PartialDate | None = None
    """The first day, month or year in office; absent when unknown."""
    until: PartialDate | None = None
    """The last day, month or year in office; absent while it lasts."""


class ActorHeader(RecordHeader, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A person, an organisation or a state."""

    name: VisibleText
    """The full name as readers should see it: António Guterres."""
    type: ActorType
    """Decides where the index of actors lists it; an international body is an organization."""
    summary: str = ""
    """One sentence: who this is."""
    sort_name: str = ""
    """The name under which an index lists it: `Guterres, António`."""
    also_known_as: tuple[str, ...] = ()
    """Other names, shown on the actor's page; where the text of a note has one of them first, it links to that page."""
    weak_names: tuple[str, ...] = ()
    """Words that may mean this actor and are too common for links: the UN chief. `briefings check` lists notes that have them."""
    identifiers: dict[str, str] = {}  # noqa: RUF012 - each record gets its own
    """Ids in other registers: `{wikidata: Q311440}`."""
    offices: tuple[Office, ...] = ()
    """Offices held now and before, in any order."""


class Status(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The state of play of a topic."""

    trend: Literal["improving", "stable", "worsening"]
    """Where things are heading; write stable when they get neither better nor worse."""
    as_of: Moment
    """The day on which this judgement was made; readers see it."""
    alert: tuple[str, ...] = ()
    """What readers should watch for: `risk-of-conflict`."""


class TopicHeader(RecordHeader, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A subject that notes are about."""

    name: VisibleText
    """As readers should see it, in lists and as a headline."""
    summary: str = ""
    """What the topic is about, in a sentence or two of plain text."""
    broader: tuple[str, ...] = ()
    """Ids of the topics that this one is part of."""
    status: Status | None = None
    """The state of play; absent for a topic whose state is not followed."""
    status_history: tuple[Status, ...] = ()
    """What `status` was before, oldest first."""
    propositions: tuple[Proposition, ...] = ()
    """Statements that actors are for or against."""
    measures: tuple[Measure, ...] = ()
    """What is counted or measured about it."""


class SourceHeader(RecordHeader, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A publisher or document that claims rest on."""

    name: VisibleText
    """As readers should see it: TASS."""
    type: str = ""
    """News agency, official document, think tank …"""
    summary: str = ""
    """What the source is, in a sentence of plain text."""
    url: str = ""
    """The source's own address on the web."""
    reliability: Literal["A", "B", "C", "D", "E", "F", ""] = ""
    """How reliable the source is, from A (completely) to F (cannot be judged)."""
    rationale: str = ""
    """Why it has this grade, in a sentence or two of plain text."""
    rated: Moment | None = None
    """When it was graded."""


class PageHeader(RecordHeader, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The front matter of a free-standing page."""

    title: VisibleText
    """The headline, in plain text."""
    id: str = ""
    """Becomes the address. Default: the file's name."""
    summary: str = ""
    """The standfirst in plain text, which search engines show too."""
