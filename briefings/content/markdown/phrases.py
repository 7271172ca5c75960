"""Render inline tokens as HTML: words, links, images and citations, and the ids of headings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from html import escape as escape_attribute
from itertools import accumulate
from typing import Any
from unicodedata import normalize
from urllib.parse import unquote

from markdown_it.token import Token

from briefings.content.bodies import Hole, Reference
from briefings.content.markdown import anchors
from briefings.content.markdown.inline import as_citation
from briefings.content.markdown.links import Address, Locator, classify, doubtful_address, remote_image, unshown_image
from briefings.content.markdown.sentences import REACH, around, without_gaps
from briefings.content.markdown.word_holes import Word, word_hole
from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.text import did_you_mean, is_id, slugify

_FIXED = {
    "em_open": "<em>",
    "em_close": "</em>",
    "strong_open": "<strong>",
    "strong_close": "</strong>",
    "s_open": "<s>",
    "s_close": "</s>",
    "softbreak": "\n",
    "hardbreak": "<br>\n",
}
"""Tokens whose HTML is always the same."""

_LAZY = ' loading="lazy" decoding="async"'
_HYPHENATED = re.compile(r"(?<!\S)(?=\S{2,20}(?!\S))\S*-\S+")
"""A word of inline code that browsers would break after a hyphen, although it fits on one line of the narrowest phone."""


def escape(text: str) -> str:
    """Escape `text` for the content of an element."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


UNKNOWN_NUMBER = "…"
"""What stands for a quoted figure in plain words, which are taken from a text before the number is known."""


def plain(tokens: Sequence[Token]) -> str:
    """Return inline tokens as plain text: an image becomes its alternative text; marks of footnotes and citations are left out."""
    return "".join(map(_words, tokens))


def attributes_of(token: Token, *names: str) -> str:
    """Return the attributes of `token` with the given `names` as HTML, with a leading space."""
    attributes = token.attrs
    return "".join([f' {name}="{escape_attribute(str(attributes[name]))}"' for name in names if name in attributes])


def mark_id(number: int, time: int) -> str:
    """Return the id of a footnote's mark in the text; `time` counts, from 0, its earlier marks."""
    return f"fnref{number}" if time == 0 else f"fnref{number}-{time + 1}"


def _words(token: Token) -> str:
    kind = token.type
    if kind in ("text", "text_special", "code_inline"):
        return token.content
    if kind in ("softbreak", "hardbreak"):
        return " "
    if kind == "figure":
        return UNKNOWN_NUMBER
    return _alternative(token) if kind == "image" else ""


def _alternative(image: Token) -> str:
    return str(image.attrs["alt"]) or plain(image.children or ())


