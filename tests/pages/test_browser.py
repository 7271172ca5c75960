"""The example site as a reader's browser sees it."""

from __future__ import annotations

import functools
import gzip
import http.server
import re
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.kit.small_sites import REPOSITORY, codes, example_site, note, run, small_site
from tests.pages.test_guide import guide_examples

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
THEMES = ("folio", "wire")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
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
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Theme name to the output of the example site with it."""
    made = {}
    for theme in THEMES:
        site = example_site(tmp_path_factory.mktemp(theme), f"theme: {theme}")
        report = run(site)
        assert report.ok, report.diagnostics
        made[theme] = site / "_site"
    return made


@pytest.fixture(scope="module")
def sites(outputs: dict[str, Path]) -> Iterator[dict[str, str]]:
    """Theme name to the address at which the example site is served with it."""
    servers, addresses = [], {}
    for theme, output in outputs.items():
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(output)))
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


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("theme", THEMES)
def test_every_kind_of_page_is_accessible_quiet_and_never_too_wide(sites: dict[str, str], browser: Browser, theme: str, path: str) -> None:
    """All is asked at one visit: a browser works longer to open a page than to answer."""
    wrong = []
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page, complaints = open_page(context, sites[theme] + path)
        assert page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
        for script in page.locator("script:not([type='application/ld+json'])").all():
            own = "field" if theme == "wire" else "new|preview|sort|field"
            assert re.search(rf"theme/({own})\.js$", script.get_attribute("src") or "")
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            violations = Axe().run(page, options=RULES).response["violations"]
            wrong += [f"{scheme}: {v['id']} at {[n['target'] for n in v['nodes']]}" for v in violations]
        for width in (320, 360, 768, 1600, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"wider than {width}")
    # The policy must block nothing of ours.
    assert wrong + complaints == []


_BROKEN_WORDS = """length => {
    const broken = [], range = document.createRange();
    for (const code of document.querySelectorAll('code:not(pre code)')) {
        const texts = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
        for (let text; (text = texts.nextNode()); )
            for (const word of text.data.matchAll(/\\S+/g)) {
                range.setStart(text, word.index);
                range.setEnd(text, word.index + word[0].length);
                const lines = new Set([...range.getClientRects()].map(part => Math.round(part.top)));
                if (word[0].length <= length && lines.size > 1) broken.push(word[0]);
            }
    }
    return broken;
}"""


@pytest.mark.parametrize("theme", THEMES)
def test_a_short_word_of_code_stays_in_one_line_and_no_word_makes_a_page_too_wide(
    sites: dict[str, str], browser: Browser, theme: str
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        for path in ("guide-commands/", "guide-notes/", "guide-publishing/", "guide-text/"):
            page.goto(sites[theme] + path)
            assert page.locator("code .nowrap").count()
            for width in (320, 360, 390, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate(_BROKEN_WORDS, 20) == [], f"{path} at {width}"
                assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} at {width}"


_CONTRASTS = """() => {
    const numbers = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
    const light = colour => numbers(colour).slice(0, 3).map(c => c / 255)
        .map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
    const paper = element => {
        for (; element; element = element.parentElement) {
            const [, , , opaque = 1, ...rest] = numbers(getComputedStyle(element).backgroundColor);
            if (opaque) return getComputedStyle(element).backgroundColor;
        }
        return 'rgb(255, 255, 255)';
    };
    return [...document.querySelectorAll('body *')]
        .filter(element => element.checkVisibility() && [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
        .map(element => {
            const [dark, bright] = [light(getComputedStyle(element).color), light(paper(element))].sort((a, b) => a - b);
            return [element.outerHTML.slice(0, 90), (bright + .05) / (dark + .05), Boolean(element.closest('a, summary, code, .mark'))];
        });
}"""


@pytest.mark.parametrize("theme", ["folio", "wire", "evening"])
def test_colours_can_be_read_in_both_schemes_and_on_paper(tmp_path: Path, browser: Browser, theme: str) -> None:
    """`evening` is the example of the guide. Text is told from its paper by 7 to 1, what stands in it by 4.5 to 1."""
    body = "See [the UN](actor:un), `code` and [@s1].\n\n> [!WARNING]\n> One source.\n\n```yaml\na: 1\n```\n\n| a |\n| --- |\n| b |\n"
    files = {"content/notes/a.md": note(body=body, topics="[mediation]", sources="[{id: s1, source: tass}]"), **guide_examples()}
    site = small_site(tmp_path, {**files, "content/site.yaml": f"title: Desk\ntheme: {theme}\nurl: https://desk.example.org/\n"})
    assert codes(run(site)) == []
    seen = set()
    readers: list[tuple[Literal["light", "dark"], Literal["screen", "print"]]] = [
        ("light", "screen"),
        ("dark", "screen"),
        ("dark", "print"),
    ]
    with browser.new_context() as context:
        page = context.new_page()
        for path in ("index.html", "notes/a/index.html", "topics/mediation/index.html"):
            page.goto((site / "_site" / path).as_uri())
            for scheme, media in readers:
                page.emulate_media(color_scheme=scheme, media=media)
                for element, contrast, within in page.evaluate(_CONTRASTS):
                    assert contrast >= (4.5 if within else 7), f"{path}, {scheme}, {media}: {element} has {contrast:.1f}"
                seen.add((scheme, media, page.evaluate("getComputedStyle(document.querySelector('main a')).color")))
    assert len(seen) >= 3, "links have a colour of their own in each"


@pytest.mark.parametrize("theme", THEMES)
def test_the_mark_is_at_both_ends_of_every_printed_sheet(tmp_path: Path, browser: Browser, theme: str) -> None:
    long = note(body="Words that fill a line and the next.\n\n" * 150, marking="TLP:GREEN")
    settings = f"title: Desk\ntheme: {theme}\naudience: TLP:GREEN\nurl: https://desk.example.org/\n"
    site = small_site(tmp_path, {"content/site.yaml": settings, "content/notes/long.md": long})
    assert codes(run(site)) == []
    with browser.new_context() as context:
        page = context.new_page()
        page.goto((site / "_site/notes/long/index.html").as_uri())
        sheets = _drawings(page.pdf(format="A4", print_background=True))
    assert len(sheets) > 3
    # The colour of the mark, once at the top and once at the bottom.
    assert [sheet.count(b" .2 1 0 rg") for sheet in sheets[1:-1]] == [2] * (len(sheets) - 2)
    assert all(sheet.count(b" .2 1 0 rg") >= 2 for sheet in sheets)


def _drawings(pdf: bytes) -> list[bytes]:
    """What is drawn on each sheet of a PDF, as operators."""
    streams = (
        zlib.decompressobj().decompress(found[1]) for found in re.finditer(rb"/FlateDecode.*?stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    )
    return [stream for stream in streams if b"\nBT" in stream]


@pytest.mark.parametrize(("path", "part"), [("notes/un-offers-to-mediate/", "main .text"), ("guide/", "main .prose"), ("topics/", "main")])
def test_the_skip_link_comes_first_and_leads_to_the_text(sites: dict[str, str], browser: Browser, path: str, part: str) -> None:
    with browser.new_context() as context:
        page, _ = open_page(context, sites["folio"] + path)
        page.keyboard.press("Tab")
        target = page.evaluate("document.activeElement.getAttribute('href')")
        assert page.locator(f"{part}{target}").count() == 1
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{target}")


@pytest.mark.parametrize("theme", THEMES)
def test_paper_holds_all_that_a_screen_scrolls(tmp_path: Path, browser: Browser, theme: str) -> None:
    row, line = "| Something " * 13 + "|\n", "words " * 40
    body = f"{row}{'| --- ' * 13}|\n{row}\n```text\n{line}\n```\n"
    settings = f"title: Desk\ntheme: {theme}\nurl: https://desk.example.org/\n"
    site = small_site(tmp_path, {"content/site.yaml": settings, "content/notes/a.md": note(body=body, actors="[un]")})
    assert codes(run(site)) == []
    with browser.new_context(viewport={"width": 643, "height": 900}) as context:  # A4 without margins of 20 mm
        page = context.new_page()
        page.emulate_media(media="print")
        page.goto((site / "_site/notes/a/index.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 643
        assert (
            page.evaluate("[...document.querySelectorAll('pre, .table')].filter(part => part.scrollWidth > part.clientWidth).length") == 0
        )


def test_a_note_prints_as_a_brief(sites: dict[str, str], browser: Browser) -> None:
    with browser.new_context() as context:
        page, _ = open_page(context, sites["folio"] + "notes/un-offers-to-mediate/")
        page.emulate_media(media="print")
        assert not page.locator("nav").first.is_visible()
        assert page.locator("h1").is_visible()
        assert page.pdf(format="A4").startswith(b"%PDF")


def test_pages_are_light(outputs: dict[str, Path]) -> None:
    notes = {p: p.read_text(encoding="utf-8") for p in (outputs["folio"] / "notes").glob("[!0-9]*/index.html")}
    for page, html in notes.items():
        sheets = re.findall(r'<link rel="stylesheet" href="([^"]*)">', html)
        assert not any(sheet.endswith("lists.css") for sheet in sheets), "that for lists is not for notes"
        assert page.stat().st_size + sum((page.parent / sheet).stat().st_size for sheet in sheets) < 41_500, page
    # This theme has half its weight in what programs read, so it is weighed as hosts send it.
    sizes = sorted(len(gzip.compress(p.read_bytes())) for p in (outputs["wire"] / "notes").glob("*/index.html"))
    assert sizes[len(sizes) // 2] < 6_000


def test_right_to_left_pages_say_so(tmp_path: Path) -> None:
    site = small_site(tmp_path, {"content/site.yaml": "title: Desk\nurl: https://desk.example.org/\nlanguage: ar\n"})
    assert run(site).ok
    html = (site / "_site/index.html").read_text(encoding="utf-8")
    assert '<html lang="ar" dir="rtl"' in html


def test_lists_mark_what_is_new_since_the_last_visit(sites: dict[str, str], browser: Browser) -> None:
    home = sites["folio"]

    def marked(page: Page, path: str) -> set[str]:
        page.goto(home + path)
        return {str(note.get_attribute("href")).rstrip("/").rpartition("/")[2] for note in page.locator("li:has(.fresh) .headline").all()}

    with browser.new_context() as context:
        page, complaints = open_page(context, home + "about/")
        visits = ("2017-12-16T20:00:00Z", "2017-12-16T20:20:00Z", "2017-12-30T09:00:00Z", "2017-12-30T09:20:00Z")
        found = []
        for at in visits:
            page.clock.set_fixed_time(at)
            found.append(marked(page, "topics/sanctions/"))
        # The first visit marks nothing, and one goes on for as long as lists are opened.
        assert found[0] == found[1] == set()
        assert found[2] == found[3] > {"resolution-2397", "council-sanctions-2006-2017"}
        assert "resolution-2375" not in found[2]
        # Days that a heading names count, too; and an update is news.
        assert "vancouver-meeting-announced" in marked(page, "")
        assert "year-in-resolutions" in marked(page, "changes/")
        assert page.locator(".fresh").first.inner_text() == "New"
        assert complaints == []
        # Another site on the same host has visits of its own.
        assert page.evaluate("Object.keys(localStorage)") == ["briefings /briefings/"]


def test_a_site_can_do_without_scripts(tmp_path: Path) -> None:
    site = example_site(tmp_path, "scripts: none")
    assert codes(run(site)) == []
    assert not list((site / "_site/theme").glob("*.js"))
    home = (site / "_site/index.html").read_text()
    assert "script-src" not in home
    assert "connect-src" not in home
    assert "theme/new.js" not in home


@pytest.mark.parametrize(("name", "most"), [("new", 900), ("preview", 2_700), ("sort", 2_700)])
def test_scripts_are_small(name: str, most: int) -> None:
    assert len(gzip.compress((REPOSITORY / f"themes/folio/assets/{name}.js").read_bytes())) < most


NOTE = "notes/un-offers-to-mediate/"
TO_NOTE = ".text figcaption a[href*='notes/council']"


def test_a_link_shows_what_it_leads_to(sites: dict[str, str], browser: Browser) -> None:
    with browser.new_context(viewport={"width": 1000, "height": 800}) as context:
        page, complaints = open_page(context, sites["folio"] + NOTE)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        link, preview = page.locator(TO_NOTE).first, page.locator("[role=tooltip]")
        size = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        before = page.evaluate(size)
        link.hover()
        preview.wait_for()
        assert preview.locator("p").all_inner_texts()[:2] == [
            "SITUATION REPORT · 15 DECEMBER 2017",
            "Council meets on North Korea: terms are stated, not narrowed",
        ]
        assert preview.locator("time").get_attribute("datetime") == "2017-12-15"
        assert page.evaluate(size) == before, "nothing moves"
        assert link.get_attribute("aria-describedby") == preview.get_attribute("id")
        assert Axe().run(page, options=RULES).response["violations"] == []
        # The pointer can go to it; it goes when the pointer is elsewhere, or by a key.
        preview.hover()
        page.wait_for_timeout(300)
        assert preview.is_visible()
        page.mouse.move(5, 5)
        preview.wait_for(state="detached")
        assert link.get_attribute("aria-describedby") is None
        link.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        preview.wait_for()
        page.keyboard.press("Escape")
        preview.wait_for(state="detached")
        assert sum(url.endswith("index.json") for url in asked) == 1, "a page is asked for once"
        # Links to this page, out of the site and to lists show nothing, nor does one that the pointer only crosses.
        for other in ("a[href*='#']", "a[href^='https:']", "a[href='../../notes/']"):
            if page.locator(f"main {other}").count():
                page.locator(f"main {other}").first.hover()
                page.wait_for_timeout(350)
        link.hover()
        page.mouse.move(5, 5)
        assert preview.count() == 0
        assert sum(url.endswith("index.json") for url in asked) == 1
        assert complaints == []


def test_previews_carry_marks_take_words_as_words_and_leave_touch_alone(sites: dict[str, str], browser: Browser) -> None:
    page_part = {"title": "<b>Red</b>", "description": "Words.", "section": "notes"}
    document = {"page": page_part, "note": {"kind": "Wire", "when": "2017-12", "marking": "TLP:AMBER+STRICT"}}
    with browser.new_context(has_touch=True) as context:
        page = context.new_page()
        page.route("**/index.json", lambda route: route.fulfill(json=document))
        page.goto(sites["folio"] + NOTE)
        link, preview = page.locator(TO_NOTE).first, page.locator("[role=tooltip]")
        link.evaluate("link => link.addEventListener('click', event => event.preventDefault())")
        link.tap()
        page.wait_for_timeout(400)
        assert preview.count() == 0
        link.hover()
        preview.wait_for()
        assert preview.locator(".headline").inner_text() == "<b>Red</b> TLP:AMBER+STRICT"
        assert preview.locator(".tlp-amber").count() == 1
        assert preview.locator(".kicker").text_content() == "Wire · December 2017"


COLUMNS = {
    "en": {
        "Votes": ["1,204", "99", "–", "12.5", "-3", "15%", "2", "7"],
        "When": ["15 Dec 2017", "2 Mar 2018", "1 January 2016", "", "May 2017", "3 May 2017", "9 Nov 2017", "10 Nov 2017"],
        "What": ["zebra", "Émile", "Resolution 10", "Resolution 9", "apple", "Äther", "–", "[b](topic:mediation)"],
    },
    "de": {
        "Votes": ["1.204", "99", "–", "12,5", "-3", "15 %", "2", "7"],
        "When": ["15.12.2017", "2.3.2018", "1. Januar 2016", "", "Mai 2017", "3. Mai 2017", "9.11.2017", "10.11.2017"],
        "What": ["zebra", "Émile", "Resolution 10", "Resolution 9", "apple", "Äther", "–", "[b](topic:mediation)"],
    },
}
"""Columns of a table by the language of the page."""
SORTED = {
    "Votes": ([4, 6, 7, 3, 5, 1, 0, 2], "descending"),
    "When": ([2, 4, 5, 6, 7, 0, 1, 3], "ascending"),
    "What": ([4, 5, 7, 1, 3, 2, 0, 6], "ascending"),
}
"""Their rows from the least to the most, what is empty last; and which way a first click sorts."""


@pytest.mark.parametrize("language", COLUMNS)
def test_long_tables_can_be_sorted(tmp_path: Path, browser: Browser, language: str) -> None:
    columns = COLUMNS[language]
    rows = [f"| {i} | {' | '.join(row)} |" for i, row in enumerate(zip(*columns.values(), strict=True))]
    lines = [f"| N | {' | '.join(columns)} |", "| --- " * 4 + "|", *rows, "| **Sum** | 1 | | |"]
    body = "\n".join([*lines, "", *lines[:5], ""])
    settings = f"title: Desk\nlanguage: {language}\nurl: https://desk.example.org/\n"
    site = small_site(tmp_path, {"content/site.yaml": settings, "content/notes/a.md": note(body=body)})
    assert codes(run(site)) == []
    with browser.new_context() as context:
        page = context.new_page()
        page.goto((site / "_site/notes/a/index.html").as_uri())
        page.locator(".sort").first.wait_for()
        assert page.locator(".sort").all_inner_texts() == ["N", *columns], "the short table is as it was"
        first = page.locator("table").first
        assert Axe().run(page, options=RULES).response["violations"] == []
        for name, (expected, way) in SORTED.items():
            head = first.locator("th", has=page.get_by_role("button", name=name))
            both = [expected, [*expected[-2::-1], expected[-1]]]
            orders = both if way == "ascending" else both[::-1]
            for order, said in (
                (orders[0], way),
                (orders[1], {"ascending": "descending", "descending": "ascending"}[way]),
                ([*range(8)], None),
            ):
                head.get_by_role("button").press("Enter")
                assert first.locator("tbody tr > :first-child").all_inner_texts() == [*map(str, order), "Sum"], (name, said)
                assert head.get_attribute("aria-sort") == said


def test_tables_of_ledgers_are_sorted_by_what_programs_read(sites: dict[str, str], browser: Browser) -> None:
    read = {"Notes": "row => Number(row.querySelector('data').value)", "Newest of these notes": "row => row.querySelector('time').dateTime"}
    with browser.new_context() as context:
        page, complaints = open_page(context, sites["folio"] + "connections/by/dprk/")
        for name, of in read.items():
            page.get_by_role("button", name=name, exact=True).click()
            found = page.locator("tbody tr").evaluate_all(f"rows => rows.map({of})")
            assert found == sorted(found, reverse=name == "Notes")
            assert len(set(found)) > 1
        assert complaints == []


@pytest.mark.parametrize(
    ("named", "bars"), [((40, 2, 1), [["82%", "12%"], ["33.3%"], ["16.7%"]]), ((4, 2, 1), [["100.0%"], ["40.0%"], ["20.0%"]])]
)
def test_the_bar_of_one_swamps_no_other(tmp_path: Path, named: tuple[int, ...], bars: list[list[str]]) -> None:
    # The small site has a note of its own that names the first.
    actors = [[actor for actor, most in zip(("un", "dprk", "us"), named, strict=True) if i < most] for i in range(max(named))]
    files = {f"content/notes/n{i}.md": note(f"N{i}", actors=f"[{', '.join(those)}]") for i, those in enumerate(actors)}
    files["content/site.yaml"] = "title: Desk\nurl: https://desk.example.org/\nundeclared: allow\n"
    site = small_site(tmp_path, files)
    assert codes(run(site)) == []
    home = (site / "_site/index.html").read_text(encoding="utf-8")
    rows = home.partition('<ol class="ranking">')[2].partition("</ol>")[0].split("<li>")[1:]
    assert [re.findall(r'<rect[^>]* ?width="([^"]*)"', row) for row in rows[:3]] == bars
