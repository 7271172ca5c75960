"""JSON Schemas of content files, with which editors complete and check what authors write."""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec
from msgspec import Struct, inspect

from briefings.content.records import BY_ID, HEADERS, Kind
from briefings.content.schema.dates import Moment, NoteDate, PartialDate
from briefings.content.schema.edtf import EventDate
from briefings.content.schema.numbers import Number
from briefings.content.schema.periods import Period
from briefings.core.config import SEEN, SiteConfig
from briefings.core.docstrings import field_docs, own_doc

Schema = dict[str, Any]

_EDTF = (
    r"((?!9999|999X|99XX)[1-9](\dXX|\d\dX|\d{3}(-XX(-XX)?|-\d\d(-XX|-\d\d)?)?)[?~%]?"
    r"|(?!9999)[1-9]\d{3}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?( ?Z|[+-]\d\d:\d\d))"
)

_SCALARS: Final[dict[type, Schema]] = {
    Moment: {
        "description": "A day, or an instant with its offset from UTC.",
        "type": "string",
        "pattern": r"^(?!9999)[1-9]\d{3}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?( ?Z|[+-]\d\d:\d\d))?$",
        "examples": ["2017-12-15", "2017-12-15T20:00:00-05:00"],
    },
    NoteDate: {
        "description": "A day, an instant with its offset from UTC, or a month or a year alone.",
        # Editors read a year alone as a number.
        "type": ["string", "integer"],
        "pattern": r"^(?!9999)[1-9]\d{3}(-\d\d(-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?( ?Z|[+-]\d\d:\d\d))?)?)?$",
        "minimum": 1000,
        "maximum": 9998,
        "examples": ["2017-12-15", "2017-12-15T20:00:00-05:00", "2017-12"],
    },
    PartialDate: {
        "description": "A day, a month or a year.",
        # Editors read a year alone as a number.
        "type": ["string", "integer"],
        "pattern": r"^(?!9999)[1-9]\d{3}(-\d\d(-\d\d)?)?$",
        "minimum": 1000,
        "maximum": 9998,
        "examples": ["2017-01-01", "2011-12", "2013"],
    },
    Period: {
        "description": "A year, quarter, month or day, or a financial or academic year.",
        # Editors read a year alone as a number.
        "type": ["string", "integer"],
        "pattern": r"^(?!9999)[1-9]\d{3}(-Q[1-4]|/\d\d|-\d\d(-\d\d)?)?$",
        "minimum": 1000,
        "maximum": 9998,
        "examples": ["2017", "2017-Q4", "2017-12", "2023/24"],
    },
    EventDate: {
        "description": "A day, a month, a year or an instant, or two of these as an interval, in the Extended Date/Time Format.",
        # Editors read a year alone as a number.
        "type": ["string", "integer"],
        "pattern": rf"^({_EDTF}|{_EDTF}/({_EDTF}|\.\.)|\.\./{_EDTF})$",
        "minimum": 1000,
        "maximum": 9998,
        "examples": ["2017-12-15", "2017-12", "2017-12-05/2017-12-08", "2015/..", "2017-06~", "201X"],
    },
    Number: {
        "description": "A number in decimal digits.",
        # Editors read it as a number.
        "type": ["string", "number"],
        "pattern": r"^-?(0|[1-9]\d{0,17})(\.\d{1,9})?$",
        "examples": [20, 4.5],
    },
}


_EXAMPLES: Final[dict[str, list[Schema]]] = {
    "note": [
        {"title": "UN offers to mediate on North Korea", "date": "2017-12-15", "topics": ["un-mediation"], "actors": ["un"]},
        {"title": "Council meets", "date": "2017-12-15T15:00:00-05:00", "actors": [{"id": "antonio-guterres", "role": "speaker"}]},
    ],
    "actor": [
        {
            "name": "António Guterres",
            "type": "person",
            "offices": [{"role": "Secretary-General", "organization": "un", "from": "2017-01-01"}],
        },
        {"records": {"kp": {"name": "North Korea", "type": "state"}, "us": {"name": "United States", "type": "state"}}},
    ],
    "topic": [{"name": "Mediation by the United Nations", "broader": ["diplomacy"]}],
    "source": [{"name": "TASS", "type": "news agency", "url": "https://tass.com/", "reliability": "C"}],
    "page": [{"title": "About this site"}],
    "site": [{"title": "Desk briefings", "url": "https://desk.example.org/briefings/", "timezone": "Europe/Zurich"}],
}


def json_schema(kind: Kind | Literal["site"]) -> Schema:
    """Return the JSON Schema (2020-12) of a header or YAML file of this kind.

    Editors convert YAML's plain scalars before they validate, and this program does not. So a text may also be a number or a boolean.
    """
    cls = SiteConfig if kind == "site" else HEADERS[kind]
    (top,), components = msgspec.json.schema_components([cls], schema_hook=_SCALARS.__getitem__, ref_template="#/$defs/{name}")
    for struct in _structs(inspect.type_info(cls)):
        _describe(components[struct.__name__], struct)
    definitions = {name: _as_written(component) for name, component in components.items()}
    record = definitions[cls.__name__]
    if kind != "site":
        record["properties"]["body"] = {"description": "The text, as Markdown; only in a YAML file.", "type": "string"}
    if kind in BY_ID:
        many = {
            "type": "object",
            "properties": {"records": {"description": "Records by id.", "type": "object", "additionalProperties": top}},
            "required": ["records"],
            "additionalProperties": False,
        }
        top = {"oneOf": [top, many]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"briefings: {kind}",
        "description": record["description"],
        "examples": _EXAMPLES[kind],
        **top,
        "$defs": definitions,
    }


def _structs(info: inspect.Type) -> set[type[Struct]]:
    """Return all structs that occur in a type."""
    match info:
        case inspect.StructType():
            return {info.cls}.union(*(_structs(field.type) for field in info.fields))
        case inspect.UnionType():
            return set().union(*map(_structs, info.types))
        case inspect.VarTupleType():
            return _structs(info.item_type)
        case inspect.DictType():
            return _structs(info.value_type)
    return set()


def _describe(component: Schema, struct: type[Struct]) -> None:
    """Add the docstrings of a type and of its fields to the schema as descriptions."""
    docs = field_docs(struct)
    rest = {name: value for name, value in component.items() if name not in ("title", "description")}
    component.clear()
    component |= {"title": struct.__name__.removesuffix("Header").removesuffix("Config"), "description": own_doc(struct), **rest}
    for field in msgspec.structs.fields(struct):
        if field.name in docs:
            schema = component["properties"][field.encode_name]
            component["properties"][field.encode_name] = {**schema, "description": docs[field.name]}


def _as_written(schema: Any) -> Any:
    """Return `schema` for what authors write: no nulls, since they leave out the key, and a text may look like a number."""
    if isinstance(schema, list | tuple):
        return [_as_written(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    written = {name: _as_written(value) for name, value in schema.items() if not (name == "default" and value in (None, "", (), [], {}))}
    if {"type": "null"} in written.get("anyOf", ()):
        choices = [choice for choice in written.pop("anyOf") if choice != {"type": "null"}]
        written = {**choices[0], **written} if len(choices) == 1 else {**written, "anyOf": choices}
    if written.get("type") == "string" and written.get("pattern", SEEN) == SEEN:
        written["type"] = ["string", "number", "boolean"]
    return written
