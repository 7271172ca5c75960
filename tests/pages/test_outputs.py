"""What a site publishes besides its pages: the settings that choose it, and files that tell programs where things are."""

from __future__ import annotations

import datetime as dt
import functools
import json
import re
from pathlib import Path
from urllib import robotparser

import pytest

from briefings.content.parse import parse
from briefings.core.config import SiteConfig
from briefings.pages.frame import frame_of
from briefings.pages.make.discovery import AI_CRAWLERS, sitemap_views
from briefings.pages.plan import plan
from briefings.pages.theme_pages import ThemePages
from briefings.pages.views.machine_views import SitemapIndexView, SitemapView
from briefings.rendering.site_files import write_sitemap, write_sitemap_index
from briefings.site.link import link
from briefings.site.visibility import Readers
from tests.kit.small_sites import NOW, codes, note, run, small_site, tree, write

SITE = "content/site.yaml"
DESK = "title: Desk\nurl: https://desk.example.org/briefings/\n"
HOME = "https://desk.example.org/briefings/"


def kinds_of_files(site: Path) -> set[str]:
    """What there is in the output besides pages and the theme's files, in short."""
    names = (path for path in tree(site / "_site") if not path.endswith(".html") and not path.startswith(("theme/", ".")))
    shorter = (("^schema/.*", "schema/*"), (r"^search/.*\.js$", "search/*"), ("^(topics|actors|sources|notes)/.*/", r"\1/*/"))
    return {functools.reduce(lambda name, short: re.sub(short[0], short[1], name), shorter, name) for name in names}


FEEDS = {"feed.xml", "feed.json", "topics/*/feed.xml", "topics/*/feed.json", "actors/*/feed.xml", "actors/*/feed.json"}
FEEDS |= {"corrections/feed.xml", "corrections/feed.json"}
LISTS = {"notes/index.json", "topics/index.json", "actors/index.json", "sources/index.json", "search/index.json"}
DOCUMENTS = {"index.json", "schema/*", "notes/*/index.json", "topics/*/index.json", "actors/*/index.json", "sources/*/index.json", *LISTS}
SEARCH = {"search/*"}
OTHERS = {"sitemap.xml", "robots.txt", "manifest.webmanifest"} | SEARCH


@pytest.mark.parametrize(
    ("outputs", "expected", "absent"),
    [
        ("{}", FEEDS | DOCUMENTS | OTHERS, ()),
        ("{feeds: site}", {"feed.xml", "feed.json"} | DOCUMENTS | OTHERS, ("topics/mediation/feed", "corrections/feed")),
        ("{feeds: none}", DOCUMENTS | OTHERS, ("feed.xml", "feed.json", "Feeds:")),
        ("{documents: false}", FEEDS | OTHERS, ("index.json",)),
        ("{structured_data: false}", FEEDS | DOCUMENTS | OTHERS, ("ld+json", "schema.org")),
        ("{sitemap: false, robots: false, manifest: false}", FEEDS | DOCUMENTS | SEARCH, ("manifest.webmanifest",)),
        ("{search: false}", FEEDS | (DOCUMENTS | OTHERS) - SEARCH - {"search/index.json"}, ("search/",)),
        (
            "{feeds: site, documents: false, structured_data: false, robots: false, manifest: false}",
            {"feed.xml", "feed.json", "sitemap.xml"} | SEARCH,
            (),
        ),
    ],
)
def test_each_output_can_be_left_out(tmp_path: Path, outputs: str, expected: set[str], absent: tuple[str, ...]) -> None:
    site = small_site(tmp_path, {SITE: DESK})
    assert codes(run(site)) == []
    # From everything to less, on top of what earlier builds left; and a clean build has the same.
    write(site, {SITE: f"{DESK}outputs: {outputs}\n"})
    assert codes(run(site)) == []
    assert kinds_of_files(site) == expected
    found = tree(site / "_site")
    for path, data in found.items():
        if path.endswith(".html"):
            assert not [word for word in absent if word in data.decode()], path
    assert codes(run(site, verify=True)) == []
    assert codes(run(site, clean=True)) == []
    assert tree(site / "_site") == found
    write(site, {SITE: DESK})
    assert codes(run(site)) == []
    assert kinds_of_files(site) == FEEDS | DOCUMENTS | OTHERS


@pytest.mark.parametrize(
    "path", ["notes/un-offer/index.json", "actors/un/feed.json", "actors/un/feed.xml", "sitemap.xml", "schema/note.json"]
)
def test_what_was_damaged_is_written_again(tmp_path: Path, path: str) -> None:
    site = small_site(tmp_path)
    assert run(site).ok
    before = tree(site / "_site")
    (site / "_site" / path).unlink()
    report = run(site)
    assert ([made.url for made in report.built], report.written) == ([path], 1)
    assert tree(site / "_site") == before


