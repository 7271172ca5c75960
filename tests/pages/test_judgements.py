"""Judgements: their terms, what stands on the note and among all of them, and how right they were."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import get_args

import pytest

from briefings.content.likelihood import SCALES, TERMS
from briefings.content.parse import parse
from briefings.core.config import LikelihoodScale, SiteConfig
from tests.kit.small_sites import codes, note, run, small_site, write
from tests.pages.test_ledgers import table

SITE = "content/site.yaml"
DESK = "title: Desk\nurl: https://desk.example.org/\n"
OTHER = "content/notes/other.md"
JUDGED = """
  - {id: open, text: They talk, likelihood: roughly even chance, confidence: low}
  - {id: soon, text: They meet, likelihood: likely, resolve_by: 2018-02-01}
  - {id: a, text: A comes, likelihood: likely, outcome: {date: 2017-12-20, happened: true, note: On Monday.}}
  - {id: b, text: B comes, likelihood: probable, outcome: {date: 2017-12-22, happened: false}}
  - {id: c, text: C comes, likelihood: almost no chance, outcome: {date: 2017-12-21, happened: false}}
"""


def told(judgements: str, scale: LikelihoodScale = "icd-203") -> list[tuple[str, int, str]]:
    """Code, line and remedy of what is wrong with a note that has these judgements from its fourth line on."""
    text = f"---\ntitle: T\ndate: 2017-12-15\njudgements:\n{judgements}---\n"
    found = parse("content/notes/a.md", text.encode(), SiteConfig(title="Desk", likelihood=scale)).diagnostics
    return [(d.code, d.place.line, d.remedy) for d in found]


def test_the_steps_of_each_scale_rise_and_have_names_of_their_own() -> None:
    assert get_args(LikelihoodScale) == tuple(SCALES)
    for scale, terms in SCALES.items():
        assert all(0 <= term.low < term.high <= 100 for term in terms)
        assert all(lower.high <= higher.low for lower, higher in itertools.pairwise(terms))
        assert len(TERMS[scale]) == sum(len(term.names) for term in terms)


@pytest.mark.parametrize("scale", get_args(LikelihoodScale))
def test_every_term_of_the_site_s_scale_may_be_written(scale: LikelihoodScale) -> None:
    assert told("".join(f"  - {{id: j{i}, text: T, likelihood: {name}}}\n" for i, name in enumerate(TERMS[scale])), scale) == []


@pytest.mark.parametrize(
    ("scale", "term", "remedy"),
    [
        ("icd-203", "very likley", 'did you mean "very likely"?'),
        ("icd-203", "Very  Likely", "write very likely"),
        ("icd-203", "realistic possibility", "its terms are almost no chance, very unlikely, "),
        ("phia", "very likely", 'did you mean "highly likely"?'),
        ("phia", "42 %", "its terms are remote chance, highly unlikely, "),
    ],
)
def test_a_term_off_the_scale_is_an_error(scale: LikelihoodScale, term: str, remedy: str) -> None:
    [(code, line, told_remedy)] = told(f"  - id: a\n    text: T\n    likelihood: {term}\n", scale)
    assert (code, line) == ("bad-likelihood", 7)
    assert remedy in told_remedy or told_remedy.startswith('did you mean "')


@pytest.mark.parametrize(
    ("judgement", "code"),
    [
        ("{id: a b, text: T, likelihood: likely}", "bad-id"),
        ("{id: a, text: T, likelihood: likely}\n  - {id: a, text: U, likelihood: likely}", "duplicate-id"),
        ("{id: a, text: T, likelihood: likely, confidence: great}", "wrong-type"),
        ("{id: a, text: T, likelihood: likely, resolve_by: 2017-12-01}", "odd-dates"),
        ("{id: a, text: T, likelihood: likely, outcome: {date: 2017-12-01, happened: true}}", "odd-dates"),
        ("{id: a, text: T, likelihood: likely, outcome: {date: 2017-12-20, happened: maybe}}", "wrong-type"),
        ("{id: a, text: T, likelihood: likely, embargo: 2018-01-02, expires: 2018-01-01}", "odd-dates"),
    ],
)
def test_what_else_may_be_wrong(judgement: str, code: str) -> None:
    assert [found for found, _, _ in told(f"  - {judgement}\n")] == [code]


@pytest.mark.parametrize("theme", ["folio", "wire"])
def test_a_note_shows_what_a_term_stands_for_and_what_became_of_it(tmp_path: Path, theme: str) -> None:
    site = small_site(tmp_path, {SITE: f"{DESK}theme: {theme}\n", OTHER: note(judgements=JUDGED)})
    assert codes(run(site)) == []
    html = (site / "_site/notes/other/index.html").read_text()
    items = dict(re.findall(r'<li id="judgement-(\w+)">(.*?)</li>', html, re.DOTALL))
    words = {name: " ".join(re.sub(r"<[^>]+>", "", item).split()) for name, item in items.items()}
    assert list(words) == ["open", "soon", "a", "b", "c"]
    for name, parts in {
        "open": ("They talk", "roughly even chance (45–55%)", "low confidence"),
        "soon": ("likely (55–80%)", "by 1 "),
        "a": ("Came about", "On Monday."),
        "b": ("probable (55–80%)", "Did not come about"),
    }.items():
        assert all(part in words[name] for part in parts), words[name]
    if theme == "folio":
        assert '<rect x="45%" width="10%"' in items["open"]
    # All of them: those without an outcome first, the soonest due at the top, then the newest outcome.
    page = (site / "_site/judgements/index.html").read_text()
    assert re.findall(r'href="\.\./notes/other/#judgement-(\w+)"', page) == ["soon", "open", "b", "c", "a"]


def test_the_record_counts_each_term_with_the_middle_of_its_range(tmp_path: Path) -> None:
    site = small_site(tmp_path, {SITE: DESK, OTHER: note(judgements=JUDGED)})
    assert codes(run(site)) == []
    document = json.loads((site / "_site/judgements/index.json").read_bytes())
    record = document["record"]
    # (0.675 - 1)² + 0.675² + 0.03², over three.
    assert (record["brier"], record["judged"]) == ("0.187", 3)
    assert [(b["term"], b["happened"], b["judged"], b["share"]) for b in record["bands"] if b["judged"]] == [
        ("almost no chance", 0, 1, 0),
        ("likely", 1, 2, 50),
    ]
    assert len(record["bands"]) == 7
    rows = table(site, "judgements")
    assert [(row["judgement"], row["low"], row["high"], row["happened"], row["known"]) for row in rows][2:4] == [
        ("B comes", "55", "80", "false", "2017-12-22"),
        ("C comes", "1", "5", "false", "2017-12-21"),
    ]
    # Another scale, in which the terms mean something else.
    write(site, {SITE: f"{DESK}likelihood: phia\n", OTHER: note(judgements="[{id: a, text: A, likelihood: likely}]")})
    assert codes(run(site, verify=True)) == []
    assert [(row["low"], row["high"], row["happened"]) for row in table(site, "judgements")] == [("55", "75", "")]


def test_a_marked_judgement_is_for_those_who_may_see_it(tmp_path: Path) -> None:
    hidden = "[{id: a, text: A comes, likelihood: likely, outcome: {date: 2017-12-20, happened: true}, marking: TLP:GREEN}]"
    site = small_site(tmp_path, {SITE: DESK, OTHER: note(judgements=hidden)})
    assert codes(run(site)) == []
    assert not (site / "_site/judgements").exists()
    write(site, {SITE: f"{DESK}audience: TLP:GREEN\n"})
    assert codes(run(site)) == []
    assert [row["marking"] for row in table(site, "judgements")] == ["TLP:GREEN"]
    for page in ("judgements", "notes/other"):
        assert json.loads((site / f"_site/{page}/index.json").read_bytes())["highest_marking"] == "TLP:GREEN"


@pytest.mark.parametrize("theme", ["folio", "wire"])
def test_topics_and_actors_show_what_is_open_about_them(tmp_path: Path, theme: str) -> None:
    judged = """
  - {id: open, text: They talk, likelihood: likely, actors: [un, japan, un]}
  - {id: soon, text: They meet, likelihood: likely, confidence: low, resolve_by: 2018-02-01, actors: [un]}
  - {id: done, text: They came, likelihood: likely, actors: [un], outcome: {date: 2017-12-20, happened: true}}
