"""The page of a note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from briefings.content.records import Citation, Reference
from briefings.pages.frame import page_view, site_view
from briefings.pages.offices import offices_on
from briefings.pages.parts import Crumb
from briefings.pages.text import text_fields
from briefings.pages.views import Backlink, CitationView, DatelineView, InvolvementView, NoteView, RelatedNote
from briefings.site.cards import NoteCard
from briefings.site.model import LinkedNote, Site
from briefings.site.related import Relation
from briefings.text import listing

BACKLINKS_SHOWN = 20

Neighbours = Mapping[str, tuple[NoteCard | None, NoteCard | None]]


def neighbours(site: Site) -> Neighbours:
    """Note id to the notes before and after it in its main topic."""
    found = {}
    for identifier, topic in site.topics.items():
        cards = [n.card for n in topic.notes if n.topics[0].id == identifier]
        for before, card, after in zip([None, *cards], cards, [*cards[1:], None], strict=False):
            found[card.id] = (before, after)
    return found


def note_view(site: Site, note: LinkedNote, around: Neighbours, relations: Sequence[Relation]) -> NoteView:
    """All that the page of `note` shows."""
    header, card = note.record.header, note.card
    crumbs = (Crumb("Notes", "notes/"),)
    page = page_view(site, card.url, card.title, card.summary, "notes", crumbs)
    linking_here = site.backlinks.get(card.id, ())
    earlier, later = around.get(card.id, (None, None))
    beside = {c.id for c in (earlier, later) if c is not None}
    dateline = header.dateline
    day = (dateline.date.day(site.zone) if dateline.date else card.date) if dateline else card.date
    return NoteView(
        site=site_view(site),
        page=page,
        note=card,
        published=header.date.text,
        updated=header.updated.day(site.zone) if header.updated else None,
        updated_iso=header.updated.text if header.updated else "",
        dateline=DatelineView(dateline.place, day, dateline.agency) if dateline else None,
        words=note.record.body.words,
        **text_fields(note.record.body, note.targets, page.root),
        topics=note.topics,
        actors=tuple(
            InvolvementView(actor, role, offices_on(site.actors[actor.id].record, day, site.actors)) for actor, role in note.actors
        ),
        sources=tuple(citation_view(site, number, citation) for number, citation in enumerate(header.sources, 1)),
        earlier=earlier,
        later=later,
        # The neighbours have a place of their own; naming them twice would say nothing.
        related=tuple(RelatedNote(r.note.card, _reason(r)) for r in relations if r.note.card.id not in beside),
        backlinks=tuple(_backlink(linking, reference) for linking, reference in linking_here[:BACKLINKS_SHOWN]),
        backlinks_total=len(linking_here),
    )


def citation_view(site: Site, number: int, citation: Citation) -> CitationView:
    """A source of a note. Its grade joins the source's reliability and the piece's credibility."""
    source = site.sources.get(citation.source)
    reliability = source.record.header.reliability if source else ""
    credibility = str(citation.credibility) if citation.credibility else ""
    return CitationView(
        id=citation.id,
        anchor=f"source-{citation.id}",
        number=number,
        source=source.link if source else None,
        title=citation.title,
        url=citation.url,
        date=citation.date.day(site.zone) if citation.date else None,
        accessed=citation.accessed.day(site.zone) if citation.accessed else None,
        archived=citation.archived,
        grade=reliability + credibility,
    )


def _reason(relation: Relation) -> str:
    parts = []
    if relation.topics:
        parts.append("also on " + listing(t.name for t in relation.topics[:2]))
    if relation.actors:
        named = [a.name for a in relation.actors]
        shown = named[:2] if len(named) > 3 else named
        rest = [f"{len(named) - len(shown)} others"] if len(named) > len(shown) else []
        parts.append("names " + listing([*shown, *rest]))
    return "; ".join(parts)


def _backlink(linking: LinkedNote, reference: Reference) -> Backlink:
    return Backlink(linking.card, reference.before, reference.label, reference.after)
