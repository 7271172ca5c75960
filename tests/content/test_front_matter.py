"""From bytes to a tree of text: decoding, the split of a Markdown file, and the YAML that is read and refused."""

from __future__ import annotations

import json
import string
import subprocess
import sys

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.content.front_matter import decode, split
from briefings.content.yaml.loader import MAX_FILE, MAX_HEADER, load
from briefings.content.yaml.positions import Invalid, Tree, mark_positions
from briefings.core.diagnostics import Diagnostic

PATH = "content/notes/a.md"


def told(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    """The problems as `line:column+width code: message | remedy`."""
    return [f"{d.place.line}:{d.place.column}+{d.place.width} {d.code}: {d.message} | {d.remedy}" for d in diagnostics]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"a\nb", "a\nb"),
        (b"\xef\xbb\xbfa\r\nb\rc\n", "a\nb\nc\n"),
        ("Nǂ\U0001f600".encode(), "Nǂ\U0001f600"),
        (b"", ""),
        (b"\xef\xbb\xbf", ""),
        (3 * b"\xef\xbb\xbf" + b"a\n", "a\n"),
        (b"tab\tstays", "tab\tstays"),
    ],
)
def test_decode(data: bytes, text: str) -> None:
    assert decode(PATH, data) == (text, ())


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            "title: é\nü: Café".encode() + b" caf\xe9",
            '2:12+4 not-utf8: the byte 0xE9 at offset 23 is not UTF-8; in Windows-1252 it would be "é" | save the file as UTF-8',
        ),
        (2 * b"\xef\xbb\xbf" + b"\x81", "1:1+4 not-utf8: the byte 0x81 at offset 6 is not UTF-8 | save the file as UTF-8"),
        (b"\xef\xbb\xbfa\r\n\x81", "2:1+4 not-utf8: the byte 0x81 at offset 6 is not UTF-8 | save the file as UTF-8"),
        (b"\xff\n", '1:1+4 not-utf8: the byte 0xFF at offset 0 is not UTF-8; in Windows-1252 it would be "ÿ" | save the file as UTF-8'),
        ("title".encode("utf-16"), "1:1+1 not-utf8: the file is UTF-16 | save it as UTF-8"),
        (
            b"\0a\0b",
            "1:1+1 control-character: the file holds the character U+0000 and 1 more, which no page may contain | save the file as UTF-8",
        ),
        (b"a\r\nb\x07", "2:2+1 control-character: the file holds the character U+0007, which no page may contain | delete it"),
        ("a\n\n b\ufffe".encode(), "3:3+1 control-character: the file holds the character U+FFFE, which no page may contain | delete it"),
        ("\x85".encode(), "1:1+1 control-character: the file holds the character U+0085, which no page may contain | delete it"),
    ],
)  # fmt: skip
def test_decode_refuses(data: bytes, expected: str) -> None:
    text, problems = decode(PATH, data)
    assert text is None
    assert told(problems) == [expected]


@pytest.mark.parametrize(
    ("text", "header", "body", "body_line"),
    [
        ("---\na: b\n---\nBody\n", "a: b\n", "Body\n", 4),
        ("--- \na: b\n--- \t\n\nBody", "a: b\n", "\nBody", 4),
        ("---\na: b\n...\n---\n", "a: b\n", "---\n", 4),
        ("---\n---\n", "", "", 3),
        ("---\na: b\n---", "a: b\n", "", 3),
        ("---\n\n\na: |\n  ---\n---\nx", "\n\na: |\n  ---\n", "x", 7),
        ("---\na: ----\n----: b\n---\nx", "a: ----\n----: b\n", "x", 5),
    ],
)
def test_split(text: str, header: str, body: str, body_line: int) -> None:
    parts, problems = split(PATH, text)
    assert problems == ()
    assert parts is not None
    assert (parts.header, parts.header_line, parts.body, parts.body_line) == (header, 2, body, body_line)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file has no front matter"),
        ("# Title\n", "the file has no front matter"),
        ("----\na: b\n---\n", "the file has no front matter"),
        ("\n \n---\na: b\n---\n", "the front matter does not begin on the first line"),
        ("+++\na = 1\n+++\n", "the front matter is TOML"),
        ("---\na: b\n", "the front matter is not closed"),
        ("---", "the front matter is not closed"),
    ],
)
def test_split_refuses(text: str, message: str) -> None:
    parts, problems = split(PATH, text)
    assert parts is None
    assert [(d.code, d.message, d.place.line) for d in problems] == [("missing-header", message, 1)]
    assert problems[0].remedy


