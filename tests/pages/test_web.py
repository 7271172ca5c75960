"""A site on the web: served as GitHub Pages serves it, under any path, every link of it leads somewhere."""

from __future__ import annotations

import functools
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.kit.crawl import Client, crawl
from tests.kit.pages_server import serve_pages
from tests.kit.small_sites import codes, example_site, run, small_site, tree

HOST = "https://desk.example.org"


@functools.cache
def _built(folder: Path, theme: str, base: str) -> Path:
    site = example_site(folder / f"{theme}{base.replace('/', '-')}", f"theme: {theme}\nurl: {HOST}{base}")
    report = run(site)
    assert codes(report) == []
    return site / "_site"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("web")


@pytest.mark.parametrize(("theme", "base"), [("folio", "/"), ("folio", "/repo/"), ("wire", "/a/b/")])
def test_every_link_leads_somewhere_under_any_path(folder: Path, theme: str, base: str) -> None:
    output = _built(folder, theme, base)
    with serve_pages(output, base) as start:
        found = crawl(start, HOST + base)
        assert found.broken == []
        assert found.redirected == []
        # Nothing is published that nobody finds, but for what is asked for by its name.
        published = {start + quote(path.removesuffix("index.html"), safe="/:@!$&()*+,;=-._~") for path in tree(output)}
        by_name = {start + name for name in (".briefings.json", "404.html", "robots.txt", "sitemap.xml")}
        # The script of search knows the names of its files.
        by_name |= {start + name for name in tree(output) if name.startswith("search/") and name.endswith(".js")}
        # Sheets for marked pages, for other scripts and for what scripts show: no page of this site needs them when it is opened.
        by_name |= {start + f"theme/{name}.css" for name in ("marks", "languages", "preview", "sort")}
        assert published - found.reached - by_name == set()


@pytest.mark.parametrize("base", ["/repo/", "/a/b/"])
def test_the_tree_works_under_another_path_than_its_own(folder: Path, base: str) -> None:
    output = _built(folder, "folio", "/")
    with serve_pages(output, base) as start:
        found = crawl(start, "https://nowhere.example/")
        assert found.broken == []
        assert len(found.reached) > 300


def test_the_sitemap_lists_every_page_and_nothing_else(folder: Path) -> None:
    output = _built(folder, "folio", "/repo/")
    with serve_pages(output, "/repo/") as start:
        found = crawl(start, HOST + "/repo/", "sitemap.xml")
        assert found.broken == []
        client = Client(start)
        listed = client.get(start + "sitemap.xml").data.decode()
        client.close()
    pages = {path.removesuffix("index.html") for path in tree(output) if path.endswith("index.html")}
    assert {entry.partition("</loc>")[0] for entry in listed.split("<loc>")[1:]} == {HOST + "/repo/" + quote(page) for page in pages}


@pytest.mark.parametrize("base", ["/", "/repo/"])
def test_the_page_for_missing_addresses_works_at_any_depth(folder: Path, base: str) -> None:
    output = _built(folder, "folio", base)
    with serve_pages(output, base) as start:
        client = Client(start)
        for missing in (
            "nothing",
            "notes/nothing/at/all/",
            "NOTES/",
            "notes/un-offers-to-mediate/INDEX.html",
            "../../etc/passwd",
            ".git/config",
        ):
            answer = client.get(start + missing)
            assert (answer.status, answer.kind) == (404, "text/html"), missing
            assert answer.data == (output / "404.html").read_bytes()
        assert client.get(start + "notes").location == f"{base}notes/"
        assert client.get(start + "404").status == 200
        assert client.get(start + "nothing?x#y").status == 404
        client.close()
        found = crawl(start, "https://nowhere.example/", "404.html")
        assert found.broken == []


def test_the_crawl_finds_what_is_broken(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    assert codes(run(site)) == []
    output = site / "_site"
    note = output / "notes/un-offer/index.html"
    text = note.read_text(encoding="utf-8").replace(
        "</main>", '<a href="../gone/">x</a> <a href="../../#gone">y</a> <a href="../../topics">z</a></main>'
    )
    note.write_text(text, encoding="utf-8")
    (output / "actors/un/index.json").unlink()
    feed = output / "feed.xml"
    feed.write_text(feed.read_text(encoding="utf-8").replace("notes/un-offer/", "notes/un-ofer/"), encoding="utf-8")
    with serve_pages(output) as start:
        found = crawl(start, "https://desk.example.org/briefings/")
    assert len(found.redirected) == 1
    assert sorted(line.rpartition(start)[2] for line in found.broken) == [
        " has no #gone",
        "actors/un/index.json says 404",
        "notes/gone/ says 404",
        "notes/un-ofer/ says 404",
    ]
