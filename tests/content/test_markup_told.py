"""What looks like markup and is published as text is told, with its line; ordinary prose and code are not."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.content.parse import parse
from briefings.core.config import SiteConfig
from briefings.core.diagnostics import Diagnostic
from tests.content.test_markdown import render
from tests.kit.small_sites import DATA, note, run, small_site

_EXAMPLES = json.loads((DATA / "commonmark.json").read_text(encoding="utf-8"))
_MADE_TO_FAIL = {41, 126, 127, 128, 139, 237, 379, 380, 391, 488, 493, 494, 508, 511, 518, 519, 526, 538, 545, 548, 590}
"""CommonMark's own examples of what is no markup, without those of HTML."""


def told(text: str, *, raw_html: bool = False) -> list[Diagnostic]:
    return [d for d in render(text, raw_html=raw_html).diagnostics if d.code == "markup-as-text"]


@pytest.mark.parametrize(
    ("text", "line", "kind", "remedy"),
    [
        ("Words.\nThe vote.[^vote]", 2, "the mark of a footnote", '"[^vote]: …"'),
        ("Words.[^the vote]", 1, "the mark of a footnote", '"[^the-vote]: …"'),
        ("[^1] x\n\n[^2]: The text.", 1, "the mark of a footnote", '"[^1]: …"'),
        ("Words.^[The vote was close.]", 1, "a footnote", "[^1] here"),
        ("[minutes](Minutes of meeting.pdf)", 1, "a link", "[minutes](<Minutes of meeting.pdf>)"),
        ("[the *minutes*](a b.pdf)", 1, "a link", "[the minutes](<a b.pdf>)"),
        ("![Map](my map.svg)", 1, "a picture", "![Map](<my map.svg>)"),
        ("[x](https://a.b Title here)", 1, "a link", '[x](https://a.b "Title here")'),
        ("[the [UN](actor:un) said](https://a.b)", 1, "a link", "delete one of the two"),
        ("[x](a.md “T”)", 1, "a link", '[x](a.md "T")'),
        ("[UK](actor: uk)", 1, "a link", "[UK](actor:uk)"),
        ("[UK](actor:United Kingdom)", 1, "a link", "[UK](actor:united-kingdom)"),
        ("[x] (https://a.b/c)", 1, "a link", "[x](https://a.b/c)"),
        ("![Map] (map.svg)", 1, "a picture", "![Map](map.svg)"),
        ("(the letter)[https://a.b]", 1, "a link", "[the letter](https://a.b)"),
        ("[x](https://a.b and so on.", 1, "a link", "[x](https://a.b)"),
        ("See\n[the letter][letter].", 2, "a link", "[the letter](note:un-offer)"),
        ("See [the letter][].", 1, "a link", '"the letter" leads'),
        ("[letter]: https://a.b The letter", 1, "the address of a link", "[letter]: https://a.b"),
        ("Words. {#talks}", 1, "attributes", "only a heading"),
        ("![Map](p.svg){width=50%}", 1, "attributes", "with pixels as numbers"),
        ("## Talks {#talks .wide}", 1, "attributes", "only a heading"),
        ('[x](https://a.b){target="_blank"}', 1, "attributes", "delete this"),
        ("A\n{: .lead}", 2, "attributes", "delete this"),
        ("::: Warning\nUnverified.", 1, "a box", "write ::: warning"),
        ("::: info\nUnverified.", 1, "a box", "known boxes are"),
        ("Words.\n\n:::", 3, "the end of a box", "delete it"),
        ('!!! warning "Unverified"', 1, "a box", "write ::: warning"),
        ("> [!WARNUNG]\n> x", 1, "a box", '"WARNING"'),
        ("> [!QUESTION]\n> x", 1, "a box", "write one of NOTE, TIP"),
        ("> [!note]x\n> x", 1, "a box", "> [!NOTE]"),
        ("![Map](my map.svg 'Vienna')", 1, "a picture", "![Map](<my map.svg> 'Vienna')"),
        ("![Map](map.svg =40x30)", 1, "a picture", "write ![Map](map.svg){width=40 height=30}"),
        ("[UN]{actor:un}", 1, "a link", "write [UN](actor:un)"),
        ("[the UN][actor:un]", 1, "a link", "write [the UN](actor:un)"),
        ("[UN(actor:un) said", 1, "a link", "write [UN](actor:un)"),
        ("::: {.warning}\nUnverified.", 1, "a box", "write ::: warning"),
        ("{# not for readers #}", 1, "a comment of another program", "<!-- and -->"),
        ("{::comment}x{:/comment}", 1, "a comment of another program", "<!-- and -->"),
        ("A <% word %> B", 1, "a shortcode", "no template"),
        ("<?php echo 1; ?>", 1, "HTML", "write Markdown"),
        ("<!DOCTYPE html>", 1, "HTML", "write Markdown"),
        ("**The vote **was close", 1, "strong emphasis", "write **The vote**"),
        ("**\u91cd\u8981\u3002**\u8fd9", 1, "strong emphasis", "leave a blank"),
        ("[[un-offer]]", 1, "a wikilink", "[un-offer](note:un-offer)"),
        ("[[UN offer#Who|the offer]]", 1, "a wikilink", "[the offer](note:un-offer#who)"),
        ("![[my map.png]]", 1, "an embedded file", "(<my map.png>)"),
        ("[[toc]]", 1, "a table of contents", "delete it"),
        ("> Talk.\n>\n> - Name", 3, "the speaker of a quotation", "> — Name"),
        ("> Talk.\n> – António Guterres, 2017-12-15", 2, "the speaker of a quotation", "> — António Guterres, 2017-12-15"),
        ("> Talk.\n> -- [UN](actor:un)", 2, "the speaker of a quotation", "> — [UN](actor:un)"),
        ("> Talk.\n> – [UN](actor:un), 2017-12-15", 2, "the speaker of a quotation", "> — [UN](actor:un), 2017-12-15"),
        ("> We go far — [UN](actor:un)", 1, "the speaker of a quotation", "> — [UN](actor:un)"),
        ("> We go far — Ann Lee", 1, "the speaker of a quotation", "> — Ann Lee"),
        ("> We go far -- Ann Lee, 2017-12-15", 1, "the speaker of a quotation", "> — Ann Lee, 2017-12-15"),
        ("> We go far. - Ann Lee", 1, "the speaker of a quotation", "> — Ann Lee"),
        ("> Talk.\n> [UN](actor:un), 2017-12-15", 2, "the speaker of a quotation", "> — [UN](actor:un), 2017-12-15"),
        ("> Talk.\n> —António Guterres", 2, "the speaker of a quotation", "> — António Guterres"),
        ("> “Talk.” — António Guterres", 1, "the speaker of a quotation", "> — António Guterres"),
        ("> Talk.\n\n— António Guterres", 3, "the speaker of a quotation", "> — António Guterres"),
        ("> Talk.\n\n> — António Guterres", 3, "the speaker of a quotation", "the quotation above"),
        ("| a | b |\n| c | d |", 1, "a table", "| --- | --- |"),
        ("Words:\n| a | b |\n|---|\n| c | d |", 3, "a table", "| --- | --- |"),
        ("so ** bold ** it is", 1, "strong emphasis", "**bold**"),
        ("so **bold ** it is", 1, "strong emphasis", "**bold**"),
        ("==marked==", 1, "marked text", "**marked**"),
        ("$$\\frac{a}{b}$$", 1, "a formula", "in words"),
        ('{{< youtube id="x" >}}', 1, "a shortcode", "no template"),
        ("A {% raw %} B", 1, "a shortcode", "no template"),
        ("A {{ site.name }} B", 1, "a shortcode", "no template"),
        ("Words<br>more", 1, "HTML", "raw_html: true"),
        ("#Heading of this", 1, "a heading", "# Heading of this"),
        ("###Heading", 1, "a heading", "### Heading"),
        ("1)One\n2)Two", 1, "a list", "a blank behind each number"),
        ("-one\n-two", 1, "a list", "a blank behind each hyphen"),
        ("• one\n• two", 1, "a list", "write a hyphen"),
        ("[TOC]", 1, "a table of contents", "delete it"),
        ("::: note\nWords.\n\nMore.", 1, "a box that nothing ends", "write ::: in"),
        ("Words.\n\n```yaml\na: b", 3, "code that nothing ends", "write ``` in"),
    ],
)
def test_what_is_no_markup_is_told(text: str, line: int, kind: str, remedy: str) -> None:
    (found,) = told(text)
    assert f" {kind}" in found.message
    assert remedy in found.remedy
    assert found.place.line == line
    assert found.severity == "warning"


