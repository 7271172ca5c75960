"""The parser's tokens and its state of a text's lines, made with less work than by the library."""

from __future__ import annotations

from itertools import accumulate
from types import MappingProxyType
from typing import Any, Final, Literal, cast

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

Nesting = Literal[-1, 0, 1]

_NOTHING: Final = cast("dict[Any, Any]", MappingProxyType({}))
"""The attributes and meta data of nearly all tokens; a rule replaces it by a dict of the token's own before it writes."""


class LeanToken(Token):
    """A token that sets its fields directly, where the library's token calls a factory or a converter for several of them."""

    __slots__ = ()

    def __init__(self, type_: str, tag: str = "", nesting: Nesting = 0, level: int = 0, content: str = "", block: bool = False) -> None:
        self.type = type_
        self.tag = tag
        self.nesting = nesting
        self.level = level
        self.content = content
        self.block = block
        self.attrs = _NOTHING
        self.meta = _NOTHING
        self.map = None
        self.children = None
        self.markup = ""
        self.info = ""
        self.hidden = False


class WholeTextState(StateBlock):
    """The block parser's state, which finds the lines of the whole text in one pass."""

    def __init__(self, src: str, md: MarkdownIt, env: Any, tokens: list[Token]) -> None:
        # For an empty text the library sets everything but the lines.
        super().__init__("", md, env, tokens)
        self.src = src
        lines = src.split("\n")
        if not lines[-1].strip(" \t"):
            # After the last line break there is a line only if it has text.
            lines.pop()
        begins = list(accumulate([len(line) + 1 for line in lines], initial=0))
        self.eMarks = [begin - 1 for begin in begins[1:]]
        self.eMarks.append(len(src))
        begins[-1] = len(src)
        self.bMarks = begins
        self.tShift = [0] * len(begins)
        self.sCount = [0] * len(begins)
        self.bsCount = [0] * len(begins)
        self.lineMax = len(lines)
        for number, line in enumerate(lines):
            if line.startswith((" ", "\t")):
                indent = line[: len(line) - len(line.lstrip(" \t"))]
                self.tShift[number] = len(indent)
                self.sCount[number] = len(indent.expandtabs(4))

    def push(self, ttype: str, tag: str, nesting: Nesting) -> Token:
        """Append a token, at the nesting level of the block that it opens or closes."""
        if nesting < 0:
            self.level -= 1
        token = LeanToken(ttype, tag, nesting, self.level, "", True)
        if nesting > 0:
            self.level += 1
        self.tokens.append(token)
        return token
