"""Stored texts: what was parsed is not parsed again, packs hold what is shown and nothing else, and what is lost costs only time."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Mapping
from html import escape
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.content.markdown.plain_text import plain_text
from briefings.content.parse import parse
from briefings.core.config import SiteConfig
from briefings.core.digests import digest
from briefings.engine.cache import Cache, RowKind
from briefings.engine.state import Packs
from briefings.engine.text_packs import PACK, Text, read_texts, repacked
from tests.kit.observed import files_opened
from tests.kit.small_sites import note, run, small_site, tree, write

WIRE = "title: Desk\nurl: https://desk.example.org/\ntheme: desk\n"
BASE = "themes/desk/templates/footer.html"
THEME = {
    "content/site.yaml": WIRE,
    "themes/desk/theme.yaml": "extends: wire\n",
    "themes/desk/templates/note.html": "<title>{{ page.title }}</title>{{ body }}{% include 'footer.html' %}",
    BASE: "one",
}
NOTES = {f"content/notes/n{n:03}.md": note(f"Note {n}", body=f"Words number {n}.\n") for n in range(PACK + 8)}


class Store:
    """Rows of texts in memory."""

    def __init__(self) -> None:
        self.rows: dict[str, bytes] = {}

    def load(self, kind: RowKind, wanted: Mapping[str, bytes]) -> dict[str, bytes]:
        """The rows that have the digests that are asked for."""
        return {key: row for key, wish in wanted.items() if (row := self.rows.get(key)) is not None and digest(row) == wish}

    def save(self, packs: Packs, rows: Mapping[str, bytes]) -> None:
        """Do what a cache does with the packs of a build."""
        self.rows = {key: row for key, row in (self.rows | dict(rows)).items() if key in packs}


def stored(number: int) -> tuple[str, Text]:
    html = f"<p>{number}".encode()
    return digest(html).hex(), Text(html, str(number).encode())


builds = st.lists(st.tuples(st.sets(st.integers(0, 3 * PACK)), st.booleans()), max_size=8)


@given(builds)
def test_packs_hold_what_is_shown_and_nothing_else(builds: list[tuple[set[int], bool]]) -> None:
    store, packs = Store(), Packs()
    for numbers, parses_all in builds:
        texts = dict(map(stored, numbers))
        fresh = texts if parses_all else {text: texts[text] for text in texts.keys() - set(chain.from_iterable(packs.values()))}
        packs, rows = repacked(packs, store, texts.keys(), fresh)
        store.save(packs, rows)
        assert store.rows.keys() == packs.keys()
        assert sorted(chain.from_iterable(packs.values())) == sorted(texts), "each text lies in one pack"
        assert read_texts(packs, store, texts.keys()) == texts
        assert b"".join(store.rows.values()).count(b"<p>") == len(texts)


def test_texts_that_come_one_by_one_fill_few_packs() -> None:
    store, packs = Store(), Packs()
    texts: dict[str, Text] = {}
    for number in range(4 * PACK):
        texts |= dict([stored(number)])
        packs, rows = repacked(packs, store, texts.keys(), dict([stored(number)]))
        assert len(rows) == 1, "a new text writes one row"
        store.save(packs, rows)
    assert read_texts(packs, store, texts.keys()) == texts
    assert len(packs) <= 9


def test_what_was_parsed_is_not_read_again_when_a_template_changes(tmp_path: Path) -> None:
    site = small_site(tmp_path, {**THEME, **NOTES})
    assert run(site).ok
    # Files as young as a build are read again by the next.
    assert run(site).ok
    write(site, {BASE: "two"})
    with files_opened(site) as opened:
        report = run(site)
    assert report.ok
    assert BASE in opened
    assert not opened & NOTES.keys()
    assert report.written >= len(NOTES)
    assert tree(site / "_site")["notes/n007/index.html"].endswith(b"number 7.</p>\ntwo")


@pytest.mark.parametrize("what", ["lost", "damaged"])
def test_texts_that_the_cache_has_lost_are_parsed_again(what: str, tmp_path: Path) -> None:
    site = small_site(tmp_path / "site", {**THEME, **NOTES})
    assert run(site).ok
    with contextlib.closing(sqlite3.connect(site / ".briefings/cache.sqlite")) as connection:
        rows = connection.execute("SELECT key FROM entry WHERE kind = 'texts' ORDER BY key").fetchall()
        assert len(rows) == 2, "few rows hold many texts"
        change = "DELETE FROM entry" if what == "lost" else "UPDATE entry SET data = zeroblob(length(data))"
        connection.execute(f"{change} WHERE kind = 'texts' AND key = ?", rows[0])
        connection.commit()
    edited = {BASE: "two", "content/notes/n003.md": note("Note 3", body="Other words.\n")}
    write(site, edited)
    assert run(site).ok
    assert run(site).ok
    # It has all of them again.
    write(site, {BASE: "three"})
    with files_opened(site) as opened:
        assert run(site).ok
    assert not opened & NOTES.keys()
    clean = small_site(tmp_path / "clean", {**THEME, **NOTES, **edited, BASE: "three"})
    assert run(clean).ok
    assert tree(site / "_site") == tree(clean / "_site")


def test_an_old_text_leaves_the_cache_with_its_last_page(tmp_path: Path) -> None:
    site = small_site(tmp_path, {**THEME, **NOTES, "content/notes/same.md": note("Same", body="Words number 3.\n")})
    assert run(site).ok
    cache = site / ".briefings/cache.sqlite"
    assert b"Words number 3." in cache.read_bytes()
    write(site, {"content/notes/n003.md": note("Note 3", body="Other words.\n")})
    assert run(site).ok
    assert b"Words number 3." in cache.read_bytes(), "another note has it"
    write(site, {"content/notes/same.md": None})
    assert run(site).ok
    assert b"Words number 3." not in cache.read_bytes()
    known = Cache(site)
    header = known.header()
    assert header
    state = known.state(header, ())
    assert state
    texts = state.body.plan.texts()
    assert read_texts(state.body.packs, known, texts).keys() == texts


TEXTS = {
    "Words *in* **two**\nlines & more.\n\nA `block`.\n": "Words in two\nlines & more.\nA block.\n",
    "[A link](actor:un) and ![a picture](a.png).\n": "A link and .\n",
    "| a | b |\n|---|---|\n| c | d |\n": "a b\nc d\n",
    "Said[^1] by him [@s1].\n\n[^1]: A note.\n": "Said by him .\nA note.\n",
    "- one\n- two\n\n> Three <b>\n": "one\ntwo\nThree <b>\n",
    "```python\nx = 'a > b'\n```\n": "x = 'a > b'\n",
    "> [!TIP]\n> Ask.\n\n::: note Mine\nWords.\n:::\n": "Ask.\nMine\nWords.\n",
    "> Words.\n>\n> — The UN, 2017-12-15\n": "Words.\nThe UN, 2017-12-15\n",
    "- [x] Sent\n": " Sent\n",
    "## Head {#here}\n\nText.\n": "Head\nText.\n",
}


@pytest.mark.parametrize("markdown", TEXTS)
def test_the_plain_text_is_what_the_author_wrote(markdown: str) -> None:
    header = "---\ntitle: A\ndate: 2017-12-15\nsources: [{id: s1, title: A document}]\n---\n"
    (html,) = parse("content/notes/a.md", (header + markdown).encode(), SiteConfig(title="T")).html.values()
    assert [line for line in plain_text(html).split("\n") if line] == [line for line in TEXTS[markdown].split("\n") if line]


@given(st.text(st.characters(exclude_characters="\x01\x02")))
def test_the_plain_text_of_a_paragraph_is_all_its_words(text: str) -> None:
    assert plain_text(f'<p title="a > b">{escape(text)}</p>') == text