@pytest.mark.parametrize(
    ("body", "line", "column", "key"),
    [
        ("embargo: 2027-01-01\nmarking: TLP:RED\n---\nx", 5, 1, "embargo"),
        ("draft: true\n...\nx", 5, 1, "draft"),
        ("expires: 2027-01-01", 5, 1, "expires"),
        ("\n \t\nmarking: TLP:RED\n---\n", 7, 1, "marking"),
        ("---\n...\n\n--- \nwithdrawn: {date: 2027-01-01, reason: Wrong.}\n---\nx", 9, 1, "withdrawn"),
        ("  'embargo' : 2027-01-01\n", 5, 4, "embargo"),
        ("summary: One.\ntopics:\n- a\n- b\nactors:\n  - c\n# For the desk\nmarking: TLP:RED\n---\nx", 12, 1, "marking"),
        ("embargo:\n", 5, 1, "embargo"),
    ],
)
@pytest.mark.parametrize("mark", ["---", "..."])
def test_a_header_that_is_split_is_told(body: str, line: int, column: int, key: str, mark: str) -> None:
    parts, problems = split(PATH, f"---\ntitle: X\ndate: 2026-01-01\n{mark}\n{body}")
    assert parts is not None
    assert (parts.header, parts.body) == ("title: X\ndate: 2026-01-01\n", body)
    remedy = "move it above the line of --- that ends the front matter, or begin the body with other words"
    message = f'"{key}" stands below the front matter, where it protects nothing'
    assert told(problems) == [f"{line}:{column}+{len(key)} split-header: {message} | {remedy}"]


@pytest.mark.parametrize(
    "body",
    [
        "Words first.\n\nembargo: 2027-01-01\n",
        "Embargo: none was asked for.\n",
        "drafts: two.\n",
        "draft resolution: none.\n",
        "`embargo: 2027-01-01` is a key.\n",
        "```yaml\nmarking: TLP:RED\n```\n",
        "> draft: true\n",
        "---\n\n...\n",
        "- One\n- Two\n\nWords.\n\ndraft: true\n",
    ],
)
def test_a_body_with_other_words_first_is_a_text(body: str) -> None:
    _, problems = split(PATH, f"---\ntitle: X\n---\n{body}")
    assert problems == ()


def test_the_remedy_for_a_missing_header_is_a_header() -> None:
    _, problems = split(PATH, "text")
    assert "---" in problems[0].remedy
    assert "title:" in problems[0].remedy


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", {}),
        ("# a comment alone\n", {}),
        ("country: NO", {"country": "NO"}),
        ("a: 2009", {"a": "2009"}),
        ("a: 1e3", {"a": "1e3"}),
        ("a: 0o17", {"a": "0o17"}),
        ("a: 012", {"a": "012"}),
        ("a: 12:30:45", {"a": "12:30:45"}),
        ("a: ~", {"a": "~"}),
        ("a: null", {"a": "null"}),
        ("a: yes", {"a": "yes"}),
        ("a: 2017-12-15", {"a": "2017-12-15"}),
        ("a: ''", {"a": ""}),
        ('a: ""', {"a": ""}),
        ("a: =", {"a": "="}),
        ("a: [b, 'c d', [e]]", {"a": ["b", "c d", ["e"]]}),
        ("a:\n- b: c\n  d: e\n- f", {"a": [{"b": "c", "d": "e"}, "f"]}),
        ("a: |\n  b\n   c\n", {"a": "b\n c"}),
        ("a: >-\n  b\n  c\n", {"a": "b c"}),
        ("{a: {}, b: []}", {"a": {}, "b": []}),
        ('"a": "tab\\tand \\u00e9"', {"a": "tab\tand é"}),
        ("'<<': a", {"<<": "a"}),
        ('"": a', {"": "a"}),
        ("---\na: b\n", {"a": "b"}),
        ("%YAML 1.2\n---\na: b\n...\n", {"a": "b"}),
        ("just text", "just text"),
        ("- a", ["a"]),
        ("a: C# and #x", {"a": "C# and"}),
        ("a: \U0001f1f0\U0001f1f5 é", {"a": "\U0001f1f0\U0001f1f5 é"}),
    ],
)
def test_scalars_stay_text(text: str, tree: Tree) -> None:
    assert load(text, path=PATH) == (tree, ())


