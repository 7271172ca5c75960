"""The pages of sources and their index."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from briefings.core.text import collation
from briefings.pages.frame import Frame, page_view
from briefings.pages.make.citation_parts import citation_view
from briefings.pages.make.event_parts import events_of
from briefings.pages.make.figure_parts import figures_of
from briefings.pages.make.pagination import paginate
from briefings.pages.make.position_parts import positions_of
from briefings.pages.make.quotation_parts import quotations_of
from briefings.pages.make.text_parts import NO_TEXT, page_text
from briefings.pages.make.withdrawals import withdrawn_by_page, withdrawn_notes
from briefings.pages.views.index_views import SourceCard, SourcesView
from briefings.pages.views.record_views import CitedDocument, SourceView
from briefings.site.linked import LinkedNote, LinkedSource
from briefings.site.model import Site


def source_card(source: LinkedSource) -> SourceCard:
    """A source as the index shows it."""
    header = source.record.header
    citing = {note.card.id for note, _ in source.citations}
    return SourceCard(source.link, header.summary, header.reliability, len(citing))


def sources_view(site: Site, frame: Frame) -> SourcesView:
    """All sources, A to Z."""
    cards = sorted((source_card(s) for s in site.sources.values()), key=lambda c: collation(c.source.name))
    return SourcesView(frame.site, page_view(frame, "sources/", frame.sections["sources"].title, "", "sources"), tuple(cards), len(cards))


def source_views(site: Site, frame: Frame, source: LinkedSource) -> Iterator[SourceView]:
    """The pages of `source`, newest citing note first."""
    card, record = source_card(source), source.record
    parts = list(paginate(source.citations[::-1], site.config.page_sizes.source, source.link.url, frame.language))
    gone = withdrawn_notes(site, ("source", source.link.id))
    withdrawn = withdrawn_by_page(gone, [part.items[-1][0].card.when if part.items else None for part in parts])
    for part, gone_here in zip(parts, withdrawn, strict=True):
        page = page_view(frame, part.url, source.link.name + part.title, card.summary, "sources", (frame.sections["sources"],))
        first = part.number == 1
        text, outline = page_text(record, source.targets, page.root) if first else NO_TEXT
        yield SourceView(
            site=frame.site,
            page=page,
            card=card if first else structs.replace(card, notes=None),
            url=record.header.url,
            rationale=record.header.rationale if first else "",
            rated=record.header.rated.day(site.zone) if first and record.header.rated else None,
            body=text,
            outline=outline,
            citations=tuple([_cited(site, frame, source, note, number) for note, number in part.items]),
            pagination=part.pagination,
            withdrawn=gone_here,
        )


def _cited(site: Site, frame: Frame, source: LinkedSource, note: LinkedNote, number: int) -> CitedDocument:
    """The document with this `number` in `note`, with the entries of the note that rest on it."""
    citation = citation_view(site, note, number)
    told = {event.id for event in note.record.header.events if event.source == citation.id}
    return CitedDocument(
        note=note.ref,
        citation=citation,
        copied=note.record.header.sources[number - 1].source != source.link.id,
        positions=tuple([one for one in positions_of(site, note) if one.source and one.source.anchor == citation.anchor]),
        figures=tuple([one for one in figures_of(site, frame, note) if one.source and one.source.anchor == citation.anchor]),
        quotations=tuple([one for one in quotations_of(site, note) if (mark := one.tellings[0].source) and mark.anchor == citation.anchor]),
        events=tuple([one for one in events_of(site, note, frame.language) if one.id in told]) if told else (),
    )
