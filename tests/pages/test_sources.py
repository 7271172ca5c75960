"""Sources of notes: grades with their words, what copies what, the way back to the text, and every use on a source's page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from briefings.desk.check import check
from briefings.engine.api import BuildRequest, quiet
from tests.kit.small_sites import NOW, codes, note, run, small_site, write

OTHER = "content/notes/other.md"
FILES: dict[str, str | bytes | None] = {
    "content/sources/tass.yaml": "name: TASS\nreliability: B\nrationale: Right on what was said.\nrated: 2017-12-01\n",
    "content/topics/mediation.yaml": (
        "name: Mediation\npropositions: [{id: talk, text: Talk now}]\nmeasures: [{id: days, name: Days of talks, unit: day}]\n"
    ),
    OTHER: note(
        body="First [@s1]. Then [@s2; @s1, p. 4].\n\n## Cite s1 1\n",
        topics="[mediation]",
        sources="[{id: s1, source: tass, credibility: 3}, {id: s2, title: A paper, origin: s1}, {id: s3, title: Another, origin: tass}]",
        positions="[{actor: un, proposition: talk, stance: for, basis: s1}, {actor: japan, proposition: talk, stance: against, basis: s2}]",
        figures="[{measure: days, value: 3, as_of: 2017-12-15, source: s1}]",
        quotations="[{text: We talk, speaker: un, source: s1}, {text: We wait, speaker: japan, source: s2}]",
        events="[{id: met, title: They met, date: 2017-12-14, source: s1}, {id: left, title: They left, date: 2017-12-15}]",
    ),
}


def page(site: Path, url: str) -> str:
    return (site / "_site" / url / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("theme", ["folio", "wire"])
def test_sources_lead_back_to_the_text_and_grades_to_their_words(tmp_path: Path, theme: str) -> None:
    site = small_site(tmp_path, FILES | {"content/site.yaml": f"title: Desk\nurl: https://desk.example.org/\ntheme: {theme}\n"})
    assert codes(run(site)) == []
    html = page(site, "notes/other")
    listed = dict(re.findall(r'<li id="source-(s\d)"(.*?)</li>', html, re.DOTALL))
    places = {
        anchor: re.findall(r'<a[^>]* href="#(cite-[\w-]+)" aria-label="Back to (?:place \d in )?the text"', item)
        for anchor, item in listed.items()
    }
    assert places == {"s1": ["cite-s1-1", "cite-s1-2"], "s2": ["cite-s2-1"], "s3": []}
    for anchor in places["s1"] + places["s2"]:
        assert html.count(f'id="{anchor}"') == 1
    # The words stand on the page, once, and only those that a grade on it needs.
    assert 'href="#_grades"' in listed["s1"]
    legend = re.sub(r"<[^>]+>", "", re.findall(r'id="_grades">(.*?)</p>', html)[0])
    assert ("B usually reliable" in legend, "3 possibly true" in legend, "A completely" in legend) == (True, True, False)
    assert re.search(r"All of them go back to one: TASS\.", html)
    assert "TASS" in listed["s2"]
    assert "Right on what was said." in page(site, "sources/tass")
    # A citation more in the text changes the list of sources.
    write(site, {OTHER: str(FILES[OTHER]).replace("Then", "Then [@s3]")})
    assert codes(run(site, verify=True)) == []
    assert 'href="#cite-s3-1"' in page(site, "notes/other")


def test_the_page_of_a_source_lists_every_use(tmp_path: Path) -> None:
    site = small_site(tmp_path, FILES)
    assert codes(run(site)) == []
    document = json.loads((site / "_site/sources/tass/index.json").read_bytes())
    assert (document["rated"], document["rationale"]) == ("2017-12-01", "Right on what was said.")
    uses = [
        (
            *(one["citation"]["id"], one["copied"], [p["actor"]["id"] for p in one["positions"]], [f["name"] for f in one["figures"]]),
            *([q["paragraphs"] for q in one["quotations"]], [e["id"] for e in one["events"]]),
        )
        for one in document["citations"]
        if one["note"]["id"] == "other"
    ]
    assert uses == [("s3", True, [], [], [], []), ("s1", False, ["un"], ["Days of talks"], [["We talk"]], ["met"])]
    html = page(site, "sources/tass")
    for words in (
        "United Nations · For: Talk now",
        "Days of talks: 3 days",
        "2 places in the text",
        "As carried by others",
        "We talk",
        "They met",
    ):
        assert words in html
    assert 'href="../../notes/other/#cite-s1-1"' in html


def test_a_withheld_source_is_nobody_s_origin(tmp_path: Path) -> None:
    site = small_site(tmp_path, FILES)
    write(site, {"content/sources/tass.yaml": "name: TASS\nmarking: TLP:RED\n"})
    assert codes(run(site)) == []
    document = json.loads((site / "_site/notes/other/index.json").read_bytes())
    # What the note itself says of its sources stays.
    assert [one["origin"] and one["origin"]["name"] for one in document["sources"]] == [None, "s1", None]
    assert [one["name"] for one in document["origins"]] == ["s1", "Another"]


@pytest.mark.parametrize(("origin", "remedy"), [("tas", 'did you mean "tass"?'), ("nobody", None)])
def test_an_origin_that_nothing_has_is_an_error(tmp_path: Path, origin: str, remedy: str | None) -> None:
    site = small_site(tmp_path, {OTHER: note(sources=f"[{{id: s1, origin: {origin}}}]")})
    report = run(site)
    assert [(d.code, d.place.line) for d in report.diagnostics] == [("unknown-source", 4)]
    assert remedy is None or remedy in report.diagnostics[0].remedy


@pytest.mark.parametrize("theme", ["folio", "wire"])
def test_an_event_leads_to_the_source_that_tells_of_it(tmp_path: Path, theme: str) -> None:
    site = small_site(tmp_path, FILES | {"content/site.yaml": f"title: Desk\nurl: https://desk.example.org/\ntheme: {theme}\n"})
    assert codes(run(site)) == []
    timeline = json.loads((site / "_site/timeline/index.json").read_bytes())
    assert [(e["id"], e["source"] and e["source"]["name"]) for e in timeline["events"]] == [("left", None), ("met", "TASS")]
    for url, address in {"timeline": "../notes/other/", "topics/mediation": "../../notes/other/", "notes/other": ""}.items():
        assert re.search(rf'<a[^>]* href="{address}#source-s1">TASS</a>', page(site, url)), url
    write(site, {OTHER: note(sources="[{id: s1}]", events="[{id: met, title: They met, date: 2017-12-14, source: s2}]")})
    assert [(d.code, d.place.line) for d in run(site).diagnostics] == [("unknown-citation", 5)]


@pytest.mark.parametrize("key", ["rationale: Why.", "rated: 2017-12-01"])
def test_a_reason_needs_a_grade(tmp_path: Path, key: str) -> None:
    site = small_site(tmp_path, {"content/sources/tass.yaml": f"name: TASS\n{key}\n"})
    found = run(site).diagnostics[0]
    assert (found.code, found.place.line) == ("missing-key", 2)


def test_links_without_a_copy_are_told_by_check_once_for_a_note(tmp_path: Path) -> None:
    sources = (
        "\n  - {id: s1, url: 'https://a.test/'}\n  - {id: s2, url: 'https://b.test/', archived: 'https://c.test/'}\n"
        "  - {id: s3, url: 'https://d.test/'}"
    )
    site = small_site(tmp_path, {OTHER: note(sources=sources)})
    request = BuildRequest(site, site / "_site", NOW, 1)
    assert codes(run(site)) == []
    found = [d for d in check(request, quiet) if d.code == "unarchived-link"]
    assert [(d.place.path, d.place.line) for d in found] == [(OTHER, 5)]
    assert '"s1" and "s3"' in found[0].message
    write(
        site,
        {
            OTHER: note(
                sources=sources.replace("\n  - {id: s1", "\n  # briefings: allow unarchived-link: paper copies are kept\n  - {id: s1")
            )
        },
    )
    assert [d.code for d in check(request, quiet)] == []
