"""Make the tokens of plain inline text directly: of whole paragraphs with simple markup, and of simple links and emphasis elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from briefings.content.markdown.fast.states import LeanToken
from briefings.content.markdown.inline import cited

_PLAIN = r"[^\n\\`~*_\[\]<&!{]"
"""A character that begins no markup."""
_LINK = rf"""
    \[ ( {_PLAIN}++ ) \]
    \( ( (?:
        https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+ (?: / [a-zA-Z0-9_./=,;@-]* )?
        | (?:note|actor|topic|source|page): [a-zA-Z0-9_.-]+
        | [a-zA-Z0-9_./-]+
    ) (?: \#[a-zA-Z0-9_.-]+ )? ) \)
"""
"""A link without markup in its label, with an address in its normal form. Groups: label, address."""
_EMPHASIS = rf"""
    (?<! [^ \n(\["'] )
    (?P<sign> \*\*? | __? ) (?= [a-zA-Z0-9] ) ( {_PLAIN}* [a-zA-Z0-9] ) (?P=sign)
    (?= [\s.,;:)] | \Z )
"""
"""Emphasis whose signs can only be a beginning and an end. Groups: sign, words. This pattern and _LINK are verbose."""
_PLAIN_LINK = re.compile(_LINK, re.VERBOSE)
_PLAIN_EMPHASIS = re.compile(_EMPHASIS, re.VERBOSE)
_PHRASE = re.compile(
    rf"""
    ( {_PLAIN}*+ (?: (?: !(?!\[) | &(?![\w\#]) | \{{(?!figure:) ) {_PLAIN}*+ )*+ )
    (?:
        {_LINK}
        | {_EMPHASIS}
        | ( (?<![ ]) \n [ \t]* )
        | ( \[ @ [^\W_][\w.-]* (?: [,;][ ]* {_PLAIN}+(?<!\s) )? \] ) (?!\()
        | \Z
    )
    """,
    re.VERBOSE,
)
"""Text, and what stands behind it: a plain link, plain emphasis, the end of a line, a citation, or nothing more.

A line that ends with a space may be broken there, and a citation before a parenthesis may be a link: both are left to the rules.
"""


def phrases(source: str, environment: Mapping[str, Any]) -> list[Token] | None:
    """Return the tokens of a text with only the commonest markup; None where the parser's rules must be tried.

    Nothing earlier in such a text is left open, so the rules would read each form as this function does.
    `environment` is what the block parser has found.
    """
    tokens: list[Token] = []
    position, end = 0, len(source)
    while position < end:
        found = _PHRASE.match(source, position)
        if found is None:
            return None
        text, label, address, sign, words, line_end, citation = found.groups()
        if text:
            tokens.append(LeanToken("text", "", 0, 0, text))
        if label:
            opening = LeanToken("link_open", "a", 1)
            opening.attrs = {"href": address}
            tokens += (opening, LeanToken("text", "", 0, 1, label), LeanToken("link_close", "a", -1))
        elif sign:
            tag = "strong" if len(sign) == 2 else "em"
            opening, closing = LeanToken(f"{tag}_open", tag, 1), LeanToken(f"{tag}_close", tag, -1)
            opening.markup = closing.markup = sign
            tokens += (opening, LeanToken("text", "", 0, 1, words), closing)
        elif line_end:
            tokens.append(LeanToken("softbreak", "br"))
        elif citation:
            if "references" in environment:
                # The text defines links, and this may be a reference to one.
                return None
            sources = cited(citation)
            if not sources:
                return None
            token = LeanToken("citation", "", 0, 0, citation)
            token.meta = {"sources": sources}
            tokens.append(token)
        position = found.end()
    return tokens


def plain_link(state: StateInline, silent: bool) -> bool:
    """Parse a link without markup in its label whose address is already in normal form."""
    found = _PLAIN_LINK.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.push("link_open", "a", 1).attrs = {"href": found[2]}
        state.push("text", "", 0).content = found[1]
        state.push("link_close", "a", -1)
    state.pos = found.end()
    return True


def plain_emphasis(state: StateInline, silent: bool) -> bool:
    """Parse emphasis without markup inside whose signs can only be a beginning and an end."""
    found = None if silent else _PLAIN_EMPHASIS.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    sign, words = found.groups()
    tag = "strong" if len(sign) == 2 else "em"
    state.push(f"{tag}_open", tag, 1).markup = sign
    state.push("text", "", 0).content = words
    state.push(f"{tag}_close", tag, -1).markup = sign
    state.pos = found.end()
    return True
