"""Our own block syntax: notes, warnings and key points in `:::` containers."""

from __future__ import annotations

from markdown_it import MarkdownIt
from mdit_py_plugins.container import container_plugin

ADMONITIONS = {"note": "Note", "warning": "Warning", "key-points": "Key points"}
"""Names of containers, with the titles they have when the author gives none."""


def admonitions(md: MarkdownIt) -> None:
    """Add `::: note`, with an optional title behind the name, to the parser."""
    md.use(container_plugin, "admonition", validate=_is_admonition)


def _is_admonition(parameters: str, _markup: str) -> bool:
    return parameters.strip().partition(" ")[0] in ADMONITIONS
