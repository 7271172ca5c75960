"""The mark of a page is the highest of everything on it, every link to what is marked carries its mark, and no theme can lose either."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest

from briefings.core.config import Marking
from briefings.pages.marks import mark_class, mark_of
from briefings.pages.views.record_views import TEMPLATES
from briefings.rendering.banners import shown_at_ends, with_banners
from briefings.serve.settings import Viewer
from briefings.site.visibility import highest
from tests.kit.live import live_site
from tests.kit.small_sites import NOW, codes, note, run, small_site, tree, write

RED = "title: Desk\nurl: https://desk.example.org/base/\ntheme: {theme}\naudience: TLP:RED\npage_sizes: {{notes: 2, topic: 2, actor: 2}}\n"

# Each record has a mark of its own, so that whatever leads to it shows which one that was.
MARKED: Mapping[str, str] = {
    "content/notes/plain.md": note("Plain", "2017-01-01", "See [the red one](note:red), [it](topic:secret) and [that](page:inner).\n"),
    "content/notes/lone.md": note("Lone", "2016-01-01", "Nothing else.\n"),
    "content/notes/green.md": note("Green", "2017-02-01", topics="[open]", actors="[jane]", marking="TLP:GREEN"),
    "content/notes/red.md": note("Red", "2017-03-01", topics="[open]", aliases="[/old-red/]", marking="TLP:RED"),
    "content/notes/open.md": note("Open", "2017-04-01", topics="[open]", sources="[{id: s1, source: tipster}]"),
    "content/notes/topical.md": note("Topical", "2017-05-01", topics="[secret]"),
    "content/notes/official.md": note("Official", "2017-06-01", actors="[head]"),
    "content/notes/entries.md": note(
        "Entries",
        "2017-07-01",
        "> Words.\n>\n> — X {marking=TLP:GREEN}\n",
        topics="[open]",
        events="[{id: e1, title: Event, date: 2017-07-01, marking: TLP:AMBER+STRICT}]",
    ),
    "content/notes/gone.md": note(
        "Gone", "2016-06-01", topics="[quiet]", marking="TLP:AMBER", withdrawn="{date: 2017-12-01, reason: Wrong.}"
    ),
    "content/topics/open.yaml": "name: Open topic\nbroader: [quiet]\n",
    "content/topics/quiet.yaml": "name: Quiet topic\n",
    "content/topics/secret.yaml": "name: Secret topic\nmarking: TLP:AMBER\n",
    "content/actors/jane.yaml": "name: Jane Doe\ntype: person\n",
    "content/actors/head.yaml": "name: The Head\ntype: person\noffices: [{role: Head, organization: service, from: 2010}]\n",
    "content/actors/service.yaml": "name: The Service\ntype: organization\nmarking: TLP:AMBER+STRICT\n",
    "content/sources/tipster.yaml": "name: Tipster\nmarking: TLP:AMBER\n",
    "content/pages/inner.md": "---\ntitle: Inner\nmarking: TLP:GREEN\n---\n\nText.\n",
}
MARKS: Mapping[str, Marking] = {
    "notes/green/": "TLP:GREEN",
    "notes/red/": "TLP:RED",
    "notes/gone/": "TLP:AMBER",
    "topics/secret/": "TLP:AMBER",
    "actors/service/": "TLP:AMBER+STRICT",
    "sources/tipster/": "TLP:AMBER",
    "inner/": "TLP:GREEN",
}
NAMES: Mapping[str, Marking] = {"Secret topic": "TLP:AMBER", "The Service": "TLP:AMBER+STRICT", "Tipster": "TLP:AMBER"}
_LABEL = re.compile(r"TLP:(?:GREEN|AMBER(?:\+STRICT)?|RED)")


class _Page(HTMLParser):
    """The words of a page in order, with its links: those to pages of the site by their addresses."""

    def __init__(self, html: str, url: str) -> None:
        super().__init__()
        self.parts: list[tuple[str, str]] = []
        self._url, self._inside = url, False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = self._inside or tag == "body"
        href = dict(attrs).get("href") or ""
        if tag in ("main", "nav"):
            self.parts.append((tag, ""))
        if tag == "a" and "://" not in href:
            self.parts.append(("link", _joined(self._url, href.partition("#")[0]) if not href.startswith("#") else self._url))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("a", "main", "nav"):
            self.parts.append((f"/{tag}", ""))

    def handle_data(self, data: str) -> None:
        if self._inside and data.strip():
            self.parts.append(("text", data.strip()))


def _joined(url: str, href: str) -> str:
    if href.startswith("/base/"):
        return href.removeprefix("/base/")
    parts = [p for p in url.split("/")[:-1] if p]
    for step in href.split("/"):
        if step == "..":
            parts.pop()
        elif step not in ("", "."):
            parts.append(step)
    return "/".join(parts) + "/" if parts else ""


def _pages(site: Path) -> Iterator[tuple[str, str]]:
    for path, data in tree(site / "_site").items():
        if path.endswith(".html"):
            yield path.removesuffix("index.html"), data.decode()


def _expected(url: str, page: _Page, document: Path) -> Marking:
    """The highest mark of what is on a page: of what it leads to, of what its words and its document say, and of the record itself."""
    own = [mark for address, mark in MARKS.items() if url.startswith(address)]
    led = [MARKS[target] for kind, target in page.parts if kind == "link" and target in MARKS]
    content = json.loads(document.read_text(encoding="utf-8")) if document.is_file() else {}
    content.pop("highest_marking", None)
    words = [text for _, text in _inside(page)] + [json.dumps(content)]
    words += [mark for name, mark in NAMES.items() for word in words if name in word]
    return highest([*own, *led, *(label for word in words for label in _LABEL.findall(word))])


def _inside(page: _Page) -> list[tuple[str, str]]:
    kinds = [kind for kind, _ in page.parts]
    return page.parts[kinds.index("main") : kinds.index("/main")]


@pytest.fixture(params=["folio", "wire"])
def marked(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    site = small_site(tmp_path, {**MARKED, "content/site.yaml": RED.format(theme=request.param)})
    assert codes(run(site)) == []
    return site


def test_the_mark_of_a_page_is_the_highest_of_everything_on_it(marked: Path) -> None:
    found = set()
    for url, html in _pages(marked):
        page = _Page(html, url)
        kinds = [kind for kind, _ in page.parts]
        ends = page.parts[: kinds.index("main")], page.parts[kinds.index("/main") :]
        document = marked / "_site" / url / "index.json"
        expected = _expected(url, page, document)
        for end in ends:
            labels = [text for kind, text in end if kind == "text" and _LABEL.fullmatch(text)]
            assert labels == ([] if expected == "TLP:CLEAR" else [expected]), url
        found.add(expected)
        if document.is_file():
            assert json.loads(document.read_text())["highest_marking"] == expected, url
    assert found == set(get_args(Marking))


def test_each_link_to_what_is_marked_carries_its_mark(marked: Path) -> None:
    seen = set()
    for url, html in _pages(marked):
        parts = _Page(html, url).parts
        for index, (kind, target) in enumerate(parts):
            if kind == "link" and target in MARKS and not url.startswith(target):
                after = parts[index:].index(("/a", "")) + index + 1
                assert parts[after] == ("text", MARKS[target]), (url, target)
                seen.add(target)
    assert seen == set(MARKS)


def test_names_in_plain_text_count_too(marked: Path) -> None:
    """The office of an actor names an organisation to which nothing on the page leads."""
    out = tree(marked / "_site")
    assert json.loads(out["notes/official/index.json"])["highest_marking"] == "TLP:AMBER+STRICT"
    assert json.loads(out["actors/index.json"])["highest_marking"] == "TLP:AMBER+STRICT"
    assert json.loads(out["notes/lone/index.json"])["highest_marking"] == "TLP:CLEAR"


def test_feeds_say_their_mark(marked: Path) -> None:
    out = tree(marked / "_site")
    feed = json.loads(out["topics/open/feed.json"])
    assert feed["title"] == "[TLP:RED] Desk: Open topic"
    assert feed["_briefings"]["highest_marking"] == "TLP:RED"
    assert [item["title"] for item in feed["items"]] == ["Entries", "Open", "[TLP:RED] Red", "[TLP:GREEN] Green"]
    assert out["topics/open/feed.xml"].count(b"<rights>TLP:RED</rights>") == 2
    assert b"TLP" not in out["topics/mediation/feed.xml"]


def test_a_public_build_knows_nothing_of_marks(tmp_path: Path) -> None:
    site = small_site(tmp_path, {**MARKED, "content/site.yaml": RED.format(theme="folio").replace("TLP:RED", "TLP:CLEAR")})
    assert codes(run(site)) == []
    for path, data in tree(site / "_site").items():
        if not path.startswith(("schema/", "theme/")):
            assert not _LABEL.search(data.decode(errors="replace")), path


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("content/notes/red.md", "marking: TLP:RED", "marking: TLP:AMBER"),
        ("content/notes/open.md", "title: Open", "title: Open\nmarking: TLP:AMBER+STRICT"),
        ("content/topics/secret.yaml", "marking: TLP:AMBER", ""),
        ("content/actors/jane.yaml", "type: person", "type: person\nmarking: TLP:RED"),
        ("content/sources/tipster.yaml", "marking: TLP:AMBER", "marking: TLP:GREEN"),
        ("content/pages/inner.md", "marking: TLP:GREEN", "marking: TLP:RED"),
        ("content/notes/entries.md", "{marking=TLP:GREEN}", "{marking=TLP:RED}"),
        ("content/notes/entries.md", "Words.", "Other words."),
        ("content/notes/red.md", "title: Red", "title: Redder"),
        ("content/topics/secret.yaml", "name: Secret topic", "name: Secret topic\nsummary: New."),
    ],
)
def test_after_any_change_of_a_mark_all_is_as_if_built_from_nothing(name: str, old: str, new: str, tmp_path: Path) -> None:
    site = small_site(tmp_path, {**MARKED, "content/site.yaml": RED.format(theme="folio")})
    assert codes(run(site)) == []
    write(site, {name: MARKED[name].replace(old, new)})
    assert MARKED[name] != MARKED[name].replace(old, new)
    assert codes(run(site)) == []
    assert codes(run(site, output=site / "clean")) == []
    assert tree(site / "_site") == tree(site / "clean")


@pytest.mark.parametrize(
    ("html", "ends"),
    [
        ("<body><p>TLP:RED</p><main>x</main><p>TLP:RED</p></body>", (True, True)),
        ("<body><p>TLP:RED</p><main>x</main></body>", (True, False)),
        ("<body><main><p>TLP:RED</p></main></body>", (False, False)),
        ("<body><nav><a>TLP:RED</a></nav><main>x</main><!-- <p>TLP:RED</p> --></body>", (False, False)),
        ("<head><title>TLP:RED</title></head><body><main>x</main></body>", (False, False)),
        ('<body class="TLP:RED"><p>Not TLP:RED at all</p><main>x</main></body>', (False, False)),
        ("<body><p>TLP:AMBER</p><main>x</main></body>", (False, False)),
        ("<p>TLP:RED</p>", (False, False)),
        ("", (False, False)),
    ],
)
def test_a_missing_banner_is_found_and_put_in(html: str, ends: tuple[bool, bool]) -> None:
    assert shown_at_ends(html, "TLP:RED") == ends
    mended = with_banners(html, "TLP:RED")
    banner = f'<p class="tlp {mark_class("TLP:RED")}"><span>TLP:RED</span></p>'
    assert mended.count(banner) == 2 - sum(ends)
    assert mended.replace(f"\n{banner}\n", "", 1).replace(f"{banner}\n", "") == html or ends == (True, True)
    if "<main" in html:
        assert shown_at_ends(mended, "TLP:RED") == (True, True)
    assert with_banners(html, "TLP:CLEAR") == html


@pytest.mark.parametrize("frame", ["<!doctype html><title>T</title>", "<html><body><p>x</p></body></html>", "x"])
def test_a_theme_of_ones_own_that_knows_no_marks_shows_them_built_and_served(frame: str, tmp_path: Path) -> None:
    templates = {f"themes/bare/templates/{name}": frame for name in TEMPLATES.values()}
    files = {**MARKED, **templates, "themes/bare/theme.yaml": "name: Bare\n", "content/site.yaml": RED.format(theme="bare")}
    site = small_site(tmp_path, files)
    assert set(codes(run(site))) <= {"early-withdrawal"}
    out = tree(site / "_site")
    banner = re.compile(r'<p class="tlp (tlp-\w+)"><span>(TLP:[A-Z+]+)</span></p>')
    with live_site(site, Viewer("TLP:RED", NOW)) as client:
        for url, least in {**MARKS, "old-red/": "TLP:RED"}.items():
            top, bottom = banner.findall(out[f"{url}index.html"].decode())
            assert top == bottom == (mark_class(top[1]), top[1]), url
            assert highest({top[1], least}) == top[1], url
            assert banner.findall(client.get(url).text) == [top, bottom], url
    assert b"TLP:" not in out["404.html"], "nothing on it is marked"


def test_a_marking_in_any_field_is_found() -> None:
    assert mark_of((), {}) == "TLP:CLEAR"
    assert mark_of("TLP:RED", {}) == "TLP:CLEAR", "words are no marks"
