"""What pictures tell of their makers: told by the desk's check, and taken out on request without touching the image."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from briefings.cli import main as command_line
from briefings.content.images import exif
from briefings.content.images.stripping import stripped
from briefings.desk.check import check
from briefings.desk.image_metadata import facts
from briefings.engine.api import BuildRequest, quiet
from briefings.serve.files import SMALL
from briefings.serve.settings import Viewer
from tests.kit.live import live_site
from tests.kit.small_sites import NOW, codes, note, run, small_site, until, write

XMP = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><dc:creator><rdf:Seq><rdf:li>Anna Example</rdf:li></rdf:Seq></dc:creator></x:xmpmeta>"
ICC = b"ICC_PROFILE\0\1\1profile"
STRIP = "title: Desk\nurl: https://desk.example.org/briefings/\nimages:\n  metadata: strip\n"


def tiff(how: int = 6, order: str = ">") -> bytes:
    """Exif with an orientation, a camera, an author, a serial number and a position."""
    texts = b"Camera 9\0Anna Example\0N-12345\0"
    at = 8 + 2 + 5 * 12 + 4
    camera, author, serial = at, at + 9, at + 22
    inner = at + len(texts)
    gps = inner + 2 + 12 + 4
    fields = [
        (0x0110, 2, 9, struct.pack(f"{order}I", camera)),
        (0x0112, 3, 1, struct.pack(f"{order}HH", how, 0)),
        (0x013B, 2, 13, struct.pack(f"{order}I", author)),
        (0x8769, 4, 1, struct.pack(f"{order}I", inner)),
        (0x8825, 4, 1, struct.pack(f"{order}I", gps)),
    ]
    mark = b"MM\0*" if order == ">" else b"II*\0"
    body = mark + struct.pack(f"{order}IH", 8, len(fields))
    body += b"".join(struct.pack(f"{order}HHI", *field[:3]) + field[3] for field in fields) + bytes(4) + texts
    body += struct.pack(f"{order}HHHII", 1, 0xA431, 2, 8, serial) + bytes(4)
    return body + struct.pack(f"{order}HHHI", 1, 0x0002, 7, 4) + b"\1\2\3\4" + bytes(4)


def segment(mark: int, body: bytes) -> bytes:
    return bytes([0xFF, mark]) + struct.pack(">H", len(body) + 2) + body


IMAGE = segment(0xDB, bytes(65)) + segment(0xC0, b"\x08\0\x10\0\x20\1\1\x11\0")
SCANS = (
    segment(0xDA, b"\1\1\0\0\x3f\0")
    + b"ab\xff\0cd\xff\xd0ef"
    + segment(0xC4, bytes(20))
    + segment(0xDA, b"\1\1\0\0\x3f\0")
    + b"gh\xff\xff\xd9"
)
JFIF = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")


def jpeg(*, how: int = 6, order: str = ">", behind: bytes = b"") -> bytes:
    parts = (
        (0xE1, b"Exif\0\0" + tiff(how, order)),
        (0xE1, XMP),
        (0xE2, ICC),
        (0xE2, b"MPF\0other pictures"),
        (0xEB, b"JP content credentials of Anna"),
        (0xED, b"Photoshop 3.0\0\x1c\x02\x50\0\x0cAnna Example"),
        (0xEE, b"Adobe\0\x64\0\0\0\0\1"),
        (0xFE, b"made by Anna"),
    )
    return b"\xff\xd8" + JFIF + b"".join(segment(*part) for part in parts) + IMAGE + SCANS + behind


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*extra: bytes) -> bytes:
    kept = [chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 32, 8, 0, 0, 0, 0)), chunk(b"gAMA", bytes(4)), *extra]
    return b"\x89PNG\r\n\x1a\n" + b"".join(kept) + chunk(b"IDAT", zlib.compress(bytes(17 * 32))) + chunk(b"IEND", b"")


PNG_TEXTS = (
    chunk(b"eXIf", tiff(1)),
    chunk(b"tEXt", b"Author\0Anna Example"),
    chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"Anna")),
    chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP),
    chunk(b"tIME", bytes(7)),
    chunk(b"caBX", b"content credentials of Anna"),
)


def riff(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) & 1)


def webp(flags: int, *after: bytes) -> bytes:
    size = b"\x1f\0\0\x0f\0\0"
    body = b"WEBP" + riff(b"VP8X", bytes([flags, 0, 0, 0]) + size) + riff(b"ICCP", b"abc") + riff(b"VP8L", b"image") + b"".join(after)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif(*extra: bytes) -> bytes:
    control = b"\x21\xf9\4\0\0\0\0\0"
    image = b"\x2c" + struct.pack("<HHHHB", 0, 0, 2, 2, 0x80) + bytes(6) + b"\2\3\x44\x02\x05\0"
    loop = b"\x21\xff\x0bNETSCAPE2.0\3\1\0\0\0"
    return b"GIF89a" + struct.pack("<HHBBB", 2, 2, 0x80, 0, 0) + bytes(6) + loop + b"".join(extra) + control + image + b"\x3b"


GIF_TEXTS = (b"\x21\xfe\x0cmade by Anna\0", b"\x21\xff\x0bXMP DataXMP\x04Anna\0")


def turned(how: int) -> bytes:
    return segment(0xE1, b"Exif\0\0" + exif.turned(how))


def kept_of_jpeg(first: bytes = b"") -> bytes:
    return b"\xff\xd8" + JFIF + first + segment(0xE2, ICC) + segment(0xEE, b"Adobe\0\x64\0\0\0\0\1") + IMAGE + SCANS


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("how", [*range(1, 9)])
def test_a_jpeg_keeps_its_image_its_colours_and_how_it_is_turned(how: int, order: str) -> None:
    data = stripped(jpeg(how=how, order=order, behind=b"a film with Anna"))
    assert data == kept_of_jpeg(turned(how) if how != 1 else b"")
    assert data is not None
    assert b"Anna" not in data
    assert exif.orientation(exif.turned(how)) == how


@pytest.mark.parametrize("how", [0, 9, 77])
def test_an_orientation_that_is_none_goes(how: int) -> None:
    assert stripped(jpeg(how=how)) == kept_of_jpeg()


def test_a_png_keeps_what_says_how_it_looks() -> None:
    assert stripped(png(*PNG_TEXTS) + b"behind Anna") == png()
    found = stripped(png(chunk(b"eXIf", tiff(8))))
    assert found == png(chunk(b"eXIf", exif.turned(8)))


@pytest.mark.parametrize("prefix", [b"", b"Exif\0\0"])
def test_a_webp_keeps_its_image_and_its_flags_are_right(prefix: bytes) -> None:
    assert stripped(webp(0x3C, riff(b"EXIF", prefix + tiff(1)), riff(b"XMP ", XMP)) + b"behind") == webp(0x30)
    assert stripped(webp(0x3C, riff(b"EXIF", prefix + tiff(6)), riff(b"XMP ", XMP))) == webp(0x38, riff(b"EXIF", exif.turned(6)))
    plain = b"RIFF" + struct.pack("<I", 4 + 14) + b"WEBP" + riff(b"VP8L", b"image")
    assert stripped(plain) == plain


def test_a_gif_keeps_its_images_and_how_often_they_are_repeated() -> None:
    assert stripped(gif(*GIF_TEXTS) + b"behind") == gif()


WHOLE = [jpeg(), png(*PNG_TEXTS), webp(0x3C, riff(b"EXIF", tiff()), riff(b"XMP ", XMP)), gif(*GIF_TEXTS)]


@pytest.mark.parametrize("data", WHOLE, ids=["jpeg", "png", "webp", "gif"])
def test_what_is_cut_short_or_altered_is_taken_for_damaged_or_read_and_never_fails(data: bytes) -> None:
    again = stripped(data)
    assert again is not None
    assert stripped(again) == again
    # The last byte of a WebP may only fill it up.
    for end in range(len(data) - 1):
        assert stripped(data[:end]) is None
    for at in range(len(data)):
        for byte in (0, 0xFF, data[at] ^ 0x41):
            stripped(data[:at] + bytes([byte]) + data[at + 1 :])
            facts("x.jpg", data[:at] + bytes([byte]) + data[at + 1 :], b"")


AUTHOR, USER = "the author (Anna Example)", "a user name (anna)"
OF_EXIF = {"where it was taken (GPS)", "the camera (Camera 9)", "a serial number (N-12345)", AUTHOR}
DRAWN_BY = b"<svg><metadata><dc:creator><cc:Agent><dc:title>Anna Example</dc:title></cc:Agent></dc:creator></metadata></svg>"


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.jpg", jpeg(), {*OF_EXIF, "an XMP record"}),
        ("a.jpg", kept_of_jpeg(turned(6)), set()),
        ("a.jpg", b"\xff\xd8" + segment(0xED, b"Photoshop 3.0\0\x1c\x02\x50\0\x30Anna Example"), {AUTHOR}),
        ("a.png", png(*PNG_TEXTS[1:2]), {AUTHOR}),
        ("a.png", png(chunk(b"iTXt", b"Author\0\0\0\0\0Anna Example")), {AUTHOR}),
        ("a.png", png(chunk(b"tEXt", b"Software\0C:\\Users\\anna\\draw.exe")), {USER}),
        ("a.png", png(), set()),
        ("a.webp", WHOLE[2], {*OF_EXIF, "an XMP record"}),
        ("a.gif", gif(b"\x21\xfe\x10/home/anna/a.gif\0"), {USER}),
        ("a.tif", tiff(), OF_EXIF),
        ("a.avif", b"\0\0\0\x18ftypavifExif\0\0" + tiff(), OF_EXIF),
        ("a.svg", b'<svg sodipodi:docbase="/home/anna/x"></svg>', {USER}),
        ("a.svg", DRAWN_BY, {AUTHOR}),
        ("a.svg", b"<svg/>", set()),
        ("a.pdf", b"%PDF-1.7 1 0 obj << /Author (Anna Example) /Creator (Writer) >>", {AUTHOR, "the program (Writer)"}),
        ("a.pdf", b"%PDF-1.7 1 0 obj << /Title (Anna) >>", set()),
    ],
)
def test_what_a_file_tells(name: str, data: bytes, expected: set[str]) -> None:
    assert set(facts(name, data, b"")) == expected


def test_a_build_strips_on_request_and_again_when_the_setting_changes(tmp_path: Path) -> None:
    site = small_site(tmp_path, {"content/assets/a.jpg": jpeg(), "content/assets/b.png": png(*PNG_TEXTS), "content/assets/c.txt": "c"})
    keeps = (site / "content/site.yaml").read_text(encoding="utf-8")
    out = site / "_site/assets"
    assert run(site).ok
    assert (out / "a.jpg").read_bytes() == jpeg()
    for _ in range(2):
        write(site, {"content/site.yaml": STRIP})
        report = run(site)
        assert report.written == 2
        assert (out / "a.jpg").read_bytes() == kept_of_jpeg(turned(6))
        assert (out / "b.png").read_bytes() == png()
        assert run(site).written == 0
        write(site, {"content/notes/new.md": "---\ntitle: New\ndate: 2017-12-15\n---\nText.\n"})
        assert run(site).ok
        assert (out / "b.png").read_bytes() == png()
        assert run(site, verify=True).ok
        assert run(site, clean=True).written == 0
        write(site, {"content/site.yaml": keeps, "content/notes/new.md": None})
        assert run(site).ok
        assert (out / "b.png").read_bytes() == png(*PNG_TEXTS)


def test_a_picture_that_cannot_be_stripped_is_not_published(tmp_path: Path) -> None:
    site = small_site(tmp_path, {"content/site.yaml": STRIP, "content/assets/a.jpg": jpeg()[:-9], "content/assets/b.svg": "<svg/>"})
    assert codes(run(site)) == ["unstripped-image"]
    assert not (site / "_site/assets/a.jpg").exists()
    write(site, {"content/assets/a.jpg": jpeg()})
    assert codes(run(site)) == []
    assert (site / "_site/assets/b.svg").read_bytes() == b"<svg/>"
    write(site, {"content/assets/a.jpg": jpeg()[:-9]})
    assert codes(run(site)) == ["unstripped-image"]
    assert (site / "_site/assets/a.jpg").read_bytes() == stripped(jpeg())


def test_a_server_gives_out_no_picture_that_a_build_refuses(tmp_path: Path) -> None:
    """Both refuse one that cannot be stripped; nothing of it reaches other machines."""
    site = small_site(tmp_path, {"content/site.yaml": STRIP, "content/assets/a.jpg": jpeg()[:-9], "content/assets/b.jpg": jpeg()})
    with live_site(site, Viewer("TLP:CLEAR"), private=True) as client:
        refused = client.get("assets/a.jpg")
        assert refused.status == 404
        assert b"Anna" not in refused.body
        assert "cannot be taken out" in refused.text
        assert client.get("assets/b.jpg").body == stripped(jpeg())
        write(site, {"content/assets/a.jpg": jpeg()})
        client.until("assets/a.jpg", lambda answer: answer.body == stripped(jpeg()))


def test_the_audit_knows_a_withheld_picture_without_its_metadata(tmp_path: Path) -> None:
    hidden = note("Hidden plan", body="![A boat](secret.jpg)\n", draft="true")
    site = small_site(tmp_path, {"content/site.yaml": STRIP, "content/notes/secret.jpg": jpeg(), "content/notes/secret.md": hidden})
    assert run(site).ok
    bare = stripped(jpeg())
    assert bare is not None
    write(site, {"_site/assets/boat.jpg": bare})
    assert command_line.run(["audit", "--site", str(site)]) == 1
    # What readers get anyway is no find.
    write(site, {"content/assets/boat.jpg": jpeg(), "_site/assets/boat.jpg": None})
    assert run(site).ok
    assert command_line.run(["audit", "--site", str(site)]) == 0


def test_a_served_picture_is_the_published_one(tmp_path: Path) -> None:
    large = jpeg()[:2] + segment(0xFE, b"Anna" * 10_000) * 30 + jpeg()[2:]
    assert len(large) > SMALL
    pictures = {"content/assets/a.jpg": jpeg(), "content/assets/b.jpg": large, "content/assets/c.png": png(*PNG_TEXTS)}
    site = small_site(tmp_path, {"content/site.yaml": STRIP, **pictures})
    assert run(site).ok
    with live_site(site) as client:
        tags = {}
        for name in ("a.jpg", "b.jpg", "c.png"):
            answer = client.get(f"assets/{name}")
            tags[name] = answer.headers["etag"]
            assert answer.body == (site / "_site/assets" / name).read_bytes()
        write(site, {"content/site.yaml": STRIP.replace("strip", "keep")})
        until(lambda: client.get("assets/a.jpg").body == jpeg())
        assert client.get("assets/b.jpg").body == large
        assert client.get("assets/a.jpg").headers["etag"] != tags["a.jpg"]


def test_check_tells_of_what_readers_get_and_cannot_be_stripped(tmp_path: Path) -> None:
    pdf, picture = b"%PDF-1.7 << /Author (Anna Example) >>", jpeg()
    draft = "---\ntitle: Secret\ndate: 2017-12-15\ndraft: true\n---\n![A boat](secret.jpg)\n"
    pictures = {"content/assets/a.jpg": picture, "content/assets/b.jpg": picture[:-9], "content/assets/c.pdf": pdf}
    site = small_site(tmp_path, {**pictures, "content/notes/secret.jpg": picture, "content/notes/secret.md": draft})
    request = BuildRequest(site.resolve(), site / "_site", NOW)
    assert [(d.code, d.place.path) for d in check(request, quiet)] == [("image-metadata", path) for path in pictures]
    write(site, {"content/site.yaml": STRIP})
    found = check(request, quiet)
    assert [(d.code, d.place.path) for d in found] == [("image-metadata", path) for path in list(pictures)[1:]]
    assert "damaged" in found[0].message
