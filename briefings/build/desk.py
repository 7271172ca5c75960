"""What a worker does: parse files, and render the pages that carry their texts, which it keeps at hand."""

from __future__ import annotations

import threading
from collections.abc import Mapping, MutableMapping
from typing import Any, Literal

from msgspec import Struct, structs

from briefings.build.cache import digest
from briefings.build.output import Written, write_file
from briefings.build.rows import PageReader, cards_from, records_row
from briefings.config import SiteConfig
from briefings.content.parse import Parsed, parse
from briefings.diagnostics import Diagnostic, problem
from briefings.pages.parts import Prose
from briefings.rendering.forms import produce
from briefings.rendering.theme import Theme
from briefings.site.outside import outside

Method = Literal["parse", "render"]
"""What a desk can do."""


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


class RenderBatch(Struct, frozen=True):
    """Pages to be rendered."""

    pages: tuple[RenderPage, ...]
    cards: dict[str, bytes]
    """Rows of the cards that stand on these pages, by the notes' ids."""


class RenderedBatch(Struct, frozen=True):
    """What became of a batch of pages."""

    written: dict[str, Written]
    diagnostics: tuple[Diagnostic, ...]


class Desk:
    """One worker's place: it remembers the texts that it has parsed, by digest."""

    def __init__(self, html: MutableMapping[str, str] | None = None) -> None:
        """`html` is where the texts are kept; it may forget any."""
        self._html: MutableMapping[str, str] = {} if html is None else html
        # The parser keeps notes of the text that it is at; a desk may be asked by several threads.
        self._parsing = threading.Lock()

    def parse(self, common: Parsing, batch: ParseBatch) -> list[ParsedFile]:
        """Read and parse files; their HTML stays here."""
        return [self._parse_file(common.site, common.config, path, known) for path, known in zip(batch.paths, batch.known, strict=True)]

    def render(self, common: Rendering, batch: RenderBatch) -> RenderedBatch:
        """Render pages and write them. A text that is not at hand is parsed again from its file."""
        # Step by step for the whole batch, and one form after another: going to and fro between them takes a fifth longer.
        reader = PageReader(cards_from(batch.cards))
        views: list[Any] = []
        for index, page in enumerate(batch.pages):
            # A page and its document come one after the other, and have the same row.
            same = index > 0 and page.row is batch.pages[index - 1].row
            views.append(views[-1] if same else reader.read(page.template, page.row)[1])
        texts = [self._text(common.site, common.config, page.origin, view) for page, view in zip(batch.pages, views, strict=True)]
        by_form = sorted(zip(batch.pages, views, texts, strict=True), key=lambda one: one[0].template)
        rendered = [(page.path, _rendered(page, view, text, common.theme)) for page, view, text in by_form]
        return RenderedBatch(
            {path: write_file(common.folder, path, made) for path, made in rendered if isinstance(made, bytes)},
            tuple([made for _, made in rendered if isinstance(made, Diagnostic)]),
        )

    def page(self, site: str, config: SiteConfig, page: RenderPage, view: Any, theme: Theme) -> bytes | Diagnostic:
        """The bytes of a page that shows `view`. A text that is not at hand is parsed again from its file."""
        return _rendered(page, view, self._text(site, config, page.origin, view), theme)

    def _text(self, site: str, config: SiteConfig, origin: str, view: Any) -> dict[str, str] | None:
        """The HTML of the text that the view has, by its digest; None when the file at `origin` has another one by now."""
        text = getattr(view, "body", Prose("")).digest
        html = self._html.get(text) if text else ""
        if html is None:
            html = self._read(site, config, origin)[2].get(text)
        return None if html is None else {text: html}

    def _parse_file(self, site: str, config: SiteConfig, path: str, known: bytes) -> ParsedFile:
        content, parsed, _ = self._read(site, config, path, known)
        return ParsedFile(content, records_row(parsed), outside(parsed)) if parsed else ParsedFile(content)

    def _read(self, site: str, config: SiteConfig, path: str, known: bytes = b"") -> tuple[bytes, Parsed | None, dict[str, str]]:
        """The digest of a file, what it yields without its texts, and these; nothing of a file whose digest is `known`."""
        try:
            with open(f"{site}/{path}", "rb", buffering=0) as file:
                data = file.read()
        except OSError as error:
            message = f"the file cannot be read: {error.strerror}"
            found = problem("unreadable-file", message, path, "mend its permissions, or delete it")
            return b"", Parsed(path, diagnostics=(found,)), {}
        content = digest(data)
        if content == known:
            return content, None, {}
        with self._parsing:
            parsed = parse(path, data, config)
        self._html.update(parsed.html)
        return content, structs.replace(parsed, html={}), parsed.html


def _rendered(page: RenderPage, view: Any, text: Mapping[str, str] | None, theme: Theme) -> bytes | Diagnostic:
    if text is None:
        return problem("unreadable-file", "the file changed while the site was built", page.origin, "build again")
    return produce(page.template, view, theme, text)
