"""What topics declare for the entries of notes: the propositions that actors are for or against, and what is measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct

from briefings.content.entries import Measure, Proposition
from briefings.content.records import AnyRecord, Note, Topic
from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.text import Near, did_you_mean

Declared = Literal["proposition", "measure"]
_DECLARED: tuple[Declared, ...] = ("proposition", "measure")


class Declarations(Struct, frozen=True):
    """All propositions and measures of some topics, by their ids."""

    propositions: dict[str, tuple[Topic, Proposition]]
    measures: dict[str, tuple[Topic, Measure]]

    def of(self, kind: Declared) -> Mapping[str, tuple[Topic, object]]:
        """All propositions or all measures, by id, each with the topic that declares it."""
        return self.propositions if kind == "proposition" else self.measures


def declarations(topics: Iterable[Topic]) -> tuple[Declarations, list[Diagnostic]]:
    """What `topics` declare; the second of two equal ids is reported and left out."""
    found = Declarations({}, {})
    diagnostics: list[Diagnostic] = []
    for topic in topics:
        for index, proposition in enumerate(topic.header.propositions):
            first, _ = found.propositions.setdefault(proposition.id, (topic, proposition))
            if first is not topic:
                diagnostics.append(_declared_twice(topic, first, "proposition", proposition.id, index))
        for index, measure in enumerate(topic.header.measures):
            first, _ = found.measures.setdefault(measure.id, (topic, measure))
            if first is not topic:
                diagnostics.append(_declared_twice(topic, first, "measure", measure.id, index))
    return found, diagnostics


def undeclared(records: Iterable[AnyRecord], known: Declarations) -> Iterator[Diagnostic]:
    """Positions and figures that refer to nothing."""
    near = {kind: Near(known.of(kind)) for kind in _DECLARED}
    for record in records:
        if isinstance(record, Note) and (record.header.positions or record.header.figures):
            for index, position in enumerate(record.header.positions):
                if position.proposition not in known.propositions:
                    yield _unknown(record, "proposition", position.proposition, f"positions[{index}].proposition", near)
            for index, figure in enumerate(record.header.figures):
                if figure.measure not in known.measures:
                    yield _unknown(record, "measure", figure.measure, f"figures[{index}].measure", near)


def _unknown(note: Note, kind: Declared, identifier: str, key: str, near: Mapping[Declared, Near]) -> Diagnostic:
    remedy = did_you_mean(identifier, near[kind], f"add it to the {kind}s of a topic, or correct the id")
    return problem(f"unknown-{kind}", f'no topic declares a {kind} "{identifier}"', Place(note.path, key=key), remedy)


def _declared_twice(topic: Topic, first: Topic, kind: Declared, identifier: str, index: int) -> Diagnostic:
    key = f"{topic.key}.{kind}s[{index}].id" if topic.key else f"{kind}s[{index}].id"
    message = f'the {kind} "{identifier}" is also in {first.path}'
    return problem("duplicate-id", message, Place(topic.path, key=key), "give one of the two another id, or delete one")
