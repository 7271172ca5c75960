"""Figures over time: their order, changes, disputes and age, the chart, and the pages of measures."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest

from briefings.engine.api import BuildReport
from tests.kit.small_sites import codes, note, run, small_site, write
from tests.pages.test_ledgers import DESK, SITE, table

TOPIC = "content/topics/counts.yaml"
COUNTS = """name: Counts
measures:
  - {id: launches, name: Launches, unit: launch, units: launches}
  - {id: fuel, name: Fuel imported, unit: tonne}
"""
A, B = "content/notes/a.md", "content/notes/b.md"


def site_of(folder: Path, a: str, b: str = "", topic: str = COUNTS, **files: str) -> Path:
    """A site with two notes, the second of which is newer, that have these figures."""
    second = note("B", "2017-12-20", figures=b) if b else None
    notes: dict[str, str | bytes | None] = {A: note("A", "2017-12-10", figures=a, sources="[{id: s1, source: tass}]")}
    return small_site(folder, {TOPIC: topic, **notes, **({B: second} if second else {}), **files})


def document(site: Path, path: str) -> Any:
    """The JSON document beside a page."""
    return json.loads((site / "_site" / path / "index.json").read_text(encoding="utf-8"))


def shown(figures: list[Any]) -> list[str]:
    """Each figure in a line: its period or day, its value, what changed, and what is to be known of it."""
    return [
        " ".join(filter(None, [f["period"] or f["as_of"], f["value"], f["change"], "disputed" * f["disputed"], "old" * f["stale"]]))
        for f in figures
    ]


def figures(*written: str) -> str:
    """The YAML of figures, each written as value, measure, day and further keys: `24 launches 2017-02-01, period: 2016`."""
    found = []
    for one in written:
        value, measure, rest = one.split(" ", 2)
        found.append(f"{{measure: {measure}, value: {value}, as_of: {rest}}}")
    return f"[{', '.join(found)}]"


OVER_YEARS = (
    ["24 launches 2017-02-01, period: 2016", "15 launches 2017-09-15, period: 2017"],
    ["20 launches 2017-12-15, period: 2017", "15 launches 2017-12-19, period: 2015"],
    ["2017 20 launches +5 since 15 Sep 2017", "2017 15 launches −9 since 2016", "2016 24 launches +9 since 2015", "2015 15 launches"],
)
"""A count of a year that goes on stands at its own day, one of a year that is over at the year's end."""
OF_MONTHS = (
    ["10.5 fuel 2017-03-01, period: 2017-01", "100 fuel 2017-03-01, period: 2016"],
    ["10.25 fuel 2017-03-01, period: 2017-02", "1 fuel 2017-03-02"],
    ["2017-03-02 1 tonne", "February 2017 10.25 tonnes −0.25 since 31 Jan 2017", "January 2017 10.5 tonnes", "2016 100 tonnes"],
)
"""Months are compared with months, and years with years."""
UNSURE = (
    ["3 launches 2017-01-01", "4 launches 2017-02-01, qualifier: about", "5 launches 2017-03-01, qualifier: at-least"],
    [
        "6 launches 2017-04-01, disputed: true",
        "5 launches 2017-04-01, disputed: true",
        "6 launches 2017-05-01, qualifier: at-most",
        "6 launches 2017-06-01, qualifier: exactly",
    ],
    [
        "2017-06-01 exactly 6 launches",
        "2017-05-01 at most 6 launches",
        "2017-04-01 5 launches disputed",
        "2017-04-01 6 launches disputed",
        "2017-03-01 at least 5 launches",
        "2017-02-01 about 4 launches +1 since 1 Jan 2017",
        "2017-01-01 3 launches",
    ],
)
"""What is about so much can be compared; a bound cannot, nor can what is disputed. All disputed values are shown."""
TOLD_TWICE = (
    ["1.0 launches 2017-01-01", "1 launches 2017-02-01"],
    ["1 launches 2017-01-01"],
    ["2017-02-01 1 launch unchanged since 1 Jan 2017", "2017-01-01 1 launch"],
)
"""What two notes tell is one value, as the newer note has it."""