INNOCENT = """
He said [Trump] (the president) would [sic] come; the vote was [15] (unanimous).
Facts.[1][2] More.[a][b] Matrix a[1][2] and f[i](x).
The price is $$ per head, $5 and $$$; between $10 and $20.
#MeToo and #TimesUp grew
Issue #12 and item # 3; C# and F#; no. #1.
x < y and y > z, a <name> of <someone@example.org>, List<String>, <3
The set {a, b} and {x} and {1, 2, 3}, n={30}, a {brace} b.
2 * 3 * 4 = 24, 2**3 = 8, and 2 ** 3; 12,000** in the table
** Excluding transit.
* Provisional.
Note: p < 0.05*, **Provisional.
a == b and c != d; ==; x==y==z
10:30:15 and note:x and ::
snake_case_name and __init__ and `[[code]]` and `{{ x }}` and `<b>`
He came — António Guterres said — and left.
“Yes” – said the minister – “we will”.
- and - then
|x| is absolute, |x + y| is, too
\\[^1] \\[[x]] \\{{ x }} \\<b> \\==x== \\{#a} [x]\\(a b) \\**x ** &lt;b&gt; &#91;[x]]
`Abd al-Rahman and Hawai`i and ``quoted''
[Speaker 1]: I think so.
[note] and [see below] and [...] and […] and []() and ()[] and [](
1.5 million; 2.Bundesliga; 1) first and 2) second
!!! and ! and !!! Attention
^ and x^2 and 2^[1]
--- and -- and –
"""


