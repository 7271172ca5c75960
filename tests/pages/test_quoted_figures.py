"""Figures quoted in texts: which number stands there, for whom, and what is told of those that are unknown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.kit.small_sites import codes, note, run, small_site, write
from tests.pages.test_figures import COUNTS, TOPIC, A, B, figures

QUOTING = "content/notes/quoting.md"
PAGE = "content/pages/about.md"


def said(site: Path, page: str = "notes/quoting") -> str:
    """What stands between the arrows of a text, as HTML."""
    found = re.search(r"→(.*?)←", (site / "_site" / page / "index.html").read_text(encoding="utf-8"))
    assert found is not None
    return found[1]


def site_of(folder: Path, *told: str, date: str = "2017-12-12", text: str = "→{figure:launches}←", more: str = "") -> Path:
    """A site with these figures in a note, and a second note that quotes one."""
    files: dict[str, str | bytes | None] = {
        TOPIC: COUNTS,
        A: note("A", "2017-12-10", figures=figures(*told)),
        QUOTING: note("Q", date, text + "\n"),
        "content/site.yaml": f"title: Desk\nurl: https://desk.example.org/\n{more}",
    }
    return small_site(folder, files)


VALUES = ("3 launches 2017-12-01", "4500.50 launches 2017-12-11", "5 launches 2017-12-13")


@pytest.mark.parametrize(
    ("date", "number"),
    {"2017-12-01": "3", "2017-12-10": "3", "2017-12-11": "4,500.50", "2017-12-12T23:59:00Z": "4,500.50", "2017-12-20": "5"}.items(),
)
def test_a_note_quotes_the_number_as_of_its_day(tmp_path: Path, date: str, number: str) -> None:
    site = site_of(tmp_path, *VALUES, date=date)
    write(site, {PAGE: "---\ntitle: About\n---\n\n→{figure:launches}←\n"})
    assert codes(run(site)) == []
    assert said(site) == number
    # What has no day of its own quotes the latest.
    assert said(site, "about") == "5"


@pytest.mark.parametrize(
    ("text", "shown"),
    {
        "→**{figure:launches}**←": "<strong>4,500.50</strong>",
        "→[of {figure:launches} in all](actor:un)←": '<a href="../../actors/un/">of 4,500.50 in all</a>',
        "→`{figure:launches}`←": "<code>{figure:launches}</code>",
        r"→\{figure:launches}←": "{figure:launches}",
        "→{figure: launches }, {b} and {figure:fuel}←": "4,500.50, {b} and 7",
        "| h |\n| --- |\n| →{figure:launches}← |": "4,500.50",
    }.items(),
)
@pytest.mark.parametrize("more", ["", "raw_html: true\n"])
def test_a_figure_stands_wherever_words_do(tmp_path: Path, text: str, shown: str, more: str) -> None:
    html = "<i>Raw</i> " if more else ""
    site = site_of(tmp_path, *VALUES, "7 fuel 2017-12-01", text=f"{html}text.\n\n{text}", more=more)
    assert codes(run(site)) == []
    assert said(site) == shown


def test_a_new_value_changes_the_pages_that_quote_it_and_no_others(tmp_path: Path) -> None:
    site = site_of(tmp_path, *VALUES)
    write(site, {B: note("B", "2017-12-11", "No number.\n"), PAGE: "---\ntitle: About\n---\n\n→{figure:launches}←\n"})
    assert codes(run(site)) == []
    write(site, {A: note("A", "2017-12-10", figures=figures(*VALUES, "4600 launches 2017-12-12"))})
    report = run(site)
    assert codes(report) == []
    assert (said(site), said(site, "about")) == ("4,600", "5")
    built = {made.url for made in report.built}
    assert "notes/quoting/" in built
    assert not {"notes/b/", "about/"} & built
    # An edit of the text around it keeps the number.
    write(site, {QUOTING: note("Q", "2017-12-12", "Other words. →{figure:launches}←\n")})
    assert codes(run(site)) == []
    assert said(site) == "4,600"
    assert codes(run(site, verify=True)) == []


@pytest.mark.parametrize(
    ("told", "number"),
    [
        # The last one that readers may see.
        (["3 launches 2017-12-01", "4 launches 2017-12-11, marking: TLP:RED"], "3"),
        # None is left: a dash, as if nobody had counted.
        (["4 launches 2017-12-11, marking: TLP:RED"], "–"),
        (["4 launches 2017-12-11, embargo: 2030-01-01"], "–"),
    ],
)
def test_what_readers_may_not_see_is_not_quoted(tmp_path: Path, told: list[str], number: str) -> None:
    site = site_of(tmp_path, *told)
    assert codes(run(site)) == []
    assert said(site) == number
    write(site, {"content/site.yaml": "title: Desk\nurl: https://desk.example.org/\naudience: TLP:RED\n"})
    assert codes(run(site)) == []
    if "RED" in told[-1]:
        assert said(site) == '4 <span class="mark tlp-red">TLP:RED</span>'
        assert (site / "_site/notes/quoting/index.html").read_text().count("TLP:RED") >= 3


@pytest.mark.parametrize(
    ("text", "code", "remedy"),
    [
        ("→{figure:lanches}←", "unknown-measure", 'did you mean "launches"?'),
        ("→{figure:fuel}←", "unknown-figure", "add the figure to a note"),
    ],
)
def test_what_is_unknown_is_told_at_its_place(tmp_path: Path, text: str, code: str, remedy: str) -> None:
    site = site_of(tmp_path, "3 launches 2017-12-01", "3 fuel 2017-12-13", text=f"A line.\n{text}")
    (found,) = run(site).diagnostics
    assert (found.code, found.place.path, found.place.line, found.place.column, remedy in found.remedy) == (code, QUOTING, 7, 2, True)
