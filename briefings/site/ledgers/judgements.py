"""The ledger of judgements: what notes have said of what is to come, and how often they were right."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import chain

from msgspec import Struct

from briefings.content.entries import Judgement, Outcome
from briefings.content.likelihood import SCALES, TERMS, Term
from briefings.core.config import LikelihoodScale
from briefings.site.cards import ActorLink
from briefings.site.ledgers.registry import Registry
from briefings.site.linked import LinkedNote


class NoteJudgement(Struct, frozen=True):
    """A judgement of a note."""

    note: LinkedNote
    judgement: Judgement
    term: Term
    """The step of the site's scale on which its likelihood lies."""
    anchor: str
    """The `id` of its element on the note's page."""
    actors: tuple[ActorLink, ...]
    """Of whom it speaks, in the author's order."""
    due: dt.datetime | None
    """When the time to which it applies is over; None where it has no such time."""


class Band(Struct, frozen=True):
    """A step of the scale, with what became of the judgements on it."""

    term: Term
    judged: int
    """How many have an outcome; may be 0."""
    happened: int
    """In how many of them it came about."""


class TrackRecord(Struct, frozen=True):
    """How right the judgements with an outcome were."""

    bands: tuple[Band, ...]
    """Every step of the scale, the least likely first."""
    judged: int
    """How many there are."""
    brier: float
    """The Brier score, from 0 (always right and certain) to 1: the mean squared distance of what was judged from what came about.

    A term counts with the middle of its range.
    """


class JudgementLedger(Struct, frozen=True):
    """The judgements of all notes."""

    of_note: dict[str, tuple[NoteJudgement, ...]]
    """Those of each note that has any, in the author's order."""
    open: tuple[NoteJudgement, ...]
    """Those without an outcome: the soonest due first, then those without a time, newest first."""
    open_of_topic: dict[str, tuple[NoteJudgement, ...]]
    """Those of `open` in the notes of each topic, in the same order."""
    open_of_actor: dict[str, tuple[NoteJudgement, ...]]
    """Those of `open` that name each actor, in the same order."""
    resolved: tuple[tuple[NoteJudgement, Outcome], ...]
    """Those with an outcome, the newest outcome first."""
    record: TrackRecord | None
    """None where none has an outcome."""


def judgement_ledger(notes: Iterable[LinkedNote], registry: Registry) -> JudgementLedger:
    """Gather the judgements of `notes` (oldest first)."""
    of_note = {note.card.id: tuple(_of_note(note, registry)) for note in notes if note.record.header.judgements}
    newest_first = [*chain.from_iterable(reversed(of_note.values()))]
    resolved = [(one, one.judgement.outcome) for one in newest_first if one.judgement.outcome is not None]
    end = dt.datetime.max.replace(tzinfo=dt.UTC)
    still_open = sorted((one for one in newest_first if one.judgement.outcome is None), key=lambda one: one.due or end)
    of_topic: dict[str, list[NoteJudgement]] = defaultdict(list)
    of_actor: dict[str, list[NoteJudgement]] = defaultdict(list)
    for one in still_open:
        for topic in one.note.topics:
            of_topic[topic.id].append(one)
        for actor in one.actors:
            of_actor[actor.id].append(one)
    return JudgementLedger(
        of_note=of_note,
        open=tuple(still_open),
        open_of_topic={topic: tuple(found) for topic, found in of_topic.items()},
        open_of_actor={actor: tuple(found) for actor, found in of_actor.items()},
        resolved=tuple(sorted(resolved, key=lambda pair: pair[1].date.start(registry.zone), reverse=True)),
        record=_record(resolved, registry.scale) if resolved else None,
    )


def _of_note(note: LinkedNote, registry: Registry) -> Iterator[NoteJudgement]:
    for one in note.record.header.judgements:
        # A term off the scale stops the build before anything is shown.
        if term := TERMS[registry.scale].get(one.likelihood):
            due = one.resolve_by.end(registry.zone).astimezone(dt.UTC) if one.resolve_by else None
            actors = tuple([registry.actors[actor] for actor in dict.fromkeys(one.actors) if actor in registry.actors])
            yield NoteJudgement(note=note, judgement=one, term=term, anchor=f"judgement-{one.id}", actors=actors, due=due)


def _record(resolved: Sequence[tuple[NoteJudgement, Outcome]], scale: LikelihoodScale) -> TrackRecord:
    bands = []
    for term in SCALES[scale]:
        outcomes = [outcome.happened for one, outcome in resolved if one.term == term]
        bands.append(Band(term, len(outcomes), sum(outcomes)))
    # Fractions give the same sum in any order.
    squares = sum(((Fraction(one.term.low + one.term.high, 200) - outcome.happened) ** 2 for one, outcome in resolved), Fraction())
    return TrackRecord(tuple(bands), len(resolved), float(squares / len(resolved)))
