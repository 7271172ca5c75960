"""The command line: what it prints, to the letter, and how it ends."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import pytest

from briefings import __version__
from briefings.cli import main as command_line
from briefings.cli import progress as progress_module
from briefings.cli.options import colored, instant, is_terminal, processors
from briefings.cli.progress import ProgressDisplay, Stage, timetable
from briefings.cli.report import duration, problems, size
from briefings.core.diagnostics import Diagnostic, Place
from briefings.pages.reference import readable
from briefings.pages.views.record_views import TEMPLATES
from briefings.publication.tree import MANIFEST
from briefings.rendering.filters import FILTERS
from tests.kit.small_sites import DATA, PATIENCE, REPOSITORY, note, small_site, tree, write

TERMINAL = DATA / "terminal"
Snapshot = Callable[[Path, str], None]
Captured = pytest.CaptureFixture[str]
SHELL = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {"PYTHONPATH": str(REPOSITORY), "PYTHONUTF8": "1"}


WIRE = {"content/site.yaml": "title: Desk\nurl: https://desk.example.org/briefings/\ntheme: wire\n"}
"""Settings for a site that is built by a process of its own, which would take longer to compile the other theme than for all else."""


def run(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run `briefings` as a shell does."""
    command = [sys.executable, "-m", "briefings", *arguments]
    return subprocess.run(
        command, cwd=cwd, env={**SHELL, **(env or {})}, capture_output=True, encoding="utf-8", check=False, timeout=PATIENCE
    )


def transcript(arguments: Sequence[str], site: Path, capsys: Captured) -> str:
    """Command, standard output, standard error and exit code as one text, without what differs from run to run."""
    code = command_line.run(arguments)
    out, err = capsys.readouterr()
    text = f"$ briefings {' '.join(arguments)}\n{out}--- stderr\n{err}--- exit {code}\n"
    return re.sub(r"\b\d[\d.]* (s|[kM]?B)\b", r"# \1", text.replace(str(site.resolve()), "."))


BROKEN = {
    "content/notes/a.md": "---\ntitle: A\ndate: 2017-12-15\ntopcis: [mediation]\n---\n\nText.\n",
    "content/notes/b.md": "---\ntitle: B\ndate: 2017-12-40\n---\n\nText.\n",
    "content/notes/c.md": "---\ntitle: 北京会谈\tday one\ndate: 2017-12-15\ntopics: [medation]\n---\n\nText.\n",
    "content/notes/d.md": "no header\n",
    "content/notes/e.md": note(body="See [北京 talks](note:un-ofer) there.\n"),
}

SECRET = {
    "content/notes/a.md": note(body="See [that](note:b).\n"),
    "content/notes/b.md": note(embargo="2018-03-01T09:00:00+01:00", topics="[mediation]"),
}
"""A secret that is no mistake."""

