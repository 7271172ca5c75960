"""The schema: what a tree of text becomes, what is said of one that does not fit, and the JSON Schema that editors get."""

from __future__ import annotations

import json
from typing import Any, Literal, get_args

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from briefings.content.headers import ActorHeader, Citation, Involvement, NoteHeader, Office, TopicHeader
from briefings.content.records import HEADERS, Kind
from briefings.content.schema.dates import Moment, NoteDate, PartialDate
from briefings.content.schema.json_schema import json_schema
from briefings.content.schema.validate import convert
from briefings.content.yaml.positions import Invalid, Tree
from briefings.core.config import SiteConfig
from briefings.core.docstrings import field_docs

NOTE: dict[str, Tree] = {"title": "T", "date": "2017-12-15"}
ACTOR: dict[str, Tree] = {"name": "N", "type": "state"}
ONE_TO_SIX = "but must be a whole number from 1 to 6 | write it as in credibility: 1"
BUT_TEXT = "but must be text | put it in quotes if it is meant as text"
ONE_OF_FIVE = "but must be one of TLP:CLEAR, TLP:GREEN, TLP:AMBER, TLP:AMBER+STRICT, TLP:RED"
PARTIAL = "a year, a month such as 2017-12 or a day such as 2017-12-15"
KINDS = [*get_args(Kind), "site"]


def told(tree: Tree, type_: type[Struct], key: str = "") -> list[str]:
    """The problems as `code key: message | remedy`."""
    value, problems = convert(tree, type_, path="p", key=key)
    assert (value is None) == bool(problems)
    return [f"{d.code} {d.place.key}: {d.message} | {d.remedy}" for d in problems]


def test_a_tree_becomes_a_header() -> None:
    tree: Tree = {
        **NOTE,
        "title": "2009",
        "summary": "null",
        "draft": "False",
        "updated": "2017-12-16 09:00:00 +01:00".replace(" +", "+"),
        "actors": ["un", {"id": "us", "role": "host"}],
        "sources": [{"id": "s1", "credibility": "1"}, {"id": "1e3"}],
    }
    header, problems = convert(tree, NoteHeader, path="p")
    assert problems == ()
    assert header == NoteHeader(
        title="2009",
        date=NoteDate("2017-12-15"),
        summary="null",
        updated=Moment("2017-12-16T09:00:00+01:00"),
        actors=("un", Involvement("us", "host")),
        sources=(Citation("s1", credibility=1), Citation("1e3")),
    )


def test_a_renamed_field() -> None:
    office, problems = convert({"role": "President", "from": "2017", "until": "2021-01"}, Office, path="p")
    assert problems == ()
    assert office == Office("President", from_=PartialDate("2017"), until=PartialDate("2021-01"))
    assert told({"role": "President", "from_": "2017"}, Office) == ['unknown-key from_: there is no key "from_" | did you mean "from"?']


