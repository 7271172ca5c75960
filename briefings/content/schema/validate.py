"""Validate a tree of text against a type: return the typed value, or every way in which the tree does not fit."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec import inspect, structs

from briefings.content import front_matter
from briefings.content.headers import Citation
from briefings.content.schema.fields import example, expected, fields_of, type_info
from briefings.content.schema.foreign_keys import GUARDS, guard_meant, key_advice, key_meant
from briefings.content.schema.numbers import Number
from briefings.content.yaml.positions import Invalid, Tree
from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.text import did_you_mean, is_id, listing
from briefings.core.urls import is_web

T = TypeVar("T", bound=msgspec.Struct)

# msgspec would accept these for a boolean, a number or an absent value: 1 for true, 1e1 for 10, null for none.
_LENIENT = re.compile(r"null|-?0|1|-?\d+(?:\.\d*(?:e[-+]?\d+)?|e[-+]?\d+)", re.IGNORECASE)
_DIGIT = re.compile("[01]")
_DECIMAL = re.compile(r"-?\d.*")
_MEANT = {"yes": "true", "on": "true", "1": "true", "no": "false", "off": "false", "0": "false"}
_RENAMED = {"TLP:WHITE": "TLP:CLEAR", "WHITE": "TLP:CLEAR", "PRO": "for", "CONTRA": "against", "CON": "against"}
"""Terms of older standards, each with its present name."""
_PLAIN = re.compile(r"[\w .-]+")
_WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,17})")


def convert(tree: Tree, type_: type[T], *, path: str, key: str = "") -> tuple[T | None, tuple[Diagnostic, ...]]:
    """Return the value of `type_` that `tree` describes, or None with every problem.

    The place of a problem is a key below `key`, such as `actors[1].role`.
    """
    if _is_plain(tree, _harmless(type_)):
        try:
            return _build(tree, type_), ()
        except msgspec.ValidationError:
            pass
    problems = tuple(_check(tree, type_info(type_), path, key))
    if problems or any(isinstance(leaf, Invalid) for leaf in _leaves(tree)):
        return None, problems
    return _build(tree, type_), ()


def _build(tree: Tree, type_: type[T]) -> T:
    return msgspec.convert(tree, type_, strict=False, dec_hook=_from_text)


def _from_text(type_: type[Any], text: Any) -> Any:
    """Decode one of our own types for msgspec: its constructor reads the text, or raises ValueError."""
    if not isinstance(text, str):
        raise ValueError("not text")
    return type_(text)


def _is_plain(tree: Tree, harmless: Mapping[str, re.Pattern[str]]) -> bool:
    """Whether msgspec reads all scalars of a tree as they are meant; `harmless` are numbers that it does, by their key."""
    waiting: list[tuple[str, Tree]] = [("", tree)]
    while waiting:
        key, here = waiting.pop()
        if isinstance(here, str):
            if _LENIENT.fullmatch(here) and not (key in harmless and harmless[key].fullmatch(here)):
                return False
        elif isinstance(here, dict):
            waiting.extend(here.items())
        elif isinstance(here, list):
            waiting.extend([("", one) for one in here])
        else:
            return False
    return True


@functools.cache
def _harmless(type_: type[msgspec.Struct]) -> Mapping[str, re.Pattern[str]]:
    """Return what msgspec does not misread, for each key that holds a number wherever it stands in `type_`."""
    kinds: dict[str, set[re.Pattern[str] | None]] = {}
    waiting, seen = [type_info(type_)], set()
    while waiting:
        info = waiting.pop()
        if isinstance(info, inspect.StructType) and info.cls not in seen:
            seen.add(info.cls)
            for field in info.fields:
                kinds.setdefault(field.encode_name, set()).add(_harmless_for(field.type))
                waiting.append(field.type)
        elif isinstance(info, inspect.UnionType):
            waiting += info.types
        elif isinstance(info, inspect.VarTupleType):
            waiting.append(info.item_type)
        elif isinstance(info, inspect.DictType):
            waiting.append(info.value_type)
    return {name: pattern for name, patterns in kinds.items() if len(patterns) == 1 and (pattern := next(iter(patterns))) is not None}


def _harmless_for(info: inspect.Type) -> re.Pattern[str] | None:
    """Return what msgspec does not misread for a value of this type; None where there is no such number."""
    match info:
        case inspect.UnionType(types=(one, inspect.NoneType())) | inspect.UnionType(types=(inspect.NoneType(), one)):
            return _harmless_for(one)
        case inspect.IntType():
            return _DIGIT
        case inspect.CustomType(cls=cls) if cls is Number:
            return _DECIMAL
    return None


def _leaves(tree: Tree) -> Iterator[str | Invalid]:
    """Yield all scalars of a tree."""
    waiting: list[Tree] = [tree]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            waiting.extend(here.values())
        elif isinstance(here, list):
            waiting.extend(here)
        else:
            yield here


def _check(tree: Tree, info: inspect.Type, path: str, key: str) -> Iterator[Diagnostic]:
    """Yield every way in which `tree` does not fit the type `info`."""
    place = Place(path, key=key)
    match info:
        case _ if isinstance(tree, Invalid):
            return
        case inspect.UnionType():
            yield from _check_union(tree, info, path, key)
        case inspect.StructType() if isinstance(tree, dict):
            yield from _check_struct(tree, info, path, key)
        case inspect.StructType() if not key:
            where = "front matter" if front_matter.is_markdown(path) else "file"
            kind = "a list" if isinstance(tree, list) else "plain text"
            first = next((f for f in fields_of(info.cls).values() if f.required), info.fields[0])
            remedy = f"write each key on a line of its own, as in {first.encode_name}: {example(first.type)}"
            yield problem("wrong-type", f"the {where} is {kind}, but must have keys", place, remedy)
        case inspect.DictType() if isinstance(tree, dict):
            for name, value in tree.items():
                yield from _check(value, info.value_type, path, join(key, name))
        case inspect.VarTupleType() if isinstance(tree, list):
            for index, value in enumerate(tree):
                yield from _check(value, info.item_type, path, f"{key}[{index}]")
        case inspect.CustomType() if isinstance(tree, str):
            try:
                info.cls(tree)
            except ValueError as error:
                message, _, remedy = str(error).partition("; ")
                yield problem("wrong-type" if info.cls is Number else "bad-date", message, place, remedy or "correct it")
        case _ if isinstance(tree, str):
            yield from _check_scalar(tree, info, place)
        case _:
            kind = "a list" if isinstance(tree, list) else "a mapping"
            remedy = _rewritten(key, info)
            if isinstance(info, inspect.VarTupleType) and isinstance(tree, dict) and _has_shape(tree, info.item_type):
                remedy = _as_list(tree, info.item_type)
            yield problem("wrong-type", f'"{key}" is {kind}, but must be {expected(info)}', place, remedy)


def _as_list(tree: dict[str, Tree], item: inspect.Type) -> str:
    """Return a remedy for a mapping where a list of `item`s should stand: it is one item, or maps ids to items."""
    kinds = item.types if isinstance(item, inspect.UnionType) else (item,)
    fields = next((fields_of(kind.cls) for kind in kinds if isinstance(kind, inspect.StructType)), {})
    first = next(iter(tree), "")
    if instead := _with_id({first: tree[first]} if tree else {}, fields):
        return f"{instead}, after a - in a line of its own; so on for each"
    if "id" in fields and first not in fields and is_id(first):
        return f"write - id: {first} in a line of its own, and its other keys below in the column of id; so on for each"
    return 'make it an item of a list: put "- " before its first key and two spaces before the others, or [ ] around its braces'


def _check_union(tree: Tree, info: inspect.UnionType, path: str, key: str) -> Iterator[Diagnostic]:
    """Yield nothing if one type of the union fits; else the problems of the only type that has the tree's shape."""
    choices = [t for t in info.types if not isinstance(t, inspect.NoneType)]
    shaped = choices if len(choices) == 1 else [t for t in choices if _has_shape(tree, t)]
    if len(shaped) == 1:
        yield from _check(tree, shaped[0], path, key)
    elif all(any(_check(tree, choice, path, key)) for choice in choices):
        message = f'"{key}" must be {expected(info)}'
        yield problem("wrong-type", message, Place(path, key=key), _rewritten(key, info))


