"""From the ledgers to what pages show of them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from briefings.content.entries import Correction, Stance
from briefings.content.records import Kind
from briefings.core.language import Language
from briefings.pages.make.offices import date_in_words
from briefings.pages.views.entry_views import (
    ChangeView,
    CorrectionView,
    EventView,
    FigureView,
    PositionView,
    PropositionView,
    SourceMark,
    WithdrawnRecord,
)
from briefings.site.ledgers.series import NoteFigure
from briefings.site.ledgers.stances import NotePosition
from briefings.site.ledgers.timelines import NoteEvent
from briefings.site.linked import LinkedNote, LinkedTopic, Withdrawn, newest_first
from briefings.site.model import Site

TIMELINE_SHOWN = 20
STANCES: tuple[Stance, ...] = ("for", "conditional", "undecided", "against")
"""In the order in which a topic lists them."""


def event_view(site: Site, told: NoteEvent, *, elsewhere: bool = True) -> EventView:
    """An event as a page shows it; with a link to the note that tells of it where the page is `elsewhere`, not that note's own."""
    event = told.event
    first, last = event.date.day(site.zone), event.until.day(site.zone) if event.until else None
    return EventView(
        id=event.id,
        title=event.title,
        date=first,
        until=last if last != first else None,
        place=event.place,
        actors=told.actors,
        marking=event.marking,
        note=told.note.ref if elsewhere else None,
    )


def position_view(site: Site, told: NotePosition, *, elsewhere: bool = True) -> PositionView:
    """A position as a page shows it; with a link to the note that tells of it where the page is `elsewhere`, not that note's own."""
    return PositionView(
        actor=told.actor,
        proposition=told.proposition.text,
        topic=told.topic,
        stance=told.position.stance,
        date=told.day,
        words=told.position.note,
        source=_source_mark(site, told.note, told.position.basis),
        marking=told.position.marking,
        note=told.note.ref if elsewhere else None,
    )


def figure_view(site: Site, told: NoteFigure, language: Language, *, elsewhere: bool = True) -> FigureView:
    """A figure as a page shows it; with a link to the note that reports it where the page is `elsewhere`, not that note's own."""
    figure, measure = told.figure, told.measure
    number = language.decimal(figure.value.text)
    unit = measure.unit if figure.value.text in ("1", "-1") or not measure.unit else measure.plural
    return FigureView(
        name=measure.name,
        value=f"{number} {unit}" if unit else number,
        period=date_in_words(figure.period, language),
        as_of=told.day,
        topic=told.topic,
        source=_source_mark(site, told.note, figure.source),
        marking=figure.marking,
        note=told.note.ref if elsewhere else None,
    )


def note_entries(
    site: Site, note: LinkedNote, language: Language
) -> tuple[tuple[EventView, ...], tuple[PositionView, ...], tuple[FigureView, ...]]:
    """What a note's own page shows of its entries, in the author's order."""
    ledgers, identifier = site.ledgers, note.card.id
    return (
        tuple([event_view(site, told, elsewhere=False) for told in ledgers.events.of_note.get(identifier, ())]),
        tuple([position_view(site, told, elsewhere=False) for told in ledgers.positions.of_note.get(identifier, ())]),
        tuple([figure_view(site, told, language, elsewhere=False) for told in ledgers.figures.of_note.get(identifier, ())]),
    )


def corrections(site: Site, note: LinkedNote) -> tuple[CorrectionView, ...]:
    """The corrections of a note, newest first."""
    told = note.record.header.corrections
    found = [
        CorrectionView(anchor, one.date.day(site.zone), one.wrong, one.right, one.note)
        for one, anchor in zip(told, correction_anchors(told), strict=True)
    ]
    return tuple(sorted(found, key=lambda view: view.date, reverse=True))


def correction_anchors(corrections: Iterable[Correction]) -> Iterator[str]:
    """The anchors of a note's corrections. Each is made of what the correction says, so it stays when others are added."""
    told: Counter[str] = Counter()
    for one in corrections:
        words = "\0".join((one.wrong, one.right, one.note))
        name = f"correction-{one.date.text[:10]}-{hashlib.blake2b(words.encode(), digest_size=4).hexdigest()}"
        told[name] += 1
        # One that says the same a second time is still another one.
        yield name if told[name] == 1 else f"{name}-{told[name]}"


def changes(site: Site, note: LinkedNote) -> tuple[ChangeView, ...]:
    """The changes of a note, newest first."""
    found = [ChangeView(one.date.day(site.zone), one.note, one.level) for one in note.record.header.changes]
    return tuple(sorted(found, key=lambda view: view.date, reverse=True))


def timeline(site: Site, topic: LinkedTopic) -> tuple[tuple[EventView, ...], int]:
    """The newest events of a topic, newest first, and how many there are in all."""
    told = site.ledgers.events.of_topic.get(topic.link.id, ())
    return tuple(event_view(site, one) for one in told[:TIMELINE_SHOWN]), len(told)


def propositions(site: Site, topic: LinkedTopic) -> tuple[PropositionView, ...]:
    """The propositions of a topic on which somebody has taken a position, in the author's order."""
    found = []
    for one in topic.record.header.propositions if topic.record else ():
        told = sorted(site.ledgers.positions.of_proposition.get(one.id, ()), key=lambda t: STANCES.index(t.position.stance))
        if told:
            found.append(PropositionView(one.id, one.text, tuple(position_view(site, t) for t in told)))
    return tuple(found)


def figures(site: Site, topic: LinkedTopic, language: Language) -> tuple[FigureView, ...]:
    """The latest value of each of a topic's measures that has one, in the author's order."""
    measures = topic.record.header.measures if topic.record else ()
    return tuple(figure_view(site, told, language) for one in measures if (told := site.ledgers.figures.latest.get(one.id)))


def withdrawn_notes(site: Site, of: tuple[Kind, str] | None = None) -> Sequence[Withdrawn]:
    """Notes that were withdrawn, newest first: all, or those that stood in the list of one topic, actor or source."""
    return newest_first(site.withdrawn) if of is None else site.withdrawn_from.get(of, ())


def withdrawn_record(one: Withdrawn) -> WithdrawnRecord:
    """A withdrawn record, as pages show it."""
    return WithdrawnRecord(one.kind, one.url, one.date, one.reason, one.published, one.marking)


def withdrawn_by_page(withdrawn: Iterable[Withdrawn], oldest: Sequence[dt.date | None]) -> Iterator[tuple[WithdrawnRecord, ...]]:
    """For each page of a list the withdrawn notes (newest first) that stood there; `oldest` are the days of the pages' last notes."""
    waiting = list(withdrawn)
    for number, day in enumerate(oldest, 1):
        here = [one for one in waiting if number == len(oldest) or day is None or (one.published or dt.date.min) >= day]
        waiting = waiting[len(here) :]
        yield tuple(withdrawn_record(one) for one in here)


def _source_mark(site: Site, note: LinkedNote, identifier: str) -> SourceMark | None:
    if not identifier:
        return None
    for number, citation in enumerate(note.record.header.sources, 1):
        if citation.id == identifier:
            source = site.sources.get(citation.source)
            name = (source.link.name if source else "") or citation.title or citation.url or identifier
            return SourceMark(name, number, f"source-{identifier}", source.link.marking if source else "TLP:CLEAR")
    return None
