"""Load a strict subset of YAML into dicts, lists and strings; scalars stay text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import yaml

from briefings.content.yaml.positions import BLOCKS, MAX_DEPTH, UNFIT, Loader, Tree, read
from briefings.core.diagnostics import Diagnostic, Place, problem

MAX_HEADER: Final = 64 * 1024
"""The greatest size of a front matter, in bytes."""
MAX_FILE: Final = 8 * 1024 * 1024
"""The greatest size of a YAML file, in bytes."""


def load(text: str, *, path: str, first_line: int = 1, limit: int = MAX_HEADER) -> tuple[Tree | None, tuple[Diagnostic, ...]]:
    """Read one YAML document as a tree whose leaves are text; an empty document is an empty mapping.

    `limit` is the greatest size in bytes. The tree is None when the text cannot be read at all; where something was refused, the
    tree holds `Invalid` in its place, so that one run reports all that is wrong.
    """
    if len(text) * 4 > limit and len(text.encode()) > limit:
        message = f"this YAML is larger than {limit // 1024:,} KiB"
        remedy = "move text into the body" if limit == MAX_HEADER else "split the file"
        return None, (problem("header-too-large", message, Place(path, first_line, 1), remedy),)
    try:
        tree = _compose(text)
    except yaml.YAMLError:
        tree = None
    if tree is not None:
        return tree, ()
    return read(text, path=path, first_line=first_line)


def _compose(text: str) -> Tree | None:
    """Return the tree of a text without doubtful parts; None at the first doubt. Raises yaml.YAMLError."""
    # Every header of a site passes through this loop, so it keeps no positions and leaves explanations to `read`.
    next_event: Callable[[], Any] = Loader(text).get_event
    next_event()
    if type(next_event()) is not yaml.DocumentStartEvent:
        return {}
    parents: list[tuple[dict[str, Tree] | list[Tree], str | None]] = []
    here: dict[str, Tree] | list[Tree] | None = None
    key: str | None = None
    value: Any
    while True:
        event = next_event()
        kind = type(event)
        if kind is yaml.ScalarEvent:
            value = event.value
            if event.style and event.style in BLOCKS:
                value = value.rstrip("\n")
            if event.anchor or event.tag or not (value or event.style) or (event.style == '"' and UNFIT.search(value)):
                return None
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            value = here
            here, key = parents.pop()
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            if event.anchor or event.tag or len(parents) >= MAX_DEPTH or (type(here) is dict and key is None):
                return None
            parents.append((here, key))  # type: ignore[arg-type] # only the root has no parent
            here, key = ({} if kind is yaml.MappingStartEvent else []), None
            continue
        else:
            return None
        if here is None:
            next_event()
            return value if type(next_event()) is yaml.StreamEndEvent else None
        if type(here) is list:
            here.append(value)
        elif key is not None:
            here[key] = value  # type: ignore[call-overload] # it is a dict when it is no list
            key = None
        elif value in here or value == "<<":
            return None
        else:
            key = value
