"""A faster way through the parser's rules: at each character only those are asked that it may concern.

The parser asks every rule at every line and at every character that any extension might want, which is most of the time of parsing
prose. Here the rules, unchanged and in their order, are sorted by the characters with which their constructs begin.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

BlockRule = Callable[[StateBlock, int, int, bool], bool]
InlineRule = Callable[[StateInline, bool], bool]
Rule = TypeVar("Rule")

_BLOCKS = {
    "table": "",
    "code": "",
    "container_admonition": ":",
    "fence": "`~",
    "blockquote": ">",
    "hr": "*-_",
    "list": "*+-0123456789",
    "footnote_def": "[",
    "reference": "[",
    "html_block": "<",
    "heading": "#",
    "lheading": "",
    "deflist": "",
    "paragraph": "",
}
"""Block rules and the characters with which their constructs begin; none means any character."""

_ENDS = _BLOCKS | {"deflist": ":~"}
"""The same for the end of a paragraph, where the definition list's rule asks whether a definition begins."""

_SPECIAL = frozenset("".join(_ENDS.values()) + "|=")
_TRANSFORMS = frozenset("|:~=-")
"""With these begins a line that turns the line above it into a table's head, a term or a heading."""
_BULLET = re.compile(r"-[ \t]+[^ \t\n-]")
"""A hyphen that can only be a list's."""

_INLINES = {
    "newline": "\n",
    "escape": "\\",
    "backticks": "`",
    "strikethrough": "~",
    "plain_emphasis": "*_",
    "emphasis": "*_",
    "plain_link": "[",
    "link": "[",
    "footnote_ref": "[",
    "citation": "[",
    "image": "!",
    "autolink": "<",
    "html_inline": "<",
    "entity": "&",
}

_MARKUP = re.compile(r"[\n\\`~*_\[\]<&]|!(?=\[)")
"""Where text may end: at the characters above, and at `]`, where the label of a link does."""


def index_rules(md: MarkdownIt) -> None:
    """Sort the parser's rules by first characters. Comes last: rules that are added or disabled afterwards are not heard."""
    _index_blocks(md)
    _index_inlines(md)
    md.core.ruler.at("inline", _inline)


def _index_blocks(md: MarkdownIt) -> None:
    ruler = md.block.ruler
    names = dict(zip(ruler.getRules(), ruler.get_active_rules(), strict=True))
    rules = [(_BLOCKS[name], rule) for rule, name in names.items()]
    ends = {chain: [(_ENDS[names[rule]], rule) for rule in ruler.getRules(chain)] for chain in ("paragraph", "blockquote", "list")}
    ends_paragraph = _block_end(ends["paragraph"])
    # The parser looks whether "code" is active before it takes an indented line for code.
    ruler.at("code", _block(rules, ends_paragraph))
    ruler.push("paragraph_end", ends_paragraph, {"alt": ["paragraph", "reference"]})
    ruler.push("blockquote_end", _block_end(ends["blockquote"]), {"alt": ["blockquote"]})
    ruler.push("list_end", _block_end(ends["list"]), {"alt": ["list"]})
    ruler.enableOnly(["code", "paragraph_end", "blockquote_end", "list_end"])


def _block(rules: list[tuple[str, BlockRule]], ends_paragraph: BlockRule) -> BlockRule:
    """All of `rules` as one, with a short cut for paragraphs that begin like prose."""
    concerned, others = _by_character(rules)
    prose = (_paragraph(ends_paragraph), *others)

    def block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        position = state.bMarks[start] + state.tShift[start]
        for rule in concerned.get(state.src[position], prose):  # noqa: SIM110 - a generator would cost more than the rules
            if rule(state, start, end, silent):
                return True
        return False

    return block


def _block_end(rules: list[tuple[str, BlockRule]]) -> BlockRule:
    """All of `rules` as one that says whether a block ends before a line."""
    concerned, others = _by_character(rules)

    def ends(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        position = state.bMarks[start] + state.tShift[start]
        for rule in concerned.get(state.src[position : position + 1], others):  # noqa: SIM110 - a generator would cost more than the rules
            if rule(state, start, end, silent):
                return True
        return False

    return ends


def _paragraph(ends_paragraph: BlockRule) -> BlockRule:
    """A paragraph that nothing below turns into the first line of a table, a heading or a term.

    The parser would look for each of these, line by line, before it reads the same lines as a paragraph.
    """

    def paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if state.is_code_block(start):
            return False
        source, begins, shifts, stops = state.src, state.bMarks, state.tShift, state.eMarks
        line, last = start + 1, state.lineMax
        around, state.parentType = state.parentType, "paragraph"
        while line < last:
            position = begins[line] + shifts[line]
            if position >= stops[line]:
                break
            character = source[position]
            if character in _SPECIAL:
                if character in _TRANSFORMS and _BULLET.match(source, position) is None:
                    state.parentType = around
                    return False
                if 0 <= state.sCount[line] <= state.blkIndent + 3 and ends_paragraph(state, line, end, True):
                    break
            line += 1
        state.parentType = around
        if line == start + 1 < last - 1:
            # The definition of a term may follow after an empty line.
            position = begins[line + 1] + shifts[line + 1]
            if position < stops[line + 1] and source[position] in ":~":
                return False
        state.line = line
        state.push("paragraph_open", "p", 1).map = [start, line]
        token = state.push("inline", "", 0)
        token.content = mdTrim(state.getLines(start, line, state.blkIndent, False))
        token.map = [start, line]
        token.children = []
        state.push("paragraph_close", "p", -1)
        return True

    return paragraph


def _index_inlines(md: MarkdownIt) -> None:
    ruler = md.inline.ruler
    rules = [(_INLINES[name], rule) for name, rule in zip(ruler.get_active_rules(), ruler.getRules(), strict=True) if name != "text"]
    ruler.at("text", _markup(rules))
    ruler.enableOnly("text")


def _markup(rules: list[tuple[str, InlineRule]]) -> InlineRule:
    """All of `rules` as one, which passes over the text between markup in one step."""
    concerned, _ = _by_character(rules)
    search = _MARKUP.search

    def markup(state: StateInline, silent: bool) -> bool:
        start = state.pos
        found = search(state.src, start, state.posMax)
        stop = state.posMax if found is None else found.start()
        if stop > start:
            if not silent:
                state.append_pending(state.src[start:stop])
            state.pos = stop
            return True
        for rule in concerned.get(state.src[start], ()):  # noqa: SIM110 - a generator would cost more than the rules
            if rule(state, silent):
                return True
        return False

    return markup


def _inline(state: StateCore) -> None:
    """Parse the inline content of every block; what has no markup is its own only child."""
    search = _MARKUP.search
    inline, md, environment = state.md.inline, state.md, state.env
    for token in state.tokens:
        if token.type == "inline":
            content = token.content
            if search(content) is None:
                token.children = [Token("text", "", 0, content=content)] if content else []
            else:
                token.children = inline.parse(content, md, environment, [])


def _by_character(rules: Iterable[tuple[str, Rule]]) -> tuple[dict[str, tuple[Rule, ...]], tuple[Rule, ...]]:
    """From rules with their first characters, the rules for each of these characters, and those for all others."""
    rules = list(rules)
    characters = {character for first, _ in rules for character in first}
    concerned = {character: tuple(rule for first, rule in rules if not first or character in first) for character in characters}
    return concerned, tuple(rule for first, rule in rules if not first)
