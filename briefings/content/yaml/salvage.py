"""Read what can be read of a header with mistakes, and check it, so that one run reports all problems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from briefings.content.checks.record_checks import check_header
from briefings.content.headers import RecordHeader
from briefings.content.records import HEADERS, Kind
from briefings.content.schema import validate
from briefings.content.schema.fields import field_types
from briefings.content.yaml.positions import Invalid, Tree
from briefings.core.config import SiteConfig
from briefings.core.diagnostics import Diagnostic

_REQUIRED: Final[dict[str, str]] = {"title": "?", "name": "?", "date": "2000-01-01", "type": "person"}
"""Stand-ins for required keys that are missing or wrong, while the rest is checked."""
_NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "unknown-citation": ("sources",),
    "unknown-basis": ("sources", "quotations"),
    "odd-dates": ("date",),
}
"""Codes of findings that compare a key with others; without one of these, the finding is dropped."""
_OF_ENTRIES: Final[dict[str, dict[str, Tree]]] = {
    "events": {"title": "?", "date": "2000-01-01"},
    "quotations": {"text": "?", "speaker": {"name": "?"}},
    "propositions": {"text": "?"},
    "measures": {"name": "?"},
}
"""Stand-ins for what entries need besides their ids, so that what names an entry with a mistake still finds it."""
_NAME = re.compile(r"[^.\[]+")


class Salvaged(Struct, frozen=True):
    """The readable part of a header with mistakes."""

    header: RecordHeader
    unsure: frozenset[str]
    """Keys whose values may differ from what the author meant."""
    mended: frozenset[str]
    """Keys whose values are there without their faulty parts."""


def salvaged(kind: Kind, tree: Tree, path: str) -> Salvaged | None:
    """Return the readable part of a header with mistakes; None when nothing can be read."""
    if not isinstance(tree, dict):
        return None
    type_ = HEADERS[kind]
    fields = field_types(type_, mapping=True)
    required = {name: value for name, value in _REQUIRED.items() if name in fields}
    good: dict[str, Tree] = {}
    whole: set[str] = set()
    mended: set[str] = set()
    for name, value in tree.items():
        found, problems = validate.convert({**required, name: value}, type_, path=path)
        if found:
            good[name] = value
            whole.add(name)
            continue
        faults = {one.place.key for one in problems}
        for readable, into in ((_without(value, name, faults), mended), (_ids_alone(value, _OF_ENTRIES.get(name, {})), set())):
            if name not in faults and validate.convert({**required, name: readable}, type_, path=path)[0]:
                good[name] = readable
                into.add(name)
                break
    header = validate.convert({**required, **good}, type_, path=path)[0]
    # An unknown key may be a misspelling of any other.
    misspelt = any(name not in fields for name in tree)
    absent = {name for name in fields if name in tree or misspelt or name in required}
    return Salvaged(header, frozenset(absent - whole - mended), frozenset(mended)) if header else None


def check_salvaged(path: str, key: str, found: Salvaged, config: SiteConfig) -> Iterator[Diagnostic]:
    """Yield what `check_header` finds in the header, without what only follows from mistakes already reported."""
    for one in check_header(path, key, found.header, config):
        inside = one.place.key.removeprefix(key).removeprefix(".")
        name = _NAME.match(inside)
        top = name[0] if name else ""
        if top in found.unsure or not found.unsure.isdisjoint(_NEEDS.get(one.code, ())):
            continue
        # A missing key may be the misspelled one.
        if one.code == "missing-key" and top in found.mended:
            continue
        yield one


def _without(tree: Tree, key: str, faults: set[str]) -> Tree:
    """Return the value at `key` without the faulty keys inside it. Items of lists stay, so that each keeps its number."""
    if isinstance(tree, dict):
        inside = ((name, value, validate.join(key, name)) for name, value in tree.items())
        return {name: _without(value, at, faults) for name, value, at in inside if at not in faults and not isinstance(value, Invalid)}
    if isinstance(tree, list):
        return [_without(value, f"{key}[{index}]", faults) for index, value in enumerate(tree)]
    return tree


def _ids_alone(value: Tree, stand_ins: dict[str, Tree]) -> Tree:
    """Return a list of entries reduced to their ids, with `stand_ins` for the rest that they need; other values unchanged."""
    if not isinstance(value, list):
        return value
    return [{"id": one["id"], **stand_ins} for one in value if isinstance(one, dict) and isinstance(one.get("id"), str)]