@pytest.mark.parametrize("text", [line for line in INNOCENT.split("\n") if line])
@pytest.mark.parametrize("around", ["{}", "Words {} words.", "> {}", "- {}", "| a |\n|---|\n| {} |", "## {}"])
def test_ordinary_prose_is_not_told(text: str, around: str) -> None:
    assert [d.message for d in told(around.replace("{}", text))] == []


@pytest.mark.parametrize(
    "text",
    [
        "> – Will you come?\n> – António will.",
        "> He was late — the others had already left",
        "> It is – in short –\n> - a first point, which has a verb.",
        "> We need:\n>\n> - bread\n> - Milk",
        "> Words.\n>\n> — António Guterres",
        "> Talk.\n\n— that is all they said.",
        "> [!NOTE]\n> — Name",
        "::: note\nx\n:::",
        ":::: note\n::: warning\nx\n:::\n::::",
        "- ::: note\n  x\n  :::\n- y",
        "> ::: note\n> x\n> :::",
        "```\n[[x]] {{ y }} ==z==\n::: Warning\n```",
        "    [[x]] {{ y }}",
        "> ```\n> x\n> ```",
        "- ~~~~\n  x\n  ~~~~",
        "| a | b |\n|---|---|\n| c | d |",
        "a | b\n--|--\nc | d",
        "![Map](p.svg){#map .wide width=400 height=300}",
        "## Talks {#talks}",
        "[a][b] [b][] [b]\n\n[b]: https://a.b 'T'",
        "Words.[^1]\n\n[^1]: Text.",
        '[a](<b c.md> "T") [d](https://e.f/g_(h)) [i](j.md (k l))',
        "Term\n: Definition",
        "-5 degrees\n-7 degrees",
    ],
)
def test_what_is_understood_is_not_told(text: str) -> None:
    assert [d.message for d in told(text)] == []


def test_html_is_not_told_where_it_is_allowed() -> None:
    assert told("Words<br>more", raw_html=True) == []
    assert len(told("Words<br>more [[x]]", raw_html=True)) == 1


def test_what_comes_by_hundreds_is_told_once() -> None:
    (html,) = told("a\n\n" + "<br>\n\n" * 300)
    assert (html.place.line, "(300 times in this file)" in html.message) == (3, True)
    (link,) = told("[[a]] and [[b]]\n" * 10)
    assert "(20 times in this file)" in link.message
    assert [d.place.column for d in told("[[a]] and [[a]]")] == [1, 11]


def test_examples_of_commonmark_are_told_only_where_they_show_what_is_no_markup() -> None:
    found = {e["number"]: [d for d in told(e["markdown"]) if " HTML " not in d.message] for e in _EXAMPLES}
    assert {number for number, diagnostics in found.items() if diagnostics} == _MADE_TO_FAIL


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    body = "<!-- a\ncomment -->\nWords.\n\n[[x]] <!-- b --> {{ y }}\n"
    site = small_site(
        tmp_path, {"content/notes/a.md": note(body=body), "content/notes/b.yaml": "title: B\ndate: 2017-12-15\nbody: |\n  A\n  [[x]]\n"}
    )
    found = [(d.place.path[-4:], d.place.line, d.place.column) for d in run(site).diagnostics if d.code == "markup-as-text"]
    assert found == [("a.md", 10, 1), ("a.md", 10, 18), ("yaml", 5, 3)]


