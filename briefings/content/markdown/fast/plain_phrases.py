"""A direct way from the words of most paragraphs to their tokens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from markdown_it.token import Token

from briefings.content.markdown.fast.states import LeanToken
from briefings.content.markdown.inline import EMPHASIS, LINK, PLAIN, cited

_PHRASE = re.compile(
    rf"""
    ( {PLAIN}*+ (?: (?: !(?!\[) | &(?![\w\#]) ) {PLAIN}*+ )*+ )
    (?:
        {LINK}
        | {EMPHASIS}
        | ( (?<![ ]) \n [ \t]* )
        | ( \[ @ [^\W_][\w.-]* (?: [,;][ ]* {PLAIN}+(?<!\s) )? \] ) (?!\()
        | \Z
    )
    """,
    re.VERBOSE,
)
"""Text, and what stands behind it: a plain link, plain emphasis, the end of a line, a citation, or nothing more.

A line that ends with a space may be broken there, and a citation before a parenthesis may be a link: both are left to the rules.
"""


def phrases(source: str, environment: Mapping[str, Any]) -> list[Token] | None:
    """The tokens of a text whose markup is of the commonest forms only; None where the parser's rules must be asked.

    The rules would take each of these forms as it stands here, because nothing before it in the text was left open.
    `environment` is what the parser of blocks has found.
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
                # The text defines links, and this may be one of them.
                return None
            sources = cited(citation)
            if not sources:
                return None
            token = LeanToken("citation", "", 0, 0, citation)
            token.meta = {"sources": sources}
            tokens.append(token)
        position = found.end()
    return tokens
