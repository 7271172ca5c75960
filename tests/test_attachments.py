"""Files of the content folder that are no records: which are told from records, and what is said of those that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefings.build.read import attachment, sort_out, unreadable
from tests.kit import write

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
    found = unreadable(attachment(tmp_path, f"content/assets/{name}"))
    assert (found is not None) is is_reported
    if found:
        assert (found.code, found.severity, found.place.path) == ("unreadable-image", "warning", f"content/assets/{name}")
