"""CommonMark: the examples of the specification, by the parser alone and by the HTML that sites get."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from briefings.content.bodies import Reference
from briefings.content.markdown.links import Locator
from briefings.content.markdown.prose import Written, write
from briefings.content.markdown.texts import parser, syntax
from tests.kit.small_sites import DATA, REPOSITORY

EXAMPLES: list[dict[str, Any]] = json.loads((DATA / "commonmark.json").read_text(encoding="utf-8"))
_MARKER = "reference-"
_BLOCKS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "hr", "table", "tr", "td", "br", "div"}


class _Outline(HTMLParser):
    """HTML as a list of tags and texts, without the white space that no reader sees."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.preformatted = 0
        self.after_block = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._edge(tag)
        self.preformatted += tag == "pre"
        # An address is compared as it is meant, since a reference keeps it decoded.
        values = [(name, unquote(value or "") if name in ("href", "src") else value) for name, value in attrs]
        self.pieces.append(f"<{tag} {sorted(values, key=str)}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._edge(tag)
        self.preformatted -= tag == "pre"
        self.pieces.append(f"</{tag}>")

    def handle_comment(self, data: str) -> None:
        self.pieces.append(f"<!--{data}-->")

    def handle_data(self, data: str) -> None:
        if not self.preformatted:
            data = re.sub(r"\s+", " ", data)
            data = data.lstrip() if self.after_block else data
        if data:
            self.pieces.append(data)
            self.after_block = False

    def _edge(self, tag: str) -> None:
        if tag in _BLOCKS and not self.preformatted and self.pieces and not self.pieces[-1].startswith("<"):
            self.pieces[-1] = self.pieces[-1].rstrip()
            if not self.pieces[-1]:
                self.pieces.pop()
        self.after_block = tag in _BLOCKS


def outline(html: str) -> list[str]:
    """The tags and texts of `html`."""
    reader = _Outline()
    reader.feed(html)
    reader.close()
    return reader.pieces


def without_ours(written: Written) -> str:
    """The HTML without what we add to CommonMark, and with addresses where references stand."""

    def address(reference: Reference) -> str:
        scheme = "" if reference.kind in ("path", "image") else f"{reference.kind}:"
        return scheme + reference.target + (f"#{reference.fragment}" if reference.fragment else "")

    html = re.sub(rf'"#{_MARKER}(\d+)"', lambda found: f'"{escape(address(written.references[int(found[1])]))}"', written.html)
    html = re.sub(r'<(h\d) id="[^"]*">', r"<\1>", html)
    html = re.sub(r' tabindex="0"| class="(?:highlight|address)"| loading="lazy"| decoding="async"', "", html)
    html = re.sub(r'<span class="\w+">|</span>', "", html)
    html = re.sub(r"<figcaption>.*?</figcaption>", "", html)
    return re.sub(r"<(/?)figure>", r"<\1p>", html)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example["number"]))
def test_parser(example: dict[str, Any]) -> None:
    assert outline(parser(True).render(example["markdown"])) == outline(example["html"])


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example["number"]))
def test_our_html(example: dict[str, Any]) -> None:
    """Ours differs: level 1 becomes level 2, an address that is its own words has a class, an image alone is a figure with a caption."""
    environment: dict[str, Any] = {}
    tokens = parser(True).parse(example["markdown"], environment)
    written = write(tokens, environment, Locator(example["markdown"], "x.md", 1), marker=_MARKER)
    expected = re.sub(r"<(/?)h1>", r"<\1h2>", example["html"])
    if "<figure>" in written.html:
        expected = re.sub(r' title="[^"]*"', "", expected)
    assert outline(without_ours(written)) == outline(expected)


def test_all_examples_are_there() -> None:
    assert [example["number"] for example in EXAMPLES] == list(range(1, 653))


# ── The way through the rules gives what the rules give ──────────────────────

