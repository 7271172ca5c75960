"""The home page, free-standing pages, and the pages for addresses that do not exist, or no longer."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from msgspec import structs

from briefings.content.headers import Priority
from briefings.core.text import collation
from briefings.core.urls import base_path
from briefings.pages.frame import Frame, page_view
from briefings.pages.make.calendar_parts import coming
from briefings.pages.make.ranking import ranked
from briefings.pages.make.text_parts import page_text
from briefings.pages.make.topics import topic_card
from briefings.pages.make.withdrawals import withdrawn_by_page, withdrawn_notes, withdrawn_record
from briefings.pages.views.index_views import DayOfNotes, HomeView, LeadNote
from briefings.pages.views.parts import ActorCount, TopicCard
from briefings.pages.views.record_views import FreePageView, NotFoundView
from briefings.pages.views.withdrawal_views import MovedView, WithdrawnRecord, WithdrawnView
from briefings.site.cards import ActorLink
from briefings.site.linked import LinkedNote, LinkedPage, Redirect, Withdrawn
from briefings.site.model import Site

FRONT = 3
"""Notes that open the home page: the one that leads, and the next two."""
PRIORITIES: tuple[Priority, ...] = ("high", "normal", "low")
"""In the order in which the notes of a day are listed."""
FRONT_DAYS = 3
"""A note of high priority goes before newer ones within so many days, counted from the newest note's."""
LEAD_ACTORS = 4
TOPICS_SHOWN = 8
MOST_NAMED_SHOWN = 10
MOST_NAMED_DAYS = 90


def home_view(site: Site, frame: Frame) -> HomeView:
    """The front page: of the last days' notes, the one with the highest priority leads; among equals, the newest."""
    newest_first = site.notes[::-1]
    shown = newest_first[: FRONT + site.config.page_sizes.home]
    front = _front(shown)
    lead = front[0] if front else None
    days = groupby((note for note in _by_priority(shown) if note not in front), key=lambda n: n.card.when)
    return HomeView(
        site=frame.site,
        page=page_view(frame, "", "", site.config.description, "home"),
        edition=newest_first[0].card.when if newest_first else "",
        lead=LeadNote(lead.ref, tuple(actor for actor, _ in lead.actors[:LEAD_ACTORS])) if lead else None,
        next=tuple(n.ref for n in front[1:]),
        days=tuple(DayOfNotes(day, tuple(n.ref for n in notes)) for day, notes in days),
        topics=_topics(site),
        coming=coming(site, frame.language),
        most_named=_most_named(newest_first),
        notes=len(site.notes),
        withdrawn=_withdrawn(site, shown),
    )


def _by_priority(newest_first: Sequence[LinkedNote]) -> list[LinkedNote]:
    """The notes of each day by priority, the days and equals newest first."""
    return sorted(newest_first, key=lambda n: (-n.card.date.toordinal(), -len(n.card.when), PRIORITIES.index(n.card.priority)))


def _front(shown: Sequence[LinkedNote]) -> list[LinkedNote]:
    """Those of the notes shown (newest first) that open the page: of the last days by priority, then the newest."""
    if not shown:
        return []
    since = shown[0].card.date - dt.timedelta(days=FRONT_DAYS - 1)
    recent = sorted((n for n in shown if n.card.date >= since), key=lambda n: PRIORITIES.index(n.card.priority))
    order = [*recent, *shown[len(recent) :]]
    # A note of low priority is not among them while there are others.
    order.sort(key=lambda n: n.card.priority == "low")
    return order[:FRONT]


def _withdrawn(site: Site, shown: Sequence[LinkedNote]) -> tuple[WithdrawnRecord, ...]:
    """Withdrawn notes that stood among the notes that the home page shows."""
    older = len(shown) < len(site.notes)
    return next(withdrawn_by_page(withdrawn_notes(site), [shown[-1].card.when, None] if older else [None]))


def _topics(site: Site) -> tuple[TopicCard, ...]:
    """Topics in the order in which they need watching: those with alerts, those that change, then the others by their newest note."""
    cards = [topic_card(site, t) for t in site.topics.values() if t.notes or (t.record and t.record.header.status)]
    cards.sort(key=lambda c: collation(c.topic.name))
    cards.sort(key=lambda c: (*_urgency(c), c.latest, c.notes), reverse=True)
    return tuple(cards[:TOPICS_SHOWN])


def _urgency(card: TopicCard) -> tuple[bool, bool, int]:
    status = card.status
    if status is None:
        return (False, False, 0)
    return (True, bool(status.alerts), ("stable", "improving", "worsening").index(status.trend))


def _most_named(newest_first: Sequence[LinkedNote]) -> tuple[ActorCount, ...]:
    if not newest_first:
        return ()
    since = newest_first[0].card.date - dt.timedelta(days=MOST_NAMED_DAYS)
    counts: Counter[ActorLink] = Counter()
    for note in newest_first:
        if note.card.date < since:
            break
        counts.update(actor for actor, _ in note.actors)
    return tuple(ActorCount(actor, count) for actor, count in ranked(counts, MOST_NAMED_SHOWN))


def free_page_view(frame: Frame, linked: LinkedPage) -> FreePageView:
    """A free-standing page."""
    header = linked.record.header
    page = page_view(frame, linked.url, header.title, header.summary, "pages")
    text, outline = page_text(linked.record, linked.targets, page.root)
    return FreePageView(site=frame.site, page=page, summary=header.summary, body=text, outline=outline)


def not_found_view(site: Site, frame: Frame) -> NotFoundView:
    """The 404 page: its links begin at the base path, because it is shown at addresses of any depth."""
    at_root = structs.replace(frame, root=base_path(site.config.url))
    page = page_view(at_root, "404.html", frame.language.gettext("Page not found"), "", "404")
    return NotFoundView(frame.site, page, tuple(n.ref for n in site.notes[:-4:-1]))


def withdrawn_view(frame: Frame, withdrawn: Withdrawn) -> WithdrawnView:
    """The page that stands where a record was."""
    page = page_view(frame, withdrawn.url, frame.language.gettext("Withdrawn"), "", "withdrawn")
    return WithdrawnView(frame.site, page, withdrawn_record(withdrawn))


def moved_view(frame: Frame, moved: Redirect) -> MovedView:
    """The page at an old address of a record."""
    page = page_view(frame, moved.url, frame.language.gettext("Moved"), "", "withdrawn")
    return MovedView(frame.site, structs.replace(page, canonical=frame.site.home + moved.to), moved.to, moved.marking)
