"""The ids of headings and pictures: made from words or given by authors, and distinct from the ids of the page around the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from markdown_it.token import Token

from briefings.core.text import is_id

GIVEN = re.compile(r"\s*\{#([^{}\s]*)\}\Z")
"""An id that an author gives at the end of a heading."""
_OF_ENTRY = re.compile(r"(?:(?:correction|change)-\d{4}[\d-]*|quotation)-[0-9a-f]{8}(?:-\d+)?")
_DROPPED = re.compile(r"[^a-z0-9_ -]+")


def is_reserved(anchor: str) -> bool:
    """Whether an id belongs to the page around a text: ids of themes begin with `_`, and entries have ids of their own."""
    return anchor.startswith("_") or _OF_ENTRY.fullmatch(anchor) is not None


def heading_anchor(text: str) -> str:
    """Return the id of a heading as GitHub and Hugo make it: lower case, no punctuation, hyphens for spaces; it may be empty."""
    lower = unicodedata.normalize("NFC", text.lower())
    kept = _DROPPED.sub("", lower) if lower.isascii() else "".join([c for c in lower if c in "-_ " or c.isalnum() or _is_mark(c)])
    # Ids that begin with _ belong to the page.
    return kept.replace(" ", "-").lstrip("_") if kept.strip("-_ ") else ""


def take_id(inline: Token) -> str | None:
    """Remove an id given as `{#id}` from the end of a heading and return it; None when there is none."""
    children = inline.children
    if not children or children[-1].type != "text" or not children[-1].content.endswith("}"):
        return None
    found, written = GIVEN.search(children[-1].content), GIVEN.search(inline.content)
    if found is None or written is None or written[1] != found[1] or inline.content[: written.end()].endswith(f"\\{{#{found[1]}}}"):
        # An escaped brace, or one written as an entity, begins no id.
        return None
    children[-1].content = children[-1].content[: found.start()]
    inline.content = inline.content[: written.start()].rstrip()
    return found[1]


def fault(given: str, taken: Container[str], otherwise: str) -> tuple[str, str] | None:
    """Return what is wrong with an id that an author gave, and a remedy. The element gets the id `otherwise` instead."""
    if is_reserved(given):
        return f'the page itself uses the id "{given}", so this has the id "{otherwise}"', f"write {{#{otherwise}}}, or another id"
    if not is_id(given):
        remedy = f"write letters, digits, hyphens, dots and underscores only, as in {{#{otherwise}}}"
        return f'"{given}" cannot be an id, so this has the id "{otherwise}"', remedy
    if given in taken:
        return (
            f'something else of this page has the id "{given}", so this has the id "{otherwise}"',
            f"write {{#{otherwise}}}, or another id",
        )
    return None


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")