def _has_shape(tree: Tree, info: inspect.Type) -> bool:
    if isinstance(info, inspect.UnionType):
        return any(_has_shape(tree, choice) for choice in info.types)
    if isinstance(tree, dict):
        return isinstance(info, inspect.StructType | inspect.DictType)
    return isinstance(info, inspect.VarTupleType) == isinstance(tree, list) and not isinstance(info, inspect.StructType | inspect.DictType)


def _check_struct(tree: dict[str, Tree], info: inspect.StructType, path: str, key: str) -> Iterator[Diagnostic]:
    fields = fields_of(info.cls)
    if instead := _with_id(tree, fields):
        yield problem("unknown-key", f'"{key}" has the id where a key should be', Place(path, key=join(key, next(iter(tree)))), instead)
        return
    meant: set[str | None] = set()
    for name, value in tree.items():
        if name in fields:
            for found in _check(value, fields[name].type, path, join(key, name)):
                yield found if found.remedy else structs.replace(found, remedy=_meaning(info.cls, fields[name].name) or "write one of them")
        else:
            near = key_meant(name, fields)
            meant.add(near)
            if guard := guard_meant(name, value, tree) if "draft" in fields else "":
                remedy = guard
            elif near in tree:
                remedy = f'{"keep one of the two" if near in GUARDS else "delete it"}: "{near}" is there already'
            elif near:
                remedy = f'did you mean "{near}"?'
            else:
                remedy = key_advice(name) or f"known here: {listing(sorted(fields, key=lambda f: not fields[f].required))}"
            message = f'there is no key "{name}"' + (f' in "{key}"' if key else "")
            if name[:1].isspace():
                message, remedy = (
                    f'before "{name.strip()}" stand spaces that are no ordinary ones',
                    "indent it with ordinary spaces, as the other keys of its mapping",
                )
            yield problem("unknown-key", message, Place(path, key=join(key, name)), remedy)
    for name, field in fields.items():
        if field.required and name not in tree and name not in meant:
            message = f'the key "{name}" is missing' + (f' in "{key}"' if key else "")
            yield problem("missing-key", message, Place(path, key=join(key, name)), f"add it, as in {name}: {example(field.type)}")


