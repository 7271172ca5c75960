"""Quotations, events and figures as search finds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from briefings.pages.frame import Frame
from briefings.pages.make.figure_parts import figures_of
from briefings.pages.search.segments import Segment
from briefings.pages.views.figure_views import FigureView
from briefings.pages.views.search_views import FoundEntry
from briefings.site.ledgers.quotations import NoteQuotation
from briefings.site.ledgers.timelines import NoteEvent
from briefings.site.linked import LinkedNote
from briefings.site.model import Site
from briefings.site.visibility import highest, rank


def found_entries(site: Site, frame: Frame, segments: Iterable[Segment]) -> Mapping[str, tuple[FoundEntry, ...]]:
    """The entries of each segment that has any, by its name: a quotation and an event once, with the newest note that has it."""
    places = {note.card.id: (segment.name, number) for segment in segments for number, note in enumerate(segment.notes)}
    found: dict[str, list[FoundEntry]] = defaultdict(list)
    for identifier, make in _entries(site, frame):
        # What search has no note of has no place in it.
        if identifier in places:
            segment, number = places[identifier]
            found[segment].append(make(number))
    return {name: tuple(entries) for name, entries in found.items()}


def _entries(site: Site, frame: Frame) -> Iterator[tuple[str, Callable[[int], FoundEntry]]]:
    """Each entry as the id of its note and what makes it for that note's number."""
    for shared in site.ledgers.quotations.quotations:
        yield shared.told.note.card.id, partial(_quotation, told=shared.told)
    for event in site.ledgers.events.events:
        yield event.note.card.id, partial(_event, told=event)
    for note in site.notes:
        for figure in figures_of(site, frame, note):
            yield note.card.id, partial(_figure, note=note, figure=figure)


def _quotation(number: int, told: NoteQuotation) -> FoundEntry:
    card = told.note.card
    return FoundEntry(
        kind="q",
        number=number,
        text=told.text,
        where=f"{card.url}#{told.anchor}",
        date=told.day.isoformat(),
        speaker=told.name,
        marking=rank(highest((card.marking, told.marking, told.speaker.marking if told.speaker else "TLP:CLEAR"))),
    )


def _event(number: int, told: NoteEvent) -> FoundEntry:
    card = told.note.card
    return FoundEntry(
        kind="e",
        number=number,
        text=told.event.title,
        where=card.url,
        date=told.when.text,
        speaker="",
        marking=rank(highest((card.marking, told.marking))),
    )


def _figure(number: int, note: LinkedNote, figure: FigureView) -> FoundEntry:
    value = f"{figure.value} ({figure.period})" if figure.period else figure.value
    return FoundEntry(
        kind="f",
        number=number,
        text=f"{figure.name}: {value}",
        where=figure.url or note.card.url,
        date=figure.as_of.isoformat(),
        speaker="",
        marking=rank(highest((note.card.marking, figure.marking, figure.topic.marking))),
    )
