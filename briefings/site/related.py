"""Which notes belong beside a note: those that share its topics and actors, and were written near it in time."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from msgspec import Struct

from briefings.site.cards import ActorLink, TopicLink
from briefings.site.model import LinkedNote

WINDOW = 4
"""How many notes before and after are looked at in the list of each topic and actor, which keeps the work linear."""
SHOWN = 4
"""How many related notes a note has at most."""


class Relation(Struct, frozen=True):
    """A related note and what it shares."""

    note: LinkedNote
    topics: tuple[TopicLink, ...]
    actors: tuple[ActorLink, ...]


def related(notes: Sequence[LinkedNote]) -> list[tuple[Relation, ...]]:
    """For each of `notes` (oldest first) the notes related to it, nearest first.

    A topic or actor counts the more the rarer it is; one shared actor alone is not enough.
    """
    mentions: dict[str, list[int]] = defaultdict(list)
    for index, note in enumerate(notes):
        for topic in note.topics:
            mentions[topic.url].append(index)
        for actor, _ in note.actors:
            mentions[actor.url].append(index)
    scores: list[dict[int, float]] = [defaultdict(float) for _ in notes]
    for url, found in mentions.items():
        weight = (2.0 if url.startswith("topics/") else 1.0) / math.log2(1 + len(found)) if len(found) > 1 else 0.0
        for position, index in enumerate(found):
            mine = scores[index]
            for other in found[position + 1 : position + 1 + WINDOW]:
                mine[other] += weight
                scores[other][index] += weight
    return [_relations(notes, index, scores[index]) for index in range(len(notes))]


def _relations(notes: Sequence[LinkedNote], index: int, scores: dict[int, float]) -> tuple[Relation, ...]:
    note = notes[index]
    ranked = sorted(scores, key=lambda other: (-scores[other], abs(other - index), other))
    relations: list[Relation] = []
    for other in ranked:
        candidate = notes[other]
        topics = tuple(t for t in note.topics if t in candidate.topics)
        theirs = {actor.id for actor, _ in candidate.actors}
        actors = tuple(actor for actor, _ in note.actors if actor.id in theirs)
        if topics or len(actors) > 1:
            relations.append(Relation(candidate, topics, actors))
            if len(relations) == SHOWN:
                break
    return tuple(relations)
