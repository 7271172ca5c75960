"""A note dated to the month or the year alone is shown as such everywhere, before that month's days; programs read its first day."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.kit.feed_rules import atom_faults
from tests.kit.small_sites import codes, note, run, small_site, tree, write

ROUGH = "content/notes/rough.md"
FILES: dict[str, str | bytes | None] = {
    "content/notes/2017-12-15-un-offer.md": None,
    "content/actors/guterres.yaml": "name: António Guterres\ntype: person\n",
    ROUGH: note(
        "Rough",
        "2017-12",
        topics="[mediation]",
        actors="[un]",
        sources="[{id: s1, source: tass}]",
        positions="[{actor: un, proposition: talk, stance: for, basis: s1}]",
        body="See [@s1].\n",
    ),
    "content/topics/mediation.yaml": "name: Mediation\npropositions: [{id: talk, text: Talks should begin}]\n",
    "content/notes/zero.md": note("Zero", "2017-12-01", topics="[mediation]", body="See [it](note:rough).\n"),
    "content/notes/annual.md": note("Annual", "2017", dateline="{place: Geneva}", actors="[un]"),
    "content/notes/late.md": note("Late", "2017-11-30", topics="[mediation]"),
}


@pytest.mark.parametrize("theme", ["folio", "wire"])
def test_no_page_shows_a_day_that_nobody_wrote(tmp_path: Path, theme: str) -> None:
    site = small_site(tmp_path, FILES | {"content/site.yaml": f"title: Desk\nurl: https://desk.example.org/\ntheme: {theme}\n"})
    write(site, {"content/notes/zero.md": note("Zero", "2017-12-02", topics="[mediation]", body="See [it](note:rough).\n")})
    assert codes(run(site)) == []
    pages = {path: data.decode() for path, data in tree(site / "_site").items() if path.endswith(".html")}
    for path, html in pages.items():
        shown = re.sub(r"<script.*?</script>|<meta[^>]*>", "", html, flags=re.DOTALL)
        assert not re.search(r"\b1 (Dec|Jan)|2017-12-01|2017-01-01", shown), path
    assert re.search(r'<time datetime="2017-12">December 2017</time>', pages["notes/rough/index.html"])
    assert re.search(r'Geneva(</span>)?, <time datetime="2017">2017</time>', pages["notes/annual/index.html"])
    assert re.search(r"\bDec 2017\b", pages["topics/mediation/index.html"])


def test_it_stands_before_the_days_of_its_month(tmp_path: Path) -> None:
    site = small_site(tmp_path, FILES)
    assert codes(run(site)) == []
    archive = json.loads((site / "_site/notes/index.json").read_text())
    in_order = [(card["id"], card["when"], card["date"]) for month in archive["months"] for card in month["notes"]]
    assert in_order == [
        ("zero", "2017-12-01", "2017-12-01"),
        ("rough", "2017-12", "2017-12-01"),
        ("late", "2017-11-30", "2017-11-30"),
        ("annual", "2017", "2017-01-01"),
    ]
    assert {"notes/2017/12/index.html", "notes/2017/01/index.html"} <= tree(site / "_site").keys()


def test_programs_read_its_first_day(tmp_path: Path) -> None:
    site = small_site(tmp_path, FILES)
    assert codes(run(site)) == []
    feed = (site / "_site/feed.xml").read_bytes()
    assert atom_faults(feed, "https://desk.example.org/briefings/feed.xml") == []
    assert feed.count(b"<published>2017-12-01T00:00:00Z</published>") == 2
    assert b"<published>2017-01-01T00:00:00Z</published>" in feed
    html = (site / "_site/notes/rough/index.html").read_text()
    assert '"datePublished":"2017-12-01"' in html.replace(": ", ":")
    assert "notes/rough/</loc><lastmod>2017-12-01</lastmod>" in (site / "_site/sitemap.xml").read_text()


def test_a_day_becomes_a_month_and_the_other_way_round(tmp_path: Path) -> None:
    site = small_site(tmp_path, FILES)
    assert codes(run(site)) == []
    for date in ("2017-12-01", "2017-12", "2017"):
        write(site, {ROUGH: note("Rough", date, topics="[mediation]")})
        assert codes(run(site)) == []
        assert codes(run(site, verify=True)) == []


def test_one_that_was_withdrawn_is_still_of_its_month(tmp_path: Path) -> None:
    withdrawn = note("Rough", "2017-12", topics="[mediation]", withdrawn="{date: 2017-12-20, reason: Wrong}")
    site = small_site(tmp_path, FILES | {ROUGH: withdrawn, "content/notes/zero.md": note("Zero", "2017-12-02")})
    assert codes(run(site)) == []
    for path in ("notes/rough", "notes/2017/12", "topics/mediation"):
        html = (site / f"_site/{path}/index.html").read_text()
        assert "December 2017" in html, path
        assert "1 December 2017" not in html, path
