"""What served pages show at their foot, as HTML."""

from __future__ import annotations

import re
from typing import Any

import pytest

from briefings.serve.panel import SHOWN, WIDTH, excerpt, panel_html


def problem(**fields: object) -> dict[str, Any]:
    """A problem as the server tells it."""
    return {
        "code": "unknown-key",
        "severity": "error",
        "place": "content/notes/a.md:5:1",
        "line": 5,
        "message": 'there is no key "topcis"',
        "remedy": 'did you mean "topics"?',
        "excerpt": "topcis: []",
        "caret": [0, 6],
        "editor": "vscode://file/a.md:5:1",
        **fields,
    }


def state(**fields: object) -> dict[str, Any]:
    """The state of a note as the server tells it."""
    view = {"audience": "desk", "audiences": ["TLP:CLEAR", "desk"], "now": "", "timed": True, "zone": "UTC", "empty": "now", "other": False}
    return {"state": [], "path": "a.md", "editor": "", "unseen": False, **view, **fields}


@pytest.mark.parametrize(
    ("line", "caret", "parts"),
    [
        ("topcis: []", (0, 6), ("", "topcis", ": []")),
        ("a: b", (3, 1), ("a: ", "b", "")),
        ("a: b   ", (3, 9), ("a: ", "b", "")),
        ("a:", (2, 1), ("a:", " ", "")),
        ("a:", (9, 1), ("a:", " ", "")),
        ("\tdéjà 👀 vu", (6, 1), ("\tdéjà ", "👀", " vu")),
        ("a: b", (0, 0), ("", "", "a: b")),
        ("", (0, 0), ("", "", "")),
    ],
)
def test_an_excerpt_marks_what_is_meant(line: str, caret: tuple[int, int], parts: tuple[str, str, str]) -> None:
    found = excerpt(line, *caret)
    assert (found.before, found.meant, found.after) == parts


@pytest.mark.parametrize("start", [0, 10, 500, 990])
def test_a_long_line_is_cut_around_what_is_meant(start: int) -> None:
    line = "".join(f"{i:05}" for i in range(200))
    found = excerpt(line, start, 5)
    assert found.meant == line[start : start + 5]
    assert len(found.before + found.meant + found.after) <= WIDTH + 2
    assert found.before.startswith("…") == (start > WIDTH // 3)
    assert found.after.endswith("…") == (start < 800)
    assert (found.before + found.meant + found.after).strip("…") in line
    assert len(excerpt(line, 0, 900).meant) == WIDTH


def test_nothing_in_a_problem_is_taken_for_html() -> None:
    texts = {name: f"<script>{name}</script>" for name in ("code", "place", "message", "remedy", "excerpt")}
    html = panel_html(state(state=["<b>"], path="<i>"), [problem(**texts, editor='" onclick="alert(1)')])
    assert "<script" not in html
    assert "<i>&" not in html
    assert 'href="&#34; onclick' in html


def test_nothing_in_a_problem_reorders_or_hides_what_is_read() -> None:
    texts = {name: f"{name}: a\u202eb\u2066c\u200bd\tد" for name in ("place", "message", "remedy", "excerpt")}
    html = panel_html(state(state=["\u202e"], path="a\u202eb.md"), [problem(**texts, caret=[0, 0])])
    assert not set("\u202e\u2066\u200b") & set(html)
    for name in texts:
        assert f"{name}: a\\u202eb\\u2066c\\u200bd\tد" in html
    assert "a\\u202eb.md" in html


def test_many_problems_are_counted_and_not_all_shown() -> None:
    html = panel_html({}, [problem(severity="warning")] * 2 + [problem()] * (SHOWN + 1_500))
    assert html.count("<pre>") == SHOWN
    assert "1,700 errors, 2 warnings" in html
    assert "1,502 more" in html


def test_errors_open_the_panel_and_warnings_do_not() -> None:
    assert re.search(r'<details class="problems broken" open>', panel_html({}, [problem()]))
    assert re.search(r'<details class="problems">', panel_html({}, [problem(severity="warning")]))
    assert "problems" not in panel_html(state(), [])


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["Draft"], '<b class="withheld">Draft</b>'),
        (["Embargoed until 2018-01-02 00:00 UTC"], '<b class="withheld">Embargoed until 2018-01-02 00:00 UTC</b>'),
        (["TLP:AMBER+STRICT"], '<b class="tlp tlp-amber">TLP:AMBER+STRICT</b>'),
        (["Expires 2038-01-01 00:00 UTC"], '<b class="">Expires 2038-01-01 00:00 UTC</b>'),
    ],
)
def test_the_bar_tells_the_state_of_the_record(words: list[str], shown: str) -> None:
    assert shown in panel_html(state(state=words), [])


def test_the_bar_offers_only_what_there_is() -> None:
    assert 'href="vscode:' in panel_html(state(editor="vscode://file/a.md:1:1"), [])
    without = panel_html(state(), [])
    assert "<a " not in without
    assert "a.md" in without
    assert "Now" not in without
    assert '<button name="now" value="">Now</button>' in panel_html(state(now="2018-01-01T12:00", timed_otherwise=True), [])
    alone = panel_html(state(audiences=["TLP:CLEAR"], audience="TLP:CLEAR", timed=False), [])
    assert not re.search("<button|<input|<select", alone)
    assert "As seen by TLP:CLEAR" in alone
    assert "<input" not in panel_html(state(audience="TLP:CLEAR", timed=False), [])


def test_the_bar_marks_a_view_that_is_not_the_usual_one() -> None:
    assert "Not the usual view" in panel_html(state(audience="TLP:CLEAR", other=True), [])
    assert "Not the usual view" not in panel_html(state(), [])


def test_the_bar_says_what_an_instant_is_counted_in_and_what_none_means() -> None:
    assert "Asia/Tokyo (empty: now)" in panel_html(state(zone="Asia/Tokyo"), [])


def test_a_page_that_others_may_not_see_is_not_called_missing() -> None:
    html = panel_html(state(audience="TLP:CLEAR", state=["Draft", "TLP:RED"], unseen=True), [])
    assert "TLP:CLEAR may not see this page</b> (Draft, TLP:RED)" in html
    assert "at this instant" in panel_html(state(unseen=True, timed_otherwise=True), [])
    assert '<option value="TLP:CLEAR" selected>' in panel_html(state(audience="TLP:CLEAR"), [])


def test_the_first_build_tells_how_far_it_is() -> None:
    assert "12,000 of 50,000" in panel_html({}, [], building={"stage": "read", "done": 12_000, "total": 50_000})
    assert "<progress" not in panel_html({}, [], building={"stage": "read", "done": 0, "total": 0})
    assert "alone" not in panel_html({}, [], building={"stage": "read", "done": 0, "total": 0, "alone": False}), "nor laid over a page"
