"""The pages that say what is new, updated, corrected and withdrawn, week by week, and their table."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from msgspec import structs

from briefings.core.language import Language
from briefings.core.text import collation
from briefings.pages.frame import Frame, ledger_page
from briefings.pages.make.pagination import pages_of
from briefings.pages.make.revision_parts import correction_in_words, correction_view
from briefings.pages.make.withdrawals import withdrawn_record
from briefings.pages.views.change_views import ChangesView, TopicChanges, UpdatedNote, WeekOfChanges
from briefings.pages.views.machine_views import TableView
from briefings.pages.views.revision_views import CorrectedNote
from briefings.site.cards import TopicLink
from briefings.site.ledgers.changes import Happening, What
from briefings.site.model import Site
from briefings.site.visibility import highest


def about_changes(language: Language) -> str:
    """What the pages and the feed of changes bring."""
    return language.gettext("What is new, updated, corrected and withdrawn, week by week.")


def changes_views(site: Site, frame: Frame) -> Iterator[ChangesView]:
    """The pages of all changes, newest week first."""
    crumb = frame.ledgers["changes"]
    fed = structs.replace(frame, feeds=frame.changes + frame.feeds)
    parts = _in_pages(_weeks(site.ledgers.changes.happenings), site.config.page_sizes.ledger)
    for part in pages_of(parts, crumb.url, frame.language):
        page = ledger_page(fed, "changes", part.url, crumb.title + part.title, about_changes(frame.language))
        yield ChangesView(frame.site, page, tuple([_week(site, monday, told) for monday, told in part.items]), part.pagination)


def changes_table(site: Site, frame: Frame) -> TableView:
    """All changes, newest first."""
    rows = []
    for one in site.ledgers.changes.happenings:
        if one.note:
            identifier, url, marking = one.note.card.id, one.note.card.url, one.note.card.marking
        elif one.withdrawn:
            identifier, url, marking = "", one.withdrawn.url, one.withdrawn.marking
        topic = one.topic.id if one.topic else ""
        marking = highest((marking, one.topic.marking)) if one.topic else marking
        rows.append((one.day.isoformat(), one.what, topic, _words(one, frame), identifier, frame.site.home + url, marking))
    return TableView(("date", "what", "topic", "remark", "note", "url", "marking"), tuple(rows))


def _words(one: Happening, frame: Frame) -> str:
    if one.correction:
        return correction_in_words(one.correction, frame.language)
    if one.withdrawn:
        return one.withdrawn.reason
    return one.change.change.note if one.change else ""


_Week = tuple[dt.date, list[Happening]]
"""A week's Monday, and what changed in that week, newest first."""


def _weeks(happenings: Iterable[Happening]) -> list[_Week]:
    """`happenings` (newest first) by week."""
    return [(monday, [*told]) for monday, told in groupby(happenings, key=lambda one: one.day - dt.timedelta(one.day.weekday()))]


def _in_pages(weeks: Sequence[_Week], size: int) -> list[list[_Week]]:
    """Cut `weeks` (newest first) into pages of whole weeks, newest first.

    They are counted from the oldest: a page is full with `size` changes, and only the newest takes more weeks after that, until they
    fill a page of their own. So a page once full never changes its weeks.
    """
    pages: list[list[_Week]] = []
    page: list[_Week] = []
    for week in reversed(weeks):
        page.insert(0, week)
        if sum(len(told) for _, told in page) >= size:
            pages.insert(0, page)
            page = []
    if page and pages:
        return [[*page, *pages[0]], *pages[1:]]
    return [page, *pages] if page else pages


def _week(site: Site, monday: dt.date, told: Iterable[Happening]) -> WeekOfChanges:
    by_topic: dict[TopicLink | None, list[Happening]] = defaultdict(list)
    for one in told:
        by_topic[one.topic].append(one)
    topics = sorted(by_topic, key=lambda topic: (topic is None, collation(topic.name) if topic else ("", "")))
    year, number, _ = monday.isocalendar()
    return WeekOfChanges(
        anchor=f"_{year}-w{number:02}",
        start=monday,
        end=monday + dt.timedelta(6),
        topics=tuple([_of_topic(site, topic, by_topic[topic]) for topic in topics]),
    )


def _of_topic(site: Site, topic: TopicLink | None, told: Sequence[Happening]) -> TopicChanges:
    return TopicChanges(
        topic=topic,
        new=tuple([one.note.ref for one in told if one.note and one.what == "new"]),
        major=_updates(told, "major"),
        corrected=tuple(
            [CorrectedNote(one.note.ref, correction_view(site, one.correction)) for one in told if one.note and one.correction]
        ),
        withdrawn=tuple([withdrawn_record(one.withdrawn) for one in told if one.withdrawn]),
        minor=_updates(told, "minor"),
    )


def _updates(told: Iterable[Happening], level: What) -> tuple[UpdatedNote, ...]:
    """The changes of one level."""
    return tuple(
        [
            UpdatedNote(one.note.ref, one.day, one.change.change.note if one.change else "", one.change.anchor if one.change else "")
            for one in told
            if one.note and one.what == level
        ]
    )
