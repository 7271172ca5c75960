"""One file at a time: from bytes to records, texts and problems."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.content.bodies import NO_BODY
from briefings.content.headers import ActorHeader, NoteHeader
from briefings.content.parse import Parsed, id_of_stem, kind_of, parse, parse_config, parsing, read_yaml
from briefings.content.places import place_of, source_line, with_places
from briefings.content.steps import together
from briefings.core.config import NavigationItem, NoteKind, SiteConfig
from briefings.core.diagnostics import CODES, Diagnostic, Place, problem
from tests.kit.small_sites import REPOSITORY, note

CONFIG = SiteConfig(title="Desk", kinds={"brief": NoteKind("Brief"), "sitrep": NoteKind("Situation report", ("What happened", "Outlook"))})
HEADER = "---\ntitle: T\ndate: 2017-12-15\n"
NOTE = "content/notes/2017/12-15-un-offer.md"
ACTORS = "content/actors/states.yaml"


def read(path: str, text: str | bytes, config: SiteConfig = CONFIG) -> Parsed:
    return parse(path, text if isinstance(text, bytes) else text.encode(), config)


def told(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    """The problems as `line:column+width code: message`."""
    return [f"{d.place.line}:{d.place.column}+{d.place.width} {d.code}: {d.message}" for d in diagnostics]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("content/notes/a.md", "note"),
        ("content/notes/2017/12/a.yaml", "note"),
        ("content/actors/a.yml", "actor"),
        ("content/topics/x/a.md", "topic"),
        ("content/sources/a.yaml", "source"),
        ("content/pages/a.md", "page"),
        ("content/notes/A.MD", "note"),
        ("content/topics/a.Yaml", "topic"),
        ("content/notes/a.markdown", None),
        ("content/site.yaml", None),
        ("content/notes/map.png", None),
        ("content/assets/a.md", None),
        ("content/notes.md", None),
        ("themes/notes/a.md", None),
    ],
)
def test_the_folder_is_the_kind(path: str, kind: str | None) -> None:
    assert kind_of(path) == kind


def test_the_case_of_a_suffix_does_not_matter() -> None:
    for path in ("content/notes/talks.MD", "content/notes/talks.Md"):
        (record,) = read(path, "---\ntitle: T\ndate: 2017-12-15\n---\nText.\n").records
        assert (record.id, record.body.words) == ("talks", 1)
    parsed = read("content/notes/talks.MD", "---\ntitle: T\ndate: 2017-12-15\nsumary: S\n---\nText.\n")
    assert told(parsed.diagnostics) == ['4:1+6 unknown-key: there is no key "sumary"']
    (topic,) = read("content/topics/a.YAML", "name: A\nbody: Text.\n").records
    assert topic.body.words == 1


def test_no_content_file() -> None:
    with pytest.raises(ValueError, match="not a content file"):
        read("content/site.yaml", "title: x")


@pytest.mark.parametrize(
    ("stem", "id_"),
    [
        ("un-offer", "un-offer"),
        ("2017-12-15-un-offer", "un-offer"),
        ("2017-12-15_un-offer", "un-offer"),
        ("12-15-un-offer", "un-offer"),
        ("2017-12-un-offer", "un-offer"),
        ("2017-12-15", "2017-12-15"),
        ("2017-12-15 2", "2017-12-15-2"),
        ("2017-12-2018-outlook", "2018-outlook"),
        ("25-10-percent", "25-10-percent"),
        ("2017-15-x", "2017-15-x"),
        ("2017-12-15-12-15-x", "12-15-x"),
        ("UN Offer", "un-offer"),
        ("a--b_c.d", "a--b_c.d"),
        ("Genève", "genève"),
        (unicodedata.normalize("NFD", "Genève"), "genève"),
        ("北京", "北京"),
        ("What? (1)", "what-1"),
        ("...", ""),
    ],
)
def test_the_id_of_a_note_from_its_file(stem: str, id_: str) -> None:
    assert id_of_stem("note", stem) == id_


def test_only_notes_lose_a_leading_date() -> None:
    assert id_of_stem("page", "2017-12-15-talks") == "2017-12-15-talks"


def test_a_note() -> None:
    keys = "id: offer\nsummary: Two words\nkind: sitrep\nsources: [{id: s1, url: 'https://a.org/'}]\n---\n"
    parsed = read(NOTE, HEADER + keys + "## what  Happened\n\nText [@s1].\n\n## Outlook\n")
    assert parsed.diagnostics == ()
    assert parsed.withheld == ()
    (note,) = parsed.records
    assert (note.id, note.path, note.key) == ("offer", NOTE, "")
    assert isinstance(note.header, NoteHeader)
    assert note.header.summary == "Two words"
    assert [heading.text for heading in note.body.outline] == ["what Happened", "Outlook"]
    assert list(parsed.html) == [note.body.digest]
    assert "Text" in parsed.html[note.body.digest]


def test_a_note_without_text() -> None:
    parsed = read(NOTE, HEADER + "---\n\n")
    assert parsed.html == {}
    assert parsed.records[0].body == NO_BODY
    assert parsed.records[0].id == "un-offer"


def test_what_an_editor_on_another_system_saves() -> None:
    parsed = read(
        "content/notes/Genève.md", b"\xef\xbb\xbf" + (HEADER + "---\n\n## Ende\n\n[x](nowhere.md)\n").replace("\n", "\r\n").encode()
    )
    assert parsed.diagnostics == ()
    (note,) = parsed.records
    assert note.id == unicodedata.normalize("NFC", "genève")
    assert note.body.references[0].line == 8


def test_ids_may_come_in_another_unicode_form() -> None:
    decomposed = unicodedata.normalize("NFD", "é")
    assert read(NOTE, f"{HEADER}id: {decomposed}\n---\n").records[0].id == "é"
    parsed = read(ACTORS, f"records: {{{decomposed}: {{name: x, type: state}}}}")
    assert [(record.id, record.key) for record in parsed.records] == [("é", "records.é")]


def test_a_note_in_yaml() -> None:
    text = "title: T\ndate: 2017-12-15\nbody: |\n\n  ## One\n\n  A [link](far.md).\nsummary: S\n"
    parsed = read("content/notes/a.yaml", text)
    assert parsed.diagnostics == ()
    (note,) = parsed.records
    assert note.header == read("content/notes/a.md", HEADER + "summary: S\n---\n").records[0].header
    assert note.body.outline[0].text == "One"
    (reference,) = note.body.references
    line = text.splitlines()[reference.line - 1]
    assert "far.md" in line
    assert line[reference.column - 1 :].startswith(("[", "link", "far"))


def test_a_text_that_is_no_block_stands_where_it_begins() -> None:
    (note,) = read("content/notes/a.yaml", 'title: T\ndate: 2017-12-15\nbody: "One\\n\\n[x](far.md)"\n').records
    assert [(reference.line, reference.column) for reference in note.body.references] == [(3, 7)]


def test_problems_in_a_yaml_text_have_the_lines_of_the_file() -> None:
    parsed = read("content/pages/a.yaml", "title: T\nbody: |4\n    One\n\n    ![](a.png)\n")
    assert [(d.code, d.place.line, d.excerpt) for d in parsed.diagnostics] == [("image-without-text", 5, "    ![](a.png)")]
    assert len(parsed.records) == 1


def test_one_record_or_many() -> None:
    one = read("content/actors/UN.yaml", "name: United Nations\ntype: organization\nbody: Text.\n")
    assert [(record.id, record.key) for record in one.records] == [("un", "")]
    assert len(one.html) == 1
    many = read(
        ACTORS, "records:\n  fr: {name: France, type: state}\n  u.s:\n    name: United States\n    type: state\n    body: |\n      Text.\n"
    )
    assert many.diagnostics == ()
    assert [(record.id, record.key) for record in many.records] == [("fr", "records.fr"), ("u.s", "records.u.s")]
    assert isinstance(many.records[1].header, ActorHeader)
    assert many.records[1].body.words == 1
    assert read(ACTORS, "records: {}") == Parsed(ACTORS)
    assert read("content/topics/a.md", "---\nname: A\n---\nText").records[0].id == "a"


@pytest.mark.parametrize(
    ("path", "text", "expected", "withheld"),
    [
        (NOTE, HEADER + "titel: x\nupdated: 2017-13-01\n---\n", [
            '4:1+5 unknown-key: there is no key "titel"',
            '5:10+10 bad-date: "2017-13-01" does not exist: there is no month 13',
        ], ["un-offer"]),
        (NOTE, "---\nid: offer\n---\n", [
            '1:1+1 missing-key: the key "title" is missing',
            '1:1+1 missing-key: the key "date" is missing',
        ], ["offer"]),
        (NOTE, HEADER + "summary:\ntopics: [a\n---\n", [
            '4:1+7 empty-value: "summary" has no value',
            "5:9+1 yaml-syntax: this bracket is not closed, or a comma is missing after it",
        ], ["un-offer"]),
        (NOTE, HEADER + "summary:\nkind: brif\n---\n", [
            '4:1+7 empty-value: "summary" has no value',
            '5:7+4 unknown-kind: there is no kind of note "brif"',
        ], ["un-offer"]),
        (NOTE, HEADER + "kind: brif\n---\n", ['4:7+4 unknown-kind: there is no kind of note "brif"'], ["un-offer"]),
        (NOTE, HEADER + "id: a/b\n---\n", ['4:5+3 bad-id: "a/b" cannot be part of an address'], ["a/b"]),
        (NOTE, HEADER + "body: x\n---\n", ['4:1+4 unknown-key: there is no key "body"'], ["un-offer"]),
        (NOTE, "no header", ["1:1+1 missing-header: the file has no front matter"], ["un-offer"]),
        (NOTE, HEADER + "---\n\x07", [
            "5:1+1 control-character: the file holds the character U+0007, which no page may contain",
        ], ["un-offer"]),
        (NOTE, HEADER.encode() + b"summary: caf\xe9\n---\n", [
            '4:13+4 not-utf8: the byte 0xE9 at offset 42 is not UTF-8; in Windows-1252 it would be "é"',
        ], ["un-offer"]),
        (NOTE, HEADER + "sources: [{id: a, url: example.org}, {id: a}, {id: b c, archived: 'ftp://x/'}]\n---\n", [
            '4:24+11 bad-url: "example.org" is not a web address',
            '4:43+1 duplicate-id: two sources of this note have the id "a"',
            '4:52+3 bad-id: "b c" cannot be part of an address',
            '4:67+10 bad-url: "ftp://x/" is not a web address',
        ], ["un-offer"]),
        (NOTE, HEADER + "id: offer\n---\nembargo: 2027-01-01\nmarking: TLP:RED\n---\nx [y](note:z)", [
            '6:1+7 split-header: "embargo" stands below the front matter, where it protects nothing',
        ], ["offer"]),
        *[
            (f"content/{folder}/a.md", f"---\n{header}\n...\nmarking: TLP:RED\n---\nx", [
                '5:1+7 split-header: "marking" stands below the front matter, where it protects nothing',
            ], ["a"])
            for folder, header in (
                ("topics", "name: A\nsummary: B"), ("sources", "name: A\nsummary: B"), ("pages", "title: A\nsummary: B"),
                ("actors", "name: A\ntype: state"), ("notes", "title: A\ndate: 2026-01-01"),
            )
        ],
        ("content/notes/!!!.md", HEADER + "---\n", ["0:0+1 bad-id: no id can be made from the name of this file"], ["!!!"]),
        ("content/notes/a.yaml", "title: T\ndate: 2017-12-15\nbody: [x]\n", ['3:1+4 wrong-type: "body" must be text'], ["a"]),
        ("content/notes/a.yaml", "title: T\ndate: 2017-12-15\nbody:\n", ['3:1+4 empty-value: "body" has no value'], ["a"]),
        ("content/notes/a.yaml", "records: {}\ntitle: T\ndate: 2017-12-15\n", ['1:1+7 unknown-key: there is no key "records"'], ["a"]),
        ("content/sources/a.yaml", "name: A\nurl: //a.org\n", ['2:6+7 bad-url: "//a.org" is not a web address'], ["a"]),
        ("content/pages/a.yaml", "- a", ["0:0+1 wrong-type: the file is a list, but must have keys"], ["a"]),
        (ACTORS, "", ['1:1+1 missing-key: the key "name" is missing', '1:1+1 missing-key: the key "type" is missing'], ["states"]),
        (ACTORS, "records: [a]", ['1:1+7 wrong-type: "records" must be a mapping from id to record'], ["states"]),
        (ACTORS, "records:\n", ['1:1+7 empty-value: "records" has no value'], ["states"]),
        (ACTORS, "records:\n  a b: {name: A, type: state}\n  c:\n    type: state\n  d:\n", [
            '5:3+1 empty-value: "d" has no value',
            '2:3+3 bad-id: "a b" cannot be part of an address',
            '3:3+1 missing-key: the key "name" is missing in "records.c"',
        ], ["a b", "c", "d"]),
        (ACTORS, "records:\n  fr: {name: France, type: state, body: Text}\nname: x\n", [
            '3:1+4 unknown-key: "name" stands beside "records"',
        ], ["fr"]),
        # A file that cannot be read withholds what it seems to hold, lest every link to it be reported too.
        (ACTORS, "# States\r\nrecords:\r\n  fr:\r\n    name: France\r\n  'de' : {name: A: b}\r\n# x: y\r\n  u.s:\r\n    x: y\r\n", [
            "5:18+1 yaml-syntax: a second colon in a value that is not quoted",
        ], ["fr", "de", "u.s"]),
        ("content/notes/a.md", "---\nid: talks # at last\ntitle: A: b\n---\n", [
            "3:9+1 yaml-syntax: a second colon in a value that is not quoted",
        ], ["talks"]),
        ("content/notes/a.md", "---\ntitle: A: b\n---\nid: no header\n", [
            "2:9+1 yaml-syntax: a second colon in a value that is not quoted",
        ], ["a"]),
        ("content/topics/a.yaml", "name: A: b\nid: 'arms-control'\n", [
            "1:8+1 yaml-syntax: a second colon in a value that is not quoted",
        ], ["arms-control"]),
    ],
)  # fmt: skip
def test_a_record_in_doubt_is_withheld(path: str, text: str | bytes, expected: list[str], withheld: list[str]) -> None:
    parsed = read(path, text)
    assert told(parsed.diagnostics) == expected
    assert [name for _, name in parsed.withheld] == withheld
    assert parsed.records == ()
    assert parsed.html == {}
    lines = (text if isinstance(text, bytes) else text.encode()).decode("utf-8", "backslashreplace").splitlines() or [""]
    for diagnostic in parsed.diagnostics:
        assert diagnostic.excerpt == ["", *lines][diagnostic.place.line].replace("\x07", "\ufffd")
        assert diagnostic.place.key == ""
        assert diagnostic.remedy
        assert diagnostic.code in CODES


def test_one_bad_record_leaves_its_neighbours() -> None:
    parsed = read(ACTORS, "records:\n  a: {name: A, type: stat}\n  b: {name: B, type: state}\n  c: {type: state}\n")
    assert [record.id for record in parsed.records] == ["b"]
    assert parsed.withheld == (("actor", "a"), ("actor", "c"))


def test_a_problem_in_the_text_leaves_the_record() -> None:
    parsed = read(NOTE, HEADER + "kind: sitrep\nsources: [{id: s1}]\n---\n## What happened\n\nText [@s2].\n")
    assert len(parsed.records) == 1
    assert [(d.code, d.place.line) for d in parsed.diagnostics] == [("unknown-citation", 9), ("missing-heading", 4)]
    assert parsed.diagnostics[1].message == 'a note of kind sitrep needs the heading "Outlook"'
    assert parsed.diagnostics[1].remedy == "add a line: ## Outlook"
    assert parsed.diagnostics[0].excerpt == "Text [@s2]."


def test_all_missing_headings_at_once() -> None:
    (found,) = read(NOTE, HEADER + "kind: sitrep\n---\n").diagnostics
    assert found.message == 'a note of kind sitrep needs the headings "What happened" and "Outlook"'
    assert found.remedy == "add these lines: ## What happened and ## Outlook"


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([NOTE, ACTORS, "content/pages/a.yaml", "content/topics/a.md"]),
    st.binary(max_size=60) | st.text(max_size=60).map(lambda text: HEADER.encode() + text.encode("utf-8", "surrogatepass")),
    st.sampled_from([b"", b"\n---\n", b"\nbody: |\n  x", b"records:\n  a:\n"]),
)
def test_any_bytes_are_parsed(path: str, data: bytes, more: bytes) -> None:
    for content in (data + more, more + data):
        parsed = read(path, content)
        assert parsed.records or parsed.diagnostics or content.startswith(b"records")
        for diagnostic in parsed.diagnostics:
            assert diagnostic.place.line > 0 or diagnostic.code in ("wrong-type", "unknown-key", "not-fetched")  # of the whole file
            assert diagnostic.place.key == ""
        read_yaml("content/site.yaml", content, SiteConfig)


def test_files_that_are_parsed_together_are_as_each_by_itself() -> None:
    """Among them ours, which use all that there is, and some with mistakes, which have fewer steps than the others."""
    files = {path.relative_to(REPOSITORY).as_posix(): path.read_bytes() for path in sorted(REPOSITORY.glob("content/*/**/*.*"))}
    files = {path: data for path, data in files.items() if kind_of(path)}
    for number, (path, data) in enumerate([*files.items()]):
        stem, _, suffix = path.rpartition(".")
        files[f"{stem}-{number}.{suffix}"] = (b"", b"\xff", data[: len(data) // 2], data[::-1])[number % 4]
    config = SiteConfig(title="T", raw_html=True)
    together_ = together(parsing(path, data, config) for path, data in files.items())
    assert together_ == [parse(path, data, config) for path, data in files.items()]
    assert len(together_) > 100


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ['1:1+1 missing-key: the key "title" is missing | add it, as in title: Desk']),
        ("title: x\nurl: example.org\n", ['2:6+11 bad-url: "example.org" is not a web address | write https://example.org']),
        ("title: x\nurl: https://x.org/?a#b\n", ["2:6+18 bad-url: the address of a site has no ? and no # | write https://x.org/"]),
        (
            "title: x\nurl: https://me:pw@x.org/a@b/\n",
            [
                ("2:6+24 bad-url: the address of a site has neither a user name nor a password: readers would see them on every page "
                "| write https://x.org/a@b/")
            ],
        ),
        (
            "title: x\nurl: https://straße.example/\n",
            [
                ('2:6+23 bad-url: it is not certain which domain "straße.example" is '
                "| write it as it was registered, with xn-- in the place of other letters")
            ],
        ),
        ("title: x\ntimezone: Zürich\n", ['2:11+6 unknown-timezone: there is no time zone "Zürich" | did you mean "Europe/Zurich"?']),
        ("title: x\ntimezone: Europe/Geneva\n", [
            '2:11+13 unknown-timezone: there is no time zone "Europe/Geneva" | did you mean "Europe/Guernsey"?',
        ]),
        ("title: x\ntimezone: '+01:00'\n", [
            '2:11+8 unknown-timezone: there is no time zone "+01:00" | write a name such as Europe/Zurich',
        ]),
        ("title: x\nkinds:\n  a b: {name: A}\n", ['3:3+3 bad-id: "a b" cannot be part of an address | write a-b']),
        ("title: x\nkinds: {'?': {name: A}}\n", ['2:9+3 bad-id: "?" cannot be part of an address | use letters, digits and hyphens']),
        ("title: x\nraw_html: yes\nthem: y\n", [
            '2:11+3 wrong-type: "raw_html" is "yes", but must be true or false | write true',
            '3:1+4 unknown-key: there is no key "them" | did you mean "theme"?',
        ]),
        ("title: a: b\n", ['1:9+1 yaml-syntax: a second colon in a value that is not quoted | put the value in quotes: title: "a: b"']),
    ],
)  # fmt: skip
def test_site_yaml_with_problems(text: str, expected: list[str]) -> None:
    config, problems = parse_config("content/site.yaml", text.encode())
    assert config is None
    assert [f"{line} | {d.remedy}" for line, d in zip(told(problems), problems, strict=True)] == expected


def test_site_yaml() -> None:
    text = "title: Desk\nurl: https://desk.org/b/\ntimezone: Asia/Seoul\nnavigation: [{title: N, to: notes/}]\nraw_html: TRUE\n"
    config, problems = parse_config("content/site.yaml", text.encode())
    assert problems == ()
    assert config == SiteConfig(
        title="Desk", url="https://desk.org/b/", timezone="Asia/Seoul", navigation=(NavigationItem("N", "notes/"),), raw_html=True
    )
    assert parse_config("content/site.yaml", b"\xff")[0] is None


PLACED = (HEADER + "topics: [a, b]\n---\nText\n").encode()


@pytest.mark.parametrize(
    ("data", "place", "expected"),
    [
        (PLACED, Place(NOTE, key="topics[1]"), Place(NOTE, 4, 13)),
        (PLACED, Place(NOTE, key="sources[0].id"), Place(NOTE, 1, 1)),
        (PLACED, Place(NOTE), Place(NOTE)),
        (PLACED, Place(NOTE, 6, 2, 3), Place(NOTE, 6, 2, 3)),
        (b"no header any more", Place(NOTE, key="topics[1]"), Place(NOTE)),
        (b"---\ntopics: [\n---\n", Place(NOTE, key="topics[1]"), Place(NOTE, 1, 1)),
        (b"\xff", Place(NOTE, key="topics[1]"), Place(NOTE)),
        (b"records: {fr: {name: x}}", Place(ACTORS, key="records.fr.name"), Place(ACTORS, 1, 22)),
    ],
)
def test_place_of(data: bytes, place: Place, expected: Place) -> None:
    assert place_of(data, place) == expected


def test_settle_adds_line_and_excerpt() -> None:
    raw = [
        problem("unknown-topic", "m", Place(NOTE, key="topics[0]")),
        problem("broken-link", "m", Place(NOTE, 6, 1)),
        problem("bad-id", "m", NOTE),
    ]
    assert [(d.place.line, d.place.column, d.excerpt) for d in with_places(PLACED, raw)] == [
        (4, 10, "topics: [a, b]"),
        (6, 1, "Text"),
        (0, 0, ""),
    ]
    assert with_places(b"", [problem("broken-link", "m", Place(NOTE, 6, 1))])[0].excerpt == ""


@pytest.mark.parametrize(
    ("data", "line", "expected"),
    [
        (b"a\r\nb\rc", 2, "b"),
        (b"a\r\nb\rc", 3, "c"),
        (b"\xef\xbb\xbfa", 1, "a"),
        (2 * b"\xef\xbb\xbf" + b"a", 1, "a"),
        (b"caf\xe9\x1b[31m", 1, "caf\\xe9\ufffd[31m"),
        (b"a", 2, ""),
        (b"a", 0, ""),
        ("a".encode("utf-16"), 1, ""),
    ],
)
def test_excerpt(data: bytes, line: int, expected: str) -> None:
    assert source_line(data, line) == expected


def test_read_yaml() -> None:
    assert read_yaml("p.yaml", b"name: Wire", NoteKind) == (NoteKind("Wire"), ())
    value: Any
    value, problems = read_yaml("p.yaml", b"name: Wire\nnmae: x", NoteKind)
    assert value is None
    assert told(problems) == ['2:1+4 unknown-key: there is no key "nmae"']


def test_a_source_with_a_mistake_can_still_be_cited() -> None:
    text = note(body="Claim [@s1]. Claim [@s2].\n", sources="[{id: s1, titel: A}, {id: s2, title: Quota, herring}]")
    found = parse("content/notes/a.md", text.encode(), SiteConfig(title="Desk"))
    assert [d.code for d in found.diagnostics if d.code == "unknown-citation"] == []
    assert len(found.diagnostics) == 2


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        # Beside a key that is not known, all the rest is checked.
        ("kind: letter\ntopcis: [a]", {"topcis", "letter"}),
        ("topcis: [a]\nembargo: 2017-12-20\nexpires: 2017-12-19", {"topcis", "2017-12-19"}),
        ("topcis: [a]\naliases: [http://a.example/b]", {"topcis", "a.example"}),
        ("topcis: [a]\nsources:\n- id: a b\n- {id: s, url: 'javascript:x'}", {"topcis", "a b", "javascript"}),
        # What is beside a mistake within a list is checked as well, at its own place.
        ("sources:\n- {id: s1, titel: T}\n- {id: s1, url: 'javascript:x'}", {"titel", '"s1"', "javascript"}),
        ("events:\n- {id: a b, date: 2017-12-16, title: T, plaec: P}", {"plaec", "a b"}),
        ("expires: soon\nkind: letter", {"expires", "letter"}),
    ],
)
def test_all_that_is_wrong_with_a_header_is_told_in_one_run(header: str, expected: set[str]) -> None:
    found = read(NOTE, f"{HEADER}{header}\n---\n").diagnostics
    assert len(found) == len(expected)
    assert all(any(word in f"{one.message} {one.excerpt}" for one in found) for word in expected)


_RESTS_ON_Q = "positions:\n- {actor: un, proposition: p, stance: for, basis: q}"


@pytest.mark.parametrize(
    "header",
    [
        # Each of these has one mistake, which must not be told again as what only follows from it.
        "title: T\ndate: 2017-12-15\nkind: [letter]",
        "title: T\ndate: soon\nupdated: 1999-01-01\ndateline: {place: Geneva, date: 2017-12-14}",
        "title: T\ndate: 2017-12-15\ncorrections:\n- {date: 2017-12-16, noet: A name was wrong}",
        "title: T\ndate: 2017-12-15\nsources: [s1]\npositions:\n- {actor: un, proposition: p, stance: for, basis: s1}",
        "title: T\ndate: 2017-12-15\nsuorces: [{id: s1}]\npositions:\n- {actor: un, proposition: p, stance: for, basis: s1}",
        "title: T\nupdated: 1999-01-01",
        f"title: T\ndate: 2017-12-15\nquotations:\n- {{id: q, text: '', speaker: un}}\n{_RESTS_ON_Q}",
        f"title: T\ndate: 2017-12-15\nquotatoins: []\n{_RESTS_ON_Q}",
    ],
)
def test_what_follows_from_a_mistake_is_not_told_besides(header: str) -> None:
    found = read(NOTE, f"---\n{header}\n---\n").diagnostics
    assert len(found) == 1, told(found)


def test_a_kind_that_is_missing_is_not_told_beside_a_key_that_may_be_it() -> None:
    config = SiteConfig(title="Desk", kinds={"letter": NoteKind("Letter")})
    (only,) = read(NOTE, f"{HEADER}knid: letter\n---\n", config).diagnostics
    assert only.code == "unknown-key"


def test_records_of_one_file_are_checked_beside_their_mistakes() -> None:
    found = read("content/sources/agencies.yaml", "records:\n  tass:\n    name: TASS\n    ulr: x\n    url: 'javascript:x'\n").diagnostics
    assert [(one.code, one.place.line) for one in found] == [("unknown-key", 4), ("bad-url", 5)]
