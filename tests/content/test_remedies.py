"""A remedy that says what to write is followed to the letter, and then the file is in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefings.content.parse import parse, parse_config
from briefings.content.records import HEADERS
from briefings.content.schema.foreign_keys import key_advice, key_meant
from briefings.core.config import SiteConfig
from briefings.core.diagnostics import CODES, Diagnostic
from tests.content.test_diagnostics import BEYOND_TEXT, MAP, OF_CHECK, OF_DEPLOY, SECTIONS, TOLD_ONCE
from tests.kit.remedies import followed
from tests.kit.small_sites import run, small_site, write

A = "content/notes/a.md"
H = "title: A\ndate: 2017-12-18\n"
CONFIG = SiteConfig(title="Desk", timezone="America/New_York")
MISTAKES = {
    # Text that YAML takes for something else.
    "title: [Update] Talks resume\ndate: 2017-12-18\n": 'put the value in quotes: title: "[Update] Talks resume"',
    "title: {draft} Talks\ndate: 2017-12-18\n": 'put the value in quotes: title: "{draft} Talks"',
    H + "dateline: {place: Washington, D.C.}\n": 'put the value in quotes: place: "Washington, D.C."',
    H + "dateline: {place: A, B, C, agency: TASS}\n": 'put the value in quotes: place: "A, B, C"',
    H + "dateline:\n  {place: Washington, D.C., agency: TASS}\n": 'put the value in quotes: place: "Washington, D.C."',
    H + "actors: [{id: un, role: speaker, host}]\n": 'put the value in quotes: role: "speaker, host"',
    H + "figures: [{measure: m, value: 1,204,000, as_of: 2017-12-18}]\n": "write value: 1204000",
    H + "summary: #2375 is out\n": 'put the text in quotes: summary: "#2375 is out"',
    H + "summary: Council: #2375 is out\n": 'put the value in quotes: summary: "Council: #2375 is out"',
    H + "topics:\n  - #2375\n": 'put the text in quotes: - "#2375"',
    H + "topics: [un, resolution #2]\n": 'put the value in quotes: "resolution #2"',
    H + "summary: Resolution #2375\n": 'write summary: "Resolution #2375"; for a comment, put a space behind the #',
    H + "summary: 'it's'\n": 'quote the whole value: summary: "it\'s"',
    # Colons, hyphens and columns.
    "title: A\ndate:2017-12-18\n": "write date: 2017-12-18",
    "title:A\ndate: 2017-12-18\n": "write title: A",
    "title: A\ndate\uff1a2017-12-18\n": "write date: 2017-12-18",
    H + "summary = x\n": "write summary: x",
    H + "topics:\n- mediation\n-un\n": "write - un",
    H + "topics:\n  * mediation\n": "write - mediation",
    H + "actors:\n  - us: speaker\n": "write {id: us, role: speaker}",
    H + "topics:\n  mediation\n  un\n": "write topics: [mediation, un]",
    H + "topics:\n  -mediation\n  -un\n": "write topics: [mediation, un]",
    H + "topics:\n  -mediation\n": "write topics: [mediation]",
    H + "sources:\n  - id: s1\n   title: x\n": "begin title in the same column as the other keys of its mapping",
    H + "summary: |\n    One\n  two\n": "indent it by 4 spaces",
    H + "summary: |\n    One\n  two\n   three\n    four\nkind: brief\n": "indent it and the line below it by 4 spaces",
    H + "dateline:\n  place: |-\n      One\n    two\n\n    three\n": "indent it and the 2 lines below it by 6 spaces",
    H + "dateline:\n\tplace: x\n": "indent with spaces",
    # Words of other programs, and other spellings.
    H + "tags: [mediation]\n": 'did you mean "topics"?',
    H + "Description: x\n": 'did you mean "summary"?',
    H + "events: [{id: e, title: T, date: 2017-12-18, to: 2017-12-19}]\n": 'did you mean "until"?',
    H + "events: [{id: e, title: T, date: 2017-12-18, end_date: 2017-12-19}]\n": 'did you mean "until"?',
    H + "corrections: [{date: 2017-12-19, wrong: a, correct: b}]\n": 'did you mean "right"?',
    H + "titel: x\n": 'delete it: "title" is there already',
    H + "author: Jane Roe\n": key_advice("author"),
    H + "layout: post\n": key_advice("layout"),
    # Keys that kept a note from readers: a remedy must not publish it.
    **{
        H + f"{line}\n": "write draft: true in its place"
        for line in ("published: false", "publish: no", "public: false", "status: draft", "status: in review", "private: true")
    },
    **{H + f"{line}\n": "write draft: true in its place" for line in ("hidden: true", "visibility: private", "unlisted: yes", "live: 0")},
    **{
        H + f"{line}\n": "delete it: a record is published unless it says draft: true"
        for line in ("published: true", "status: published", "private: false", "hidden: no", "visibility: Public")
    },
    H + "draft: no\n": "write false",
    H + "positions: [{actor: un, proposition: p, stance: pro}]\n": 'did you mean "for"?',
    H + "marking: TLP AMBER\n": 'did you mean "TLP:AMBER"?',
    H + "sources: [tass]\n": "write {id: tass, source: tass}",
    H + "sources: [https://example.org]\n": "write {id: s1, url: https://example.org}",
    H + "dateline: Geneva\n": "write dateline: {place: Geneva}",
    # Dates.
    "title: A\ndate: 15.12.2017\n": "write 2017-12-15",
    "title: A\ndate: 31/12/2017\n": "write 2017-12-31",
    "title: A\ndate: Dec 15, 2017\n": "write 2017-12-15",
    "title: A\ndate: 15th December 2017\n": "write 2017-12-15",
    "title: A\ndate: “2017-12-18”\n": "write 2017-12-18",
    # The offset that the author wrote, and not that of the site.
    H + "embargo: 2017-12-18 20:00 EST\n": "write 2017-12-18T20:00-05:00",
    H + "embargo: 2017-12-18 8:30 p.m. (CET)\n": "write 2017-12-18T20:30+01:00",
    H + "embargo: 2017-12-18 12:05 am UTC+9\n": "write 2017-12-18T00:05+09:00",
    H + "embargo: 2017-12-18T20:00+0100\n": "write 2017-12-18T20:00+01:00",
    H + "embargo: 2017-12-18T20:00\u22125\n": "write 2017-12-18T20:00-05:00",
    H + "embargo: 2017-12-18T8:00Z\n": "write 2017-12-18T08:00Z",
}
"""Headers with one mistake each, and the remedy."""


def found_in(header: str) -> tuple[str, tuple[Diagnostic, ...]]:
    text = f"---\n{header}---\nText.\n"
    return text, parse(A, text.encode(), CONFIG).diagnostics


@pytest.mark.parametrize("header", MISTAKES)
def test_a_remedy_that_is_followed_mends_the_header(header: str) -> None:
    text, (found,) = found_in(header)
    assert found.remedy == MISTAKES[header]
    mended = followed(text, found)
    assert mended is not None, found
    assert parse(A, mended.encode(), CONFIG).diagnostics == (), mended


@pytest.mark.parametrize(
    ("header", "remedy"),
    [
        (H.replace("18\n", "18 14:30\n"), "write it with its offset, as in 2017-12-18T14:30-05:00"),
        (H.replace("12-18\n", "07-18 14:30\n"), "write it with its offset, as in 2017-07-18T14:30-04:00"),
        (H.replace("2017-12-18", "12/05/2017"), "write 2017-05-12 or 2017-12-05, whichever is meant"),
        (H.replace("18\n", "18 8:00 pm\n"), "write it with its offset, as in 2017-12-18T20:00-05:00"),
        (H.replace("18\n", "18 20:00 CST\n"), "write the offset of CST in digits in its place, such as +01:00 or -05:00"),
        (H.replace("18\n", "18 25:00\n"), "correct it"),
        (H + "actors: {us: speaker}\n", "write {id: us, role: speaker}, after a - in a line of its own; so on for each"),
        (
            H + "sources: {s1: {title: A}}\n",
            "write - id: s1 in a line of its own, and its other keys below in the column of id; so on for each",
        ),
        (
            H + "publishDate: 2018-01-01\n",
            "write embargo: 2018-01-01 in its place if readers are not to see it before then, or else delete it",
        ),
        (
            H + "draft: false\nhidden: true\n",
            "delete it if draft says what you mean; only with draft: true is the record kept from readers",
        ),
        (H + "marking: TLP:CLEAR\ntlp: RED\n", 'keep one of the two: "marking" is there already'),
        (H + "summary: |\nText\n", "begin each of its lines with two spaces more than its key"),
        (H + "\u00a0summary: x\n", "indent it with ordinary spaces, as the other keys of its mapping"),
        (H + "topics: [a, , b]\n", "delete the comma, or put the value in quotes if it is text"),
        (
            H + "summary: The Council\n  adopted #2375\n  and more\n",
            "put the whole text in quotes, from its first line to its last, or delete the comment",
        ),
        (
            H + "summary: x\n  note: y\n",
            "begin note in the same column as the other keys of its mapping; if it belongs to the text above, put all of that in quotes",
        ),
        (
            H + "events:\n  id: x\n  title: t\n  date: 2017-12-18\n",
            'make it an item of a list: put "- " before its first key and two spaces before the others, or [ ] around its braces',
        ),
    ],
)
def test_remedies_that_leave_a_choice(header: str, remedy: str) -> None:
    assert [one.remedy for one in found_in(header)[1]] == [remedy]


def test_the_settings_have_remedies_too() -> None:
    text = "title: Desk: a site\nurl: https://desk.example.org/\n"
    _, (found,) = parse_config("content/site.yaml", text.encode())
    mended = followed(text, found)
    assert mended is not None
    assert parse_config("content/site.yaml", mended.encode())[1] == ()


@pytest.mark.parametrize("kind", HEADERS)
def test_no_key_of_ours_is_taken_for_that_of_another_program(kind: str) -> None:
    for name in HEADERS[kind].__struct_fields__:  # type: ignore[index] # the key is a kind
        assert key_meant(name, HEADERS[kind].__struct_fields__) == name  # type: ignore[index]


@pytest.mark.parametrize("code", [c for c in CODES if c not in {*BEYOND_TEXT, *OF_DEPLOY, *OF_CHECK, *TOLD_ONCE}])
def test_the_remedy_of_a_wrong_example_mends_it(code: str, tmp_path: Path) -> None:
    wrong = SECTIONS[code].wrong
    site = small_site(tmp_path, {**MAP, **wrong})
    told = run(site).diagnostics
    for _ in told:
        one = next((one for one in told if one.code == code and one.place.path in wrong), None)
        mended = followed((site / one.place.path).read_text(encoding="utf-8"), one) if one else None
        if one is None or mended is None:
            pytest.skip("this remedy leaves a choice, or tells of another file; the right example proves it")
        write(site, {one.place.path: mended})
        told = run(site).diagnostics
        if not told:
            return
    pytest.fail(f"{told} is left of {wrong}")
