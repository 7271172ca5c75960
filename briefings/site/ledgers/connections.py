"""The ledger of connections: which actors the same notes name, how telling that is, and who is named on which topics."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from msgspec import Struct

from briefings.core.config import Marking
from briefings.site.cards import ActorLink, NoteRef, TopicLink
from briefings.site.linked import LinkedNote
from briefings.site.visibility import highest

STRONGEST = 20
"""How many connections of an actor are kept; of those that are named most, all are."""
MOST_NAMED = 30
"""How many actors the table of actors and topics has at most."""
EVIDENCE = 3
"""How many notes are kept for each connection."""
UNIT = 1000
"""The weight of one note that names two actors, both of which no other note names."""
SCALE = UNIT << 20
"""What stands for `UNIT` while weights are summed up, in whole numbers so that sums do not depend on their order."""

Link = TypeVar("Link", ActorLink, TopicLink)


class Connection(Struct, frozen=True):
    """Another actor that is named in the same notes."""

    actor: ActorLink
    notes: int
    """How many notes name both. At least 1."""
    weight: int
    """How telling that is: at least 1, and the same from either side."""
    evidence: tuple[NoteRef, ...]
    """The newest of these notes, newest first."""
    marking: Marking
    """The highest of these notes."""


class OnTopic(Struct, frozen=True):
    """A topic of notes that name an actor."""

    topic: TopicLink
    notes: int
    """How many notes on it name the actor. At least 1."""
    evidence: tuple[NoteRef, ...]
    """The newest of these notes, newest first."""
    marking: Marking
    """The highest of these notes."""


class ActorConnections(Struct, frozen=True):
    """With whom and on what notes name an actor."""

    actor: ActorLink
    notes: int
    """How many notes name it. At least 1."""
    strongest: tuple[Connection, ...]
    """Those with most weight first; all of an actor that is among the most named."""
    total: int
    """How many connections there are in all."""
    topics: tuple[OnTopic, ...]
    """The topics of the notes that name it, that with most notes first; only of an actor that is among the most named."""


class ConnectionLedger(Struct, frozen=True):
    """The connections between actors, and between actors and topics."""

    of_actor: dict[str, ActorConnections]
    """For each actor that a note names, that with most notes first."""

    @property
    def most_named(self) -> list[ActorConnections]:
        """The actors that are named most on topics, that with most notes first.

        Empty where notes on topics name fewer than two actors, or are on fewer than two topics.
        """
        return [one for one in self.of_actor.values() if one.topics]


class _Naming(Struct, frozen=True):
    """A note, with what it names."""

    ref: NoteRef
    marking: Marking
    actors: tuple[ActorLink, ...]
    topics: tuple[TopicLink, ...]


_Names = Callable[[_Naming], tuple[Link, ...]]
"""Gives what a note names of one kind."""


def connection_ledger(notes: Iterable[LinkedNote]) -> ConnectionLedger:
    """Find the connections of all actors that `notes` (oldest first) name."""
    named: dict[ActorLink, list[_Naming]] = defaultdict(list)
    for note in notes:
        one = _Naming(note.ref, note.card.marking, tuple([actor for actor, _ in note.actors]), note.topics)
        for actor in one.actors:
            named[actor].append(one)
    digits = {actor: len(found).bit_length() for actor, found in named.items()}
    in_order = sorted(named, key=lambda actor: (-len(named[actor]), actor.id))
    topics = _of_most_named(named, in_order)
    return ConnectionLedger({actor.id: _connections(actor, named[actor], digits, topics.get(actor, ())) for actor in in_order})


def _of_most_named(named: dict[ActorLink, list[_Naming]], in_order: Iterable[ActorLink]) -> dict[ActorLink, tuple[OnTopic, ...]]:
    """The topics of those actors that are named most on topics; none where a table of them would say no more than a list."""
    found: dict[ActorLink, tuple[OnTopic, ...]] = {}
    for actor in in_order:
        if len(found) == MOST_NAMED:
            break
        if topics := _on_topics(named[actor]):
            found[actor] = topics
    different = {one.topic for topics in found.values() for one in topics}
    return found if len(found) > 1 and len(different) > 1 else {}


def _connections(actor: ActorLink, found: Sequence[_Naming], digits: dict[ActorLink, int], topics: tuple[OnTopic, ...]) -> ActorConnections:
    """The connections of an actor, which the notes `found` name; it has `topics` if it is among the most named.

    A note counts one divided by the number of actors that it names besides this one. The sum over all notes that name both is divided
    by `digits`, those of either actor's number of notes in base 2: whom many notes name is a weaker sign. A new note seldom changes
    digits, so it seldom changes the weights of actors that it does not name.
    """
    counts = Counter([other for one in found for other in one.actors])
    del counts[actor]
    sums = dict.fromkeys(counts, 0)
    sums[actor] = 0
    for one in found:
        if len(one.actors) > 1:
            share = SCALE // (len(one.actors) - 1)
            for other in one.actors:
                sums[other] += share
    mine = digits[actor] << 20
    # Rounded up, so that no connection weighs nothing.
    weights = {other: -(-sums[other] // (mine * digits[other])) for other in counts}
    ranked = sorted(counts, key=lambda other: (-weights[other], -counts[other], other.id))
    strongest = ranked if topics else ranked[:STRONGEST]
    evidence = _newest(found, {other: counts[other] for other in strongest}, _actors_of)
    markings = _markings(found, _actors_of)
    kept = [
        Connection(actor=o, notes=counts[o], weight=weights[o], evidence=evidence[o], marking=highest(markings.get(o, ())))
        for o in strongest
    ]
    return ActorConnections(
        actor=actor,
        notes=len(found),
        strongest=tuple(kept),
        total=len(counts),
        topics=topics,
    )


def _on_topics(found: Sequence[_Naming]) -> tuple[OnTopic, ...]:
    """The topics of the notes `found`, which name an actor; that with most notes first."""
    counts = Counter([topic for one in found for topic in one.topics])
    evidence, markings = _newest(found, counts, _topics_of), _markings(found, _topics_of)
    return tuple(
        [
            OnTopic(topic, counts[topic], evidence[topic], highest(markings.get(topic, ())))
            for topic in sorted(counts, key=lambda topic: (-counts[topic], topic.id))
        ]
    )


def _actors_of(one: _Naming) -> tuple[ActorLink, ...]:
    return one.actors


def _topics_of(one: _Naming) -> tuple[TopicLink, ...]:
    return one.topics


def _newest(found: Sequence[_Naming], counts: dict[Link, int], names: _Names[Link]) -> dict[Link, tuple[NoteRef, ...]]:
    """For each of those that `counts` knows, the newest of the notes `found` (oldest first) that name it."""
    newest: dict[Link, list[NoteRef]] = {link: [] for link in counts}
    missing = sum([min(EVIDENCE, count) for count in counts.values()])
    for one in reversed(found):
        if not missing:
            break
        for link in names(one):
            held = newest.get(link)
            if held is not None and len(held) < EVIDENCE:
                held.append(one.ref)
                missing -= 1
    return {link: tuple(refs) for link, refs in newest.items()}


def _markings(found: Iterable[_Naming], names: _Names[Link]) -> dict[Link, set[Marking]]:
    """The markings of those notes that name each, without those that all may see."""
    markings: dict[Link, set[Marking]] = defaultdict(set)
    for one in found:
        if one.marking != "TLP:CLEAR":
            for link in names(one):
                markings[link].add(one.marking)
    return markings
