"""Block rules of our own: boxes, as `:::` containers or quotations that begin with `[!NOTE]`, and marks of removed comments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import get_args

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from briefings.content.markdown.comments import BREAK
from briefings.content.markdown.word_holes import Box

ADMONITIONS: tuple[str, ...] = get_args(Box)
"""Names of boxes."""
ALERT = re.compile(r"\[!([A-Za-z-]+)\][+-]?(?=[ \n]|\Z)[ ]*")
"""The name of a box at the beginning of a quotation."""


def admonitions(md: MarkdownIt) -> None:
    """Add the container `::: note`, with an optional title behind the name, to the parser."""
    md.use(container_plugin, "admonition", validate=_is_admonition)


def _is_admonition(parameters: str, _markup: str) -> bool:
    return parameters.strip().partition(" ")[0] in ADMONITIONS


def comment(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """Parse the mark that a removed comment left: it separates the blocks above and below, and shows nothing."""
    if state.is_code_block(start) or state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]].rstrip() != BREAK:
        return False
    if not silent:
        state.line = start + 1
    return True


def take_alert(inline: Token) -> tuple[str, Sequence[Token]] | None:
    """Return name and title of the box if a quotation's first paragraph begins with `[!NOTE]`, else None.

    The line with the name is removed from the paragraph. GitHub allows no title behind the name, other programs do.
    """
    children = inline.children or []
    found = ALERT.match(inline.content)
    if found is None or found[1].lower() not in ADMONITIONS:
        return None
    if children[0].type != "text" or not children[0].content.startswith(found[0].rstrip()):
        # The text defines a link with this name.
        return None
    end = next((at for at, child in enumerate(children) if child.type in ("softbreak", "hardbreak")), len(children))
    children[0].content = children[0].content[len(found[0].rstrip()) :].lstrip()
    inline.content = inline.content.partition("\n")[2]
    inline.children = children[end + 1 :]
    return found[1].lower(), children[:end]
