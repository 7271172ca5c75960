"""Feeds: the newest notes of the site, of each topic and of each actor, and the newest corrections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from msgspec import structs

from briefings.core.language import Language
from briefings.pages.frame import Frame, own_feed
from briefings.pages.make.notes import author_views
from briefings.pages.marks import marked_feed
from briefings.pages.views.machine_views import FeedItem, FeedView
from briefings.site.ledgers.revisions import NoteCorrection
from briefings.site.linked import LinkedActor, LinkedNote, LinkedTopic
from briefings.site.model import Site

OF_SITE = 50
"""Notes in the feed of the site."""
OF_RECORD = 20
"""Notes in the feed of a topic or an actor."""


def feed_views(site: Site, frame: Frame) -> Iterator[tuple[FeedView, LinkedTopic | LinkedActor | None]]:
    """Every feed that the settings ask for, each with its topic or actor; None for the feed of the site and that of corrections."""
    items: dict[str, FeedItem] = {}

    def item(note: LinkedNote) -> FeedItem:
        # A note stands in many feeds, as the same item.
        return items.get(note.card.id) or items.setdefault(note.card.id, _item(site, note))

    for link in frame.feeds:
        newest = tuple([item(note) for note in site.notes[: -OF_SITE - 1 : -1]])
        yield FeedView(frame.site, link, url="", description=site.config.description, items=newest), None
    about = frame.language.gettext("What was wrong in notes, and what is right.")
    for link in frame.corrections:
        yield FeedView(frame.site, link, url="", description=about, items=_corrections(site, frame.language)), None
    owners: list[LinkedTopic | LinkedActor] = [*site.topics.values(), *site.actors.values()]
    for owner in owners:
        for link in own_feed(frame, owner.link.name, owner.link.url):
            summary = owner.record.header.summary if owner.record else ""
            notes = owner.notes if isinstance(owner, LinkedTopic) else tuple([note for note, _ in owner.notes[-OF_RECORD:]])
            newest = tuple([item(note) for note in notes[: -OF_RECORD - 1 : -1]])
            yield FeedView(frame.site, link, url=owner.link.url, description=summary, items=newest), owner


def _corrections(site: Site, language: Language) -> tuple[FeedItem, ...]:
    """The newest corrections of all notes; those of one day by note, as the note has them."""
    return tuple([_correction(site, told, language) for told in site.ledgers.revisions.corrections[:OF_SITE]])


def _correction(site: Site, told: NoteCorrection, language: Language) -> FeedItem:
    one, instant = told.correction, _in_utc(told.start)
    contrast = language.gettext("Not “%(wrong)s”, but “%(right)s”.", wrong=one.wrong, right=one.right) if one.right else ""
    return structs.replace(
        _item(site, told.note),
        published=instant,
        updated=instant,
        fragment=f"#{told.anchor}",
        correction=" ".join(filter(None, (contrast, one.note))),
    )


def _item(site: Site, note: LinkedNote) -> FeedItem:
    header = note.record.header
    published = header.date.start(site.zone)
    # A day begins before what is published in the course of it.
    updated = max(header.updated.start(site.zone), published) if header.updated else published
    item = FeedItem(
        note=note.ref,
        published=_in_utc(published),
        updated=_in_utc(updated),
        topics=note.topics,
        actors=tuple([actor for actor, _ in note.actors]),
        authors=author_views(note),
    )
    return item if site.audience == "TLP:CLEAR" else marked_feed(item, site.cards)


def _in_utc(instant: dt.datetime) -> str:
    """`instant` in UTC, written as RFC 3339 asks: that has no offsets with seconds, which time zones had in the 19th century."""
    return instant.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
