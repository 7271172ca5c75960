"""`briefings serve` as an author sees it: a browser beside the editor."""

from __future__ import annotations

import io
import re
import struct
import threading
import time
import wave
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, Route, expect, sync_playwright

import briefings.serve
from briefings.serve.machine import Machine
from briefings.serve.preparation import Preparation, load
from tests.kit.live import live_site
from tests.kit.serve_kit import Server, connected, get, open_live, serving
from tests.kit.small_sites import PATIENCE, SMALL_SITE, note, run, small_site, tree, until, write
from tests.pages.test_browser import FLAGS, RULES

pytestmark = pytest.mark.browser

CLIENT = Path(briefings.serve.__file__).parent / "client"
NOTE = "content/notes/2017-12-15-un-offer.md"
PARAGRAPHS = "".join(f"Paragraph {i} of the text.\n\n" for i in range(60))
CONFIG = "content/site.yaml"
FILES: Mapping[str, str] = {
    **SMALL_SITE,
    CONFIG: "title: Desk\nurl: https://desk.example.org/repo/\ntheme: desk\n",
    NOTE: note(body=PARAGRAPHS),
    "content/notes/2017-12-16-other.md": note("Other"),
    "themes/desk/theme.yaml": "extends: folio\n",
    "themes/desk/templates/base.html": (
        '{% extends "folio/base.html" %}\n'
        '{% block styles %}{{ super() }}<link rel="stylesheet" href="{{ page.root }}theme/desk.css">{% endblock %}\n'
        '{% block foot %}<form><input id="remark"><textarea id="more"></textarea></form>\n'
        '<details id="aside"><summary>More</summary><p id="last">{{ page.title }}</p></details>{{ super() }}{% endblock %}\n'
    ),
    "themes/desk/assets/desk.css": "body { outline-color: rgb(1, 2, 3) }\n",
}
"""A site with a note that is longer than a window, and a theme whose pages hold what a reader can fill in and open."""


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    launched = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
    yield launched
    launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce") as made:
        made.set_default_timeout(PATIENCE * 1000)
        yield made


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Server]]:
    """A site and its server, for tests that leave the server as it is."""
    folder = write(tmp_path_factory.mktemp("shared"), FILES)
    with serving(folder) as running:
        yield folder, running


@pytest.fixture
def site(shared: tuple[Path, Server]) -> Path:
    """The shared site as it was at first, which its server has seen."""
    folder, server = shared
    for top in ("content", "themes"):
        for file in (f for f in (folder / top).rglob("*") if f.is_file() and f.relative_to(folder).as_posix() not in FILES):
            file.unlink()
    write(folder, FILES)
    mark = f"Edition {time.monotonic_ns()}"
    write(folder, {CONFIG: f"{FILES[CONFIG]}footer: {mark}\n"})
    until(lambda: mark in get(server.url), lambda: "".join(server.printed))
    return folder


@pytest.fixture
def server(shared: tuple[Path, Server], site: Path) -> Server:
    """The server of the shared site."""
    return shared[1]


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A site of the test's own, for one that starts a server."""
    return write(tmp_path, FILES)


def reloaded(page: Page) -> bool:
    """Whether the page was loaded anew since the last call."""
    before = page.evaluate("[window.seen, window.seen = true][0]")
    return before is not True


def edit(site: Path, path: str, old: str, new: str) -> None:
    """Save a file with other words in it."""
    file = site / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def address(page: Page) -> str:
    """The page's address from the site's root."""
    return re.sub(r"^https?://[^/]+/repo/", "", page.url)


def test_a_save_changes_the_page_and_leaves_what_the_reader_did(site: Path, server: Server, context: BrowserContext) -> None:
    page = open_live(context, f"{server.url}notes/un-offer/")
    page.locator("#aside summary").click()
    page.locator("#more").fill("A thought")
    page.locator("#remark").fill("Half a sentence")
    page.evaluate("document.querySelector('#remark').setSelectionRange(2, 6)")
    page.evaluate("scrollTo(0, 700)")
    reloaded(page)

    edit(site, NOTE, "Paragraph 20 of", "Paragraph twenty of")
    expect(page.get_by_text("Paragraph twenty of the text.")).to_be_attached()
    assert page.evaluate("scrollY") == 700
    assert page.evaluate("[document.activeElement.id, document.activeElement.selectionStart, document.activeElement.selectionEnd]") == [
        "remark",
        2,
        6,
    ]
    assert page.locator("#remark").input_value() == "Half a sentence"
    assert page.locator("#more").input_value() == "A thought"
    assert page.locator("#aside").get_attribute("open") is not None

    edit(site, NOTE, "A note", "Another note")
    expect(page.locator("#last")).to_have_text("Another note")
    expect(page).to_have_title("Another note — Desk")
    assert page.locator("#aside").get_attribute("open") is not None

    # What is read stays where it is when something comes to stand above it.
    top = page.get_by_text("Paragraph 30 of the text.").evaluate("p => p.getBoundingClientRect().top")
    edit(site, NOTE, "Paragraph 3 of", "New.\n\nAnd new.\n\n## A heading\n\nParagraph 3 of")
    expect(page.get_by_role("heading", name="A heading")).to_be_attached()
    assert abs(page.get_by_text("Paragraph 30 of the text.").evaluate("p => p.getBoundingClientRect().top") - top) < 3
    assert not reloaded(page)