@pytest.mark.parametrize(("a", "b", "expected"), [OVER_YEARS, OF_MONTHS, UNSURE, TOLD_TWICE])
def test_values_stand_newest_first_with_what_changed(tmp_path: Path, a: list[str], b: list[str], expected: list[str]) -> None:
    site = site_of(tmp_path, figures(*a), figures(*b))
    assert codes(run(site)) == []
    measure = "fuel" if "fuel" in a[0] else "launches"
    page = document(site, f"figures/{measure}")
    assert shown(page["figures"]) == expected
    latest = [f for f in shown(page["figures"]) if f.split()[0] == expected[0].split()[0]][:1]
    for where in (document(site, "topics/counts")["measures"], document(site, "figures")["topics"][0]["measures"]):
        assert [shown(card["latest"]) for card in where] == [latest]
        assert [card["url"].endswith(f"figures/{measure}/") for card in where] == [True]
    # A note's own page has its figures as they are, whatever others say.
    assert all(not f["change"] and f["note"] is None for f in document(site, "notes/a")["figures"])


def test_a_disputed_latest_value_is_shown_with_its_rival(tmp_path: Path) -> None:
    site = site_of(
        tmp_path,
        figures("6 launches 2017-04-01, disputed: true", "5 launches 2017-04-01, disputed: true"),
    )
    assert codes(run(site)) == []
    (card,) = document(site, "topics/counts")["measures"]
    assert shown(card["latest"]) == ["2017-04-01 5 launches disputed", "2017-04-01 6 launches disputed"]
    assert (site / "_site/topics/counts/index.html").read_text().count("disputed</span>") == 2


@pytest.mark.parametrize(
    ("a", "b", "told"),
    [
        ("{as_of: 2017-12-01, value: 1}", "{as_of: 2017-12-01, value: 2}", {"content/notes/a.md", "content/notes/b.md"}),
        ("{as_of: 2017-12-01, value: 1}", "{as_of: '2017-12-01T10:00:00Z', value: 2, disputed: true}", {"content/notes/a.md"}),
        ("{as_of: 2017-12-01, value: 1, disputed: true}", "{as_of: 2017-12-01, value: 2, disputed: true}", set()),
        ("{as_of: 2017-12-01, value: 1}", "{as_of: 2017-12-01, value: 1.00, qualifier: about}", set()),
        ("{as_of: 2017-12-01, value: 1, period: 2016}", "{as_of: 2017-12-01, value: 2}", set()),
        ("{as_of: 2017-12-01, value: 1}", "{as_of: 2017-12-02, value: 2}", set()),
        # Who may see one of the two alone knows of no dispute.
        ("{as_of: 2017-12-01, value: 1}", "{as_of: 2017-12-01, value: 2, marking: TLP:RED}", set()),
    ],
)
def test_two_values_of_one_day_must_be_marked_as_disputed(tmp_path: Path, a: str, b: str, told: set[str]) -> None:
    site = site_of(tmp_path, f"[{a.replace('{', '{measure: launches, ')}]", f"[{b.replace('{', '{measure: launches, ')}]")
    report = run(site)
    assert {d.place.path for d in report.diagnostics} == told
    assert set(codes(report)) <= {"disputed-figure"}
    for found in report.diagnostics:
        other = "b" if found.place.path == A else "a"
        assert (f"figures[0] of content/notes/{other}.md" in found.message, found.place.line > 0) == (True, True)


def test_old_values_are_flagged_when_their_time_has_come(tmp_path: Path) -> None:
    topic = COUNTS.replace("unit: launch,", "unit: launch, stale_after: 30,")
    site = site_of(tmp_path, figures("1 launches 2017-12-02", "1 fuel 2017-12-02"), topic=topic)

    def at(year: int, month: int, day: int) -> tuple[BuildReport, list[str]]:
        report = run(site, now=dt.datetime(year, month, day, 12, tzinfo=dt.UTC))
        return report, [line for card in document(site, "topics/counts")["measures"] for line in shown(card["latest"])]

    fresh = ["2017-12-02 1 launch", "2017-12-02 1 tonne"]
    assert at(2017, 12, 31)[1] == fresh
    assert at(2018, 1, 1)[1] == fresh
    assert at(2018, 1, 2)[1] == ["2017-12-02 1 launch old", "2017-12-02 1 tonne"]
    assert at(2018, 1, 1)[1] == fresh
    report, _ = at(2018, 1, 2)
    assert {made.url for made in report.built if made.url} >= {"topics/counts/", "figures/"}
    assert "notes/a/" not in {made.url for made in report.built}


