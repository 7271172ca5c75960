"""Read YAML with all positions and problems; slow, so it is used only for files about which something is reported."""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias

import yaml
from msgspec import Struct

from briefings.content.yaml.advice import advice, comma_in_value, is_piece, no_item, no_value
from briefings.core.diagnostics import Diagnostic, Place, problem

MAX_DEPTH: Final = 20
"""The greatest depth of nested collections."""

BLOCKS: Final = "|>"
"""Signs that begin a block text. The line break behind its last line belongs to the file, not to the text."""

UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Characters that no page may contain, among them those that mark holes in HTML."""


class Invalid:
    """A value that was refused. It keeps its place in the tree, so that the rest can still be checked."""


Tree: TypeAlias = "str | list[Tree] | dict[str, Tree] | Invalid"

_INVALID: Final = Invalid()
_CUT_BY_COMMA: Final = Invalid()
"""Stands for a value whose last words, after a comma, were read as another key."""

Loader: Final[type[yaml.CBaseLoader | yaml.BaseLoader]] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""PyYAML's loader in C, or in Python where that was not built; both yield the same events."""


class Span(NamedTuple):
    """A place in a file: line and column count from 1; the width, in characters, does not exceed the line."""

    line: int
    column: int
    width: int


class Lines:
    """The offsets at which the lines of a text begin, to find the lines of many offsets in a large file."""

    def __init__(self, text: str, first_line: int) -> None:
        """`first_line` is the file's line on which `text` begins."""
        self._starts = [0, *(found.end() for found in re.finditer("\n", text)), len(text) + 1]
        self._first_line = first_line

    def span(self, start: int, end: int) -> Span:
        """Return the place of the characters from `start` to `end`, cut at the end of the first line."""
        index = bisect.bisect_right(self._starts, start, hi=len(self._starts) - 1) - 1
        stop = min(end, self._starts[index + 1] - 1)
        return Span(index + self._first_line, start - self._starts[index] + 1, max(stop - start, 1))


class Node(Struct, frozen=True):
    """A value with its position, as offsets into the text in characters."""

    value: str | dict[str, tuple[Node, Node]] | list[Node] | Invalid
    """For a mapping: by key, the node of the key and the node of the value."""
    start: int
    end: int
    style: str = ""
    """The quotation mark or block sign of a scalar; empty for a plain one."""


class Marked(Struct, frozen=True):
    """A text with the positions of all its keys and values."""

    text: str
    root: Node | None
    """The value of the whole text; None for a text that is empty or not YAML."""
    lines: Lines

    def node(self, key: str) -> Node | None:
        """Return the value at `key`, such as `actors[1].role`; None when there is none."""
        name, value, rest = self._follow(key)
        return None if rest or (name is None and key) else value

    def locate(self, key: str, *, name: bool = False) -> Span | None:
        """Return the place of the value at `key`, or of its nearest existing parent; None when that is the whole text.

        For a list or mapping, and with `name`, it is the place of the key.
        """
        own_name, value, rest = self._follow(key)
        if value is None or own_name is None:
            return None
        shown = value if isinstance(value.value, str) and not rest and not name else own_name
        return self.lines.span(shown.start, shown.end)

    def _follow(self, key: str) -> tuple[Node | None, Node | None, str]:
        """Follow `key` as far as it leads: the node that names the value (for a list item, itself), the value, and the rest of the key.

        Ids may hold dots, so each step takes the longest key of the mapping that fits.
        """
        name, here, rest = None, self.root, key
        while here is not None and rest:
            if isinstance(members := here.value, dict):
                steps = (rest[: end.start()] for end in reversed([*re.finditer(r"[.\[]|\Z", rest)]))
                step = next((step for step in steps if step in members), None)
                if step is None:
                    break
                name, here = members[step]
                rest = rest[len(step) :].removeprefix(".")
            elif isinstance(here.value, list):
                index = re.match(r"\[(\d+)\]\.?", rest)
                if index is None or int(index[1]) >= len(here.value):
                    break
                name = here = here.value[int(index[1])]
                rest = rest[index.end() :]
            else:
                break
        return name, here, rest


def mark_positions(text: str, *, first_line: int = 1) -> Marked:
    """Read `text`, which begins on line `first_line` of the file, for its positions only; problems are ignored."""
    reader = _Reader(text, "", first_line)
    return Marked(text, reader.document(), reader.lines)


def read(text: str, *, path: str, first_line: int = 1) -> tuple[Tree | None, tuple[Diagnostic, ...]]:
    """Return the tree of `text`, with `Invalid` for refused values, and every problem; None when it cannot be read to its end."""
    reader = _Reader(text, path, first_line)
    root = reader.document()
    return (None if root is None else _tree(root)), tuple(reader.problems)


def _tree(node: Node) -> Tree:
    """Return the tree of a node. Its depth is limited, so the recursion is too."""
    if isinstance(node.value, dict):
        return {key: _tree(value) for key, (_, value) in node.value.items()}
    if isinstance(node.value, list):
        return [_tree(item) for item in node.value]
    return node.value


class _TooDeepError(Exception):
    """Raised to end the reading of a text that is nested too deeply."""