def test_the_head_and_the_attributes_of_the_root_are_kept_up_too(site: Path, server: Server, context: BrowserContext) -> None:
    page = open_live(context, f"{server.url}notes/un-offer/")
    edit(site, NOTE, "title: A note", "title: The note\nmarking: TLP:AMBER\nsummary: In short.")
    expect(page.locator("html")).to_have_attribute("data-foot", re.compile("The note"))
    expect(page.locator("meta[name=description]")).to_have_attribute("content", "In short.")
    expect(page.locator("live-panel .tlp")).to_have_text("TLP:AMBER")
    edit(site, NOTE, "marking: TLP:AMBER\nsummary: In short.", "draft: true")
    expect(page.locator("body > header .tlp")).to_have_count(0)
    expect(page.locator("live-panel .withheld")).to_have_text("Draft")


def test_what_a_script_of_the_theme_did_stays(site: Path, server: Server, context: BrowserContext) -> None:
    page = open_live(context, f"{server.url}notes/un-offer/")
    page.evaluate("document.documentElement.dataset.theme = 'dark'; document.querySelector('h1').classList.add('seen')")
    page.evaluate("document.querySelector('main').tabIndex = 0; document.querySelector('.name a').firstChild.data = 'Our desk'")
    edit(site, NOTE, "A note", "Another note")
    expect(page.get_by_role("heading", name="Another note")).to_be_visible()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.locator("h1").get_attribute("class") == "seen"
    assert page.locator("main").get_attribute("tabindex") == "0"
    expect(page.locator(".masthead .name")).to_have_text("Our desk")


def test_a_page_that_was_changed_beyond_recognition_is_loaded_anew(site: Path, server: Server, context: BrowserContext) -> None:
    page = open_live(context, f"{server.url}notes/un-offer/")
    reloaded(page)
    page.evaluate("document.querySelector('main').after(document.querySelector('h1').parentNode)")
    page.evaluate("for (const p of document.querySelectorAll('p')) document.body.append(p)")
    edit(site, NOTE, "Paragraph 3 of", "New.\n\nParagraph 3 of")
    expect(page.get_by_text("New.", exact=True)).to_be_attached()
    expect(page.locator("main h1")).to_be_attached()
    assert reloaded(page)


def test_problems_are_shown_where_the_author_looks_and_go_away(site: Path, server: Server, context: BrowserContext) -> None:
    page, other = open_live(context, f"{server.url}notes/un-offer/"), open_live(context, server.url)
    edit(site, NOTE, "date: 2017-12-15", "date: 2017-12-15\ntopcis: [mediation]")
    for shown in (page, other):
        problem = shown.locator("live-panel li")
        expect(problem).to_have_count(1)
        expect(problem.locator(".place a")).to_have_text(f"{NOTE}:4:1")
        expect(problem.locator(".code")).to_have_text("error[unknown-key]")
        expect(problem.locator(".message")).to_have_text('there is no key "topcis"')
        expect(problem.locator("pre")).to_have_text("4topcis: [mediation]")
        expect(problem.locator("mark")).to_have_text("topcis")
        expect(problem.locator(".remedy")).to_have_text('did you mean "topics"?')
        expect(shown.get_by_role("alert")).to_have_text("1 error")
    assert page.locator("live-panel .place a").get_attribute("href") == f"vscode://file{(site / NOTE).as_posix()}:4:1"
    expect(page.get_by_text("Paragraph 3 of the text.")).to_be_attached()

    edit(site, NOTE, "topcis: [mediation]", "topics: [mediation]")
    for shown in (page, other):
        expect(shown.locator("live-panel .problems")).to_have_count(0)
    expect(page.locator("main").get_by_role("link", name="Mediation").first).to_be_attached()


