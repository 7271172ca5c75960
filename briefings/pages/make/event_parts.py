"""What pages show of events."""

from __future__ import annotations

from briefings.pages.views.event_views import EventView
from briefings.site.ledgers.timelines import NoteEvent
from briefings.site.linked import LinkedNote, LinkedTopic
from briefings.site.model import Site

TIMELINE_SHOWN = 20


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


def timeline(site: Site, topic: LinkedTopic) -> tuple[tuple[EventView, ...], int]:
    """The newest events of a topic, newest first, and how many there are in all."""
    told = site.ledgers.events.of_topic.get(topic.link.id, ())
    return tuple(event_view(site, one) for one in told[:TIMELINE_SHOWN]), len(told)


def events_of(site: Site, note: LinkedNote) -> tuple[EventView, ...]:
    """What a note's own page shows of its events, in the author's order."""
    return tuple([event_view(site, told, elsewhere=False) for told in site.ledgers.events.of_note.get(note.card.id, ())])
