"""Make the tokens of the commonest blocks directly from their lines: prose, headings, one-line list items, quotations of prose."""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import StateBlock

from briefings.content.markdown.fast.states import LeanToken

BlockRule = Callable[[StateBlock, int, int, bool], bool]

_SIGNS = ":`~>*-_+0123456789[<#|="
_SPECIAL = frozenset(_SIGNS)
"""First characters of lines that may be more than prose."""
_TRANSFORMS = frozenset("|:~=-")
"""First characters of lines that may turn the line above into a table's head, a term or a heading."""
_BULLET = re.compile(r"-[ \t]+[^ \t\n-]")
"""A hyphen that can only begin a list item."""

_TEXT = rf"(?: [^\s{re.escape(_SIGNS)}] | \*\*?[^\W_] | [0-9]++(?![.)]) | \[[^\[\]\\\n]*\](?!:) ) [^\n]*"
"""A line that is prose wherever it stands, although it may begin with emphasis, a number or a link."""
_HEADING = re.compile(r"(\#{1,6}) [ ]+ ([^\s\#] [^\#\n]*)", re.VERBOSE)
_ITEM = re.compile(rf"(?: ([0-9]{{1,9}}) (?=[.)]) )? ((?(1)[.)]|[*+-])) [ ]{{1,4}} ({_TEXT})", re.VERBOSE)
_QUOTED = re.compile(rf"> (?: [ ] ({_TEXT}) | [ ]*+ (?=\n) )", re.VERBOSE)
_ITEM_SIGNS = frozenset("*+-0123456789")
"""First characters of lines that may be another list item."""


def paragraph_rule(ends_paragraph: BlockRule) -> BlockRule:
    """Return a rule for paragraphs that no following line turns into a table's head, a heading or a term.

    The parser would try each of these, line by line, before it reads the same lines as a paragraph.
    `ends_paragraph` says whether a paragraph ends before a line.
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
        _append_paragraph(state, start, line, state.getLines(start, line, state.blkIndent, False))
        return True

    return paragraph


def heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a heading without `#` behind its words, unless the next line may make it the head of a table."""
    found = _HEADING.fullmatch(state.src, state.bMarks[start] + state.tShift[start], state.eMarks[start])
    if found is None or state.is_code_block(start):
        return False
    if start + 1 < end:
        below = state.bMarks[start + 1] + state.tShift[start + 1]
        if state.src[below : below + 1] in "|:-":
            return False
    sign, words = found.groups()
    state.line = start + 1
    opening = state.push("heading_open", f"h{len(sign)}", 1)
    _append_inline(state, start, start + 1, words)
    closing = state.push("heading_close", f"h{len(sign)}", -1)
    opening.map = [start, start + 1]
    opening.markup = closing.markup = sign
    return True


def tight_list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a list outside other blocks whose items are single lines of prose, with nothing behind it that could belong to it."""
    if state.level:
        return False
    items = []
    line, sign = start, ""
    while line < end:
        found = _ITEM.match(state.src, state.bMarks[line])
        if found is None or found[2] != (sign := sign or found[2]):
            break
        items.append((found[1], found[3]))
        line += 1
    if not items or (line < end and not state.isEmpty(line)):
        return False
    # An indented line behind the empty lines would belong to the last item, and another item would make the list loose.
    following = state.skipEmptyLines(line)
    if following < end and (state.sCount[following] or state.src[state.bMarks[following]] in _ITEM_SIGNS):
        return False
    number = items[0][0]
    kind, tag = ("bullet", "ul") if number is None else ("ordered", "ol")
    opening = state.push(f"{kind}_list_open", tag, 1)
    opening.map, opening.markup = [start, following], sign
    if number is not None and int(number) != 1:
        opening.attrs = {"start": int(number)}
    for index, (number, text) in enumerate(items, start):
        item = state.push("list_item_open", "li", 1)
        # Like the list, its last item includes the empty lines behind it.
        item.map = [index, following if index + 1 == line else index + 1]
        item.markup, item.info = sign, number or ""
        _append_paragraph(state, index, index + 1, text, hidden=True)
        state.push("list_item_close", "li", -1).markup = sign
    state.push(f"{kind}_list_close", tag, -1).markup = sign
    state.line = following
    return True


def quotation(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a quotation outside other blocks whose lines all have the sign and are prose or empty, up to an empty line."""
    if state.level:
        return False
    lines = []
    line = start
    while line < end and (found := _QUOTED.match(state.src, state.bMarks[line])) is not None:
        lines.append(found[1])
        line += 1
    if not lines or not lines[0] or not lines[-1] or (line < end and not state.isEmpty(line)):
        return False
    opening = state.push("blockquote_open", "blockquote", 1)
    opening.map, opening.markup = [start, line], ">"
    first = 0
    for index, text in enumerate([*lines, None]):
        if text is None:
            if index > first:
                _append_paragraph(state, start + first, start + index, "\n".join(lines[first:index]))
            first = index + 1
    state.push("blockquote_close", "blockquote", -1).markup = ">"
    state.line = line
    return True


def _append_paragraph(state: StateBlock, start: int, end: int, content: str, *, hidden: bool = False) -> None:
    """Append the tokens of a paragraph; a `hidden` one gets no tags in HTML."""
    opening = LeanToken("paragraph_open", "p", 1, state.level, "", True)
    closing = LeanToken("paragraph_close", "p", -1, state.level, "", True)
    opening.map = [start, end]
    opening.hidden = closing.hidden = hidden
    state.tokens.append(opening)
    state.level += 1
    _append_inline(state, start, end, content)
    state.level -= 1
    state.tokens.append(closing)


def _append_inline(state: StateBlock, start: int, end: int, content: str) -> None:
    """Append the token whose inline content is parsed later."""
    inline = LeanToken("inline", "", 0, state.level, mdTrim(content), True)
    inline.map = [start, end]
    inline.children = []
    state.tokens.append(inline)
