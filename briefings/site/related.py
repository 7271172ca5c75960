"""Which notes belong beside a note: those that share its topics and actors, and were written near it in time."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from operator import itemgetter

from msgspec import Struct

from briefings.site.cards import ActorLink, TopicLink
from briefings.site.model import LinkedNote

WINDOW = 4
"""How many notes before and after are looked at in the list of each topic and actor, which keeps the work linear."""
NEARNESS = 1e-9
"""What one note in between takes from the score."""
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
    scores: list[dict[int, float]] = [{} for _ in notes]
    for url, found in mentions.items():
        weight = (2.0 if url.startswith("topics/") else 1.0) / math.log2(1 + len(found))
        for position, index in enumerate(found):
            mine = scores[index]
            for other in found[position + 1 : position + 1 + WINDOW]:
                # Between equals the nearer one wins, by less than any topic or actor counts.
                score = weight - (other - index) * NEARNESS
                mine[other] = mine.get(other, 0.0) + score
                theirs = scores[other]
                theirs[index] = theirs.get(index, 0.0) + score
    names = [frozenset(actor.id for actor, _ in note.actors) for note in notes]
    return [_relations(notes, names, index, found) for index, found in enumerate(scores)]


def _relations(notes: Sequence[LinkedNote], names: Sequence[frozenset[str]], index: int, scores: dict[int, float]) -> tuple[Relation, ...]:
    note, named = notes[index], names[index]
    relations: list[Relation] = []
    for other, _ in sorted(scores.items(), key=itemgetter(1), reverse=True):
        candidate = notes[other]
        shared = named & names[other]
        topics = tuple(t for t in note.topics if t in candidate.topics)
        if topics or len(shared) > 1:
            relations.append(Relation(candidate, topics, tuple(actor for actor, _ in note.actors if actor.id in shared)))
            if len(relations) == SHOWN:
                break
    return tuple(relations)
