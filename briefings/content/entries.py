"""The entries that records carry: events, quotations, positions and the like, what topics declare for them, and who may see them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from briefings.content.schema.dates import Moment
from briefings.content.schema.edtf import EventDate
from briefings.content.schema.numbers import Number
from briefings.content.schema.periods import Period
from briefings.core.config import Marking, VisibleText

Stance = Literal["for", "against", "conditional", "undecided"]
EventStatus = Literal["happened", "expected", "cancelled", "postponed"]
Qualifier = Literal["about", "at-least", "at-most", "exactly"]
Attribution = Literal["on-record", "off-record", "background"]


class Visible(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Keys that decide whether a record, or a part of one, may be shown."""

    draft: bool = False
    """True keeps it out of every build but previews."""
    embargo: Moment | None = None
    """Not shown before this instant; a day means until that day is over."""
    expires: Moment | None = None
    """Not shown from this instant on; a day means from its first moment."""
    marking: Marking = "TLP:CLEAR"
    """Traffic Light Protocol 2.0; left out of builds for a lower audience."""


class Withdrawal(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The withdrawal of a record: its address says that it was withdrawn and why, and nothing else of it is shown."""

    date: Moment
    """When it was withdrawn."""
    reason: VisibleText
    """Why, in a sentence that readers will see in its place."""


class Event(Visible, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Something that happened or is to happen, for the timelines of the note's topics."""

    id: str
    """Unique within the note; another note that tells of the same event gives it the same id."""
    title: VisibleText
    """What happened, in a line of plain text."""
    date: EventDate
    """When it happened, or began: a year, a month, a day or an instant; or from when until when, with a slash between the two."""
    until: EventDate | None = None
    """When it ended, if that was later, and `date` does not say so itself."""
    status: Literal["happened", "expected", "cancelled", "postponed", ""] = ""
    """Default: expected, where it begins after the note was published; else happened."""
    place: str = ""
    """Where, as a reader should see it."""
    actors: tuple[str, ...] = ()
    """Ids of the actors that took part."""
    topics: tuple[str, ...] = ()
    """Ids of the topics on whose timelines it stands. Default: those of the note."""
    source: str = ""
    """The id of the source in this note that tells of it."""

    @property
    def when(self) -> EventDate:
        """From its beginning to its end."""
        return EventDate.between(self.date, self.until) if self.until else self.date


class Speaker(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One who spoke, or passed words on, and is no actor of the site."""

    name: VisibleText
    """As readers should see it: A senior official."""


class Original(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The words of a quotation in the language in which they were said."""

    language: Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    """A BCP 47 tag, such as ko or zh-Hans."""
    text: VisibleText
    """The words, in plain text."""


class Quotation(Visible, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What somebody said, word for word."""

    text: VisibleText
    """The words in plain text, without quotation marks around them."""
    speaker: str | Speaker
    """Who said it: the id of an actor, or the name of one who is none."""
    id: str = ""
    """Unique among the quotations of the note; other entries may name it."""
    date: Moment | None = None
    """When it was said. Default: the date of the note."""
    place: str = ""
    """Where, as a reader should see it."""
    event: str = ""
    """The id of the event at which it was said, of this note or another."""
    source: str = ""
    """The id of the source in this note that has the words."""
    relayed_by: str | Speaker = ""
    """Who passed the words on, such as a spokesman: the id of an actor, or the name of one who is none."""
    translated_from: Original | None = None
    """The original, where the words are a translation."""
    attribution: Attribution = "on-record"
    """On what terms it was said: with the name, not for publication, or without the name."""
    inline: bool = False
    """True where the words stand in the text of the note, to which lists then lead."""


class Position(Visible, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Where an actor stands on a proposition of a topic."""

    actor: str
    """The actor's id."""
    proposition: str
    """The id of the proposition, which a topic declares."""
    stance: Stance
    """For, against, conditional (for, if something else happens first), or undecided."""
    date: Moment | None = None
    """When the actor took it; default: the note's date."""
    basis: str = ""
    """What shows it: the id of a source of this note, or of one of its quotations."""
    note: str = ""
    """A few words of plain text: the condition, or how it was put."""


class Figure(Visible, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A value of something that a topic measures."""

    measure: str
    """The id of the measure, which a topic declares."""
    value: Number
    """A number in decimal digits."""
    as_of: Moment
    """The day on which the value was known."""
    period: Period | None = None
    """The span of time that was counted: a year, quarter (`2017-Q4`), month or day, or a financial or academic year (`2023/24`)."""
    qualifier: Qualifier | None = None
    """How the number is meant, where it is not just the number: `about`, `at-least`, `at-most` or `exactly`."""
    disputed: bool = False
    """True where another value is given for the same measure, period and day: readers then see both."""
    source: str = ""
    """The id of the source in this note that gives it."""


class Outcome(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What became of a judgement."""

    date: Moment
    """When it was known."""
    happened: bool
    """Whether it came about."""
    note: str = ""
    """What came about, in a sentence of plain text."""


class Judgement(Visible, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What a note judges to be likely or unlikely."""

    id: str
    """Unique within the note."""
    text: VisibleText
    """What may come about, in a sentence without its full stop: The DPRK tests a nuclear device before the year is out."""
    likelihood: str
    """A term of the scale that site.yaml declares: likely, very unlikely."""
    confidence: Literal["low", "moderate", "high", ""] = ""
    """How good the ground is on which it stands; not how likely it is."""
    resolve_by: Moment | None = None
    """The last day on which it can come about; by then it is known whether it has."""
    outcome: Outcome | None = None
    """What became of it; absent while that is not known."""
    actors: tuple[str, ...] = ()
    """Ids of the actors of whom it speaks; their pages show it while it is open."""


class Correction(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A mistake in a note that was published, and what is right."""

    date: Moment
    """When it was corrected."""
    wrong: str = ""
    """What the note said."""
    right: str = ""
    """What it should have said, and says now."""
    note: str = ""
    """What else readers should know, or the whole correction in a sentence."""


class Change(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """An addition or a revision of a note after it was published."""

    date: Moment
    """When it was changed."""
    note: VisibleText
    """What was changed, in a sentence."""
    level: Literal["major", "minor"] = "minor"
    """Major for what changes the note's sense; a desk should be sparing with it."""


class Proposition(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A statement that actors are for or against."""

    id: str
    """Unique on the site; positions name it."""
    text: VisibleText
    """The statement, in a sentence without its full stop: Talks should start without preconditions."""


class Measure(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something that is counted or measured."""

    id: str
    """Unique on the site; figures name it."""
    name: VisibleText
    """What readers see: Ballistic missile launches."""
    unit: str = ""
    """What one of it is called: launch, tonne; empty for a bare number."""
    units: str = ""
    """What several are called. Default: the unit with an s."""
    stale_after: Annotated[int, Meta(ge=1, le=36500)] | None = None
    """The number of days after `as_of` from which readers are told that a value is old; absent for one that never gets old."""

    @property
    def plural(self) -> str:
        """What several are called."""
        return self.units or f"{self.unit}s"
