"""`briefings diff`: what git revisions change for readers, in the terminal and as a page, and for which readers."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.cli.main import run as command_line
from briefings.desk.diff import in_context, word_by_word
from tests.kit.small_sites import note, small_site, tree, write

OFFER = "content/notes/2017-12-15-un-offer.md"
NOW = ("--now", "2018-01-01")


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=Desk", "-c", "user.email=desk@desk.example", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site in a folder of a repository, with a tag `one`, a second commit, and further edits that are not committed."""
    top = tmp_path_factory.mktemp("repository")
    folder = small_site(
        top / "desk",
        {
            "content/notes/gone.md": note("Goes", "2017-12-01"),
            "content/notes/taken.md": note("Taken back", "2017-12-02"),
            "content/notes/secret.md": note("Hidden", "2017-12-03", "Old words.\n", marking="TLP:RED"),
        },
    )
    git(top, "init", "--quiet")
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "-m", "One")
    git(top, "tag", "one")
    changed = (folder / OFFER).read_text().replace("said so [@s1]", "repeated it [@s1]").replace("A short summary.", "A long summary.")
    write(
        folder,
        {
            OFFER: changed.replace("topics: [mediation]", "topics: [mediation]\nchanges: [{date: 2017-12-16, note: Words.}]"),
            "content/notes/gone.md": None,
            "content/notes/taken.md": note("Taken back", "2017-12-02", withdrawn="{date: 2017-12-20, reason: It was a hoax.}"),
            "content/notes/secret.md": note("Hidden", "2017-12-03", "New words.\n", marking="TLP:RED", topics="[mediation]"),
            "content/notes/new.md": note("Comes", "2017-12-20", summary="What is new."),
        },
    )
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "-m", "Two")
    write(folder, {"content/actors/japan.yaml": "name: Nippon\ntype: state\n"})
    return folder


def test_a_range_of_revisions_is_told_note_by_note_and_word_by_word(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = tree(site)
    assert command_line(["diff", "one", "HEAD", "--site", str(site), *NOW]) == 0
    told = capsys.readouterr().out
    assert "changed note UN offers to mediate  /notes/un-offer/" in told
    assert "summary: A [-short-]{+long+} summary." in told
    assert "The UN [-said so-]{+repeated it+}" in told
    assert "+ date: 2017-12-16; note: Words.; level: minor" in told
    assert "new note Comes" in told
    assert "{+What is new.+}" in told
    assert "gone note Goes" in told
    assert "withdrawn note Taken back" in told
    assert "It was a hoax." in told
    assert "Hidden" not in told
    assert "Nippon" not in told
    # Nothing of the site was touched.
    assert tree(site) == before


def test_without_a_second_revision_the_files_are_compared_as_they_are(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line(["diff", "HEAD", "--site", str(site), *NOW]) == 0
    told = capsys.readouterr().out
    assert "changed actor Nippon" in told
    assert "[-Japan-]{+Nippon+}" in told
    assert "un-offer" not in told


EDITS: dict[str, tuple[str, str, list[str]]] = {
    "content/sources/tass.yaml": (
        "name: TASS\ntype: News agency\nreliability: A\n",
        "name: TASS\ntype: Agency\nreliability: C\nrationale: It erred.\nrated: 2017-12-01\n",
        ["- News agency", "+ Agency", "- A", "+ C", "+ It erred.", "+ 2017-12-01"],
    ),
    "content/topics/mediation.yaml": ("name: M\n", "name: M\nbroader: [peace]\n", ["+ Peace"]),
    "content/topics/peace.yaml": ("name: Peace\n", "name: Peace\nsummary: None.\n", ["{+None.+}"]),
    "content/actors/un.yaml": ("name: UN\ntype: state\n", "name: UN\ntype: organization\n", ["- state", "+ organization"]),
    "content/actors/japan.yaml": (
        "name: Japan\ntype: state\nsummary: A state.\n",
        "name: Japan\ntype: state\nsummary: An island state.\n",
        ["summary: [-A-]{+An island+} state."],
    ),
    "content/pages/about.md": (
        "---\ntitle: About\nsummary: Old.\n---\n\nText.\n",
        "---\ntitle: About\nsummary: New.\n---\n\nText.\n",
        ["summary: [-Old-]{+New+}."],
    ),
    "content/notes/twice.md": (
        note("Twice", corrections="[{date: 2017-12-16, note: Same.}, {date: 2017-12-16, note: Same.}]"),
        note("Twice", corrections="[{date: 2017-12-16, note: Same.}]"),
        ["- date: 2017-12-16; note: Same."],
    ),
}


def test_what_changes_of_any_record_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = small_site(tmp_path, {path: before for path, (before, _, _) in EDITS.items()})
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "One")
    write(folder, {path: after for path, (_, after, _) in EDITS.items()})
    assert command_line(["diff", "HEAD", "--site", str(folder), *NOW]) == 0
    told = capsys.readouterr().out
    assert [line for _, _, lines in EDITS.values() for line in lines if line not in told] == []
    assert told.count("- date: 2017-12-16; note: Same.") == 1


def test_who_may_see_more_is_shown_more_as_a_page(site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    assert command_line(["diff", "one", "HEAD", "--audience", "TLP:RED", "--html", str(page), "--site", str(site), *NOW]) == 0
    assert str(page) in capsys.readouterr().out
    html = page.read_text()
    assert "readers who may see TLP:RED" in html
    assert "<del>Old</del><ins>New</ins>" in html
    assert "<script" not in html


@pytest.mark.parametrize("repository", [True, False])
def test_what_cannot_be_compared_is_told(site: Path, tmp_path: Path, repository: bool, capsys: pytest.CaptureFixture[str]) -> None:
    folder = site if repository else small_site(tmp_path)
    assert command_line(["diff", "--site", str(folder), "--", "-nope" if repository else "HEAD"]) == 2
    said = capsys.readouterr().err
    assert ('git knows no revision "-nope"' if repository else "is not in a git repository") in said


def test_no_git_is_told(site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PATH", "")
    assert command_line(["diff", "HEAD", "--site", str(site)]) == 2
    assert "no git on this machine" in capsys.readouterr().err


def test_a_revision_with_errors_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = small_site(tmp_path, {"content/notes/b.md": note("B", topics="[no-such-topic]")})
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "One")
    assert command_line(["diff", "HEAD", "--site", str(folder), *NOW]) == 1
    said = capsys.readouterr().err
    assert "the content at HEAD has errors: content/notes/b.md" in said
    assert "briefings check" in said


@given(st.text("ab \n."), st.text("ab \n."))
def test_both_texts_can_be_read_from_their_difference(before: str, after: str) -> None:
    pieces = word_by_word(before, after)
    assert "".join(words for mark, words in pieces if mark != "new") == before
    assert "".join(words for mark, words in pieces if mark != "gone") == after
    kept = [(mark, words) for mark, words in in_context(pieces) if mark != "same"]
    assert kept == [(mark, words) for mark, words in pieces if mark != "same"]
