"""Which lines of a Markdown text are code, told line by line before the text is parsed."""

from __future__ import annotations

import re

from msgspec import Struct

_CONTAINERS = re.compile(r"(?:[ \t]*>)*[ \t]*")
_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)")
_FENCE = re.compile(r"(`{3,})[^`]*$|(~{3,})")
_TAB = 4
_CODE = 4
"""How many blanks make code of a line."""


class _Fence(Struct, frozen=True):
    """A fence that is open."""

    sign: str
    quotes: int
    indent: int
    """The column at which the text of its list item begins; 0 outside lists."""


class CodeLines:
    """Goes through a text line by line, and knows where each line's words begin and whether they are code."""

    def __init__(self) -> None:
        self._fence: _Fence | None = None
        self._items: list[int] = []
        """The column at which the text of each open list item begins."""
        self.in_paragraph = False
        """Whether the line before is one that the next may go on with."""

    @property
    def in_fence(self) -> bool:
        """Whether a fence is open."""
        return self._fence is not None

    def words(self, line: str) -> int | None:
        """Where the words of the next line begin, behind the signs of quotations and list items; None for code and for fences."""
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
                # Five blanks and more behind the sign belong to code in the item.
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
        """Whether the line belongs to the fence, which it may close."""
        if quotes < fence.quotes or (not blank and indent < fence.indent):
            return False
        ends = words.rstrip()
        if len(ends) >= len(fence.sign) and ends == fence.sign[0] * len(ends) and indent - fence.indent < _CODE:
            self._fence = None
        return True
