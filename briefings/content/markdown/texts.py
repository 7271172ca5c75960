"""Render Markdown texts as HTML, with holes where other files of the site must be known."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote.index import footnote_ref, footnote_tail
from msgspec import Struct

from briefings.content.bodies import NO_BODY, Body
from briefings.content.markdown.blocks import admonitions, comment
from briefings.content.markdown.inline import citation, figure, image_with_attributes
from briefings.content.markdown.links import Locator
from briefings.content.markdown.losses import NESTING, losses, noted_footnote, whole_table
from briefings.content.markdown.plain_text import plain_text
from briefings.content.markdown.prose import write
from briefings.content.markdown.suspect_blocks import suspect
from briefings.content.markdown.suspects import diagnostics
from briefings.content.steps import Steps
from briefings.core.diagnostics import Diagnostic

NOTHING_QUOTED: Mapping[str, str] = MappingProxyType({})
_HOLE_MARKS = str.maketrans({"\x01": "\ufffd", "\x02": "\ufffd"})


class Rendered(Struct, frozen=True):
    """A text, rendered as far as its own file allows."""

    html: str
    r"""HTML in which `\x01<index>\x02` stands for the hole of that index in the body."""
    plain: str
    """Its plain text."""
    body: Body
    diagnostics: tuple[Diagnostic, ...]


class _Parser(MarkdownIt):
    """markdown-it's CommonMark parser, changed only to accept every address."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library calls it so
        """Accept every address: unsafe ones are left out when HTML is written, because only there the place to report is known."""
        return True


def syntax(raw_html: bool) -> MarkdownIt:
    """Return a parser with the rules of CommonMark and our own, in their order."""
    md = _Parser("commonmark", {"html": raw_html, "maxNesting": NESTING, "store_labels": True})
    md.enable(["table", "strikethrough"])
    md.block.ruler.at("table", whole_table, {"alt": ["paragraph", "reference"]})
    md.use(deflist_plugin)
    admonitions(md)
    md.block.ruler.before("html_block", "comment", comment, {"alt": ["paragraph", "reference", "blockquote"]})
    md.block.ruler.before("reference", "footnote_def", noted_footnote, {"alt": ["paragraph", "reference"]})
    md.core.ruler.after("inline", "footnote_tail", footnote_tail)
    if not raw_html:
        md.disable(["html_block", "html_inline"])
    inline = md.inline.ruler
    inline.at("image", image_with_attributes)
    inline.after("link", "footnote_ref", footnote_ref)
    inline.after("footnote_ref", "citation", citation)
    inline.after("citation", "figure", figure)
    md.core.ruler.after("inline", "suspects", suspect)
    return md


@cache
def parser(raw_html: bool) -> MarkdownIt:
    """Return the parser with its short cuts. Its tokens may hold unsafe addresses and raw HTML, which `to_html` removes."""
    md = syntax(raw_html)
    # Without this folder the same HTML is made more slowly.
    with contextlib.suppress(ModuleNotFoundError):
        from briefings.content.markdown.fast.dispatch import speed_up

        speed_up(md)
    for ruler in (md.core.ruler, md.block.ruler, md.inline.ruler, md.inline.ruler2):
        # A ruler sorts its rules when it is first asked for some; several threads may be the first.
        ruler.getRules("")
    return md


def to_html(
    text: str,
    *,
    path: str,
    first_line: int = 1,
    raw_html: bool = False,
    citations: tuple[str, ...] = (),
    quoted: Mapping[str, str] = NOTHING_QUOTED,
) -> Steps[Rendered]:
    """Convert one text, whose first line is line `first_line` of its file.

    `path` is the file's, for diagnostics. `citations` are the ids of the note's sources in order, which `[@id]` may name. `quoted`
    are words that are to be found in the text, as `same_words` has them, by the ids that their places get.
    Never raises: whatever is wrong becomes a diagnostic or stays text.
    """
    if not text or text.isspace():
        return Rendered("", "", NO_BODY, ())
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x01" in text or "\x02" in text:
        text = text.translate(_HOLE_MARKS)
    environment: dict[str, Any] = {"citations": citations, "quoted": quoted}
    tokens = parser(raw_html).parse(text, environment)
    yield
    locator = Locator(text, path, first_line)
    lost = losses(tokens, environment, locator)
    if raw_html and "<" in text:
        # Few sites allow HTML, and only those need the sanitiser.
        from briefings.content.markdown.raw_html import escape_what_is_no_element
        from briefings.content.markdown.sanitise import marker_for, raw_ids, sanitise

        lost += escape_what_is_no_element(tokens, locator)
        marker = marker_for(text)
        written = write(tokens, environment, locator, citations, raw_ids(text), marker)
        written = sanitise(written, marker, locator, {f"source-{id_}" for id_ in citations})
    else:
        written = write(tokens, environment, locator, citations)
    told = (*written.diagnostics, *lost)
    if "suspects" in environment:
        told += tuple(diagnostics(environment["suspects"], text, path, first_line))
    if not written.html:
        return Rendered("", "", NO_BODY, told)
    plain = plain_text(written.html)
    body = Body(
        digest=hashlib.sha256(written.html.encode()).hexdigest()[:32],
        holes=written.holes,
        references=written.references,
        outline=written.outline,
        anchors=written.anchors,
        former=written.former,
        cited=written.cited,
        words=written.words,
        quotations=written.quotations,
        version=hashlib.blake2b(" ".join(plain.split()).encode(), digest_size=16).hexdigest(),
    )
    return Rendered(written.html, plain, body, told)
