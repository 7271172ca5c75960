"""The fields of the schema by the names that authors write, with a description and an example of a value of each."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import inspect, structs

from briefings.content.entries import Change, Event, Figure, Measure, Position, Proposition, Withdrawal
from briefings.content.headers import (
    ActorHeader,
    Citation,
    Dateline,
    Involvement,
    NoteHeader,
    Office,
    PageHeader,
    RecordHeader,
    SourceHeader,
    Status,
    TopicHeader,
)
from briefings.content.schema.dates import Moment, NoteDate, PartialDate
from briefings.content.schema.edtf import EventDate
from briefings.content.schema.numbers import Number
from briefings.content.schema.periods import Period
from briefings.core.config import NavigationItem, NoteKind, SiteConfig

_SAMPLES: Final[Mapping[tuple[type, str], str]] = {
    (NoteHeader, "title"): "Talks resume",
    (NoteHeader, "topics"): "mediation",
    (NoteHeader, "actors"): "un",
    (Dateline, "place"): "Geneva",
    (Involvement, "id"): "un",
    (Citation, "id"): "s1",
    (ActorHeader, "name"): "United Nations",
    (ActorHeader, "also_known_as"): "UN",
    (ActorHeader, "identifiers"): "wikidata: Q1065",
    (Office, "role"): "Foreign Minister",
    (TopicHeader, "name"): "Mediation",
    (TopicHeader, "broader"): "diplomacy",
    (Status, "alert"): "risk-of-conflict",
    (SourceHeader, "name"): "TASS",
    (RecordHeader, "aliases"): "/world/981464/",
    (Withdrawal, "reason"): "The report proved wrong",
    (Event, "id"): "council-2017-12-15",
    (Event, "title"): "The Council meets",
    (Event, "actors"): "un",
    (Event, "topics"): "mediation",
    (Position, "actor"): "un",
    (Position, "proposition"): "talks-first",
    (Figure, "measure"): "launches",
    (Change, "note"): "The reply was added",
    (Proposition, "id"): "talks-first",
    (Proposition, "text"): "Talks should come first",
    (Measure, "id"): "launches",
    (Measure, "name"): "Missile launches",
    (PageHeader, "title"): "About this desk",
    (NavigationItem, "title"): "Notes",
    (NavigationItem, "to"): "notes/",
    (NoteKind, "name"): "Wire",
    (NoteKind, "headings"): "Outlook",
    (SiteConfig, "title"): "Desk",
    (SiteConfig, "kinds"): "wire: ",
}
"""An example for the text of a field, used in remedies; for a mapping, an example of key and value."""


type_info = functools.cache(inspect.type_info)


class SampleText(inspect.StrType):
    """The type of a text, with an example of it."""

    sample: str = "text"


@functools.cache
def fields_of(cls: type[msgspec.Struct]) -> Mapping[str, inspect.Field]:
    """Return the fields of a struct by the names that authors write, with choices in the schema's order and examples for texts."""
    info, hints = type_info(cls), get_type_hints(cls)
    assert isinstance(info, inspect.StructType)  # it is one's info  # noqa: S101
    return {f.encode_name: structs.replace(f, type=_retold(f.type, hints[f.name], _sample(cls, f.name))) for f in info.fields}


def field_types(type_: Any, *, mapping: bool) -> Mapping[str, inspect.Type]:
    """Return the types that a mapping or list may hold, by key; the empty key stands for all others."""
    match type_:
        case type():
            return {name: one.type for name, one in fields_of(type_).items()}
        case inspect.UnionType(types=types):
            return next((found for one in types if (found := field_types(one, mapping=mapping))), {})
        case inspect.StructType(cls=cls) if mapping:
            return field_types(cls, mapping=True)
        case inspect.DictType(value_type=value) if mapping:
            return {"": value}
        case inspect.VarTupleType(item_type=item) if not mapping:
            return {"": item}
    return {}


def _sample(cls: type, field: str) -> str:
    """Return the example for a field of `cls`, which may be inherited."""
    return next((_SAMPLES[base, field] for base in cls.__mro__ if (base, field) in _SAMPLES), "")


def _retold(info: inspect.Type, hint: Any, sample: str) -> inspect.Type:
    """Return `info` with its choices in the order of `hint` (msgspec sorts them by letter) and `sample` as example of its text."""
    match info:
        case inspect.LiteralType() if get_origin(hint) is Literal:
            return inspect.LiteralType(get_args(hint))
        case inspect.StrType() if sample:
            return SampleText(**structs.asdict(info), sample=sample)
        case inspect.VarTupleType():
            return inspect.VarTupleType(_retold(info.item_type, None, sample))
        case inspect.UnionType():
            choices = next((choice for choice in get_args(hint) if get_origin(choice) is Literal), None)
            return inspect.UnionType(tuple(_retold(t, choices, sample) for t in info.types))
        case inspect.DictType():
            key, _, value = sample.partition(": ")
            return inspect.DictType(_retold(info.key_type, None, key), _retold(info.value_type, None, value))
    return info


def expected(info: inspect.Type) -> str:
    """Describe a value of this type in an author's words."""
    match info:
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType(ge=int(), le=int()):
            return f"a whole number from {info.ge} to {info.le}"
        case inspect.IntType():
            return "a whole number"
        case inspect.LiteralType():
            return "one of " + ", ".join(str(value) for value in info.values if value)
        case inspect.VarTupleType():
            return f"a list such as [{example(info.item_type)}, …]"
        case inspect.StructType() | inspect.DictType():
            return f"a mapping such as {example(info)}"
        case inspect.CustomType(cls=cls) if cls is PartialDate:
            return "a year, a month such as 2017-12 or a day such as 2017-12-15"
        case inspect.CustomType(cls=cls) if cls is Period:
            return "a year, a quarter such as 2017-Q4, a month such as 2017-12, a day, or a financial year such as 2023/24"
        case inspect.CustomType(cls=cls) if cls is EventDate:
            return "a year, a month such as 2017-12, a day such as 2017-12-15, or two of these with a slash between them"
        case inspect.CustomType(cls=cls) if cls in (Moment, NoteDate):
            return "a date such as 2017-12-15"
        case inspect.CustomType():
            return "a number such as 20"
        case inspect.UnionType():
            return " or ".join(expected(t) for t in info.types if not isinstance(t, inspect.NoneType))
    return "text"


def example(info: inspect.Type) -> str:
    """Return a short example of a value of this type, in YAML."""
    match info:
        case inspect.LiteralType():
            return str(info.values[0])
        case inspect.IntType():
            return str(info.ge or 1)
        case inspect.BoolType():
            return "true"
        case inspect.CustomType(cls=cls):
            return "20" if cls is Number else "2017-12-15"
        case SampleText():
            return info.sample
        case inspect.StructType():
            known = tuple(fields_of(info.cls).values())
            shown = [f for f in known if f.required] or known[:2]
            return "{" + ", ".join(f"{f.encode_name}: {example(f.type)}" for f in shown) + "}"
        case inspect.DictType():
            return f"{{{example(info.key_type)}: {example(info.value_type)}}}"
        case inspect.VarTupleType():
            return f"[{example(info.item_type)}]"
        case inspect.UnionType():
            return example(next(t for t in info.types if not isinstance(t, inspect.NoneType)))
    return "text"