def test_errors_in_templates_are_shown_too(site: Path, server: Server, context: BrowserContext) -> None:
    page = open_live(context, f"{server.url}notes/un-offer/")
    problem, base = page.locator("live-panel li"), "themes/desk/templates/base.html"
    edit(site, base, "{{ page.title }}", "{{ page.titel }}")
    expect(problem.locator(".place")).to_contain_text(f"{base}:4:")
    expect(problem.locator(".code")).to_have_text("error[template-error]")
    expect(problem.locator("mark")).to_have_text("titel")
    expect(page.locator("#last")).to_have_text("A note")
    edit(site, base, "{{ page.titel }}", "{% if %}")
    expect(problem.locator(".message")).to_contain_text("xpected")
    edit(site, base, "{% if %}", "Title: {{ page.title }}")
    expect(page.locator("#last")).to_have_text("Title: A note")
    expect(problem).to_have_count(0)


def test_the_panel_stays_as_the_reader_left_it(site: Path, server: Server, context: BrowserContext) -> None:
    page = open_live(context, f"{server.url}notes/un-offer/")
    page.locator("live-panel input").fill("2018-01-01T12:00")
    edit(site, NOTE, "date: 2017-12-15", "date: 2017-12-15\ntopcis: [mediation]")
    expect(page.locator("live-panel li")).to_have_count(1)
    page.locator("live-panel .problems summary").click()
    expect(page.locator("live-panel li")).not_to_be_visible()
    edit(site, NOTE, "topcis: [mediation]", "topcis: [mediation]\nactros: [un]")
    expect(page.get_by_role("alert")).to_have_text("2 errors")
    expect(page.locator("live-panel li").first).not_to_be_visible()
    assert page.locator("live-panel input").input_value() == "2018-01-01T12:00"


def test_a_style_sheet_is_swapped_without_a_flash(site: Path, server: Server, context: BrowserContext) -> None:
    page = open_live(context, f"{server.url}notes/un-offer/")
    reloaded(page)

    def late(route: Route) -> None:
        time.sleep(0.2)
        route.continue_()

    page.route("**/desk.css?*", late)
    page.evaluate(
        """() => {
            const colors = new Set();
            const look = () => {
                document.documentElement.dataset.colors = [...colors.add(getComputedStyle(document.body).outlineColor)].join(" ");
                requestAnimationFrame(look);
            };
            look();
        }"""
    )
    edit(site, "themes/desk/assets/desk.css", "rgb(1, 2, 3)", "rgb(4, 5, 6)")
    expect(page.locator("html")).to_have_attribute("data-colors", "rgb(1, 2, 3) rgb(4, 5, 6)")
    edit(site, "themes/desk/assets/desk.css", "rgb(4, 5, 6)", "rgb(7, 8, 9)")
    expect(page.locator("body")).to_have_css("outline-color", "rgb(7, 8, 9)")
    expect(page.locator("html")).to_have_attribute("data-colors", "rgb(1, 2, 3) rgb(4, 5, 6) rgb(7, 8, 9)")
    assert page.locator("link[rel=stylesheet][href*='desk.css']").count() == 1
    assert not reloaded(page)
    # A page that changes later keeps the new sheet.
    edit(site, NOTE, "A note", "Another note")
    expect(page.locator("#last")).to_have_text("Another note")
    expect(page.locator("body")).to_have_css("outline-color", "rgb(7, 8, 9)")


def test_pages_that_show_an_image_or_import_a_sheet_are_loaded_anew(fresh: Path, context: BrowserContext) -> None:
    imported = {
        "themes/desk/assets/desk.css": '@import "more.css";\n',
        "themes/desk/assets/more.css": "body { outline-color: rgb(1, 2, 3) }\n",
    }
    write(fresh, {"content/notes/map.gif": gif(2), NOTE: note(body="![A map](map.gif)\n"), **imported})
    with serving(fresh) as server:
        page, other = open_live(context, f"{server.url}notes/un-offer/"), open_live(context, f"{server.url}topics/")
        image = page.locator("main img")
        assert image.evaluate("i => i.decode().then(() => i.naturalWidth)") == 2
        reloaded(page)
        reloaded(other)
        (fresh / "content/notes/map.gif").write_bytes(gif(3))
        expect(page.locator("main img[width='3']")).to_be_visible()
        assert page.locator("main img").evaluate("i => i.decode().then(() => i.naturalWidth)") == 3
        assert reloaded(page)
        assert not reloaded(other)
        edit(fresh, "themes/desk/assets/more.css", "rgb(1, 2, 3)", "rgb(4, 5, 6)")
        for shown in (page, other):
            expect(shown.locator("body")).to_have_css("outline-color", "rgb(4, 5, 6)")


