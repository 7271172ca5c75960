"""The records a desk writes: these types are the schema, and `briefings schema` prints them."""

from __future__ import annotations

from typing import Annotated, ClassVar, Generic, Literal, TypeVar

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
from briefings.core.config import Marking, VisibleText

ActorType = Literal["person", "organization", "state"]
Priority = Literal["high", "normal", "low"]
Kind = Literal["note", "actor", "topic", "source", "page"]


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


class Heading(Struct, frozen=True):
    """A heading in a text."""

    level: int
    """2 or 3, as in `<h2>` and `<h3>`."""
    id: str
    """The `id` attribute of its element, to which links with `#` lead."""
    text: str
    """In plain text."""


class Reference(Struct, frozen=True):
    """A link or image whose target can be found only when all files are read."""

    kind: Literal["note", "actor", "topic", "source", "page", "path", "image", "figure", "event"]
    """What the target is; `path` is a relative address, which may lead to a record's file or to an attachment; `figure` is a number."""
    target: str
    """An id, for `figure` that of a measure; for `path` and `image` the address as written."""
    fragment: str = ""
    """What follows `#` in the address; empty for the top of the target."""
    label: str = ""
    """The text of the link, or an image's alternative text."""
    line: int = 0
    """Line in the file, from 1; 0 when unknown."""
    column: int = 0
    """Column in characters, from 1; 0 when unknown."""
    before: str = ""
    """The part of the sentence before the link."""
    after: str = ""
    """The part of the sentence behind the link."""


class Hole(Struct, frozen=True):
    """A place in a text's HTML that is filled when the target of a reference is known."""

    part: Literal["open", "close", "image"]
    """What goes there: the start tag of a link, its end tag, or a whole image."""
    reference: int
    """The index of the reference in the text's `references`."""
    attributes: str = ""
    """Further attributes of the element, escaped, with a leading space."""


class BodyQuotation(Struct, frozen=True):
    """A quotation in a text, whose last line names the speaker."""

    anchor: str
    """The `id` of its element."""
    text: str
    """The words in plain text, one line for each paragraph."""
    name: str
    """The speaker, as the text calls it."""
    speaker: str = ""
    """The id of the actor to which the speaker's name links; empty where it links to none."""
    date: Moment | None = None
    """The day on which it was said; None where the line names none."""
    event: str = ""
    """The id of the event at which it was said."""
    source: str = ""
    """The id of the first source that the line cites."""
    marking: Marking = "TLP:CLEAR"
    """That of the quotation alone."""
    line: int = 0
    """The line of the file that names the speaker, from 1; 0 when unknown."""


class Body(Struct, frozen=True):
    """What the site needs to know of a text besides its HTML, which is large and travels separately."""

    digest: str
    """Digest of the HTML with its holes; empty where there is no text."""
    holes: tuple[Hole, ...] = ()
    """The holes, in the order of the HTML."""
    references: tuple[Reference, ...] = ()
    """The references, in the order of the text; holes name them by index."""
    outline: tuple[Heading, ...] = ()
    """The headings of levels 2 and 3, in order."""
    anchors: tuple[str, ...] = ()
    """Every id that a link may lead to."""
    former: tuple[tuple[str, str], ...] = ()
    """Ids that headings had in former versions of the program, each with the present id; links to the former still work."""
    cited: tuple[tuple[str, str], ...] = ()
    """The marks that cite a source of the note, in the order of the text: the source's id there, and the anchor of the mark."""
    words: int = 0
    """Number of words in the text."""
    quotations: tuple[BodyQuotation, ...] = ()
    """The quotations that name their speakers, in the order in which they end."""
    version: str = ""
    """Digest of its plain text, which is the same whatever HTML the program makes of it; empty where there is no text."""

    def anchor(self, fragment: str) -> str:
        """Return the id to which a link with `fragment` leads; empty when there is none."""
        return fragment if fragment in self.anchors else dict(self.former).get(fragment, "")


NO_BODY = Body("")

Header = TypeVar("Header", bound=RecordHeader)


class Record(Struct, Generic[Header], frozen=True):
    """One record: its header as the author wrote it, and what is known of its text."""

    id: str
    """Unique among records of its kind; in NFC."""
    path: str
    """The file that holds it, from the site folder."""
    header: Header
    """The fields that the author wrote, without the text."""
    body: Body = NO_BODY
    """What is known of its text; `NO_BODY` where there is none."""
    key: str = ""
    """Where the record stands in its file's YAML: empty, or `records.fr`."""
    guards: tuple[Visible, ...] = ()
    """The different conditions under which quotations of the text may be shown."""
    bodies: tuple[Body, ...] = ()
    """A version of the text for each set of conditions that holds; bit i of the index stands for `guards[i]`. The first is `body`."""


class Note(Record[NoteHeader], frozen=True, tag="note"):
    """A note."""

    kind: ClassVar[Kind] = "note"


class Actor(Record[ActorHeader], frozen=True, tag="actor"):
    """An actor."""

    kind: ClassVar[Kind] = "actor"


class Topic(Record[TopicHeader], frozen=True, tag="topic"):
    """A topic."""

    kind: ClassVar[Kind] = "topic"


class Source(Record[SourceHeader], frozen=True, tag="source"):
    """A source."""

    kind: ClassVar[Kind] = "source"


class Page(Record[PageHeader], frozen=True, tag="page"):
    """A free-standing page."""

    kind: ClassVar[Kind] = "page"


AnyRecord = Note | Actor | Topic | Source | Page

HEADERS: dict[Kind, type[RecordHeader]] = {
    "note": NoteHeader, "actor": ActorHeader, "topic": TopicHeader, "source": SourceHeader, "page": PageHeader,
}  # fmt: skip
"""The schema of the header of each kind of record."""

RECORDS: dict[Kind, type[AnyRecord]] = {"note": Note, "actor": Actor, "topic": Topic, "source": Source, "page": Page}
"""The type of each kind of record."""
BY_ID: frozenset[Kind] = frozenset(("actor", "topic", "source"))
"""The kinds of which one YAML file may hold many records, by their ids."""
