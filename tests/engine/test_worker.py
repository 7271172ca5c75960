"""A desk gives each file and each page its due, whatever becomes of the others in its batch."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from msgspec import Struct

from briefings.content.parse import parse
from briefings.core.config import SiteConfig
from briefings.engine import worker as worker_module
from briefings.engine.output import digest
from briefings.engine.rights import Rights
from briefings.engine.rows import PageReader, read_records_row
from briefings.engine.worker import Desk, ParseBatch, Parsing, RenderBatch, Rendering, RenderPage
from briefings.pages.views.parts import Prose
from briefings.rendering.theme import Theme, load_theme
from tests.kit.small_sites import PATIENCE, note, until, write

CONFIG = SiteConfig(title="T")


class Page(Struct, frozen=True):
    """A view with a text."""

    body: Prose


@pytest.fixture
def theme(tmp_path: Path) -> Theme:
    theme, _ = load_theme("folio", tmp_path)
    assert theme
    return theme


@pytest.fixture(autouse=True)
def text_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page is its text."""
    monkeypatch.setattr(worker_module, "produce", lambda _form, view, _theme, html: html[view.body.digest].encode())


def _page(origin: str) -> RenderPage:
    return RenderPage(f"{origin}.html", "note.html", origin.encode(), origin)


def test_each_file_of_a_batch_is_read_for_itself(tmp_path: Path) -> None:
    """Long ones and short ones, broken ones, one that is gone, and one that is as it was."""
    texts = {f"content/notes/{i}.md": note(f"Note {i}", body="Words. " * (1 if i % 5 else 3000)) for i in range(40)}
    texts["content/notes/7.md"] = "---\ntitle: [\n---\n"
    write(tmp_path, texts)
    paths = (*texts, "content/notes/gone.md")
    same = digest((tmp_path / "content/notes/3.md").read_bytes())
    found = Desk().parse(Parsing(str(tmp_path), CONFIG), ParseBatch(paths, tuple(same if "/3." in path else b"" for path in paths)))
    by_path = dict(zip(paths, found, strict=True))
    assert (by_path["content/notes/3.md"].digest, by_path["content/notes/3.md"].row) == (same, b"")
    gone = read_records_row(by_path["content/notes/gone.md"].row)
    assert ([d.code for d in gone.diagnostics], gone.records) == (["unreadable-file"], ())
    for path in texts.keys() - {"content/notes/3.md"}:
        alone = parse(path, (tmp_path / path).read_bytes(), CONFIG)
        parsed = read_records_row(by_path[path].row)
        assert (parsed.records, parsed.diagnostics, parsed.withheld) == (alone.records, alone.diagnostics, alone.withheld)


@pytest.mark.parametrize("changed", [0, 1])
def test_of_two_pages_with_one_text_neither_suffers_when_the_file_of_the_other_changes(
    changed: int, theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = ("content/notes/a.md", "content/notes/b.md")
    write(tmp_path, {path: note(path, body="The same.") for path in paths})
    (text,) = parse(paths[0], (tmp_path / paths[0]).read_bytes(), CONFIG).html
    write(tmp_path, {paths[changed]: note("Another", body="Another.")})
    monkeypatch.setattr(PageReader, "read", lambda *_: ((), Page(Prose(text))))
    batch = RenderBatch(tuple(_page(path) for path in paths), {})
    rendered = Desk().render(Rendering(str(tmp_path), CONFIG, str(tmp_path / "out"), theme, Rights(everybody=True)), batch)
    assert (sorted(rendered.written), rendered.diagnostics) == (["content/notes/a.md.html", "content/notes/b.md.html"], ())


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")
def test_a_page_whose_text_is_at_hand_waits_for_no_file(theme: Theme, tmp_path: Path) -> None:
    """A server asks while its thread reads a file that does not come: from a slow disk, say."""
    write(tmp_path, {"content/notes/a.md": note("A", body="Words.")})
    slow = tmp_path / "content/notes/slow.md"
    os.mkfifo(slow)
    desk = Desk({"text": "<p>at hand"})
    batch = ParseBatch(("content/notes/a.md", "content/notes/slow.md"), (b"", b""))
    reading = threading.Thread(target=desk.parse, args=(Parsing(str(tmp_path), CONFIG), batch), daemon=True)
    reading.start()
    pipe = _writer(slow)
    try:
        shown: list[object] = []
        ask = partial(desk.page, str(tmp_path), CONFIG, _page("content/notes/x.md"), Page(Prose("text")), theme)
        asking = threading.Thread(target=lambda: shown.append(ask()), daemon=True)
        asking.start()
        asking.join(PATIENCE)
        answered = [*shown]
        os.write(pipe, note("Slow").encode())
    finally:
        os.close(pipe)
    reading.join(PATIENCE)
    asking.join(PATIENCE)
    assert answered == [b"<p>at hand"]


def _writer(pipe: Path) -> int:
    """The end of a named pipe that is written to, as soon as somebody has begun to read."""
    opened: list[int] = []

    def tried() -> bool:
        with suppress(OSError):
            opened.append(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
        return bool(opened)

    until(tried, lambda: "nobody reads")
    return opened[0]
