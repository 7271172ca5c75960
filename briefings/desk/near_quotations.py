"""Finds quotations of one speaker that are nearly the same: most likely one of them is misquoted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import combinations

from msgspec import Struct

from briefings.content.entries import Speaker
from briefings.content.quoted import same_speaker, same_words
from briefings.content.records import AnyRecord, Note
from briefings.core.diagnostics import Diagnostic, Place, problem

_RUN = 3
"""How many words in a row two quotations must share to be compared."""
_NEAR = 0.8
"""How much of their words two quotations must share to be told."""
_MANY = 20
"""Quotations that may share the same words in a row: what more of them share is a phrase of this speaker."""
_WORD = re.compile(r"[^\W_]+")


class _Quoted(Struct, frozen=True):
    """Words of a speaker, and where they stand."""

    words: tuple[str, ...]
    place: Place


def near_quotations(records: Iterable[AnyRecord]) -> Iterator[Diagnostic]:
    """Yield a warning for every two quotations of one speaker that differ in a few words, at the later one of the two files."""
    of_speaker: dict[str, dict[str, _Quoted]] = defaultdict(dict)
    for record in records:
        if isinstance(record, Note):
            for speaker, text, place in _quotations(record):
                of_speaker[speaker].setdefault(same_words(text), _Quoted(tuple(_WORD.findall(text.casefold())), place))
    for said in of_speaker.values():
        for first, second in sorted(_pairs(list(said.values())), key=lambda pair: (pair[1].place, pair[0].place)):
            where = f"{first.place.path}:{first.place.line}" if first.place.line else first.place.path
            message = f"these words are nearly those that the same speaker has in {where}"
            remedy = "correct the wrong one of the two, and they are one quotation; or leave both, if both were said"
            yield problem("near-quotations", message, second.place, remedy)


def _quotations(note: Note) -> Iterator[tuple[str, str, Place]]:
    """The quotations of a note, each with its speaker and its place."""
    body = note.bodies[-1] if note.bodies else note.body
    for written in body.quotations:
        yield same_speaker(written.speaker, written.name), written.text, Place(note.path, written.line, 1)
    for i, one in enumerate(note.header.quotations):
        speaker = same_speaker("", one.speaker.name) if isinstance(one.speaker, Speaker) else same_speaker(one.speaker, "")
        yield speaker, one.text, Place(note.path, key=f"quotations[{i}].text")


def _pairs(said: list[_Quoted]) -> Iterator[tuple[_Quoted, _Quoted]]:
    """Every two quotations that share most of their words, in the order of their files."""
    sharing: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, one in enumerate(said):
        for run in {one.words[i : i + _RUN] for i in range(len(one.words) - _RUN + 1)}:
            sharing[run].append(number)
    candidates = {pair for numbers in sharing.values() if len(numbers) <= _MANY for pair in combinations(numbers, 2)}
    for a, b in candidates:
        first, second = sorted((said[a], said[b]), key=lambda one: one.place)
        if SequenceMatcher(None, first.words, second.words, autojunk=False).ratio() >= _NEAR:
            yield first, second
