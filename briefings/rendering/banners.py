"""The mark of a page at its top and its bottom, which no theme can lose: where a template leaves it out, it is put in."""

from __future__ import annotations

import re

from briefings.core.config import Marking
from briefings.pages.marks import mark_class

_TOP = re.compile(r"<body\b[^>]*>|</head>|<!doctype[^>]*>", re.IGNORECASE)
_END = re.compile(r"</body\s*>|</html\s*>", re.IGNORECASE)
_MAIN = re.compile(r"<main\b", re.IGNORECASE)
_AFTER_MAIN = re.compile(r"</main\s*>", re.IGNORECASE)
_UNSEEN = re.compile(r"<!--.*?-->|<(script|style|template)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
"""Parts of a page whose tags do not count as its structure: comments, scripts, styles and templates."""
# What readers do not see, and links to other pages, whose marks are not that of this one.
_BESIDE = re.compile(r"<!--.*?-->|<head\b.*?</head>|<(nav|script|style|template|select)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)


def with_banners(html: str, marking: Marking) -> str:
    """A page that shows its marking at both ends."""
    if marking == "TLP:CLEAR":
        return html
    at_top, at_bottom = shown_at_ends(html, marking)
    banner = f'<p class="tlp {mark_class(marking)}"><span>{marking}</span></p>\n'
    structure = _UNSEEN.sub(lambda found: " " * len(found.group()), html)
    if not at_top:
        begins = {found.group()[:3].lower(): found.end() for found in reversed(list(_TOP.finditer(structure)))}
        top = next((begins[tag] for tag in ("<bo", "</h", "<!d") if tag in begins), 0)
    if not at_bottom:
        ends = list(_END.finditer(structure))
        # The document's own end tags are the last ones.
        body = [end for end in ends if end.group()[2:6].lower() == "body"]
        place = (body or ends)[-1].start() if ends else len(html)
        html = f"{html[:place]}{banner}{html[place:]}"
    if not at_top:
        html = f"{html[:top]}\n{banner}{html[top:]}"
    return html


def shown_at_ends(html: str, marking: Marking) -> tuple[bool, bool]:
    """Whether a page shows its marking before its `<main>`, and after it; a page without one shows it at neither end."""
    visible = _BESIDE.sub("", html)
    begin, ends = _MAIN.search(visible), list(_AFTER_MAIN.finditer(visible))
    if not begin or not ends:
        return False, False
    # The label is all that its element holds, so that a word in a title is not taken for it.
    label = re.compile(rf">\s*{re.escape(marking)}\s*<")
    return bool(label.search(visible, 0, begin.start() + 1)), bool(label.search(visible, ends[-1].end()))
