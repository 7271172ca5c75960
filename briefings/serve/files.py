"""Files that are published as they are: read from the disk, and only as long as they are those of the edition."""

from __future__ import annotations

import io
import mimetypes
import os
import re
from collections.abc import Iterator
from typing import BinaryIO

from briefings.content.folder import strips
from briefings.content.images.stripping import without_metadata
from briefings.core.digests import digest
from briefings.serve.edition import Edition
from briefings.serve.recent import Recent

SMALL = 1_000_000
"""Bytes up to which a file is kept in memory once it was asked for."""
_CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)

_TYPES = mimetypes.MimeTypes()
for _ending, _type in {
    ".avif": "image/avif",
    ".ics": "text/calendar",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".md": "text/markdown",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}.items():
    _TYPES.add_type(_type, _ending)


def content_type(address: str) -> str:
    """The type of the file at `address`."""
    kind, encoding = _TYPES.guess_type(f"x{address[address.rfind('.') :]}" if "." in address else "x", strict=True)
    if kind is None or encoding is not None:
        return "application/octet-stream"
    is_text = kind.startswith("text/") or kind in ("application/json", "application/yaml", "application/manifest+json")
    return f"{kind}; charset=utf-8" if is_text else kind


class Opened:
    """A file that is being answered with."""

    def __init__(self, file: BinaryIO, size: int, tag: str) -> None:
        self._file = file
        self.size = size
        self.tag = tag

    def span(self, wanted: str, only_if: str) -> tuple[int, int] | None:
        """The bytes that a Range header asks for: first, and the one after the last. All, where it asks for nothing that we know."""
        match = _RANGE.fullmatch(wanted.strip())
        if not match or (only_if and only_if != f'"{self.tag}"') or not (match[1] or match[2]) or len(wanted) > 60:
            return 0, self.size
        if not match[1] and not int(match[2]):
            return None
        if not match[1]:
            return max(self.size - int(match[2]), 0), self.size
        start = int(match[1])
        end = min(int(match[2]) + 1, self.size) if match[2] else self.size
        if match[2] and int(match[2]) < start:
            return 0, self.size
        return (start, end) if start < self.size else None

    def chunks(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes of a span."""
        self._file.seek(start)
        left = end - start
        while left and (chunk := self._file.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


class Files:
    """Opens files, and keeps small ones."""

    def __init__(self) -> None:
        self._small: Recent = Recent()

    def open(self, edition: Edition, address: str) -> Opened | None:
        """The file at `address`; None where it is not on the disk as the edition has it, or there is none."""
        found = edition.file(address)
        if found is None:
            return None
        path, wanted = found
        bare = strips(address, edition.config)
        tag = wanted.hex() + ("-stripped" if bare else "")
        kept = self._small.get(tag)
        if kept is not None:
            return Opened(io.BytesIO(kept), len(kept), tag)
        try:
            file = path.open("rb")
        except OSError:
            return None
        size = os.fstat(file.fileno()).st_size
        if size <= SMALL or bare:
            with file:
                data = file.read()
            if digest(data) != wanted:
                return None
            if bare:
                data = without_metadata(data)
            if size <= SMALL:
                self._small[tag] = data
            return Opened(io.BytesIO(data), len(data), tag)
        # A large one is compared by its stamp, and read only when it is sent.
        stamp = edition.stamp(path)
        now = os.fstat(file.fileno())
        if stamp != (now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino):
            file.close()
            return None
        return Opened(file, size, tag)
