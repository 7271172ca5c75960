"""A faster way through the parser's rules: at each character only those are asked that it may concern.

The parser asks every rule at every line and at every character that any extension might want, which is most of the time of parsing
prose. Here the rules, unchanged and in their order, are sorted by the characters with which their constructs begin.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore, normalize, text_join
from markdown_it.rules_inline import StateInline

from briefings.content.markdown.fast import plain_blocks
from briefings.content.markdown.fast.plain_blocks import BlockRule
from briefings.content.markdown.fast.plain_phrases import phrases, plain_emphasis, plain_link
from briefings.content.markdown.fast.states import WholeTextState
from briefings.content.markdown.suspect_blocks import ENDS, Survey, begins_oddly

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
    "comment": "<",
    "html_block": "<",
    "heading": "#",
    "lheading": "",
    "deflist": "",
    "paragraph": "",
}
"""Each block rule with the characters that its construct can begin with; the empty text means any character."""

_ENDS = _BLOCKS | {"deflist": ":~"}
"""Each block rule with the characters at which it may end a paragraph; for a definition list that is where a definition begins."""

_PLAIN = {
    "#": (plain_blocks.heading,),
    ">": (plain_blocks.quotation,),
    **dict.fromkeys("*+-0123456789", (plain_blocks.tight_list,)),
}
"""Short cuts by the first character of a line; where none applies, the rules are tried."""

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
    "figure": "{",
    "image": "!",
    "autolink": "<",
    "html_inline": "<",
    "entity": "&",
}

_MARKUP = re.compile(r"[\n\\`~*_\[\]<&!{](?<!!(?!\[))(?<!\{(?!figure:))")
"""Where text may end: at the characters above, and at `]`, where the label of a link does.

`!` counts only before `[`, and `{` before `figure:`; that is asked behind the class, because a search passes quickly over the rest.
"""


def speed_up(md: MarkdownIt) -> None:
    """Let the parser `md` find the same tokens sooner. Rules added or disabled afterwards have no effect."""
    md.inline.ruler.before("emphasis", "plain_emphasis", plain_emphasis)
    md.inline.ruler.before("link", "plain_link", plain_link)
    _index_blocks(md)
    _index_inlines(md)
    md.core.ruler.at("normalize", _normalize)
    md.core.ruler.at("block", _parse_blocks)
    md.core.ruler.at("inline", _parse_inlines)
    md.core.ruler.at("text_join", _join)


def _index_blocks(md: MarkdownIt) -> None:
    ruler = md.block.ruler
    names = dict(zip(ruler.getRules(), ruler.get_active_rules(), strict=True))
    rules = [(_BLOCKS[name], rule) for rule, name in names.items()]
    ends = {chain: [(_ENDS[names[rule]], rule) for rule in ruler.getRules(chain)] for chain in ("paragraph", "blockquote", "list")}
    ends_paragraph = _block_end(ends["paragraph"])
    # The parser checks whether the rule "code" is active before it reads an indented line as code.
    ruler.at("code", _block(rules, ends_paragraph))
    ruler.push("paragraph_end", ends_paragraph, {"alt": ["paragraph", "reference"]})
    ruler.push("blockquote_end", _block_end(ends["blockquote"]), {"alt": ["blockquote"]})
    ruler.push("list_end", _block_end(ends["list"]), {"alt": ["list"]})
    ruler.enableOnly(["code", "paragraph_end", "blockquote_end", "list_end"])


def _block(rules: list[tuple[str, BlockRule]], ends_paragraph: BlockRule) -> BlockRule:
    """Combine all `rules` into one rule, with short cuts for prose and other plain blocks."""
    concerned, others = _by_character(rules)
    concerned = {character: (*_PLAIN.get(character, ()), *rules) for character, rules in concerned.items()}
    prose = (plain_blocks.paragraph_rule(ends_paragraph), *others)

    def block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        position = state.bMarks[start] + state.tShift[start]
        for rule in concerned.get(state.src[position], prose):  # noqa: SIM110 - a generator would cost more than the rules
            if rule(state, start, end, silent):
                return True
        return False

    return block


def _block_end(rules: list[tuple[str, BlockRule]]) -> BlockRule:
    """Combine all `rules` into one rule that says whether a block ends before a line."""
    concerned, others = _by_character(rules)

    def ends(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        position = state.bMarks[start] + state.tShift[start]
        for rule in concerned.get(state.src[position : position + 1], others):  # noqa: SIM110 - a generator would cost more than the rules
            if rule(state, start, end, silent):
                return True
        return False

    return ends


def _index_inlines(md: MarkdownIt) -> None:
    ruler = md.inline.ruler
    rules = [(_INLINES[name], rule) for name, rule in zip(ruler.get_active_rules(), ruler.getRules(), strict=True) if name != "text"]
    ruler.at("text", _markup(rules))
    ruler.enableOnly("text")


def _markup(rules: list[tuple[str, InlineRule]]) -> InlineRule:
    """Combine all `rules` into one rule that skips the text between markup in one step."""
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


def _normalize(state: StateCore) -> None:
    """Make line ends uniform and replace NUL, in the few texts that need it."""
    if "\r" in state.src or "\0" in state.src:
        normalize(state)


def _parse_blocks(state: StateCore) -> None:
    """Parse the blocks of a text whose lines were all found in one pass."""
    lines = WholeTextState(state.src, state.md, state.env, state.tokens)
    state.md.block.tokenize(lines, 0, lines.lineMax)


def _join(state: StateCore) -> None:
    """Join the text around escapes and entities; in a text without these, everything is joined already."""
    if "\\" in state.src or "&" in state.src:
        text_join(state)


def _parse_inlines(state: StateCore) -> None:
    """Parse the inline content of every block, by the short cut where it covers the whole content."""
    inline, md, environment = state.md.inline, state.md, state.env
    intricate: list[int] = []
    odd: list[int] = []
    ends: list[int] = []
    for index, token in enumerate(state.tokens):
        kind = token.type
        if kind == "inline":
            children = phrases(token.content, environment)
            if children is None:
                children = inline.parse(token.content, md, environment, [])
                intricate.append(index)
            token.children = children
            if begins_oddly(token.content):
                odd.append(index)
        elif kind in ENDS:
            ends.append(index)
    environment["survey"] = Survey(ends, odd, intricate)


def _by_character(rules: Iterable[tuple[str, Rule]]) -> tuple[dict[str, tuple[Rule, ...]], tuple[Rule, ...]]:
    """Sort rules by the characters they begin with: return the rules for each character, and those for all other characters."""
    rules = list(rules)
    characters = {character for first, _ in rules for character in first}
    concerned = {character: tuple(rule for first, rule in rules if not first or character in first) for character in characters}
    return concerned, tuple(rule for first, rule in rules if not first)
