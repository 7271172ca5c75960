"""What the pages show, as values: coverage, offices, indexes, the archive, collisions."""

from __future__ import annotations

import datetime as dt
import html.parser
import itertools
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.pages.make.coverage import MAX_BARS, coverage
from tests.kit.small_sites import codes, example_site, note, run, small_site

days = st.one_of(st.dates(dt.date(1990, 1, 1), dt.date(2060, 1, 1)), st.dates())


@given(st.lists(days, max_size=40))
def test_coverage_counts_every_day_without_gaps(found: list[dt.date]) -> None:
    chart = coverage(found)
    if chart is None:
        assert len({(d.year, d.month) for d in found}) < 2
        return
    starts = [bar.start for bar in chart.bars]
    assert starts == sorted(set(starts))
    assert len(starts) <= MAX_BARS or chart.unit == "century"
    assert chart.peak == max(bar.notes for bar in chart.bars)
    assert sum(bar.notes for bar in chart.bars) == len(found)
    if chart.unit == "month":
        assert all((b.year * 12 + b.month) - (a.year * 12 + a.month) == 1 for a, b in itertools.pairwise(starts))


@pytest.mark.parametrize(
    ("files", "clash"),
    [
        ({"content/topics/Mediation.yaml.md": "---\nname: x\n---\n"}, None),
        ({"content/notes/a.md": note(id="UN-offer")}, "UN-offer"),
        ({"content/pages/notes.md": "---\ntitle: Notes\n---\n"}, "notes"),
        ({"content/pages/x.md": "---\ntitle: X\nid: Topics\n---\n"}, "Topics"),
        ({"content/notes/y.md": note(id="2017")}, "2017"),
        (
            {
                "content/notes/one/a.csv": "1",
                "content/notes/two/a.csv": "2",
                "content/notes/n.md": note(body="[a](one/a.csv) [b](two/a.csv)"),
            },
            "a.csv",
        ),
        ({"content/notes/index.html": "x", "content/notes/n.md": note(body="[a](index.html)")}, "/notes/n/"),
    ],
)
def test_two_claims_to_one_address_are_an_error(tmp_path: Path, files: dict[str, str | bytes | None], clash: str | None) -> None:
    report = run(small_site(tmp_path, files))
    assert codes(report) == ([] if clash is None else ["address-collision"])
    if clash:
        assert clash in report.diagnostics[0].message


OF_HOST: Mapping[str, tuple[str, Mapping[str, str], bool]] = {
    "an alias": ("https://desk.example.net/", {"content/pages/c.md": "---\ntitle: C\naliases: [/CNAME]\n---\n"}, True),
    "an alias below it": ("https://desk.example.net/", {"content/pages/c.md": "---\ntitle: C\naliases: [/Cname/a.html]\n---\n"}, True),
    "an id": ("https://desk.example.net/", {"content/pages/cname.md": "---\ntitle: C\n---\n"}, True),
    "an asset, which stands in a folder": ("https://desk.example.net/", {"content/assets/CNAME": "x"}, False),
    "a note, which does": ("https://desk.example.net/", {"content/notes/cname.md": note()}, False),
    "a site without a domain": ("https://ada.github.io/", {"content/pages/cname.md": "---\ntitle: C\n---\n"}, False),
    "a site below a path": ("https://desk.example.net/a/", {"content/pages/cname.md": "---\ntitle: C\n---\n"}, False),
}
"""Addresses of sites, what is in them, and whether it would take the place of the file that tells the host of its domain."""


@pytest.mark.parametrize("name", OF_HOST)
def test_nothing_takes_the_place_of_the_domain(tmp_path: Path, name: str) -> None:
    url, files, clash = OF_HOST[name]
    report = run(small_site(tmp_path, {"content/site.yaml": f"title: Desk\nurl: {url}\n", **files}))
    assert codes(report) == (["address-collision"] if clash else [])


def test_the_index_of_actors_knows_types_and_accents(tmp_path: Path) -> None:
    people = {"Ötzi": "otzi", "Oz": "oz", "Éric": "eric", "7 Days": "days"}
    files = {f"content/actors/{i}.yaml": f"name: {name}\ntype: person\n" for name, i in people.items()}
    site = small_site(tmp_path, files)
    assert codes(run(site)) == []
    html = (site / "_site/actors/index.html").read_text(encoding="utf-8")
    order = ["7 Days", "Éric", "Guterres", "Ötzi", "Oz", "Japan"]
    at = [html.index(name) for name in order]
    assert at == sorted(at)


def test_long_lists_are_cut_and_counted(tmp_path: Path) -> None:
    notes: dict[str, str | bytes | None] = {
        f"content/notes/n{i:02}.md": note(f"Note {i:02}", f"2017-{i % 12 + 1:02}-10", topics="[mediation]", actors="[un]")
        for i in range(30)
    }
    sizes = "title: Desk\npage_sizes: {notes: 10, topic: 10, actor: 10}\nurl: https://desk.example.org/\n"
    site = small_site(tmp_path, {**notes, "content/site.yaml": sizes, "content/notes/2017-12-15-un-offer.md": None})
    assert codes(run(site)) == []
    out = site / "_site"
    for folder in ("notes", "topics/mediation", "actors/un"):
        pages = sorted(p.relative_to(out / folder).as_posix() for p in (out / folder).glob("page/*/index.html"))
        assert pages == ["page/1/index.html", "page/2/index.html"]
        front = (out / folder / "index.html").read_text(encoding="utf-8")
        assert "30" in front
        assert "page/2/" in front


