"""Which actors or topics come first among those that notes name."""

from __future__ import annotations

from collections import Counter
from typing import TypeVar

from briefings.core.text import collation
from briefings.site.cards import ActorLink, TopicLink

Link = TypeVar("Link", ActorLink, TopicLink)


def ranked(counts: Counter[Link], shown: int) -> list[tuple[Link, int]]:
    """The items with the highest counts, at most `shown` of them: highest count first, equal counts A to Z."""
    # Names are compared only among those that are frequent enough to be shown.
    least = min(sorted(counts.values(), reverse=True)[:shown], default=0)
    frequent = [pair for pair in counts.items() if pair[1] >= least]
    return sorted(frequent, key=lambda pair: (-pair[1], collation(pair[0].name)))[:shown]
