"""The pages that list quotations: all, those of each year and those of each speaker; and their table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Literal

from msgspec import Struct, structs

from briefings.core.text import collation
from briefings.pages.frame import Frame, ledger_page
from briefings.pages.make.citation_parts import source_mark
from briefings.pages.make.pagination import paginate
from briefings.pages.make.quotation_parts import quotation_views, speaker_address
from briefings.pages.views.machine_views import TableView
from briefings.pages.views.quotation_views import QuotationsView, SpeakerLink, YearOfQuotations
from briefings.site.cards import ActorLink
from briefings.site.ledgers.quotations import NoteQuotation, SharedQuotation
from briefings.site.model import Site
from briefings.site.visibility import highest

COLUMNS = (
    *("date", "speaker", "name", "text", "place", "event", "relayed_by", "original_language", "original", "attribution"),
    *("note", "url", "source", "grade", "marking"),
)


class _Span(Struct, frozen=True):
    """What a list of quotations covers: all, those of one year or those of one speaker."""

    name: Literal["all", "year", "speaker"]
    url: str
    """Of the first page of the list."""
    title: str
    about: str = ""
    speaker: ActorLink | None = None


def quotations_views(site: Site, frame: Frame) -> Iterator[QuotationsView]:
    """Every page of quotations, newest first: `quotations/`, `quotations/2017/`, `quotations/by/un/`."""
    crumb = frame.ledgers["quotations"]
    ledger, language = site.ledgers.quotations, frame.language
    by_year = [(year, tuple(said)) for year, said in groupby(ledger.quotations, key=lambda one: one.told.day.year)]
    of_all = _Span("all", crumb.url, crumb.title, language.gettext("Who said what, when and on whose word."))
    front, *older = _pages(site, frame, of_all, ledger.quotations)
    years = tuple(YearOfQuotations(year, f"{crumb.url}{year}/", len(said)) for year, said in by_year)
    actors = sorted((site.actors[identifier].link for identifier in ledger.of_actor), key=lambda link: collation(link.name))
    speakers = tuple(SpeakerLink(link, speaker_address(link.id), len(ledger.of_actor[link.id])) for link in actors)
    yield structs.replace(front, years=years, speakers=speakers)
    yield from older
    for year, said in by_year:
        title = language.gettext("Quotations of %(time)s", time=year)
        yield from _pages(site, frame, _Span("year", f"{crumb.url}{year}/", title), said)
    for link in actors:
        title = language.gettext("Quotations of %(name)s", name=link.name)
        yield from _pages(site, frame, _Span("speaker", speaker_address(link.id), title, speaker=link), ledger.of_actor[link.id])


def _pages(site: Site, frame: Frame, span: _Span, quotations: Sequence[SharedQuotation]) -> Iterator[QuotationsView]:
    for part in paginate(quotations, site.config.page_sizes.ledger, span.url, frame.language):
        yield QuotationsView(
            site=frame.site,
            page=ledger_page(frame, "quotations", part.url, span.title + part.title, span.about),
            span=span.name,
            speaker=span.speaker,
            quotations=quotation_views(site, part.items),
            years=(),
            speakers=(),
            pagination=part.pagination,
        )


def quotations_table(site: Site, frame: Frame) -> TableView:
    """All quotations, newest first; one that stands in several notes has a row for each."""
    rows = (_row(site, frame, one.told, telling) for one in site.ledgers.quotations.quotations for telling in one.tellings)
    return TableView(COLUMNS, tuple(rows))


def _row(site: Site, frame: Frame, told: NoteQuotation, telling: NoteQuotation) -> tuple[str, ...]:
    card, source = telling.note.card, source_mark(site, telling.note, telling.source)
    relay = told.relayed_by
    named = [one.marking for one in (told.speaker, told.event, relay, source) if one is not None and not isinstance(one, str)]
    return (
        told.day.isoformat(),
        told.speaker.id if told.speaker else "",
        told.name,
        telling.text,
        told.place,
        told.event.title if told.event else "",
        relay.name if isinstance(relay, ActorLink) else relay or "",
        told.original.language if told.original else "",
        told.original.text if told.original else "",
        told.attribution,
        card.id,
        f"{frame.site.home}{card.url}#{telling.anchor}",
        source.name if source else "",
        source.grade if source else "",
        highest((card.marking, telling.marking, *named)),
    )