UNESCAPE = "delete the escape, or put the value in single quotes if it is text"
UNTAG = "delete it, or put the value in quotes if it is text"
FLOW = "this bracket is not closed, or a comma is missing after it"
LESS = "this line is indented by 2 spaces, but the text above begins with 4 spaces"
MISFIT = "this does not fit the lines above"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Features that no header needs.
        ("a: &x b", [f"2:4+4 yaml-feature: &x is an anchor | {UNTAG}"]),
        ("a: &x [b]\nc: *x", [
            f"2:4+4 yaml-feature: &x is an anchor | {UNTAG}",
            "3:4+2 yaml-feature: *x refers to another part of the file | write the value out, or put it in quotes if it is text",
        ]),
        ("a: !!str b", [f"2:4+7 yaml-feature: tag:yaml.org,2002:str is a tag | {UNTAG}"]),
        ("a: !x {b: c}", [f"2:4+4 yaml-feature: !x is a tag | {UNTAG}"]),
        ("a: b\n---\nc: d", [
            "3:1+3 yaml-feature: a second document begins here | keep one document: delete this --- line, or make two files",
        ]),
        ("<<: {a: b}", ["2:1+2 yaml-feature: << merges another mapping into this one | write its keys out"]),
        ("[a, {b: c}]: d\ne: f", [
            "2:1+1 yaml-feature: a list or mapping stands where a key must be | put the whole value in quotes if it is text",
        ]),
        ("a: {{ b }}", ["2:5+1 yaml-feature: a list or mapping stands where a key must be | put the whole value in quotes if it is text"]),
        ("&x a: b", [f"2:1+4 yaml-feature: &x is an anchor | {UNTAG}"]),
        # Invalid keys and values.
        ("a: b\nc:\n  d:\n    - e: f\n      e: g", ['6:7+1 duplicate-key: "e" is written twice, first in line 5 | keep one of the two']),
        ("a: b\n'a': b", ['3:1+3 duplicate-key: "a" is written twice, first in line 2 | keep one of the two']),
        ("a:\nb: c\nd: {e: , f}", [
            '2:1+1 empty-value: "a" has no value | give it a value or delete the line',
            '4:5+1 empty-value: "e" has no value | give it a value or delete the line',
            '4:10+1 empty-value: "f" has no value | write it as key: value, or delete it; a list stands in [ ]',
        ]),
        ("a:\n- b\n-\n", ["4:1+1 empty-value: an item of this list is empty | give it a value or delete the line"]),
        ('a: "b\\x01"', [
            f"2:4+7 control-character: an escape stands for the character U+0001, which no page may contain | {UNESCAPE}",
        ]),
        # Mistakes of newcomers.
        ("title: North Korea: a crisis", [
            '2:19+1 yaml-syntax: a second colon in a value that is not quoted | put the value in quotes: title: "North Korea: a crisis"',
        ]),
        ('title: Guterres: "talks"', [
            "2:16+1 yaml-syntax: a second colon in a value that is not quoted | put the value in quotes: title: 'Guterres: \"talks\"'",
        ]),
        ("- id: Korea's: x", [
            "2:14+1 yaml-syntax: a second colon in a value that is not quoted | put the value in quotes: - id: \"Korea's: x\"",
        ]),
        ("a: 'é🇰🇵\u2028x'\nb: c: d", [
            "3:5+1 yaml-syntax: a second colon in a value that is not quoted | put the value in quotes: b: \"c: d\"",
        ]),
        ("a:\n\tb: c", ["3:1+1 yaml-syntax: a tab is used for indentation | indent with spaces"]),
        ("a: |\n  b\n\tc", ["4:1+1 yaml-syntax: a tab is used for indentation | indent with spaces"]),
        ('a: "b\nc: d', [
            "2:4+1 yaml-syntax: this quotation mark is never closed | add the closing mark, or put the value in quotes of the other kind",
        ]),
        ("a: 'Korea's crisis'", [
            "2:11+1 yaml-syntax: text follows the closing quotation mark | quote the whole value: a: \"Korea's crisis\"",
        ]),
        ('a: "b" \\ c', ["2:8+1 yaml-syntax: text follows the closing quotation mark | quote the whole value: a: '\"b\" \\ c'"]),
        ("a: [b, c\nd: e", [f"2:4+1 yaml-syntax: {FLOW} | add ] after the last item"]),
        ("a: {b: c\nd: e", [f"2:4+1 yaml-syntax: {FLOW} | add }} after the last item"]),
        ("a: @b", ['2:4+1 yaml-syntax: a value that is not quoted cannot begin with @ | put the value in quotes: a: "@b"']),
        ("a: *b* c", ['2:4+1 yaml-syntax: a value that is not quoted cannot begin with * | put the value in quotes: a: "*b* c"']),
        ("a: - b", ['2:4+1 yaml-syntax: a value that is not quoted cannot begin with - | put the value in quotes: a: "- b"']),
        ('a: "\\d"', [
            "2:5+1 yaml-syntax: the backslash begins an escape that does not exist | write \\\\ for a backslash, or use single quotes",
        ]),
        ("a: b\nc\nd: e", ["3:1+1 yaml-syntax: a key without a colon | write it as key: value, with a space after the colon"]),
        ("a b\nc: e", [
            "2:1+1 yaml-syntax: a key without a colon | write it as key: value, with a space after the colon",
        ]),
        ("a:\n  b: c\n d: e", [
            f"4:2+1 yaml-syntax: {MISFIT} | begin d in the same column as the other keys of its mapping",
        ]),
        # Lines of a text after | or > that are indented less than its first.
        ("a: |\n    b\n  c\nd: e", [f"4:3+1 yaml-syntax: {LESS} | indent it by 4 spaces"]),
        ("a: >-\n    b\n\n  c\n    d\n  - e\nf: g", [f"5:3+1 yaml-syntax: {LESS} | indent it and the 2 lines below it by 4 spaces"]),
        ("a:\n- b: |\n    c\n   d: e: f", [
            ("5:4+1 yaml-syntax: this line is indented by 3 spaces, but the text above begins with 4 spaces"
            " | indent it by 4 spaces if it belongs to the text above, or begin d in the same column as the other keys of its mapping"),
        ]),
        # A line that seems to be a remark ends the text, too; and so do too many spaces in an empty line above its first word.
        ("a: |\n    b\n  # c\n    d", [f"4:3+1 yaml-syntax: {LESS} | indent it by 4 spaces"]),
        ("a: |\n    \n  b", [f"4:3+1 yaml-syntax: {LESS} | indent it by 4 spaces"]),
        ("a: |\n    b\nc\nd: e", [
            ("4:1+1 yaml-syntax: a key without a colon"
            " | write it as key: value, with a space after the colon; if it belongs to the text above, indent it by 4 spaces"),
        ]),
        ("a: |\n    b\nc: d\n  e: f", [
            (f"5:4+1 yaml-syntax: {MISFIT}"
            " | begin e in the same column as the other keys of its mapping; if it belongs to the text above, put all of that in quotes"),
        ]),
        ("%x: a", [
            "2:3+1 yaml-syntax: this is not YAML: found unexpected non-alphabetical character | put the value in quotes if it is text",
        ]),
    ],
)  # fmt: skip
def test_refused(text: str, expected: list[str]) -> None:
    _, problems = load(text, path=PATH, first_line=2)
    assert told(problems) == expected