@pytest.mark.parametrize(
    ("type_", "tree", "expected"),
    [
        (NoteHeader, {}, [
            'missing-key title: the key "title" is missing | add it, as in title: Talks resume',
            'missing-key date: the key "date" is missing | add it, as in date: 2017-12-15',
        ]),
        (NoteHeader, "text", [
            "wrong-type : the file is plain text, but must have keys | write each key on a line of its own, as in title: Talks resume",
        ]),
        (NoteHeader, NOTE | {"title": ""}, ['empty-value title: "title" is empty | write what readers should see']),
        (NoteHeader, NOTE | {"titel": "x"}, ['unknown-key titel: there is no key "titel" | delete it: "title" is there already']),
        (NoteHeader, NOTE | {"dateline": {"place": "x", "zzz": "y"}}, [
            'unknown-key dateline.zzz: there is no key "zzz" in "dateline" | known here: place, date and agency',
        ]),
        # Booleans: true and false in any letter case, and nothing else.
        (NoteHeader, NOTE | {"draft": "TRUE"}, []),
        (NoteHeader, NOTE | {"draft": "NO"}, ['wrong-type draft: "draft" is "NO", but must be true or false | write false']),
        (NoteHeader, NOTE | {"draft": "on"}, ['wrong-type draft: "draft" is "on", but must be true or false | write true']),
        (NoteHeader, NOTE | {"draft": "1"}, ['wrong-type draft: "draft" is "1", but must be true or false | write true']),
        (NoteHeader, NOTE | {"draft": "0"}, ['wrong-type draft: "draft" is "0", but must be true or false | write false']),
        (NoteHeader, NOTE | {"draft": "null"}, [
            'wrong-type draft: "draft" is "null", but must be true or false | write it as in draft: true',
        ]),
        # Numbers: whole, in decimal, in range.
        *[
            (NoteHeader, NOTE | {"sources": [{"id": "a", "credibility": text}]}, [
                f'wrong-type sources[0].credibility: "sources[0].credibility" is "{text}", {ONE_TO_SIX}',
            ])
            for text in ("7", "0", "-1", "1e0", "2.0", "02", "0o3", "null", "~", "two", "٣", "1" * 30)
        ],
        # An absent value is an absent key.
        (NoteHeader, NOTE | {"dateline": "null"}, [
            ('wrong-type dateline: "dateline" is "null", but must be a mapping such as {place: Geneva} '
            "| write it as in dateline: {place: Geneva}"),
        ]),
        (NoteHeader, NOTE | {"updated": "null"}, [
            'bad-date updated: "null" is not a date | write 2017-12-15, or 2017-12-15T20:00:00+01:00',
        ]),
        # Dates.
        (NoteHeader, NOTE | {"date": "2017-02-29"}, [
            'bad-date date: "2017-02-29" does not exist: February 2017 has the days 1 to 28 | correct it',
        ]),
        (NoteHeader, NOTE | {"date": "2017-12-15T20:00"}, [
            'bad-date date: "2017-12-15T20:00" is a time without an offset | write it with its offset, as in 2017-12-15T20:00+01:00',
        ]),
        (NoteHeader, NOTE | {"date": ["2017"]}, [
            'wrong-type date: "date" is a list, but must be a date such as 2017-12-15 | write it as in date: 2017-12-15',
        ]),
        (ActorHeader, ACTOR | {"offices": [{"role": "x", "from": {}}]}, [
            f'wrong-type offices[0].from: "offices[0].from" is a mapping, but must be {PARTIAL} | write it as in from: 2017-12-15',
        ]),
        (ActorHeader, ACTOR | {"offices": [{"role": "x", "until": "17"}]}, [
            'bad-date offices[0].until: "17" is not a date | write a year, a month (2017-12) or a day (2017-12-15)',
        ]),
        (NoteHeader, NOTE | {"dateline": "Geneva", "actors": ["un", {"role": "host"}]}, [
            'wrong-type dateline: "dateline" is "Geneva", but must be a mapping such as {place: Geneva} | write dateline: {place: Geneva}',
            'missing-key actors[1].id: the key "id" is missing in "actors[1]" | add it, as in id: un',
        ]),
        # A key under another name is not also missing; the names that other generators use are known.
        (NoteHeader, {"Title": "x", "date": "2017-12-15", "tags": ["a"]}, [
            'unknown-key Title: there is no key "Title" | did you mean "title"?',
            'unknown-key tags: there is no key "tags" | did you mean "topics"?',
        ]),
        (NoteHeader, NOTE | {"category": "Trade"}, ['unknown-key category: there is no key "category" | did you mean "topics"?']),
        (NoteHeader, NOTE | {"menu-order": "1"}, [
            'unknown-key menu-order: there is no key "menu-order" | delete it: notes are ordered by date, all else by name',
        ]),
        # Entries.
        (NoteHeader, NOTE | {"positions": [{"actor": "un", "proposition": "p", "stance": "fro"}]}, [
            ('wrong-type positions[0].stance: "positions[0].stance" is "fro", but must be one of for, against, conditional, undecided '
            '| did you mean "for"?'),
        ]),
        *[
            (NoteHeader, NOTE | {"figures": [{"measure": "m", "value": text, "as_of": "2017"}]}, [
                f'wrong-type figures[0].value: "{text}" is not a number | {remedy}',
                'bad-date figures[0].as_of: "2017" is not a date | write 2017-12-15, or 2017-12-15T20:00:00+01:00',
            ])
            for text, remedy in [
                ("1,000", "write 1000"),
                ("7,5", "write 7.5"),
                ("-0,125", "write -0.125"),
                ("NaN", "write it in decimal digits, as in 20 or 4.5, with its unit elsewhere"),
                ("٣", "write it in decimal digits, as in 20 or 4.5, with its unit elsewhere"),
            ]
        ],
        (NoteHeader, NOTE | {"events": [{"id": "e", "title": "E", "date": "2017-12-15", "markng": "TLP:RED"}], "aliases": "/x/"}, [
            'unknown-key events[0].markng: there is no key "markng" in "events[0]" | did you mean "marking"?',
            'wrong-type aliases: "aliases" is "/x/", but must be a list such as [/world/981464/, …] | write aliases: [/x/]',
        ]),
        (TopicHeader, {"name": "x", "withdrawn": "true"}, [
            ('wrong-type withdrawn: "withdrawn" is "true", but must be a mapping such as '
            "{date: 2017-12-15, reason: The report proved wrong} "
            "| write it as in withdrawn: {date: 2017-12-15, reason: The report proved wrong}"),
        ]),
        (TopicHeader, {"title": "x"}, ['unknown-key title: there is no key "title" | did you mean "name"?']),
        (NoteHeader, NOTE | {"sources": "s1"}, [
            'wrong-type sources: "sources" is "s1", but must be a list such as [{id: s1}, …] | write it as in sources: [{id: s1}]',
        ]),
        # Text, lists and mappings are never made from one another.
        (NoteHeader, NOTE | {"title": ["x"]}, [f'wrong-type title: "title" is a list, {BUT_TEXT}']),
        (NoteHeader, NOTE | {"topics": "a, b"}, [
            'wrong-type topics: "topics" is "a, b", but must be a list such as [mediation, …] | write topics: [a, b]',
        ]),
        (NoteHeader, NOTE | {"topics": [["x"]]}, [f'wrong-type topics[0]: "topics[0]" is a list, {BUT_TEXT}']),
        (NoteHeader, NOTE | {"actors": [["x"], {"role": "y"}, {"id": ["z"]}]}, [
            'wrong-type actors[0]: "actors[0]" must be text or a mapping such as {id: un} | write it as in un',
            'missing-key actors[1].id: the key "id" is missing in "actors[1]" | add it, as in id: un',
            f'wrong-type actors[2].id: "actors[2].id" is a list, {BUT_TEXT}',
        ]),
        (ActorHeader, ACTOR | {"identifiers": {"a.b": ["x"]}}, [
            f'wrong-type identifiers.a.b: "identifiers.a.b" is a list, {BUT_TEXT}',
        ]),
        (ActorHeader, ACTOR | {"identifiers": "x"}, [
            ('wrong-type identifiers: "identifiers" is "x", but must be a mapping such as {wikidata: Q1065} '
            "| write it as in identifiers: {wikidata: Q1065}"),
        ]),
        # One of a few words.
        (ActorHeader, ACTOR | {"type": "persn"}, [
            'wrong-type type: "type" is "persn", but must be one of person, organization, state | did you mean "person"?',
        ]),
        (TopicHeader, {"name": "x", "status": {"trend": "?", "as_of": "2017-12-31"}}, [
            ('wrong-type status.trend: "status.trend" is "?", but must be one of improving, stable, worsening '
            "| Where things are heading; write stable when they get neither better nor worse."),
        ]),
        # Markings: a remedy never proposes one for want of a better, and knows the names of TLP 1.0.
        *[
            (NoteHeader, NOTE | {"marking": text}, [f'wrong-type marking: "marking" is "{text}", {ONE_OF_FIVE} | {remedy}'])
            for text, remedy in [
                ("TLP:WHITE", 'did you mean "TLP:CLEAR"?'),
                ("white", 'did you mean "TLP:CLEAR"?'),
                ("TLP:AMBER STRICT", 'did you mean "TLP:AMBER+STRICT"?'),
                ("red", 'did you mean "TLP:RED"?'),
                ("secret", "Traffic Light Protocol 2.0; left out of builds for a lower audience."),
            ]
        ],
        (NoteHeader, NOTE | {"marking": ["TLP:RED"]}, [
            (f'wrong-type marking: "marking" is a list, {ONE_OF_FIVE} | Traffic Light Protocol 2.0; '
            "left out of builds for a lower audience."),
        ]),
        # The site.
        (SiteConfig, {"title": "x", "language": "English!"}, [
            'wrong-type language: "English!" does not have the form that "language" needs | A BCP 47 language tag, such as en or pt-BR.',
        ]),
        (SiteConfig, {"title": "x", "navigation": [{"title": "Notes"}], "kinds": ["wire"]}, [
            'missing-key navigation[0].to: the key "to" is missing in "navigation[0]" | add it, as in to: notes/',
            ('wrong-type kinds: "kinds" is a list, but must be a mapping such as {wire: {name: Wire}} '
            "| write it as in kinds: {wire: {name: Wire}}"),
        ]),
        (SiteConfig, {"title": "x", "page_sizes": {"home": "0"}, "kinds": {"wire": {}}}, [
            'wrong-type page_sizes.home: "page_sizes.home" is "0", but must be a whole number from 1 to 1000 | write it as in home: 1',
            'missing-key kinds.wire.name: the key "name" is missing in "kinds.wire" | add it, as in name: Wire',
        ]),
    ],
)  # fmt: skip
def test_problems(type_: type[Struct], tree: Tree, expected: list[str]) -> None:
    assert told(tree, type_) == expected


