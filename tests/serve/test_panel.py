"""What served pages show at their foot, as HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from briefings.core.diagnostics import Diagnostic, Place
from briefings.core.excerpt import excerpt
from briefings.serve import panel
from briefings.serve.panel import MOST, WIDTH, without_details


def problem(**fields: Any) -> Diagnostic:
    place = Place(fields.pop("path", "content/notes/a.md"), 5, fields.pop("column", 1), 6)
    given = {"code": "unknown-key", "message": 'there is no key "topcis"', "remedy": 'did you mean "topics"?', "excerpt": "topcis: []"}
    return Diagnostic(**{**given, **fields}, place=place)


def panel_html(state: Mapping[str, Any], problems: Sequence[Diagnostic], editor: str = "vscode://file/a.md:5:1", **more: Any) -> str:
    return panel.panel_html(state, problems, lambda _: editor, **more)


def state(**fields: object) -> dict[str, Any]:
    """The state of a note as the server tells it."""
    view = {"audience": "desk", "audiences": ["TLP:CLEAR", "desk"], "now": "", "timed": True, "zone": "UTC", "empty": "now", "other": False}
    return {"state": [], "path": "a.md", "editor": "", "unseen": False, **view, **fields}


@pytest.mark.parametrize(
    ("line", "place", "parts"),
    [
        ("topcis: []", (1, 6), ("", "topcis", ": []")),
        ("a: b", (4, 1), ("a: ", "b", "")),
        ("a: b   ", (4, 9), ("a: ", "b", "")),
        ("a:", (3, 1), ("a:", "", "")),
        ("a:", (10, 1), ("a:", "", "")),
        ("\tdéjà 👀 vu", (7, 1), ("    déjà ", "👀", " vu")),
        ("a: b", (0, 1), ("", "", "a: b")),
        ("", (0, 1), ("", "", "")),
    ],
)
def test_an_excerpt_marks_what_is_meant(line: str, place: tuple[int, int], parts: tuple[str, str, str]) -> None:
    found = excerpt(line, *place, WIDTH)
    assert (found.before, found.meant, found.after) == parts


@pytest.mark.parametrize("start", [0, 10, 500, 990])
def test_a_long_line_is_cut_around_what_is_meant(start: int) -> None:
    line = "".join(f"{i:05}" for i in range(200))
    found = excerpt(line, start + 1, 5, WIDTH)
    assert found.meant == line[start : start + 5]
    assert len(found.before + found.meant + found.after) <= WIDTH
    assert found.before.startswith("…") == (start > WIDTH // 3)
    assert found.after.endswith("…") == (start < 800)
    assert (found.before + found.meant + found.after).strip("…") in line
    assert len(excerpt(line, 1, 900, WIDTH).meant) == WIDTH - 2


def test_what_is_missing_at_the_end_of_a_line_is_marked_there() -> None:
    assert "a:<mark> </mark>" in panel_html({}, [problem(excerpt="a:", column=3)])


def test_nothing_in_a_problem_is_taken_for_html() -> None:
    texts = {name: f"<script>{name}</script>" for name in ("code", "path", "message", "remedy", "excerpt")}
    html = panel_html(state(state=["<b>"], path="<i>"), [problem(**texts)], '" onclick="alert(1)')
    assert "<script" not in html
    assert "<i>&" not in html
    assert 'href="&#34; onclick' in html


def test_nothing_in_a_problem_reorders_or_hides_what_is_read() -> None:
    texts = {name: f"{name}: a\u202eb\u2066c\u200bd\tد" for name in ("path", "message", "remedy")}
    html = panel_html(state(state=["\u202e"], path="a\u202eb.md"), [problem(**texts)])
    assert not set("\u202e\u2066\u200b") & set(html)
    for name in texts:
        assert f"{name}: a\\u202eb\\u2066c\\u200bd\tد" in html
    assert "a\\u202eb.md" in html


def test_many_problems_are_counted_and_not_all_shown() -> None:
    html = panel_html({}, [problem(severity="warning")] * 2 + [problem()] * (MOST + 1_500))
    assert html.count("<pre>") == MOST
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


def test_who_may_not_see_the_desk_is_told_only_that_something_is_wrong() -> None:
    assert without_details([]) == []
    html = panel_html({}, without_details([problem(severity="warning"), problem()]), "")
    assert "1 error" in html
    assert "topcis" not in html
    assert "a.md" not in html
    assert "1 warning" in panel_html({}, without_details([problem(severity="warning")]), "")
