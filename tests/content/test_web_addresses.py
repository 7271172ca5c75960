"""Web addresses: what is mistyped is told with the address that was meant, and an address is encoded once, when it is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from briefings.content.checks.web_addresses import address_fault, meant, misprint
from briefings.core.urls import as_ascii, is_web
from tests.content.test_messages import said
from tests.kit.small_sites import codes, note, run, small_site

A = "content/notes/a.md"
SITE = "https://desk.example.org/briefings/"
MISTYPED = {
    "htps://example.org": "https://example.org",
    "htp://example.org/a": "http://example.org/a",
    "ttps://example.org": "https://example.org",
    "hhttps://example.org": "https://example.org",
    "http:/example.org": "http://example.org",
    "https:example.org": "https://example.org",
    "https:///example.org/a": "https://example.org/a",
    "https://https://example.org/a": "https://example.org/a",
    "https://http//example.org/a": "http://example.org/a",
    "https://example..org/a..b": "https://example.org/a..b",
}
"""Addresses that browsers follow to nowhere, and what they were meant to be."""
NO_ADDRESS = {
    "https//example.org": "https://example.org",
    "https;//example.org": "https://example.org",
    "//example.org/a": "https://example.org/a",
    "www.example.org": "https://www.example.org",
    "vote.gov": "https://vote.gov",
    "example.org/minutes.pdf": "https://example.org/minutes.pdf",
    "example.org:8080/a": "https://example.org:8080/a",
    "localhost:8000": "http://localhost:8000",
    "https://example.org/a b.pdf": "https://example.org/a%20b.pdf",
    "https://example.org:port/a": "https://example.org/a",
    " https://example.org/ ": "https://example.org/",
    "<https://example.org/>": "https://example.org/",
    "doi:10.1000/182": "https://doi.org/10.1000/182",
    "https:\\\\example.org\\a": "https://example.org/a",
}
"""Values that no browser would take for an address with a host, and what they were meant to be."""
RIGHT = [
    *("https://example.org", "HTTPS://Example.org/a", "//example.org/a", "https://web.archive.org/web/2017/https://example.org/"),
    *(
        "https://httpbin.example/a",
        "https://https.example.org/",
        "https://[::1]:80/",
        "https://user@example.org/",
        "https://a_b.example.org",
    ),
    *(
        "https://bücher.example/",
        "http://localhost:8000",
        "https://example.org?q=..",
        "https://example.org./",
        "https://xn--bcher-kva.example/",
    ),
]
OTHER_SCHEMES = ["hxxps://example.org", "ftp://example.org", "obsidian://open", "tftp://example.org", "mailto:desk@example.org", "tel:+41"]


@pytest.mark.parametrize("written", MISTYPED)
def test_a_mistyped_link_is_told_with_what_was_meant(written: str, tmp_path: Path) -> None:
    site = small_site(tmp_path, {A: note(body=f"[x]({written})\n")})
    (found,) = run(site).diagnostics
    assert (found.code, found.severity, found.remedy) == ("odd-address", "warning", f"write {MISTYPED[written]}")
    assert (found.place.line, found.place.column, found.place.width) == (6, 5, len(written))
    small_site(tmp_path, {A: note(body=f"[x]({MISTYPED[written]})\n")})
    assert codes(run(site)) == []


@pytest.mark.parametrize("written", ["https://", "http:///", "//"])
def test_a_link_without_a_host(written: str, tmp_path: Path) -> None:
    (found,) = said(small_site(tmp_path, {A: note(body=f"[x]({written})\n")}))
    remedy = "write the whole address, as in https://example.org/page, or delete the link"
    assert found == f'{A}:6:5 odd-address: "{written}" names no host | {remedy}'


def test_links_in_raw_html(tmp_path: Path) -> None:
    files = {A: note(body='<a href="htps://example.org">x</a>\n'), "content/site.yaml": f"title: Desk\nurl: {SITE}\nraw_html: true\n"}
    assert said(small_site(tmp_path, files)) == [f'{A}:6:10 odd-address: there is no scheme "htps:" | write https://example.org']


@pytest.mark.parametrize("written", [*RIGHT, *OTHER_SCHEMES])
def test_what_is_right_is_left_alone(written: str) -> None:
    assert misprint(written) is None


@pytest.mark.parametrize("written", [*MISTYPED, *NO_ADDRESS])
def test_the_address_that_was_meant_is_one(written: str) -> None:
    better = (MISTYPED | NO_ADDRESS)[written]
    told = address_fault(written) or misprint(written)
    assert told is not None
    assert told[1] == f"write {better}"
    assert is_web(better)
    assert misprint(better) is None


@pytest.mark.parametrize(
    ("written", "file"),
    [
        *(("minutes.pdf", "minutes.pdf"), ("../x.pdf", "x.pdf"), ("/assets/Straße.pdf", "Stra%C3%9Fe.pdf"), ("readme.md", "readme.md")),
        *(("C:\\desk\\y.pdf", "y.pdf"), ("file:///desk/y.pdf", "y.pdf"), ("minutes", "minutes")),
    ],
)
def test_a_file_is_put_where_it_has_an_address(written: str, file: str) -> None:
    message = f'"{written}" is not a web address'
    assert address_fault(written, SITE) == (message, f"put the file into content/assets/ and write {SITE}assets/{file}")
    assert meant(written) is None


@pytest.mark.parametrize("written", ["desk@example.org", "see the minutes", "urn:isbn:1", "mailto:desk@example.org", "ftp://example.org"])
def test_what_can_be_no_web_address(written: str) -> None:
    assert address_fault(written) == (
        f'"{written}" is not a web address',
        "write an address that begins with https:// and a host, as in https://example.org/page",
    )


def test_headers_and_settings(tmp_path: Path) -> None:
    files = {
        A: note(sources="\n  - {id: s1, url: minutes.pdf}\n  - {id: s2, url: 'htps://example.org'}"),
        "content/notes/b.md": note(sources="\n  - {id: s2, archived: 'https://example..org'}"),
        "content/sources/tass.yaml": "name: TASS\nurl: tass.com\n",
        "content/site.yaml": f"title: Desk\nurl: {SITE}\nnavigation:\n  - title: Parent\n    to: https//example.org\n",
    }
    assert said(small_site(tmp_path, files)) == [
        (f'{A}:5:19 bad-url: "minutes.pdf" is not a web address | put the file into content/assets/ and write {SITE}assets/minutes.pdf'),
        f'{A}:6:19 bad-url: "htps://example.org" is not a web address | write https://example.org',
        'content/notes/b.md:5:24 odd-address: "example..org" cannot be a host: there is nothing between two dots | write https://example.org',
        'content/site.yaml:5:9 broken-link: this site has no page or asset at "/https//example.org" | write https://example.org',
        'content/sources/tass.yaml:2:6 bad-url: "tass.com" is not a web address | write https://tass.com',
    ]


def test_a_site_whose_address_is_empty_has_none(tmp_path: Path) -> None:
    site = small_site(tmp_path, {"content/site.yaml": 'title: Desk\nurl: ""\n'})
    assert codes(run(site)) == ["missing-url"]
    assert "<loc>http://localhost/notes/</loc>" in (site / "_site/sitemap.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("https://example.org/a%20b", "https://example.org/a%20b"),
        ("https://bücher.example/straße?q=ä&r=%20#ö", "https://xn--bcher-kva.example/stra%C3%9Fe?q=%C3%A4&r=%20#%C3%B6"),
        ("https://straße.example:8080/", "https://xn--strae-oqa.example:8080/"),
        ("https://日本語。jp/", "https://xn--wgv71a119e.jp/"),
        ("https://example.org/ü?a=[1]", "https://example.org/%C3%BC?a=[1]"),
    ],
)
def test_an_address_is_encoded_as_it_travels(written: str, expected: str) -> None:
    assert as_ascii(written) == expected
    assert as_ascii(expected) == expected


def test_every_page_and_feed_writes_an_address_alike(tmp_path: Path) -> None:
    written = "https://bücher.example/straße"
    files = {
        A: note(body=f"[x]({written}) [@s1]\n", sources=f"[{{id: s1, title: T, url: '{written}', archived: '{written}'}}]"),
        "content/sources/tass.yaml": f"name: TASS\nurl: {written}\n",
        "content/site.yaml": f"title: Desk\nurl: {written}\nnavigation: [{{title: Books, to: '{written}'}}]\n",
    }
    site = small_site(tmp_path, files)
    assert codes(run(site)) == []
    for path in (site / "_site").rglob("*"):
        if path.is_file():
            assert "bücher".encode() not in path.read_bytes(), path
    assert "https://xn--bcher-kva.example/stra%C3%9Fe/notes/a/" in (site / "_site/feed.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "column", "what"),
    [
        ("See [it]() now.", 9, "link has no address, so it leads to the top of its own page"),
        ("See [it](<>).", 10, "link has no address, so it leads to the top of its own page"),
        ("See [it]( ).", 9, "link has no address, so it leads to the top of its own page"),
        ("See [it].\n\n[it]: <>", 7, "link has no address, so it leads to the top of its own page"),
        ("See ![it]().", 10, "picture has no address, so readers see its words alone"),
    ],
)
def test_an_address_that_is_empty_is_told(tmp_path: Path, text: str, column: int, what: str) -> None:
    site = small_site(tmp_path, {A: note(body=f"{text}\n")})
    report = run(site)
    assert codes(report) == ["odd-address"]
    (found,) = report.diagnostics
    assert found.message == f"this {what}"
    assert found.place.column == column
    assert re.match("write the (?:address|name of the file) between the parentheses", found.remedy)


def test_a_title_without_an_address_is_told(tmp_path: Path) -> None:
    report = run(small_site(tmp_path, {A: note(body='See [it]( "Title").\n')}))
    assert codes(report) == ["broken-link"]
    assert report.diagnostics[0].remedy == 'write an address before the title, as in [words](note:un-offer "Title")'
    report = run(small_site(tmp_path / "other", {A: note(body='See [it]( "A title").\n')}))
    assert codes(report) == ["markup-as-text"]
    assert report.diagnostics[0].remedy == 'write an address before the title, as in [it](note:un-offer "A title")'


def test_the_top_of_a_page_is_a_place(tmp_path: Path) -> None:
    assert not codes(run(small_site(tmp_path, {A: note(body="To the [top](#).\n")})))
