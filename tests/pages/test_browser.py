"""The example site as a reader's browser sees it."""

from __future__ import annotations

import functools
import gzip
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.kit.small_sites import example_site, run

pytestmark = pytest.mark.browser

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PAGES = (
    "",
    "404.html",
    "notes/",
    "notes/2017/12/",
    "notes/un-offers-to-mediate/",
    "notes/council-sanctions-2006-2017/",
    "topics/",
    "topics/dprk-nuclear/",
    "actors/",
    "actors/antonio-guterres/",
    "actors/dprk/",
    "sources/",
    "sources/tass/",
    "about/",
    "guide/",
    "diagnostics/",
)


RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}
"""What axe looks for. To list all that it found to be right takes it longer than to look."""


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder under a base path, as GitHub Pages serves a project."""

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix("/briefings"))

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Theme name to the address at which the example site is served with it."""
    servers, addresses = [], {}
    for theme in ("folio", "wire"):
        site = example_site(tmp_path_factory.mktemp(theme), f"theme: {theme}")
        report = run(site)
        assert report.ok, report.diagnostics
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(site / "_site")))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        addresses[theme] = f"http://127.0.0.1:{server.server_port}/briefings/"
    yield addresses
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield launched
        launched.close()


def open_page(context: BrowserContext, url: str) -> tuple[Page, list[str]]:
    """A page, and what it complained of or asked other hosts for."""
    page = context.new_page()
    host = urlsplit(url).netloc
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url) if urlsplit(request.url).netloc != host else None)
    page.on("response", lambda response: complaints.append(f"{response.status} {response.url}") if response.status >= 400 else None)
    page.goto(url)
    return page, complaints


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", ["folio", "wire"])
def test_every_kind_of_page_is_accessible_and_quiet(
    sites: dict[str, str], browser: Browser, theme: str, scheme: Literal["light", "dark"]
) -> None:
    axe = Axe()
    with browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900}, bypass_csp=True) as context:
        for path in PAGES:
            page, complaints = open_page(context, sites[theme] + path)
            results = axe.run(page, options=RULES)
            found = [f"{v['id']}: {[n['target'] for n in v['nodes']]}" for v in results.response["violations"]]
            assert not found, f"{path}: {found}"
            assert not complaints, f"{path}: {complaints}"
            page.close()


@pytest.mark.parametrize("theme", ["folio", "wire"])
def test_the_policy_blocks_nothing_of_ours_and_no_page_is_too_wide(sites: dict[str, str], browser: Browser, theme: str) -> None:
    with browser.new_context() as context:
        for path in PAGES:
            page, complaints = open_page(context, sites[theme] + path)
            assert not complaints, f"{path}: {complaints}"
            assert page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
            assert page.locator("script:not([type='application/ld+json'])").count() == 0
            for width in (320, 360, 768, 1280, 1600):
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} at {width}"
            page.close()


_IN_TWO_LINES = """() => [...document.querySelectorAll('td code, th code')].filter(
    code => new Set([...code.getClientRects()].map(part => Math.round(part.top))).size > 1
).map(code => code.textContent)"""


@pytest.mark.parametrize("path", ["guide-commands/", "guide-publishing/"])
def test_code_in_a_table_stays_in_one_line_and_the_table_scrolls(sites: dict[str, str], browser: Browser, path: str) -> None:
    with browser.new_context(viewport={"width": 360, "height": 800}) as context:
        page, _ = open_page(context, sites["folio"] + path)
        assert page.locator("td code").count() > 1
        assert page.evaluate(_IN_TWO_LINES) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_skip_link_comes_first_and_leads_to_the_main_part(sites: dict[str, str], browser: Browser) -> None:
    with browser.new_context() as context:
        page, _ = open_page(context, sites["folio"] + "notes/un-offers-to-mediate/")
        page.keyboard.press("Tab")
        target = page.evaluate("document.activeElement.getAttribute('href')")
        assert page.locator(f"main{target}").count() == 1
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"
        page.keyboard.press("Enter")
        assert page.url.endswith(target)


def test_a_note_prints_as_a_brief(sites: dict[str, str], browser: Browser) -> None:
    with browser.new_context() as context:
        page, _ = open_page(context, sites["folio"] + "notes/un-offers-to-mediate/")
        page.emulate_media(media="print")
        assert not page.locator("nav").first.is_visible()
        assert page.locator("h1").is_visible()
        assert page.pdf(format="A4").startswith(b"%PDF")


def test_pages_are_light(tmp_path: Path) -> None:
    site = example_site(tmp_path / "folio")
    assert run(site).ok
    notes = {p: p.read_text(encoding="utf-8") for p in (site / "_site/notes").glob("[!0-9]*/index.html")}
    for page, html in notes.items():
        sheets = re.findall(r'<link rel="stylesheet" href="([^"]*)">', html)
        assert len(sheets) == 1, "that for lists is not for notes"
        assert page.stat().st_size + (page.parent / sheets[0]).stat().st_size < 40_000, page
    wire = example_site(tmp_path / "wire", "theme: wire")
    assert run(wire).ok
    # This theme has half its weight in what programs read, so it is weighed as hosts send it.
    sizes = sorted(len(gzip.compress(p.read_bytes())) for p in (wire / "_site/notes").glob("*/index.html"))
    assert sizes[len(sizes) // 2] < 6_000


def test_right_to_left_pages_say_so(tmp_path: Path) -> None:
    site = example_site(tmp_path, "language: ar")
    assert run(site).ok
    html = (site / "_site/index.html").read_text(encoding="utf-8")
    assert '<html lang="ar" dir="rtl"' in html
