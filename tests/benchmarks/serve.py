"""Measures live editing: from a save to the new text over HTTP, the start, and the memory. Not a test: it judges nothing.

    python tests/benchmarks/serve.py SITE [--edits 20] [--saves 2000]

SITE is a site of any size that may be changed; it is given a theme of its own, which extends folio.
"""

from __future__ import annotations

import argparse
import http.client
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

POLL = 0.005
"""Seconds between two requests."""
PATIENCE = 60.0
THEMES = Path(__file__).parents[2] / "themes"


class Server:
    """A server on a site, and a connection to it that stays open."""

    def __init__(self, site: Path) -> None:
        self.begun = time.perf_counter()
        command = [sys.executable, "-m", "briefings", "serve", "--site", str(site), "--port", "8765", "--audience", "desk"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=None, encoding="utf-8")
        assert self.process.stdout is not None
        found = re.search(r"http://([\d.]+):(\d+)(/\S*)", self.process.stdout.readline())
        assert found, "the server did not start"
        self.base = found[3]
        self.connection = http.client.HTTPConnection(found[1], int(found[2]), timeout=PATIENCE)

    def get(self, path: str) -> tuple[int, str]:
        """The status and the text at `path`."""
        self.connection.request("GET", self.base + path)
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode()

    def until(self, path: str, is_there: Callable[[int, str], bool]) -> float:
        """Ask until the answer is as wanted; the time on the clock then."""
        until = time.perf_counter() + PATIENCE
        while time.perf_counter() < until:
            if is_there(*self.get(path)):
                return time.perf_counter()
            time.sleep(POLL)
        raise SystemExit(f"/{path} is still as it was after {PATIENCE:g} seconds")

    def memory(self) -> float:
        """Resident memory, in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s*(\d+)", status)
        return int(found[1]) / 1024 if found else 0.0


@contextmanager
def serving(site: Path) -> Iterator[Server]:
    """A server that is up and has its first edition."""
    server = Server(site)
    try:
        ready = server.until("", lambda status, _: status == 200)
        print(f"start: {ready - server.begun:.2f} s until the home page is there; {server.memory():.0f} MiB")
        yield server
    finally:
        begun = time.perf_counter()
        server.process.send_signal(signal.SIGINT)
        server.process.wait(10)
        print(f"stop: {time.perf_counter() - begun:.2f} s")


def with_theme(site: Path) -> Path:
    """Give the site a theme with a template and a style sheet to edit; returns its folder."""
    theme = site / "themes/bench"
    for path in ("templates/note.html", "assets/folio.css"):
        target = theme / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text((THEMES / "folio" / path).read_text(encoding="utf-8"), encoding="utf-8")
    (theme / "theme.yaml").write_text("name: Bench\nextends: folio\n", encoding="utf-8")
    settings = site / "content/site.yaml"
    kept = [line for line in settings.read_text(encoding="utf-8").splitlines() if not line.startswith("theme:")]
    settings.write_text("\n".join([*kept, "theme: bench", ""]), encoding="utf-8")
    return theme


def a_note(site: Path) -> tuple[Path, str]:
    """A note with a paragraph in which nothing is linked, and its address."""
    for path in sorted((site / "content/notes").rglob("*.md"))[5:]:
        text = path.read_text(encoding="utf-8")
        identifier = re.search(r"^id: *(\S+)$", text, re.MULTILINE)
        stem = re.sub(r"^\d{4}-\d\d-\d\d-", "", path.stem)
        if re.search(r"^title: \"?\w", text, re.MULTILINE) and PARAGRAPH.search(text.partition("\n---\n")[2]):
            return path, f"notes/{quote(identifier[1] if identifier else stem)}/"
    raise SystemExit("no note has a paragraph without links")


PARAGRAPH = re.compile(r"\n\n(\w[^\[\]<>_\n]{20,})\n", re.MULTILINE)


def body(text: str, marker: str) -> str:
    """A note with another first word in a paragraph."""
    head, rule, rest = text.partition("\n---\n")
    return head + rule + PARAGRAPH.sub(lambda found: f"\n\n{marker} {found[1]}\n", rest, count=1)


def title(text: str, marker: str) -> str:
    """A note with another first word in its title."""
    return re.sub(r'^title: ("?)', rf"title: \1{marker} ", text, count=1, flags=re.MULTILINE)


def template(text: str, marker: str) -> str:
    """A template with a comment in the page."""
    return text.replace("</article>", f"<!-- {marker} --></article>")


def measured(server: Server, file: Path, address: str, edit: Callable[[str, str], str], times: int, name: str) -> None:
    """Edit a file again and again, and print how long each edit took to be there."""
    original = file.read_text(encoding="utf-8")
    took = []
    server.get(address)
    for number in range(times):
        marker = f"Edit{name.title()}{number}x"
        file.write_text(edit(original, marker), encoding="utf-8")
        begun = time.perf_counter()
        took.append(server.until(address, lambda _, text, marker=marker: marker in text) - begun)  # type: ignore[misc]  # a default binds the loop's value
        time.sleep(0.05)
    file.write_text(original, encoding="utf-8")
    server.until(address, lambda _, text: "Edit" + name.title() not in text)
    middle, slowest = statistics.median(took) * 1000, max(took) * 1000
    print(f"{name}: median {middle:.0f} ms, slowest {slowest:.0f} ms, of {times}")


def main() -> None:
    """Measure, and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("site", type=Path)
    options.add_argument("--edits", type=int, default=20)
    options.add_argument("--saves", type=int, default=0)
    chosen = options.parse_args()
    site = chosen.site.resolve()
    theme = with_theme(site)
    note, address = a_note(site)
    with serving(site):
        time.sleep(5)  # it remembers when it has nothing else to do
    with serving(site) as server:
        measured(server, note, address, body, chosen.edits, "body")
        measured(server, note, address, title, chosen.edits, "title")
        measured(server, theme / "templates/note.html", address, template, chosen.edits, "template")
        measured(server, theme / "assets/folio.css", "theme/folio.css", lambda t, m: f"/* {m} */\n{t}", chosen.edits, "css")
        print(f"memory: {server.memory():.0f} MiB")
        if chosen.saves:
            measured(server, note, address, body, chosen.saves, "saves")
            print(f"memory after {chosen.saves:,} saves: {server.memory():.0f} MiB")


if __name__ == "__main__":
    main()