# ── Damage ───────────────────────────────────────────────────────────────────

_word = st.sampled_from(["talks", "vote", "Geneva", "letter", "map"])


def _pair(right: str, damaged: str, shows: str) -> st.SearchStrategy[tuple[str, str, str]]:
    """A construct as it is right, the same damaged, and the HTML that shows the right one; `@` is a word."""
    return _word.map(lambda word: (right.replace("@", word), damaged.replace("@", word), shows.replace("@", word)))


CONSTRUCTS = [
    _pair("A @.[^@]\n\n[^@]: Text of it.", "A @.[^@]", "fnref1"),
    _pair("[@](@.pdf)", "[@](the @.pdf)", "\x01"),
    _pair("[@](https://a.b/@)", "[@] (https://a.b/@)", 'href="https://a.b/@"'),
    _pair("[@](https://a.b/@)", "(@)[https://a.b/@]", 'href="https://a.b/@"'),
    _pair("[UN](actor:@)", "[UN](actor: @)", "\x01"),
    _pair("[the @][@]\n\n[@]: https://a.b/", "[the @][@]", 'href="https://a.b/"'),
    _pair("## The @ {#@}", "The @ {#@}", 'id="@"'),
    _pair("::: warning\nA @.\n:::", "::: Warning\nA @.\n:::", 'class="admonition warning"'),
    _pair("::: note\nA @.\n:::", "::: note\nA @.", 'class="admonition note"'),
    _pair("> [!TIP]\n> A @.", "> [!TIPP]\n> A @.", 'class="admonition tip"'),
    _pair("[@](note:@)", "[[@]]", "\x01"),
    _pair("![A @](@.svg){width=50}", "![A @](@.svg){width=50%}", "\x01"),
    _pair("> A @.\n>\n> — Ann Lee", "> A @.\n>\n> - Ann Lee", 'class="quotation"'),
    _pair("> A @.\n> — Ann Lee", "> A @.\n> – Ann Lee", 'class="quotation"'),
    _pair("| @ | b |\n|---|---|\n| c | d |", "| @ | b |\n| c | d |", "<table>"),
    _pair("| @ | b |\n|---|---|\n| c | d |", "| @ | b |\n|---|\n| c | d |", "<table>"),
    _pair("**the @**", "** the @**", "<strong>the @</strong>"),
    _pair("## The @", "##The @", "<h2"),
    _pair("1. @\n2. @", "1.@\n2.@", "<ol>"),
    _pair("```\n@\n```", "```\n@", "<pre"),
]
_plain = st.sampled_from(
    ["Words of the day.", "- one\n- two", "> Quoted words.", "## Heading", "| a | b |\n|---|---|\n| c | d |", "`code` and *more*"]
)


@given(st.lists(_plain, max_size=4), st.one_of(*CONSTRUCTS), st.lists(_plain, max_size=4))
@settings(max_examples=300, deadline=None)
def test_damaged_markup_is_told_on_its_line_and_right_markup_is_not(
    before: list[str], construct: tuple[str, str, str], after: list[str]
) -> None:
    right, damaged, shows = construct
    # A line that parts blocks keeps two lists or quotations from being one.
    head, tail = "".join(f"{b}\n\n---\n\n" for b in before), "".join(f"\n\n---\n\n{b}" for b in after)
    whole = render(head + right + tail)
    assert [d.message for d in whole.diagnostics if d.code == "markup-as-text"] == []
    assert shows in whole.html
    first = head.count("\n") + 1
    lines = [d.place.line for d in told(head + damaged + tail)]
    assert lines, damaged
    assert all(first <= line <= first + damaged.count("\n") for line in lines)


def test_kinds_are_told_apart() -> None:
    """One warning each, so that one mend leaves the others told."""
    text = "\n\n".join(["[[a]]", "[b](c d)", "{{ e }}", "<br>", "==f==", "#Great heading here"])
    assert Counter(d.place.line for d in told(text)) == Counter([1, 3, 5, 7, 9, 11])