@pytest.mark.parametrize("seconds", [5, 120])
def test_a_sound_is_sought_in_parts(fresh: Path, context: BrowserContext, seconds: int) -> None:
    """A short sound, which is kept in memory, and one that is not."""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(32_000 * seconds))
    (fresh / "content/assets").mkdir(exist_ok=True)
    (fresh / "content/assets/sound.wav").write_bytes(sound.getvalue())
    with live_site(fresh) as client:
        page = context.new_page()
        answers: list[int] = []
        page.on("response", lambda answer: answers.append(answer.status) if answer.url.endswith("sound.wav") else None)
        page.goto(f"http://127.0.0.1:{client.port}{client.base}")
        at = page.evaluate(
            """async (at) => {
                const sound = new Audio("assets/sound.wav");
                await new Promise((done, failed) => { sound.onloadedmetadata = done; sound.onerror = failed; sound.load(); });
                await new Promise((done) => { sound.onseeked = done; sound.currentTime = at; });
                return sound.currentTime;
            }""",
            seconds - 1,
        )
        assert at == seconds - 1
        assert set(answers) == {206}


def test_only_the_page_that_is_touched_asks_for_its_text(site: Path, server: Server, context: BrowserContext) -> None:
    page, other = open_live(context, f"{server.url}notes/un-offer/"), open_live(context, f"{server.url}notes/other/")
    expect(other.get_by_role("heading", name="Other")).to_be_visible()
    asked: list[str] = []

    def take_down(request: Request) -> None:
        asked.append(request.url)

    other.on("request", take_down)
    edit(site, NOTE, "Paragraph 3 of", "Third paragraph of")
    expect(page.get_by_text("Third paragraph of")).to_be_attached()
    other.wait_for_timeout(300)
    assert asked == []


def test_follow_leads_the_tab_that_was_seen_last_to_the_note_that_is_saved(fresh: Path, context: BrowserContext) -> None:
    with serving(fresh, "--follow") as server:
        first, second = open_live(context, server.url), open_live(context, f"{server.url}topics/")
        edit(fresh, "content/notes/2017-12-16-other.md", "Text.", "New text.")
        second.wait_for_url("**/notes/other/")
        expect(second.get_by_text("New text.")).to_be_visible()
        assert address(first) == ""
        connected(second)
        reloaded(second)
        edit(fresh, "content/notes/2017-12-16-other.md", "New text.", "Newer text.")
        expect(second.get_by_text("Newer text.")).to_be_visible()
        assert not reloaded(second)
        edit(fresh, NOTE, "Paragraph 3 of", "Third paragraph of")
        second.wait_for_url("**/notes/un-offer/")
        first.evaluate("dispatchEvent(new Event('focus'))")
        connected(second)
        # A window that lies open beside the one that is used has not been looked at.
        second.evaluate("document.hasFocus = () => false; document.dispatchEvent(new Event('visibilitychange'))")
        edit(fresh, NOTE, "Paragraph 4 of", "Fourth paragraph of")
        first.wait_for_url("**/notes/un-offer/")


def test_without_follow_no_page_is_left(site: Path, server: Server, context: BrowserContext) -> None:
    page = open_live(context, server.url)
    edit(site, NOTE, "A note", "Another note")
    expect(page.get_by_text("Another note").first).to_be_visible()
    assert address(page) == ""


def test_pages_find_the_server_again_and_show_what_changed_meanwhile(fresh: Path, context: BrowserContext) -> None:
    with serving(fresh) as server:
        port = int(server.url.split(":")[2].split("/")[0])
        page = open_live(context, f"{server.url}notes/un-offer/")
        edit(fresh, NOTE, "date: 2017-12-15", "date: 2017-12-15\ntopcis: [mediation]")
        expect(page.locator("live-panel li")).to_have_count(1)
        reloaded(page)
    hint = page.locator("live-panel output")
    expect(hint).to_be_visible()
    expect(hint).to_have_text("Offline.")
    edit(fresh, NOTE, "topcis: [mediation]", "topics: [mediation]")
    edit(fresh, NOTE, "A note", "Another note")
    with serving(fresh, port=port):
        expect(page.get_by_role("heading", name="Another note")).to_be_visible()
        expect(hint).not_to_be_visible()
        expect(page.locator("live-panel li")).to_have_count(0)
        edit(fresh, NOTE, "Another note", "A third note")
        expect(page.get_by_role("heading", name="A third note")).to_be_visible()
    assert not reloaded(page)