"""
    site = small_site(tmp_path, {SITE: f"{DESK}theme: {theme}\n", OTHER: note(topics="[mediation]", judgements=judged)})
    assert codes(run(site)) == []
    for path, shown in {"topics/mediation": ["soon", "open"], "actors/un": ["soon", "open"], "actors/japan": ["open"]}.items():
        page = (site / "_site" / path / "index.html").read_text()
        section = page[page.index("Open judgements") :]
        assert re.findall(r'href="\.\./\.\./notes/other/#judgement-(\w+)"', page) == shown, path
        assert ("low confidence" in section, re.search(r"by <time[^>]*>1 ", section) is not None) == ("soon" in shown,) * 2
    document = json.loads((site / "_site/topics/mediation/index.json").read_bytes())
    assert (document["judgements_total"], [a["name"] for a in document["judgements"][1]["judgement"]["actors"]]) == (
        2,
        ["United Nations", "Japan"],
    )
    # With an outcome, it stands among all judgements alone.
    write(site, {OTHER: note(topics="[mediation]", judgements="[{id: open, text: They talk, likelihood: likely, actors: [nobody]}]")})
    assert codes(run(site)) == ["unknown-actor"]
    done = "[{id: open, text: They talk, likelihood: likely, outcome: {date: 2017-12-20, happened: true}}]"
    write(site, {OTHER: note(topics="[mediation]", judgements=done)})
    assert codes(run(site, verify=True)) == []
    assert "Open judgements" not in (site / "_site/topics/mediation/index.html").read_text()


def test_a_new_title_changes_no_row_of_the_table(tmp_path: Path) -> None:
    site = small_site(tmp_path, {SITE: DESK, OTHER: note(judgements=JUDGED)})
    run(site)
    before = (site / "_site/judgements/judgements.csv").stat()
    write(site, {OTHER: note("Another title", judgements=JUDGED)})
    report = run(site)
    assert "judgements/" in [made.url for made in report.built]
    assert (site / "_site/judgements/judgements.csv").stat() == before
