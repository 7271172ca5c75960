"""Boxes, in `:::` containers or in quotations that begin with `[!NOTE]`, and the place where a comment was."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from briefings.content.markdown.comments import BREAK

ADMONITIONS = {
    "note": "Note",
    "tip": "Tip",
    "important": "Important",
    "warning": "Warning",
    "caution": "Caution",
    "key-points": "Key points",
}
"""Names of boxes, with the titles they have when the author gives none."""
ALERT = re.compile(r"\[!([A-Za-z-]+)\][+-]?(?=[ \n]|\Z)[ ]*")
"""The name of a box at the beginning of a quotation."""


def admonitions(md: MarkdownIt) -> None:
    """Add `::: note`, with an optional title behind the name, to the parser."""
    md.use(container_plugin, "admonition", validate=_is_admonition)


def _is_admonition(parameters: str, _markup: str) -> bool:
    return parameters.strip().partition(" ")[0] in ADMONITIONS


def comment(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """The place where a comment was: it parts what is above it from what is below it, and shows nothing."""
    if state.is_code_block(start) or state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]].rstrip() != BREAK:
        return False
    if not silent:
        state.line = start + 1
    return True


def take_alert(inline: Token) -> tuple[str, Sequence[Token]] | None:
    """The name and the title of the box that a quotation's first paragraph begins with `[!NOTE]`; None when it begins none.

    The line with the name is taken away from the paragraph. GitHub allows no title behind the name, other programs do.
    """
    children = inline.children or []
    found = ALERT.match(inline.content)
    if found is None or found[1].lower() not in ADMONITIONS:
        return None
    if children[0].type != "text" or not children[0].content.startswith(found[0].rstrip()):
        # The text defines a link of this name.
        return None
    end = next((at for at, child in enumerate(children) if child.type in ("softbreak", "hardbreak")), len(children))
    children[0].content = children[0].content[len(found[0].rstrip()) :].lstrip()
    inline.content = inline.content.partition("\n")[2]
    inline.children = children[end + 1 :]
    return found[1].lower(), children[:end]
