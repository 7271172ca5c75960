"""What a worker does: parse files, and render the pages that carry their texts, which it keeps at hand."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from typing import Any, Literal

from msgspec import Struct, structs

from briefings.content.markdown.fast.steps import together
from briefings.content.parse import Parsed, parsing
from briefings.core.config import SiteConfig
from briefings.core.diagnostics import Diagnostic, problem
from briefings.engine.cache import digest
from briefings.engine.output import Written, write_file
from briefings.engine.rights import Rights
from briefings.engine.rows import PageReader, cards_from, records_row
from briefings.pages.views.parts import Prose
from briefings.rendering.theme import Theme
from briefings.rendering.view_bytes import produce
from briefings.site.outside import outside

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
    outside: bytes = b""
    """Digest of all that linking takes from its records."""


class RenderPage(Struct, frozen=True):
    """A page to be rendered, as its row in the cache."""

    path: str
    template: str
    row: bytes
    origin: str
    """The content file whose text it carries, if it carries one."""


class Rendering(Struct, frozen=True):
    """What all pages to be rendered have in common; they are written below `folder`."""

    site: str
    config: SiteConfig
    folder: str
    theme: Theme
    rights: Rights


class RenderBatch(Struct, frozen=True):
    """Pages to be rendered."""

    pages: tuple[RenderPage, ...]
    cards: dict[str, bytes]
    """Rows of the cards that stand on these pages, by the notes' ids."""


class RenderedBatch(Struct, frozen=True):
    """What became of a batch of pages."""

    written: dict[str, Written]
    diagnostics: tuple[Diagnostic, ...]


class _Read(Struct, frozen=True):
    """What has become of a file."""

    digest: bytes
    """Of its bytes; empty when it could not be read."""
    parsed: Parsed | None = None
    """What it yields, without its texts; None for a file that is the same as the cache knows it."""
    html: dict[str, str] = {}
    """Its texts, by digest."""


class Desk:
    """One worker's place: it remembers the texts that it has parsed, by digest."""

    def __init__(self, html: MutableMapping[str, str] | None = None) -> None:
        """`html` is where the texts are kept; it may forget any."""
        self._html: MutableMapping[str, str] = {} if html is None else html
        # The parser keeps notes of the text that it is at; a desk may be asked by several threads.
        self._parsing = threading.Lock()

    def parse(self, common: Parsing, batch: ParseBatch) -> list[ParsedFile]:
        """Read and parse files; their HTML stays here."""
        read = self._read(common.site, common.config, dict(zip(batch.paths, batch.known, strict=True)))
        return [ParsedFile(f.digest, records_row(f.parsed), outside(f.parsed)) if f.parsed else ParsedFile(f.digest) for f in read]

    def render(self, common: Rendering, batch: RenderBatch) -> RenderedBatch:
        """Render pages and write them. A text that is not at hand is parsed again from its file."""
        # Step by step for the whole batch, and one form after another: going to and fro between them takes a tenth longer.
        reader = PageReader(cards_from(batch.cards))
        views: list[Any] = []
        for index, page in enumerate(batch.pages):
            # A page and its document come one after the other, and have the same row.
            same = index > 0 and page.row is batch.pages[index - 1].row
            views.append(views[-1] if same else reader.read(page.template, page.row)[1])
        pages = sorted(zip(batch.pages, views, strict=True), key=lambda one: one[0].template)
        texts = self._texts(common.site, common.config, pages)
        rendered = [(page.path, _rendered(page, view, texts, common.theme)) for page, view in pages]
        return RenderedBatch(
            {path: write_file(common.folder, path, made, common.rights) for path, made in rendered if isinstance(made, bytes)},
            tuple([made for _, made in rendered if isinstance(made, Diagnostic)]),
        )

    def page(self, site: str, config: SiteConfig, page: RenderPage, view: Any, theme: Theme) -> bytes | Diagnostic:
        """The bytes of a page that shows `view`. A text that is not at hand is parsed again from its file."""
        return _rendered(page, view, self._texts(site, config, [(page, view)]), theme)

    def _texts(self, site: str, config: SiteConfig, pages: Sequence[tuple[RenderPage, Any]]) -> dict[str, str]:
        """The HTML of the texts of `pages` with their views, by digest; without those that a file no longer has."""
        wanted = [(page.origin, text) for page, view in pages if (text := _text_of(view))]
        found = {text: html for _, text in wanted if (html := self._html.get(text)) is not None}
        for file in self._read(site, config, {origin: b"" for origin, text in wanted if text not in found}):
            found |= file.html
        return found

    def _read(self, site: str, config: SiteConfig, files: Mapping[str, bytes]) -> list[_Read]:
        """What has become of `files`, each with the digest of the bytes that need not be parsed again, or nothing."""
        read: dict[str, _Read] = {}
        waiting: dict[str, tuple[bytes, bytes]] = {}
        size = 0
        for path, known in files.items():
            try:
                with open(f"{site}/{path}", "rb", buffering=0) as file:
                    data = file.read()
            except OSError as error:
                message = f"the file cannot be read: {error.strerror}"
                found = problem("unreadable-file", message, path, "mend its permissions, or delete it")
                read[path] = _Read(b"", Parsed(path, diagnostics=(found,)))
                continue
            content = digest(data)
            if content == known:
                read[path] = _Read(content)
                continue
            waiting[path] = content, data
            size += len(data)
            if size >= TOGETHER:
                read |= self._parsed(config, waiting)
                waiting, size = {}, 0
        read |= self._parsed(config, waiting)
        return [read[path] for path in files]

    def _parsed(self, config: SiteConfig, files: Mapping[str, tuple[bytes, bytes]]) -> Iterator[tuple[str, _Read]]:
        """What `files`, each with its digest and its bytes, yield."""
        if not files:
            return
        with self._parsing:
            all_parsed = together(parsing(path, data, config) for path, (_, data) in files.items())
        for parsed, (content, _) in zip(all_parsed, files.values(), strict=True):
            self._html.update(parsed.html)
            yield parsed.path, _Read(content, structs.replace(parsed, html={}), parsed.html)


def _text_of(view: Any) -> str:
    """The digest of the text that a view has; empty for one without."""
    return getattr(view, "body", Prose("")).digest


def _rendered(page: RenderPage, view: Any, texts: Mapping[str, str], theme: Theme) -> bytes | Diagnostic:
    text = _text_of(view)
    if text and text not in texts:
        return problem("unreadable-file", "the file changed while the site was built", page.origin, "build again")
    return produce(page.template, view, theme, texts)
