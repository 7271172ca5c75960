"""Remove metadata from pictures without changing a byte of the image itself."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

from briefings.content.images import exif

_EXIF = b"Exif\0\0"
_PNG = b"\x89PNG\r\n\x1a\n"
_END_OF_SCAN = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
"""The marker in a JPEG that ends the image data."""
_PNG_KEPT = frozenset(b"tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT".split())
"""Optional chunks of a PNG that affect how it looks, and are kept."""
_WEBP_KEPT = frozenset((b"ICCP", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L"))
_GIF_KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
"""GIF extensions that affect how it looks, and are kept: repetition and colours."""


class _DamagedError(Exception):
    """Raised when a file is not built as its format requires."""


def is_strippable(data: bytes) -> bool:
    """Whether metadata can be removed from files of the format that `data` begins with."""
    return data.startswith((b"\xff\xd8\xff", _PNG, b"GIF87a", b"GIF89a")) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def stripped(data: bytes) -> bytes | None:
    """Return the picture without metadata other than its orientation; None where it is damaged or of an unknown format."""
    if not is_strippable(data):
        return None
    parts = {b"\xff\xd8": _jpeg, b"\x89P": _png, b"GI": _gif, b"RI": _webp}[data[:2]]
    try:
        return b"".join(parts(data))
    except (_DamagedError, struct.error, IndexError):
        return None


def without_metadata(data: bytes) -> bytes | None:
    """Return the bytes that readers get of a picture when metadata are removed; a file of an unknown format stays unchanged.

    None where it is so damaged that its metadata cannot be removed: then readers may get nothing of it.
    """
    return stripped(data) if is_strippable(data) else data


def metadata(data: bytes) -> tuple[bytes, bytes]:
    """Return the Exif of a picture, and all its other metadata and comments joined; `data` may be the beginning of the file."""
    kept = {b"\xff\xd8": _jpeg_parts, b"\x89P": _png_parts, b"RI": _webp_parts, b"GI": _gif_parts}.get(data[:2])
    tiff, others = b"", []
    if kept is None or not is_strippable(data):
        return tiff, b""
    try:
        for part, is_kept, found in kept(data):
            tiff = tiff or found
            if not is_kept and not found:
                # Each chunk of a PNG has its length and kind before it, and a check of its bytes behind it.
                others.append(part[8:-4] if data[:2] == b"\x89P" else part)
    except (_DamagedError, struct.error, IndexError):
        # The rest lies beyond the given beginning, or is damaged.
        pass
    return tiff, b"\n".join(others)


_Parts = Iterator[tuple[bytes, bool, bytes]]
"""Parts of a file: the bytes, whether they are kept, and the Exif in them."""


def _jpeg_parts(data: bytes) -> _Parts:
    yield data[:2], True, b""
    at = 2
    while True:
        if data[at] != 0xFF:
            raise _DamagedError
        while data[at + 1] == 0xFF:
            at += 1
        mark = data[at + 1]
        if mark == 0xD9:
            # Behind the end lie further pictures or films, with metadata of their own.
            yield data[at : at + 2], True, b""
            return
        if mark == 0x01 or 0xD0 <= mark <= 0xD7:
            yield data[at : at + 2], True, b""
            at += 2
            continue
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        if end < at + 4 or end > len(data):
            raise _DamagedError
        body = data[at + 4 : end]
        if mark == 0xDA:
            scan = _END_OF_SCAN.search(data, end)
            if scan is None:
                raise _DamagedError
            end = scan.end() - 2
        is_exif = mark == 0xE1 and body.startswith(_EXIF)
        yield data[at:end], _stays_in_jpeg(mark, body), body[6:] if is_exif else b""
        at = end


def _stays_in_jpeg(mark: int, body: bytes) -> bool:
    if 0xE0 <= mark <= 0xEF:
        starts = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}.get(mark)
        return starts is not None and body.startswith(starts)
    return mark != 0xFE


def _jpeg(data: bytes) -> Iterator[bytes]:
    is_turned = False
    for part, stays, tiff in _jpeg_parts(data):
        if stays:
            yield part
        elif tiff and not is_turned and exif.orientation(tiff) != 1:
            is_turned = True
            body = _EXIF + exif.turned(exif.orientation(tiff))
            yield b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png_parts(data: bytes) -> _Parts:
    yield data[:8], True, b""
    at, kind = 8, b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise _DamagedError
        stays = kind[:1].isupper() or kind in _PNG_KEPT
        yield data[at:end], stays, data[at + 8 : end - 4] if kind == b"eXIf" else b""
        at = end


def _png(data: bytes) -> Iterator[bytes]:
    for part, stays, tiff in _png_parts(data):
        if stays:
            yield part
        elif tiff and exif.orientation(tiff) != 1:
            body = b"eXIf" + exif.turned(exif.orientation(tiff))
            yield struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


def _webp_parts(data: bytes) -> _Parts:
    limit = 8 + struct.unpack_from("<I", data, 4)[0]
    at = 12
    while at + 8 <= limit:
        kind, length = struct.unpack_from("<4sI", data, at)
        end = at + 8 + length
        if end > min(limit, len(data)):
            raise _DamagedError
        body = data[at + 8 : end]
        # Some files lack the byte that fills up the last chunk.
        whole = data[at:end] + b"\0" * (length & 1)
        yield whole, kind in _WEBP_KEPT or kind == b"VP8X", body.removeprefix(_EXIF) if kind == b"EXIF" else b""
        at = end + (length & 1)


def _webp(data: bytes) -> Iterator[bytes]:
    kept: list[bytes] = []
    how = 1
    for part, stays, tiff in _webp_parts(data):
        if stays:
            kept.append(part)
        elif tiff:
            how = exif.orientation(tiff)
    if not kept:
        raise _DamagedError
    if kept[0][:4] == b"VP8X":
        # The flags say whether there are Exif and XMP.
        flags = kept[0][8] & ~0x0C | (0x08 if how != 1 else 0)
        kept[0] = kept[0][:8] + bytes([flags]) + kept[0][9:]
        if how != 1:
            kept.append(b"EXIF" + struct.pack("<I", len(exif.turned(how))) + exif.turned(how))
    body = b"WEBP" + b"".join(kept)
    yield b"RIFF" + struct.pack("<I", len(body)) + body


def _gif_parts(data: bytes) -> _Parts:
    at = 13 + _colours(data[10])
    yield data[:at], True, b""
    while data[at] != 0x3B:
        if data[at] == 0x2C:
            end = _blocks_end(data, at + 11 + _colours(data[at + 9]))
            stays = True
        elif data[at] == 0x21:
            end = _blocks_end(data, at + 2)
            is_known = data[at + 3 : at + 14] in _GIF_KEPT
            stays = is_known if data[at + 1] == 0xFF else data[at + 1] != 0xFE
        else:
            raise _DamagedError
        yield data[at:end], stays, b""
        at = end
    yield b"\x3b", True, b""


def _gif(data: bytes) -> Iterator[bytes]:
    return (part for part, stays, _ in _gif_parts(data) if stays)


def _colours(flags: int) -> int:
    """Return the size of a colour table, in bytes."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks_end(data: bytes, at: int) -> int:
    """Return the offset of the end of a series of sub-blocks, each of which begins with its length."""
    while data[at]:
        at += data[at] + 1
    return at + 1
