"""The ledger of quotations: what was said, by whom, when and where, each once however many notes have it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, structs

from briefings.content.bodies import BodyQuotation
from briefings.content.entries import Attribution, Event, Original, Speaker
from briefings.content.quoted import quotation_anchor, same_speaker, same_words
from briefings.core.config import Marking
from briefings.site.cards import ActorLink, NoteRef, TopicLink
from briefings.site.ledgers.registry import Registry
from briefings.site.linked import LinkedNote
from briefings.site.visibility import highest


class EventLink(Struct, frozen=True):
    """An event at which something was said, as the newest note tells of it."""

    title: str
    note: NoteRef
    url: str
    """Address of that note."""
    marking: Marking
    """The highest of the event and of that note."""


class NoteQuotation(Struct, frozen=True, kw_only=True):
    """A quotation as a note has it."""

    note: LinkedNote
    anchor: str
    """The `id` of its element on the note's page."""
    text: str
    """The words, one line for each paragraph."""
    name: str
    """The speaker, for readers."""
    speaker: ActorLink | None
    """None for one who is no actor, or may not be shown."""
    day: dt.date
    """When it was said; the day of the note where the note does not tell."""
    is_dated: bool
    """Whether the note tells when it was said."""
    in_text: bool
    """Whether it stands in the text of the note."""
    source: str = ""
    """The id of the note's source that has the words."""
    marking: Marking = "TLP:CLEAR"
    ids: tuple[str, ...] = ()
    """What other entries of the note call it; several where the header has the words more than once."""
    place: str = ""
    event: EventLink | None = None
    relayed_by: ActorLink | str | None = None
    """Who passed the words on; by name alone who is no actor."""
    original: Original | None = None
    """The words in the language in which they were said."""
    attribution: Attribution = "on-record"

    @property
    def key(self) -> tuple[str, str]:
        """Equal for the same words of the same speaker."""
        return same_speaker(self.speaker.id if self.speaker else "", self.name), same_words(self.text)


class SharedQuotation(Struct, frozen=True):
    """A quotation with all notes that have it."""

    told: NoteQuotation
    """What the notes say of it together: of two answers, that of the newest note that has one counts."""
    tellings: tuple[NoteQuotation, ...]
    """Of each note that has it, newest note first."""
    topics: tuple[TopicLink, ...]
    """Those of these notes."""


class QuotationLedger(Struct, frozen=True):
    """The quotations of all notes."""

    of_note: dict[str, tuple[NoteQuotation, ...]]
    """Those of each note that has any: those in the text, then those of the header alone, each in the author's order."""
    quotations: tuple[SharedQuotation, ...]
    """All, newest first."""
    of_actor: dict[str, tuple[SharedQuotation, ...]]
    """Those of each actor that said something, newest first."""
    of_topic: dict[str, tuple[SharedQuotation, ...]]
    """Those in the notes of each topic, newest first, those of one day by speaker."""


def quotation_ledger(notes: Sequence[LinkedNote], registry: Registry) -> QuotationLedger:
    """Gather the quotations of `notes` (oldest first)."""
    quoting = [note for note in notes if note.record.body.quotations or note.record.header.quotations]
    events = {event.id: (note, event) for note in notes for event in note.record.header.events} if quoting else {}
    of_note = {note.card.id: tuple(_of_note(note, registry, events)) for note in quoting}
    of_words: dict[tuple[str, str], list[NoteQuotation]] = defaultdict(list)
    for found in of_note.values():
        for quoted in found:
            of_words[quoted.key].append(quoted)
    shared = [_shared(tellings) for same in of_words.values() for tellings in _of_one_day(same)]
    shared.sort(key=lambda one: (one.told.day, one.tellings[-1].note.card.date, one.told.note.card.id, one.told.anchor), reverse=True)
    of_actor: dict[str, list[SharedQuotation]] = defaultdict(list)
    of_topic: dict[str, list[SharedQuotation]] = defaultdict(list)
    for one in shared:
        if one.told.speaker:
            of_actor[one.told.speaker.id].append(one)
        for topic in one.topics:
            of_topic[topic.id].append(one)
    by_speaker = {t: sorted(said, key=lambda one: one.told.name) for t, said in of_topic.items()}
    return QuotationLedger(
        {i: found for i, found in of_note.items() if found},
        tuple(shared),
        {a: tuple(said) for a, said in of_actor.items()},
        {t: tuple(sorted(said, key=lambda one: one.told.day, reverse=True)) for t, said in by_speaker.items()},
    )


