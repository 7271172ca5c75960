"""`briefings serve` on the command line: what its options mean, and what it prints."""

from __future__ import annotations

import datetime as dt
import os
import socket
import sys
import webbrowser
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import click
import pytest

from briefings.cli import serve as serve_module
from briefings.cli.main import run
from briefings.cli.serve import AUDIENCES, EDITORS, Terminal
from briefings.core.config import Editor
from briefings.publication.tree import is_unfinished
from briefings.serve import run as run_module
from briefings.serve.bar import AUDIENCES as ALL
from briefings.serve.bar import audiences_within, editor_link
from briefings.serve.live import Live
from briefings.serve.messages import Failed, Notice, Progressed, Rebuilt, RootMoved
from briefings.serve.settings import Settings, Viewer
from tests.kit.faulty import cut_short
from tests.kit.live import live_site
from tests.kit.serve_kit import free_port
from tests.kit.small_sites import note, small_site, until, write
from tests.kit.small_sites import run as build_site

WIRE = {"content/site.yaml": "title: Desk\ntheme: wire\nurl: https://example.org/base/\n"}


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Live, Settings]]:
    """With what servers would have been started."""
    found: list[tuple[Live, Settings]] = []

    def instead(live: Live, listener: socket.socket, settings: Settings, ready: Callable[[Callable[[], None]], None]) -> None:
        with closing(listener):
            found.append((live, settings))
            ready(lambda: None)
            raise KeyboardInterrupt

    monkeypatch.setattr(run_module, "run", instead)
    return found


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return small_site(tmp_path / "desk", WIRE)


def test_a_build_that_was_cut_short_is_finished_first(served: list[tuple[Live, Settings]], site: Path) -> None:
    assert build_site(site).ok
    write(site, {"content/notes/b.md": note("Another note"), "content/notes/c.md": note("A third note")})
    cut_short(site)
    run(["serve", "--site", str(site), "--port", str(free_port())])
    assert served
    assert not is_unfinished(site / "_site")
    assert (site / "_site/notes/b/index.html").exists()
    assert (site / "_site/notes/c/index.html").exists()


def test_the_lists_of_choices_are_those_of_the_program() -> None:
    """They are written twice, so that `--help` need not read the schema."""
    assert AUDIENCES == ALL
    assert Editor.__args__ == EDITORS  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "viewer", "private", "said"),
    [
        ([], Viewer("desk"), False, ""),
        (["--audience", "TLP:GREEN"], Viewer("TLP:GREEN"), False, ""),
        (["--now", "2018-01-02"], Viewer("desk", dt.datetime(2018, 1, 2, tzinfo=dt.UTC)), False, ""),
        (["--host", "localhost"], Viewer("desk"), False, ""),
        (["--host", "0.0.0.0"], Viewer("TLP:CLEAR"), True, ": the site is shown to TLP:CLEAR.\n"),
        (
            ["--host", "0.0.0.0", "--audience", "desk"],
            Viewer("desk"),
            False,
            ": the site is shown to the desk.\n",
        ),
    ],
)
def test_whom_it_serves(
    site: Path,
    served: list[tuple[Live, Settings]],
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    viewer: Viewer,
    private: bool,
    said: str,
) -> None:
    port = free_port()
    assert run(["serve", "--site", str(site), "--port", str(port), *arguments]) == 0
    ((live, settings),) = served
    assert (live.viewer, settings.private, settings.port) == (viewer, private, port)
    out, err = capsys.readouterr()
    host = "localhost" if "0.0.0.0" in arguments or "localhost" in arguments else "127.0.0.1"
    whom = "the desk" if viewer.audience == "desk" else viewer.audience
    when = " as of 2018-01-02 00:00 UTC" if viewer.now else ""
    assert out == f"Serving desk, shown to {whom}{when}, at http://{host}:{port}/base/ (Ctrl-C ends it)\n"
    assert err.endswith(said)
    assert bool(said) == err.startswith("Others may look, at http://") == (f"{socket.gethostname().lower()}:{port}/base/" in err)


