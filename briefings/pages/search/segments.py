"""Segments: the parts of a site that search loads one after another. Nothing in them depends on the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from msgspec import Struct

from briefings.content.records import AnyRecord
from briefings.core.digests import digest
from briefings.site.linked import LinkedNote
from briefings.site.model import Site

PAGES = "pages"
"""The segment of texts that have no date."""
_SHARDS = ((63, 1), (255, 4), (1023, 16))
"""Up to how many texts a segment has how many shards."""
_MOST_SHARDS = 64


class Segment(Struct, frozen=True):
    """Some notes, numbered from 0 in the order of the site, so that a new newest note changes no number."""

    name: str
    """`2017` for a year, `2018-03` for a month of the year of the site's newest note."""
    version: str
    """Another one whenever its numbers mean other notes."""
    notes: tuple[LinkedNote, ...]

    @property
    def shards(self) -> int:
        """On how many files its words are spread."""
        return shards_of(len(self.notes))


class Texts(Struct, frozen=True):
    """All texts that have no date, numbered from 0 by kind and id."""

    version: str
    records: tuple[AnyRecord, ...]

    @property
    def shards(self) -> int:
        """On how many files their words are spread."""
        return shards_of(len(self.records))


def segments(site: Site) -> tuple[Segment, ...]:
    """The segments of the notes of `site`, newest first: each year, but the months of the year of the newest note."""
    of_name: dict[str, list[LinkedNote]] = {}
    for note in site.notes:
        of_name.setdefault(segment_of(note.card.date, site.notes[-1].card.date.year), []).append(note)
    return tuple([Segment(name, version(n.card.id for n in notes), tuple(notes)) for name, notes in reversed(of_name.items())])


def texts(site: Site) -> Texts:
    """The texts of `site` that have no date: free pages, and profiles of topics, actors and sources."""
    records = tuple(sorted(filter(lambda record: record.body.digest, _undated(site)), key=lambda record: (record.kind, record.id)))
    return Texts(version(key(record) for record in records), records)


def segment_of(day: dt.date, newest_year: int) -> str:
    """The name of the segment of a note of `day`; `newest_year` is that of the newest note."""
    month, year = possible_segments(day)
    return month if day.year == newest_year else year


def possible_segments(day: dt.date) -> tuple[str, str]:
    """The names that the segment of a note of `day` may have: its month, where its year is that of the newest note, or its year."""
    return day.isoformat()[:7], day.isoformat()[:4]


def key(record: AnyRecord) -> str:
    """What tells a record from all others: `note/un-offer`."""
    return f"{record.kind}/{record.id}"


def version(identifiers: Iterable[str]) -> str:
    """A digest of what the numbers of a segment mean."""
    return digest("\n".join(identifiers).encode()).hex()[:8]


def shards_of(texts: int) -> int:
    """On how many files the words of so many texts are spread."""
    return next((shards for most, shards in _SHARDS if texts <= most), _MOST_SHARDS)


def _undated(site: Site) -> Iterator[AnyRecord]:
    for declared in (site.topics, site.actors):
        yield from (one.record for one in declared.values() if one.record)
    for written in (site.sources, site.pages):
        yield from (one.record for one in written.values())