def test_a_tab_in_the_background_is_up_to_date_when_it_is_shown(fresh: Path, context: BrowserContext) -> None:
    def shown(page: Page, visible: bool) -> None:
        page.evaluate("(hidden) => Object.defineProperty(document, 'hidden', { value: hidden, configurable: true })", not visible)
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    with serving(fresh) as server:
        port = int(server.url.split(":")[2].split("/")[0])
        page = open_live(context, f"{server.url}notes/un-offer/")
        shown(page, visible=False)
        edit(fresh, NOTE, "A note", "Another note")
        expect(page.get_by_role("heading", name="Another note")).to_be_visible()
    with serving(fresh, port=port) as server:
        other = open_live(context, f"{server.url}notes/un-offer/")
        edit(fresh, NOTE, "Another note", "A third note")
        expect(other.get_by_role("heading", name="A third note")).to_be_visible()
        # It lost its stream while nobody saw it, and leaves the connection to those that are seen.
        other.wait_for_timeout(1500)
        expect(page.get_by_role("heading", name="Another note")).to_be_visible()
        shown(page, visible=True)
        expect(page.get_by_role("heading", name="A third note")).to_be_visible()


def test_a_deleted_page_says_so_and_comes_back(site: Path, server: Server, context: BrowserContext) -> None:
    page = open_live(context, f"{server.url}notes/un-offer/")
    reloaded(page)
    text = (site / NOTE).read_text(encoding="utf-8")
    (site / NOTE).unlink()
    notice = page.locator("live-panel .notice")
    expect(notice).to_contain_text("no longer exists")
    expect(page.get_by_text("Paragraph 3 of the text.")).to_be_attached()
    (site / NOTE).write_text(text, encoding="utf-8")
    expect(notice).to_have_count(0)
    (site / NOTE).unlink()
    expect(notice).to_have_count(1)
    (site / NOTE).write_text(text.replace("A note", "Again"), encoding="utf-8")
    expect(page.get_by_role("heading", name="Again")).to_be_visible()
    expect(notice).to_have_count(0)
    assert not reloaded(page)


def test_an_address_without_a_page_shows_it_as_soon_as_there_is_one(site: Path, server: Server, context: BrowserContext) -> None:
    page = open_live(context, f"{server.url}notes/new-one/")
    expect(page.locator("live-panel .notice")).to_have_count(0)
    # A note has a script that the page for missing ones lacks, so that the browser loads it anew.
    write(site, {"content/notes/2017-12-16-new-one.md": note("New one")})
    expect(page.get_by_role("heading", name="New one")).to_be_visible()


def test_the_bar_shows_the_site_as_others_see_it(fresh: Path, context: BrowserContext) -> None:
    write(
        fresh,
        {
            NOTE: note(body="Text.\n", marking="TLP:AMBER"),
            "content/notes/2017-12-16-later.md": note("Later", embargo="2018-01-02T12:00:00Z"),
        },
    )
    with serving(fresh, "--now", "2018-01-01T12:00:00Z") as server:
        page = open_live(context, f"{server.url}notes/un-offer/")
        bar = page.locator("live-panel .bar")
        expect(bar.locator(".tlp-amber")).to_have_text("TLP:AMBER")
        assert bar.get_by_role("link", name="Edit").get_attribute("href") == f"vscode://file{(fresh / NOTE).as_posix()}:1:1"
        bar.get_by_label("As seen by").select_option("TLP:CLEAR")
        bar.get_by_role("button", name="Show").click()
        expect(page.get_by_role("heading", name="A note")).to_have_count(0)
        connected(page)
        expect(bar.get_by_label("As seen by")).to_have_value("TLP:CLEAR")
        page.goto(f"{server.url}notes/later/")
        expect(page.get_by_role("heading", name="Later")).to_have_count(0)
        bar.get_by_label("at").fill("2018-01-03T12:00")
        bar.get_by_label("at").press("Enter")
        expect(page.get_by_role("heading", name="Later")).to_be_visible()
        expect(bar.get_by_label("at")).to_have_value("2018-01-03T12:00")
        bar.get_by_role("button", name="Now").click()
        expect(page.get_by_role("heading", name="Later")).to_have_count(0)
        bar.get_by_label("As seen by").select_option("desk")
        bar.get_by_role("button", name="Show").click()
        expect(page.get_by_role("heading", name="Later")).to_be_visible()
        expect(bar.locator(".withheld")).to_contain_text("Embargoed until")


