"""How a note is cited: BibTeX and CSL-JSON that programs can read, and a version that changes with its words alone."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.content.bodies import Body
from briefings.content.headers import NoteHeader
from briefings.content.records import Note
from briefings.content.schema.dates import NoteDate
from briefings.pages.make.cite_parts import cite_view
from briefings.pages.views.parts import PageView, SiteView
from tests.kit.small_sites import codes, note, run, small_site, write

DESK = "title: Desk & Co\nurl: https://desk.example.org/briefings/\n"
OTHER = "content/notes/other.md"
ODD = "100% of $5 & #1: a_b {x} ~ ^ \\end \"q\" 'r' 1 < 2 > 0 é 中"
_SIGNS = {
    r"\textbackslash{}": "\\",
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    **{f"\\{sign}": sign for sign in "%#$&_"},
}


def cited(site: Path) -> dict[str, str]:
    document = json.loads((site / "_site/notes/other/index.json").read_bytes())
    found: dict[str, str] = document["cite"]
    return found


def fields(entry: str) -> tuple[str, str, dict[str, str]]:
    """Type, key and fields of an entry, by the rules of BibTeX: a value ends with the brace that closes its own, whatever is escaped."""
    head = re.match(r"@(\w+)\{([^\s,{}%#~\\\"']+),\n", entry)
    assert head
    assert entry.endswith("}")
    rest, found = entry[head.end() : -1], dict[str, str]()
    while rest:
        name = re.match(r"  ([a-z]+) = \{", rest)
        assert name, rest
        depth, end = 1, name.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(rest[end], 0)
            end += 1
        found[name[1]] = rest[name.end() : end - 1]
        assert rest[end : end + 2] == ",\n"
        rest = rest[end + 2 :]
    return head[1], head[2], found


def as_typeset(value: str) -> str:
    """What TeX makes of a value: commands become their signs, and braces only group. Nothing that TeX takes for more is left bare."""
    pieces = re.split(r"(\\text\w+\{\}|\\[%#$&_])", value)
    assert not any(re.search(r"[\\%#$&_~^]", piece) for piece in pieces[::2]), value
    return "".join([_SIGNS[piece] if i % 2 else piece.replace("{", "").replace("}", "") for i, piece in enumerate(pieces)])


def test_a_note_is_cited_with_its_authors_title_site_day_version_and_address(tmp_path: Path) -> None:
    written = note(json.dumps(ODD), "2017-12-15", updated="2017-12-17", authors='[guterres, {name: "Ann {and} Sons, Ltd"}]')
    site = small_site(tmp_path, {"content/site.yaml": DESK, OTHER: written})
    assert codes(run(site)) == []
    cite = cited(site)
    assert re.fullmatch(r"2017-12-17\.[0-9a-f]{8}", cite["version"])
    kind, key, found = fields(cite["bibtex"])
    assert (kind, key) == ("online", "other")
    assert {name: as_typeset(value) for name, value in found.items() if name != "url"} == {
        "author": "António Guterres and Ann {and} Sons, Ltd",
        "title": ODD,
        "organization": "Desk & Co",
        "date": "2017-12-15",
        "year": "2017",
        "version": cite["version"],
    }
    # Names of two authors are parted by an `and` outside of braces; each is one in braces, so that none is taken apart.
    assert [part[0] + part[-1] for part in found["author"].split(" and ")] == ["{}", "{}"]
    # The address is for `\url`, which takes it as it is.
    assert found["url"] == "https://desk.example.org/briefings/notes/other/"
    [item] = json.loads(cite["csl"])
    assert item == {
        "id": "other",
        "type": "webpage",
        "title": ODD,
        "author": [{"literal": "António Guterres"}, {"literal": "Ann {and} Sons, Ltd"}],
        "container-title": "Desk & Co",
        "issued": {"date-parts": [[2017, 12, 15]]},
        "version": cite["version"],
        "language": "en",
        "URL": "https://desk.example.org/briefings/notes/other/",
    }


@pytest.mark.parametrize(("settings", "shown"), [("theme: folio", 1), ("theme: wire", 2), ("outputs: {documents: false}", 2)])
def test_the_page_shows_the_citation_and_csl_json_where_no_document_has_it(tmp_path: Path, settings: str, shown: int) -> None:
    files = {"content/site.yaml": DESK, OTHER: note("A < B & {c}", authors="[{name: Jane Doe}]")}
    site = small_site(tmp_path, files)
    assert codes(run(site)) == []
    cite = cited(site)
    write(site, {"content/site.yaml": f"{DESK}{settings}\n"})
    assert codes(run(site)) == []
    page = (site / "_site/notes/other/index.html").read_text()
    forms = [html.unescape(form) for form in re.findall(r"<pre>(.*?)</pre>", page, re.DOTALL)]
    assert forms == [cite["bibtex"], cite["csl"]][:shown]
    assert ('index.json">For programs</a>' in page) == (shown == 1)
    words = html.unescape(re.sub(r"<[^>]+>", "", page.partition("Cite this")[2].partition("</p>")[0])).strip()
    assert words == (
        f"Jane Doe: “A < B & {{c}}”, Desk & Co, 15 December 2017, version {cite['version']}, https://desk.example.org/briefings/notes/other/"
    )


BODY = "Some *words* [@s1].\n\n> Said.\n>\n> — X {marking=TLP:RED}\n\n<!-- a comment -->\n"


@pytest.mark.parametrize(
    ("title", "header", "body", "same"),
    [
        ("T", {}, BODY.replace("a comment", "another"), True),
        ("T", {}, BODY.replace("Said", "Unsaid"), True),
        ("T", {}, BODY.replace("*words*", "_words_").replace("\n\n<!--", "\n\n\n\n<!--"), True),
        ("T", {"topics": "[mediation]"}, BODY, True),
        ("T", {}, BODY.replace("words", "word"), False),
        ("T", {}, BODY + "\nMore.\n", False),
        ("U", {}, BODY, False),
        ("T", {"summary": "Short."}, BODY, False),
    ],
)
def test_the_version_changes_with_what_readers_see_of_its_words(
    tmp_path: Path, title: str, header: dict[str, str], body: str, same: bool
) -> None:
    sources = {"sources": "[{id: s1, source: tass}]"}
    site = small_site(tmp_path, {"content/site.yaml": DESK, OTHER: note("T", body=BODY, **sources)})
    run(site)
    before = cited(site)
    write(site, {OTHER: note(title, body=body, **sources, **header)})
    # A new text or title leaves all other pages as they are; the citation follows.
    assert codes(run(site, verify=True)) == []
    after = cited(site)
    assert (after["version"] == before["version"]) is same
    assert after["version"] in after["bibtex"]
    assert after["version"] in after["csl"]


def test_the_version_does_not_depend_on_what_is_withheld(tmp_path: Path) -> None:
    versions = set()
    for name, body in {"withheld": BODY, "deleted": "Some *words* [@s1].\n"}.items():
        site = small_site(tmp_path / name, {"content/site.yaml": DESK, OTHER: note("T", body=body, sources="[{id: s1, source: tass}]")})
        assert codes(run(site)) == []
        versions.add(cited(site)["version"])
    assert len(versions) == 1


_TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)


@given(_TEXTS, _TEXTS, st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=8))
def test_any_title_and_name_can_be_read_again(title: str, name: str, identifier: str) -> None:
    written = Note(identifier, "content/notes/a.md", NoteHeader(title=title, date=NoteDate("1987-12")), Body("x", version="v"))
    page = PageView(url="", root="", canonical="https://desk.example.org/", title=title, description="", section="notes", navigation=())
    site = SiteView(title=name, description="", language="en", direction="ltr", footer="", home="")
    cite = cite_view(written, ("1987-12", "1988-01-02"), (name,), page, site)
    _, key, found = fields(cite.bibtex)
    assert key.isascii()
    assert as_typeset(found["title"]) == " ".join(title.split())
    assert as_typeset(found["author"]) == " ".join(name.split())
    [item] = json.loads(cite.csl)
    assert (item["title"], item["issued"], found["date"]) == (title, {"date-parts": [[1987, 12]]}, "1987-12")
