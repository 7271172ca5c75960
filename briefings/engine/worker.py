"""What is done to files and pages in batches: read and parse, render and write. Nothing is kept from one batch to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from briefings.content.parse import Parsed, parsing
from briefings.content.record_rows import records_row
from briefings.content.steps import together
from briefings.core.config import SiteConfig, is_searched
from briefings.core.diagnostics import Diagnostic, problem
from briefings.core.digests import digest
from briefings.engine.text_packs import Text
from briefings.pages.search.terms import indexed
from briefings.pages.view_rows import read_cards, read_page_row
from briefings.publication.tree import Destination, OutputFile, write_file
from briefings.rendering.theme import Theme
from briefings.rendering.view_bytes import produce
from briefings.site.interface import interface

TOGETHER = 32 * 1024
"""Bytes of files that are parsed together: more take more memory, and hardly less time."""


class ParseBatch(Struct, frozen=True):
    """Files to be parsed."""

    paths: tuple[str, ...]
    known: tuple[bytes, ...]
    """Parallel to `paths`: the digest of the file whose records the cache has, or empty. A file that still has it is not parsed."""


class ReadFile(Struct, frozen=True):
    """A file of a batch as it was read."""

    path: str
    digest: bytes = b""
    """Of its bytes; empty when it could not be read."""
    data: bytes | None = None
    """Its bytes; None when it could not be read, or is as the cache knows it."""
    error: str = ""
    """Why it could not be read, in the system's words."""


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


class RenderBatch(Struct, frozen=True):
    """Pages to be rendered, and all that stands on them."""

    pages: tuple[RenderPage, ...]
    cards: dict[str, bytes]
    """Rows of the cards of notes, by the notes' ids."""
    texts: dict[str, bytes]
    """HTML of the texts, by its digest."""
    terms: dict[str, bytes] = {}
    """Terms of the texts that files of search among the pages have, by the digests of their HTML."""


class RenderedPage(Struct, frozen=True):
    """A page as bytes."""

    path: str
    place: str
    """As in `RenderPage`."""
    data: bytes


class RenderedBatch(Struct, frozen=True):
    """A batch of pages as bytes."""

    pages: tuple[RenderedPage, ...]
    diagnostics: tuple[Diagnostic, ...]
    """What is wrong with those that failed."""


class WrittenBatch(Struct, frozen=True):
    """What became of a batch of pages."""

    written: dict[str, OutputFile]
    diagnostics: tuple[Diagnostic, ...]


def read_batch(site: str, batch: ParseBatch) -> list[ReadFile]:
    """Read the files of a batch from the folder of the site."""
    return [_read(site, path, known) for path, known in zip(batch.paths, batch.known, strict=True)]


def parse_batch(config: SiteConfig, batch: list[ReadFile]) -> list[ParsedFile]:
    """Parse the files of a batch."""
    parsed: dict[str, ParsedFile] = {}
    waiting: dict[str, tuple[bytes, bytes]] = {}
    size = 0
    for file in batch:
        if file.error:
            found = problem("unreadable-file", f"the file cannot be read: {file.error}", file.path, "mend its permissions, or delete it")
            parsed[file.path] = _parsed_file(b"", Parsed(file.path, diagnostics=(found,)), searched=False)
        elif file.data is None:
            parsed[file.path] = ParsedFile(file.digest)
        else:
            waiting[file.path] = file.digest, file.data
            size += len(file.data)
            if size >= TOGETHER:
                parsed |= _parsed(config, waiting)
                waiting, size = {}, 0
    parsed |= _parsed(config, waiting)
    return [parsed[file.path] for file in batch]


def render_batch(theme: Theme, batch: RenderBatch) -> RenderedBatch:
    """Render the pages of a batch."""
    # Step by step for the whole batch, and one form after another: going to and fro between them takes a tenth longer.
    cards = read_cards(batch.cards)
    views: list[Any] = []
    for index, page in enumerate(batch.pages):
        # A page and its document come one after the other, and have the same row.
        same = index > 0 and page.row is batch.pages[index - 1].row
        views.append(views[-1] if same else read_page_row(page.template, page.row)[1])
    pages = sorted(zip(batch.pages, views, strict=True), key=lambda one: one[0].template)
    texts = {text: html.decode() for text, html in batch.texts.items()}
    terms = {text: stored.decode().split("\n") for text, stored in batch.terms.items()}
    rendered = [(page, produce(page.template, view, cards, theme, texts, terms)) for page, view in pages]
    return RenderedBatch(
        tuple([RenderedPage(page.path, page.place, made) for page, made in rendered if isinstance(made, bytes)]),
        tuple([made for _, made in rendered if isinstance(made, Diagnostic)]),
    )


def write_batch(destination: Destination, batch: RenderedBatch) -> WrittenBatch:
    """Write the pages of a batch to a folder."""
    return WrittenBatch({page.path: write_file(destination, page.place, page.data) for page in batch.pages}, batch.diagnostics)


def _read(site: str, path: str, known: bytes) -> ReadFile:
    """A file, without its bytes if they have the digest `known`."""
    try:
        with open(f"{site}/{path}", "rb", buffering=0) as file:
            data = file.read()
    except OSError as error:
        return ReadFile(path, error=error.strerror or str(error))
    content = digest(data)
    return ReadFile(path, content, None if content == known else data)


def _parsed(config: SiteConfig, files: Mapping[str, tuple[bytes, bytes]]) -> Iterator[tuple[str, ParsedFile]]:
    """What `files`, each with its digest and its bytes, yield."""
    all_parsed = together(parsing(path, data, config) for path, (_, data) in files.items())
    for parsed, (content, _) in zip(all_parsed, files.values(), strict=True):
        yield parsed.path, _parsed_file(content, parsed, is_searched(config))


def _parsed_file(content: bytes, parsed: Parsed, searched: bool) -> ParsedFile:
    """What a file whose bytes have the digest `content` yields, as rows of the cache; with terms where texts are searched."""
    plain = parsed.plain
    texts = {
        text: Text(html.encode(), plain[text].encode(), indexed(plain[text]).encode() if searched else b"")
        for text, html in parsed.html.items()
    }
    return ParsedFile(content, records_row(parsed), interface(parsed), texts)
