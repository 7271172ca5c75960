"""Checks of texts in headers and settings, which are shown as they are written: markup and comments in them are reported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from briefings.content.markdown.suspects import ELEMENTS
from briefings.content.schema.validate import join
from briefings.content.yaml.cut_text import NO_PROSE
from briefings.content.yaml.positions import Tree
from briefings.core.diagnostics import Diagnostic, Place, problem

_MAY = re.compile(r"<[!/a-zA-Z]|%%|\]\(|\[[@^\[]|[*`]|\{[{%]|&[#a-zA-Z]")
_SIGNS = ("<", "%%", "](", "[@", "[^", "[[", "*", "`", "{{", "{%", "&")
_COMMENT = re.compile(r"<!-|(?<![\d\s])[ \t]*%%[^%\n]+%%|\A[ \t]*%%[^%\n]+%%")
_KINDS: Final = (
    ("a link", re.compile(r"!?\[[^\[\]\n]+\]\((?:[^\s()]*[/.:#][^\s()]*)\)")),
    ("a wikilink", re.compile(r"!?\[\[[^\[\]\n]*[^\W\d_][^\[\]\n]*\]\]")),
    ("the mark of a footnote", re.compile(r"\[\^[^\[\]\s]+\]")),
    ("strong emphasis", re.compile(r"(?<![\w*])\*\*[^\s*](?:[^*\n]*[^\s*])?\*\*(?![\w*])")),
    ("emphasis", re.compile(r"(?<![\w*])\*[^\s*](?:[^*\n]*[^\s*])?\*(?![\w*])")),
    ("code", re.compile(r"(?<![\w`])`[^`\n]+`(?![\w`])")),
    ("a shortcode", re.compile(r"\{\{[<%]?.*?[%>]?\}\}|\{%.*?%\}")),
    ("HTML", re.compile(rf"</?(?:{ELEMENTS})(?:\s[^<>]*)?/?>", re.IGNORECASE)),
)
"""What markup is called, and its pattern; a text gets one warning, for the first that matches."""
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_SHOWN = 60
"""The greatest number of characters that a message quotes."""


def may_hold_markup(text: str) -> bool:
    """Whether the YAML `text` has any sign of markup, so that its values are worth checking."""
    # Few headers have any of these signs, and searching for a sign is much quicker than matching a pattern.
    return any(map(text.__contains__, _SIGNS)) and _MAY.search(text) is not None


def markup_in_plain_texts(path: str, tree: Tree) -> Iterator[Diagnostic]:
    """Yield an error for each text of a header or of the settings with a comment, and a warning for each with markup."""
    yield from _within(path, "", tree, _cited(tree))


def _cited(tree: Tree) -> frozenset[str]:
    """Return the ids of the sources that a note lists."""
    sources = tree.get("sources") if isinstance(tree, dict) else None
    ids = (one.get("id") for one in sources if isinstance(one, dict)) if isinstance(sources, list) else ()
    return frozenset(one for one in ids if isinstance(one, str))


def _within(path: str, key: str, tree: Tree, cited: frozenset[str]) -> Iterator[Diagnostic]:
    if isinstance(tree, dict):
        for name, value in tree.items():
            if name not in NO_PROSE and name != "body":
                yield from _within(path, join(key, name), value, cited)
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from _within(path, f"{key}[{index}]", value, cited)
    elif isinstance(tree, str) and may_hold_markup(tree):
        yield from _of_text(tree, Place(path, key=key), cited)


def _of_text(text: str, place: Place, cited: frozenset[str]) -> Iterator[Diagnostic]:
    if _COMMENT.search(text):
        message = "comments are not left out of this text, so this one would be published"
        yield problem("open-comment", message, place, "delete it, or write it in a line of its own, behind #")
        return
    remedy = "write the words alone: readers see this text as it is written. What needs markup belongs into the body"
    for kind, pattern in _KINDS:
        if found := pattern.search(text):
            yield _warning(found[0], kind, place, remedy)
            return
    if (found := re.search(r"\[@([\w-]+)[^\[\]]*\]", text)) and found[1] in cited:
        yield _warning(found[0], "a citation", place, remedy)
    elif (found := _ENTITY.search(text)) and unescape(found[0]) != found[0]:
        yield _warning(found[0], "an escape of HTML", place, f'write the character itself: "{unescape(found[0])}"')


def _warning(written: str, kind: str, place: Place, remedy: str) -> Diagnostic:
    shown = written if len(written) <= _SHOWN else f"{written[: _SHOWN - 1]}…"
    return problem("markup-as-text", f'"{shown}" looks like {kind} and is published as text', place, remedy)
