"""Tell line by line, before a Markdown text is parsed, which of its lines are code."""

from __future__ import annotations

import re

from msgspec import Struct

_CONTAINERS = re.compile(r"(?:[ \t]*>)*[ \t]*")
_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)")
_FENCE = re.compile(r"(`{3,})[^`]*$|(~{3,})")
_TAB = 4
_CODE = 4
"""Spaces of indentation that make a line code."""


class _Fence(Struct, frozen=True):
    """A code fence that is open."""

    sign: str
    quotes: int
    indent: int
    """The column at which the text of its list item begins; 0 outside lists."""


class CodeLines:
    """Reads a text line by line, and tells where the words of each line begin and whether they are code."""

    def __init__(self) -> None:
        self._fence: _Fence | None = None
        self._items: list[int] = []
        """The column at which the text of each open list item begins."""
        self.in_paragraph = False
        """Whether the line before belongs to a paragraph that the next line may continue."""

    @property
    def in_fence(self) -> bool:
        """Whether a fence is open."""
        return self._fence is not None

    def words(self, line: str) -> int | None:
        """Return where the words of the next line begin, behind the signs of quotations and list items; None for code and fences."""
        containers = _CONTAINERS.match(line)
        at = containers.end() if containers else 0
        quotes = line.count(">", 0, at)
        behind = line[line.rfind(">", 0, at) + 1 : at].expandtabs(_TAB)
        indent = len(behind) - (quotes > 0 and behind.startswith(" "))
        blank = not line[at:].strip()
        if self._fence is not None:
            if self._stays(self._fence, line[at:], quotes, indent, blank):
                return None
            self._fence = None
        if blank:
            self.in_paragraph = False
            return at
        while self._items and indent < self._items[-1] and not self.in_paragraph:
            self._items.pop()
        column = indent
        if not (self.in_paragraph and column - self._inner() >= _CODE):
            while column - self._inner() < _CODE and (item := _ITEM.match(line, at)):
                while self._items and column < self._items[-1]:
                    self._items.pop()
                width = len(item.group().rstrip()) + 1
                # Five or more spaces behind the sign make the text of the item code.
                width = width if item.end() - at > width + _CODE - 1 else max(item.end() - at, width)
                self._items.append(column + width)
                at, column = min(at + width, item.end()), column + width
                self.in_paragraph = False
                if at < item.end():
                    return None
            if column - self._inner() >= _CODE and not self.in_paragraph:
                return None
        if (fence := _FENCE.match(line, at)) and column - self._inner() < _CODE:
            self._fence = _Fence(fence[1] or fence[2], quotes, self._inner())
            self.in_paragraph = False
            return None
        self.in_paragraph = not line.startswith("#", at)
        return at

    def _inner(self) -> int:
        return self._items[-1] if self._items else 0

    def _stays(self, fence: _Fence, words: str, quotes: int, indent: int, blank: bool) -> bool:
        """Whether a line belongs to `fence`; the line may also close it."""
        if quotes < fence.quotes or (not blank and indent < fence.indent):
            return False
        ends = words.rstrip()
        if len(ends) >= len(fence.sign) and ends == fence.sign[0] * len(ends) and indent - fence.indent < _CODE:
            self._fence = None
        return True
