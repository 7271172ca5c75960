"""The words of a text without its HTML, for whatever reads or searches them."""

from __future__ import annotations

import re
from html import unescape

_MARK = re.compile(r'<sup class="(?:footnote|citation)">.*?</sup>')
"""The mark of a footnote or of a source."""
_OF_NOTES = re.compile(r'<h2 class="visually-hidden">.*?</h2>\n| <a [^>]*role="doc-backlink"[^>]*>.*?</a>')
"""What the program writes with footnotes: their heading, and the arrows that lead back from them."""
_CELL = re.compile(r"</t[hd]>(?=<t)")
_HOLE = re.compile("\x01[0-9]+\x02")
_TAG = re.compile(r'<[^>"]*(?:"[^"]*"[^>"]*)*>')


def plain_text(html: str) -> str:
    """The words that the author of a text wrote, taken from its HTML with holes: each block in a line of its own, without any mark-up.

    What a hole may hold, such as a picture's alternative text, is not in it.
    """
    # Every build does this with every new text. A pattern that begins with a letter of its own takes a tenth of one that does not.
    if "<sup" in html:
        html = _MARK.sub("", html)
    if "doc-backlink" in html:
        html = _OF_NOTES.sub("", html)
    if "</t" in html:
        html = _CELL.sub(" ", html)
    words = _TAG.sub("", _HOLE.sub("", html))
    return unescape(words) if "&" in words else words
