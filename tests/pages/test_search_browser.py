"""Search in a reader's browser: what is found and in which order, by keyboard, by address, from a disk, and when something is amiss."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from tests.kit.pages_server import serve_pages
from tests.kit.small_sites import DATA, REPOSITORY, codes, note, run, small_site, tree
from tests.pages.test_browser import FLAGS, RULES, open_page

pytestmark = pytest.mark.browser

SETTINGS = "title: Desk\nurl: https://desk.example.org/briefings/\naudience: TLP:AMBER\n"
HOSTILE = "<img src=x onerror=alert(1)> & <b>bold</b>"

FILES: Mapping[str, str] = {
    "content/topics/weapons.yaml": "name: Weapons\n",
    "content/topics/missiles.yaml": "name: Missile programme\nbroader: [weapons]\n",
    "content/topics/mediation.yaml": "name: Mediation\nmeasures: [{id: rounds, name: Rounds of talks, unit: round}]\n",
    "content/actors/haley.yaml": "name: Nikki Haley\ntype: person\nalso_known_as: [Ambassador Haley]\n",
    "content/pages/method.md": "---\ntitle: How we count\n---\n\nWe count centrifuges twice.\n",
    "content/notes/named.md": note(
        "Council meets", "2015-03-01", topics="[missiles]", actors="[{id: haley, role: speaker}]", summary="A short one."
    ),
    "content/notes/title.md": note("Ballistic launch", "2015-02-01", topics="[missiles]", actors="[haley]"),
    "content/notes/often.md": note("Third", "2015-04-01", body="Ballistic, ballistic, ballistic.\n"),
    "content/notes/once.md": note("Fourth", "2015-05-01", body="Ballistic once, and a naïve café in Malmö.\n", kind="wire"),
    "content/notes/again.md": note("Fifth", "2015-05-02", body="Ballistic once more.\n"),
    "content/notes/standfirst.md": note("Sixth", "2015-01-01", summary="Ballistic in the standfirst."),
    "content/notes/month.md": note("A month", "2016-07"),
    "content/notes/japanese.md": note("北朝鮮が弾道ミサイルを発射", "2016-08-01", body="日本政府は抗議した。\n"),
    "content/notes/hostile.md": note(f"'{HOSTILE}'", "2016-09-01", summary="'<script>alert(2)</script> hostile'", topics="[mediation]"),
    "content/notes/amber.md": note("Quiet word", "2016-10-01", marking="TLP:AMBER", topics="[mediation]"),
    "content/notes/entries.md": note(
        "Ministers meet",
        "2017-11-01",
        "> We shall talk without conditions.\n>\n> — [Nikki Haley](actor:haley), 2017-10-30\n",
        events="[{id: summit, title: Summit of ministers, date: 2018-02-03}]",
        figures="[{measure: rounds, value: 6, period: '2017', as_of: 2017-11-01}]",
    ),
}  # fmt: skip
MANY = {f"content/notes/many-{i:03}.md": note(f"Routine report {i}", f"2014-{i % 12 + 1:02}-{i // 12 + 1:02}") for i in range(45)}


def _site(folder: Path, settings: str = "") -> Path:
    site = small_site(folder, {**FILES, **MANY, "content/site.yaml": SETTINGS + settings})
    assert set(codes(run(site))) <= {"markup-as-text"}
    return site / "_site"


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _site(tmp_path_factory.mktemp("search"))


@pytest.fixture(scope="module")
def home(output: Path) -> Iterator[str]:
    with serve_pages(output, "/briefings/") as address:
        yield address


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as made:
        yield made


def settled(page: Page) -> Page:
    """The page, once nothing that the question needs is still being loaded."""
    page.wait_for_selector("#_results[aria-busy=false]", state="attached")
    return page


def asked(page: Page, question: str) -> Page:
    """The page after the reader has typed `question`."""
    page.locator("#_search [type=search]").fill(question)
    return settled(page)


def found(page: Page) -> list[str]:
    """The ids of the notes that are listed."""
    links = page.locator("#_notes a:visible").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    return [re.sub(r".*/notes/|/.*", "", link) for link in links]


def test_terms_are_those_of_the_program(home: str, context: BrowserContext) -> None:
    page, _ = open_page(context, f"{home}search/")
    table = json.loads((DATA / "search_terms.json").read_text(encoding="utf-8"))
    assert page.evaluate("texts => texts.map(briefings.termsOf)", [text for text, _ in table["terms"]]) == [t for _, t in table["terms"]]
    assert page.evaluate("terms => terms.map(briefings.bucketOf)", [t for t, _ in table["buckets"]]) == [b for _, b in table["buckets"]]


QUESTIONS: Mapping[str, list[str]] = {
    # Titles come before standfirsts and names, those before texts; of equal ones the newer comes first.
    "ballistic": ["title", "standfirst", "often", "again", "once"],
    "BALLIST": ["title", "standfirst", "often", "again", "once"],
    "ballistic launch": ["title"],
    "ballistics": ["title", "standfirst", "often", "again", "once"],
    "launches ballistic": ["title"],
    "ambassador haley": ["entries", "named", "title"],
    "haley missile": ["named", "title"],
    "weapons": ["named", "title"],
    "speaker": ["un-offer", "named"],
    "wire": ["once"],
    "2016": ["amber", "hostile", "japanese", "month"],
    "naive CAFÉ malmo": ["once"],
    "弾道ミサイル": ["japanese"],
    "日本政府": ["japanese"],
    "朝": ["japanese"],
    "ﾐｻｲﾙ": ["japanese"],
    "img onerror": ["hostile"],
    "constructor": [],
    "without conditions": ["entries"],
}


def test_what_is_found_and_in_which_order(home: str, context: BrowserContext) -> None:
    page, complaints = open_page(context, f"{home}search/")
    assert {question: found(asked(page, question)) for question in QUESTIONS} == QUESTIONS
    assert complaints == [], "the policy and the addresses are right"


FILTERS: Mapping[str, list[str]] = {
    "topic=weapons": ["named", "title"],
    "topic=missiles&q=launch": ["title"],
    "actor=haley": ["entries", "named", "title"],
    "actor=haley&role=speaker": ["named"],
    "q=ballistic&kind=wire": ["once"],
    "marking=TLP:AMBER": ["amber"],
    "from=2016-07-15&to=2016-08-31": ["japanese", "month"],
    "from=2016-08-01&to=2016-08-31": ["japanese"],
    "q=ballistic&sort=newest": ["again", "once", "often", "title", "standfirst"],
    "q=ballistic&sort=oldest": ["standfirst", "title", "often", "once", "again"],
    "q=conditions&list=quotations": ["entries"],
    "list=events&from=2018-01-01": ["entries"],
}


def test_an_address_asks_with_filters_and_keeps_them(home: str, context: BrowserContext) -> None:
    page = context.new_page()
    answers = {}
    for question in FILTERS:
        page.goto(f"{home}search/?{question}")
        answers[question] = found(settled(page))
        assert page.evaluate("location.search").replace("%3A", ":").count("=") == question.count("="), "the address is as it was"
    assert answers == FILTERS
    assert page.locator("#_notes a").get_attribute("href") == f"{home}notes/entries/"
    page.goto(f"{home}search/?q=conditions&list=quotations")
    settled(page)
    assert re.search(r"/notes/entries/#.+", page.locator("#_notes a").get_attribute("href") or ""), "a quotation leads to its place"
    page.goto(f"{home}search/?q=rounds&list=figures")
    assert settled(page).locator("#_notes .headline").inner_text() == "Rounds of talks: 6 rounds (2017)"


def test_filters_are_chosen_from_what_there_is_and_counted(home: str, context: BrowserContext) -> None:
    page, _ = open_page(context, f"{home}search/?q=ballistic")
    settled(page)

    def choices(name: str) -> list[str]:
        return page.locator(f"[name={name}] option").all_inner_texts()[1:]

    assert choices("kind") == ["Brief (4)", "Wire (1)"]
    assert choices("topic") == ["Missile programme (1)", "Weapons (1)"]
    page.locator("[name=kind]").select_option("wire")
    assert found(settled(page)) == ["once"]
    assert page.url == f"{home}search/?q=ballistic&kind=wire"
    assert choices("kind") == ["Brief (4)", "Wire (1)"], "another choice is still told with its number"
    page.locator("#_notes a").click()
    page.go_back()
    assert found(settled(page)) == ["once"]
    page.get_by_role("button", name="Clear the filters").click()
    assert len(found(settled(page))) == 5
    assert page.url == f"{home}search/?q=ballistic"


def test_names_come_first_and_words_are_marked(home: str, context: BrowserContext) -> None:
    page, _ = open_page(context, f"{home}search/?q=haley")
    settled(page)
    assert page.locator("#_names li").all_inner_texts() == ["Nikki Haley\nPerson\n3"]
    assert page.locator("#_names a").get_attribute("href") == f"{home}actors/haley/"
    assert page.locator("#_names mark").all_inner_texts() == ["Haley"]
    assert page.locator("#_notes .reason").all_inner_texts() == ["Nikki Haley"] * 3, "it is said why a note is found"
    asked(page, "centrifuge")
    assert page.locator("#_names li").all_inner_texts() == ["How we count\nPage"]
    asked(page, "弾道")
    assert page.locator("#_notes mark").all_inner_texts() == ["弾道"]
    asked(page, "ballistic")
    assert page.locator("#_notes mark").all_inner_texts() == ["Ballistic", "Ballistic"]
    assert page.locator("#_notes .reason").all_inner_texts() == ["In the text: ballistic"] * 3
    asked(page, "quiet")
    assert page.locator("#_notes .mark").all_inner_texts() == ["TLP:AMBER"]
    asked(page, "nothing has this")
    assert page.locator("#_none").is_visible()
    assert page.locator("[role=status]").inner_text() == "Found: 0"


def test_data_and_questions_are_text_and_nothing_else(home: str, context: BrowserContext) -> None:
    page, complaints = open_page(context, f"{home}search/?q={quote(HOSTILE)}&topic={quote(HOSTILE)}")
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    settled(page)
    page.goto(f"{home}search/?q=img+onerror+bold")
    settled(page)
    assert page.locator("#_notes .headline").inner_text() == HOSTILE
    assert page.locator("#_notes p").first.inner_text() == "<script>alert(2)</script> hostile"
    assert page.locator("main :is(img, b:not([id]), script)").count() == 0
    assert complaints == []


def test_the_keyboard_leads_through_all(home: str, context: BrowserContext) -> None:
    page, _ = open_page(context, f"{home}notes/title/")
    page.keyboard.press("/")
    page.keyboard.type("ballistic/")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{home}search/?q=ballistic%2F")
    settled(page)
    where = "document.activeElement.textContent || document.activeElement.name"
    page.keyboard.press("/")
    assert page.evaluate(where) == "q"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(where) == "Ballistic launch"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(where) == "Sixth"
    page.keyboard.press("Escape")
    assert page.evaluate(where) == "q"
    page.keyboard.press("Escape")
    assert page.locator("#_results").is_hidden()
    assert page.locator("#_lists").is_visible()
    page.keyboard.type("ballistic launch")
    page.keyboard.press("Enter")
    settled(page)
    assert page.evaluate(where) == "Ballistic launch"
    page.keyboard.press("Enter")
    page.wait_for_url(f"{home}notes/title/")


def test_long_lists_come_in_steps(home: str, context: BrowserContext) -> None:
    page, _ = open_page(context, f"{home}search/?q=routine")
    settled(page)
    more = page.get_by_role("button", name="Show more")
    counts = [page.locator("#_notes li").count()]
    while more.is_visible():
        more.click()
        counts.append(page.locator("#_notes li").count())
        assert page.evaluate("[...document.querySelectorAll('#_notes a')].indexOf(document.activeElement)") == counts[-2]
    assert counts == [20, 40, 45]


def test_search_works_from_a_disk(output: Path, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto((output / "notes/title/index.html").as_uri())
    page.keyboard.press("/")
    page.keyboard.type("standfirst")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/index.html?q=standfirst")
    assert settled(page).locator("#_notes .headline").inner_text() == "Sixth"
    page.locator("#_notes a").click()
    page.wait_for_url("**/notes/standfirst/index.html")


@pytest.mark.parametrize("theme", ["folio", "wire"])
def test_without_javascript_lists_lead_on(theme: str, output: Path, tmp_path: Path, browser: Browser) -> None:
    folder = output if theme == "folio" else _site(tmp_path, "theme: wire\n")
    with serve_pages(folder, "/briefings/") as address, browser.new_context(java_script_enabled=False) as context:
        page, complaints = open_page(context, address)
        page.locator("[role=search] [type=search]").fill("ballistic")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}search/?q=ballistic")
        assert page.locator("noscript").inner_text()
        links = page.locator("#_lists a").evaluate_all("links => links.map(link => link.textContent)")
        assert {"Missile programme", "Weapons", "Nikki Haley", "2014", "2017"} <= set(links)
        assert page.locator("#_search select:visible, #_results:visible").count() == 0
        assert complaints == []


def test_a_site_without_scripts_has_lists_and_no_index(tmp_path: Path) -> None:
    files = tree(_site(tmp_path, "scripts: none\n"))
    assert not [path for path in files if path.endswith(".js")]
    html = files["search/index.html"].decode()
    assert "<form" not in html
    assert "topics/missiles/" in html
    assert b'href="../../search/"' in files["notes/title/index.html"]


def test_a_cache_that_mixes_two_publications_is_seen_through(home: str, output: Path, context: BrowserContext) -> None:
    """The list of segments is an old one, so that the version that it names is not that of the files."""
    now = (output / "search/segments.js").read_text(encoding="utf-8")
    old = re.sub(r'(\["2015",")\w+', r"\g<1>01234567", now)
    assert old != now
    context.route(re.compile(r"search/segments\.js$"), lambda route: route.fulfill(body=old, content_type="text/javascript"))
    page, complaints = open_page(context, f"{home}search/?q=ballistic")
    assert found(settled(page)) == QUESTIONS["ballistic"]
    assert complaints == []


def test_what_cannot_be_loaded_is_told_and_tried_again(home: str, context: BrowserContext) -> None:
    lost = re.compile(r"search/2015/words-0\.js")

    def fail(route: Route) -> None:
        route.fulfill(status=500)

    context.route(lost, fail)
    page = context.new_page()
    page.goto(f"{home}search/?q=ballistic")
    assert found(settled(page)) == ["title", "standfirst"]
    assert page.get_by_role("alert").inner_text().startswith("Part of the index could not be loaded")
    context.unroute(lost)
    page.get_by_role("button", name="Try again").click()
    page.wait_for_selector("#_trouble", state="hidden")
    assert found(settled(page)) == QUESTIONS["ballistic"]


SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.mark.parametrize(("theme", "language"), [("folio", "en"), ("wire", "en"), ("folio", "ar")])
def test_the_page_is_accessible_and_never_too_wide(theme: str, language: str, tmp_path: Path, browser: Browser) -> None:
    folder = _site(tmp_path, f"theme: {theme}\nlanguage: {language}\n")
    axe, wrong = Axe(), []
    with serve_pages(folder, "/briefings/") as address, browser.new_context() as context:
        page, complaints = open_page(context, f"{address}search/")
        for question in ("", "?q=meet", "?q=nothing+has+this&topic=weapons&from=2016-01-01"):
            page.goto(f"{address}search/{question}")
            if question:
                settled(page)
                page.evaluate("for (const fold of document.querySelectorAll('#_search details')) fold.open = true")
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                violations = axe.run(page, options=RULES).response["violations"]
                wrong += [f"{question}, {scheme}: {v['id']} at {[n['target'] for n in v['nodes']]}" for v in violations]
            for width in (320, 360, 768, 1600, 1280):
                page.set_viewport_size({"width": width, "height": 900})
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    wrong.append(f"{question} is wider than {width}")
        page.goto(f"{address}search/?q=meet")
        assert found(settled(page)) == ["entries", "named"]
        assert complaints == []
    assert wrong == []


def test_the_scripts_are_small() -> None:
    assets = REPOSITORY / "themes/folio/assets"
    sizes = {name: len(gzip.compress((assets / name).read_bytes())) for name in ("field.js", "search-index.js", "search.js")}
    assert sizes["field.js"] < 600
    assert sum(sizes.values()) < 12_000
