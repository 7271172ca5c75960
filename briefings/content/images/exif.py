"""Exif metadata: the orientation of a picture, and what it reveals of people, places and devices."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

_ORIENTATION, _GPS, _EXIF = 0x0112, 0x8825, 0x8769
_LATITUDE = 0x0002
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
"""Bytes that one value of each Exif type takes."""
_TOLD: Mapping[int, str] = {
    0x010F: "camera",
    0x0110: "camera",
    0xA431: "serial number",
    0xA435: "serial number",
    0xC62F: "serial number",
    0x013B: "author",
    0x9C9D: "author",
    0xA430: "author",
    0x013C: "computer",
}
"""Exif fields that reveal something about a person or a device, with a word for what they reveal."""
_WIDE = 0x9C9D
"""The field in which Windows stores an author in UTF-16."""


def orientation(tiff: bytes) -> int:
    """Return the orientation of the picture, from 1 (upright) to 8; 1 where Exif gives no valid one."""
    for tag, value, order in _fields(tiff, _start(tiff)):
        if tag == _ORIENTATION and len(value) >= 2:
            turned: int = struct.unpack_from(f"{order}H", value)[0]
            return turned if 1 <= turned <= 8 else 1
    return 1


def turned(how: int) -> bytes:
    """Return Exif data that hold the orientation `how` and nothing else."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, how, 0, 0)


def facts_about_people(tiff: bytes) -> dict[str, str]:
    """Return what Exif reveals of people and devices: a word for each kind of fact, with its value."""
    found: dict[str, str] = {}
    for tag, value, order in _fields(tiff, _start(tiff)):
        if tag in (_GPS, _EXIF) and len(value) == 4:
            below = list(_fields(tiff, struct.unpack(f"{order}I", value)[0]))
            if tag == _GPS and any(inner == _LATITUDE for inner, _, _ in below):
                found["position"] = ""
            for inner, inside, _ in below if tag == _EXIF else ():
                _tell(found, inner, inside)
        else:
            _tell(found, tag, value)
    return found


def _tell(found: dict[str, str], tag: int, value: bytes) -> None:
    kind = _TOLD.get(tag)
    words = value.decode("utf-16-le" if tag == _WIDE else "utf-8", errors="replace").strip("\0 ")
    if kind is not None and words and words not in found.get(kind, ""):
        found[kind] = f"{found[kind]} {words}" if kind in found else words


def _start(tiff: bytes) -> int:
    """Return the offset of the first list of fields; beyond the end where `tiff` is no Exif."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 8:
        return len(tiff)
    start: int = struct.unpack_from(f"{order}I", tiff, 4)[0]
    return start


def _fields(tiff: bytes, at: int) -> Iterator[tuple[int, bytes, str]]:
    """Yield number, value and byte order of each field of the list at offset `at`; fields outside the data are left out."""
    order = "<" if tiff[:2] == b"II" else ">"
    if at + 2 > len(tiff):
        return
    (count,) = struct.unpack_from(f"{order}H", tiff, at)
    for place in range(at + 2, min(at + 2 + 12 * count, len(tiff) - 11), 12):
        tag, kind, number = struct.unpack_from(f"{order}HHI", tiff, place)
        size = _SIZES.get(kind, 0) * number
        start = place + 8 if size <= 4 else struct.unpack_from(f"{order}I", tiff, place + 8)[0]
        if size and start + size <= len(tiff):
            yield tag, tiff[start : start + size], order
