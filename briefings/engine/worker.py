"""What a worker does: parse files, and render pages."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

from briefings.content.parse import Parsed, parsing
from briefings.content.record_rows import records_row
from briefings.content.steps import together
from briefings.core.config import SiteConfig
from briefings.core.diagnostics import Diagnostic, problem
from briefings.core.digests import digest
from briefings.engine.text_packs import Text, text_of
from briefings.pages.view_rows import read_cards, read_page_row
from briefings.publication.tree import Destination, OutputFile, write_file
from briefings.rendering.theme import Theme
from briefings.rendering.view_bytes import produce
from briefings.site.interface import interface

Method = Literal["parse", "render"]
"""What a desk can do."""

TOGETHER = 32 * 1024
"""Bytes of files that are parsed together: more take more memory, and hardly less time."""


class Parsing(Struct, frozen=True):
    """What all files to be parsed have in common."""

    site: str
    config: SiteConfig


class ParseBatch(Struct, frozen=True):
    """Files to be parsed."""

    paths: tuple[str, ...]
    known: tuple[bytes, ...]
    """Parallel to `paths`: the digest of the file whose records the cache has, or empty. A file that still has it is not parsed."""


class ParsedFile(Struct, frozen=True):
    """One file of a batch."""

    digest: bytes
    """Of its bytes; empty when it could not be read."""
    row: bytes = b""
    """What it yields, as its row in the cache; empty for a file that is the same as the cache knows it."""
    interface: bytes = b""
    """Digest of all that linking takes from its records."""
    texts: dict[str, Text] = {}
    """Its texts, by the digests of their HTML."""


class RenderPage(Struct, frozen=True):
    """A page to be rendered, as its row in the cache."""

    path: str
    template: str
    row: bytes
    place: str
    """Where its file is made, in the folder that all are written to."""


class Rendering(Struct, frozen=True):
    """What all pages to be rendered have in common."""

    destination: Destination
    """Where they are written."""
    theme: Theme


class RenderBatch(Struct, frozen=True):
    """Pages to be rendered, and all that stands on them."""

    pages: tuple[RenderPage, ...]
    cards: dict[str, bytes]
    """Rows of the cards of notes, by the notes' ids."""
    texts: dict[str, bytes]
    """HTML of the texts, by its digest."""


class RenderedBatch(Struct, frozen=True):
    """What became of a batch of pages."""

    written: dict[str, OutputFile]
    diagnostics: tuple[Diagnostic, ...]


class Worker:
    """Parses files and renders pages, a batch at a time. It keeps nothing from one batch to the next."""

    def __init__(self) -> None:
        # The parser keeps notes of the text that it is at; a worker may be asked by several threads.
        self._parsing = threading.Lock()

    def parse(self, common: Parsing, batch: ParseBatch) -> list[ParsedFile]:
        """Read and parse files."""
        read: dict[str, ParsedFile] = {}
        waiting: dict[str, tuple[bytes, bytes]] = {}
        size = 0
        for path, known in zip(batch.paths, batch.known, strict=True):
            try:
                with open(f"{common.site}/{path}", "rb", buffering=0) as file:
                    data = file.read()
            except OSError as error:
                message = f"the file cannot be read: {error.strerror}"
                found = problem("unreadable-file", message, path, "mend its permissions, or delete it")
                read[path] = _parsed_file(b"", Parsed(path, diagnostics=(found,)))
                continue
            content = digest(data)
            if content == known:
                read[path] = ParsedFile(content)
                continue
            waiting[path] = content, data
            size += len(data)
            if size >= TOGETHER:
                read |= self._parsed(common.config, waiting)
                waiting, size = {}, 0
        read |= self._parsed(common.config, waiting)
        return [read[path] for path in batch.paths]

    def render(self, common: Rendering, batch: RenderBatch) -> RenderedBatch:
        """Render pages and write them."""
        # Step by step for the whole batch, and one form after another: going to and fro between them takes a tenth longer.
        cards = read_cards(batch.cards)
        views: list[Any] = []
        for index, page in enumerate(batch.pages):
            # A page and its document come one after the other, and have the same row.
            same = index > 0 and page.row is batch.pages[index - 1].row
            views.append(views[-1] if same else read_page_row(page.template, page.row)[1])
        pages = sorted(zip(batch.pages, views, strict=True), key=lambda one: one[0].template)
        texts = {text: html.decode() for text, html in batch.texts.items()}
        rendered = [(page, produce(page.template, view, cards, common.theme, texts)) for page, view in pages]
        return RenderedBatch(
            {page.path: write_file(common.destination, page.place, made) for page, made in rendered if isinstance(made, bytes)},
            tuple([made for _, made in rendered if isinstance(made, Diagnostic)]),
        )

    def _parsed(self, config: SiteConfig, files: Mapping[str, tuple[bytes, bytes]]) -> Iterator[tuple[str, ParsedFile]]:
        """What `files`, each with its digest and its bytes, yield."""
        if not files:
            return
        with self._parsing:
            all_parsed = together(parsing(path, data, config) for path, (_, data) in files.items())
        for parsed, (content, _) in zip(all_parsed, files.values(), strict=True):
            yield parsed.path, _parsed_file(content, parsed)


def _parsed_file(content: bytes, parsed: Parsed) -> ParsedFile:
    """What a file whose bytes have the digest `content` yields, as rows of the cache."""
    texts = {text: text_of(html) for text, html in parsed.html.items()}
    return ParsedFile(content, records_row(parsed), interface(parsed), texts)
