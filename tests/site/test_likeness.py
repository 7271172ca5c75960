"""A note that has the text of a withheld one stops a build, whatever has become of its name, unless it says that this is meant."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from msgspec import structs

from briefings.cli.main import run as command_line
from briefings.desk.check import check
from briefings.engine.api import BuildRequest, quiet
from briefings.engine.build import build
from tests.kit.small_sites import NOW, codes, note, run, small_site, tree, write

SENTENCES = [
    f"The {number} officers of post {number} told the desk that depot {number} will be searched on Friday at dawn.\n"
    for number in range(40)
]
TEXT = "".join(SENTENCES)
SHORT = SENTENCES[0]
RAID = "content/notes/raid.md"
COPY = "content/notes/zzz.md"
HIDDEN = [{"draft": "true"}, {"embargo": "2099-01-01"}, {"marking": "TLP:AMBER"}]


def _site(folder: Path, copy: str = TEXT, original: str = TEXT, **header: str) -> Path:
    files: dict[str, str | bytes | None] = {
        RAID: note("Raid", body=original, **(header or {"draft": "true"})),
        COPY: note("Depot", body=copy),
    }
    return small_site(folder, files)


@pytest.mark.parametrize("header", HIDDEN)
@pytest.mark.parametrize("text", [TEXT, SHORT])
def test_the_text_of_a_withheld_note_in_another_stops_the_build(header: dict[str, str], text: str, tmp_path: Path) -> None:
    site = _site(tmp_path, text, text, **header)
    (found,) = run(site).diagnostics
    assert (found.code, found.place.path, found.confidential) == ("copy-of-withheld", COPY, True)
    assert found.remedy.endswith("public_version_of: raid")
    assert not (site / "_site").exists()
    (told,) = (d for d in check(BuildRequest(site.resolve(), site / "_site", NOW), quiet) if d.severity == "error")
    assert told == found
    # Who may see both is told nothing.
    assert build(BuildRequest(site.resolve(), tmp_path / "out", NOW, audience="TLP:RED", drafts=True)).ok


@pytest.mark.parametrize(
    "copy",
    [
        TEXT.replace("\n", " "),
        TEXT.replace(" ", "\n"),
        TEXT.upper(),
        TEXT.replace("Friday", "Monday", 5),
        TEXT.replace("desk", "[desk](topic:mediation)"),
        "".join(SENTENCES[4:9]),
        "".join(SENTENCES[:34] + [f"All of this is new, word by word, at {number} places of the town.\n" for number in range(6)]),
        "".join(f"All of this is new, word by word, at {number} places of the town.\n" for number in range(6)) + TEXT,
        TEXT.replace("\n", "\r\n"),
    ],
)
def test_a_copy_may_be_wrapped_linked_cut_or_edited(copy: str, tmp_path: Path) -> None:
    assert codes(run(_site(tmp_path, copy))) == ["copy-of-withheld"]


@pytest.mark.parametrize(
    "copy",
    [
        "".join(SENTENCES[:20]) + "".join(f"All of this is new, word by word, at {number} places.\n" for number in range(40)),
        "The officers spoke.\n",
        " ".join(sorted(TEXT.split())),
        "",
    ],
)
def test_a_text_of_its_own_is_no_copy(copy: str, tmp_path: Path) -> None:
    assert codes(run(_site(tmp_path, copy))) == []


def test_scripts_without_spaces_have_words_too(tmp_path: Path) -> None:
    text = "二人の将校は金曜日の夜明けに倉庫が捜索されると本紙に語った。\n"
    assert codes(run(_site(tmp_path, text, text))) == ["copy-of-withheld"]


def test_a_note_in_yaml_is_compared_like_any_other(tmp_path: Path) -> None:
    body = "body: |\n  " + TEXT.replace("\n", "\n  ").rstrip() + "\n"
    files = {RAID: None, "content/notes/raid.yaml": f"title: Raid\ndate: 2017-12-15\ndraft: true\n{body}"}
    assert codes(run(write(_site(tmp_path), files))) == ["copy-of-withheld"]


@pytest.mark.parametrize("header", [{"expires": "2017-12-20"}, {"withdrawn": "{date: 2017-12-20, reason: Wrong.}"}])
def test_what_was_public_before_may_be_repeated(header: dict[str, str], tmp_path: Path) -> None:
    assert codes(run(_site(tmp_path, **header))) == []


def test_a_later_draft_was_made_from_the_public_note(tmp_path: Path) -> None:
    site = _site(tmp_path)
    write(site, {RAID: note("Raid", date="2017-12-16", body=TEXT, draft="true")})
    assert codes(run(site)) == []
    write(site, {RAID: note("Raid", date="2017-12-14", body=TEXT, draft="true")})
    assert codes(run(site)) == ["copy-of-withheld"]


@pytest.mark.parametrize("draft", ["true", "false"])
@pytest.mark.parametrize("header", [{"embargo": "2099-01-01"}, {"marking": "TLP:AMBER"}, {"embargo": "2099-01-01", "marking": "TLP:RED"}])
def test_what_else_is_withheld_of_a_later_day_was_not(tmp_path: Path, draft: str, header: dict[str, str]) -> None:
    """Nor was a draft that would still be withheld when it is finished."""
    site = _site(tmp_path)
    write(site, {RAID: note("Raid", date="2017-12-16", body=TEXT, draft=draft, **header)})
    assert codes(run(site)) == ["copy-of-withheld"]


def test_a_later_draft_that_would_have_expired_was(tmp_path: Path) -> None:
    site = _site(tmp_path)
    write(site, {RAID: note("Raid", date="2017-12-16", body=TEXT, draft="true", expires="2017-12-20")})
    assert codes(run(site)) == []


def test_a_public_version_says_so_and_names_its_original_nowhere(tmp_path: Path) -> None:
    site = _site(tmp_path)
    write(site, {COPY: note("Depot", body=TEXT, public_version_of="raid")})
    assert codes(run(site)) == []
    published = tree(site / "_site")
    assert not any(b"public_version" in data for data in published.values())
    assert not [path for path, data in published.items() if b"notes/raid/" in data or b'"raid"' in data]
    assert command_line(["audit", "--site", str(site), "--now", "2018-01-01T12:00Z"]) == 0
    write(site, {COPY: note("Depot", body=TEXT, public_version_of="raids")})
    report = run(site)
    assert codes(report) == ["unknown-note"]
    assert report.diagnostics[0].place.line == 4


def test_the_cache_names_no_original_of_a_public_version(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    write(site, {"content/notes/q7secret.md": note("Raid", body=TEXT, draft="true")})
    write(site, {COPY: note("Depot", body=TEXT, public_version_of="q7secret")})
    assert codes(run(site)) == []
    for path in (site / ".briefings").rglob("*"):
        assert not path.is_file() or b"q7secret" not in path.read_bytes()


def test_each_build_compares_what_has_changed(tmp_path: Path) -> None:
    site = _site(tmp_path, SHORT.replace("officers", "persons") * 2, TEXT)
    write(site, {COPY: note("Depot", body="Nothing of that kind.\n")})
    assert codes(run(site)) == []
    # The text of the one that readers see.
    write(site, {COPY: note("Depot", body=TEXT)})
    assert codes(run(site)) == ["copy-of-withheld"]
    assert codes(run(site)) == ["copy-of-withheld"]
    write(site, {RAID: note("Raid", body="Something else.\n", draft="true")})
    assert codes(run(site)) == []
    # The text of the one that is withheld, which is in no page.
    write(site, {RAID: note("Raid", body=TEXT, draft="true")})
    assert codes(run(site)) == ["copy-of-withheld"]
    write(site, {RAID: note("Raid", body=TEXT)})
    assert codes(run(site)) == []
    # What was shown is withheld from now on.
    write(site, {RAID: note("Raid", body=TEXT, draft="true")})
    assert codes(run(site)) == ["copy-of-withheld"]


def test_what_the_clock_lets_out_is_compared(tmp_path: Path) -> None:
    site = _site(tmp_path)
    write(site, {COPY: note("Depot", body=TEXT, embargo="2018-01-02")})
    assert codes(run(site)) == []
    assert codes(run(site, now=NOW + dt.timedelta(days=3))) == ["copy-of-withheld"]


def test_the_audit_does_not_excuse_the_words_of_a_copy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = _site(tmp_path)
    write(site, {RAID: note("Raid", body=TEXT)})
    assert codes(run(site)) == []
    write(site, {RAID: note("Raid", body=TEXT, draft="true")})
    audit = ["audit", "--site", str(site), "--now", "2018-01-01T12:00Z"]
    assert command_line(audit) == 1
    assert "notes/zzz/index.html" in capsys.readouterr().err
    write(site, {COPY: note("Depot", body=TEXT, public_version_of="raid")})
    assert command_line(audit) == 1
    assert "notes/zzz/index.html" not in capsys.readouterr().err


def test_a_public_log_says_nothing_of_the_original(tmp_path: Path) -> None:
    from briefings.cli.report import problems

    found = run(_site(tmp_path)).diagnostics
    assert "raid" not in problems(found, color=False, public=True)
    assert "raid" in problems([structs.replace(d) for d in found], color=False)


LONG = {
    "Russian": "Генеральный секретарь выступил в Совете и назвал условия новых переговоров, о которых никто прежде не говорил вслух. ",
    "Greek": "Ο Γενικός Γραμματέας μίλησε στο Συμβούλιο και ανέφερε τους όρους νέων διαπραγματεύσεων που κανείς δεν είχε πει πριν. ",
    "Hebrew": "המזכיר הכללי נאם במועצה ומנה את התנאים לשיחות חדשות שאיש לא דיבר עליהם בקול רם לפני כן. ",
    "English": "The Secretary-General spoke to the Council and named the terms of new talks that nobody had said aloud before that day. ",
}


@pytest.mark.parametrize("language", LONG)
@pytest.mark.parametrize("lines", [0, 200])
def test_long_copies_are_found_in_any_script_and_below_any_header(language: str, lines: int, tmp_path: Path) -> None:
    # Each sentence is another one, as in a text that somebody wrote.
    text = " ".join(f"{number} {LONG[language]}" for number in range(12))
    sources = "".join(f"\n  - id: s{number}" for number in range(lines))
    site = _site(tmp_path, text, text, draft="true", **({"sources": sources} if lines else {}))
    assert "copy-of-withheld" in codes(run(site))
