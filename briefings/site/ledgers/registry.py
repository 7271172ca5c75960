"""What the entries of notes may lead to: the records that may be shown, and what topics declare."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct

from briefings.core.config import LikelihoodScale
from briefings.site.cards import ActorLink, TopicLink
from briefings.site.declarations import Declarations


class Registry(Struct, frozen=True):
    """What may be shown, by id. An entry that leads to anything else is left out of its ledger without a word."""

    topics: Mapping[str, TopicLink]
    actors: Mapping[str, ActorLink]
    declarations: Declarations
    zone: dt.tzinfo
    """The site's time zone, in which days without a time are read."""
    now: dt.datetime
    """The instant of the build, which says what is ahead."""
    scale: LikelihoodScale
    """The scale on which notes judge what is likely."""
