"""The calendars that other programs read: of the site, of each topic and of each actor."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from msgspec import structs

from briefings.content.records import Kind
from briefings.content.schema.edtf import EventDate
from briefings.pages.frame import CALENDAR, Frame
from briefings.pages.views.machine_views import CalendarEntry, CalendarFileView
from briefings.site.ledgers.timelines import NoteEvent
from briefings.site.linked import LinkedActor, LinkedTopic, WithdrawnEvent
from briefings.site.model import Site
from briefings.site.visibility import highest

SHOWN = 200
"""Events in a calendar: the newest."""
_KNOWN = ("day", "instant")
_Owner = LinkedTopic | LinkedActor | None
"""Whose calendar it is; None for that of the site."""


def calendar_files(site: Site, frame: Frame) -> Iterator[tuple[str, CalendarFileView, _Owner]]:
    """Every calendar that the settings ask for and that has events, with its address and its topic or actor; None for that of the site."""
    if site.config.outputs.calendars == "none":
        return
    entries: dict[str, CalendarEntry] = {}

    def entry(told: NoteEvent) -> CalendarEntry:
        # An event stands in many calendars; its mark depends on what puts it there.
        found = entries.get(told.event.id) or entries.setdefault(told.event.id, _entry(site, frame, told))
        return structs.replace(found, marking=highest((found.marking, told.marking)))

    for owner in _owners(site):
        shown = _datable(_events(site, owner))[:SHOWN]
        found = [*map(entry, shown), *(_withdrawn(frame, gone) for gone in site.withdrawn_events.get(_key(owner), ()))]
        if found:
            title = f"{frame.site.title}: {owner.link.name}" if owner else frame.site.title
            yield (owner.link.url if owner else "") + CALENDAR, CalendarFileView(title, tuple(found)), owner


def with_calendar(site: Site, frame: Frame, owner: _Owner = None) -> Frame:
    """The frame for pages of a topic or an actor that has a calendar of its own; or for all pages, where the site has one."""
    wanted = site.config.outputs.calendars
    if wanted == "none" or (owner and wanted == "site"):
        return frame
    if not (_datable(_events(site, owner)) or site.withdrawn_events.get(_key(owner))):
        return frame
    return structs.replace(frame, calendar=(owner.link.url if owner else "") + CALENDAR)


def _owners(site: Site) -> Iterator[_Owner]:
    yield None
    if site.config.outputs.calendars == "all":
        yield from site.topics.values()
        yield from site.actors.values()


def _key(owner: _Owner) -> tuple[Kind, str] | None:
    """Under what the site has the withdrawn events of an owner."""
    return None if owner is None else ("topic" if isinstance(owner, LinkedTopic) else "actor", owner.link.id)


def _events(site: Site, owner: _Owner) -> Sequence[NoteEvent]:
    events = site.ledgers.events
    if owner is None:
        return events.events
    return (events.of_topic if isinstance(owner, LinkedTopic) else events.of_actor).get(owner.link.id, ())


def _datable(events: Sequence[NoteEvent]) -> list[NoteEvent]:
    """The events whose days are known, and with certainty: a calendar has no place for others."""
    return [told for told in events if _is_known(told.when)]


def _is_known(when: EventDate) -> bool:
    begin, end = when.begin, when.end
    return begin is not None and all(side is None or (side.precision in _KNOWN and not side.sign) for side in (begin, end))


def _entry(site: Site, frame: Frame, told: NoteEvent) -> CalendarEntry:
    header, card = told.note.record.header, told.note.card
    start, end = _span(told.when, site.zone)
    published = header.date.start(site.zone)
    changed = max(header.updated.start(site.zone), published) if header.updated else published
    return CalendarEntry(
        uid=_uid(told.event.id, frame),
        stamp=_in_utc(changed),
        start=start,
        end=end,
        title=told.event.title,
        place=told.place,
        url=frame.site.home + card.url,
        cancelled=told.status in ("cancelled", "postponed"),
        marking=highest((told.marking, card.marking)),
    )


def _withdrawn(frame: Frame, gone: WithdrawnEvent) -> CalendarEntry:
    """What takes an event back of which readers may know nothing else any more; its day is that of the withdrawal."""
    day = f"{gone.date:%Y%m%d}"
    return CalendarEntry(
        uid=_uid(gone.id, frame),
        stamp=f"{day}T000000Z",
        start=day,
        end="",
        title=frame.language.gettext("Withdrawn"),
        place="",
        url="",
        cancelled=True,
        marking=gone.marking,
    )


def _uid(identifier: str, frame: Frame) -> str:
    """A name that tells nothing of the event, for that of a withdrawn note is still published."""
    host = urlsplit(frame.site.home).hostname or "localhost"
    return f"{hashlib.blake2b(identifier.encode(), digest_size=10).hexdigest()}@{host}"


def _span(when: EventDate, zone: dt.tzinfo) -> tuple[str, str]:
    """When it begins and ends: days as days, or instants in UTC where either end is one."""
    begin, end = when.begin, when.end
    assert begin  # for its days are known  # noqa: S101
    if begin.precision == "day" and (end is None or end.precision == "day"):
        after = (end or begin).last + dt.timedelta(days=1)
        return f"{begin.first:%Y%m%d}", f"{after:%Y%m%d}" if after > begin.first else ""
    starts, ends = begin.starts(zone), end.ends(zone) if end else None
    return _in_utc(starts), _in_utc(ends) if ends and ends > starts else ""


def _in_utc(instant: dt.datetime) -> str:
    return f"{instant.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
