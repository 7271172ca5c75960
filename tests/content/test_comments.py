"""Comments in texts: gone wherever they stand, with all places as in the file; told where one does not end."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.content.markdown.comments import without_comments
from briefings.content.parse import Parsed, parse
from briefings.core.config import SiteConfig
from tests.kit.small_sites import codes, note, run, small_site, tree

HEADER = "---\ntitle: T\ndate: 2017-12-15\nsources: [{id: s1, source: tass}]\n---\n"


def parsed(body: str, *, raw_html: bool = False) -> Parsed:
    return parse("content/notes/a.md", (HEADER + body).encode(), SiteConfig(title="Desk", raw_html=raw_html))


def html(body: str, *, raw_html: bool = False) -> str:
    found = parsed(body, raw_html=raw_html)
    assert found.diagnostics == ()
    return "".join(found.html.values())


@pytest.mark.parametrize("raw_html", [False, True])
@pytest.mark.parametrize(
    ("with_comment", "without"),
    [
        ("One.\n\n<!-- secret -->\n\nTwo.\n", "One.\n\nTwo.\n"),
        ("One <!-- secret --> two.\n", "One two.\n"),
        ("On<!-- secret -->e.\n", "One.\n"),
        ("<!-- secret --> One.\n", "One.\n"),
        ("One.  <!-- secret -->\nTwo.\n", "One.\nTwo.\n"),
        ("One.\n<!-- secret -->\nTwo.\n", "One.\n\nTwo.\n"),
        ("One <!-- secret\n\n# secret\n\n- secret\n\nsecret --> two.\n", "One two.\n"),
        ("<!-- secret\n\n```\n\nsecret -->\nOne.\n\n    <b>\n", "One.\n\n    <b>\n"),
        ("One <!-- `secret --> and `two`.\n", "One and `two`.\n"),
        ("- a <!-- secret -->\n<!-- secret -->\n- b\n", "- a\n- b\n"),
        ("- a\n\n  <!-- secret -->\n\n  b\n", "- a\n\n  b\n"),
        ("> a\n>\n> <!-- secret -->\n> — S\n", "> a\n>\n> — S\n"),
        (
            "| a <!-- secret | secret --> | b |\n|--|--|\n| 1 <!-- secret --> | 2 |\n<!-- secret -->\n| 3 | 4 |\n",
            "| a | b |\n|--|--|\n| 1 | 2 |\n| 3 | 4 |\n",
        ),
        ("# One <!-- secret -->\n", "# One\n"),
        ("[one <!-- secret -->two](https://example.org/)\n", "[one two](https://example.org/)\n"),
        ("One[^1].\n\n[^1]: Two <!-- secret -->\n", "One[^1].\n\n[^1]: Two\n"),
        ("One.\n\n<!-- > secret\n>\n> — S {marking=TLP:RED}\n-->\n", "One.\n"),
        ("One.<!-- [@nope] [secret](note:nope) [^secret] -->\n", "One.\n"),
        ("One. <!---->Two. <!--> Three. <!---> Four.\n", "One. Two. Three. Four.\n"),
        ("One.\n\n%% secret %%\n", "One.\n"),
        ("One %%secret%% two.\n", "One two.\n"),
        ("One.\n\n%%\nsecret\n\nsecret 5 %%\n\nTwo.\n", "One.\n\nTwo.\n"),
        ("It rose 5 %% to 6 %% in a year, 7%% of all.\n", "It rose 5 &#37;% to 6 &#37;% in a year, 7&#37;% of all.\n"),
        ("100 %% of it.\n\nAnother 3 %% went.\n", "100 &#37;% of it.\n\nAnother 3 &#37;% went.\n"),
    ],
)  # fmt: skip
def test_a_text_without_its_comments(with_comment: str, without: str, raw_html: bool) -> None:
    assert " ".join(html(with_comment, raw_html=raw_html).split()) == " ".join(html(without, raw_html=raw_html).split())
    assert "secret" not in repr(parsed(with_comment, raw_html=raw_html).records)


def test_a_comment_parts_two_lists() -> None:
    assert html("- a\n\n<!-- -->\n\n- b\n").count("<ul>") == 2


@pytest.mark.parametrize(
    "code",
    [
        "```\n{}\n```\n",
        "~~~ html\n\n{}\n\n~~~\n",
        "`{}`\n",
        "``a ` {}``\n",
        "`one\n{}`\n",
        "    {}\n",
        "- a\n\n      {}\n",
        "1. a\n   ```\n   {}\n   ```\n",
        "> ```\n> {}\n> ```\n",
        "- ```\n  {}\n  ```\n",
    ],
)
@pytest.mark.parametrize("comment", ["<!-- shown -->", "%% shown %%", "<!-- shown"])
def test_what_stands_in_code_is_shown(code: str, comment: str) -> None:
    assert "shown" in html(code.format(comment))


def test_what_stands_behind_a_backslash_is_shown() -> None:
    assert "&lt;!-- shown --&gt; %% shown %%" in html("\\<!-- shown --> \\%% shown \\%%\n")


@pytest.mark.parametrize("body", ["A --> B <!-- c -->\n\nC --> D\n", "One <!-- a --> two \\--> three\n", "`<!-- a --> -->`\n", "A\n-- >\n"])
def test_arrows_are_no_ends_of_comments(body: str) -> None:
    assert html(body)


def test_words_in_comments_are_not_counted() -> None:
    assert parsed("One <!-- two three --> four.\n").records[0].body.words == 2


def test_places_are_those_of_the_file() -> None:
    found = parsed("<!-- a\nb -->\n\n<!-- c --> x <!-- d --> [y](note:z) [@s9]\n- a\n<!-- e -->\n- [@s8] <!-- f --> [@s7]\n")
    assert [(r.line, r.column) for r in found.records[0].body.references] == [(9, 29)]
    assert [(d.place.line, d.place.column) for d in found.diagnostics] == [(9, 37), (12, 3), (12, 20)]
    in_yaml = parse(
        "content/notes/a.yaml", b"title: T\ndate: 2017-12-15\nbody: |\n  <!-- a -->\n  x <!-- b --> [@s9]\n", SiteConfig(title="Desk")
    )
    assert [(d.code, d.place.line, d.place.column) for d in in_yaml.diagnostics] == [("unknown-citation", 5, 16)]


@pytest.mark.parametrize(
    ("body", "line", "column"),
    [
        ("One.\n\n<!-- secret\n\nTwo.\n", 8, 1),
        ("One <!-- secret -- > two.\n", 6, 5),
        ("One <!— secret —> two.\n", 6, 5),
        ("One <!- secret -> two.\n", 6, 5),
        ("One < !-- secret -->.\n", 6, 5),
        ("%% secret\n\nTwo.\n", 6, 1),
        ("One. %% secret\n\nTwo %%.\n", 6, 6),
        # A comment within another: the first --> ends both.
        ("One. <!-- a <!-- b --> secret -->\n", 6, 13),
        ("<!--\na\n<!-- b -->\nsecret\n-->\n", 8, 1),
        ("<!-- a\n\nWords for readers.\n\n<!-- b -->\n", 10, 1),
        # What ends no comment any more.
        ("One <!-- a `b --> secret` -->\n", 6, 27),
        ("<!-- a\n--> secret\n-->\n", 8, 1),
        ("> One <!-- a -->\n> secret\n> -->\n", 8, 3),
        # Behind a number.
        ("It rose 5 %%secret, ask%% in May.\n", 6, 11),
    ],
)
def test_a_comment_that_does_not_end_is_an_error_and_not_quoted(body: str, line: int, column: int) -> None:
    found = parsed(body)
    (first, *_) = found.diagnostics
    assert (first.code, first.severity, first.place.line, first.place.column) == ("open-comment", "error", line, column)
    assert first.confidential
    assert found.records == ()


def test_a_whole_site_says_nothing_of_comments(tmp_path: Path) -> None:
    body = "Text <!-- canary --> [@s1].\n\n%% canary %%\n\n- a\n\n> q <!-- canary -->\n>\n> — [UN](actor:un)\n"
    site = small_site(tmp_path, {"content/notes/talks.md": note(sources="[{id: s1, source: tass}]", body=body)})
    report = run(site)
    assert codes(report) == []
    assert [name for name, data in tree(site / "_site").items() if b"canary" in data] == []


_PIECES = ["<!--", "-->", "%%", "`", "```\n", "\n", "\n\n", "    ", "- ", "> ", "1. ", "a", " ", "\\", "5", "|", "~~~\n"]


@given(st.lists(st.sampled_from(_PIECES), max_size=30).map("".join))
@settings(max_examples=300, deadline=None)
def test_what_is_left_of_any_text_stands_where_the_file_has_it(text: str) -> None:
    found, _ = without_comments(text, "x.md")
    lines = text.split("\n")
    for number, line in enumerate(found.text.split("\n"), 1):
        for column, character in enumerate(line, 1):
            if character in "a5":
                there = found.place(number, column)
                assert lines[there[0] - 1][there[1] - 1] == character
