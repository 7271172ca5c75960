"""What pages show of events."""

from __future__ import annotations

from briefings.core.language import Language
from briefings.pages.make.dates_in_words import date_view
from briefings.pages.views.event_views import EventView
from briefings.site.ledgers.timelines import NoteEvent
from briefings.site.linked import LinkedNote, LinkedTopic
from briefings.site.model import Site

TIMELINE_SHOWN = 20


def event_view(site: Site, told: NoteEvent, language: Language, *, page_of: LinkedNote | None = None) -> EventView:
    """An event, on the page of the note `page_of` or anywhere else."""
    event = told.event
    return EventView(
        id=event.id,
        title=event.title,
        when=date_view(told.when, site.zone, language, ahead=told.status == "expected"),
        status=told.status,
        place=told.where,
        actors=told.actors,
        marking=told.marking,
        note=None if told.note is page_of else told.note.ref,
    )


def timeline(site: Site, topic: LinkedTopic, language: Language) -> tuple[tuple[EventView, ...], int]:
    """The newest events of a topic, newest first, and how many there are in all."""
    told = site.ledgers.events.of_topic.get(topic.link.id, ())
    return tuple(event_view(site, one, language) for one in told[:TIMELINE_SHOWN]), len(told)


def events_of(site: Site, note: LinkedNote, language: Language) -> tuple[EventView, ...]:
    """What a note's own page shows of its events, in the author's order."""
    return tuple([event_view(site, told, language, page_of=note) for told in site.ledgers.events.of_note.get(note.card.id, ())])
