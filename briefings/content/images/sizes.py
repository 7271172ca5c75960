"""The width and height of a picture as browsers show it, after rotation."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

import imagesize

_HEADER = 1 << 18
"""Bytes at the beginning of a file that are searched for the size."""


def size_of(path: str, file: BinaryIO) -> tuple[int, int]:
    """Return width and height in pixels of the picture in `file`; 0 and 0 where they cannot be read. `path` gives the suffix."""
    try:
        if path.lower().endswith(".avif"):
            # The library takes a rotated AVIF for damaged.
            return _size_of_avif(file.read(_HEADER))
        width, height = imagesize.get(file)
    except (ValueError, struct.error):
        # A damaged image is published as it is; its size is merely unknown.
        return 0, 0
    return max(int(width), 0), max(int(height), 0)


def _size_of_avif(data: bytes) -> tuple[int, int]:
    """Return the size of the main picture of an AVIF file; width and height are swapped where it is rotated by a quarter turn."""
    meta = next((body for kind, body in _boxes(data) if kind == b"meta"), b"")[4:]
    parts = dict(_boxes(meta))
    properties = dict(_boxes(parts.get(b"iprp", b"")))
    known = list(_boxes(properties.get(b"ipco", b"")))
    used = _used(properties.get(b"ipma", b""), _main(parts.get(b"pitm", b"")))
    mine = [known[number - 1] for number in used if 0 < number <= len(known)]
    width, height = next((struct.unpack_from(">II", body, 4) for kind, body in mine if kind == b"ispe"), (0, 0))
    turned = any(kind == b"irot" and body[:1] and body[0] & 1 for kind, body in mine)
    return (height, width) if turned else (width, height)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and contents of each box in a file or in a box."""
    at = 0
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if length == 1:
            (length,) = struct.unpack_from(">Q", data, at + 8)
            head = 16
        end = at + length if length else len(data)
        if end < at + head:
            return
        yield kind, data[at + head : end]
        at = end


def _main(pitm: bytes) -> int:
    """Return the number of the main picture."""
    if not pitm:
        return 0
    return int.from_bytes(pitm[4:8] if pitm[0] else pitm[4:6])


def _used(ipma: bytes, item: int) -> list[int]:
    """Return the numbers, from 1, of the properties of the picture `item`."""
    if len(ipma) < 8:
        return []
    wide_item, wide_index = ipma[0] > 0, ipma[3] & 1
    (entries,) = struct.unpack_from(">I", ipma, 4)
    at = 8
    for _ in range(entries):
        (number,) = struct.unpack_from(">I" if wide_item else ">H", ipma, at)
        at += 4 if wide_item else 2
        count = ipma[at] if at < len(ipma) else 0
        step, mask = (2, 0x7FFF) if wide_index else (1, 0x7F)
        found = [int.from_bytes(ipma[at + 1 + step * i : at + 1 + step * (i + 1)]) & mask for i in range(count)]
        if number == item:
            return found
        at += 1 + step * count
    return []