LONG_LINES = {
    "a name in Chinese": "> 引文。\n\n— " + "汉" * 40 + "，" + "字" * 70,
    "a name in Russian": "> Слова.\n>\n> – " + "Генеральныйсекретарь" * 6 + " (" + "ю" * 90,
    "an unclosed footnote": "^[" + "ab " * 4000,
    "unclosed links": "[a](" * 3000,
    "a link with a long address": "[a](" + "b c " * 4000,
    "blanks before an id": "## A" + " " * 6000 + "{#x",
}


@pytest.mark.parametrize("name", LONG_LINES)
def test_no_line_takes_more_than_its_length(name: str) -> None:
    """A pattern that tries each way to take a line apart would not end here."""
    parsed = parse("content/notes/a.md", f"---\ntitle: A\ndate: 2017-12-15\n---\n{LONG_LINES[name]}\n".encode(), SiteConfig(title="Desk"))
    assert len(parsed.records) == 1


@pytest.mark.parametrize("block", ["<div>\n{}\n</div>", "<p>{}</p>"])
@pytest.mark.parametrize("markdown", ["[UN](actor:un)", "[@s1, p. 4]", "**strong**", "[[Kim]]"])
def test_markdown_in_a_block_of_html_is_told(block: str, markdown: str) -> None:
    (found,) = told(block.format(markdown), raw_html=True)
    assert markdown in found.message
    assert found.remedy == "leave an empty line between the tag and this text, or write it in HTML"


@pytest.mark.parametrize("text", ["<pre>\n**x**\n</pre>", "<div>\n\n**x**\n\n</div>", '<p title="[x](a.b)">The [sic] (2017)</p>'])
def test_what_is_read_in_html_or_is_code_there_is_not(text: str) -> None:
    assert told(text, raw_html=True) == []


_YEAR_FIRST = "write year, month and day in digits, as in 2017-12-15"


@pytest.mark.parametrize(
    ("line", "written", "remedy"),
    [
        ("Ann, 15 December 2017", "15 December 2017", "write 2017-12-15"),
        ("Ann, 2017-12-15T20:00:00Z", "2017-12-15T20:00:00Z", "write 2017-12-15"),
        ("Ann, 2017-12", "2017-12", _YEAR_FIRST),
        ("[Ann](actor:ann), 2017~", "2017~", _YEAR_FIRST),
        ("[Ann](actor:un), Dec. 5, 2017", "Dec. 5, 2017", "write 2017-12-05"),
        ("**Ann** (15th of December, 2017) [@s1]", "15th of December, 2017", "write 2017-12-15"),
        ("Ann, 2017/12/5", "2017/12/5", "write 2017-12-05"),
        ("Ann, 2017年12月5日, event:e1", "2017年12月5日", "write 2017-12-05"),
        ("Ann, 15 December 2017 {marking=TLP:AMBER}", "15 December 2017", "write 2017-12-15"),
        ("Ann, 15 décembre 2017", "15 décembre 2017", _YEAR_FIRST),
        ("Ann, 15 de diciembre de 2017", "15 de diciembre de 2017", _YEAR_FIRST),
        ("Ann, 05.12.2017", "05.12.2017", _YEAR_FIRST),
        ("Ann, 31 February 2017", "31 February 2017", _YEAR_FIRST),
        ("Ann, December 2017", "December 2017", _YEAR_FIRST),
    ],
)
def test_a_day_in_words_behind_a_speaker_is_told(line: str, written: str, remedy: str) -> None:
    text = f"---\ntitle: T\ndate: 2017-12-15\nsources: [{{id: s1, title: A paper}}]\n---\n> Words.\n>\n> — {line}\n"
    (found,) = parse("content/notes/a.md", text.encode(), SiteConfig(title="Desk")).diagnostics
    assert (found.code, found.place.line, found.excerpt) == ("markup-as-text", 8, f"> — {line}")
    assert found.message.startswith(f'"{written}" behind the speaker')
    assert found.remedy == remedy


@pytest.mark.parametrize(
    "line", ["Ann, 2017-12-15", "Ann, 2017-12-15, on the 5 March 2016 talks", "Resolution 2397 (2017)", "Mayor 2017", "Ann, 1984"]
)
def test_other_numbers_behind_a_speaker_are_its_own(line: str) -> None:
    assert told(f"> Words.\n>\n> — {line}") == []
