"""`briefings serve` as a process: its signals and ports, real editors, lost events, and what it says."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from briefings.serve.machine import Machine, Timing
from briefings.serve.run import bind
from tests.kit.live import Failed, live_site, rebuilds
from tests.kit.serve_kit import Server, free_port, serving
from tests.kit.small_sites import PATIENCE, note, small_site, until, write

WIRE = {"content/site.yaml": "title: Desk\ntheme: wire\nurl: https://desk.example.org/\n"}
NOTE = "content/notes/2017-12-15-un-offer.md"
PAGE = "notes/un-offer/"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return small_site(tmp_path / "desk", WIRE)


def port_of(server: Server) -> int:
    return int(server.url.split(":")[2].split("/")[0])


def get(server: Server, address: str) -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port_of(server), timeout=PATIENCE)) as connection:
        connection.request("GET", f"/{address}")
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def shows(server: Server, address: str, text: str) -> None:
    def asked() -> bool:
        status, page = get(server, address)
        return status == 200 and text in page

    until(asked, lambda: "".join(server.printed))


def prints(server: Server, text: str, times: int = 1) -> None:
    until(lambda: "".join(server.printed).count(text) >= times, lambda: "".join(server.printed))


def sentence(site: Path, text: str) -> str:
    """A command for `sed` that puts `text` into the note's body."""
    return rf"s/The \[UN\]/{text} The [UN]/"


# ── Beginning and end ────────────────────────────────────────────────────────


PATIENT = """
import uvicorn
real = uvicorn.Config.__init__
uvicorn.Config.__init__ = lambda self, *given, **named: real(self, *given, **{**named, "timeout_graceful_shutdown": None})
from briefings.__main__ import main
main()
"""
"""The program, with a server that waits for its streams for ever when it is to end."""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 143)])
def test_it_ends_by_itself_though_streams_are_open(site: Path, number: signal.Signals, code: int) -> None:
    with serving(site, program=("-c", PATIENT)) as server:
        shows(server, PAGE, "UN offers")
        streams = []
        for _ in range(3):
            stream = socket.create_connection(("127.0.0.1", port_of(server)))
            stream.sendall(f"GET /-/events?url= HTTP/1.1\r\nHost: localhost:{port_of(server)}\r\n\r\n".encode())
            assert stream.recv(100)
            streams.append(stream)
        server.process.send_signal(number)
        assert server.process.wait(PATIENCE) == code
        for stream in streams:
            stream.close()
        assert "Traceback" not in "".join(server.printed)


def test_it_ends_amid_the_first_build(tmp_path: Path) -> None:
    many = {f"content/notes/n{number:04}.md": note(f"Note {number}", body="Text.\n\n" * 100) for number in range(4000)}
    with serving(small_site(tmp_path / "desk", {**WIRE, **many}), "--jobs", "2") as server:
        assert get(server, "")[0] == 503
        time.sleep(0.3)
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(PATIENCE) == 0
    said = "".join(server.printed)
    assert "pages in" not in said
    assert "bug" not in said
    assert "ended from outside" not in said


def test_a_second_server_takes_the_next_port(site: Path) -> None:
    with serving(site) as first, serving(site, port=port_of(first)) as second:
        assert port_of(second) > port_of(first)
        prints(second, f"Port {port_of(first)} is taken.")
        write(site, {"content/notes/new.md": note("For both")})
        for server in (first, second):
            shows(server, "notes/new/", "For both")


def test_no_port_and_no_address_are_said() -> None:
    with closing(bind("127.0.0.1", free_port())) as taken:
        number = int(taken.getsockname()[1])
        with pytest.raises(OSError, match="is free"):
            bind("127.0.0.1", number, ports=1)
    with pytest.raises(OSError, match=r".+"):
        bind("192.0.2.1", free_port())


SLOW_TYPES = """
import time, msgspec._utils as types
real = types._eval_type
types._eval_type = lambda *asked: (time.sleep(0.0005), real(*asked))[1]
from briefings.__main__ import main
main()
"""
"""The program, on a machine where msgspec takes long to look at a type, and others go on meanwhile."""


@pytest.mark.parametrize("mended", [False, True])
def test_the_first_pages_may_be_asked_for_by_many_at_once(site: Path, mended: bool) -> None:
    """msgspec has half a type while it looks at one: a thread that reads a page with it ended the process."""
    note = site / NOTE
    data = note.read_text(encoding="utf-8")
    note.write_text(data.replace("title:", "titel:") if mended else data, encoding="utf-8")
    with serving(site, program=("-c", SLOW_TYPES)) as server:
        if mended:
            prints(server, "1 error")
            note.write_text(data, encoding="utf-8")
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda address: shows(server, address, "live.js"), (PAGE, "", "actors/un/", "topics/mediation/") * 2))


def test_it_writes_nothing_but_what_it_remembers(site: Path) -> None:
    before = {path for path in site.rglob("*") if ".briefings" not in path.parts}
    with serving(site) as server:
        shows(server, PAGE, "UN offers")
        time.sleep(0.2)
    assert {path for path in site.rglob("*") if ".briefings" not in path.parts} == before


