"""Who may see what. `gather` asks this and drops the rest before anything is linked, so that no later stage can leak it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Literal, TypeVar

from msgspec import Struct, structs

from briefings.content.entries import Visible
from briefings.content.records import AnyRecord, Note
from briefings.core.config import Marking

Audience = Marking | Literal["desk"]
"""Who is to read a build: those that may see all up to a marking, or the desk itself, which sees its drafts and embargoes, too."""

_ORDER: dict[Marking, int] = {"TLP:CLEAR": 0, "TLP:GREEN": 1, "TLP:AMBER": 2, "TLP:AMBER+STRICT": 3, "TLP:RED": 4}


def rank(marking: Marking) -> int:
    """Return the place of a marking among all, from the most public, which has 0."""
    return _ORDER[marking]


ENTRIES = ("events", "quotations", "positions", "figures", "judgements")
"""The entries of notes of which each says who may see it."""

Part = TypeVar("Part", bound=Visible)


class Readers(Struct, frozen=True):
    """Those for whom a site is built, and when they read it."""

    audience: Audience
    now: dt.datetime
    zone: dt.tzinfo
    """That of the site, which says when a day begins."""
    drafts: bool = False
    """Whether they see what is not to be shown yet, or no longer, if its marking allows it."""

    def may_see(self, part: Visible) -> bool:
        """Whether they may see a record, or a part of one.

        A day as an embargo lasts until that day is over; a day as expiry begins with its first instant.
        """
        if self.audience == "desk":
            return True
        if _ORDER[part.marking] > _ORDER[self.audience]:
            return False
        if self.drafts:
            return True
        if part.draft or (part.embargo is not None and self.now < part.embargo.end(self.zone)):
            return False
        return part.expires is None or self.now < part.expires.start(self.zone)

    def see_of(self, record: AnyRecord) -> AnyRecord:
        """A record that they may see, without those parts that they may not."""
        if record.bodies:
            seen = [self.may_see(guard) for guard in record.guards]
            body = record.bodies[sum(1 << bit for bit, may_see in enumerate(seen) if may_see)]
            guards = tuple(guard for guard, may_see in zip(record.guards, seen, strict=True) if may_see)
            record = structs.replace(record, body=body, guards=guards, bodies=())
        if isinstance(record, Note):
            header = record.header
            written = {name: entries for name in ENTRIES if (entries := getattr(header, name))}
            seen_entries = {name: self._seen(entries) for name, entries in written.items()}
            if seen_entries != written:
                record = structs.replace(record, header=structs.replace(header, **seen_entries))
        return record

    def miss_something_of(self, record: AnyRecord) -> bool:
        """Whether there is more to a record than they may see."""
        return record.header.withdrawn is not None or not all(map(self.may_see, deciding_parts(record)))

    def _seen(self, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        return tuple(part for part in parts if self.may_see(part))


def highest_marking(record: AnyRecord) -> Marking:
    """The highest marking of a record and all of its parts."""
    return highest(part.marking for part in deciding_parts(record))


def highest(markings: Iterable[Marking]) -> Marking:
    """The highest of some markings; `TLP:CLEAR` where there are none."""
    return max(markings, key=_ORDER.__getitem__, default="TLP:CLEAR")


def deciding_parts(record: AnyRecord) -> Iterator[Visible]:
    """Of a record and all of its parts, what decides whether it may be shown."""
    header = record.header
    yield header
    yield from record.guards
    if isinstance(record, Note):
        for name in ENTRIES:
            yield from getattr(record.header, name)
