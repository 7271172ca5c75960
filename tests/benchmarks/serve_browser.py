"""How long an author waits: from the save of a note, a template or a style sheet until the page in Chromium has changed.

Run it as `python -m tests.benchmarks.serve_browser [NOTES] [SAVES]`.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.kit.chromium import find_chromium
from tests.kit.serve_kit import get, open_live, serving
from tests.kit.small_sites import note, write
from tests.pages.test_browser import FLAGS
from tests.serve.test_serve_browser import FILES, NOTE, PARAGRAPHS

WATCH = """() => {
    window.changes = [];
    const now = () => performance.timeOrigin + performance.now();
    new MutationObserver(() => changes.push(now())).observe(document.body, { subtree: true, childList: true, characterData: true });
    let color = "";
    const look = () => {
        const next = getComputedStyle(document.body).outlineColor;
        if (color && next !== color) changes.push(now());
        color = next;
        requestAnimationFrame(look);
    };
    look();
}"""
SHEET = "themes/desk/assets/desk.css"
BASE = "themes/desk/templates/base.html"


def body(i: int) -> tuple[str, str]:
    """The note with another text."""
    return NOTE, note(body=PARAGRAPHS + f"Save {i}.\n")


def title(i: int) -> tuple[str, str]:
    """The note with another title."""
    return NOTE, note(title=f"Save {i}", body=PARAGRAPHS)


def template(i: int) -> tuple[str, str]:
    """The frame of all pages with another word."""
    return BASE, FILES[BASE].replace("More</summary>", f"Save {i}</summary>")


def sheet(i: int) -> tuple[str, str]:
    """A style sheet with another colour."""
    return SHEET, f"body {{ outline-color: rgb(1, 2, {i}) }}\n"


EDITS: tuple[Callable[[int], tuple[str, str]], ...] = (body, title, template, sheet)


def waited(page: Page, site: Path, path: str, text: str) -> float:
    """Milliseconds from the save of a file until the page has changed."""
    page.evaluate("changes.length = 0")
    begun = time.time()
    (site / path).write_text(text, encoding="utf-8")
    until = begun + 30
    while not (seen := page.evaluate("changes[0]")):
        if time.time() > until:
            raise TimeoutError(path)
        time.sleep(0.02)
    page.wait_for_timeout(300)  # the next save is one of its own
    return float(seen) - begun * 1000


def main(notes: int = 1000, saves: int = 10) -> None:
    """Print the median of each kind of save."""
    with tempfile.TemporaryDirectory() as folder:
        others = {
            f"content/notes/{i % 50}/other-{i}.md": note(f"Other {i}", body=PARAGRAPHS[: 1 + i % 1000], topics="[mediation]")
            for i in range(notes)
        }
        site = write(Path(folder), {**FILES, **others})
        with serving(site) as server, sync_playwright() as playwright:
            while "Building" in get(server.url):
                time.sleep(0.2)
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
            page = open_live(browser.new_context(), f"{server.url}notes/un-offer/")
            page.evaluate(WATCH)
            for edit in EDITS:
                times = [waited(page, site, *edit(i)) for i in range(saves)]
                print(f"{edit.__name__:8}  median {statistics.median(times):6.1f} ms  worst {max(times):6.1f} ms  ({notes:,} notes)")
            browser.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