class _Reader:
    """Reads a text slowly, with every position and every problem."""

    def __init__(self, text: str, path: str, first_line: int) -> None:
        self.text = text
        self.path = path
        self.lines = Lines(text, first_line)
        self.problems: list[Diagnostic] = []

    def document(self) -> Node | None:
        """Return the root node; None when the text is empty or cannot be read to its end."""
        try:
            self.next_event: Callable[[], Any] = Loader(self.text).get_event
            self.next_event()
            if type(self.next_event()) is not yaml.DocumentStartEvent:
                return None
            root = self.node(self.next_event(), 1)
            self.next_event()
            extra = self.next_event()
            if type(extra) is not yaml.StreamEndEvent:
                self.refuse(extra, "a second document begins here", "keep one document: delete this --- line, or make two files")
            return root
        except _TooDeepError:
            return None
        except yaml.MarkedYAMLError as error:
            start, message, remedy = advice(self.text, error)
            # A problem found before on the same line is a part of the same mistake.
            line = self.lines.span(start, start).line
            self.problems = [one for one in self.problems if one.place.line != line]
            self.report("yaml-syntax", start, start + 1, message, remedy)
        except yaml.YAMLError as error:
            self.report("yaml-syntax", 0, 1, f"this is not YAML: {error}")
        return None

    def report(self, code: str, start: int, end: int, message: str, remedy: str = "") -> None:
        self.problems.append(problem(code, message, Place(self.path, *self.lines.span(start, end)), remedy))

    def refuse(self, event: Any, message: str, remedy: str) -> None:
        self.report("yaml-feature", event.start_mark.index, event.end_mark.index, message, remedy)

    def node(self, event: Any, depth: int) -> Node:
        """Return the node that begins with `event`."""
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.AliasEvent):
            remedy = "write the value out, or put it in quotes if it is text"
            self.refuse(event, f"*{event.anchor} refers to another part of the file", remedy)
            return Node(_INVALID, start, end)
        if event.anchor:
            self.refuse(event, f"&{event.anchor} is an anchor", "delete it, or put the value in quotes if it is text")
        if event.tag:
            self.refuse(event, f"{event.tag} is a tag", "delete it, or put the value in quotes if it is text")
        if isinstance(event, yaml.ScalarEvent):
            return Node(_INVALID if event.anchor or event.tag else self.scalar(event), start, end, event.style or "")
        if depth > MAX_DEPTH:
            self.report("header-too-deep", start, end, f"this is nested more than {MAX_DEPTH} levels deep", "no key needs that: flatten it")
            raise _TooDeepError
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(start, depth)
        items = []
        while not _is_end(event := self.next_event()):
            item = self.node(event, depth + 1)
            if _is_empty(item):
                self.report("empty-value", max(item.start - 1, 0), item.start, *no_item(self.text, item.start))
                item = Node(_INVALID, item.start, item.end)
            items.append(item)
        return Node(items, start, event.end_mark.index)

    def skip(self) -> None:
        """Skip the rest of a collection that has begun."""
        depth = 1
        while depth:
            event = self.next_event()
            depth += isinstance(event, yaml.CollectionStartEvent) - _is_end(event)

    def scalar(self, event: Any) -> str | Invalid:
        """Return the text of a scalar; Invalid when an escape yields a character that no page may contain."""
        text: str = event.value.rstrip("\n") if event.style and event.style in BLOCKS else event.value
        found = UNFIT.search(text)
        if found is None:
            return text
        self.report(
            "control-character",
            event.start_mark.index,
            event.end_mark.index,
            f"an escape stands for the character U+{ord(found.group()):04X}, which no page may contain",
            "delete the escape, or put the value in single quotes if it is text",
        )
        return _INVALID

    def mapping(self, start: int, depth: int) -> Node:
        """Return the mapping that begins at `start`."""
        members: dict[str, tuple[Node, Node]] = {}
        readable = True
        before = ""
        while not _is_end(event := self.next_event()):
            if isinstance(event, yaml.CollectionStartEvent):
                self.refuse(event, "a list or mapping stands where a key must be", "put the whole value in quotes if it is text")
                self.skip()
                self.node(self.next_event(), depth + 1)
                readable = False
                continue
            key = self.node(event, depth + 1)
            value = self.node(self.next_event(), depth + 1)
            name = key.value
            if not isinstance(name, str):
                readable = False
                continue
            if name == "<<" and not key.style:
                self.refuse(event, "<< merges another mapping into this one", "write its keys out")
                readable = False
                continue
            if name in members:
                first = self.lines.span(members[name][0].start, members[name][0].end).line
                self.report("duplicate-key", key.start, key.end, f'"{name}" is written twice, first in line {first}', "keep one of the two")
                continue
            if _is_empty(value):
                cut = members[before][1] if before in members else None
                if cut is not None and _may_go_on(cut) and is_piece(self.text, cut.end, key.start, key.end):
                    if isinstance(cut.value, str):
                        self.report("empty-value", key.start, key.end, *comma_in_value(self.text, before, cut.start, key.start, key.end))
                    members[before] = (members[before][0], Node(_CUT_BY_COMMA, cut.start, key.end))
                    continue
                self.report("empty-value", key.start, key.end, *no_value(self.text, name, key.end))
                value = Node(_INVALID, value.start, value.end)
            before = name
            members[name] = (key, value)
        return Node(members if readable else _INVALID, start, event.end_mark.index)


def _may_go_on(node: Node) -> bool:
    """Whether a comma may have ended the value too early: it is unquoted text, or what was left of one."""
    return node.value is _CUT_BY_COMMA or (isinstance(node.value, str) and node.value != "" and not node.style)


def _is_empty(node: Node) -> bool:
    """Whether nothing at all is written for the value."""
    return node.value == "" and not node.style


def _is_end(event: Any) -> bool:
    return isinstance(event, yaml.CollectionEndEvent)