TRANSCRIPTS: dict[str, tuple[Mapping[str, str], tuple[str, ...]]] = {
    "good": ({}, ("build", "--jobs", "1")),
    "quiet": ({}, ("build", "-q")),
    "explain": ({}, ("build", "--explain")),
    "broken": (BROKEN, ("build",)),
    "one-mistake": ({"content/notes/a.md": BROKEN["content/notes/a.md"]}, ("build",)),
    "warning": ({"content/notes/a.md": note(body="![](chart.svg)\n"), "content/notes/chart.svg": "<svg/>"}, ("build",)),
    "many": ({"content/notes/a.md": note(topics=f"[{', '.join(f'xyz{n:02}' for n in range(25))}]")}, ("build",)),
    "many-verbose": ({"content/notes/a.md": note(topics=f"[{', '.join(f'xyz{n:02}' for n in range(25))}]")}, ("build", "-v")),
    "output-is-site": ({}, ("build", "--output", "content")),
    "unknown-option": ({}, ("build", "--siet", "x")),
    "unknown-command": ({}, ("biuld",)),
    "no-jobs": ({}, ("build", "--jobs", "0")),
    "odd-instant": ({}, ("build", "--now", "2017-12-15T10:00")),
    "quiet-and-verbose": ({}, ("build", "-q", "-v")),
    "no-such-folder": ({}, ("build", "--site", "nowhere")),
    "not-a-site": ({}, ("build", "--site", "content")),
    "check": (SECRET, ("check", "--now", "2018-01-01")),
    "check-broken": (BROKEN, ("check",)),
    "due": (SECRET, ("due", "--now", "2018-01-01")),
    "due-broken": (BROKEN, ("due",)),
    "due-cron": (SECRET, ("due", "--now", "2018-01-01", "--cron")),
    "nothing-due": ({}, ("due",)),
    "help": ({}, ("--help",)),
    "help-build": ({}, ("build", "-h")),
    "help-new-note": ({}, ("new", "note", "-h")),
    "nothing": ({}, ()),
}


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_terminal(name: str, tmp_path: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    files, arguments = TRANSCRIPTS[name]
    monkeypatch.chdir(small_site(tmp_path, files))
    snapshot(TERMINAL / f"{name}.txt", transcript(arguments, tmp_path, capsys))


def test_shell_shows_the_same(tmp_path: Path) -> None:
    small_site(tmp_path, TRANSCRIPTS["broken"][0])
    done = run("build", cwd=tmp_path)
    # On a busy machine, even a small build may say how far it is.
    told = re.sub(r"^\w+(?:: \d+ of \d+| …)\n", "", done.stderr, flags=re.MULTILINE)
    text = f"$ briefings build\n{done.stdout}--- stderr\n{told}--- exit {done.returncode}\n"
    assert text == (TERMINAL / "broken.txt").read_text(encoding="utf-8")


def test_errors_leave_the_site_as_it_was(tmp_path: Path) -> None:
    small_site(tmp_path)
    assert run("build", cwd=tmp_path).returncode == 0
    before = {p: p.read_bytes() for p in (tmp_path / "_site").rglob("*") if p.is_file()}
    write(tmp_path, BROKEN)
    assert run("build", cwd=tmp_path).returncode == 1
    assert {p: p.read_bytes() for p in (tmp_path / "_site").rglob("*") if p.is_file()} == before


def test_site_is_found_upwards(tmp_path: Path) -> None:
    small_site(tmp_path)
    assert "→" in run("build", cwd=tmp_path / "content" / "notes").stdout


def test_no_site_is_wrong_usage(tmp_path: Path) -> None:
    done = run("build", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "briefings new site DIR" in done.stderr


def test_version(tmp_path: Path) -> None:
    assert run("--version", cwd=tmp_path).stdout == f"briefings {__version__}\n"


def test_changelog_begins_with_this_version() -> None:
    found = re.search(r"^## (?!Unreleased$)(\S+)", (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    assert found.group(1) == __version__


def test_version_imports_nothing_heavy(tmp_path: Path) -> None:
    code = "import sys; from briefings.cli.main import run; run(['--version']); print(*sorted(m.partition('.')[0] for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=SHELL, capture_output=True, encoding="utf-8", check=True)
    assert not set(done.stdout.split()) & {"msgspec", "jinja2", "markdown_it", "rich", "yaml", "pygments", "nh3"}


# ── How a run ends ───────────────────────────────────────────────────────────


def closing(arguments: list[str], cwd: Path) -> tuple[int, str]:
    """Run `briefings` with a standard output that nobody reads; returns exit code and standard error."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "briefings", *arguments], cwd=cwd, env=SHELL, stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    return done.returncode, done.stderr.decode()


@pytest.mark.parametrize("arguments", [["schema", "note"], ["--help"], ["build"]])
def test_broken_pipe_is_quiet(arguments: list[str], tmp_path: Path) -> None:
    assert closing(arguments, small_site(tmp_path, WIRE)) == (141, "")


def test_full_disk_on_standard_output_is_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "briefings", "schema", "note"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, cwd=tmp_path, env=SHELL, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (1, b"error: No space left on device\n")


@pytest.mark.parametrize("stream", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_closed_streams(stream: str, tmp_path: Path) -> None:
    command = ["sh", "-c", f"{sys.executable} -m briefings build {stream}"]
    assert subprocess.run(command, cwd=small_site(tmp_path, WIRE), env=SHELL, capture_output=True, check=False).returncode == 0


def interrupted() -> None:
    signal.raise_signal(signal.SIGINT)


def full() -> None:
    raise OSError(28, "No space left on device", "_site/index.html")


def broken() -> None:
    raise OSError(5, "Input/output error", "_site/index.html")


@pytest.mark.parametrize(
    ("happens", "code", "said"),
    [
        (interrupted, 130, "Interrupted.\n"),
        (full, 1, "error: No space left on device: _site/index.html\n  free some space and build again\n"),
        (broken, 1, "error: Input/output error: _site/index.html\n"),
    ],
)
def test_what_stops_a_build_is_told_in_a_line(
    happens: Callable[[], None], code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr("briefings.engine.build.build", lambda *_: happens())
    assert command_line.run(["build", "--site", str(small_site(tmp_path))]) == code
    assert capsys.readouterr().err == said


# ── Options ──────────────────────────────────────────────────────────────────


def test_instant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = small_site(tmp_path, {"content/site.yaml": "title: Desk\ntimezone: America/New_York\nurl: https://desk.example.org/\n"})
    assert instant("2017-12-15", site) == dt.datetime(2017, 12, 15, 5, tzinfo=dt.UTC)
    assert instant("2017-12-15T10:00:00+09:00", site) == dt.datetime(2017, 12, 15, 1, tzinfo=dt.UTC)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1513339200")
    assert instant(None, site) == dt.datetime(2017, 12, 15, 12, tzinfo=dt.UTC)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert abs(instant(None, site) - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)


@pytest.mark.parametrize("epoch", ["x", "9" * 30])
def test_odd_epoch(epoch: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert command_line.run(["build", "--site", str(small_site(tmp_path))]) == 2
    assert "SOURCE_DATE_EPOCH" in capsys.readouterr().err


def test_day_of_a_site_with_errors(tmp_path: Path, capsys: Captured) -> None:
    site = small_site(tmp_path, {"content/site.yaml": "tilte: Desk\n"})
    assert command_line.run(["build", "--site", str(site), "--now", "2017-12-15"]) == 1
    assert 'did you mean "title"?' in capsys.readouterr().err


class Terminal(io.StringIO):
    """A text stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    assert colored("always", io.StringIO())
    assert not colored("never", Terminal())
    assert not colored("auto", io.StringIO())
    assert colored("auto", Terminal())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not colored("auto", Terminal())
    assert colored("always", Terminal())
    monkeypatch.setenv("TERM", "dumb")
    assert not is_terminal(Terminal())


def test_colours_are_written_when_asked_for(tmp_path: Path) -> None:
    small_site(tmp_path, {"content/notes/a.md": BROKEN["content/notes/a.md"]})
    colours = run("build", "--color", "always", cwd=tmp_path).stderr
    assert "\x1b[31m" in colours
    assert re.sub(r"\x1b\[\d+m", "", colours) == run("build", cwd=tmp_path).stderr


def test_a_build_tells_what_it_made_and_how_long_each_stage_took(tmp_path: Path, capsys: Captured) -> None:
    site = small_site(tmp_path / "site")
    elsewhere = tmp_path / "out"
    assert command_line.run(["build", "--site", str(site), "--output", str(elsewhere), "--jobs", "3", "-v"]) == 0
    out, err = capsys.readouterr()
    files = len(tree(elsewhere).keys() - {MANIFEST})
    assert re.fullmatch(rf"Built 1 note, 1 topic, 3 actors: \d+ pages, {files} files, \S+ kB in \S+ s, no warnings → {elsewhere}\n", out)
    *stages, last = err.splitlines()
    assert [line.split()[0] for line in stages] == ["read", "parse", "link", "render", "write"]
    assert all(re.fullmatch(r"\w+ +\d\.\d\d s(  \d+)?", line) for line in stages)
    assert last == f"{files} written, 0 removed"
    assert processors() >= 1


# ── Reports ──────────────────────────────────────────────────────────────────


def drawn(line: str, column: int, width: int = 1, number: int = 7) -> str:
    return problems([Diagnostic("wrong-type", "message", Place("a.md", number, column, width), "remedy", "error", line)], color=False)


@pytest.mark.parametrize(
    ("line", "column", "width", "text", "carets"),
    [
        ("title: x", 8, 1, "title: x", "       ^"),
        ("\tkey: x", 2, 3, "    key: x", "    ^^^"),
        ("a\tb", 3, 1, "a   b", "    ^"),
        ("北京: x", 5, 1, "北京: x", "      ^"),
        ("北京", 1, 2, "北京", "^^^^"),
        ("e\u0301: x", 5, 1, "e\u0301: x", "   ^"),
        ("a\x1b[2Jb", 6, 1, r"a\x1b[2Jb", "        ^"),
        ("a\u202eb", 3, 1, r"a\u202eb", "       ^"),
        ("a\u00a0b", 3, 1, "a b", "  ^"),
        ("short", 9, 4, "short", "     ^"),
        ("key:   ", 6, 1, "key:   ", "     ^"),
    ],
)
def test_carets_stand_under_what_is_meant(line: str, column: int, width: int, text: str, carets: str) -> None:
    assert drawn(line, column, width) == f"a.md:7:{column}: error[wrong-type]: message\n  7 | {text}\n    | {carets}\n    = remedy\n"


@pytest.mark.parametrize("column", [1, 60, 150, 299])
def test_long_lines_are_cut_around_the_column(column: int) -> None:
    line = "".join(chr(ord("a") + n % 26) for n in range(300))
    _, text, carets, _ = drawn(line, column, 3).splitlines()
    assert len(text) <= 110
    assert text[carets.index("^")] == line[column - 1]
    assert ("…" in text[:8], text.endswith("…")) == (column > 40, column < 250)


def test_long_line_without_a_column() -> None:
    assert drawn("x" * 300, 0).splitlines()[:2] == ["a.md:7: error[wrong-type]: message", f"  7 | {'x' * 98}…"]


def test_gutter_follows_the_line_number() -> None:
    assert drawn("x", 1, number=1234).splitlines()[1:3] == ["  1234 | x", "       | ^"]


def test_messages_and_paths_cannot_drive_the_terminal() -> None:
    hostile = Diagnostic("wrong-type", "bad \x1b[31m\nword", Place("a\x07.md"), "first\nsecond\x9b")
    assert problems([hostile], color=False) == "a\\x07.md: error[wrong-type]: bad \\x1b[31m\\nword\n  = first\n    second\\x9b\n"


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (999_499, "999 kB"), (1_234_567, "1.2 MB"), (2_500_000_000, "2.5 GB")]
)
def test_size(count: int, text: str) -> None:
    assert size(count) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.004, "0.00 s"), (9.994, "9.99 s"), (9.996, "10.0 s"), (59.96, "1 min 0 s"), (125, "2 min 5 s")]
)
def test_duration(seconds: float, text: str) -> None:
    assert duration(seconds) == text


