"""What a report says of an id that no record has: which one was meant, by its names, or the command that begins it."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from briefings.cli.main import run as command_line
from briefings.core.text import name_key
from tests.kit.small_sites import codes, note, run, small_site

A = "content/notes/2017-12-16-a.md"
RECORDS = {
    "content/actors/un.yaml": "name: United Nations\ntype: organization\nalso_known_as: [UNO, ООН]\n",
    "content/actors/guterres.yaml": "name: António Guterres\ntype: person\nsort_name: Guterres, António\nalso_known_as: [UN chief]\n",
    "content/topics/trade.yaml": "name: Trade and sanctions\n",
    "content/sources/ina.yaml": "name: Iraqi News Agency\n",
}


def remedies(tmp_path: Path, **of_note: str) -> list[str]:
    site = small_site(tmp_path, {**RECORDS, A: note(**of_note)})
    return [d.remedy for d in run(site).diagnostics]


@pytest.mark.parametrize(
    ("kind", "written", "meant"),
    [
        ("actor", "guterres-antonio", "guterres"),
        ("actor", "Antonio Guterres", "guterres"),
        ("actor", "antonio-guterres", "guterres"),
        ("actor", "GUTERRES, António", "guterres"),
        ("actor", "un-chief", "guterres"),
        ("actor", "the-united-nations", "un"),
        ("actor", "united_nations", "un"),
        ("actor", "ООН", "un"),
        ("topic", "Trade and Sanctions", "trade"),
        ("topic", "sanctions-and-trade", "trade"),
        ("source", "iraqi-news-agency", "ina"),
    ],
)
def test_a_record_is_known_by_its_names(kind: str, written: str, meant: str, tmp_path: Path) -> None:
    header = f'[{{id: s1, source: "{written}"}}]' if kind == "source" else f'["{written}"]'
    expected = [f'did you mean "{meant}"?']
    assert remedies(tmp_path, **{f"{kind}s": header}) == expected
    if " " not in written:
        assert remedies(tmp_path, body=f"[x]({kind}:{written})\n") == expected
    corrected = header.replace(written, meant)
    assert codes(run(small_site(tmp_path, {A: note(**{f"{kind}s": corrected})}))) == []


def test_a_name_that_several_bear_is_left_to_the_author(tmp_path: Path) -> None:
    other = "name: Jorge Guterres\ntype: person\nalso_known_as: [UN chief]\n"
    site = small_site(tmp_path, {**RECORDS, "content/actors/jorge.yaml": other, A: note(actors="[un-chief]")})
    assert [d.remedy for d in run(site).diagnostics] == ["write whichever is meant: guterres and jorge have this name"]


def test_names_of_what_is_withheld_are_not_told(tmp_path: Path) -> None:
    hidden = {"content/actors/guterres.yaml": RECORDS["content/actors/guterres.yaml"] + "draft: true\n"}
    site = small_site(tmp_path, {**RECORDS, **hidden, A: note(actors="[un-chief]")})
    assert not any("guterres" in d.remedy for d in run(site).diagnostics)


@pytest.mark.parametrize("undeclared", ["error", "warn"])
@pytest.mark.parametrize(
    ("header", "begun"),
    [
        ({"actors": "[zoran-petrovic]"}, "zoran-petrovic"),
        ({"actors": "[{id: Zoran, role: host}]"}, "zoran"),
        ({"actors": "[zürich]"}, "zürich"),
        ({"topics": "[fish_quotas]"}, "fish_quotas"),
        ({"topics": "[fish.quotas.2018]"}, "fish.quotas.2018"),
    ],
)
def test_the_command_of_a_remedy_begins_the_record(
    header: dict[str, str], begun: str, undeclared: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = f"title: Desk\nurl: https://desk.example.org/\nundeclared: {undeclared}\n"
    site = small_site(tmp_path, {"content/site.yaml": config, A: note(**header)})
    (found,) = run(site).diagnostics
    command = found.remedy.partition("begin it with: briefings ")[2].partition(" (or")[0]
    monkeypatch.chdir(site)
    assert command_line(shlex.split(command)) == 0
    text = (site / A).read_text(encoding="utf-8")
    if found.remedy.startswith("write "):
        text = text.replace("Zoran", "zoran")
    (site / A).write_text(text, encoding="utf-8")
    assert codes(run(site)) == []
    assert list((site / "content").glob(f"*/{begun}.yaml"))


@pytest.mark.parametrize("written", ['a "b" c', "$(rm -rf)", "`x`", "!!", "..."])
def test_no_command_is_made_of_what_a_shell_would_run(written: str, tmp_path: Path) -> None:
    for remedy in remedies(tmp_path, actors=f"['{written}']"):
        assert "briefings new" not in remedy


def test_spellings_of_a_name_are_equal() -> None:
    same = ["António Guterres", "guterres, antonio", "ANTONIO  GUTERRES", "antonio_guterres", "the Antonio Guterres"]
    assert len({name_key(name) for name in same}) == 1
    assert name_key("The The") == "the the"
    assert name_key("…") == ""


def test_a_broken_header_hides_no_other_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = small_site(
        tmp_path,
        {
            **RECORDS,
            A: "---\ntitle: [\n---\n\n[x](note:nowhere)\n",
            "content/notes/b.md": note(actors="[guterres-antonio]", body="[x](missing.pdf)\n"),
            "content/notes/c.md": note(topcis="[trade]", body="[x](topic:zzz)\n"),
            "content/topics/d.yaml": "name: D\nbroader: [none-such]\n",
            "themes/mine/theme.yaml": "extends: wire\n",
            "themes/mine/templates/note.html": "{% iff %}",
            "content/site.yaml": "title: Desk\nurl: https://desk.example.org/\ntheme: mine\n",
        },
    )
    expected = {"yaml-syntax", "unknown-actor", "broken-link", "unknown-key", "unknown-topic", "template-error"}
    assert set(codes(run(site))) == expected
    assert codes(run(site)).count("unknown-topic") == 2
    assert command_line(["check", "--site", str(site), "--color", "never"]) == 1
    told = capsys.readouterr().err
    assert all(f"[{code}]" in told for code in expected)
