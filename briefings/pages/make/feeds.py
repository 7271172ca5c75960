"""Feeds: the newest notes of the site, of each topic and of each actor, and the newest corrections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from msgspec import structs

from briefings.content.entries import Correction
from briefings.pages.frame import Frame, own_feed
from briefings.pages.make.entry_parts import correction_anchors
from briefings.pages.marks import marked_feed
from briefings.pages.views.machine_views import FeedItem, FeedView
from briefings.pages.views.parts import FeedLink
from briefings.site.model import LinkedActor, LinkedNote, LinkedTopic, Site

OF_SITE = 50
"""Notes in the feed of the site."""
OF_RECORD = 20
"""Notes in the feed of a topic or an actor."""


def feed_views(site: Site, frame: Frame) -> Iterator[tuple[FeedView, LinkedTopic | LinkedActor | None]]:
    """Every feed that the settings ask for, and whose it is; None for that of the site."""
    items: dict[str, FeedItem] = {}
    for link in frame.feeds:
        yield _feed(site, frame, link, "", site.config.description, site.notes[-OF_SITE:], items), None
    for link in frame.corrections:
        yield FeedView(frame.site, link, "", "What was wrong in notes, and what is right.", _corrections(site)), None
    for topic in site.topics.values():
        summary = topic.record.header.summary if topic.record else ""
        for link in own_feed(frame, topic.link.name, topic.link.url):
            yield _feed(site, frame, link, topic.link.url, summary, topic.notes[-OF_RECORD:], items), topic
    for actor in site.actors.values():
        summary = actor.record.header.summary if actor.record else ""
        for link in own_feed(frame, actor.link.name, actor.link.url):
            yield _feed(site, frame, link, actor.link.url, summary, [note for note, _ in actor.notes[-OF_RECORD:]], items), actor


def _feed(
    site: Site, frame: Frame, link: FeedLink, url: str, description: str, oldest_first: Iterable[LinkedNote], items: dict[str, FeedItem]
) -> FeedView:
    found = []
    for note in oldest_first:
        # A note stands in many feeds, as the same item.
        item = items.get(note.card.id)
        found.append(item or items.setdefault(note.card.id, _item(site, note)))
    return FeedView(frame.site, link, url, description, tuple(found[::-1]))


def _corrections(site: Site) -> tuple[FeedItem, ...]:
    """The newest corrections of all notes; those of one day by note, as the note has them."""
    found = [
        (one.date.start(site.zone), note, one, anchor)
        for note in site.notes
        if (told := note.record.header.corrections)
        for one, anchor in zip(told, correction_anchors(told), strict=True)
    ]
    found.sort(key=lambda c: c[0], reverse=True)
    return tuple([_correction(site, note, one, anchor) for _, note, one, anchor in found[:OF_SITE]])


def _correction(site: Site, note: LinkedNote, one: Correction, anchor: str) -> FeedItem:
    instant = _in_utc(one.date.start(site.zone))
    contrast = f"Not \u201c{one.wrong}\u201d, but \u201c{one.right}\u201d." if one.right else ""
    return structs.replace(
        _item(site, note),
        published=instant,
        updated=instant,
        fragment=f"#{anchor}",
        correction=" ".join(filter(None, (contrast, one.note))),
    )


def _item(site: Site, note: LinkedNote) -> FeedItem:
    header = note.record.header
    published = header.date.start(site.zone)
    # A day begins before what is published in the course of it.
    updated = max(header.updated.start(site.zone), published) if header.updated else published
    item = FeedItem(note.card, _in_utc(published), _in_utc(updated), note.topics, tuple([actor for actor, _ in note.actors]))
    return item if site.audience == "TLP:CLEAR" else marked_feed(item)


def _in_utc(instant: dt.datetime) -> str:
    """RFC 3339, which has no offsets of seconds, as time zones had in the 19th century."""
    return instant.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