def test_what_it_says(site: Path) -> None:
    """The address; each rebuild in a line; problems once; when they are mended."""
    with serving(site) as server:
        prints(server, "1 note, 1 topic, 3 actors: 1")
        path = site / NOTE
        data = path.read_text(encoding="utf-8")
        path.write_text(data.replace("title:", "titel:"), encoding="utf-8")
        prints(server, "the last good site is shown.")
        path.write_text(data.replace("said so", "said it"), encoding="utf-8")
        prints(server, "mended: ")
    said = "".join(server.printed)
    assert f"Serving desk, shown to the desk, at {server.url} (Ctrl-C ends it)\n" in said
    assert said.count("error[unknown-key]") == 1
    assert "  2 | titel: UN offers to mediate\n    | ^^^^^\n" in said
    assert re.search(rf"mended: {re.escape(NOTE)} → 1 page in \d+\.\d+ s", said)


def test_others_see_what_the_public_may_see(tmp_path: Path) -> None:
    site = small_site(tmp_path / "desk", {**WIRE, "content/notes/draft.md": note("A draft", draft="true")})
    with serving(site, "--host", "0.0.0.0") as server:
        prints(server, ": the site is shown to TLP:CLEAR.")
        shows(server, PAGE, "UN offers")
        assert get(server, "notes/draft/")[0] == 404
    with serving(site, "--host", "0.0.0.0", "--audience", "desk") as server:
        shows(server, "notes/draft/", "A draft")


# ── Editors, really run ──────────────────────────────────────────────────────


def run_vim(path: Path, text: str, backup: str) -> None:
    commands = ["set nomodeline", f"set backupcopy={backup}", "set backup", f"%{sentence(path, text)}", "wq"]
    arguments = [part for command in commands for part in ("-c", command)]
    subprocess.run(["vim", "-u", "NONE", "-es", *arguments, str(path)], check=True, timeout=PATIENCE, stdin=subprocess.DEVNULL)


def run_emacs(path: Path, text: str) -> None:
    program = f"""
      (setq create-lockfiles t make-backup-files t)
      (find-file "{path}")
      (goto-char (point-max)) (search-backward "The [UN]") (insert "{text} ")
      (do-auto-save) (sit-for 0.05) (save-buffer)
    """
    subprocess.run(["emacs", "--batch", "-Q", "--eval", f"(progn {program})"], check=True, timeout=PATIENCE, capture_output=True)


def run_sed(path: Path, text: str) -> None:
    subprocess.run(["sed", "-i", sentence(path, text), str(path)], check=True, timeout=PATIENCE)


def run_git(path: Path, text: str) -> None:
    """Another version on another branch, and there and back."""
    site = path.parents[2]

    def git(*arguments: str) -> None:
        command = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "init.defaultBranch=main", *arguments]
        subprocess.run(
            command, cwd=site, check=True, timeout=PATIENCE, capture_output=True, env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
        )

    if not (site / ".git").exists():
        git("init")
        git("add", "content")
        git("commit", "-m", "one")
    git("checkout", "-b", text.split()[0])
    run_sed(path, text)
    git("commit", "-am", "two")
    git("checkout", "main")
    time.sleep(0.3)
    git("checkout", text.split()[0])


EDITORS: dict[str, tuple[str, Callable[[Path, str], None]]] = {
    "vim-backupcopy-yes": ("vim", lambda path, text: run_vim(path, text, "yes")),
    "vim-backupcopy-no": ("vim", lambda path, text: run_vim(path, text, "no")),
    "emacs": ("emacs", run_emacs),
    "sed": ("sed", run_sed),
    "git": ("git", run_git),
}


@pytest.mark.parametrize("editor", list(EDITORS))
def test_what_real_editors_save_is_shown(site: Path, editor: str) -> None:
    program, save = EDITORS[editor]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed; `make test` installs it where there is apt-get")
    # An editor may be held up by all else on the machine.
    with live_site(site, machine=Machine(timing=Timing(unfinished=1.0, patience=3.0))) as client:
        for text in ("First save.", "Second save."):
            save(site / NOTE, text)
            client.shows(PAGE, text)
        time.sleep(0.3)
        assert not [m for m in client.messages if isinstance(m, Failed)]
        assert len(rebuilds(client)) <= (2 if editor != "git" else 8)


# ── Nothing is lost ──────────────────────────────────────────────────────────


@pytest.mark.long
def test_a_queue_that_ran_over_loses_no_edit(tmp_path: Path) -> None:
    """The process is stopped while more happens than the system keeps for it."""
    limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    many = {f"content/notes/n{number:03}.md": note(f"Note {number}", body="Before.\n") for number in range(200)}
    site = small_site(tmp_path / "desk", {**WIRE, **many})
    with serving(site) as server:
        shows(server, "notes/n000/", "Before.")
        server.process.send_signal(signal.SIGSTOP)
        noise = site / "content/notes/noise.txt"
        for _ in range(limit // 2 + 500):
            noise.write_text("x")
            noise.unlink()
        for path, data in many.items():
            (site / path).write_text(data.replace("Before.", "After."))
        server.process.send_signal(signal.SIGCONT)
        for number in range(200):
            shows(server, f"notes/n{number:03}/", "After.")
        write(site, {"content/notes/n000.md": note("Note 0", body="After that.\n")})
        shows(server, "notes/n000/", "After that.")


def test_what_happens_while_it_is_stopped_is_seen_afterwards(site: Path) -> None:
    with serving(site) as server:
        shows(server, PAGE, "UN offers")
        server.process.send_signal(signal.SIGSTOP)
        run_sed(site / NOTE, "While stopped.")
        server.process.send_signal(signal.SIGCONT)
        shows(server, PAGE, "While stopped.")
