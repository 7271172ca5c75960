"""What pages show of events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from briefings.core.language import Language
from briefings.pages.frame import Frame, ledger_page
from briefings.pages.make.citation_parts import source_mark
from briefings.pages.make.dates_in_words import date_view
from briefings.pages.make.pagination import paginate
from briefings.pages.make.time_bands import time_band
from briefings.pages.views.event_views import EventView, Timeline, TimelineView
from briefings.pages.views.machine_views import TableView
from briefings.site.ledgers.timelines import NoteEvent
from briefings.site.linked import LinkedNote
from briefings.site.model import Site
from briefings.site.visibility import highest

TIMELINE_SHOWN = 20


def event_view(site: Site, told: NoteEvent, language: Language, *, page_of: LinkedNote | None = None) -> EventView:
    """An event, on the page of the note `page_of` or anywhere else."""
    event = told.event
    return EventView(
        id=event.id,
        title=event.title,
        when=date_view(told.when, site.zone, language, ahead=told.status == "expected"),
        status=told.status,
        place=told.place,
        actors=told.actors,
        source=source_mark(site, told.note, event.source),
        marking=told.marking,
        note=None if told.note is page_of else told.note.ref,
    )


def timeline(site: Site, told: Sequence[NoteEvent], language: Language) -> Timeline | None:
    """The newest events of a topic or an actor, which has those that are `told`; None where there are none."""
    if not told:
        return None
    events = tuple(event_view(site, one, language) for one in told[:TIMELINE_SHOWN])
    return Timeline(events, len(told), time_band(events, language))


def timeline_views(site: Site, frame: Frame) -> Iterator[TimelineView]:
    """The pages of all events, newest first."""
    crumb = frame.ledgers["timeline"]
    about = frame.language.gettext("What happened, and what is to happen.")
    for part in paginate(site.ledgers.events.events, site.config.page_sizes.ledger, crumb.url, frame.language):
        page = ledger_page(frame, "timeline", part.url, crumb.title + part.title, about)
        events = tuple([event_view(site, told, frame.language) for told in part.items])
        yield TimelineView(site=frame.site, page=page, events=events, band=time_band(events, frame.language), pagination=part.pagination)


def timeline_table(site: Site, frame: Frame) -> TableView:
    """All events, newest first."""
    return event_table(site.ledgers.events.events, frame)


def event_table(events: Iterable[NoteEvent], frame: Frame) -> TableView:
    """Events in their order, as a table."""
    rows = []
    for told in events:
        event, card = told.event, told.note.card
        actors, topics = (" ".join(link.id for link in links) for links in (told.actors, told.topics))
        marking = highest((told.marking, card.marking, *(one.marking for one in told.actors), *(one.marking for one in told.topics)))
        url = frame.site.home + card.url
        rows.append((told.when.text, event.title, told.status, told.place, actors, topics, event.id, card.id, url, marking))
    return TableView(("date", "title", "status", "place", "actors", "topics", "id", "note", "url", "marking"), tuple(rows))


def events_of(site: Site, note: LinkedNote, language: Language) -> tuple[EventView, ...]:
    """What a note's own page shows of its events, in the author's order."""
    return tuple([event_view(site, told, language, page_of=note) for told in site.ledgers.events.of_note.get(note.card.id, ())])