def test_the_view_can_be_changed_while_the_site_has_errors(site: Path, server: Server, context: BrowserContext) -> None:
    write(site, {"content/notes/2017-12-17-secret.md": note("Secret", marking="TLP:RED")})
    page = open_live(context, f"{server.url}notes/secret/")
    expect(page.locator("h1")).to_have_text("Secret")
    edit(site, NOTE, "date: 2017-12-15", "date: 2017-12-15\ntopcis: [mediation]")
    expect(page.locator("live-panel li")).to_have_count(1)
    bar = page.locator("live-panel .bar")
    for audience, there in (("TLP:CLEAR", 0), ("desk", 1)):
        bar.get_by_label("As seen by").select_option(audience)
        bar.get_by_role("button", name="Show").click()
        expect(page.get_by_role("heading", name="Secret")).to_have_count(there)
        connected(page)
        expect(bar.get_by_label("As seen by")).to_have_value(audience)
        expect(page.locator("live-panel li .place")).to_contain_text(f"{NOTE}:4:1")


def test_the_first_build_is_waited_for(fresh: Path, context: BrowserContext) -> None:
    go = threading.Event()

    def waits(*arguments: Any) -> Preparation:
        go.wait(PATIENCE)
        return load(*arguments)

    with live_site(fresh, machine=Machine(load=waits), ready=False) as client:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{client.port}{client.base}notes/un-offer/")
        expect(page.get_by_role("heading", name="Building the site")).to_be_visible()
        expect(page.locator("live-panel .notice")).to_contain_text("Building the site")
        go.set()
        expect(page.get_by_role("heading", name="A note")).to_be_visible()
        connected(page)
        expect(page.locator("live-panel .notice")).to_have_count(0)
        expect(page.locator("body")).to_have_css("outline-color", "rgb(1, 2, 3)")


def test_a_site_that_is_broken_from_the_start_mends_itself(fresh: Path, context: BrowserContext) -> None:
    edit(fresh, NOTE, "date: 2017-12-15", "date: 2017-12-15\ntopcis: [mediation]")
    with serving(fresh) as server:
        page = context.new_page()
        page.goto(f"{server.url}notes/un-offer/")
        expect(page.locator("live-panel li .place")).to_contain_text(f"{NOTE}:4:1")
        expect(page.get_by_role("heading", name="The site has errors")).to_be_visible()
        edit(fresh, NOTE, "topcis", "topics")
        expect(page.get_by_role("heading", name="A note")).to_be_visible()
        expect(page.locator("live-panel li")).to_have_count(0)


def test_a_page_that_did_not_come_is_asked_for_again(site: Path, server: Server, context: BrowserContext) -> None:
    page = open_live(context, f"{server.url}notes/un-offer/")
    page.route(page.url, lambda route: route.abort(), times=1)
    edit(site, NOTE, "A note", "Another note")
    expect(page.locator("h1")).to_have_text("Another note")


def test_a_script_of_the_theme_runs_when_it_is_new_and_when_it_is_changed(site: Path, server: Server, context: BrowserContext) -> None:
    page, base, script = open_live(context, server.url), "themes/desk/templates/base.html", "themes/desk/assets/desk.js"
    write(site, {script: "document.documentElement.dataset.ran = 1;\n"})
    policy = "{% block policy %}default-src 'none'; script-src 'self'; style-src 'self'{% endblock %}"
    edit(site, base, "{% block styles %}", policy + '{% block styles %}<script src="{{ page.root }}theme/desk.js"></script>')
    expect(page.locator("html")).to_have_attribute("data-ran", "1")
    connected(page)
    (site / script).write_text("document.documentElement.dataset.ran = 2;\n", encoding="utf-8")
    expect(page.locator("html")).to_have_attribute("data-ran", "2")
    page.goto(f"{server.url}notes/un-offer/")
    connected(page)
    reloaded(page)
    edit(site, NOTE, "A note", "Another note")
    expect(page.locator("h1")).to_have_text("Another note")
    assert "Another note" in page.locator("script[type*=json]").evaluate("one => one.text")
    assert not reloaded(page)


def test_any_number_of_pages_stay_up_to_date(site: Path, server: Server, context: BrowserContext) -> None:
    # A browser has six connections to a server, and each page has a stream open.
    pages = [open_live(context, f"{server.url}notes/un-offer/") for _ in range(8)]
    for title in ("Another note", "A third note"):
        edit(site, NOTE, re.search("title: (.*)", (site / NOTE).read_text(encoding="utf-8"))[1], title)  # type: ignore[index]
        for page in pages:
            expect(page.get_by_role("heading", name=title)).to_be_visible()
    # Those that wait for a stream do so without a word: the server is there.
    until = time.monotonic() + 7
    said: set[str] = set()
    while time.monotonic() < until:
        said |= {page.locator("live-panel output").inner_text() for page in pages}
        pages[0].wait_for_timeout(200)
    assert said == {""}