def test_what_was_refused_leaves_the_rest_of_the_tree() -> None:
    tree, problems = load("a:\nb: [c, *d]\ne: {<<: f}\ng: h\ng: i", path=PATH)
    assert isinstance(tree, dict)
    assert isinstance(tree["a"], Invalid)
    assert isinstance(tree["b"], list)
    assert isinstance(tree["b"][1], Invalid)
    assert isinstance(tree["e"], Invalid)
    assert tree["g"] == "h"
    assert len(problems) == 4


@pytest.mark.parametrize("nest", [lambda n: "[" * n + "]" * n, lambda n: "{a: " * n + "b" + "}" * n, lambda n: "- " * n + "x"])
def test_depth(nest: object) -> None:
    assert callable(nest)
    assert load(nest(20), path=PATH)[1] == ()
    tree, problems = load(nest(21), path=PATH)
    assert tree is None
    assert [d.code for d in problems] == ["header-too-deep"]
    assert [d.code for d in load(nest(30_000)[:MAX_HEADER], path=PATH)[1]] == ["header-too-deep"]


def test_size() -> None:
    assert load("a: " + "x" * (MAX_HEADER - 3), path=PATH)[1] == ()
    for text in ("a: " + "x" * (MAX_HEADER - 2), "a: " + "é" * (MAX_HEADER // 2)):
        tree, problems = load(text, path=PATH, first_line=2)
        assert tree is None
        assert told(problems) == ["2:1+1 header-too-large: this YAML is larger than 64 KiB | move text into the body"]
        assert load(text, path=PATH, limit=MAX_FILE)[1] == ()
    _, problems = load("x" * (MAX_FILE + 1), path=PATH, limit=MAX_FILE)
    assert told(problems) == ["1:1+1 header-too-large: this YAML is larger than 8,192 KiB | split the file"]


def test_aliases_cannot_multiply() -> None:
    laughs = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefghij", "bcdefghijk", strict=True))
    tree, problems = load(laughs, path=PATH)
    assert isinstance(tree, dict)
    assert {d.code for d in problems} == {"yaml-feature"}


LOCATED = """\
# a comment
title: "A: b"
actors:
  - un
  - {id: é, role: speaker}
dateline:
  place: Seoul
summary: >
  Two
  lines
records:
  fr: {a: b}
  fr.x:
    offices:
      - role: c
        from: 2017
"""


@pytest.mark.parametrize(
    ("key", "line", "column", "width"),
    [
        ("title", 3, 8, 6),
        ("actors", 4, 1, 6),
        ("actors[0]", 5, 5, 2),
        ("actors[1]", 6, 5, 22),
        ("actors[1].role", 6, 19, 7),
        ("actors[1].none", 6, 5, 22),
        ("actors[2]", 4, 1, 6),
        ("actors.x", 4, 1, 6),
        ("dateline.place", 8, 10, 5),
        ("dateline.date", 7, 1, 8),
        ("summary", 9, 10, 1),
        ("title.x", 3, 1, 5),
        ("records.fr.a", 13, 11, 1),
        ("records.fr.x", 14, 3, 4),
        ("records.fr.x.offices[0].from", 17, 15, 4),
        ("records.fr.x.offices[0].until", 16, 9, 7),
        ("records.de.name", 12, 1, 7),
    ],
)
def test_locate(key: str, line: int, column: int, width: int) -> None:
    assert mark_positions(LOCATED, first_line=2).locate(key) == (line, column, width)


def test_many_problems_in_a_large_file_take_linear_time() -> None:
    text = "".join(f"k{number}:\n" for number in range(50_000))
    assert len(load(text, path=PATH, limit=MAX_FILE)[1]) == 50_000


def test_locate_names_and_what_is_not_there() -> None:
    marked = mark_positions(LOCATED)
    assert marked.locate("title", name=True) == (2, 1, 5)
    assert marked.locate("none") is None
    assert marked.locate("") is None
    assert mark_positions("a: b: c").locate("a") is None
    assert mark_positions("").node("a") is None
    found = marked.node("dateline.place")
    assert found is not None
    assert found.value == "Seoul"
    assert marked.node("dateline.date") is None


TEXTS = ["a: b", "a: [b, {c: d}]\ne: |\n  f\n", "", "a: b: c", "a: *b", "a: &b c", "- a\n-", "<<: a", "a: '\t'"]
READ = """
import json, sys
from briefings.content.yaml.loader import load
from briefings.content.yaml.positions import Loader
read = [load(text, path="a.md") for text in json.load(sys.stdin)]
print(json.dumps([[Loader.__name__, None if found else tree, [(d.code, str(d.place)) for d in found]] for tree, found in read]))
"""


def test_without_the_c_library() -> None:
    """Where PyYAML is installed without it, its own parser gives the same."""
    with_it, without = (
        json.loads(
            subprocess.run([sys.executable, "-c", f"{how}\n{READ}"], input=json.dumps(TEXTS), stdout=-1, check=True, text=True).stdout
        )
        for how in ("", "import sys; sys.modules['yaml._yaml'] = None")
    )
    assert [["CBaseLoader", *read] for _, *read in without] == with_it
    assert {name for name, *_ in without} == {"BaseLoader"}


noncharacters = [*map(chr, range(0xFDD0, 0xFDF0)), "\ufffe", "\uffff"]
letters = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=noncharacters)
fit = st.text(letters | st.sampled_from("\t\n:#'\"-[]{}"), max_size=30)
trees = st.recursive(fit, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(fit, inner, max_size=4), max_leaves=12)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(fit, trees, max_size=5), st.sampled_from(['"', "'"]))
def test_what_is_written_is_read_again(tree: Tree, style: str) -> None:
    text = yaml.dump(tree, Dumper=yaml.CSafeDumper, default_style=style, allow_unicode=True, sort_keys=False, width=10_000)
    assert load(text, path=PATH, limit=MAX_FILE) == (tree, ())


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.sampled_from("ab:-[]{}\"'|>&*!%@?#, \n\t") | st.sampled_from(string.printable) | st.characters(codec="utf-8"), max_size=60)
)
def test_any_text_is_read_or_explained(text: str) -> None:
    tree, problems = load(text, path=PATH)
    assert tree is not None or problems
    marked = mark_positions(text)
    for key in ("a", "a.b", "a[0]", "b"):
        marked.locate(key)


