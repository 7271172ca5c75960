"""Metadata in published pictures and documents that tell readers who made them, where and with what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from briefings.content.images import exif
from briefings.content.images.stripping import is_strippable, metadata, stripped
from briefings.core.diagnostics import Diagnostic, problem

HEAD, TAIL = 1 << 18, 1 << 16
"""Bytes at the beginning and at the end of a file that are searched for metadata."""

_NAMES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".tif", ".tiff", ".svg", ".pdf")
_TEXT = (
    ("position", re.compile(rb"\bexif:GPSLatitude\b")),
    ("serial number", re.compile(rb"\baux:(?:Lens)?SerialNumber(?:=\"|>)([^\"<]{1,80})")),
    ("camera", re.compile(rb"\btiff:Model(?:=\"|>)([^\"<]{1,80})")),
    ("author", re.compile(rb"<dc:creator>\s*(?:<[^>]{1,200}>\s*){0,4}([^<>\s][^<>]{0,80})")),
    ("author", re.compile(rb"\x1c\x02\x50\x00[\x01-\x50]([^\x1c\x00\n]{1,80})")),
    ("author", re.compile(rb"\bAuthor\x00(?:\x00{4})?([^\x00\n]{1,80})")),
    ("user name", re.compile(rb"(?:/Users/|/home/|\\Users\\)([^/\\\s<>\"'()\x00]{1,60})")),
)
"""Patterns of personal data in XMP, IPTC, texts and SVG, each with a word for what it reveals; a group holds the value."""
_PDF = tuple(
    (kind, re.compile(rb"/" + key + rb"\s*\(((?:[^()\\]|\\.){1,200})\)")) for kind, key in (("author", b"Author"), ("program", b"Creator"))
)
"""Patterns of personal data in entries of a PDF outside XMP."""


def revealing_metadata(site: Path, path: str, *, strips: bool) -> Diagnostic | None:
    """Return a problem for a file at `path` whose metadata readers would see; None where it has none or the site `strips` them."""
    if not path.lower().endswith(_NAMES):
        return None
    try:
        head, tail = _ends(site / path)
        if strips and is_strippable(head):
            whole = (site / path).read_bytes()
            if stripped(whole) is not None:
                return None
            remedy = "open it in an image editor and save it again"
            return problem("image-metadata", "this picture is damaged, so that it is published with all its metadata", path, remedy)
    except OSError:
        # A missing file is reported by other checks.
        return None
    found = facts(path, head, tail)
    if not found:
        return None
    strippable = "set images: {metadata: strip} in site.yaml, or take them out with an image editor or exiftool"
    remedy = strippable if is_strippable(head) else "take them out with the program that made it, or with exiftool; a build cannot"
    return problem("image-metadata", f"readers can see in this file: {', '.join(found)}", path, remedy)


def facts(path: str, head: bytes, tail: bytes) -> list[str]:
    """Return what the metadata of a file reveal, in words, from its first and last bytes (`head`, `tail`)."""
    found: dict[str, str] = {}
    tiff, others = metadata(head)
    name = path.lower()
    if name.endswith((".tif", ".tiff")):
        tiff = head
    elif name.endswith((".avif", ".svg", ".pdf")):
        others = head + tail
        if name.endswith(".avif") and (start := re.search(rb"II\*\x00|MM\x00\*", head)):
            tiff = head[start.start() :]
    found |= exif.facts_about_people(tiff)
    for kind, sign in (*_TEXT, *(_PDF if name.endswith(".pdf") else ())):
        for match in sign.finditer(others):
            found.setdefault(kind, match[1].decode(errors="replace").strip() if match.re.groups else "")
    if b"<x:xmpmeta" in others or b"http://ns.adobe.com/xap/1.0/" in others:
        found["XMP"] = ""
    return list(_in_words(found))


def _in_words(found: dict[str, str]) -> Iterator[str]:
    words = {
        "position": "where it was taken (GPS)",
        "camera": "the camera",
        "serial number": "a serial number",
        "author": "the author",
        "computer": "the computer",
        "user name": "a user name",
        "program": "the program",
        "XMP": "an XMP record",
    }
    for kind, phrase in words.items():
        if kind in found:
            # Invisible characters would garble the report.
            value = "".join(c for c in found[kind] if c.isprintable())[:60]
            yield f"{phrase} ({value})" if value else phrase


def _ends(path: Path) -> tuple[bytes, bytes]:
    with path.open("rb") as file:
        head = file.read(HEAD)
        size = file.seek(0, 2)
        file.seek(max(HEAD, size - TAIL))
        return head, file.read(TAIL)