class Page(html.parser.HTMLParser):
    """The links and ids of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value is not None:
                self.links.append(value)
            elif name == "id" and value:
                self.ids.append(value)


@pytest.mark.parametrize("theme", ["folio", "wire"])
@pytest.mark.parametrize("base", ["https://desk.example.org/", "https://desk.example.org/a/b/"])
def test_every_link_and_anchor_of_the_example_site_leads_somewhere(tmp_path: Path, theme: str, base: str) -> None:
    site = example_site(tmp_path, f"theme: {theme}\nurl: {base}")
    report = run(site)
    assert codes(report) == []
    out = site / "_site"
    pages = {p.relative_to(out).as_posix(): Page(p.read_text(encoding="utf-8")) for p in out.rglob("*.html")}
    for path, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), f"{path} has an id twice"
        here = urljoin(base, path.removesuffix("index.html"))
        for link in page.links:
            url = urlsplit(urljoin(here, link))
            if url.scheme not in ("http", "https") or not url.geturl().startswith(base):
                assert link.startswith(("http:", "https:", "mailto:", "data:")), f"{path}: {link}"
                continue
            target = unquote(url.path).removeprefix(urlsplit(base).path)
            file = target + "index.html" if target.endswith("/") or not target else target
            assert (out / file).is_file(), f"{path}: {link} leads nowhere"
            if url.fragment:
                assert unquote(url.fragment) in pages[file].ids, f"{path}: {link} has no such anchor"


def test_the_example_site_is_what_it_promises(tmp_path: Path) -> None:
    report = run(example_site(tmp_path))
    assert codes(report) == []
    assert report.counts.notes >= 20
    assert report.counts.actors >= 30
    assert report.counts.topics >= 8
    assert report.counts.sources >= 8


@pytest.mark.parametrize(
    ("given", "size"),
    [("", 'width="40" height="30"'), ("{width=20}", 'height="15" '), ("{height=60}", 'width="80" '), ("{width=7 height=9}", "")],
)
def test_images_reserve_their_place(tmp_path: Path, given: str, size: str) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>'
    site = small_site(tmp_path, {"content/notes/c.svg": svg, "content/notes/n.md": note(body=f"Text ![A chart](c.svg){given}\n")})
    assert codes(run(site)) == []
    html = (site / "_site/notes/n/index.html").read_text(encoding="utf-8")
    image = html[html.index("<img") : html.index(">", html.index("<img"))]
    assert size in image
    assert image.count("width=") == 1
    assert image.count("height=") == 1


@pytest.mark.parametrize(("years", "unit", "bars"), [((1950, 2009), "year", 60), ((1950, 2010), "decade", 7), ((1, 2026), "century", 21)])
def test_no_year_is_left_out_of_a_long_chart(years: tuple[int, int], unit: str, bars: int) -> None:
    chart = coverage([dt.date(year, 6, 1) for year in years])
    assert chart is not None
    assert (chart.unit, len(chart.bars), sum(bar.notes for bar in chart.bars)) == (unit, bars, 2)


@pytest.mark.parametrize("theme", ["folio", "wire"])
def test_small_things_that_readers_stumble_over(theme: str, tmp_path: Path) -> None:
    sizes = "page_sizes: {notes: 2, topic: 2, actor: 2}\n"
    files: dict[str, str | bytes | None] = {
        f"content/notes/n{i}.md": note(f"N{i}", f"201{i}-03-04", topics="[mediation]", actors="[un]") for i in range(7)
    }
    files["content/notes/n7.md"] = note(
        "N7",
        "2017-03-04",
        sources='[{id: a, source: gazette, url: "https://g.example/x"}, {id: b, source: gazette, credibility: 1}]',
        aliases="[/old/]",
    )
    files |= {
        "content/site.yaml": f"title: Desk\nurl: https://desk.example.org/\ntheme: {theme}\n{sizes}",
        "content/sources/gazette.yaml": "name: Norland Gazette\nreliability: A\n",
    }
    site = small_site(tmp_path, files)
    assert codes(run(site)) == []
    pages = {p.relative_to(site / "_site").as_posix(): p.read_text(encoding="utf-8") for p in (site / "_site").rglob("*.html")}
    titles = [(html.partition("<title>")[2].partition("</title>")[0], path) for path, html in pages.items() if path != "old/index.html"]
    assert len({title for title, _ in titles}) == len(titles), sorted(titles)
    words = re.sub(r"<[^>]+>", "", pages["notes/n7/index.html"])
    assert "Gazettehttps" not in words
    assert "GazetteA" not in words
    assert "noindex" not in pages["old/index.html"]
    assert '<link rel="canonical" href="https://desk.example.org/notes/n7/">' in pages["old/index.html"]
    home = pages["index.html"]
    assert "State of play" not in home
    assert ">Topics</h2>" in home
    assert "4 Mar 2013" in home
    assert not re.search(r"4 Mar (?!20)", home)


def test_the_navigation_that_nobody_set_leads_to_no_empty_list(tmp_path: Path) -> None:
    site = small_site(tmp_path, {"content/sources/tass.yaml": None, "content/notes/2017-12-15-un-offer.md": note()})
    assert codes(run(site)) == []
    home = (site / "_site/index.html").read_text(encoding="utf-8")
    assert ">Actors</a>" in home
    assert ">Sources</a>" not in home
    (site / "content/site.yaml").write_text("title: Desk\nurl: https://d.example/\nnavigation: [{title: Sources, to: sources/}]\n")
    assert codes(run(site)) == []
    assert ">Sources</a>" in (site / "_site/index.html").read_text(encoding="utf-8")
