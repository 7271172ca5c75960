"""Files that are published as they are: answered with from the disk, as long as they lie there as the edition has them."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Mapping
from pathlib import Path

from starlette.responses import FileResponse, Response

from briefings.content.folder import strips, unstripped_image
from briefings.content.images.stripping import without_metadata
from briefings.core.diagnostics import Diagnostic
from briefings.core.digests import digest
from briefings.engine.scan import source_key, stamp_of
from briefings.serve.edition import Edition
from briefings.serve.lru import Lru

SMALL = 1_000_000
"""Bytes up to which a file is kept in memory once it was asked for."""
LIMIT = 24_000_000
"""Bytes of files that are kept."""

# Python's own table differs from version to version, and that of the system from machine to machine.
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


class Files:
    """Answers with files, and keeps small ones, which stay as the edition has them when the disk no longer does."""

    def __init__(self) -> None:
        self._kept = Lru(LIMIT)

    def response(self, edition: Edition, address: str, headers: Mapping[str, str]) -> Response | Diagnostic | None:
        """The answer with the file at `address`, with these `headers` and its tag; None where nobody has it as the edition does.

        A problem, where a build would not publish the file.
        """
        found = edition.file(address)
        if found is None:
            return None
        path, wanted = found
        bare, kind = strips(str(path), edition.config), content_type(address)
        tag = wanted.hex() + ("-stripped" if bare else "")
        headers = {**headers, "etag": f'"{tag}"'}
        status = _status(path)
        kept = self._kept.get(tag)
        if not kept and status and (bare or status.st_size <= SMALL):
            data = _read(path, wanted)
            published = without_metadata(data) if bare else data
            if published is None:
                return unstripped_image(source_key(edition.request.site, str(path)))
            kept = published
            self._kept.put(tag, kept)
        if not bare and status and edition.stamp(path) == stamp_of(status):
            return FileResponse(path, headers=headers, media_type=kind, stat_result=status)
        return Response(kept, headers=headers, media_type=kind) if kept else None


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _read(path: Path, wanted: bytes) -> bytes:
    """The bytes of the file at `path`; empty where they have not the digest that is `wanted`."""
    try:
        data = path.read_bytes()
    except OSError:
        return b""
    return data if digest(data) == wanted else b""
