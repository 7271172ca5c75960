"""What pages show of the sources of notes and of their entries."""

from __future__ import annotations

from briefings.content.headers import Citation
from briefings.pages.views.citation_views import CitationView, OriginView, SourceMark
from briefings.site.linked import LinkedNote, LinkedSource
from briefings.site.model import Site
from briefings.site.origins import independent


def citations_of(site: Site, note: LinkedNote) -> tuple[CitationView, ...]:
    """The sources of `note`, in the order of their numbers."""
    return tuple([citation_view(site, note, number) for number in range(1, len(note.record.header.sources) + 1)])


def citation_view(site: Site, note: LinkedNote, number: int) -> CitationView:
    """The source of `note` with this number, from 1. Its grade joins the source's reliability and the piece's credibility."""
    citation = note.record.header.sources[number - 1]
    source = site.sources.get(citation.source)
    return CitationView(
        id=citation.id,
        anchor=_anchor(citation),
        number=number,
        source=source.link if source else None,
        title=citation.title,
        url=citation.url,
        date=citation.date.day(site.zone) if citation.date else None,
        accessed=citation.accessed.day(site.zone) if citation.accessed else None,
        archived=citation.archived,
        grade=_grade(source, citation),
        origin=_copied(site, note, citation) if citation.origin else None,
        places=tuple([anchor for cited, anchor in note.record.body.cited if cited == citation.id]),
    )


def origins_of(site: Site, note: LinkedNote) -> tuple[OriginView, ...]:
    """What the sources of `note` go back to, each once; empty where each of them stands for itself."""
    header = note.record.header
    if len(header.sources) < 2:
        return ()
    found = independent(header, site.sources)
    if len(found) == len(header.sources):
        return ()
    return tuple([_record(site, record) if record else _cited(site, first) for first, record in found])


def _grade(source: LinkedSource | None, citation: Citation) -> str:
    return (source.record.header.reliability if source else "") + (str(citation.credibility) if citation.credibility else "")


def source_mark(site: Site, note: LinkedNote, identifier: str) -> SourceMark | None:
    """The source of `note` with this id, as its entries show it; None where there is none."""
    if not identifier:
        return None
    for number, citation in enumerate(note.record.header.sources, 1):
        if citation.id == identifier:
            source = site.sources.get(citation.source)
            marking = source.link.marking if source else "TLP:CLEAR"
            return SourceMark(_name(site, citation), number, anchor=_anchor(citation), grade=_grade(source, citation), marking=marking)
    return None


def _copied(site: Site, note: LinkedNote, citation: Citation) -> OriginView | None:
    """What a source of `note` copies; None where readers may not know it."""
    for other in note.record.header.sources:
        if other.id == citation.origin:
            return _cited(site, other)
    return _record(site, citation.origin) if citation.origin in site.sources else None


def _record(site: Site, identifier: str) -> OriginView:
    link = site.sources[identifier].link
    return OriginView(link.name, link.url, "", link.marking)


def _cited(site: Site, citation: Citation) -> OriginView:
    source = site.sources.get(citation.source)
    return OriginView(_name(site, citation), "", _anchor(citation), source.link.marking if source else "TLP:CLEAR")


def _name(site: Site, citation: Citation) -> str:
    """Who publishes a source of a note, or else what it is; never empty."""
    source = site.sources.get(citation.source)
    return (source.link.name if source else "") or citation.title or citation.url or citation.id


def _anchor(citation: Citation) -> str:
    return f"source-{citation.id}"