def test_the_table_has_every_value(tmp_path: Path) -> None:
    told = figures("24 launches 2017-02-01, period: 2016, qualifier: at-least, source: s1", "4.50 fuel 2017-02-01")
    site = site_of(tmp_path, told)
    assert codes(run(site)) == []
    rows = table(site, "figures")
    assert [list(row.values())[:8] for row in rows] == [
        ["fuel", "Fuel imported", "4.50", "", "tonne", "", "2017-02-01", ""],
        ["launches", "Launches", "24", "at-least", "launch", "2016", "2017-02-01", ""],
    ]
    assert [(row["topic"], row["source"], row["note"]) for row in rows] == [("counts", "", "a"), ("counts", "TASS", "a")]


def redrawn(site: Path, values: str) -> Any:
    """The chart of launches once they have these values."""
    write(site, {A: note("A", "2017-12-10", figures=values)})
    assert codes(run(site)) == []
    return document(site, "figures/launches")["chart"]


def test_a_chart_has_a_true_axis_and_begins_at_zero(tmp_path: Path) -> None:
    site = site_of(tmp_path, figures("1 launches 2017-01-01"))
    assert codes(run(site)) == []
    assert document(site, "figures/launches")["chart"] is None
    drawn = redrawn(site, figures("50 launches 2017-01-01", "100 launches 2017-01-11", "25 launches 2017-02-10"))
    assert [(p["x"], p["y"], p["label"]) for p in drawn["points"]] == [(5.0, 0.5, "50"), (27.5, 1.0, "100"), (95.0, 0.25, "25")]
    assert drawn["zero"] == 0
    assert [(t["label"], t["anchor"]) for t in drawn["ticks"]] == [("1 Jan 2017", "start"), ("10 Feb 2017", "end")]
    assert (drawn["title"], drawn["description"]) == ("Launches (launches)", "from 50 (1 Jan 2017) to 25 (10 Feb 2017)")
    assert document(site, "topics/counts")["measures"][0]["chart"] == drawn
    page = (site / "_site/figures/launches/index.html").read_text()
    assert "<title>Launches (launches): from 50" in page
    # Letters keep their size on any screen.
    assert not re.search(r"viewBox|<img", page)
    below = redrawn(site, figures("-10 launches 2017-01-01", "30 launches 2017-02-01"))
    assert (below["zero"], [p["y"] for p in below["points"]]) == (0.25, [0.0, 1.0])


def test_numbers_and_dates_of_a_chart_do_not_cover_one_another(tmp_path: Path) -> None:
    days = [dt.date(2014, 1, 1) + dt.timedelta(days=17 * n) for n in range(80)]
    values = figures(*(f"{1_000_000 + n % 3} launches {day}" for n, day in enumerate(days)))
    drawn = redrawn(site_of(tmp_path, figures("1 launches 2017-01-01")), values)
    assert len(drawn["points"]) == 80
    labelled = [p["x"] for p in drawn["points"] if p["label"]]
    assert labelled[-1] == 95.0
    assert all(after - before > 20 for before, after in itertools.pairwise(labelled))
    assert [t["label"] for t in drawn["ticks"]] == ["1 Jan 2014", "2016", "5 Sep 2017"]


def test_many_values_take_several_pages(tmp_path: Path) -> None:
    site = small_site(tmp_path, {SITE: f"{DESK}page_sizes: {{ledger: 3}}\n", TOPIC: COUNTS})
    values = [f"{n} launches 2017-01-{n:02}" for n in range(1, 9)]
    redrawn(site, figures(*values[:-1]))
    newest, oldest = document(site, "figures/launches"), document(site, "figures/launches/page/1")
    assert [[f["value"].split()[0] for f in page["figures"]] for page in (newest, oldest)] == [["7", "6", "5", "4"], ["3", "2", "1"]]
    assert [page["chart"] is None for page in (newest, oldest)] == [False, True]
    # A new value leaves the older pages as they are.
    before = (site / "_site/figures/launches/page/1/index.html").stat()
    redrawn(site, figures(*values))
    assert (site / "_site/figures/launches/page/1/index.html").stat() == before
    assert codes(run(site, verify=True)) == []