class Mixed(Struct):
    """A field with two types of one shape, which no record has yet."""

    size: Literal["auto"] | int


def test_a_union_of_types_of_one_shape() -> None:
    assert convert({"size": "auto"}, Mixed, path="p") == (Mixed("auto"), ())
    assert convert({"size": "1"}, Mixed, path="p") == (Mixed(1), ())
    assert told({"size": "1e1"}, Mixed) == [
        'wrong-type size: "size" must be one of auto or a whole number | write it as in size: auto',
    ]


@pytest.mark.parametrize("number", ["0", "1", "-0", "1.5", "1e1", "1.", "007", "null", "-2", "1" * 20])
@pytest.mark.parametrize("key", ["value", "disputed", "credibility"])
def test_a_number_is_read_the_same_whatever_stands_beside_it(key: str, number: str) -> None:
    figure: dict[str, Tree] = {"measure": "m", "value": "2", "as_of": "2017-12-15"}
    citation: dict[str, Tree] = {"id": "s1"}
    (citation if key == "credibility" else figure)[key] = number
    tree: dict[str, Tree] = {**NOTE, "figures": [figure], "sources": [citation]}
    # As the item of a list, a number makes the whole header be read with more care.
    value, problems = convert({**tree, "topics": ["a"]}, NoteHeader, path="p")
    careful, as_many = convert({**tree, "topics": ["1"]}, NoteHeader, path="p")
    assert problems == as_many
    assert (value is None) == (careful is None)
    assert value is None or careful is None or (value.figures, value.sources) == (careful.figures, careful.sources)


