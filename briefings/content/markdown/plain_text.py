"""The words of a text without its HTML, for whatever reads or searches them."""

from __future__ import annotations

import re
from html import unescape

_NOT_OF_THE_AUTHOR = re.compile(
    r'<sup class="(?:footnote|citation)">.*?</sup>|<h2 class="visually-hidden">.*?</h2>\n|\s*<a [^>]*role="doc-backlink"[^>]*>.*?</a>'
)
"""Marks of footnotes and sources, the hidden heading over the footnotes, and the arrows that lead back from them."""
_CELL = re.compile(r"</t[hd]>(?=<t)")
_HOLE_OR_TAG = re.compile(r'\x01\d+\x02|<[^>"]*(?:"[^"]*"[^>"]*)*>')


def plain_text(html: str) -> str:
    """The words that the author of a text wrote, taken from its HTML with holes: each block in a line of its own, without a mark-up.

    What a hole may hold, such as a picture's alternative text, is not in it.
    """
    if "<sup" in html or "doc-backlink" in html:
        html = _NOT_OF_THE_AUTHOR.sub("", html)
    if "</t" in html:
        html = _CELL.sub(" ", html)
    words = _HOLE_OR_TAG.sub("", html)
    return unescape(words) if "&" in words else words