def _of_note(note: LinkedNote, registry: Registry, events: Mapping[str, tuple[LinkedNote, Event]]) -> Iterator[NoteQuotation]:
    """The quotations of `note`. One that stands in the text and in the header is one, with what both say of it."""
    found: dict[tuple[str, str], NoteQuotation] = {}
    for written in note.record.body.quotations:
        one = _of_text(note, written, registry, events)
        found.setdefault(one.key, one)
    taken = set(note.record.body.anchors)
    for one in _of_header(note, registry, events):
        if one.key in found:
            found[one.key] = _joined([one, found[one.key]])
        elif one.in_text:
            found[one.key] = one
        else:
            anchor, number = one.anchor, 1
            while anchor in taken:
                # Another speaker said the same words.
                number += 1
                anchor = f"{one.anchor}-{number}"
            taken.add(anchor)
            found[one.key] = structs.replace(one, anchor=anchor)
    yield from found.values()


def _of_text(note: LinkedNote, written: BodyQuotation, registry: Registry, events: Mapping[str, tuple[LinkedNote, Event]]) -> NoteQuotation:
    return NoteQuotation(
        note=note,
        anchor=written.anchor,
        text=written.text,
        name=written.name,
        # Where the actor may not be shown, its name stands in the text without a link.
        speaker=registry.actors.get(written.speaker),
        day=written.date.day(registry.zone) if written.date else note.card.date,
        is_dated=written.date is not None,
        in_text=True,
        source=written.source,
        marking=written.marking,
        event=_event(written.event, events),
    )


def _of_header(note: LinkedNote, registry: Registry, events: Mapping[str, tuple[LinkedNote, Event]]) -> Iterator[NoteQuotation]:
    for one in note.record.header.quotations:
        speaker = None if isinstance(one.speaker, Speaker) else registry.actors.get(one.speaker)
        if speaker is None and not isinstance(one.speaker, Speaker):
            # Nobody may know of the speaker, and words without one say nothing.
            continue
        anchor = quotation_anchor(one.text)
        relayed = one.relayed_by.name if isinstance(one.relayed_by, Speaker) else registry.actors.get(one.relayed_by)
        yield NoteQuotation(
            note=note,
            anchor=anchor,
            text=one.text.strip(),
            name=speaker.name if speaker else one.speaker.name if isinstance(one.speaker, Speaker) else "",
            speaker=speaker,
            day=one.date.day(registry.zone) if one.date else note.card.date,
            is_dated=one.date is not None,
            in_text=one.inline and anchor in note.record.body.anchors,
            source=one.source,
            marking=one.marking,
            ids=(one.id,) if one.id else (),
            place=one.place,
            event=_event(one.event, events),
            relayed_by=relayed,
            original=one.translated_from,
            attribution=one.attribution,
        )


def _event(identifier: str, events: Mapping[str, tuple[LinkedNote, Event]]) -> EventLink | None:
    if identifier not in events:
        return None
    note, event = events[identifier]
    return EventLink(event.title, note.ref, note.card.url, highest((note.card.marking, event.marking)))


def _joined(tellings: Sequence[NoteQuotation]) -> NoteQuotation:
    """The first of some tellings of the same words, with what it does not say from the others."""
    first = tellings[0]
    dated = next((one for one in tellings if one.is_dated), min(tellings, key=lambda one: one.day))
    told_in_text = next((one for one in reversed(tellings) if one.note is first.note and one.in_text), first)
    return structs.replace(
        first,
        anchor=told_in_text.anchor,
        in_text=told_in_text.in_text,
        day=dated.day,
        is_dated=dated.is_dated,
        ids=tuple([name for one in tellings if one.note is first.note for name in one.ids]),
        source=next((one.source for one in tellings if one.note is first.note and one.source), ""),
        marking=highest(one.marking for one in tellings),
        place=next((one.place for one in tellings if one.place), ""),
        event=next((one.event for one in tellings if one.event), None),
        relayed_by=next((one.relayed_by for one in tellings if one.relayed_by), None),
        original=next((one.original for one in tellings if one.original), None),
        attribution=next((one.attribution for one in tellings if one.attribution != "on-record"), "on-record"),
    )


def _of_one_day(same: Sequence[NoteQuotation]) -> list[list[NoteQuotation]]:
    """The tellings of the same words, apart by the days that notes tell; those without a day go with the earliest."""
    days: dict[dt.date, list[NoteQuotation]] = defaultdict(list)
    for one in same:
        if one.is_dated:
            days[one.day].append(one)
    undated = [one for one in same if not one.is_dated]
    if not days:
        return [undated]
    days[min(days)] += undated
    return list(days.values())


def _shared(tellings: Sequence[NoteQuotation]) -> SharedQuotation:
    newest = sorted(tellings, key=lambda one: (one.note.card.date, one.note.card.id), reverse=True)
    topics = dict.fromkeys(topic for one in newest for topic in one.note.topics)
    return SharedQuotation(_joined(newest), tuple(newest), tuple(topics))