class Phrases:
    """Renders inline tokens, block after block, and collects what they refer to."""

    def __init__(
        self, environment: dict[str, Any], locator: Locator, citations: tuple[str, ...], taken: Iterable[str], marker: str
    ) -> None:
        self.out: list[str] = []
        self.holes: list[Hole] = []
        self.references: list[Reference] = []
        self.anchors: list[str] = []
        self.former: dict[str, str] = {}
        """Ids that headings had in former versions of the program, each with the present id."""
        self.diagnostics: list[Diagnostic] = []
        self.noted: set[str] = set()
        """Ids of the footnote marks written so far."""
        self._locator = locator
        self._marker = marker
        self._definitions: dict[str, dict[str, Any]] = environment.get("references", {})
        self._citations = {id_: number for number, id_ in enumerate(citations, 1)}
        self.cited: list[tuple[str, str]] = []
        """The id of each source that was cited so far, with the anchor of the mark."""
        self._times_cited: dict[str, int] = {}
        self._closing = ""
        """The end tag of the open link, or the empty text; links do not nest."""
        self._told: Sequence[Token] = ()
        """The tokens whose plain text is kept, with the position of each in it: a paragraph may have many links."""
        self._told_text = ""
        self._told_starts: list[int] = []
        # The page itself lists sources and footnotes under these ids, so they are taken before any heading gets one.
        self._taken = {f"source-{id_}" for id_ in citations}
        self._taken.update(taken)
        for number, footnote in enumerate(environment.get("footnotes", {}).get("list", {}).values(), 1):
            self._taken.add(f"fn{number}")
            self._taken.update(mark_id(number, time) for time in range(footnote["count"]))
        self._next_number: dict[str, int] = {}
        self._former_count: dict[str, int] = {}

    def write(self, tokens: Sequence[Token], block: Token) -> None:
        """Append the HTML of inline tokens to `out`. `block` is the token that contains them."""
        append = self.out.append
        source = block.content
        # The texts come from the block's own text: if that has none of these signs, nothing must be escaped.
        bare = not ("&" in source or "<" in source or ">" in source)
        for index, token in enumerate(tokens):
            kind = token.type
            if kind == "text":
                append(token.content if bare else escape(token.content))
            elif (html := _FIXED.get(kind)) is not None:
                append(html)
            else:
                _RULES[kind](self, tokens, index, block)

    def anchor(self, wanted: str) -> str:
        """Return `wanted`, with a number behind it if necessary, as an id that is unique on the page."""
        anchor = wanted
        if anchor in self._taken or anchors.is_reserved(anchor):
            number = self._next_number.get(wanted, 2)
            while (anchor := f"{wanted}-{number}") in self._taken:
                number += 1
            self._next_number[wanted] = number + 1
        self._taken.add(anchor)
        self.anchors.append(anchor)
        return anchor

    def quotation_anchor(self, wanted: str) -> str:
        """Return `wanted`, which belongs to a quotation, as an id that is unique on the page."""
        anchor, number = wanted, 1
        while anchor in self._taken:
            number += 1
            anchor = f"{wanted}-{number}"
        self._taken.add(anchor)
        self.anchors.append(anchor)
        return anchor

    def heading_anchor(self, text: str, written: str, given: str | None, block: Token) -> str:
        """Return the id of a heading. `text` is what readers see, `written` what the file has, `given` the id from the author."""
        made = anchors.heading_anchor(text) or "section"
        anchor = self._given_anchor(given, made, block) if given is not None else self.anchor(made)
        former = slugify(written) or "section"
        count = self._former_count[former] = self._former_count.get(former, 0) + 1
        former = former if count == 1 else f"{former}-{count}"
        if former != anchor:
            self.former.setdefault(former, anchor)
        return anchor

    def id_attribute(self, token: Token, block: Token) -> str:
        """Return as HTML the id that an author gave to an image."""
        wanted = token.attrs.get("id")
        return f' id="{self._given_anchor(str(wanted), "image", block)}"' if wanted else ""

    def _given_anchor(self, given: str, otherwise: str, block: Token) -> str:
        """Return the id that an author gave; if it is not valid, report that and return another."""
        if anchors.fault(given, self._taken, "") is None:
            return self.anchor(given)
        doubles = is_id(given) and not anchors.is_reserved(given)
        anchor = self.anchor(given if doubles else anchors.heading_anchor(given) or otherwise)
        # An id that was a duplicate is none any more.
        message, remedy = anchors.fault(given, (given,), anchor) or ("", "")
        place = self._locator.find((f"{{#{given}}}", f"{{#{given} ", f"#{given}"), block.map)
        self.diagnostics.append(problem("bad-anchor", message, place, remedy))
        self.former.setdefault(given, anchor)
        return anchor

    def word(self, word: Word, value: str = "", title: str = "") -> str:
        """Return the hole for a word of the program, as `word_hole` describes it."""
        return word_hole(word, value, title, self._marker)

    def image(self, token: Token, block: Token, attributes: str) -> None:
        """Append an image, with `attributes` beside its address and alternative text."""
        source = str(token.attrs["src"])
        alternative = " ".join(_alternative(token).split())
        address = classify(source)
        place = self._place(token, source, address, block)
        if "replaced" in token.meta:
            message = f'what stands in braces takes the place of "{token.meta["replaced"]}", which is not shown'
            self.diagnostics.append(problem("text-not-shown", message, place, "write it once, between ![ and ] or in the braces"))
        if not alternative:
            remedy = "say between ![ and ] what it shows"
            self.diagnostics.append(problem("image-without-text", "the image has no alternative text", place, remedy))
        if not source and not self._marker:
            self._empty_address(token, block, "picture has no address, so readers see its words alone")
        if address.kind == "unsafe":
            self._unsafe(place)
            self.out.append(escape(alternative))
            return
        attributes = f' alt="{escape_attribute(alternative)}"{attributes}{_LAZY}'
        if address.kind in ("web", "odd"):
            if not self._marker:
                self.diagnostics.append(remote_image(source, place))
            self.out.append(f'<img src="{escape_attribute(source)}"{attributes}>')
            return
        number = len(self.references)
        # An image is always a file: `note:x.png` is no note, but a file of that name.
        target = address.target if address.kind == "path" else unquote(source.partition("#")[0])
        if not self._marker and (unshown := unshown_image(target, place)) is not None:
            self.diagnostics.append(unshown)
        self.references.append(
            Reference(kind="image", target=target, fragment=address.fragment, label=alternative, line=place.line, column=place.column)
        )
        if self._marker:
            self.out.append(f'<img src="#{self._marker}{number}"{attributes}>')
        else:
            self.out.append(self._hole(Hole("image", number, attributes)))

    # ── Rules: each writes one kind of token ─────────────────────────────────

    def _text(self, tokens: Sequence[Token], index: int, _block: Token) -> None:
        self.out.append(escape(tokens[index].content))

    def _code(self, tokens: Sequence[Token], index: int, _block: Token) -> None:
        code = escape(tokens[index].content)
        if "-" in code:
            code = _HYPHENATED.sub(r'<span class="nowrap">\g<0></span>', code)
        self.out.append(f"<code>{code}</code>")

    def _html(self, tokens: Sequence[Token], index: int, _block: Token) -> None:
        self.out.append(tokens[index].content)

    def _link_open(self, tokens: Sequence[Token], index: int, block: Token) -> None:
        token = tokens[index]
        href = str(token.attrs["href"])
        address = classify(href)
        title = attributes_of(token, "title") if len(token.attrs) > 1 else ""
        if tokens[index + 1].type == "link_close":
            message = "this link has no words, so no reader sees it"
            place = self._place(token, href, address, block)
            self.diagnostics.append(problem("text-not-shown", message, place, "say between [ and ] where it leads"))
        if not href and not self._marker:
            self._empty_address(token, block, "link has no address, so it leads to the top of its own page")
        if address.kind == "web" or address.kind == "odd" or address.kind == "unknown":
            if address.kind != "web" and not self._marker:
                self.diagnostics.append(doubtful_address(href, self._place(token, href, address, block)))
            # A theme may print addresses behind words; here they are the words.
            own = ' class="address"' if token.info == "auto" else ""
            self.out.append(f'<a href="{escape_attribute(href)}"{title}{own}>')
            self._closing = "</a>"
            return
        place = self._place(token, href, address, block)
        if address.kind == "unsafe":
            self._unsafe(place)
            self._closing = ""
            return
        end = index + 1
        while tokens[end].type != "link_close":
            end += 1
        label = " ".join(plain(tokens[index + 1 : end]).split())
        before, after = self._sentence(tokens, index, label, end) if address.kind in ("note", "path") else ("", "")
        number = len(self.references)
        self.references.append(
            Reference(
                kind=address.kind,
                target=address.target,
                fragment=address.fragment,
                label=label,
                line=place.line,
                column=place.column,
                before=before,
                after=after,
            )
        )
        if self._marker:
            self.out.append(f'<a href="#{self._marker}{number}"{title}>')
            self._closing = "</a>"
        else:
            self.out.append(self._hole(Hole("open", number, title)))
            self._closing = self._hole(Hole("close", number))

    def _link_close(self, _tokens: Sequence[Token], _index: int, _block: Token) -> None:
        self.out.append(self._closing)

    def _image(self, tokens: Sequence[Token], index: int, block: Token) -> None:
        token = tokens[index]
        attributes = attributes_of(token, "title", "class") + self.id_attribute(token, block) + attributes_of(token, "width", "height")
        self.image(token, block, attributes)

    def _footnote_mark(self, tokens: Sequence[Token], index: int, _block: Token) -> None:
        meta = tokens[index].meta
        number = meta["id"] + 1
        anchor = mark_id(number, meta["subId"])
        self.noted.add(anchor)
        self.anchors.append(anchor)
        self.out.append(f'<sup class="footnote"><a href="#fn{number}" id="{anchor}" role="doc-noteref">{number}</a></sup>')

    def _event(self, tokens: Sequence[Token], index: int, block: Token) -> None:
        """Append a link without words: only the site knows what the event is called, and whether it may be shown."""
        event: str = tokens[index].content
        place = self._locator.find((f"event:{event}",), block.map)
        number = len(self.references)
        self.references.append(Reference("event", event, line=place.line, column=place.column))
        if self._marker:
            self.out.append(f'<a href="#{self._marker}{number}"></a>')
        else:
            self.out.append(self._hole(Hole("open", number)) + self._hole(Hole("close", number)))

    def _citation(self, tokens: Sequence[Token], index: int, block: Token) -> None:
        token = tokens[index]
        written: str = token.content
        shown: list[str] = []
        for id_, locator in token.meta["sources"]:
            id_ = normalize("NFC", id_)
            if id_ not in self._citations:
                remedy = did_you_mean(id_, self._citations, f"list it under sources in the header, or write \\{written} for plain text")
                place = self._locator.find((written,), block.map)
                self.diagnostics.append(problem("unknown-citation", f'no source of this text has the id "{id_}"', place, remedy))
                shown.clear()
                break
            shown.append(self._cite(id_, " ".join(locator.split())))
        if not token.meta["sources"] and not written.endswith("]"):
            remedy = f"write {written}] or, with a place, {written}, p. 4], and no brackets inside; or \\{written} for plain text"
            message = "this begins a citation that nothing ends, or that has brackets inside"
            self.diagnostics.append(problem("bad-citation", message, self._locator.find((written,), block.map), remedy))
        elif not token.meta["sources"]:
            remedy = f"write {as_citation(written, self._citations)}, or \\{' '.join(written.split())} for plain text"
            message = "this names a source of the note, and cannot be read as a citation"
            self.diagnostics.append(problem("bad-citation", message, self._locator.find((written,), block.map), remedy))
        self.out.append("".join(shown) or escape(written))

    def _figure(self, tokens: Sequence[Token], index: int, block: Token) -> None:
        token = tokens[index]
        place = self._locator.find((token.markup,), block.map)
        self.out.append(self.word("figure", str(len(self.references))))
        self.references.append(Reference("figure", token.content, line=place.line, column=place.column))

    # ── Help ─────────────────────────────────────────────────────────────────

    def _cite(self, id_: str, locator: str) -> str:
        """Return the HTML of a mark that links to one source, which can link back to it."""
        times = self._times_cited[id_] = self._times_cited.get(id_, 0) + 1
        anchor = self.anchor(f"cite-{id_}-{times}")
        self.cited.append((id_, anchor))
        number = self._citations[id_]
        shown = f"{number}, {escape(locator)}" if locator else str(number)
        return f'<sup class="citation"><a href="#source-{id_}" id="{anchor}">[{shown}]</a></sup>'

    def _sentence(self, tokens: Sequence[Token], start: int, label: str, end: int) -> tuple[str, str]:
        """Return the parts of the sentence before and after the link that begins at token `start` and ends at token `end`."""
        if self._told is not tokens:
            pieces = without_gaps(list(map(_words, tokens)))
            self._told, self._told_text, self._told_starts = tokens, "".join(pieces), list(accumulate(map(len, pieces), initial=0))
        begin, stop = self._told_starts[start], self._told_starts[end]
        return around(self._told_text[max(0, begin - REACH) : begin], label, self._told_text[stop : stop + REACH])

    def _hole(self, hole: Hole) -> str:
        self.holes.append(hole)
        return f"\x01{len(self.holes) - 1}\x02"

    def _place(self, token: Token, href: str, address: Address, block: Token) -> Place:
        """Return the place in the file of an address."""
        written = href.partition("#")[0] if address.kind == "path" and address.target else href
        definition = self._definitions.get(token.meta.get("label", ""), {}).get("map")
        return self._locator.find((unquote(written), written), block.map, definition)

    def _empty_address(self, token: Token, block: Token, what: str) -> None:
        definition = self._definitions.get(token.meta.get("label", ""), {}).get("map")
        place = self._locator.find(("<>", "[]()", "()", "( "), block.map, definition)
        remedy = "write the address between the parentheses, as in [words](note:un-offer), or delete the brackets and parentheses"
        if token.type == "image":
            remedy = "write the name of the file between the parentheses, as in ![words](map.png), or delete the picture"
        self.diagnostics.append(problem("odd-address", f"this {what}", place, remedy))

    def _unsafe(self, place: Place) -> None:
        remedy = "link to an http, https or mailto address, to a file of the site, or to a record by its id"
        self.diagnostics.append(problem("unsafe-link", "this address may run code or read local files, so it is no link", place, remedy))


_RULES: dict[str, Callable[[Phrases, Sequence[Token], int, Token], None]] = {
    "text_special": Phrases._text,
    "code_inline": Phrases._code,
    "html_inline": Phrases._html,
    "link_open": Phrases._link_open,
    "link_close": Phrases._link_close,
    "image": Phrases._image,
    "footnote_ref": Phrases._footnote_mark,
    "citation": Phrases._citation,
    "figure": Phrases._figure,
    "event": Phrases._event,
}
