"""Render the tokens of a Markdown text as HTML with holes, and collect what the site must know of it, in one pass."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape as escape_attribute
from typing import Any, cast

from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token
from msgspec import Struct, structs

from briefings.content.bodies import BodyQuotation, Heading, Hole, Reference
from briefings.content.markdown.anchors import take_id
from briefings.content.markdown.blocks import take_alert
from briefings.content.markdown.highlight import highlight
from briefings.content.markdown.links import Locator
from briefings.content.markdown.phrases import Phrases, attributes_of, escape, mark_id, plain
from briefings.content.markdown.speakers import SpeakerLine, bad_day, quoted, read_speaker
from briefings.content.markdown.word_holes import Box
from briefings.content.quoted import same_words
from briefings.core.diagnostics import Diagnostic

_FIXED = {
    "paragraph_close": "</p>\n",
    "bullet_list_open": "<ul>\n",
    "bullet_list_close": "</ul>\n",
    "ordered_list_close": "</ol>\n",
    "list_item_close": "</li>\n",
    "dl_open": "<dl>\n",
    "dl_close": "</dl>\n",
    "dt_open": "<dt>",
    "dt_close": "</dt>\n",
    "dd_open": "<dd>",
    "dd_close": "</dd>\n",
    "hr": "<hr>\n",
    "table_close": "</table></div>\n",
    "thead_open": "<thead>\n",
    "thead_close": "</thead>\n",
    "tbody_open": "<tbody>\n",
    "tbody_close": "</tbody>\n",
    "tr_open": "<tr>",
    "tr_close": "</tr>\n",
    "container_admonition_close": "</aside>\n",
    "footnote_block_close": "</ol>\n</section>\n",
    "footnote_close": "</li>\n",
}
"""Tokens whose HTML is always the same."""

_BOX = -1
_TAG_OR_DATE = re.compile(r"<[^>]*>|(?<![\w-])\d{4}-\d\d-\d\d(?![\w-])")


class Written(Struct, frozen=True):
    """The HTML of a text, with everything collected while it was written."""

    html: str
    holes: tuple[Hole, ...]
    references: tuple[Reference, ...]
    outline: tuple[Heading, ...]
    anchors: tuple[str, ...]
    former: tuple[tuple[str, str], ...]
    """Ids that headings had in former versions of the program, each with the present id."""
    cited: tuple[tuple[str, str], ...]
    """Id and anchor of every mark that cites a source."""
    words: int
    quotations: tuple[BodyQuotation, ...]
    diagnostics: tuple[Diagnostic, ...]


def write(
    tokens: Sequence[Token],
    environment: dict[str, Any],
    locator: Locator,
    citations: tuple[str, ...] = (),
    taken: Iterable[str] = (),
    marker: str = "",
) -> Written:
    """Render the tokens of a text.

    `environment` holds the parser's link definitions and footnotes, and under `quoted` the words that are to be found in the text, by the
    ids that the paragraphs with them get. `citations` are the ids of the sources that `[@id]` may name. No
    heading gets an id in `taken`. With a `marker` there are no holes, because a sanitiser must see whole elements: in the place of links
    and images are elements with the address `#<marker><index of the reference>`, and words of the program are marked, too.
    """
    phrases = Phrases(environment=environment, locator=locator, citations=citations, taken=taken, marker=marker)
    blocks = _Blocks(phrases, locator, environment.get("quoted", {}), marker)
    blocks.write(tokens)
    return Written(
        html="".join(phrases.out),
        holes=tuple(phrases.holes),
        references=tuple(phrases.references),
        outline=tuple(blocks.outline),
        anchors=tuple(phrases.anchors),
        former=tuple(phrases.former.items()),
        cited=tuple(phrases.cited),
        words=blocks.words,
        quotations=tuple(blocks.quotations),
        diagnostics=tuple(phrases.diagnostics),
    )


class _Blocks:
    """Renders block tokens; each rule returns the index of the next token."""

    def __init__(self, phrases: Phrases, locator: Locator, quoted: Mapping[str, str], marker: str) -> None:
        self.phrases = phrases
        self.quotations: list[BodyQuotation] = []
        self._quoted = dict(quoted)
        """Words that are still to be found in the text, by the ids that their places get."""
        self._marker = marker
        self._locator = locator
        self.out = phrases.out
        self.outline: list[Heading] = []
        self.words = 0
        self._tables: dict[str, int] = {}
        """How many tables with each name there are so far."""
        self._quotes: list[int] = []
        """Where in `out` each open quotation begins; `_BOX` for one that is a box."""
        self._attribution = ""
        """The speaker of the quotation that ends next, as HTML."""
        self._speaker = SpeakerLine("")
        """What the line with that speaker says."""
        self._speaker_at = 0
        """The line of the file with that speaker."""

    def write(self, tokens: Sequence[Token]) -> None:
        out = self.out
        index, length = 0, len(tokens)
        while index < length:
            token = tokens[index]
            kind = token.type
            if kind == "inline":
                self._inline(token)
            elif token.hidden:
                # Paragraphs of a tight list have no tags; only a block that follows in the same item begins on a line of its own.
                if token.nesting < 0 <= tokens[index + 1].nesting:
                    out.append("\n")
            elif (html := _FIXED.get(kind)) is not None:
                out.append(html)
            else:
                index = _BLOCKS[kind](self, tokens, index)
                continue
            index += 1

    def _paragraph(self, tokens: Sequence[Token], index: int) -> int:
        inline = tokens[index + 1]
        children = inline.children or ()
        if len(children) == 1 and children[0].type == "image" and tokens[index + 2].type == "paragraph_close":
            self._figure(children[0], inline)
            return index + 3
        if self._quotes and self._quotes[-1] != _BOX and "— " in inline.content and tokens[index + 3].type == "blockquote_close":
            split = _last_line(children)
            if children[split].content.startswith("— ") and (split > 0 or tokens[index - 1].type != "blockquote_open"):
                self._quotation_end(inline, split)
                return index + 3
        self.out.append("<p>")
        self._inline(inline)
        return index + 2

    def _inline(self, inline: Token) -> None:
        self.words += len(inline.content.split())
        if self._quoted:
            self._places(inline)
        self.phrases.write(inline.children or (), inline)

    def _places(self, inline: Token) -> None:
        """Give the words that are to be found in the text, and stand in this block, a place to which lists may lead."""
        here = same_words(plain(inline.children or ()))
        for anchor, words in [*self._quoted.items()]:
            # The first letter may stand in the middle of a sentence.
            if words[1:] in here:
                del self._quoted[anchor]
                self.out.append(f'<span id="{self.phrases.quotation_anchor(anchor)}"></span>')

    def _figure(self, image: Token, inline: Token) -> None:
        attributes = attributes_of(image, "class") + self.phrases.id_attribute(image, inline)
        title = str(image.attrs.get("title", ""))
        caption = f"<figcaption>{escape(title)}</figcaption>" if title else ""
        self.out.append(f"<figure{attributes}>")
        self.phrases.image(image, inline, attributes_of(image, "width", "height"))
        self.out.append(f"{caption}</figure>\n")

    def _quotation_end(self, inline: Token, split: int) -> None:
        """Write the last paragraph of a quotation, whose last line names the speaker and begins at child `split`."""
        children = inline.children or []
        self.words += len(inline.content.split())
        if split:
            self.out.append("<p>")
            self.phrases.write(children[: split - 1], inline)
            self.out.append("</p>\n")
        begin = len(self.out)
        children[split].content = children[split].content[2:].lstrip()
        self._speaker, line = read_speaker(children[split:])
        self._speaker_at = self._locator.line_number(inline.map[1] - 1) if inline.map else 0
        if self._speaker.bad_date or self._speaker.unread_date:
            self.phrases.diagnostics.append(bad_day(self._speaker, self._locator, inline.map))
        self.phrases.write(line, inline)
        self._attribution = _TAG_OR_DATE.sub(self._date, "".join(self.out[begin:]))
        del self.out[begin:]

    def _date(self, found: re.Match[str]) -> str:
        """Return a date with a hole for its words; tags and invalid dates stay unchanged."""
        try:
            day = str(dt.date.fromisoformat(found.group()))
        except ValueError:
            return found.group()
        return f'<time datetime="{day}">{self.phrases.word("date", day)}</time>'

    def _blockquote_open(self, tokens: Sequence[Token], index: int) -> int:
        first = tokens[index + 2] if tokens[index + 1].type == "paragraph_open" else None
        alert = take_alert(first) if first is not None and first.content.startswith("[!") else None
        if alert is not None and first is not None:
            self._quotes.append(_BOX)
            self._box(alert[0], plain(alert[1]).strip())
            # A box may consist of a title alone.
            return index + 1 if first.children else index + 4
        self._quotes.append(len(self.out))
        self.out.append("<blockquote>\n")
        return index + 1

    def _blockquote_close(self, _tokens: Sequence[Token], index: int) -> int:
        begin = self._quotes.pop()
        if begin == _BOX:
            self.out.append("</aside>\n")
        elif self._attribution:
            self.out[begin] = f'<figure class="quotation"{self._quotation_id(begin)}><blockquote>\n'
            self.out.append(f"</blockquote>\n<figcaption>{self._attribution}</figcaption></figure>\n")
            self._attribution = ""
        else:
            self.out.append("</blockquote>\n")
        return index + 1

    def _quotation_id(self, begin: int) -> str:
        """Note the quotation whose words begin behind place `begin` of `out`; return the attribute with its id, empty without a speaker."""
        found = quoted("".join(self.out[begin + 1 :]), self._speaker, self._marker)
        if found is None:
            return ""
        self.quotations.append(structs.replace(found, anchor=self.phrases.quotation_anchor(found.anchor), line=self._speaker_at))
        return f' id="{self.quotations[-1].anchor}"'

    def _heading_open(self, tokens: Sequence[Token], index: int) -> int:
        # Only the page's title is a heading of level 1.
        level = max(2, int(tokens[index].tag[1]))
        inline = tokens[index + 1]
        text = written = " ".join(plain(inline.children or ()).split())
        given = take_id(inline)
        if given is not None:
            text = " ".join(plain(inline.children or ()).split())
        anchor = self.phrases.heading_anchor(text, written, given, inline)
        if level <= 3 and text:
            self.outline.append(Heading(level, anchor, text))
        self.out.append(f'<h{level} id="{escape_attribute(anchor)}">')
        return index + 1

    def _heading_close(self, tokens: Sequence[Token], index: int) -> int:
        self.out.append(f"</h{max(2, int(tokens[index].tag[1]))}>\n")
        return index + 1

    def _ordered_list_open(self, tokens: Sequence[Token], index: int) -> int:
        start = tokens[index].attrs.get("start")
        self.out.append("<ol>\n" if start is None else f'<ol start="{start}">\n')
        return index + 1

    def _list_item_open(self, tokens: Sequence[Token], index: int) -> int:
        inline = tokens[index + 2] if tokens[index + 1].type == "paragraph_open" else None
        box = inline.content[:4] if inline is not None else ""
        if inline is not None and inline.children and box in ("[ ] ", "[x] ", "[X] ") and inline.children[0].content.startswith(box):
            inline.children[0].content = inline.children[0].content[4:]
            label, state = (self.phrases.word("to-do"), "") if box == "[ ] " else (self.phrases.word("done"), " checked")
            checkbox = f'<input type="checkbox" disabled aria-label="{label}"{state}> '
            if tokens[index + 1].hidden:
                self.out.append(f'<li class="task">{checkbox}')
                return index + 1
            self.out.append(f'<li class="task"><p>{checkbox}')
            return index + 2
        self.out.append("<li>")
        return index + 1

    def _table_open(self, tokens: Sequence[Token], index: int) -> int:
        headers: list[str] = []
        ahead = index
        while tokens[ahead].type != "thead_close":
            if tokens[ahead].type == "inline" and (text := plain(tokens[ahead].children or ()).strip()):
                headers.append(text)
            ahead += 1
        name = ", ".join(headers)
        count = self._tables[name] = self._tables.get(name, 0) + 1
        # Regions of a page need different names.
        label = self.phrases.word("table", str(count) if count > 1 else "", name)
        self.out.append(f'<div class="table" role="region" tabindex="0" aria-label="{label}"><table>\n')
        return index + 1

    def _cell_open(self, tokens: Sequence[Token], index: int) -> int:
        token = tokens[index]
        name = _cell(token, tokens[index + 1])
        scope = ' scope="col"' if name == "th" else ""
        style = token.attrs.get("style")
        alignment = f' class="align-{str(style).rpartition(":")[2]}"' if style else ""
        self.out.append(f"<{name}{scope}{alignment}>")
        return index + 1

    def _cell_close(self, tokens: Sequence[Token], index: int) -> int:
        self.out.append(f"</{_cell(tokens[index], tokens[index - 1])}>")
        return index + 1

    def _fence(self, tokens: Sequence[Token], index: int) -> int:
        token = tokens[index]
        language = next(iter(unescapeAll(token.info).split()), "")
        code = highlight(token.content, language)
        name = f' class="language-{escape_attribute(language)}"' if language else ""
        if code is None:
            self.out.append(f'<pre tabindex="0"><code{name}>{escape(token.content)}</code></pre>\n')
        else:
            self.out.append(f'<pre class="highlight" tabindex="0"><code{name}>{code}</code></pre>\n')
        return index + 1

    def _code_block(self, tokens: Sequence[Token], index: int) -> int:
        self.out.append(f'<pre tabindex="0"><code>{escape(tokens[index].content)}</code></pre>\n')
        return index + 1

    def _html_block(self, tokens: Sequence[Token], index: int) -> int:
        self.out.append(tokens[index].content)
        return index + 1

    def _admonition_open(self, tokens: Sequence[Token], index: int) -> int:
        name, _, title = tokens[index].info.strip().partition(" ")
        self._box(name, title.strip())
        return index + 1

    def _box(self, name: str, title: str) -> None:
        # The parser takes nothing else for a box.
        kind, word = cast("Box", name), self.phrases.word
        self.out.append(
            f'<aside class="admonition {kind}" role="note" aria-label="{word(kind, title=title)}">'
            f'<p class="admonition-title">{escape(title) or word(kind)}</p>\n'
        )

    def _footnote_block_open(self, _tokens: Sequence[Token], index: int) -> int:
        heading = f'<h2 class="visually-hidden">{self.phrases.word("footnotes")}</h2>'
        self.out.append(f'<section class="footnotes" role="doc-endnotes">\n{heading}\n<ol>\n')
        return index + 1

    def _footnote_open(self, tokens: Sequence[Token], index: int) -> int:
        anchor = f"fn{tokens[index].meta['id'] + 1}"
        self.phrases.anchors.append(anchor)
        self.out.append(f'<li id="{anchor}">')
        return index + 1

    def _footnote_anchor(self, tokens: Sequence[Token], index: int) -> int:
        meta = tokens[index].meta
        mark = mark_id(meta["id"] + 1, meta["subId"])
        # A mark in alternative text, or in an unused footnote, does not appear on the page.
        if mark in self.phrases.noted:
            label = self.phrases.word("back", str(meta["subId"] + 1) if meta["subId"] else "")
            self.out.append(f' <a href="#{mark}" role="doc-backlink" aria-label="{label}">↩</a>')
        return index + 1


def _cell(cell: Token, inline: Token) -> str:
    """Return the element of a table cell: a header without words would be the head of nothing."""
    return cell.tag if inline.children else "td"


def _last_line(children: Sequence[Token]) -> int:
    """Return the index at which the last line of a paragraph begins; 0 for a single line, or if that line closes earlier markup."""
    depth = 0
    for index in range(len(children) - 1, -1, -1):
        depth += children[index].nesting
        if children[index].type in ("softbreak", "hardbreak") and depth == 0:
            return index + 1
    return 0


_BLOCKS: dict[str, Callable[[_Blocks, Sequence[Token], int], int]] = {
    "paragraph_open": _Blocks._paragraph,
    "blockquote_open": _Blocks._blockquote_open,
    "blockquote_close": _Blocks._blockquote_close,
    "heading_open": _Blocks._heading_open,
    "heading_close": _Blocks._heading_close,
    "ordered_list_open": _Blocks._ordered_list_open,
    "list_item_open": _Blocks._list_item_open,
    "table_open": _Blocks._table_open,
    "th_open": _Blocks._cell_open,
    "td_open": _Blocks._cell_open,
    "th_close": _Blocks._cell_close,
    "td_close": _Blocks._cell_close,
    "fence": _Blocks._fence,
    "code_block": _Blocks._code_block,
    "html_block": _Blocks._html_block,
    "container_admonition_open": _Blocks._admonition_open,
    "footnote_block_open": _Blocks._footnote_block_open,
    "footnote_open": _Blocks._footnote_open,
    "footnote_anchor": _Blocks._footnote_anchor,
}
