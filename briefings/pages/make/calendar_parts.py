"""What is ahead: the page that lists it by week and by topic, and the few events on home and topics."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from briefings.core.language import Language
from briefings.core.text import collation
from briefings.pages.frame import Frame, ledger_page
from briefings.pages.make.event_parts import event_table, event_view
from briefings.pages.views.event_views import CalendarView, EventView, PeriodAhead, TopicAhead
from briefings.pages.views.machine_views import TableView
from briefings.site.cards import TopicLink
from briefings.site.ledgers.timelines import NoteEvent
from briefings.site.model import Site

COMING_SHOWN = 5


def coming(site: Site, language: Language, topic: TopicLink | None = None) -> tuple[EventView, ...]:
    """The next events of a topic, or of the whole site, soonest first."""
    events = site.ledgers.events
    ahead = events.ahead if topic is None else events.ahead_of_topic.get(topic.id, ())
    return tuple([event_view(site, told, language) for told in ahead[:COMING_SHOWN]])


def calendar_views(site: Site, frame: Frame) -> Iterator[CalendarView]:
    """The page of what is ahead."""
    crumb = frame.ledgers["calendar"]
    language, ledger = frame.language, site.ledgers.events
    page = ledger_page(frame, "calendar", crumb.url, crumb.title, language.gettext("What is ahead, by week and by topic."))
    shown = ledger.ahead[: site.config.page_sizes.ledger]
    periods: dict[str, list[EventView]] = defaultdict(list)
    for told in shown:
        # A month or a year may begin within a week: the events of that week still stand together.
        periods[_period(told, site.zone, language)].append(event_view(site, told, language))
    known = {told.event.id for told in shown}
    topics = []
    for topic in sorted(ledger.ahead_of_topic, key=lambda one: collation(site.topics[one].link.name)):
        events = tuple([event_view(site, told, language) for told in ledger.ahead_of_topic[topic] if told.event.id in known])
        topics.append(TopicAhead(site.topics[topic].link, events))
    yield CalendarView(
        site=frame.site,
        page=page,
        periods=tuple([PeriodAhead(title, tuple(events)) for title, events in periods.items()]),
        topics=tuple(topic for topic in topics if topic.events),
        total=len(ledger.ahead),
    )


def calendar_table(site: Site, frame: Frame) -> TableView:
    """All events ahead, soonest first."""
    return event_table(site.ledgers.events.ahead, frame)


def _period(told: NoteEvent, zone: dt.tzinfo, language: Language) -> str:
    """The week in which an event begins; its month or year where no more is known."""
    begin = told.when.begin
    assert begin  # for it is ahead  # noqa: S101
    day = begin.starts(zone).astimezone(zone).date()
    if begin.precision in ("day", "instant"):
        return language.gettext("Week of %(date)s", date=language.date(day - dt.timedelta(days=day.weekday()), "long"))
    return language.date(day, "month_year") if begin.precision == "month" else str(day.year)
