"""Text that is hidden in a file: unpacked from gzip and base64, also where one lies within the other."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import chain

from msgspec import Struct

from briefings.audit.words import unescaped

DEPTH = 2
"""How many layers of packing are undone."""
LARGEST = 1 << 26
"""Bytes that are unpacked at most from one place: 64 MiB."""
_PIECE = 1 << 20
"""Bytes that are unpacked at once: 1 MiB."""

_MAGIC = b"\x1f\x8b\x08"
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_IS_LETTER = bytes(ord("x") if c in _LETTERS else ord(" ") for c in range(256))
_SHORTEST = 16
"""Letters of the shortest base64 that is decoded, which make twelve bytes: shorter ones cannot be told from words."""
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]+(?:(?:\r?\n|\\n)[A-Za-z0-9+/]+)*")
_ESCAPED = re.compile(rb"&#(?!3[49];|x27;|x2F;)|%[0-9A-Fa-f]{2}|\\[ux/]")
_BREAKS = re.compile(rb"\r|\\n|\n")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


class Layer(Struct, frozen=True):
    """The bytes of a file, or bytes unpacked from it."""

    data: bytes
    offset: int = 0
    """Where the packed bytes begin in the file, in bytes."""
    packing: str = ""
    """How the bytes are packed: `gzip`, `base64`, `base64 in gzip`; empty for the file itself."""


def layers(data: bytes, beyond: Callable[[], Iterable[bytes]] = tuple) -> Iterator[Layer]:
    """Yield the file's bytes `data`, then everything packed in them.

    `data` may be a part of a large file; gzip data that begins in it continues in the pieces of `beyond`.
    """
    pending = [(Layer(data), 0)]
    while pending:
        layer, depth = pending.pop()
        yield layer
        if depth < DEPTH:
            pending += ((inner, depth + 1) for inner in _unpacked(layer, tuple if depth else beyond))


def _unpacked(layer: Layer, beyond: Callable[[], Iterable[bytes]]) -> Iterator[Layer]:
    at = layer.data.find(_MAGIC)
    while at >= 0:
        unpacked = _gunzip(chain(_pieces(layer.data, at), beyond()))
        if unpacked:
            yield _inner(layer, unpacked, at, "gzip")
        at = layer.data.find(_MAGIC, at + 1)
    if b"\0" in layer.data:
        return
    text = layer.data
    if _ESCAPED.search(text):
        # Escapes may stand for letters of base64; offsets are then those in the unescaped text.
        text = unescaped(text.decode(errors="ignore")).encode(errors="ignore")
    for at, unpacked in _from_base64(text):
        yield _inner(layer, unpacked, min(at, len(layer.data)), "base64")


def _inner(layer: Layer, data: bytes, at: int, packing: str) -> Layer:
    return Layer(data, layer.offset or at, f"{packing} in {layer.packing}" if layer.packing else packing)


def _gunzip(parts: Iterable[bytes]) -> bytes:
    """Unpack gzip data, given in `parts`; return what can be unpacked before its end, or before its first fault."""
    unpacker = zlib.decompressobj(31)
    unpacked = bytearray()
    with suppress(zlib.error):
        for part in parts:
            unpacked += unpacker.decompress(part, LARGEST - len(unpacked))
            if unpacker.eof or len(unpacked) == LARGEST:
                break
    return bytes(unpacked)


def _pieces(data: bytes, at: int) -> Iterator[bytes]:
    return (data[start : start + _PIECE] for start in range(at, len(data), _PIECE))


def _from_base64(data: bytes) -> Iterator[tuple[int, bytes]]:
    letters = data.translate(_IS_LETTER)
    mark = b"x" * _SHORTEST
    at = letters.find(mark)
    while at >= 0:
        start = at
        while start and (data[start - 1] in _LETTERS or data[start - 1] in b"+/_-"):
            start -= 1
        found = _BASE64.match(data, start)
        assert found is not None  # a letter stands there  # noqa: S101
        if not _is_word(found[0]):
            yield from ((start, unpacked) for unpacked in _decoded(_BREAKS.sub(b"", found[0])))
        at = letters.find(mark, found.end())


def _is_word(text: bytes) -> bool:
    """Whether `text` is a word or an address: base64 has capitals mixed with small letters."""
    return text.islower() or text.isupper()


def _decoded(text: bytes) -> Iterator[bytes]:
    """Decode the base64 in `text`; up to three letters before its true beginning may belong to something else."""
    text = text.translate(_URL_SAFE)
    for skipped in range(4):
        part = text[skipped:]
        part = part[: len(part) // 4 * 4] + (part[len(part) // 4 * 4 :] + b"===")[:4] if len(part) % 4 > 1 else part[: len(part) // 4 * 4]
        unpacked = base64.b64decode(part)
        if skipped == 0 or _is_text(unpacked) or unpacked.startswith(_MAGIC):
            yield unpacked


def _is_text(data: bytes) -> bool:
    """Whether `data` is text: nearly all UTF-8 without control characters, where the first and last character may be cut."""
    shown = data.decode(errors="ignore")
    return len(data) - len(shown.encode()) <= 6 and sum(c < " " and c not in "\n\t\r" for c in shown) * 50 <= len(shown)