def test_it_opens_the_browser(site: Path, served: list[tuple[Live, Settings]], monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    port = free_port()
    assert run(["serve", "--site", str(site), "--port", str(port), "--open", "--follow", "--editor", "idea"]) == 0
    until(lambda: opened)
    assert opened == [f"http://127.0.0.1:{port}/base/"]
    assert (served[0][1].follow, served[0][1].editor) == (True, "idea")


def test_a_name_that_a_proxy_has_is_allowed_and_sees_what_all_may_see(
    site: Path, served: list[tuple[Live, Settings]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["serve", "--site", str(site), "--port", str(free_port()), "--allow-host", "Ada-8000.app.example"]) == 0
    ((live, settings),) = served
    assert (settings.proxied, settings.private, live.viewer.audience) == (frozenset({"ada-8000.app.example"}), True, "TLP:CLEAR")
    assert "Others may look, at Ada-8000.app.example: the site is shown to TLP:CLEAR." in capsys.readouterr().err


def test_a_host_that_is_not_ours_is_refused(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", "--site", str(site), "--host", "192.0.2.1"]) == 1
    assert "cannot listen at 192.0.2.1" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_addresses_of_version_six(site: Path, served: list[tuple[Live, Settings]], capsys: pytest.CaptureFixture[str], host: str) -> None:
    port = free_port()
    if run(["serve", "--site", str(site), "--host", host, "--port", str(port)]):
        pytest.skip("this machine has no IPv6")
    assert f"http://[::1]:{port}/base/" in capsys.readouterr().out


def test_the_terminal_tells_each_thing_once(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with live_site(site) as client:
        write(site, {"content/notes/warned.md": note("Warned", body="![](https://example.org/x.png)\n")})
        client.shows("notes/warned/", "Warned")
        write(site, {"content/notes/other.md": note("Other")})
        client.shows("notes/other/", "Other")
        write(site, {"content/notes/bad.md": "no header"})
        client.told(Failed)
        write(site, {"content/notes/bad.md": note("Good")})
        client.shows("notes/bad/", "Good")
        # What is shown is told right afterwards.
        client.told(Rebuilt, 4)
        messages = list(client.messages)
    # A terminal says how far work is that takes long; this one hears of all at once, however busy the machine was.
    terminal = Terminal("http://127.0.0.1:8000", color=False, bar=False)
    for message in messages:
        terminal.tell(message)
    terminal.tell(Notice("A word."))
    terminal.tell(Progressed("read", 1, 2))
    terminal.tell(RootMoved("/new/"))
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("1 note, 1 topic, 3 actors: 1")
    assert sum("image-without-text" in line for line in lines) == 1
    assert sum("missing-header" in line for line in lines) == 1
    assert sum(line.startswith("content/notes/other.md → ") for line in lines) == 1
    assert sum(line.startswith("mended: content/notes/bad.md → ") for line in lines) == 1
    assert "A word." in lines
    assert lines[-1].startswith("The site is now at http://127.0.0.1:8000/new/,")
    assert "1 error, 2 warnings; the last good site is shown." in lines


@pytest.mark.parametrize(
    ("broken", "built", "private", "named"),
    [
        ("content/notes/bad.md", "by us", False, True),
        ("content/site.yaml", "by us", False, True),
        # Those who may only look are not told of folders.
        ("content/notes/bad.md", "by us", True, False),
        ("content/notes/bad.md", "by others", False, False),
        ("content/notes/bad.md", "", False, False),
    ],
)
def test_where_nothing_can_be_shown_the_last_built_site_is_named(
    site: Path, capsys: pytest.CaptureFixture[str], broken: str, built: str, private: bool, named: bool
) -> None:
    if built == "by us":
        assert build_site(site).ok
    elif built:
        write(site, {"_site/index.html": "Of another program."})
    with live_site(write(site, {broken: "titel: Desk\n"}), private=private) as client:
        Terminal(color=False, bar=False).tell(client.told(Failed)[0])
        page = client.get("").text
    assert "<h1>The site has errors</h1>" in page
    assert ("open _site/index.html" in page) is named
    assert ("open _site/index.html" in capsys.readouterr().err) is (built == "by us")


def test_the_terminal_tells_a_template_that_fails_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal(color=False, bar=False)
    template = "themes/mine/templates/note.html"
    site = small_site(tmp_path / "desk", {**WIRE, "themes/mine/theme.yaml": "extends: wire\n", template: "<p></p>"})
    write(site, {"content/site.yaml": "title: Desk\ntheme: mine\nurl: https://example.org/\n"})
    with live_site(site) as client:
        write(site, {template: "{{ note.nonsense }}"})
        client.told(Failed)
        write(site, {"content/notes/other.md": note("Other")})
        client.told(Rebuilt, 3)
        write(site, {template: "<p></p>"})
        client.told(Rebuilt, 4)
        messages = list(client.messages)
    for message in messages:
        terminal.tell(message)
    lines = capsys.readouterr().err.splitlines()
    assert sum("template-error" in line for line in lines) == 1
    assert sum(line == "1 error; the last good site is shown." for line in lines) == 1
    assert [line.partition(" ")[0] for line in lines if " → " in line] == [template, "content/notes/other.md", "mended:"]


def test_its_colours_are_those_of_a_build(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal(color=True, bar=False).say("Look.", "yellow")
    assert capsys.readouterr().err == click.style("Look.", fg="yellow") + "\n"


def test_links_to_editors(tmp_path: Path) -> None:
    (tmp_path / "a b#c.md").write_text("x")
    path = f"{tmp_path}/a%20b%23c.md"
    assert editor_link("vscode", tmp_path, "a b#c.md", 3, 5) == f"vscode://file{path}:3:5"
    assert editor_link("cursor", tmp_path, "a b#c.md") == f"cursor://file{path}:1:1"
    assert editor_link("idea", tmp_path, "a b#c.md", 3) == f"idea://open?file={path}&line=3&column=1"
    assert editor_link("none", tmp_path, "a b#c.md", 3, 5) == ""
    assert editor_link("vscode", tmp_path, "nothing.md") == ""


def test_no_audience_is_offered_more_than_it_may_see() -> None:
    assert audiences_within("TLP:CLEAR") == ("TLP:CLEAR",)
    assert audiences_within("desk") == ALL
    assert serve_module.command.name == "serve"


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names of files are Unicode here")
def test_links_to_an_editor_lead_into_folders_whose_names_are_not_utf_8(tmp_path: Path) -> None:
    site = write(Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")), {"a.md": ""})
    assert editor_link("vscode", site, "a.md") == f"vscode://file{tmp_path}/caf%E9/a.md:1:1"
