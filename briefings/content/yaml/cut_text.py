"""Warnings about texts that end at ` #`, because YAML takes the rest of the line for a comment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec
from msgspec import inspect

from briefings.content.schema.fields import field_types
from briefings.content.yaml.advice import quoted
from briefings.content.yaml.positions import Marked, Node
from briefings.core.diagnostics import Diagnostic, Place, problem

_GLUED = re.compile(r"[ \t]#[^\s#]")
"""A # that touches the next word; whoever writes a comment puts a space behind it."""
_CUT_OFF = re.compile(r"([ \t]+)(#[^\s#].*?)(?=[ \t]+# |[ \t]*$)", re.MULTILINE)
NO_PROSE: Final = frozenset(
    (
        *("id", "topics", "actors", "actor", "broader", "organization", "source", "basis", "proposition", "measure", "kind"),
        *("url", "archived", "to", "aliases", "language", "timezone", "theme", "identifiers"),
    )
)
"""Keys whose values are ids, addresses and the like: they hold no space, so ` #` can only begin a comment."""


def may_be_cut(text: str) -> bool:
    """Whether `text` has a # that touches the next word, so that a search is worthwhile."""
    return "#" in text and _GLUED.search(text) is not None


def cut_texts(marked: Marked, type_: type[msgspec.Struct] | None, path: str) -> Iterator[Diagnostic]:
    """Yield a warning for each unquoted text that is cut short. `type_` is the schema of the file, or of each of its `records`."""
    root = marked.root
    if root is None or not isinstance(root.value, dict):
        return
    records = root.value.get("records")
    if records is not None and type_ is not None and isinstance(records[1].value, dict):
        for _, record in records[1].value.values():
            yield from _within(record, type_, "", marked, path)
    else:
        yield from _within(root, type_, "", marked, path)


def _within(node: Node, type_: Any, name: str, marked: Marked, path: str) -> Iterator[Diagnostic]:
    """Yield a warning for each text cut short in the value of the key `name`."""
    if isinstance(node.value, dict):
        fields = field_types(type_, mapping=True)
        for key, (_, value) in node.value.items():
            if key not in NO_PROSE:
                yield from _within(value, fields.get(key, fields.get("")), key, marked, path)
    elif isinstance(node.value, list):
        item = field_types(type_, mapping=False).get("")
        for one in node.value:
            yield from _within(one, item, name, marked, path)
    elif isinstance(node.value, str) and not node.style and _is_text(type_):
        yield from _cut_off(node, marked, path)


def _is_text(type_: Any) -> bool:
    """Whether the type allows any text; a key that the schema does not describe, such as `body`, does."""
    if isinstance(type_, inspect.UnionType):
        return any(_is_text(one) for one in type_.types)
    return type_ is None or isinstance(type_, inspect.StrType)


def _cut_off(node: Node, marked: Marked, path: str) -> Iterator[Diagnostic]:
    found = _CUT_OFF.match(marked.text, node.end)
    if found is None or not node.value:
        return
    line_start = marked.text.rfind("\n", 0, node.start) + 1
    written = marked.text[node.start : found.end()]
    if "\n" in written:
        remedy = "put the whole text in quotes, from its first line to its last"
    else:
        before = marked.text[line_start : node.start].strip(" \t")
        entry = re.search(r"(?:[^\s,{\[]+:|-)$", before)
        remedy = f"write {f'{entry.group()} ' if entry else ''}{quoted(written)}"
    message = f'the text ends before "{found[2]}": a space and # begin a comment'
    place = Place(path, *marked.lines.span(found.start(2), found.end(2)))
    yield problem("cut-text", message, place, f"{remedy}; for a comment, put a space behind the #")