def _with_id(tree: dict[str, Tree], fields: Mapping[str, inspect.Field]) -> str:
    """Return what to write instead of a mapping such as `un: speaker`, meant as an id and another key; empty where it was not."""
    if len(tree) != 1 or "id" not in fields or not fields["id"].required:
        return ""
    ((name, value),) = tree.items()
    if name in fields or key_meant(name, fields) or not is_id(name) or not isinstance(value, str):
        return ""
    takes = [other for other, field in fields.items() if other != "id" and not any(_check(value, field.type, "", other))]
    return f"write {{id: {name}, {takes[0]}: {value}}}" if takes else ""


def _check_scalar(text: str, info: inspect.Type, place: Place) -> Iterator[Diagnostic]:
    name = f'"{place.key}"'
    match info:
        case inspect.StrType():
            if info.min_length and info.pattern and not re.search(info.pattern, text):
                what = "holds nothing but invisible characters" if text.strip() else "is empty"
                yield problem("empty-value", f"{name} {what}", place, "write what readers should see")
            elif info.pattern and not re.search(info.pattern, text):
                yield problem("wrong-type", f'"{text}" does not have the form that {name} needs', place)
            return
        case inspect.BoolType() if text.lower() in ("true", "false"):
            return
        case inspect.IntType() if _WHOLE.fullmatch(text) and _in_range(int(text), info):
            return
        case inspect.LiteralType() if text in info.values:
            return
    remedy = _rewritten(place.key, info)
    if isinstance(info, inspect.LiteralType):
        choices = [str(value) for value in info.values if value]
        remedy = did_you_mean(_RENAMED.get(text.upper(), text), choices)
    elif isinstance(info, inspect.BoolType) and text.lower() in _MEANT:
        remedy = f"write {_MEANT[text.lower()]}"
    elif isinstance(info, inspect.StructType) and _PLAIN.fullmatch(text) and text.lower() != "null":
        required = [f.encode_name for f in info.fields if f.required]
        if info.cls is Citation and is_id(text):
            required = [f"id: {text}, source"]
        remedy = f"write {_entry(place.key, f'{{{required[0]}: {text}}}')}" if len(required) == 1 else remedy
    elif isinstance(info, inspect.StructType) and info.cls is Citation and is_web(text):
        remedy = f"write {_entry(place.key, f'{{id: s1, url: {text}}}')}"
    elif isinstance(info, inspect.VarTupleType) and _has_shape(text, info.item_type):
        items = _items(text)
        if place.key.rpartition(".")[2] == "aliases" and not text.startswith("/"):
            # An old address must also be a path from the root of the site.
            items = urlsplit(text).path if is_web(text) else f"/{items}"
        remedy = f"write {_entry(place.key, f'[{items}]')}"
    yield problem("wrong-type", f'{name} is "{text}", but must be {expected(info)}', place, remedy)


def _items(text: str) -> str:
    """Return the items that `text` lists in lines, behind hyphens or between commas, joined by commas; any other text unchanged."""
    words = re.split(r"[\s,]+", re.sub(r"(?<!\S)-[ ]*", "", text).strip())
    several = len(words) > 1 or text.startswith("-")
    return ", ".join(words) if several and all(map(is_id, words)) and text.islower() else text


def _in_range(number: int, info: inspect.IntType) -> bool:
    return (info.ge is None or number >= info.ge) and (info.le is None or number <= info.le)


def _rewritten(key: str, info: inspect.Type) -> str:
    """Return a remedy for a value of the wrong type; empty for a choice, since no remedy should make a marking public."""
    match info:
        case inspect.LiteralType():
            return ""
        case inspect.StrType():
            return "put it in quotes if it is meant as text"
    return f"write it as in {_entry(key, example(info))}"


def _entry(key: str, value: str) -> str:
    """Return `value` as it stands in the file, with its key before it; an item of a list has no key."""
    name = key.rpartition(".")[2]
    return f"{name}: {value}" if name and not name.endswith("]") else value


def _meaning(cls: type, field: str) -> str:
    """Return the description of a field in the schema."""
    # Reading the source costs milliseconds, which only a file with a mistake should cost.
    from briefings.core.docstrings import field_docs

    return field_docs(cls).get(field, "")


def join(key: str, name: str) -> str:
    """Return the key of `name` in the mapping at `key`."""
    return f"{key}.{name}" if key else name
