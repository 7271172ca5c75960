"""The pages of ledgers: when there are some, what leads to them, their tables, and how settings and themes leave them out."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from tests.kit.small_sites import DATA, codes, note, run, small_site, tree, write

SITE = "content/site.yaml"
DESK = "title: Desk\nurl: https://desk.example.org/briefings/\n"
OTHER = "content/notes/2017-12-16-other.md"
DECLARED = {
    "content/topics/talks.yaml": "name: Talks\n",
    "content/topics/mediation.yaml": "name: Mediation\nmeasures: [{id: launches, name: Launches}]\n"
    "propositions: [{id: talk, text: Talk}]\n",
}
WITH_ENTRIES = {
    "positions": note("Other", "2017-12-16", positions="[{actor: japan, proposition: talk, stance: for}]"),
    "figures": note("Other", "2017-12-16", figures="[{measure: launches, value: 20, as_of: 2017-12-15}]"),
    "changes": note("Other", "2017-12-16", changes="[{date: 2017-12-17, note: '=The reply', level: major}]", topics="[mediation]"),
    "quotations": note("Other", "2017-12-16", "> Words.\n>\n> — [UN](actor:un), 2017-12-15\n"),
    "judgements": note("Other", "2017-12-16", judgements="[{id: talks, text: They talk, likelihood: likely}]"),
    "connections": note("Other", "2017-12-16", topics="[talks]", actors="[un, japan]"),
    "corrections": note("Other", "2017-12-16", corrections="[{date: 2017-12-17, wrong: '=19 launches', right: 20 launches, note: -}]"),
    "timeline": note("Other", "2017-12-16", events="[{id: e, title: The Council meets, date: 2017-12-15}]"),
    "calendar": note("Other", "2017-12-16", events="[{id: e, title: The Council meets, date: 2018-02-15}]"),
}
"""For each ledger a note that has something for it."""


def table(site: Path, ledger: str) -> list[dict[str, str]]:
    """The rows of a ledger's table, each by the names of its columns."""
    data = (site / f"_site/{ledger}/{ledger}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(data)))


@pytest.mark.parametrize("theme", ["folio", "wire"])
@pytest.mark.parametrize("ledger", sorted(WITH_ENTRIES))
def test_a_ledger_has_a_page_once_there_is_something_in_it(tmp_path: Path, ledger: str, theme: str) -> None:
    site = small_site(tmp_path, {SITE: f"{DESK}theme: {theme}\n", **DECLARED})
    assert codes(run(site)) == []
    assert not (site / f"_site/{ledger}/index.html").exists()
    write(site, {OTHER: WITH_ENTRIES[ledger]})
    assert codes(run(site)) == []
    found = tree(site / "_site")
    assert {f"{ledger}/index.html", f"{ledger}/index.json", f"{ledger}/{ledger}.csv"} <= found.keys()
    for path in ("index.html", "notes/un-offer/index.html", "404.html"):
        assert re.search(rf'href="[^"]*\b{ledger}/"', found[path].decode()), path
    assert f"{ledger}.csv" in found[f"{ledger}/index.html"].decode()
    assert f"/{ledger}/</loc>" in found["sitemap.xml"].decode()
    assert codes(run(site, verify=True)) == []
    write(site, {OTHER: None})
    assert codes(run(site)) == []
    assert not (site / f"_site/{ledger}/index.html").exists()


@pytest.mark.parametrize("ledger", sorted(WITH_ENTRIES))
def test_settings_leave_a_ledger_out(tmp_path: Path, ledger: str) -> None:
    site = small_site(tmp_path, {SITE: f"{DESK}outputs: {{{ledger}: false}}\n", **DECLARED, OTHER: WITH_ENTRIES[ledger]})
    assert codes(run(site)) == []
    assert not {f"{ledger}/index.html", f"{ledger}/{ledger}.csv"} & tree(site / "_site").keys()
    assert f'{ledger}/"' not in (site / "_site/index.html").read_text()
    write(site, {SITE: f"{DESK}outputs: {{tables: false}}\n"})
    assert codes(run(site)) == []
    found = tree(site / "_site")
    assert f"{ledger}/{ledger}.csv" not in found
    assert f"{ledger}.csv" not in found[f"{ledger}/index.html"].decode()


@pytest.mark.parametrize("ledger", sorted(WITH_ENTRIES))
def test_a_ledger_yields_to_a_page_of_the_author(tmp_path: Path, ledger: str) -> None:
    page = f"content/pages/{ledger}.md"
    site = small_site(tmp_path, {SITE: DESK, page: "---\ntitle: Ours\n---\n\nText.\n", **DECLARED, OTHER: WITH_ENTRIES[ledger]})
    report = run(site)
    assert codes(report) == ["address-collision"]
    assert (report.diagnostics[0].place.path, f"outputs: {{{ledger}: false}}" in report.diagnostics[0].remedy) == (page, True)
    write(site, {SITE: f"{DESK}outputs: {{{ledger}: false}}\n"})
    assert codes(run(site)) == []
    assert "Ours" in (site / f"_site/{ledger}/index.html").read_text()


@pytest.mark.parametrize("ledger", sorted(WITH_ENTRIES))
def test_a_theme_without_its_template_has_no_such_pages(tmp_path: Path, ledger: str) -> None:
    site = small_site(tmp_path, {SITE: f"{DESK}theme: own\n", **DECLARED, OTHER: WITH_ENTRIES[ledger]})
    templates = DATA / "sites/plain/templates"
    write(site, {"themes/own/theme.yaml": "name: Own\n"})
    write(site, {f"themes/own/templates/{file.name}": file.read_bytes() for file in templates.iterdir() if file.stem != ledger})
    assert codes(run(site)) == []
    assert not (site / f"_site/{ledger}/index.html").exists()
    write(site, {f"themes/own/templates/{ledger}.html": (templates / f"{ledger}.html").read_bytes()})
    assert codes(run(site)) == []
    assert (site / f"_site/{ledger}/index.html").exists()
    assert codes(run(site, verify=True)) == []


def test_the_corrections_of_all_notes_stand_newest_first(tmp_path: Path) -> None:
    first = note("First", "2017-12-01", corrections="[{date: 2017-12-20, note: The name was misspelt.}, {date: 2017-12-02, note: '@home'}]")
    files: dict[str, str | bytes | None] = {SITE: DESK, "content/notes/first.md": first, OTHER: WITH_ENTRIES["corrections"]}
    site = small_site(tmp_path, files)
    assert codes(run(site)) == []
    rows = table(site, "corrections")
    assert [(row["date"], row["note"]) for row in rows] == [("2017-12-20", "first"), ("2017-12-17", "other"), ("2017-12-02", "first")]
    # A spreadsheet would run what begins like a formula.
    assert [(row["wrong"], row["right"], row["remark"]) for row in rows][1:] == [("'=19 launches", "20 launches", "'-"), ("", "", "'@home")]
    assert rows[1]["url"] == "https://desk.example.org/briefings/notes/other/"
    page = (site / "_site/corrections/index.html").read_text()
    anchors = re.findall(r'href="\.\./(notes/\w+/)#(correction-[\w-]+)"', page)
    assert len(anchors) == 3
    for url, anchor in anchors:
        assert f'id="{anchor}"' in (site / "_site" / url / "index.html").read_text()
    # A new title changes the page, and not the table.
    before = (site / "_site/corrections/corrections.csv").stat()
    write(site, {"content/notes/first.md": first.replace("First", "Foremost")})
    report = run(site)
    assert "corrections/" in [made.url for made in report.built]
    assert (site / "_site/corrections/corrections.csv").stat() == before


@pytest.mark.parametrize("theme", ["folio", "wire"])
def test_withdrawn_notes_stand_among_corrections(tmp_path: Path, theme: str) -> None:
    gone = note("Gone", "2017-12-10", withdrawn="{date: 2017-12-20, reason: It rested on a forgery.}")
    settings = f"{DESK}theme: {theme}\n"
    site = small_site(tmp_path, {SITE: settings, "content/notes/gone.md": gone})
    assert codes(run(site)) == []
    page = (site / "_site/corrections/index.html").read_text()
    assert 'href="../notes/gone/"' in page
    assert "It rested on a forgery." in page
    assert "corrections/" in (site / "_site/index.html").read_text()
    assert "<loc>https://desk.example.org/briefings/corrections/</loc><lastmod>2017-12-20" in (site / "_site/sitemap.xml").read_text()
    write(site, {SITE: settings, OTHER: WITH_ENTRIES["corrections"]})
    assert codes(run(site, verify=True)) == []
    page = (site / "_site/corrections/index.html").read_text()
    assert page.index("20 launches") < page.index("It rested on a forgery.")


def test_many_corrections_take_several_pages(tmp_path: Path) -> None:
    corrections = "".join(f"  - {{date: 2017-12-{day:02}, note: Number {day}.}}\n" for day in range(1, 8))
    site = small_site(
        tmp_path, {SITE: f"{DESK}page_sizes: {{ledger: 3}}\n", OTHER: note("Other", "2017-12-01", corrections="\n" + corrections)}
    )
    assert codes(run(site)) == []
    newest, oldest = (site / "_site" / path / "index.html" for path in ("corrections", "corrections/page/1"))
    assert [re.findall(r"Number (\d)", page.read_text()) for page in (newest, oldest)] == [["7", "6", "5", "4"], ["3", "2", "1"]]


@pytest.mark.parametrize("marked", ["actors/japan", "topics/mediation", "sources/tass"])
def test_a_row_has_the_mark_of_whatever_it_names(tmp_path: Path, marked: str) -> None:
    """Who passes a table on may go by its column `marking`."""
    declared = {
        "actors/japan": "name: Japan\ntype: state\n",
        "topics/mediation": "name: Mediation\npropositions: [{id: p, text: T}]\nmeasures: [{id: m, name: M}]\n",
        "sources/tass": "name: TASS\n",
    }
    declared[marked] += "marking: TLP:AMBER\n"
    entries = note(
        "Entries",
        topics="[mediation]",
        sources="[{id: s1, source: tass}]",
        events="[{id: e, title: E, date: 2017-12-10, actors: [japan]}]",
        positions="[{actor: japan, proposition: p, stance: for, basis: s1}]",
        figures="[{measure: m, value: 1, as_of: 2017-12-10, source: s1}]",
        quotations="[{text: Words, speaker: japan, source: s1}]",
        changes="[{date: 2017-12-16, note: More}]",
    )
    files = {f"content/{name}.yaml": text for name, text in declared.items()}
    site = small_site(tmp_path, {SITE: f"{DESK}audience: TLP:AMBER\n", OTHER: entries, **files})
    assert codes(run(site)) == []
    naming = {
        "actors/japan": {"timeline", "positions", "quotations"},
        "topics/mediation": {"timeline", "positions", "figures", "changes"},
        "sources/tass": {"positions", "figures", "quotations"},
    }
    ledgers = ("timeline", "positions", "figures", "quotations", "changes")
    assert {name for name in ledgers if "TLP:AMBER" in {row["marking"] for row in table(site, name)}} == naming[marked]