# ── Progress ─────────────────────────────────────────────────────────────────


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_progress_times_stages_and_breaks_long_silence(capsys: Captured) -> None:
    unit = progress_module.SILENCE / 10
    clock = Clock()
    with ProgressDisplay(bar=False, lines=True, clock=clock) as progress:
        progress("read", 0, 0)
        clock.now = 2 * unit
        for units in (2, 5, 13, 14, 24):
            clock.now = units * unit
            progress("render", units * 100, 2400)
        clock.now = 35 * unit
        progress("write", 0, 0)
    assert capsys.readouterr().err == "render: 1,300 of 2,400\nrender: 2,400 of 2,400\nwrite …\n"
    assert progress.stages == [Stage("read", 0, 2 * unit), Stage("render", 2400, 33 * unit), Stage("write", 0, 0)]


def test_timetable() -> None:
    stages = [Stage("read", 0, 2), Stage("render", 2400, 33), Stage("write", 0, 0)]
    assert timetable(stages) == "read       2.00 s\nrender     33.0 s  2,400\nwrite      0.00 s"


def test_progress_bar_leaves_nothing_behind(capsys: Captured) -> None:
    clock = Clock()
    with ProgressDisplay(bar=True, lines=False, clock=clock) as progress:
        for clock.now in (0, 0.1, 1, 1.01, 2):
            progress("parse", int(clock.now * 10), 20)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.strip() == "" or "parse" in err