def test_keys_of_a_record_among_others_begin_with_its_own() -> None:
    assert told({"name": "x", "kind": "y"}, ActorHeader, "records.u.s") == [
        (
            'unknown-key records.u.s.kind: there is no key "kind" in "records.u.s" | known here: name, type, draft, embargo, expires, '
            "marking, withdrawn, aliases, summary, sort_name, also_known_as, weak_names, identifiers and offices"
        ),
        'missing-key records.u.s.type: the key "type" is missing in "records.u.s" | add it, as in type: person',
    ]


def test_what_was_refused_before_is_not_reported_again() -> None:
    assert convert(NOTE | {"summary": Invalid(), "topics": ["a", Invalid()]}, NoteHeader, path="p") == (None, ())
    value, problems = convert(NOTE | {"summary": Invalid(), "titel": "x"}, NoteHeader, path="p")
    assert value is None
    assert [d.code for d in problems] == ["unknown-key"]


words = st.sampled_from(
    ["null", "NULL", "~", "", "0", "1", "2", "1e0", "2.5", "true", "False", "no", "x", "2017", "2017-12-15", "state", "A", "-0"]
)
TYPES: list[type[Struct]] = [*HEADERS.values(), SiteConfig]
keys = st.sampled_from(
    sorted({field for type_ in TYPES for field in type_.__struct_encode_fields__} | {"place", "credibility", "value", "disputed"})
)
anything = st.recursive(words, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4), max_leaves=8)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(keys, anything, max_size=6), st.sampled_from(TYPES))
def test_a_tree_is_a_value_or_a_problem(tree: dict[str, Any], type_: type[Struct]) -> None:
    required: dict[str, Tree] = {"title": "T", "date": "2017", "name": "N", "type": "state"}
    full = {key: value for key, value in (required | tree).items() if key in type_.__struct_encode_fields__}
    for candidate in (tree, full):
        value, problems = convert(candidate, type_, path="p")
        assert (value is None) == bool(problems)
        # What stands beside it decides which of two ways reads it, and never what is read.
        beside = "description" if type_ is SiteConfig else "summary"
        if beside in type_.__struct_encode_fields__ and beside not in candidate:
            assert bool(convert({**candidate, beside: "1"}, type_, path="p")[1]) == bool(problems)


