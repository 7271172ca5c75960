"""Prepare raw HTML for the sanitiser: escape what is not an element, and report what will be removed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from html import unescape

from markdown_it.token import Token

from briefings.content.markdown.elements import ATTRIBUTES, INLINE, KEPT, LEFT_OUT
from briefings.content.markdown.links import Locator, classify
from briefings.core.diagnostics import Diagnostic, problem

_TAG = re.compile(r"""<(?:(/?)([A-Za-z][^\s/<>"']*)((?:"[^"]*"|'[^']*'|[^"'<>])*+)>|(?=/?[^\s<])(?!!--))""")
"""A tag; or a sign after which browsers would hide the text that follows."""
_ATTRIBUTE = re.compile(r"""([^\s=/"'<>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+))?""")
_OPAQUE = frozenset(("svg", "math", "script", "style"))
"""Elements whose contents belong to another language."""
_ALONE = frozenset((
    *("allowfullscreen", "async", "autofocus", "autoplay", "checked", "compact", "controls", "default", "defer", "disabled", "download"),
    *("hidden", "inert", "ismap", "itemscope", "loop", "multiple", "muted", "nomodule", "noshade", "novalidate", "nowrap", "open"),
    *("playsinline", "readonly", "required", "reversed", "selected"),
))  # fmt: skip
"""Attributes without a value. Any other word without a value shows that `<` means "less than"."""

_MARKDOWN = re.compile(
    r"\[[^\[\]\n]+\]\([^\s()]*[/.:#][^\s()]*\)|\[@[^\W_][^\[\]\n]*\]|\[\[[^\[\]\n]+\]\]|\*\*[^\s*](?:[^*\n]*[^\s*])?\*\*"
)
"""Markdown that is plain text within a block of HTML."""
_AS_WRITTEN = re.compile(r"<(pre|code|script|style|svg|math)\b.*?(?:</\1|\Z)|<[^<>]*>", re.IGNORECASE | re.DOTALL)
"""Parts of an HTML block that are no words of the author."""


class _Elements:
    """Reads the raw HTML of a text, tag by tag."""

    def __init__(self) -> None:
        self.opaque = ""
        """The open element of another language; empty when there is none."""
        self.open: Counter[str] = Counter()
        self.begins: dict[str, tuple[str, Token]] = {}
        """The first tag of each inline element that is still open, with its block."""
        self.left_out: dict[str, tuple[str, Token]] = {}
        """What will be removed, with the first tag and its block."""

    def html(self, token: Token, around: Token) -> str:
        """Return the token's HTML with everything escaped that is no element. `around` is the block with the token."""
        pieces: list[str] = []
        at = 0
        while found := _TAG.search(token.content, at):
            pieces.append(token.content[at : found.start()])
            written = self._tag(found, around)
            pieces.append("&lt;" if written is None else written)
            at = found.start() + 1 if written is None else found.end()
        pieces.append(token.content[at:])
        return "".join(pieces)

    def _tag(self, found: re.Match[str], around: Token) -> str | None:
        """Return a tag as it goes to the sanitiser; None when it is no tag."""
        name = (found[2] or "").lower()
        if self.opaque:
            self.opaque = "" if found[1] and name == self.opaque else self.opaque
            return found[0]
        if name not in KEPT and name not in LEFT_OUT:
            return None
        attributes = {key.lower(): value for key, value in _ATTRIBUTE.findall(found[3])}
        allowed = {*ATTRIBUTES["*"], *ATTRIBUTES.get(name, ())}
        if any(not value and key not in allowed and key not in _ALONE and "-" not in key for key, value in attributes.items()):
            return None
        if name in LEFT_OUT or (name == "img" and not found[1] and "src" not in attributes):
            self.left_out.setdefault(f"<{name}>", (found[0], around))
            self.opaque = name if name in _OPAQUE and not found[1] and not found[0].endswith("/>") else ""
            return found[0]
        if name in INLINE:
            self.open[name] += -1 if found[1] else 1
            self.begins.setdefault(name, (found[0], around))
        if name == "a" and "name" in attributes and "id" not in attributes:
            # An old-style anchor, to which links may lead.
            attributes.pop("name")
            allowed.add("name")
            found_tag = re.sub(r"\bname(?=\s*=)", "id", found[0], count=1, flags=re.IGNORECASE)
        else:
            found_tag = found[0]
        for key, value in attributes.items():
            if key in ("href", "src") and classify(unescape(value.strip("\"'")).strip()).kind == "unsafe":
                self.left_out.setdefault("an address that may run code or read local files", (found[0], around))
            elif key not in allowed and name != "input":
                self.left_out.setdefault(f"the attribute {key}", (found[0], around))
        return found_tag


def escape_what_is_no_element(tokens: Sequence[Token], locator: Locator) -> tuple[Diagnostic, ...]:
    """Escape in the tokens what is no element of HTML; return a warning for each kind of thing that the sanitiser removes."""
    elements = _Elements()
    unread: list[tuple[str, Token]] = []
    for token in tokens:
        if token.type == "html_block":
            if found := _MARKDOWN.search(_AS_WRITTEN.sub("", token.content)):
                unread.append((found[0], token))
            token.content = elements.html(token, token)
        for child in token.children or ():
            if child.type == "html_inline":
                child.content = elements.html(child, token)
    remedy = "say it in Markdown, or delete it; to show it as text, put it between backquotes"
    told = [
        problem("raw-html", f"{what} is left out: a text may not have it", locator.find((tag,), around.map), remedy)
        for what, (tag, around) in elements.left_out.items()
    ]
    if unread:
        written, around = unread[0]
        message = f'"{written}" looks like Markdown and is published as text: within a block of HTML, none is read'
        below = "leave an empty line between the tag and this text, or write it in HTML"
        told.append(problem("markup-as-text", message, locator.find((written,), around.map), below))
    for name, number in elements.open.items():
        if number > 0:
            tag, around = elements.begins[name]
            place = locator.find((tag,), around.map)
            message = f"<{name}> is opened more often than it is closed, so it goes on to the end of the text"
            told.append(problem("raw-html", message, place, f"write </{name}> where it ends, or \\<{name}> for plain text"))
    return tuple(told)
