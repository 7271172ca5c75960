"""Our own block syntax: notes, warnings and key points in `:::` containers, and the place where a comment was."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from mdit_py_plugins.container import container_plugin

from briefings.content.comments import BREAK

ADMONITIONS = {"note": "Note", "warning": "Warning", "key-points": "Key points"}
"""Names of containers, with the titles they have when the author gives none."""


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