_PIECES = [
    *("a", "b c", "1", "é", "—", " ", "  ", "    ", "\t", "\n", "\n\n", "\n   ", "\n     x", '"', "'", ".", ",", "("),
    *("*", "**", "***", "_", "__", "~~", "`", "``", "*a*", "**b c**", "_d_", "\\", "&amp;", "&", "<", "<b>", "</b>", "<!-- x -->"),
    *("[", "]", "](", ")", "![", "[x](y)", "[a b](note:x-y)", "[c](https://a.b/c#d)", "[r]", "[r]: /u", "<http://a.b>", "{.a}"),
    *("\n> ", "\n- ", "\n* ", "\n+ ", "\n1. ", "\n2) ", "\n- -", "\n# ", "\n## h", "\n---", "\n--", "\n===", "\n=", "\n|", "|"),
    *("a | b\n--|--\n", "\n|-|-|\n", "\n: def", "\n~ d", "\n::: note\n", "\n:::\n", "\n```\n", "\n~~~\n", "[^1]", "[^1]: f", "[@s]"),
]
soup = st.lists(st.sampled_from(_PIECES), max_size=24).map("".join)


_PLAIN = {raw_html: syntax(raw_html) for raw_html in (False, True)}


def _essence(tokens: list[Token] | None) -> list[Any]:
    """All of the tokens that decides their HTML; empty texts, which emphasis leaves behind, do not."""
    return [
        (t.type, t.tag, t.attrs, t.map, t.content, t.info, t.meta if t.type != "link_open" else 0, t.hidden, _essence(t.children))
        for t in tokens or []
        if t.type != "text" or t.content
    ]


def _parsed(md: MarkdownIt, text: str) -> tuple[list[Any], Any]:
    """The tokens of a text, and what in it only looks like markup."""
    environment: dict[str, Any] = {"citations": ("s",)}
    return _essence(md.parse(text, environment)), environment.get("suspects")


@given(soup, st.booleans())
@settings(max_examples=400, deadline=None)
def test_the_fast_way_leads_where_the_rules_lead(text: str, raw_html: bool) -> None:
    assert _parsed(parser(raw_html), text) == _parsed(_PLAIN[raw_html], text)


@pytest.mark.parametrize("raw_html", [False, True])
def test_the_fast_way_leads_there_for_all_that_was_ever_written(raw_html: bool) -> None:
    """The examples of CommonMark, the pages of this repository's own site and those of the small sites."""
    pages = [path.read_text(encoding="utf-8") for path in REPOSITORY.glob("**/content/**/*.md") if ".venv" not in path.parts]
    assert len(pages) > 60
    for text in (*pages, *(example["markdown"] for example in EXAMPLES)):
        assert _parsed(parser(raw_html), text) == _parsed(_PLAIN[raw_html], text), text


@given(st.from_regex(r"((https?://|/{0,2}|(\.\./)*)[a-z0-9Z./=,;@_-]{1,12}|note:[a-zZ0-9._-]{1,8})(#[a-z._-]{1,4})?", fullmatch=True))
@settings(max_examples=300, deadline=None)
def test_addresses_of_plain_links_are_normal(address: str) -> None:
    assert _essence(parser(False).parse(f"[x]({address})")) == _essence(_PLAIN[False].parse(f"[x]({address})"))


def test_plain_emphasis_leaves_what_may_close_an_earlier_opening() -> None:
    assert parser(False).render("*x a*b* c") == _PLAIN[False].render("*x a*b* c") == "<p><em>x a</em>b* c</p>\n"


def test_without_the_fast_way_texts_are_the_same(tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "briefings", tmp_path / "briefings", ignore=shutil.ignore_patterns("__pycache__", "fast"))
    code = (
        "import sys\n"
        "from briefings.content.markdown.texts import parser\n"
        "print(parser(False).render(sys.stdin.read()), end='')\n"
        "assert not [name for name in sys.modules if 'markdown.fast' in name]\n"
    )
    text = "# A *title*\n\nWords, [a link](https://example.org/) and `code`.\n\n- one\n- two\n\n> Said.\n"
    command, environment = [sys.executable, "-c", code], {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, input=text, env=environment, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == parser(False).render(text)
