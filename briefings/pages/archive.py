"""The archive of notes: all of them, and those of each year and month."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Literal

from briefings.pages.frame import page_view, site_view
from briefings.pages.index_views import ArchiveView, MonthLink, MonthOfNotes, YearLink
from briefings.pages.pagination import paginate
from briefings.pages.parts import Crumb
from briefings.site.cards import NoteCard
from briefings.site.model import Site
from briefings.text import MONTHS


def archive_views(site: Site) -> Iterator[ArchiveView]:
    """Every page of the archive: `notes/`, `notes/2017/`, `notes/2017/12/`, each with its further pages."""
    newest_first = [note.card for note in reversed(site.notes)]
    years = _years(newest_first)
    yield from _pages(site, years, newest_first, "notes/", "Notes", "all", None, ())
    of_notes = (Crumb("Notes", "notes/"),)
    for year, in_year in groupby(newest_first, key=lambda c: c.date.year):
        cards = list(in_year)
        url = f"notes/{year}/"
        yield from _pages(site, years, cards, url, f"Notes of {year}", "year", dt.date(year, 1, 1), of_notes)
        for month, in_month in groupby(cards, key=lambda c: c.date.month):
            title = f"Notes of {MONTHS[month - 1]} {year}"
            crumbs = (*of_notes, Crumb(str(year), url))
            yield from _pages(site, years, list(in_month), f"{url}{month:02}/", title, "month", dt.date(year, month, 1), crumbs)


def _pages(
    site: Site,
    years: tuple[YearLink, ...],
    cards: Sequence[NoteCard],
    url: str,
    title: str,
    span: Literal["all", "year", "month"],
    start: dt.date | None,
    crumbs: tuple[Crumb, ...],
) -> Iterator[ArchiveView]:
    for part in paginate(cards, site.config.page_sizes.notes, url):
        page = page_view(site, part.url, title, "", "notes", crumbs)
        yield ArchiveView(site_view(site), page, span, start, _months(part.items), years, part.pagination)


def _months(cards: Iterable[NoteCard]) -> tuple[MonthOfNotes, ...]:
    return tuple(MonthOfNotes(start, tuple(group)) for start, group in groupby(cards, key=lambda c: c.date.replace(day=1)))


def _years(cards: Iterable[NoteCard]) -> tuple[YearLink, ...]:
    counts = Counter(card.date.replace(day=1) for card in cards)
    years = []
    for year, starts in groupby(sorted(counts, reverse=True), key=lambda start: start.year):
        months = tuple(MonthLink(s, f"notes/{year}/{s.month:02}/", counts[s]) for s in sorted(starts))
        years.append(YearLink(year, f"notes/{year}/", sum(m.notes for m in months), months))
    return tuple(years)
