"""Quotations on pages: of their note, their speaker, its topics and the site; their table, and what search engines are told."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.kit.small_sites import codes, note, run, small_site, tree, write
from tests.pages.test_ledgers import DESK, SITE, table

EVENTS = "[{id: e1, title: The Council meets, date: 2017-12-15}]"
FIRST = note(
    "First",
    "2017-12-15",
    "> My good offices\n> remain available.\n>\n> — [António Guterres](actor:guterres), event:e1 [@s1]\n\nHe said “ten percent”.\n",
    topics="[mediation]",
    sources="[{id: s1, source: tass, credibility: 2}]",
    events=EVENTS,
    quotations="[{text: ten percent, speaker: guterres, inline: true, date: 2017-12-14}, "
    "{text: =Words, speaker: {name: An official}, place: Geneva, relayed_by: un, attribution: background, "
    "translated_from: {language: ko, text: 말씀}}]",
)
SECOND = note("Second", "2017-12-17", "> “My good offices remain available.”\n>\n> — [Guterres](actor:guterres), event:e1\n")
FILES = {"content/notes/first.md": FIRST, "content/notes/second.md": SECOND, "content/sources/tass.yaml": "name: TASS\nreliability: B\n"}


@pytest.mark.parametrize("theme", ["folio", "wire"])
def test_quotations_stand_on_every_page_that_they_concern(tmp_path: Path, theme: str) -> None:
    site = small_site(tmp_path, {SITE: f"{DESK}theme: {theme}\n", **FILES})
    assert codes(run(site)) == []
    found = {path: data.decode() for path, data in tree(site / "_site").items() if path.endswith(".html")}
    own = re.sub(r"<script.*?</script>", "", found["notes/first/index.html"])
    # What stands in the text is not shown a second time; what does not, is.
    assert [own.count(words) for words in ("remain available", "ten percent", "=Words")] == [1, 1, 1]
    assert "event:e1" not in own
    assert re.search(r"<figcaption>.*The Council meets.*</figcaption>", own)
    pages = ["quotations/index.html", "quotations/2017/index.html", "quotations/by/guterres/index.html", "actors/guterres/index.html"]
    for page in (*pages, "topics/mediation/index.html"):
        assert "remain available" in found[page], page
        links = re.findall(r'href="[./]*(notes/\w+/)#(quotation-[0-9a-f]{8})"', found[page])
        assert {url for url, _ in links} == {"notes/first/", "notes/second/"}, page
        for url, anchor in links:
            assert f'id="{anchor}"' in found[f"{url}index.html"]
    assert "말씀" in found["quotations/index.html"]
    # A grade leads to its words, on the same page.
    for page in (*pages, "topics/mediation/index.html"):
        assert re.search(r'<a[^>]* href="#_grades">B2</a>', found[page]), page
        assert found[page].count('id="_grades"') == 1, page
        assert "probably true" in found[page], page
    assert codes(run(site, verify=True)) == []


def test_programs_read_them_as_a_table_a_document_and_as_linked_data(tmp_path: Path) -> None:
    site = small_site(tmp_path, {SITE: DESK, **FILES})
    assert codes(run(site)) == []
    rows = table(site, "quotations")
    assert [(row["date"], row["speaker"], row["note"]) for row in rows] == [
        ("2017-12-15", "guterres", "second"),
        ("2017-12-15", "guterres", "first"),
        ("2017-12-15", "", "first"),
        ("2017-12-14", "guterres", "first"),
    ] or sorted(row["note"] for row in rows) == ["first", "first", "first", "second"]
    shown = next(row for row in rows if row["name"] == "An official")
    assert (shown["text"], shown["place"], shown["relayed_by"]) == ("'=Words", "Geneva", "United Nations")
    assert (shown["original_language"], shown["original"], shown["attribution"]) == ("ko", "말씀", "background")
    assert {(row["source"], row["grade"]) for row in rows} == {("TASS", "B2"), ("", "")}
    assert all(re.fullmatch(r"https://desk\.example\.org/briefings/notes/\w+/#quotation-[0-9a-f]{8}", row["url"]) for row in rows)
    document = json.loads((site / "_site/quotations/by/guterres/index.json").read_bytes())
    assert [len(one["tellings"]) for one in document["quotations"]] == [2, 1]
    assert document["speaker"]["url"] == "../../../actors/guterres/"
    page = (site / "_site/notes/first/index.html").read_text()
    told = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)[0])["@graph"][0]
    assert [(one["@type"], one["text"], one["creator"]["name"]) for one in told["hasPart"]] == [
        ("Quotation", "My good offices remain available.", "António Guterres"),
        ("Quotation", "ten percent", "António Guterres"),
        ("Quotation", "=Words", "An official"),
    ]


def test_a_new_quotation_changes_the_pages_that_show_it(tmp_path: Path) -> None:
    site = small_site(tmp_path, {SITE: DESK, **FILES})
    assert codes(run(site)) == []
    write(site, {"content/notes/second.md": SECOND + "\n> Others.\n>\n> — [Japan](actor:japan), 2016-01-01\n"})
    report = run(site)
    assert codes(report) == []
    made = {one.url for one in report.built}
    assert {"quotations/", "quotations/2016/", "quotations/by/japan/", "actors/japan/", "notes/second/"} <= made
    assert "quotations/2017/" not in made
    assert codes(run(site, verify=True)) == []
    # A text that is edited beside its quotations changes no page but its own, and what search has of its words.
    write(site, {"content/notes/second.md": SECOND + "\n> Others.\n>\n> — [Japan](actor:japan), 2016-01-01\n\nMore.\n"})
    assert [one.url for one in run(site).built] == ["notes/second/", "search/2017-12/words-0.js"]


def test_the_page_of_a_speaker_leads_to_all_that_it_said(tmp_path: Path) -> None:
    many = "\n".join(f"> Number {n}.\n>\n> — [Japan](actor:japan), 2017-12-{n:02}\n" for n in range(1, 13))
    site = small_site(tmp_path, {SITE: f"{DESK}page_sizes: {{ledger: 5}}\n", "content/notes/many.md": note("Many", body=many)})
    assert codes(run(site)) == []
    profile = (site / "_site/actors/japan/index.html").read_text()
    assert re.findall(r"<p>Number (\d+)", profile) == [str(n) for n in range(12, 2, -1)]
    assert 'href="../../quotations/by/japan/"' in profile
    newest, oldest = (site / "_site/quotations/by/japan" / path / "index.html" for path in (".", "page/1"))
    assert [re.findall(r"<p>Number (\d+)", page.read_text()) for page in (newest, oldest)] == [
        [str(n) for n in range(12, 5, -1)],
        [str(n) for n in range(5, 0, -1)],
    ]


def test_a_quotation_bears_its_mark_wherever_it_stands(tmp_path: Path) -> None:
    marked = "> Words.\n>\n> — [Japan](actor:japan) {marking=TLP:GREEN}\n"
    site = small_site(tmp_path, {SITE: f"{DESK}audience: TLP:GREEN\n", "content/notes/marked.md": note("Marked", body=marked)})
    assert codes(run(site)) == []
    for page in ("quotations/", "quotations/2017/", "quotations/by/japan/", "actors/japan/"):
        html = (site / "_site" / page / "index.html").read_text()
        assert re.search(r"Words\..*?TLP:GREEN", html, re.DOTALL), page
        assert json.loads((site / "_site" / page / "index.json").read_bytes())["highest_marking"] == "TLP:GREEN"
    assert [row["marking"] for row in table(site, "quotations")] == ["TLP:GREEN"]
