"""What readers may see of a site, which is no evidence of a leak: each text and file is read when it is first needed."""

from __future__ import annotations

import posixpath
from collections.abc import Container, Iterable, Iterator
from functools import cached_property
from pathlib import Path

from briefings.audit.own_words import own_words
from briefings.audit.said import said_by, seen_body, texts_in
from briefings.content.folder import strips
from briefings.content.images.stripping import without_metadata
from briefings.content.parse import parse
from briefings.content.records import AnyRecord
from briefings.core.config import SiteConfig
from briefings.core.digests import digest
from briefings.core.language import ENGLISH
from briefings.publication.tree import digest_of
from briefings.rendering.theme import Theme, load_theme
from briefings.site.resolve import path_of
from briefings.site.visibility import Readers

ASSET_FOLDER = "content/assets/"
_LARGEST_TEXT = 1 << 22
"""Bytes of the largest attachment that is read as text."""


class Published:
    """All that readers may see: texts of records, settings, theme and program, each read when it is first needed."""

    def __init__(
        self, site: Path, config: SiteConfig, readers: Readers, records: Iterable[str], files: Iterable[str], hidden_ids: Container[str]
    ) -> None:
        self._site = site
        self._config = config
        self._readers = readers
        self.records = tuple(records)
        """Paths of all files that hold records, visible or not."""
        self._files = tuple(files)
        self._hidden_ids = hidden_ids
        self._published: dict[bytes, bool] = {}
        """Results of `publishes`, by the digest of the bytes: a picture may stand on thousands of pages."""

    @cached_property
    def _theme(self) -> Theme | None:
        return load_theme(self._config.theme, self._site, self._config.language)[0]

    def frame(self) -> Iterator[str]:
        """Yield the texts outside records: settings, what theme and program print, and the files that are always published."""
        yield from texts_in(self._config)
        yield from own_words(self._config, self._theme)
        for url, path in self._theme.assets if self._theme else ():
            yield url
            yield from text_in(Path(path))
        for path in self._files:
            if path.startswith(ASSET_FOLDER):
                yield path
                yield from text_in(self._site / path)

    def raw(self, path: str) -> bytes:
        """Return the bytes of the file at `path`; empty where it cannot be read."""
        try:
            return (self._site / path).read_bytes()
        except OSError:
            return b""

    def texts(self, path: str) -> Iterator[str]:
        """Yield all that readers may see of the records in the file at `path`, and of the attachments that these use."""
        parsed = parse(path, self.raw(path), self._config)
        language = self._theme.language if self._theme else ENGLISH
        if any(self._readers.may_see(record.header) for record in parsed.records):
            yield path
        for record in parsed.records:
            for said in said_by(record, parsed, self._readers, language):
                # A header may name a withheld record, but pages do not show that name.
                if not said.hidden and (said.is_name or said.text not in self._hidden_ids):
                    yield said.text
            for file in self._used_by(record):
                yield file
                if file in self._files:
                    yield from text_in(self._site / file)

    def _used_by(self, record: AnyRecord) -> Iterator[str]:
        """Yield the attachments that readers see through `record`."""
        for reference in seen_body(record, self._readers).references:
            if reference.kind in ("path", "image"):
                yield path_of(record, reference.target)

    def publishes(self, size: int, name: bytes, attachments: Iterable[str]) -> bool:
        """Whether readers get the bytes with this size and digest anyway: as an asset, from the theme, or as one of the `attachments`."""
        if name not in self._published:
            bare = (path for path in self._files if path.startswith(ASSET_FOLDER) and strips(path, self._config))
            anyway = any(_has_bytes(file, size, name) for file in self._anyway()) or any(name in self.forms(path) for path in bare)
            self._published[name] = anyway or any(map(self._uses, attachments))
        return self._published[name]

    def forms(self, path: str) -> Iterator[bytes]:
        """Yield the digests of a file as it is, and as it is published without metadata."""
        yield digest_of(self._site / path)
        if strips(path, self._config) and (bare := without_metadata(self.raw(path))) is not None:
            yield digest(bare)

    def _anyway(self) -> Iterator[Path]:
        """Yield the files that are published although no record uses them."""
        yield from (self._site / path for path in self._files if path.startswith(ASSET_FOLDER))
        yield from (Path(path) for _, path in (self._theme.assets if self._theme else ()))

    def _uses(self, file: str) -> bool:
        """Whether a visible record uses the attachment `file`."""
        name = posixpath.basename(file).encode()
        for path in self.records:
            raw = self.raw(path)
            if name in raw or b"%" in raw:
                parsed = parse(path, raw, self._config)
                if any(file in self._used_by(record) for record in parsed.records):
                    return True
        return False


def text_in(file: Path) -> Iterator[str]:
    """Yield the text of `file`, if it is text and not too large."""
    try:
        data = file.read_bytes() if file.stat().st_size <= _LARGEST_TEXT else b"\0"
    except OSError:
        return
    if b"\0" not in data:
        yield data.decode(errors="ignore")


def _has_bytes(file: Path, size: int, wanted: bytes) -> bool:
    """Whether `file` has this size and digest; False where it cannot be read."""
    try:
        return file.stat().st_size == size and digest_of(file) == wanted
    except OSError:
        return False
