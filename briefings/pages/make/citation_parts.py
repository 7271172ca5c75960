"""What pages show of the sources of notes and of their entries."""

from __future__ import annotations

from briefings.content.records import Citation
from briefings.pages.views.citation_views import CitationView, SourceMark
from briefings.site.linked import LinkedNote, LinkedSource
from briefings.site.model import Site


def citation_view(site: Site, number: int, citation: Citation) -> CitationView:
    """A source of a note. Its grade joins the source's reliability and the piece's credibility."""
    source = site.sources.get(citation.source)
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
        grade=_grade(source, citation),
    )


def _grade(source: LinkedSource | None, citation: Citation) -> str:
    return (source.record.header.reliability if source else "") + (str(citation.credibility) if citation.credibility else "")


def source_mark(site: Site, note: LinkedNote, identifier: str) -> SourceMark | None:
    """The source of `note` with this id, as its entries show it; None where there is none."""
    if not identifier:
        return None
    for number, citation in enumerate(note.record.header.sources, 1):
        if citation.id == identifier:
            source = site.sources.get(citation.source)
            name = (source.link.name if source else "") or citation.title or citation.url or identifier
            marking = source.link.marking if source else "TLP:CLEAR"
            return SourceMark(name, number, anchor=f"source-{identifier}", grade=_grade(source, citation), marking=marking)
    return None
