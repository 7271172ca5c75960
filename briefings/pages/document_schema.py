"""The JSON Schema of the documents that lie beside pages, generated from the views whose content they have."""

from __future__ import annotations

import datetime as dt
import functools
import types
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from msgspec import Struct

from briefings.core.config import Marking
from briefings.core.docstrings import field_docs, own_doc
from briefings.pages.forms import DOCUMENTS, FORMS
from briefings.pages.note_refs import as_shown
from briefings.pages.views.parts import Prose

Schema = dict[str, Any]

ADDRESSES = frozenset({"url", "newer", "older", "atom", "json", "document", "manifest"})
"""Fields that hold an address from the site's root or a web address, where they hold anything."""

LEFT_OUT = frozenset({"navigation", "search", "scripts", "structured_data", "highest_marking"})
"""Fields that say nothing of a page's content; the mark of the whole stands at the top of its document."""

_SIMPLE: dict[object, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    dt.date: {"type": "string", "format": "date"},
    type(None): {"type": "null"},
    Prose: {"type": "string", "contentMediaType": "text/html"},
}


_ABOUT: dict[str, Schema] = {
    "$schema": {"type": "string", "description": "Address of this schema."},
    "highest_marking": {"enum": list(get_args(Marking)), "description": "The highest marking of anything in this document."},
}


def document_schema(document: str) -> Schema:
    """The JSON Schema (2020-12) of a document such as `note.json`."""
    definitions: dict[str, Schema] = {}
    view = FORMS[document]
    top = _object(view, definitions)
    name = document.removesuffix(".json")
    about = "The content of a page, field by field as `briefings theme reference` explains them. Addresses lead from the document's own."
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"briefings: document of a page ({name})",
        "description": about,
        "type": "object",
        "properties": {**_ABOUT, **top["properties"]},
        "required": [*_ABOUT, *top["required"]],
        "$defs": dict(sorted(definitions.items())),
    }


def document_kinds() -> tuple[str, ...]:
    """The kinds of documents, as `briefings schema --document` names them."""
    return tuple(name.removesuffix(".json") for name in DOCUMENTS.values())


# Most documents have the same parts, and Python reads the annotations of a class slowly.
_types_of_fields = functools.cache(get_type_hints)


def _object(kind: type[Struct], definitions: dict[str, Schema]) -> Schema:
    docs, hints = field_docs(kind), _types_of_fields(kind)
    names = [name for name in hints if name not in LEFT_OUT and name in kind.__struct_fields__]
    properties = {}
    for name in names:
        schema = {"type": "string", "format": "uri-reference"} if name in ADDRESSES else _schema(hints[name], definitions)
        properties[name] = {**schema, "description": docs.get(name, "")}
    return {"type": "object", "description": own_doc(kind), "properties": properties, "required": names}


def _schema(hint: Any, definitions: dict[str, Schema]) -> Schema:
    hint = as_shown(hint)
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is tuple:
        return {"type": "array", "items": _schema(arguments[0], definitions)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_schema(argument, definitions) for argument in arguments]}
    if hint.__name__ not in definitions:
        definitions[hint.__name__] = {}
        definitions[hint.__name__] = _object(hint, definitions)
    return {"$ref": f"#/$defs/{hint.__name__}"}
