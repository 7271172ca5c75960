"""What pages show of quotations."""

from __future__ import annotations

from collections.abc import Iterable

from briefings.core.urls import encode
from briefings.pages.make.citation_parts import source_mark
from briefings.pages.views.quotation_views import EventMark, OriginalView, QuotationView, TellingView
from briefings.site.cards import ActorLink, TopicLink
from briefings.site.ledgers.quotations import NoteQuotation, SharedQuotation
from briefings.site.linked import LinkedNote
from briefings.site.model import Site


def speaker_address(actor: str) -> str:
    """The address of the page with all quotations of an actor."""
    return f"quotations/by/{encode(actor)}/"


def quotation_views(site: Site, quotations: Iterable[SharedQuotation]) -> tuple[QuotationView, ...]:
    """What pages show of quotations, each with all notes in which it stands."""
    return tuple([_view(site, one.told, one.topics, one.tellings, elsewhere=True) for one in quotations])


def quotations_of(site: Site, note: LinkedNote) -> tuple[QuotationView, ...]:
    """The quotations of a note, as its own page shows them."""
    return tuple([_view(site, one, (), (one,), elsewhere=False) for one in site.ledgers.quotations.of_note.get(note.card.id, ())])


def _view(
    site: Site, told: NoteQuotation, topics: tuple[TopicLink, ...], tellings: Iterable[NoteQuotation], *, elsewhere: bool
) -> QuotationView:
    """A quotation; with links to the notes that have it where the page is `elsewhere`, not their own."""
    event, relay = told.event, told.relayed_by
    return QuotationView(
        paragraphs=tuple(filter(None, (line.strip() for line in told.text.split("\n")))),
        name=told.name,
        speaker=told.speaker,
        date=told.day,
        place=told.place,
        event=EventMark(event.title, event.url, event.marking) if event else None,
        relayed_by=relay.name if isinstance(relay, ActorLink) else relay or "",
        relay=relay if isinstance(relay, ActorLink) else None,
        original=OriginalView(told.original.language, told.original.text) if told.original else None,
        attribution=told.attribution,
        topics=topics,
        tellings=tuple(
            [
                TellingView(one.note.ref if elsewhere else None, one.anchor, source_mark(site, one.note, one.source), one.marking)
                for one in tellings
            ]
        ),
        in_text=told.in_text and not elsewhere,
        marking=told.marking,
    )
