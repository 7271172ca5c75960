"""Sort the files of the content folder by name: records to parse, attachments, or neither."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from briefings.content.checks.program_copies import copies
from briefings.content.parse import FOLDERS, kind_of
from briefings.core.config import SiteConfig
from briefings.core.diagnostics import Diagnostic, problem

_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif", ".bmp", ".tif", ".tiff")
_RECORDS = (".md", ".yaml", ".yml")
_OTHER_MARKDOWN = (".markdown", ".mdown", ".mkd")
"""Suffixes that other programs use for Markdown files."""


class Sources(Struct, frozen=True):
    """The files of the content folder, sorted by what they are."""

    records: tuple[str, ...]
    """Paths of files with records, from the site folder, spelled as on the disk, sorted."""
    attachments: tuple[str, ...]
    """Paths of the other files that may be published, spelled as on the disk, sorted."""
    diagnostics: tuple[Diagnostic, ...]


def sort_out(paths: Iterable[str]) -> Sources:
    """Sort `paths` into files with records and attachments, with a problem for each file that is neither."""
    records: list[str] = []
    attachments: list[str] = []
    diagnostics: list[Diagnostic] = []
    found = sorted(paths)
    for path in found:
        if kind_of(path) is not None:
            records.append(path)
        elif path.lower().endswith(_OTHER_MARKDOWN) and path.split("/")[1] in FOLDERS:
            diagnostics.append(
                problem("stray-file", "this file is not read: its name does not end in .md", path, "rename it to end in .md")
            )
        elif not path.lower().endswith(_RECORDS) or path.startswith("content/assets/"):
            attachments.append(path)
        elif path != "content/site.yaml":
            folders = ", ".join(f"content/{f}/" for f in FOLDERS)
            remedy = f"move it into one of {folders}, or into content/assets/ if readers are to download it"
            diagnostics.append(problem("stray-file", "this file is not read", path, remedy))
    diagnostics += copies(found)
    return Sources(tuple(records), tuple(attachments), tuple(diagnostics))


def is_image(path: str) -> bool:
    """Whether the file at `path` is an image, by its suffix."""
    return path.lower().endswith(_IMAGES)


def strips(path: str, config: SiteConfig) -> bool:
    """Whether the file at `path` is published without its metadata, as far as they can be removed."""
    return config.images.metadata == "strip" and is_image(path)


def unstripped_image(path: str) -> Diagnostic:
    """Return the problem of a picture so damaged that its metadata cannot be removed: it is not published where site.yaml asks for that."""
    message = "the picture is damaged, so that what it tells of its maker cannot be taken out, as site.yaml asks"
    return problem("unstripped-image", message, path, "save it again with an image editor, or delete it")


def unreadable_image(path: str, width: int, height: int) -> Diagnostic | None:
    """Return the problem of a file that has the suffix of an image and no size, so that it is damaged or no image; else None."""
    # An SVG drawing may have no size.
    if (width and height) or not is_image(path) or path.lower().endswith(".svg"):
        return None
    remedy = "open it in an image editor and save it again, or give it the suffix of what it is"
    return problem("unreadable-image", "no width and height can be read from this image: it is damaged, or it is none", path, remedy)
