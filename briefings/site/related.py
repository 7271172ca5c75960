"""Which notes belong beside a note: those that share its topics and actors, and were written near it in time."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from briefings.site.cards import ActorLink, TopicLink
from briefings.site.linked import MENTIONED, LinkedNote

WINDOW = 4
"""How many notes before and after are looked at in the list of each topic and actor, which keeps the work linear."""
SCALE = 1 << 30
"""What a shared actor that only it and one more note have would count, in the whole numbers of scores; a note in between takes 1."""
RELATED_SHOWN = 4
"""How many related notes a note has at most."""
BITS = 512
"""How many bits a signature has: enough that few notes have two topics or actors on one bit, and few enough to be compared at once."""


class Relation(Struct, frozen=True):
    """A related note and what it shares."""

    note: LinkedNote
    topics: tuple[TopicLink, ...]
    actors: tuple[ActorLink, ...]


def related(notes: Sequence[LinkedNote], bits_of_a_signature: int = BITS) -> list[tuple[Relation, ...]]:
    """For each of `notes` (oldest first) the notes related to it, nearest first.

    Candidates are near each other in the list of a topic or actor; then all that two share counts, the more the rarer it is.
    One shared actor alone is not enough, and one that either only mentions does not count.
    """
    mentions: dict[TopicLink | ActorLink, list[int]] = defaultdict(list)
    for index, note in enumerate(notes):
        for topic in note.topics:
            mentions[topic].append(index)
        for actor in _involved(note):
            mentions[actor].append(index)
    weights = {link: _weight(link, len(found)) for link, found in mentions.items()}
    links: list[frozenset[TopicLink | ActorLink]] = [frozenset([*note.topics, *_involved(note)]) for note in notes]
    bits = [1 << number % bits_of_a_signature for number in range(len(mentions))]
    signatures = _signatures(len(notes), zip(bits, mentions.values(), strict=True))
    scores: list[dict[int, int]] = [{} for _ in notes]
    for bit, (link, found) in zip(bits, mentions.items(), strict=True):
        alone_is_enough, weight = isinstance(link, TopicLink), weights[link]
        for position, index in enumerate(found, 1):
            mine, signature = scores[index], signatures[index]
            for other in found[position : position + WINDOW]:
                # Equal to `bit`, they share only this link: enough for a score if it is a topic, not if it is an actor, as in most pairs.
                if signature & signatures[other] == bit:
                    if alone_is_enough:
                        mine[other] = scores[other][index] = weight - (other - index)
                elif other not in mine:
                    shared = sum([weights[one] for one in links[index] & links[other]])
                    mine[other] = scores[other][index] = shared - (other - index)
    return [_relations(note, found, notes, links) for note, found in zip(notes, scores, strict=True)]


def _involved(note: LinkedNote) -> list[ActorLink]:
    """The actors of a note without those that it only mentions."""
    return [actor for actor, role in note.actors if role != MENTIONED]


def _weight(link: TopicLink | ActorLink, count: int) -> int:
    """Return how much a topic or actor with `count` notes adds to the score of two notes that share it: a rarer one adds more."""
    return int((2 if isinstance(link, TopicLink) else 1) * SCALE / math.log2(1 + count))


def _signatures(count: int, mentions: Iterable[tuple[int, Sequence[int]]]) -> list[int]:
    """Return for each of `count` notes a number in which the bit of every topic and actor that it mentions is set.

    There are fewer bits than topics and actors. A note that mentions two with the same bit gets -1, a number with all bits set. So the
    numbers of two notes have exactly one bit in common only if the notes share at most one topic or actor.
    """
    signatures = [0] * count
    for bit, found in mentions:
        for index in found:
            signature = signatures[index]
            signatures[index] = -1 if signature & bit else signature | bit
    return signatures


def _relations(
    note: LinkedNote, scores: Mapping[int, int], notes: Sequence[LinkedNote], links: Sequence[Collection[TopicLink | ActorLink]]
) -> tuple[Relation, ...]:
    """The relations of `note` among those of `notes` that have `scores`; `links` are the topics and actors of each."""
    relations: list[Relation] = []
    involved = _involved(note)
    for other in sorted(scores, key=scores.__getitem__, reverse=True):
        theirs = links[other]
        topics = tuple([topic for topic in note.topics if topic in theirs])
        actors = tuple([actor for actor in involved if actor in theirs])
        if topics or len(actors) > 1:
            relations.append(Relation(notes[other], topics, actors))
            if len(relations) == RELATED_SHOWN:
                break
    return tuple(relations)
