"""Markdown: our own syntax, places, safety and speed."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.content.bodies import NO_BODY
from briefings.content.markdown.elements import ATTRIBUTES, KEPT, LEFT_OUT
from briefings.content.markdown.highlight import highlight
from briefings.content.markdown.sentences import around
from briefings.content.markdown.texts import Rendered, to_html
from briefings.content.markdown.word_holes import filled
from briefings.content.steps import alone
from briefings.core.language import ENGLISH
from briefings.core.urls import is_safe
from tests.kit.small_sites import DATA, takes_linear_time

SPECIMENS = DATA / "markdown"
_CASE = re.compile(r"^(?P<title>[^\n.]+)\n\.\n(?P<source>.*?)^\.\n.*?^\.\n", re.DOTALL | re.MULTILINE)


def render(text: str, **options: Any) -> Rendered:
    """The text, rendered by itself."""
    return alone(to_html(text, path="x.md", **options))


def shown(rendered: Rendered) -> str:
    """What came out, for reading: holes as the elements and words they stand for, then references with a sentence, then diagnostics."""
    body = rendered.body

    def link(number: int) -> str:
        hole = body.holes[number]
        reference = body.references[hole.reference]
        target = f"{reference.kind}:{reference.target}" + (f"#{reference.fragment}" if reference.fragment else "")
        return {"open": f"<a → {target}{hole.attributes}>", "close": "</a>", "image": f"<img → {target}{hole.attributes}>"}[hole.part]

    lines = [filled(rendered.html, link, ENGLISH).rstrip("\n")]
    lines += [f"→ {r.line}:{r.column} {r.kind}:{r.target} {r.before}[{r.label}]{r.after}" for r in body.references]
    lines += [f"# {h.level} {h.id}: {h.text}" for h in body.outline]
    lines += [f"! {d.place.line}:{d.place.column}+{d.place.width} {d.code}; {d.remedy}" for d in rendered.diagnostics]
    return "\n".join(line for line in lines if line) + "\n"


@pytest.mark.parametrize("file", sorted(SPECIMENS.glob("*.md")), ids=lambda file: file.stem)
def test_our_syntax(file: Path, snapshot: Callable[[Path, str], None]) -> None:
    raw_html = file.stem == "raw_html"
    cases = []
    for case in _CASE.finditer(file.read_text(encoding="utf-8")):
        rendered = render(case["source"], raw_html=raw_html, citations=("s1", "s2"))
        cases.append(f"{case['title']}\n.\n{case['source']}.\n{shown(rendered)}.\n")
    assert cases
    snapshot(file, "\n".join(cases))


# ── Places ───────────────────────────────────────────────────────────────────


def test_lines_count_from_the_first_line_of_the_file() -> None:
    rendered = render("One.\r\n\r\n- two [x](note:a)\r\n  and [y](note:b)\r\n\r\n  [z](note:c) [@no]\r\n", first_line=10)
    assert [(r.target, r.line, r.column) for r in rendered.body.references] == [("a", 12, 11), ("b", 13, 11), ("c", 15, 7)]
    assert [(d.place.path, d.place.line, d.place.column, d.place.width) for d in rendered.diagnostics] == [("x.md", 15, 15, 5)]


def test_places_in_tables_footnotes_and_definitions() -> None:
    text = "| a |\n|---|\n| [x](note:a) [y](note:b) |\n\nT\n: [x](note:c)\n\nx[^1]\n\n[^1]: n\n    [x](note:d)\n"
    assert [(r.target, r.line, r.column) for r in render(text).body.references] == [
        ("a", 3, 7),
        ("b", 3, 19),
        ("c", 6, 7),
        ("d", 11, 9),
    ]


# ── Parts of the result ──────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["", " \n\t\n", "[a]: /b\n", "<!-- x -->"])
def test_no_text_is_no_body(text: str) -> None:
    rendered = render(text, raw_html=True)
    assert (rendered.html, rendered.body) == ("", NO_BODY)


@pytest.mark.parametrize("address", ["note", "actor#a", "./note:a"])
def test_only_a_colon_makes_an_id_of_a_name(address: str) -> None:
    (reference,) = render(f"[x]({address})").body.references
    assert (reference.kind, reference.target) == ("path", address.partition("#")[0])


def test_digest_words_and_anchors() -> None:
    rendered = render("## One two\n\nThree[^1], *four* five.\n\n[^1]: Six.\n")
    assert rendered.body.words == 6
    assert rendered.body.anchors == ("one-two", "fnref1", "fn1")
    assert rendered.body.digest != render("## One two").body.digest
    assert rendered.body.digest == render("## One two\n\nThree[^1], *four* five.\n\n[^1]: Six.").body.digest


@pytest.mark.parametrize(
    ("before", "label", "after", "expected"),
    [
        ("First. Then ", "x", " came. Last.", ("Then ", " came.")),
        ("He asked: why? “Yes.” It was ", "x", "… and more", ("It was ", "… and more")),
        (
            "In the U.S. on 3 Jan. 2017 Gen. ",
            "Lee",
            " met Mr. J. Park vs. no one.",
            ("In the U.S. on 3 Jan. 2017 Gen. ", " met Mr. J. Park vs. no one."),
        ),
        ("Was it Res. 2375? No. It was Nos. 1 and ", "2", ". 3 more", ("It was Nos. 1 and ", ".")),
        ("Of 3.5 million, e.g. here, ", "x", ".", ("Of 3.5 million, e.g. here, ", ".")),
        ("終わった。次に", "x", "が来た。そして", ("次に", "が来た。")),
        ("", "A sentence.", " Another.", ("", "")),
        ("w" * 300 + " ", "x", "", ("…" + "w" * 238 + " ", "")),
        ("a " * 200, "x" * 300, " b" * 200, ("…", "…")),
        ("a " * 10, "x", " " + "b" * 300, ("a " * 10, " " + "b" * 218 + "…")),
    ],
)
def test_sentences(before: str, label: str, after: str, expected: tuple[str, str]) -> None:
    assert around(before, label, after) == expected


def test_code_is_plain_when_it_is_very_long_or_its_language_unknown() -> None:
    assert highlight("x = 1\n", "python") == '<span class="n">x</span> <span class="o">=</span> <span class="mi">1</span>\n'
    assert highlight("x = 1\n", "klingon") is None
    assert highlight("x = 1\n", "") is None
    assert highlight("x = 1\n" * 20_000, "python") is None


@pytest.mark.parametrize(
    "written",
    [
        *("[@s1 p. 4]", "[@s1; p. 4]", "[@ s1]", "[ @s1 ]", "[see @s1 and @s2, p. 5]", "[@s1 @s2]", "[@s1,]", "[cf. @s1: 4; p. 6]"),
        *("[x; @s1]", "[@s1 and @s2]", "[-@s1]", "[@s1's]", "[@s1 -- p. 4]", "[@s1|p. 4]", "[@s1 (p. 4)]", "[^@s1]"),
    ],
)
def test_the_right_form_of_a_citation_is_one(written: str) -> None:
    (told,) = render(f"A {written}.", citations=("s1", "s2")).diagnostics
    assert (told.code, told.severity, told.place.column) == ("bad-citation", "error", 3)
    right = told.remedy.removeprefix("write ").partition(", or ")[0]
    assert not any(joint in right for joint in ("and", "-", "|", "'", "^"))
    assert render(f"A {right}.", citations=("s1", "s2")).diagnostics == ()
    assert render(f"A \\{written}.", citations=("s1", "s2")).diagnostics == ()


# ── Any text at all ──────────────────────────────────────────────────────────

_SOUP = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *(
                    "a",
                    " ",
                    "\n",
                    "\n\n",
                    "*",
                    "**",
                    "`",
                    "[",
                    "]",
                    "](",
                    ")",
                    "](note:a)",
                    "](b.md#c)",
                    "](https://a.b)",
                    "![",
                    "<",
                    ">",
                    "\x01",
                    "0",
                    "\x02",
                ),
                *(
                    "\n# ",
                    "\n## a",
                    "\n> ",
                    "\n— b",
                    "\n- ",
                    "\n- [ ] ",
                    "\n1. ",
                    "\n    ",
                    "\n|a|b|\n|-|-|\n",
                    "\n: ",
                    "\n::: note\n",
                    "\n:::\n",
                ),
                *(
                    "\n```py\n",
                    "[^1]",
                    "\n[^1]: ",
                    "[@s1]",
                    "{figure:m}",
                    "[@s1, p. 1]",
                    "[@s9]",
                    "{#a .b width=3}",
                    "javascript:",
                    "(javascript:x)",
                    "&#106;",
                    "\t",
                ),
                *(
                    "<b>",
                    "</b>",
                    "<a href='note:x'>",
                    "<a href=javascript:x>",
                    "</a>",
                    "<img src=a.png>",
                    "<p id=a>",
                    "<script>",
                    "</script>",
                    "<!--",
                    "-->",
                ),
                *(
                    "<table>",
                    "<td>",
                    "<svg>",
                    "<style>",
                    "<textarea>",
                    "<input id=a>",
                    "<img id=a>",
                    "<form>",
                    '<div title="<a href=x>">',
                    "&#1;0&#2;",
                    "\n[r]: note:z\n",
                    "[r]",
                ),
            ]
        ),
        st.text(max_size=4),
    ),
    max_size=24,
).map("".join)


class _Balance(HTMLParser):
    """Checks that each element is closed where it may be, and gathers ids, tags and addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {"script", "style", "iframe", "form", "svg", "textarea", "h1"}
        assert tag != "a" or "a" not in self.open
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not any(name.startswith("on") or name == "style" for name, _ in attrs)
        assert len(dict(attrs)) == len(attrs)
        if tag not in {"br", "hr", "img", "input", "col", "wbr"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@given(_SOUP, st.booleans())
@settings(max_examples=400, deadline=None)
def test_any_text_gives_sound_html(text: str, raw_html: bool) -> None:
    rendered = render(text, raw_html=raw_html, citations=("s1", "s2"))
    body = rendered.body
    assert all(0 <= hole.reference < len(body.references) for hole in body.holes)
    filled_in: list[int] = []

    def link(number: int) -> str:
        filled_in.append(number)
        hole = body.holes[number]
        return {"open": f'<a href="."{hole.attributes}>', "close": "</a>", "image": f'<img src="."{hole.attributes}>'}[hole.part]

    page = _Balance()
    html = filled(rendered.html, link, ENGLISH)
    assert filled_in == list(range(len(body.holes)))
    assert "\x01" not in html
    assert "\x02" not in html
    page.feed(html)
    page.close()
    assert page.open == []
    assert sorted(page.ids) == sorted(body.anchors)
    assert len(set(page.ids)) == len(page.ids)
    assert all(is_safe(address) for address in page.addresses)
    places = [(r.line, r.column) for r in body.references] + [(d.place.line, d.place.column) for d in rendered.diagnostics]
    assert all(1 <= line <= text.count("\n") + text.count("\r") + 1 and column >= 1 for line, column in places)


@given(_SOUP)
@settings(max_examples=100, deadline=None)
def test_links_that_may_not_be_shown_leave_sound_html(text: str) -> None:
    page = _Balance()
    page.feed(filled(render(text, raw_html=True).html, lambda _: "", ENGLISH))
    page.close()
    assert page.open == []


# ── Time grows with length ───────────────────────────────────────────────────


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "# a\n\n",
            "[",
            "![",
            "[a](",
            "[@a, ",
            "![a](b){.a",
            "[^a ",
            "*a ",
            "**a _b ",
            "*a_ ",
            "`a``b ",
            "<a ",
            "&a",
            "[a](note:b) ",
            "[@s1] ",
            "{figure:m} ",
        ),
        *(
            "[a](note:&#98;) ",
            "[r] ",
            "x[^1] ",
            "::: note\n",
            "a\n: b\n\n",
            "- [ ] a\n",
            "word | word\n",
            "> a\n",
            "> ",
            "- ",
            "a. b ",
            "|a",
        ),
        "a\n",
    ],
)
def test_pathological_texts_take_linear_time(piece: str) -> None:
    """Eight times the text takes about eight times the calls, which are counted because they do not depend on the machine."""
    ending = "\n\n[^1]: n\n\n[r]: note:x\n"

    def calls(count: int) -> int:
        number = 0

        def counted(_frame: FrameType, _event: str, _argument: object) -> None:
            nonlocal number
            number += 1

        before = sys.getprofile()
        sys.setprofile(counted)
        try:
            render(piece * count + ending, citations=("s1",))
        finally:
            sys.setprofile(before)
        return number

    calls(1)
    assert calls(1_200) < 12 * calls(150)
    # What one call does, such as that of a regular expression, is not counted.
    assert takes_linear_time(lambda count: render(piece * count + ending, citations=("s1",)), 300)


def test_thousands_of_equal_headings_have_each_their_own_id() -> None:
    anchors = render("# a\n\n" * 8_000).body.anchors
    assert len(set(anchors)) == 8_000
    assert anchors[-1] == "a-8000"


@pytest.mark.parametrize("written", ["[@s1, see [the list](https://example.org/)]", "[@s1, p. [4]]", "[@s1, p. 4", "[@s1 said"])
def test_a_citation_that_nothing_ends_is_an_error(written: str) -> None:
    (told,) = render(f"A {written}.", citations=("s1", "s2")).diagnostics
    assert (told.code, told.severity, told.place.column) == ("bad-citation", "error", 3)
    assert render(f"A \\{written}.", citations=("s1", "s2")).diagnostics == ()
    assert render(f"A {written}.", citations=("s2",)).diagnostics == ()


def test_an_element_of_html_is_kept_or_left_out() -> None:
    assert not KEPT & LEFT_OUT
    assert ATTRIBUTES.keys() - {"*"} <= KEPT
