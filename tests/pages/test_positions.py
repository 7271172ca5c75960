"""Positions over time: what each actor's line shows, disputes, the tables of topics, and what leads where."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.kit.small_sites import codes, note, run, small_site, write
from tests.pages.test_ledgers import table

TOPIC = "content/topics/korea.yaml"
KOREA = "name: Korea\npropositions: [{id: talk, text: Talks should begin}, {id: wait, text: Nobody should hurry}, {id: idle, text: Idle}]\n"
SOURCES = "[{id: s1, source: tass}, {id: s2, title: A paper}]"


def site_of(folder: Path, *positions: str) -> Path:
    """A site with a note for each of these lists of positions, every note a day newer than the one before."""
    notes: dict[str, str | bytes | None] = {
        f"content/notes/n{i}.md": note(f"Note {i}", f"2017-12-{i + 10}", positions=one, sources=SOURCES) for i, one in enumerate(positions)
    }
    return small_site(folder, {TOPIC: KOREA, **notes})


def positions(*written: str) -> str:
    """The YAML of positions of Japan on talks, each written as stance, day and further keys: `for 2017-12-01, basis: s1`."""
    return f"[{', '.join('{actor: japan, proposition: talk, stance: ' + one.replace(' ', ', date: ', 1) + '}' for one in written)}]"


def document(site: Path, path: str) -> Any:
    """The JSON document beside a page."""
    return json.loads((site / "_site" / path / "index.json").read_text(encoding="utf-8"))


def shown(found: list[Any]) -> list[str]:
    """Each position in a line: its day and stance, what it was before, whether it is disputed, and its note."""
    return [
        " ".join(
            filter(None, [p["date"][8:], p["stance"], p["before"] and f"({p['before']})", "disputed" * p["disputed"], p["note"]["title"]])
        )
        for p in found
    ]


@pytest.mark.parametrize(
    ("told", "line", "latest"),
    [
        # A stance that stays is no change; one that changes says what it was.
        (
            [positions("for 2017-12-01", "for 2017-12-02"), positions("against 2017-12-03")],
            ["03 against (for) Note 1", "02 for Note 0", "01 for Note 0"],
            ["03 against (for) Note 1"],
        ),
        # An older position in a newer note stands in its own place.
        (
            [positions("against 2017-12-03"), positions("for 2017-12-01")],
            ["03 against (for) Note 0", "01 for Note 1"],
            ["03 against (for) Note 0"],
        ),
        # Two sources differ: both stand, and nobody knows what changed.
        (
            [positions("conditional 2017-12-01"), positions("against 2017-12-03, basis: s1"), positions("for 2017-12-03, basis: s2")],
            ["03 for disputed Note 2", "03 against disputed Note 1", "01 conditional Note 0"],
            ["03 for disputed Note 2", "03 against disputed Note 1"],
        ),
        ([positions("against 2017-12-03"), positions("for 2017-12-03")],) + (["03 for disputed Note 1", "03 against disputed Note 0"],) * 2,
        # One source, told twice: the newer note counts. Two sources that agree are no dispute.
        ([positions("against 2017-12-03, basis: s1"), positions("for 2017-12-03, basis: s1")],) + (["03 for Note 1"],) * 2,
        ([positions("for 2017-12-03, basis: s1"), positions("for 2017-12-03, basis: s2")],) + (["03 for Note 1"],) * 2,
        # The newest of all that agree counts, though another source was told of after its source was told of first.
        (
            [positions("for 2017-12-03, basis: s1"), positions("for 2017-12-03, basis: s2"), positions("for 2017-12-03, basis: s1")],
            *(["03 for Note 2"],) * 2,
        ),
    ],
)
def test_a_line_shows_what_changed_and_what_is_disputed(tmp_path: Path, told: list[str], line: list[str], latest: list[str]) -> None:
    site = site_of(tmp_path, *told)
    assert codes(run(site)) == []
    (only,) = document(site, "actors/japan")["lines"]
    assert shown(only["positions"]) == line
    (proposition,) = document(site, "topics/korea")["propositions"]
    (stand,) = proposition["stands"]
    assert (shown(stand["positions"]), stand["anchor"]) == (latest, "_position-talk:japan")
    # A note's own page has its positions as they are, whatever others say.
    assert all(not p["disputed"] and p["before"] is None and p["note"] is None for p in document(site, "notes/n0")["positions"])
    page = (site / "_site/actors/japan/index.html").read_text()
    assert page.count("before: ") == len(re.findall(r"\(", "".join(line)))


BOTH = """
- {actor: japan, proposition: talk, stance: for}
- {actor: un, proposition: talk, stance: against}
- {actor: un, proposition: wait, stance: for}"""


@pytest.mark.parametrize("theme", ["folio", "wire"])
def test_each_cell_of_a_table_leads_to_its_position(tmp_path: Path, theme: str) -> None:
    site = site_of(tmp_path, BOTH, "[{actor: un, proposition: talk, stance: for, date: 2017-12-10}]")
    write(site, {"content/site.yaml": f"title: Desk\nurl: https://desk.example.org/\ntheme: {theme}\n"})
    assert codes(run(site)) == []
    topic = document(site, "topics/korea")
    rows = [(row["actor"]["name"], [cell["stances"] for cell in row["cells"]]) for row in topic["stances"]]
    assert rows == [("United Nations", [["for", "against"], ["for"]]), ("Japan", [["for"], []])]
    (of_site,) = document(site, "positions")["topics"]
    assert of_site["propositions"] == ["Talks should begin", "Nobody should hurry"]
    assert [row["cells"] for row in of_site["rows"]] == [row["cells"] for row in topic["stances"]]
    page, html = (site / "_site/positions/index.html").read_text(), (site / "_site/topics/korea/index.html").read_text()
    anchors = re.findall(r'href="../topics/korea/#([\w:-]+)"', page)
    assert sorted(anchors) == ["_position-talk:japan", "_position-talk:un", "_position-wait:un"]
    for anchor in anchors:
        assert f'id="{anchor}"' in html
    # One proposition needs no table beside its list.
    write(site, {"content/notes/n0.md": note("Note 0", "2017-12-10", positions=positions("for 2017-12-01"))})
    assert codes(run(site)) == []
    assert document(site, "topics/korea")["stances"] == []
    assert codes(run(site, verify=True)) == []


def test_the_table_has_every_position(tmp_path: Path) -> None:
    site = site_of(tmp_path, positions("for 2017-12-01, basis: s1, note: for now"), positions("against 2017-12-03"))
    assert codes(run(site)) == []
    rows = table(site, "positions")
    assert [list(row.values())[:10] for row in rows] == [
        ["2017-12-03", "japan", "Japan", "talk", "Talks should begin", "against", "", "korea", "", "n1"],
        ["2017-12-01", "japan", "Japan", "talk", "Talks should begin", "for", "for now", "korea", "TASS", "n0"],
    ]


SAID = (
    "[{id: q1, text: We shall talk, speaker: japan, source: s1}, {id: q3, text: we shall talk, speaker: japan}, "
    "{id: q2, text: In secret, speaker: japan, marking: TLP:RED}]"
)


@pytest.mark.parametrize("theme", ["folio", "wire"])
def test_a_position_leads_to_the_words_that_show_it(tmp_path: Path, theme: str) -> None:
    held = "[{actor: japan, proposition: talk, stance: for, basis: q1}, {actor: japan, proposition: wait, stance: against, basis: q2}]"
    written = note("Note 0", "2017-12-10", topics="[korea]", positions=held, sources=SOURCES, quotations=SAID)
    settings = f"title: Desk\nurl: https://desk.example.org/\ntheme: {theme}\n"
    site = small_site(tmp_path, {TOPIC: KOREA, "content/notes/n0.md": written, "content/site.yaml": settings})
    assert codes(run(site)) == []
    (row,) = document(site, "topics/korea")["stances"]
    (said,) = document(site, "notes/n0")["quotations"]
    anchor = said["tellings"][0]["anchor"]
    # A quotation that readers may not see leaves no trace: the cell leads to the position.
    assert [cell["quotation"] and cell["quotation"]["anchor"] for cell in row["cells"]] == [anchor, None]
    pages = {path: (site / "_site" / path / "index.html").read_text() for path in ("positions", "topics/korea", "actors/japan", "notes/n0")}
    for path in ("positions", "topics/korea", "actors/japan"):
        assert f'notes/n0/#{anchor}">' in pages[path], path
    assert f'href="#{anchor}"' in pages["notes/n0"]
    assert f'id="{anchor}"' in pages["notes/n0"]
    # The source of the words is that of the position; the hidden one has none.
    told = document(site, "notes/n0")["positions"]
    assert [one["source"] and one["source"]["name"] for one in told] == ["TASS", None]
    assert [row["url"].partition("#")[2] for row in table(site, "positions")] == [anchor, ""]
    # Other words are another quotation, and whatever leads there follows.
    write(site, {"content/notes/n0.md": written.replace("We shall talk", "We shall wait")})
    assert codes(run(site, verify=True)) == []
    write(site, {"content/site.yaml": settings + "audience: TLP:RED\n"})
    assert codes(run(site)) == []
    (row,) = document(site, "topics/korea")["stances"]
    assert [(cell["quotation"] is not None, cell["marking"]) for cell in row["cells"]] == [(True, "TLP:CLEAR"), (True, "TLP:RED")]


@pytest.mark.parametrize(
    ("basis", "code", "remedy"),
    [
        ("s3", "unknown-basis", "list it under sources"),
        ("talk-word", "unknown-basis", "talk-words"),
        ("s2", "duplicate-id", ""),
    ],
)
def test_a_basis_that_names_nothing_or_two_things_is_an_error(tmp_path: Path, basis: str, code: str, remedy: str) -> None:
    quotations = "[{id: talk-words, text: We shall talk, speaker: japan}, {id: s2, text: Soon, speaker: japan}]"
    held = f"[{{actor: japan, proposition: talk, stance: for, basis: {basis}}}]"
    written = note(positions=held, sources=SOURCES, quotations=quotations)
    site = small_site(tmp_path, {TOPIC: KOREA, "content/notes/n0.md": written})
    (found,) = run(site).diagnostics
    assert (found.code, found.place.path) == (code, "content/notes/n0.md")
    assert found.excerpt.strip().startswith("positions:")
    assert remedy in found.remedy