def test_a_document_follows_the_text_the_links_and_the_title(tmp_path: Path) -> None:
    other = "content/notes/2017-12-16-other.md"
    site = small_site(tmp_path, {other: note("Other", "2017-12-16", "See [it](note:un-offer).\n")})
    assert run(site).ok

    def document(name: str) -> dict[str, object]:
        found: dict[str, object] = json.loads((site / f"_site/notes/{name}/index.json").read_bytes())
        return found

    assert document("other")["body"] == '<p>See <a href="../../notes/un-offer/">it</a>.</p>\n'
    write(site, {other: note("Other", "2017-12-16", "Look at [it](note:un-offer), and *think*.\n")})
    assert run(site).ok
    assert document("other")["body"] == '<p>Look at <a href="../../notes/un-offer/">it</a>, and <em>think</em>.</p>\n'
    write(site, {other: note("Another", "2017-12-16", "Look at [it](note:un-offer), and *think*.\n")})
    assert run(site).ok
    assert [link["note"]["title"] for link in document("un-offer")["backlinks"]] == ["Another"]  # type: ignore[attr-defined]  # JSON
    assert codes(run(site, verify=True)) == []


def test_a_file_beside_a_note_may_not_take_the_place_of_its_document(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {"content/notes/index.json": "{}", "content/notes/n.md": note(body="[Data](index.json)\n")}
    site = small_site(tmp_path, files)
    assert codes(run(site)) == ["address-collision"]
    write(site, {SITE: f"{DESK}outputs: {{documents: false}}\n"})
    assert codes(run(site)) == []
    assert (site / "_site/notes/n/index.json").read_text() == "{}"


def test_a_site_without_an_address_is_told_so_once(tmp_path: Path) -> None:
    site = small_site(tmp_path, {SITE: "title: Desk\n", "content/notes/n.md": note()})
    assert codes(run(site)) == ["missing-url"]
    assert codes(run(site)) == ["missing-url"]
    write(site, {"content/notes/n.md": note(body="Other.\n")})
    report = run(site)
    assert codes(report) == ["missing-url"]
    assert report.ok
    write(site, {SITE: "title: Desk\noutputs: {feeds: none, sitemap: false}\n"})
    assert codes(run(site)) == []


@pytest.mark.parametrize("setting", ["allow", "refuse"])
def test_robots_txt_asks_for_what_the_settings_say(tmp_path: Path, setting: str) -> None:
    site = small_site(tmp_path, {SITE: f"{DESK}ai_crawlers: {setting}\n"})
    assert codes(run(site)) == []
    rules = robotparser.RobotFileParser()
    rules.parse((site / "_site/robots.txt").read_text(encoding="utf-8").splitlines())
    for crawler in AI_CRAWLERS:
        assert rules.can_fetch(crawler, f"{HOME}notes/un-offer/") == (setting == "allow")
    assert rules.can_fetch("Googlebot", f"{HOME}notes/un-offer/")
    assert rules.site_maps() == [f"{HOME}sitemap.xml"]


def test_the_manifest_names_the_icons_that_the_theme_ships(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    assert codes(run(site)) == []
    manifest = json.loads((site / "_site/manifest.webmanifest").read_bytes())
    assert {icon["sizes"] for icon in manifest["icons"]} == {"180x180", "192x192", "512x512", "any"}
    for icon in manifest["icons"]:
        data = (site / "_site" / icon["src"]).read_bytes()
        if icon["type"] == "image/png":
            assert f"{int.from_bytes(data[16:20])}x{int.from_bytes(data[20:24])}" == icon["sizes"]
    write(site, {"themes/folio/assets/icon-48.png": b"\x89PNG"})
    assert codes(run(site)) == []
    assert "theme/icon-48.png" in (site / "_site/manifest.webmanifest").read_text()
    write(site, {SITE: f"{DESK}theme: wire\n"})
    assert codes(run(site)) == []
    assert not (site / "_site/manifest.webmanifest").exists()


def test_a_long_sitemap_comes_in_parts() -> None:
    config = SiteConfig(title="Desk", url=HOME)
    notes = [parse(f"content/notes/n{i}.md", note(date=f"2017-11-0{i + 1}").encode(), config) for i in range(9)]
    site, _ = link(notes, (), config, Readers("TLP:CLEAR", NOW, dt.UTC))
    frame, views = frame_of(site, ThemePages()), [page.view for page in plan(site) if page.path.endswith(".html")]
    ((name, whole),) = sitemap_views(frame, views, site.cards)
    assert isinstance(whole, SitemapView)
    listed = entries_of(write_sitemap(whole), "url")
    assert (name, len(listed) > 10) == ("sitemap.xml", True)
    *parts, (name, index) = sitemap_views(frame, views, site.cards, size=10)
    assert isinstance(index, SitemapIndexView)
    assert name == "sitemap.xml"
    texts = [entries_of(write_sitemap(part), "url") for _, part in parts if isinstance(part, SitemapView)]
    assert [entry for text in texts for entry in text] == listed
    assert [len(text) for text in texts[:-1]] == [10] * (len(parts) - 1)
    assert [part.partition("<lastmod>")[0] for part in entries_of(write_sitemap_index(index), "sitemap")] == [
        f"<loc>{HOME}{path}</loc>" for path, _ in parts
    ]
    assert max(part.modified for part in index.parts) == "2017-11-09"


def entries_of(xml: bytes, tag: str) -> list[str]:
    return re.findall(rf"<{tag}>(.*?)</{tag}>", xml.decode())
