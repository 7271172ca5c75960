"""`make pictures`: take the README's pictures of the example site in a browser.

`site.png` shows a topic; `live.png` shows a note beside its file, with a misspelt key and the message about it.
"""

from __future__ import annotations

import base64
import html
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.kit.chromium import find_chromium
from tests.kit.serve_kit import serving
from tests.kit.small_sites import REPOSITORY, example_site, run
from tests.pages.test_browser import FLAGS

PICTURES = REPOSITORY / ".github/pictures"
NOTE = "content/notes/2017/12-15-un-offers-to-mediate.md"
LINES = 25
"""Lines of the file that the second picture shows."""

_STYLE = """
body { margin: 0; display: grid; grid-template-columns: 560px 1fr; height: 100vh; font: 15px/1.6 "DejaVu Sans Mono", monospace; }
pre { margin: 0; padding: 1.2rem 0; background: #f1efe9; color: #2b2a27; overflow: hidden; font: inherit; }
pre span { display: block; padding: 0 1.4rem; white-space: pre; }
pre .wrong { background: #f6d5cf; }
img { width: 100%; height: 100vh; object-fit: cover; object-position: top left; border-left: 1px solid #c9c5bb; }
"""


def main() -> None:
    """Take both pictures, and write them where the README expects them."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = example_site(Path(folder))
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        report = run(site)
        assert report.ok, report.diagnostics
        _of_the_site(browser, site)
        _of_live_editing(browser, site)
        browser.close()


def _of_the_site(browser: Browser, site: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    page.goto((site / "_site/topics/us-dprk/index.html").as_uri())
    page.screenshot(path=PICTURES / "site.png")
    page.close()


def _of_live_editing(browser: Browser, site: Path) -> None:
    file = site / NOTE
    page = browser.new_page(viewport={"width": 840, "height": 660})
    with serving(site) as server:
        page.goto(f"{server.url}notes/{NOTE.rpartition('12-15-')[2].removesuffix('.md')}/")
        page.get_by_label("As seen by").select_option("TLP:CLEAR")
        page.get_by_role("textbox", name="at").fill("2017-12-16T12:00")
        page.get_by_role("button", name="Show").click()
        page.wait_for_timeout(1000)
        file.write_text(file.read_text(encoding="utf-8").replace("\ntopics:", "\ntopcis:"), encoding="utf-8")
        page.get_by_text("topcis").first.wait_for()
        seen = base64.b64encode(page.screenshot()).decode()
    page.close()
    lines = [
        f"<span{' class=wrong' if line.startswith('topcis') else ''}>{html.escape(line) or ' '}</span>"
        for line in file.read_text(encoding="utf-8").splitlines()[:LINES]
    ]
    page = browser.new_page(viewport={"width": 1400, "height": 660})
    page.set_content(f'<style>{_STYLE}</style><pre>{"".join(lines)}</pre><img src="data:image/png;base64,{seen}">')
    page.screenshot(path=PICTURES / "live.png")
    page.close()


if __name__ == "__main__":
    main()
