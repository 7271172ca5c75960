"""Which records a build may show: the first step of linking, so that nothing after it can leak the rest."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from briefings.config import Marking
from briefings.content.entries import Visible

Audience = Marking | Literal["desk"]
"""Who is to read a build: those that may see all up to a marking, or the desk itself, which sees its drafts and embargoes, too."""

_ORDER: dict[Marking, int] = {"TLP:CLEAR": 0, "TLP:GREEN": 1, "TLP:AMBER": 2, "TLP:AMBER+STRICT": 3, "TLP:RED": 4}


def may_show(header: Visible, *, audience: Audience, now: dt.datetime, zone: dt.tzinfo) -> bool:
    """Whether `header`'s record may be shown to `audience` at the instant `now`.

    A day as an embargo lasts until that day is over in `zone`; a day as expiry begins with its first instant.
    """
    if audience == "desk":
        return True
    if header.draft or _ORDER[header.marking] > _ORDER[audience]:
        return False
    if header.embargo is not None and now < header.embargo.end(zone):
        return False
    return header.expires is None or now < header.expires.start(zone)
