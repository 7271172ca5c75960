"""Files of the content folder that are no records: which are told from records, and what is said of those that cannot be read."""

from __future__ import annotations

import base64
import struct
from io import BytesIO
from pathlib import Path

import pytest

from briefings.content.folder import sort_out, unreadable_image
from briefings.content.images.sizes import size_of
from briefings.engine.reading import attachment
from tests.kit.small_sites import codes, note, run, small_site, write

PIXEL = b"GIF89a\x02\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff;"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"/>'


def test_records_and_attachments() -> None:
    sources = sort_out(["content/notes/a.MD", "content/notes/a.png", "content/assets/b.markdown", "content/notes/c.mdown", "content/d.mkd"])
    assert sources.records == ("content/notes/a.MD",)
    assert sources.attachments == ("content/assets/b.markdown", "content/d.mkd", "content/notes/a.png")
    assert [(d.code, d.place.path) for d in sources.diagnostics] == [("stray-file", "content/notes/c.mdown")]


@pytest.mark.parametrize(
    ("name", "data", "is_reported"),
    [
        ("a.gif", PIXEL, False),
        ("a.svg", SVG, False),
        ("a.pdf", "no image at all", False),
        ("a.png", "no image at all", True),
        ("a.PNG", b"", True),
    ],
)
def test_images_whose_size_cannot_be_read(name: str, data: str | bytes, is_reported: bool, tmp_path: Path) -> None:
    write(tmp_path, {f"content/assets/{name}": data})
    file = attachment(tmp_path, f"content/assets/{name}")
    found = unreadable_image(file.path, file.width, file.height)
    assert (found is not None) is is_reported
    if found:
        assert (found.code, found.severity, found.place.path) == ("unreadable-image", "warning", f"content/assets/{name}")


AVIF = base64.b64decode(
    b"AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAAD1bWV0YQAAAAAAAAAhaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAA"
    b"AAAAAAAOcGl0bQAAAAAAAQAAAB5pbG9jAAAAAEQAAAEAAQAAAAEAAAEdAAAAzQAAAChpaW5mAAAAAAABAAAAGmluZmUCAAAAAAEA"
    b"AGF2MDFDb2xvcgAAAAB0aXBycAAAAFRpcGNvAAAAFGlzcGUAAAAAAAABkAAAAMgAAAAQcGl4aQAAAAADCAgIAAAADGF2MUOBAAwA"
    b"AAAAE2NvbHJuY2x4AAEADQAGgAAAAAlpcm90AwAAABhpcG1hAAAAAAAAAAEAAQUBAoMEhQAAANU="
)
"""The beginning of a picture of 400 by 200 that its file turns by a quarter."""


@pytest.mark.parametrize(("turn", "size"), [(0, (400, 200)), (1, (200, 400)), (2, (400, 200)), (3, (200, 400))])
def test_a_turned_avif_has_the_size_that_browsers_show(turn: int, size: tuple[int, int]) -> None:
    assert size_of("a.avif", BytesIO(AVIF.replace(b"irot\x03", b"irot" + bytes([turn])))) == size


@pytest.mark.parametrize("end", [0, 8, 40, 100, 190, 250, len(AVIF) - 6])
def test_an_avif_that_is_cut_short_has_no_size(end: int) -> None:
    assert size_of("a.avif", BytesIO(AVIF[:end])) in ((0, 0), (400, 200), (200, 400))


def jpeg(orientation: int, order: str = ">") -> bytes:
    """The header of a picture of 40 by 20, turned as EXIF says."""
    mark = b"MM\0*" if order == ">" else b"II*\0"
    tiff = mark + struct.pack(f"{order}IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    exif = b"Exif\0\0" + tiff
    frame = struct.pack(">BHHB", 8, 20, 40, 3) + bytes(9)
    segments = ((0xE1, exif), (0xC0, frame), (0xDA, bytes(10)))
    return b"\xff\xd8" + b"".join(b"\xff" + bytes([kind]) + struct.pack(">H", len(data) + 2) + data for kind, data in segments)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(10))
def test_a_turned_jpeg_has_the_size_that_browsers_show(orientation: int, order: str) -> None:
    assert size_of("a.jpg", BytesIO(jpeg(orientation, order))) == ((20, 40) if orientation in (5, 6, 7, 8) else (40, 20))


def test_exif_that_is_cut_short_turns_nothing() -> None:
    data = jpeg(6)
    assert size_of("a.jpg", BytesIO(data.replace(b"MM\0*\0\0\0\x08", b"MM\0*\xff\0\0\0"))) == (40, 20)


@pytest.mark.parametrize("name", ["a.heic", "a.HEIF", "a.jxl", "a.tiff", "a.mp4", "a.mov", "a.webm", "a.mp3", "a.pdf"])
def test_an_image_that_browsers_do_not_show_is_told(name: str, tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {f"content/notes/{name}": b"x", "content/notes/a.md": note(body=f"![A ship]({name})\n")}
    site = small_site(tmp_path, files)
    report = run(site)
    assert report.ok
    (found,) = (d for d in report.diagnostics if d.code == "unshown-image")
    assert (found.severity, found.place.path, found.place.line) == ("warning", "content/notes/a.md", 6)
    write(site, {"content/notes/a.md": note(body=f"[A ship]({name})\n")})
    assert "unshown-image" not in codes(run(site))
