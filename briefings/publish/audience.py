"""Those for whom a tree is meant, and the instant at which they read it."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct, structs

from briefings.content.records import Visible
from briefings.site.visibility import Audience, may_show


class Readers(Struct, frozen=True):
    """Who reads a tree, and when."""

    audience: Audience
    now: dt.datetime
    zone: dt.tzinfo = dt.UTC
    """The site's time zone, which decides when a day is over."""

    def in_zone(self, zone: dt.tzinfo) -> Readers:
        """The same readers of a site with another time zone."""
        return structs.replace(self, zone=zone)

    def may_see(self, header: Visible) -> bool:
        """Whether they may see the record, or part of one, that `header` belongs to."""
        return may_show(header, audience=self.audience, now=self.now, zone=self.zone)
