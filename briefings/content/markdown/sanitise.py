"""Sanitise raw HTML in texts: keep only what cannot run code, and make links and images references like those of Markdown."""

from __future__ import annotations

import hashlib
import re
from html import escape, unescape
from urllib.parse import unquote

import nh3

from briefings.content.bodies import Hole, Reference
from briefings.content.markdown.anchors import is_reserved
from briefings.content.markdown.elements import ATTRIBUTES, KEPT
from briefings.content.markdown.links import Locator, classify, doubtful_address, remote_image
from briefings.content.markdown.prose import Written
from briefings.content.markdown.word_holes import unmarked, word_hole
from briefings.core.diagnostics import Diagnostic, problem
from briefings.core.urls import is_safe

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_RAW_ID = re.compile(r"""\bid\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^>"]|"[^"]*")*)>')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')


def marker_for(text: str) -> str:
    """Return a prefix, absent from `text`, for the fragments that stand for references while a text is sanitised."""
    return f"reference-{hashlib.blake2b(text.encode(), digest_size=8).hexdigest()}-"


def raw_ids(text: str) -> set[str]:
    """Return everything that may be the id of an element in raw HTML."""
    return {unescape(a or b or c) for a, b, c in _RAW_ID.findall(text)}


def sanitise(written: Written, marker: str, locator: Locator, elsewhere: set[str]) -> Written:
    """Sanitise a text, and put holes in the place of links and images whose targets are not known yet.

    `written` has whole elements in the place of links and images, with fragments that begin with `marker` as addresses, and marks the
    words of the program with `marker`, too. Elements are balanced before they become holes, so that a link opened in raw HTML is closed
    where its HTML needs it. Raw links and images become references like those of Markdown. `elsewhere` are ids of the page that stand
    outside the text.
    """
    schemes = {name.lower() for name in _SCHEME.findall(written.html) if is_safe(f"{name}:")}
    html = nh3.clean(
        written.html,
        tags=KEPT,
        attributes=ATTRIBUTES,
        # Only one attribute is added: the order of several would differ from process to process.
        set_tag_attribute_values={"input": {"disabled": ""}},
        tag_attribute_values={"input": {"type": {"checkbox"}}},
        url_schemes=schemes | {"http", "https", "mailto"},
        link_rel=None,
    )
    # A character reference in raw HTML may have become a mark of a hole.
    html = html.replace("\x01", "\ufffd").replace("\x02", "\ufffd")
    holes = _Holes(written, marker, locator, elsewhere)
    html = unmarked(_TAG.sub(holes.tag, html), marker)
    return Written(
        html=html.strip() and html,
        holes=tuple(holes.holes),
        references=tuple(holes.references),
        outline=written.outline,
        anchors=tuple(holes.anchors),
        former=written.former,
        cited=tuple([(source, anchor) for source, anchor in written.cited if anchor in holes.anchors]),
        words=written.words,
        quotations=written.quotations,
        diagnostics=(*written.diagnostics, *holes.diagnostics),
    )


class _Holes:
    """Replaces tags of sanitised HTML by holes, in one pass."""

    def __init__(self, written: Written, marker: str, locator: Locator, elsewhere: set[str]) -> None:
        self.known = elsewhere.union(written.anchors)
        """Ids that are certain to exist on the page."""
        self.prefix = f"#{marker}"
        self.locator = locator
        self.holes: list[Hole] = []
        self.references = list(written.references)
        self.anchors: dict[str, None] = {}
        self.diagnostics: list[Diagnostic] = []
        """The problems of addresses that lead out of the site, in Markdown and raw HTML."""
        self.open: int | None = None
        """The index of the open link's reference, or None; links do not nest."""

    def tag(self, found: re.Match[str]) -> str:
        end, name, rest = found[1], found[2], found[3]
        if end:
            if name == "a" and self.open is not None:
                reference, self.open = self.open, None
                return self.hole(Hole("close", reference))
            return found[0]
        attributes = {key: unescape(value) for key, value in _ATTRIBUTE.findall(rest)}
        if name == "input":
            # The only form control allowed is the checkbox of a task, which readers cannot change.
            label, state = (word_hole("done"), " checked") if "checked" in attributes else (word_hole("to-do"), "")
            return f'<input type="checkbox" disabled aria-label="{label}"{state}>'
        if name == "img" and "src" not in attributes:
            return ""
        anchor = attributes.get("id")
        if anchor is not None:
            # Those of quotations are the page's own, and stand in the text.
            reserved = is_reserved(anchor) and anchor not in self.known
            if anchor in self.anchors or not anchor or reserved:
                # If two elements had one id, a link could only lead to the first.
                if reserved:
                    place = self.locator.find_anywhere((anchor,))
                    message = f'the page itself uses the id "{anchor}", so this element has none'
                    self.diagnostics.append(problem("bad-anchor", message, place, "write another id, which begins with a letter"))
                del attributes["id"]
                rest = _serialise(attributes)
            else:
                self.anchors[anchor] = None
        if name == "a" and "href" in attributes:
            number = self.reference(attributes, "href")
            if number is not None:
                self.open = number
                return self.hole(Hole("open", number, _serialise(attributes)))
        elif name == "img":
            number = self.reference(attributes, "src")
            if number is not None:
                return self.hole(Hole("image", number, _serialise(attributes)))
        return f"<{name}{rest}>"

    def reference(self, attributes: dict[str, str], key: str) -> int | None:
        """Return the index of an element's reference, whose address it removes from `attributes`; None for an address outside the site."""
        href = attributes[key].strip()
        if href.startswith(self.prefix):
            del attributes[key]
            return int(href[len(self.prefix) :])
        address = classify(href)
        kind = address.kind
        if kind == "unsafe" or (href.startswith("#") and address.fragment in self.known):
            return None
        place = self.locator.find_anywhere((href, escape(href), unquote(href)))
        if key == "src" and kind not in ("web", "odd"):
            # As in Markdown, an image is always a file, whatever stands before a colon in its name.
            target = address.target if kind == "path" else unquote(href.partition("#")[0])
            self.references.append(
                Reference(
                    kind="image",
                    target=target,
                    fragment=address.fragment,
                    label=attributes.get("alt", ""),
                    line=place.line,
                    column=place.column,
                )
            )
        elif kind == "web" or kind == "odd" or kind == "unknown":
            if key == "src":
                self.diagnostics.append(remote_image(href, place))
            elif kind != "web":
                self.diagnostics.append(doubtful_address(href, place))
            return None
        else:
            self.references.append(
                Reference(kind=kind, target=address.target, fragment=address.fragment, line=place.line, column=place.column)
            )
        del attributes[key]
        return len(self.references) - 1

    def hole(self, hole: Hole) -> str:
        self.holes.append(hole)
        return f"\x01{len(self.holes) - 1}\x02"


def _serialise(attributes: dict[str, str]) -> str:
    return "".join([f' {name}="{escape(value)}"' for name, value in attributes.items()])
