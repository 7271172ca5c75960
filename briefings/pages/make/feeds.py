"""Feeds: the newest notes of the site, of each topic and of each actor, the newest corrections and the newest changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from msgspec import structs

from briefings.core.language import Language
from briefings.pages.frame import Frame, own_feed
from briefings.pages.make.change_parts import about_changes
from briefings.pages.make.notes import author_views
from briefings.pages.make.revision_parts import correction_in_words
from briefings.pages.make.withdrawals import withdrawn_record
from briefings.pages.marks import marked_feed
from briefings.pages.views.machine_views import FeedItem, FeedView
from briefings.site.ledgers.changes import Happening, What
from briefings.site.ledgers.revisions import NoteCorrection
from briefings.site.linked import LinkedActor, LinkedNote, LinkedTopic
from briefings.site.model import Site

OF_SITE = 50
"""Notes in the feed of the site."""
OF_RECORD = 20
"""Notes in the feed of a topic or an actor."""


def feed_views(site: Site, frame: Frame) -> Iterator[tuple[FeedView, LinkedTopic | LinkedActor | None]]:
    """Every feed that the settings ask for, each with its topic or actor; None for the feeds of the site, of corrections and of changes."""
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
    for link in frame.changes:
        newest = tuple([_happening(site, one, item, frame.language) for one in site.ledgers.changes.happenings[:OF_SITE]])
        about = about_changes(frame.language)
        yield FeedView(frame.site, link, url=frame.ledgers["changes"].url, description=about, items=newest), None
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
    return _changed(_item(site, told.note), told.start, "corrected", told.anchor, correction_in_words(told, language))


def _happening(site: Site, one: Happening, item: Callable[[LinkedNote], FeedItem], language: Language) -> FeedItem:
    """Something that changed; of a new note, the `item` that stands in other feeds, too."""
    if one.note is None:
        assert one.withdrawn is not None  # for what has no note  # noqa: S101
        topics = (one.topic,) if one.topic else ()
        gone = FeedItem(note=None, published="", updated="", topics=topics, actors=(), withdrawn=withdrawn_record(one.withdrawn))
        told = _changed(gone, one.start, "withdrawn", f"withdrawn-{one.day.isoformat()}", "")
        return told if site.audience == "TLP:CLEAR" else marked_feed(told, site.cards)
    if one.what == "new":
        return item(one.note)
    if one.correction:
        return _correction(site, one.correction, language)
    anchor = one.change.anchor if one.change else f"updated-{one.day.isoformat()}"
    return _changed(item(one.note), one.start, one.what, anchor, one.change.change.note if one.change else "")


def _changed(item: FeedItem, start: dt.datetime, what: What, anchor: str, words: str) -> FeedItem:
    """The item of a note as that of a change in it."""
    instant = _in_utc(start)
    return structs.replace(item, published=instant, updated=instant, what=what, fragment=f"#{anchor}", words=words)


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