@pytest.mark.parametrize("sign", ["|", ">", "|+", ">-"])
def test_a_text_in_lines_of_its_own_ends_without_a_line_break(sign: str) -> None:
    assert load(f"a: {sign}\n  b\n\nc: d", path=PATH) == ({"a": "b", "c": "d"}, ())
    assert load(f"a: {sign}\n  b\n\nc: *d", path=PATH)[0]["a"] == "b"  # type: ignore[call-overload,index] # it is a mapping


@pytest.mark.parametrize(
    ("header", "body", "line", "remedy"),
    [
        ("", "TLP:RED\n\nText.\n", 5, "write marking: TLP:RED in"),
        ("", "\n**TLP: amber+strict**\n\nText.\n", 6, "write marking: TLP:AMBER+STRICT in"),
        ("", "# [TLP-GREEN]\nText.\n", 5, "write marking: TLP:GREEN in"),
        ("", "Text.\n\nClassification: TLP:AMBER\n", 7, "write marking: TLP:AMBER in"),
        ("marking: TLP:GREEN\n", "TLP:AMBER\n\nText.\n", 6, "write marking: TLP:AMBER in"),
        ("", "- draft: true\n\nText.\n", 5, "write draft: true in"),
        ("", "**Embargo:** 2030-01-01\n\nText.\n", 5, "write embargo: and the time, with its offset in"),
        ("", "EMBARGOED UNTIL 20:00 GMT, 15 DECEMBER\n\nText.\n", 5, "write embargo: and the time, with its offset in"),
    ],
)
def test_a_label_in_the_text_protects_nothing(header: str, body: str, line: int, remedy: str) -> None:
    _, (found,) = split(PATH, f"---\ntitle: X\ndate: 2026-01-01\n{header}---\n{body}")
    assert (found.code, found.severity, found.place.line) == ("split-header", "error", line)
    assert found.remedy.startswith(remedy)


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("marking: TLP:RED\n", "TLP:AMBER\n\nText.\n"),
        ('marking: "TLP:AMBER"\n', "**TLP:AMBER**\n\nText.\n"),
        ("embargo: 2030-01-01\n", "Embargoed until 1 January 2030\n"),
        ("", "TLP:CLEAR\n\nText.\n"),
        ("", "TLP:RED documents were found.\n"),
        ("", "Embargoed goods worth 5 million were seized until May. No more is known.\n"),
        ("", "The embargo: 5 years on\n\nText.\n"),
        ("", "Draft: the resolution in full\n"),
        ("", "Text.\n\nTLP:RED\n\nText.\n"),
    ],
)
def test_what_is_no_label_or_is_in_the_header_is_not_told(header: str, body: str) -> None:
    assert split(PATH, f"---\ntitle: X\ndate: 2026-01-01\n{header}---\n{body}")[1] == ()
