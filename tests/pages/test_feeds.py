"""Feeds are valid, stay the same while their notes do, and bring what they promise."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

import feedparser
import pytest

from tests.kit.feed_rules import atom_faults, json_feed_faults
from tests.kit.small_sites import NOW, codes, example_site, note, run, small_site, tree, write

URL = "https://desk.example.org/briefings/"
ODD = (
    'title: "<b>Desk</b> & \\"Söhne\\" ]]> \U0001f30d"\ndescription: "<script>&amp;"\n'
    "url: https://desk.example.org/briefings\ntimezone: Asia/Seoul\nlanguage: de-CH\n"
)


def feeds(site: Path) -> dict[str, bytes]:
    """Every feed of the site's output."""
    return {path: data for path, data in tree(site / "_site").items() if path.rpartition("/")[2] in ("feed.xml", "feed.json")}


def rules(path: str) -> Callable[[bytes, str], list[str]]:
    """The rules for the form of a feed that is published at `path`."""
    return atom_faults if path.endswith(".xml") else json_feed_faults


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = example_site(tmp_path_factory.mktemp("example"), f"url: {URL}")
    assert codes(run(site)) == []
    return site


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A site whose words and ids are such as XML and JSON must take care of."""
    files: dict[str, str | bytes | None] = {
        "content/site.yaml": ODD,
        "content/topics/über.yaml": 'name: "A < B & \\"C\\" \u202e"\n',
        "content/notes/n.md": note('"<i>1</i> & 2 ]]> &amp;"', "1890-01-01", topics="[über]", summary="\"Say 'x' <br> & \\t y\""),
        "content/notes/o.md": note("O", "2017-12-15T23:59:59.5+09:00", topics="[über]", updated="2017-12-16"),
    }
    site = small_site(tmp_path, files)
    # What looks like markup in headers is told, and published as it is written.
    assert set(codes(run(site))) == {"hidden-character", "markup-as-text"}
    return site


def test_every_feed_of_the_example_site_is_valid(example: Path) -> None:
    found = feeds(example)
    assert len(found) > 150
    for path, data in found.items():
        faults = rules(path)(data, URL + quote(path))
        assert faults == [], path


def test_feeds_of_odd_words_and_of_nothing_are_valid(odd: Path, tmp_path: Path) -> None:
    empty = write(tmp_path / "empty", {"content/site.yaml": ODD})
    assert set(codes(run(empty))) == {"markup-as-text"}
    for site in (odd, empty):
        for path, data in feeds(site).items():
            faults = rules(path)(data, URL + quote(path))
            assert faults == [], path
    parsed = feedparser.parse((odd / "_site/topics/über/feed.xml").read_bytes())
    assert not parsed.bozo
    assert [entry.title_detail for entry in parsed.entries] == [
        {"type": "text/plain", "language": "de-CH", "base": "", "value": value} for value in ("O", "<i>1</i> & 2 ]]> &amp;")
    ]
    assert [tag.term for tag in parsed.entries[0].tags] == ["über"]
    assert json.loads((odd / "_site/feed.json").read_bytes())["title"] == '<b>Desk</b> & "Söhne" ]]> \U0001f30d'


def test_no_two_feeds_are_called_the_same(example: Path) -> None:
    found = feeds(example)
    ids = {path: feedparser.parse(data).feed.id for path, data in found.items() if path.endswith(".xml")}
    assert ids == {path: URL + quote(path.removesuffix("feed.xml")) for path in ids}
    forms = {path: json.loads(data) for path, data in found.items() if path.endswith(".json")}
    assert {path: form["feed_url"] for path, form in forms.items()} == {path: URL + quote(path) for path in forms}
    pages = {form["home_page_url"] for form in forms.values()}
    # The feed of corrections is the home page's second one.
    assert len(pages) == len(forms) - 1
    assert all((example / "_site" / unquote(address.removeprefix(URL)) / "index.html").is_file() for address in pages)


def test_the_two_forms_of_a_feed_and_feedparser_agree(example: Path) -> None:
    found = feeds(example)
    assert sum(path.endswith(".xml") for path in found) > 50
    for path, data in found.items():
        if path.endswith(".xml"):
            atom = feedparser.parse(data)
            form: dict[str, Any] = json.loads(found[path.replace(".xml", ".json")])
            assert not atom.bozo
            assert (atom.feed.title, atom.feed.language) == (form["title"], "en-GB")
            assert [(e.id, e.link, e.title, e.summary, e.published, e.updated) for e in atom.entries] == [
                (i["id"], i["url"], i["title"], i["summary"], i["date_published"], i["date_modified"]) for i in form["items"]
            ]
            assert [[tag.label for tag in e.get("tags", ())] for e in atom.entries] == [i["tags"] for i in form["items"]]


def test_a_feed_brings_the_newest_notes_without_their_texts(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {
        f"content/notes/n{i:02}.md": note(
            f"Note {i}", f"2017-01-{i % 28 + 1:02}", "Secret sauce.\n", topics="[mediation]", actors="[japan]"
        )
        for i in range(60)
    }
    site = small_site(tmp_path, files)
    assert codes(run(site)) == []
    found = {path: json.loads(data)["items"] for path, data in feeds(site).items() if path.endswith(".json")}
    assert {path: len(items) for path, items in found.items()} == {
        "feed.json": 50,
        "corrections/feed.json": 0,
        "topics/mediation/feed.json": 20,
        "actors/japan/feed.json": 20,
        "actors/un/feed.json": 1,
        "actors/guterres/feed.json": 1,
    }
    for items in found.values():
        dates = [item["date_published"] for item in items]
        assert dates == sorted(dates, reverse=True)
    assert found["feed.json"][0]["title"] == "UN offers to mediate"
    assert not any(b"Secret sauce" in data for data in feeds(site).values())


def test_dates_are_the_notes_own(odd: Path) -> None:
    items = {item["id"]: item for item in json.loads((odd / "_site/feed.json").read_bytes())["items"]}
    # A day begins in the site's time zone, whose offset had seconds in 1890; what has a time keeps it.
    assert items[f"{URL}notes/n/"]["date_published"] == "1889-12-31T15:32:08Z"
    assert (items[f"{URL}notes/o/"]["date_published"], items[f"{URL}notes/o/"]["date_modified"]) == (
        "2017-12-15T14:59:59Z",
        "2017-12-15T15:00:00Z",
    )
    before = feeds(odd)
    assert run(odd, now=NOW + dt.timedelta(days=400), clean=True).ok
    assert feeds(odd) == before


@pytest.mark.parametrize(
    ("zone", "date", "header", "modified"),
    [
        # Midnight in Tokyo is 15:00 in UTC of the day before.
        ("Asia/Tokyo", "2026-02-01T23:30:00Z", {"updated": "2026-02-02"}, "2026-02-01T23:30:00+00:00"),
        ("Asia/Tokyo", "2026-02-01T23:30:00Z", {"updated": "2026-02-03"}, "2026-02-03T00:00:00+09:00"),
        ("Asia/Tokyo", "2026-02-02", {"updated": "2026-02-01T20:00:00Z"}, "2026-02-02"),
        ("Asia/Tokyo", "2026-02-02", {"updated": "2026-02-02T20:00:00Z"}, "2026-02-02T20:00:00+00:00"),
        ("America/New_York", "2026-02-02T03:00:00Z", {"updated": "2026-02-01"}, "2026-02-02T03:00:00+00:00"),
        ("America/New_York", "2026-02-02T03:00:00Z", {"updated": "2026-02-02"}, "2026-02-02T00:00:00-05:00"),
        ("UTC", "2026-02-01T23:30:00-10:00", {"updated": "2026-02-02"}, "2026-02-01T23:30:00-10:00"),
        ("UTC", "2026-02-02T00:30:00+14:00", {"updated": "2026-02-01T23:00:00Z"}, "2026-02-01T23:00:00+00:00"),
        ("UTC", "2026-02-02", {"updated": "2025-12-31"}, "2026-02-02"),
        ("UTC", "2026-02-02", {"updated": "2026-02-03"}, "2026-02-03"),
        ("UTC", "2026-02-02", {}, "2026-02-02"),
        (
            "Asia/Tokyo",
            "2026-02-01T23:30:00Z",
            {"updated": "2026-02-01T23:45:00Z", "corrections": "[{date: 2026-02-02, note: A.}, {date: 2026-02-01, note: B.}]"},
            "2026-02-01T23:45:00+00:00",
        ),
        ("Pacific/Kiritimati", "2026-02-01", {"corrections": "[{date: 2026-02-01T10:30:00Z, note: A.}]"}, "2026-02-01T10:30:00+00:00"),
        ("Pacific/Pago_Pago", "2026-02-02T10:30:00Z", {"corrections": "[{date: 2026-02-02, note: A.}]"}, "2026-02-02T00:00:00-11:00"),
        ("Asia/Seoul", "1890-01-01T00:00:00Z", {"updated": "1890-01-05"}, "1890-01-04T15:32:08+00:00"),
    ],
)
def test_no_change_comes_before_what_it_changed(zone: str, date: str, header: dict[str, str], modified: str, tmp_path: Path) -> None:
    settings = f"title: Desk\nurl: {URL}\ntimezone: {zone}\n"
    site = small_site(tmp_path, {"content/site.yaml": settings, "content/notes/n.md": note("N", date, **header)})
    # Some of these dates are odd, and are told as such.
    assert set(codes(run(site, now=dt.datetime(2026, 3, 1, tzinfo=dt.UTC)))) <= {"odd-dates"}
    (entry,) = [entry for entry in feedparser.parse((site / "_site/feed.xml").read_bytes()).entries if entry.title == "N"]
    (item,) = [item for item in json.loads((site / "_site/feed.json").read_bytes())["items"] if item["title"] == "N"]
    assert (entry.published, entry.updated) == (item["date_published"], item["date_modified"])
    html = (site / "_site/notes/n/index.html").read_text(encoding="utf-8")
    found = re.search(r'"datePublished":"([^"]+)","dateModified":"([^"]+)"', html)
    assert found is not None
    lines = re.findall(r"/notes/n/</loc><lastmod>(.*?)</lastmod>", (site / "_site/sitemap.xml").read_text(encoding="utf-8"))
    assert [found[2], *lines] == [modified, modified]
    # Who reads them need not know in which zone a day alone is meant.
    for reader in (dt.UTC, ZoneInfo(zone)):
        for published, changed in ((item["date_published"], item["date_modified"]), (found[1], found[2])):
            first, second = (dt.datetime.fromisoformat(text) for text in (published, changed))
            assert (first if first.tzinfo else first.replace(tzinfo=reader)) <= (second if second.tzinfo else second.replace(tzinfo=reader))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2026-02-02", "2026-02-02"),
        ("2026-02-02T20:00:00Z", "2026-02-02T20:00:00+00:00"),
        ("2026-02-02T20:00+09:00", "2026-02-02T20:00:00+09:00"),
    ],
)
def test_what_a_search_engine_reads_has_a_time_only_where_the_author_wrote_one(written: str, told: str, tmp_path: Path) -> None:
    settings = f"title: Desk\nurl: {URL}\ntimezone: Asia/Tokyo\n"
    sources = "[{id: s1, title: T, date: 2026-02-01}]"
    corrections = "[{date: 2026-02-02T21:00:00Z, note: A.}]"
    text = note("N", written, "A[@s1].\n", sources=sources, corrections=corrections)
    site = small_site(tmp_path, {"content/site.yaml": settings, "content/notes/n.md": text})
    assert codes(run(site, now=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))) == []
    html = (site / "_site/notes/n/index.html").read_text(encoding="utf-8")
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert data is not None
    assert json.loads(data[1])["@graph"][0]["datePublished"] == told
    times = re.findall(r'"date[A-Z]\w+":"([^"]+)"', data[1])
    assert len(times) == 4
    # A time without an offset would be read in whatever zone the reader has.
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d[+-]\d\d:\d\d)?", one) for one in times)


def test_an_edit_of_a_text_touches_no_feed_and_one_of_a_title_touches_its_own(tmp_path: Path) -> None:
    other = "content/notes/2017-12-16-other.md"
    about = {"topics": "[mediation]", "actors": "[japan]", "updated": "2017-12-16"}
    site = small_site(tmp_path, {other: note("Other", "2017-12-16", "Old.\n", **about)})
    assert run(site).ok
    before = tree(site / "_site")

    def changed() -> set[str]:
        nonlocal before
        report = run(site, verify=False)
        assert codes(report) == []
        now = tree(site / "_site")
        differing = {path for path in now.keys() | before.keys() if now.get(path) != before.get(path)}
        assert report.written + report.removed == len(differing)
        before = now
        return differing

    write(site, {other: note("Other", "2017-12-16", "New.\n", **about)})
    assert changed() == {"notes/other/index.html", "notes/other/index.json", "search/2017-12/words-0.js"}
    write(site, {other: note("Another", "2017-12-16", "New.\n", **about)})
    assert {path for path in changed() if "feed." in path} == {
        f"{folder}feed.{suffix}" for folder in ("", "topics/mediation/", "actors/japan/", "changes/") for suffix in ("xml", "json")
    }
    write(site, {other: note("Another", "2017-12-16", "New.\n", **about | {"updated": "2017-12-17"})})
    assert changed() >= {"feed.xml", "topics/mediation/feed.xml", "actors/japan/feed.xml", "sitemap.xml", "notes/other/index.json"}
    assert run(site, verify=True).ok


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("<title>UN offers to mediate</title>", "", "title"),
        ("<updated>2017-12-15T00:00:00Z</updated>\n<author>", "<author>", "updated"),
        ("2017-12-15T00:00:00Z</published>", "2017-12-15</published>", "RFC 3339"),
        ('rel="self"', 'rel="via"', "self"),
        ("feed.xml", "other.xml", "self"),
        ("<id>https://desk.example.org/briefings/notes/un-offer/</id>", "<id>notes/un-offer/</id>", "id"),
        ('href="https://desk.example.org/briefings/notes/un-offer/"', 'href="notes/un-offer/"', "absolute"),
        ('xml:lang="en"', 'xml:lang="english language"', "language"),
        ('term="un"', "", "term"),
        ("<author>", "<writer>", "XML"),
        ("</entry>", "</entry><entry><id>x:y</id></entry>", "title"),
    ],
)
def test_the_rules_of_atom_find_what_is_wrong(tmp_path: Path, old: str, new: str, fault: str) -> None:
    site = small_site(tmp_path)
    assert run(site).ok
    text = (site / "_site/feed.xml").read_text(encoding="utf-8")
    assert atom_faults(text.encode(), URL + "feed.xml") == []
    assert old in text
    assert any(fault in found for found in atom_faults(text.replace(old, new).encode(), URL + "feed.xml"))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"version": "1"}, "version"),
        ({"title": ""}, "title"),
        ({"feed_url": "feed.json"}, "feed_url"),
        ({"language": "x y"}, "language"),
        ({"authors": [{}]}, "author"),
        ({"items": [{}]}, "id"),
        ({"items": [{"id": "a", "content_text": "x", "url": "y"}]}, "url"),
        ({"items": [{"id": "a", "content_text": "x", "date_published": "2017"}]}, "RFC 3339"),
        ({"items": [{"id": "a"}]}, "content"),
        ({"items": [{"id": "a", "content_text": "x", "tags": [1]}]}, "tags"),
        ({"more": 1}, "more"),
    ],
)
def test_the_rules_of_json_feed_find_what_is_wrong(tmp_path: Path, change: dict[str, Any], fault: str) -> None:
    site = small_site(tmp_path)
    assert run(site).ok
    feed = json.loads((site / "_site/feed.json").read_bytes())
    assert any(fault in found for found in json_feed_faults(json.dumps(feed | change).encode(), URL + "feed.json"))