@pytest.mark.parametrize("kind", KINDS)
def test_the_json_schema_is_one_and_its_examples_fit(kind: Any) -> None:
    schema = json_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for example in schema["examples"]:
        jsonschema.validate(example, schema)
        type_ = SiteConfig if kind == "site" else HEADERS[kind]
        for record in example.get("records", {"": example}).values():
            assert convert(record, type_, path="p")[1] == ()


class EditorLoader(yaml.SafeLoader):
    """YAML as editors type it: version 1.2, whose dates stay text."""


EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("note", "title: 2009\ndate: 2017-12-15\n"),
        ("note", "title: true\ndate: 2017-12-15T20:00:00-05:00\ntopics: [2009]\nactors: [un, {id: us, role: host}]\nbody: |\n  Text\n"),
        ("note", "title: x\ndate: 2017-12-15 20:00Z\nsources: [{id: s1, credibility: 2}]\nmarking: TLP:AMBER+STRICT\n"),
        ("actor", "name: x\ntype: person\noffices: [{role: y, from: 2013, until: 2017-01}]\nidentifiers: {viaf: 123}\n"),
        ("actor", "records:\n  fr: {name: France, type: state, body: Text}\n  de: {name: Germany, type: state}\n"),
        ("topic", "name: x\nstatus: {trend: stable, as_of: 2017-12-31, alert: [a]}\n"),
        ("source", "name: x\nreliability: B\n"),
        ("page", "title: x\nid: about\n"),
        ("site", "title: x\nlanguage: pt-BR\nkinds: {wire: {name: Wire, headings: [What]}}\npage_sizes: {home: 3}\nraw_html: true\n"),
    ],
)
def test_editors_accept(kind: Any, text: str) -> None:
    jsonschema.validate(yaml.load(text, EditorLoader), json_schema(kind))  # noqa: S506 - it is a SafeLoader


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("note", "title: x\n"),
        ("note", "title: x\ndate: 17\n"),
        ("note", "title: x\ndate: 15 December\n"),
        ("note", "title: x\ndate: 2017-12-15T20:00:00\n"),
        ("note", "title: x\ndate: 2017-12-15\ntitel: y\n"),
        ("note", "title: x\ndate: 2017-12-15\nsummary:\n"),
        ("note", "title: x\ndate: 2017-12-15\nexpires: null\n"),
        ("note", "title: ''\ndate: 2017-12-15\n"),
        ("note", "title: x\ndate: 2017-12-15\ntopics: a\n"),
        ("note", "title: x\ndate: 2017-12-15\nsources: [{id: s1, credibility: 7}]\n"),
        ("note", "title: x\ndate: 2017-12-15\ndraft: 1\n"),
        ("note", "title: x\ndate: 2017-12-15\ndraft: ok\n"),
        ("actor", "name: x\ntype: robot\n"),
        ("actor", "name: x\ntype: person\noffices: [{role: y, from: 17-01}]\n"),
        ("actor", "records: {fr: {name: France}}\n"),
        ("actor", "name: x\ntype: state\nrecords: {fr: {name: France, type: state}}\n"),
        ("topic", "records: []\n"),
        ("page", "records: {a: {title: x}}\n"),
        ("site", "title: x\nbody: y\n"),
        ("site", "title: x\nlanguage: english!\n"),
    ],
)
def test_editors_complain(kind: Any, text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.load(text, EditorLoader), json_schema(kind))  # noqa: S506 - it is a SafeLoader


def test_the_schema_explains_its_fields() -> None:
    definitions = json_schema("actor")["$defs"]
    assert definitions["ActorHeader"]["properties"]["sort_name"]["description"].startswith("The name under which")
    assert definitions["ActorHeader"]["properties"]["embargo"]["description"].startswith("Not shown before")
    assert definitions["Office"]["properties"]["until"]["description"].startswith("The last day")


def test_field_docs() -> None:
    docs = field_docs(NoteHeader)
    assert docs["summary"] == "The standfirst: one or two sentences in plain text."
    assert docs["draft"] == "True keeps it out of every build but previews."
    assert field_docs(Mixed) == {}