def test_the_bar_stays_as_small_as_it_was_made(site: Path, server: Server, context: BrowserContext) -> None:
    page = open_live(context, f"{server.url}notes/un-offer/")
    page.locator("live-panel .bar summary").click()
    expect(page.locator("live-panel form")).not_to_be_visible()
    edit(site, NOTE, "A note", "Another note")
    expect(page.get_by_role("heading", name="Another note")).to_be_visible()
    page.goto(server.url)
    connected(page)
    expect(page.locator("live-panel form")).not_to_be_visible()
    page.locator("live-panel .bar summary").click()
    expect(page.locator("live-panel form")).to_be_visible()
    page.reload()
    connected(page)
    expect(page.locator("live-panel form")).to_be_visible()


def test_the_bar_says_when_a_view_cannot_be_had(site: Path, server: Server, context: BrowserContext) -> None:
    page = open_live(context, f"{server.url}notes/un-offer/")
    page.locator("live-panel select").evaluate("one => one.selectedOptions[0].value = 'nobody'")
    page.locator("live-panel").get_by_role("button", name="Show").click()
    expect(page.locator("live-panel form [role=alert]")).to_have_text("There is no such audience or instant here.")


def test_the_site_may_stand_at_the_root_and_run_from_right_to_left(tmp_path: Path, context: BrowserContext) -> None:
    site = small_site(tmp_path, {CONFIG: "title: Desk\nurl: https://desk.example.org/\nlanguage: ar\n"})
    with serving(site) as server:
        page = open_live(context, f"{server.url}notes/un-offer/")
        edit(site, NOTE, "UN offers", "UN still offers")
        expect(page.get_by_role("heading", name="UN still offers")).to_be_visible()
        expect(page.locator("html")).to_have_css("direction", "rtl")
        expect(page.locator("live-panel section")).to_have_css("direction", "ltr")


def test_a_page_of_another_host_that_leads_here_is_refused(server: Server, playwright: Playwright, chromium: str) -> None:
    port = server.url.split(":")[2].split("/")[0]
    rebound = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, "--host-resolver-rules=MAP evil.example 127.0.0.1"])
    page = rebound.new_page()
    for path in ("repo/", "repo/notes/un-offer/", "repo/-/live.js", "repo/-/events?url=&page="):
        answer = page.goto(f"http://evil.example:{port}/{path}")
        assert answer is not None
        assert answer.status == 403
        assert "Paragraph" not in answer.text()
    rebound.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_panel_is_accessible(site: Path, server: Server, browser: Browser, scheme: Literal["light", "dark"]) -> None:
    write(site, {"content/notes/2017-12-17-secret.md": note("Secret", marking="TLP:RED", draft="true", embargo="2038-01-01")})
    with browser.new_context(color_scheme=scheme, bypass_csp=True, viewport={"width": 1280, "height": 900}) as context:
        page = open_live(context, f"{server.url}notes/secret/")
        edit(site, NOTE, "date: 2017-12-15", "date: 2017-12-15\ntopcis: [mediation]")
        expect(page.locator("live-panel li")).to_have_count(1)
        results = Axe().run(page, context="live-panel", options=RULES)
        assert not [f"{v['id']}: {[n['target'] for n in v['nodes']]}" for v in results.response["violations"]]
        parts = page.locator("live-panel *:visible")
        for shut in (False, True):
            for width in (320, 768, 1600):
                page.set_viewport_size({"width": width, "height": 700})
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                assert parts.evaluate_all("all => Math.max(...all.map(one => one.getBoundingClientRect().right))") <= width
            if not shut:
                page.locator("live-panel .problems summary").click()
                page.locator("live-panel .bar summary").click()


def test_the_panel_is_used_from_the_keyboard_and_covers_nothing(site: Path, server: Server, context: BrowserContext) -> None:
    page = open_live(context, f"{server.url}notes/un-offer/")
    edit(site, NOTE, "date: 2017-12-15", "date: 2017-12-15\ntopcis: [mediation]")
    expect(page.locator("live-panel li")).to_have_count(1)
    panel_top = "document.querySelector('live-panel').shadowRoot.querySelector('div').getBoundingClientRect().top"
    # The room for the panel is made in the next frame.
    box = "document.querySelector('live-panel').shadowRoot.querySelector('div')"
    page.wait_for_function(f"() => document.documentElement.style.scrollPaddingBottom === {box}.offsetHeight + 'px'")
    page.evaluate("scrollTo(0, 1e6)")
    assert page.evaluate("document.querySelector('.foot').getBoundingClientRect().bottom") <= page.evaluate(panel_top) + 1
    page.evaluate("scrollTo(0, 0)")
    page.evaluate("document.querySelector('#remark').scrollIntoView({ block: 'nearest' })")
    assert page.evaluate("document.querySelector('#remark').getBoundingClientRect().bottom") <= page.evaluate(panel_top) + 1
    page.locator("live-panel .problems summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("live-panel li")).not_to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.textContent") == f"{NOTE}:4:1"
    page.emulate_media(media="print")
    expect(page.locator("live-panel .bar")).not_to_be_visible()
    expect(page.locator("live-panel .problems")).not_to_be_visible()