def test_short_builds_show_no_progress(capsys: Captured) -> None:
    with ProgressDisplay(bar=True, lines=True) as progress:
        progress("read", 0, 1)
    assert capsys.readouterr() == ("", "")


# ── Completion and reference ─────────────────────────────────────────────────


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script(shell: str, capsys: Captured) -> None:
    assert command_line.run(["completion", shell]) == 0
    assert "_BRIEFINGS_COMPLETE" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "expected"),
    [("briefings bu", "build"), ("briefings new note --topic med", "mediation"), ("briefings new note --actor gu", "guterres")],
)
def test_completion(words: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    asked_for(words, monkeypatch)
    for folder in (small_site(tmp_path), tmp_path / "content"):
        monkeypatch.chdir(folder)
        assert command_line.run([]) in (0, 1)
        assert capsys.readouterr() == (f"plain,{expected}\n", "")


def test_completion_outside_a_site_is_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    asked_for("briefings new note --topic m", monkeypatch)
    monkeypatch.chdir(tmp_path)
    command_line.run([])
    out, err = capsys.readouterr()
    assert (out.strip(), err) == ("", "")


def asked_for(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the environment as bash does when it asks to complete the last of `words`."""
    monkeypatch.setenv("_BRIEFINGS_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (str | None, "text or nothing"),
        (Literal["ltr", "rtl"], '"ltr" or "rtl"'),
        (tuple[dt.date, ...], "list of date"),
        (dict[str, int], "mapping from text to whole number"),
        (Annotated[bool, "switch"], "true or false"),
        (int | str | dt.datetime, "whole number, text or instant"),
    ],
)
def test_types_in_words(kind: object, words: str) -> None:
    assert readable(kind) == words


def test_theme_reference_names_every_field(capsys: Captured) -> None:
    assert command_line.run(["theme", "reference"]) == 0
    text = capsys.readouterr().out
    for view, template in TEMPLATES.items():
        section = text.partition(f"### `{template}`")[2].partition("\n### ")[0]
        assert all(f"| `{field}` |" in section for field in view.__struct_fields__)
    assert all(f"- `{name}`: " in text for name in FILTERS)
    assert not re.search(r"\]\(#(?!\w)|NoneType|typing\.|<class", text)
    headings = set(re.findall(r"^### (\w+)$", text, re.MULTILINE))
    assert {name.lower() for name in headings} >= set(re.findall(r"\]\(#(\w+)\)", text))
