"""The archive of notes: all of them, and those of each year and month."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Literal

from msgspec import Struct, structs

from briefings.content.schema.dates import first_day
from briefings.pages.frame import Frame, page_view
from briefings.pages.make.pagination import paginate
from briefings.pages.make.withdrawals import withdrawn_by_page, withdrawn_notes
from briefings.pages.views.index_views import ArchiveView, MonthLink, MonthOfNotes, YearLink
from briefings.pages.views.parts import Crumb
from briefings.pages.views.withdrawal_views import WithdrawnRecord
from briefings.site.linked import LinkedNote, Withdrawn
from briefings.site.model import Site


class _Span(Struct, frozen=True):
    """The time that a list of notes covers."""

    name: Literal["all", "year", "month"]
    url: str
    """Of the first page of the list."""
    title: str
    start: dt.date | None = None
    """Its first day; None for all notes."""
    crumbs: tuple[Crumb, ...] = ()


def _year(note: LinkedNote) -> int:
    return note.card.date.year


def _month(note: LinkedNote) -> tuple[int, int]:
    return note.card.date.year, note.card.date.month


def _month_of(withdrawn: Withdrawn | WithdrawnRecord) -> tuple[int, int]:
    year, month, _ = first_day(withdrawn.published).split("-")
    return int(year), int(month)


def archive_views(site: Site, frame: Frame) -> Iterator[ArchiveView]:
    """Every page of the archive: `notes/`, `notes/2017/`, `notes/2017/12/`, each with its further pages."""
    newest_first, language = site.notes[::-1], frame.language
    counted = _years(newest_first)
    years = tuple(structs.replace(year, notes=None, months=tuple(structs.replace(m, notes=None) for m in year.months)) for year in counted)
    gone = withdrawn_notes(site)
    pages_of = partial(_pages, frame=frame, size=site.config.page_sizes.notes, years=years)
    of_all = _Span("all", "notes/", frame.sections["notes"].title)
    front, *older = pages_of(span=of_all, notes=newest_first, withdrawn=gone)
    yield structs.replace(front, years=counted)
    yield from older
    of_notes = (frame.sections["notes"],)
    for year, in_year in groupby(newest_first, key=_year):
        notes = list(in_year)
        title = language.gettext("Notes of %(time)s", time=year)
        of_year = _Span("year", f"notes/{year}/", title, start=dt.date(year, 1, 1), crumbs=of_notes)
        gone_in_year = [one for one in gone if _month_of(one)[0] == year]
        yield from pages_of(span=of_year, notes=notes, withdrawn=gone_in_year)
        for (_, month), in_month in groupby(notes, key=_month):
            start = dt.date(year, month, 1)
            of_month = _Span(
                "month",
                f"{of_year.url}{month:02}/",
                language.gettext("Notes of %(time)s", time=language.date(start, "month_year")),
                start=start,
                crumbs=(*of_notes, Crumb(str(year), of_year.url)),
            )
            gone_in_month = [one for one in gone_in_year if _month_of(one)[1] == month]
            yield from pages_of(span=of_month, notes=list(in_month), withdrawn=gone_in_month)


def _pages(
    *, frame: Frame, size: int, years: tuple[YearLink, ...], span: _Span, notes: Sequence[LinkedNote], withdrawn: Sequence[Withdrawn]
) -> Iterator[ArchiveView]:
    parts = list(paginate(notes, size, span.url, frame.language))
    stood = withdrawn_by_page(withdrawn, [part.items[-1].card.when if part.items else None for part in parts])
    for part, gone in zip(parts, stood, strict=True):
        yield ArchiveView(
            site=frame.site,
            page=page_view(frame, part.url, span.title + part.title, "", "notes", span.crumbs),
            span=span.name,
            start=span.start,
            months=_months(part.items, gone),
            years=years,
            pagination=part.pagination,
        )


def _months(notes: Iterable[LinkedNote], withdrawn: Iterable[WithdrawnRecord]) -> tuple[MonthOfNotes, ...]:
    shown = {month: tuple(note.ref for note in group) for month, group in groupby(notes, key=_month)}
    gone = {month: tuple(group) for month, group in groupby(withdrawn, key=_month_of)}
    return tuple(
        MonthOfNotes(dt.date(*month, 1), shown.get(month, ()), gone.get(month, ())) for month in sorted({*shown, *gone}, reverse=True)
    )


def _years(notes: Iterable[LinkedNote]) -> tuple[YearLink, ...]:
    counts = Counter(map(_month, notes))
    years = []
    for year, in_year in groupby(sorted(counts, reverse=True), key=itemgetter(0)):
        in_order = sorted(in_year)
        months = tuple(MonthLink(dt.date(year, m, 1), f"notes/{year}/{m:02}/", counts[year, m]) for _, m in in_order)
        years.append(YearLink(year, f"notes/{year}/", sum(counts[month] for month in in_order), months))
    return tuple(years)
