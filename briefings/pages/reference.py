"""The theme reference: every view with its fields, types and meanings, generated from the types themselves."""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from msgspec import Struct

from briefings.core.docstrings import field_docs, own_doc
from briefings.pages.note_refs import as_shown
from briefings.pages.views.parts import Prose
from briefings.pages.views.record_views import TEMPLATES

_NAMES: dict[object, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    dt.date: "date",
    dt.datetime: "instant",
    type(None): "nothing",
}


def theme_reference(filters: Mapping[str, Callable[..., object]]) -> str:
    """The reference as Markdown: the templates with their views, the parts that views are made of, and the filters."""
    sections = ["# Theme reference", _INTRODUCTION, "## Templates"]
    for view, template in TEMPLATES.items():
        sections += [f"### `{template}`", _without_name(own_doc(view)), _table(view)]
    sections.append("## Types")
    for part in sorted(_parts(TEMPLATES), key=lambda t: t.__name__):
        sections += [f"### {part.__name__}", own_doc(part)]
        if part is not Prose:
            sections.append(_table(part))
    sections += ["## Filters", "Besides those of Jinja:", "\n".join(_filter(name, filters[name]) for name in sorted(filters))]
    return "\n\n".join(sections)


_INTRODUCTION = """\
A template sees the fields of its view under their own names, and nothing else but `structured_data`: what
they say in the words of schema.org, for a `<script type="application/ld+json">`; it is empty where there is nothing to say;
and `highest_marking`: the highest marking of anything on the page, which is `page.highest_marking`, too. Unless it is `TLP:CLEAR`, a
theme shows it in an element of its own before `<main>` and after it; where it does not, the program puts it in.
Addresses lead from the site's root, so a link is
`{{ page.root }}{{ note.url }}`; a field called `href` is ready as it is. A variable that does not exist is an error.

A list is always there, though it may be empty; what may be absent is marked *or nothing* and is false in a condition."""


def readable(kind: Any) -> str:
    """A type in words: `list of NoteCard`, `date or nothing`, `"ltr" or "rtl"`."""
    kind = as_shown(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return readable(arguments[0])
    if origin is Literal:
        return _or(f'"{a}"' if isinstance(a, str) else str(a) for a in arguments)
    if origin in (Union, types.UnionType):
        return _or(readable(a) for a in sorted(arguments, key=lambda a: a is type(None)))
    if origin in (tuple, list, frozenset):
        return f"list of {readable(arguments[0])}"
    if origin is dict:
        return f"mapping from {readable(arguments[0])} to {readable(arguments[1])}"
    if kind is Prose:
        return "[HTML](#prose)"
    return _NAMES.get(kind) or _linked(kind.__name__)


def _or(words: Iterable[str]) -> str:
    items = list(words)
    return " or ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def _linked(name: str) -> str:
    return f"[{name}](#{name.lower()})"


def _without_name(text: str) -> str:
    """A view's docstring begins with its template's name, which the heading has already given."""
    _, separator, rest = text.partition("`: ")
    return rest[:1].upper() + rest[1:] if separator and text.startswith("`") else text


def _table(kind: type[Struct]) -> str:
    docs = field_docs(kind)
    hints = get_type_hints(kind, include_extras=True)
    rows = [f"| `{name}` | {_cell(readable(hints[name]))} | {_cell(docs.get(name, ''))} |" for name in kind.__struct_fields__]
    return "\n".join(["| field | type | meaning |", "| --- | --- | --- |", *rows])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _parts(views: Iterable[type[Struct]]) -> set[type[Struct]]:
    """All types that the views are made of, each once."""
    found: set[type[Struct]] = set()
    waiting: list[type[Struct]] = list(views)
    while waiting:
        for hint in get_type_hints(waiting.pop(), include_extras=True).values():
            new = set(_structs(hint)) - found
            found |= new
            waiting += new
    return found


def _structs(kind: Any) -> Iterator[type[Struct]]:
    if isinstance(kind, type) and issubclass(kind, Struct):
        yield as_shown(kind)
    for argument in get_args(kind):
        yield from _structs(argument)


def _filter(name: str, function: Callable[..., object]) -> str:
    return f"- `{name}`: {_cell(own_doc(function))}"
