"""Render code as HTML with Pygments' classes where the language is known, and as plain text where it is not."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

_LONGEST = 100_000
"""Characters beyond which code is shown plain: a lexer may take more than linear time."""


def highlight(code: str, language: str) -> str | None:
    """Return `code` as HTML with `<span class>` around its tokens; None when the language is unknown."""
    made = _lexer(language) if language and len(code) <= _LONGEST else None
    if made is None:
        return None
    # A new lexer for each text: some keep state of the text that they read, and even of the one before.
    lexer = made(stripnl=False)
    pieces: list[str] = []
    for name, tokens in groupby(lexer.get_tokens(code), key=lambda token: _class(token[0])):
        text = escape("".join([text for _, text in tokens]), quote=False)
        pieces.append(f'<span class="{name}">{text}</span>' if name and not text.isspace() else text)
    return "".join(pieces)


def _class(kind: _TokenType) -> str:
    """Return the short class that Pygments' style sheets use; an unknown token type gets that of its nearest standard type."""
    from pygments.token import STANDARD_TYPES

    while kind not in STANDARD_TYPES and kind.parent is not None:
        kind = kind.parent
    return STANDARD_TYPES.get(kind, "")


@lru_cache(maxsize=64)
def _lexer(language: str) -> type[Lexer] | None:
    # Pygments takes longer to import than a site without code takes to build.
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return type(get_lexer_by_name(language))
    except ClassNotFound:
        return None