def test_served_pages_have_one_script_more_than_built_ones(site: Path, server: Server, context: BrowserContext, tmp_path: Path) -> None:
    page = open_live(context, server.url)
    assert not (site / "_site").exists()
    runs = "script:not([type='application/ld+json'])"
    found = page.locator(runs).evaluate_all("all => all.map(one => one.src)")
    assert {src for src in found if not src.startswith(f"{server.url}theme/")} == {f"{server.url}-/live.js"}
    assert (CLIENT / "live.js").stat().st_size < 4096
    assert run(site, output=tmp_path).ok
    for name, data in tree(tmp_path).items():
        scripts = re.findall(rb"<script[^>]*", data.replace(b'<script type="application/ld+json">', b""))
        assert all(re.search(rb'src="[^"]*theme/[\w-]+\.js"', script) for script in scripts), name
        assert b"live.js" not in data, name


RANDOM = """
let seed = 7;
const below = (n) => (seed = (seed * 48271) % 2147483647) % n;
const parse = (text) => new DOMParser().parseFromString(`<div>${text}</div>`, "text/html").body.firstChild;
"""


@pytest.fixture
def morph(browser: Browser) -> Iterator[Callable[[str], object]]:
    """Runs a text in a page with the part of the script that compares trees, on random ones, and gives what it returns."""
    script = (CLIENT / "live.js").read_text(encoding="utf-8")
    functions = script[script.index("const tie") : script.index("tie(html, ")]
    page = browser.new_page()
    yield lambda text: page.evaluate(f"() => {{ {functions}{RANDOM}{text} }}")
    page.close()


def test_any_tree_becomes_any_other(morph: Callable[[str], object]) -> None:
    text = """
        const words = ["one", "two", "\\n", "three"];
        const make = (depth) => Array.from({ length: below(6) }, () => {
            const kind = below(depth ? 5 : 2);
            if (!kind) return words[below(4)];
            if (kind === 1) return `<!--${words[below(4)]}-->`;
            const tag = ["p", "ul", "details"][below(3)], id = below(4) ? "" : ` id="${"abc"[below(3)]}"`;
            return `<${tag}${id}${below(3) ? "" : ` class="${words[below(2)]}"`}>${make(depth - 1).join("")}</${tag}>`;
        });
        const wrong = [];
        for (let i = 0; i < 300; i++) {
            const live = document.importNode(parse(make(3).join("")), true);
            tie(live, document.importNode(live, true));
            for (let j = 0; j < 4; j++) {
                const next = parse(make(3).join("")), expected = next.outerHTML;
                morph(live, next);
                if (live.outerHTML !== expected) wrong.push([expected, live.outerHTML]);
            }
        }
        return wrong;
    """
    assert morph(text) == []


def test_elements_that_stay_are_the_same_when_others_come_go_and_change(morph: Callable[[str], object]) -> None:
    text = """
        let count = 0;
        const write = (items) => items.map(([key, text]) => `<details><summary>${key}</summary>${text}</details>`).join("\\n");
        const fresh = () => [`n${++count}`, "text"];
        const lost = [];
        for (let i = 0; i < 200; i++) {
            let items = Array.from({ length: 1 + below(8) }, fresh);
            const live = document.importNode(parse(write(items)), true);
            tie(live, document.importNode(live, true));
            for (let j = 0; j < 4; j++) {
                const before = new Map(items.map(([key, text], k) => [key + text, live.children[k]]));
                items = items.flatMap((item) => [[item], [item], [item], [], [fresh(), item], [[item[0], `text ${++count}`]]][below(6)]);
                morph(live, parse(write(items)));
                items.forEach(([key, text], k) => {
                    const old = before.get(key + text);
                    if (old && old !== live.children[k]) lost.push([key, write(items)]);
                });
            }
        }
        return lost;
    """
    assert morph(text) == []


def gif(width: int) -> bytes:
    """An image of one colour."""
    return (
        b"GIF89a" + struct.pack("<HH", width, 1) + b"\x80\0\0\0\0\0\xff\xff\xff"
        b"," + struct.pack("<HHHH", 0, 0, width, 1) + b"\0\x02" + (b"\x02\x44\x0a\0;" if width == 2 else b"\x02\x44\x54\0;")
    )
