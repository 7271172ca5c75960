"""The past of a topic's state of play: its page shows it, as a line where there is enough, and dates are checked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.kit.small_sites import codes, run, small_site

TOPIC = "content/topics/mediation.yaml"
NOW = "status: {trend: worsening, as_of: 2017-12-15}\n"


def topic(history: str, status: str = NOW) -> str:
    return f"name: Mediation\n{status}status_history: [{history}]\n"


@pytest.mark.parametrize("theme", ["folio", "wire"])
@pytest.mark.parametrize("status", [NOW, ""])
def test_a_topic_shows_what_its_status_was(tmp_path: Path, theme: str, status: str) -> None:
    history = "{trend: stable, as_of: 2017-02-01}, {trend: improving, alert: [talks-offered], as_of: 2017-07-04}"
    config = f"title: Desk\nurl: https://desk.example.org/\ntheme: {theme}\n"
    site = small_site(tmp_path, {"content/site.yaml": config, TOPIC: topic(history, status)})
    assert codes(run(site)) == []
    before = json.loads((site / "_site/topics/mediation/index.json").read_bytes())["status_history"]
    assert [(one["trend"], one["alerts"], one["as_of"]) for one in before] == [
        ("improving", ["talks offered"], "2017-07-04"),
        ("stable", [], "2017-02-01"),
    ]
    page = (site / "_site/topics/mediation/index.html").read_text()
    assert page.rindex("4 Jul 2017") < page.rindex("1 Feb 2017")
    # Three states make a line; two would say no more than their words.
    assert ('class="step"' in page) == (theme == "folio" and bool(status))


@pytest.mark.parametrize(
    ("history", "line", "told"),
    [
        ("{trend: stable, as_of: 2017-07-04}, {trend: stable, as_of: 2017-02-01}", 3, "after a later one (2017-07-04)"),
        ("{trend: stable, as_of: 2017-07-04}, {trend: improving, as_of: 2017-07-04}", 3, "the same day (2017-07-04)"),
        ("{trend: stable, as_of: 2017-12-15}", 2, "the same day (2017-12-15)"),
        ("{trend: stable, as_of: 2017-12-16}", 2, "after a later one (2017-12-16)"),
    ],
)
def test_states_of_play_stand_in_order(tmp_path: Path, history: str, line: int, told: str) -> None:
    site = small_site(tmp_path, {TOPIC: topic(history)})
    report = run(site)
    assert codes(report) == ["odd-dates"]
    assert (report.diagnostics[0].place.path, report.diagnostics[0].place.line) == (TOPIC, line)
    assert told in report.diagnostics[0].message
