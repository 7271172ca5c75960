"""What views show of records that were withdrawn or have moved."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from briefings.content.records import Kind
from briefings.core.config import Marking
from briefings.pages.views.parts import PageView, SiteView


class WithdrawnRecord(Struct, frozen=True):
    """A record that was taken back, of which nothing else is known here."""

    kind: Kind
    """Note, actor, topic, source or page."""
    url: str
    """Its address, which says the same."""
    date: dt.date
    """The day on which it was withdrawn."""
    reason: str
    """Why, in a sentence."""
    published: str
    """A note's own day, month or year: `2017-12-15`, `2017-12`; empty for other records."""
    marking: Marking
    """The marking of the record, which it keeps after it was withdrawn."""


class WithdrawnView(Struct, frozen=True):
    """`withdrawn.html`: stands where a record was that was withdrawn."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    record: WithdrawnRecord
    """When it was withdrawn, and why."""


class MovedView(Struct, frozen=True):
    """`moved.html`: stands at an address that a record had before, and leads to the record."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others; `canonical` is that of the record."""
    url: str
    """The record's address now."""
    marking: Marking
    """That of the record."""
