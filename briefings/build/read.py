"""From the disk to the list of what there is: record files to be parsed, and attachments with their sizes."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from briefings.diagnostics import Diagnostic, problem
from briefings.site.model import Attachment

RECORD_FOLDERS = ("notes", "actors", "topics", "sources", "pages")
RECORD_SUFFIXES = (".md", ".yaml", ".yml")
_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif", ".bmp", ".tif", ".tiff")

_ODD_LINK = ("this link leads to nothing", "delete it or mend it")
_ODD_FILE = ("this is neither a file nor a folder", "delete it, or give it a name that begins with a dot")


class Sources(Struct, frozen=True):
    """What the content folder holds."""

    records: tuple[str, ...]
    """Paths of record files from the site folder, as they are on the disk, sorted."""
    attachments: tuple[Attachment, ...]
    """All other files; their paths in NFC, as links are compared in it."""


def read(site: Path) -> tuple[Sources, tuple[Diagnostic, ...]]:
    """Walk the content folder of `site`. Hidden files and editors' backup files are not content."""
    diagnostics: list[Diagnostic] = []
    records: list[str] = []
    attachments: list[Attachment] = []
    for path in _walk(site, site / "content", diagnostics):
        relative = path.relative_to(site).as_posix()
        parts = relative.split("/")
        is_record = path.suffix.lower() in RECORD_SUFFIXES and parts[1] != "assets"
        if is_record and len(parts) > 2 and parts[1] in RECORD_FOLDERS:
            records.append(relative)
        elif not is_record:
            attachments.append(_attachment(path, relative))
        elif relative != "content/site.yaml":
            folders = ", ".join(f"content/{f}/" for f in RECORD_FOLDERS)
            remedy = f"move it into one of {folders}, or into content/assets/ if readers are to download it"
            diagnostics.append(problem("stray-file", "this file is not read", relative, remedy))
    return Sources(tuple(sorted(records)), tuple(sorted(attachments, key=lambda a: a.path))), tuple(diagnostics)


def _walk(site: Path, folder: Path, diagnostics: list[Diagnostic]) -> Iterator[Path]:
    """Every file below `folder`; symbolic links are followed as long as they stay in the site and lead to no folder above."""
    root = os.path.realpath(site)
    pending = [(str(folder), frozenset({os.path.realpath(folder)}))]
    while pending:
        directory, above = pending.pop()
        try:
            with os.scandir(directory) as entries:
                found = sorted(entries, key=lambda e: e.name)
        except OSError as error:
            diagnostics.append(_unreadable(site, directory, error))
            continue
        for entry in found:
            if entry.name.startswith((".", "#")) or entry.name.endswith("~"):
                continue
            if entry.is_symlink():
                real = os.path.realpath(entry.path)
                if os.path.commonpath((root, real)) != root:
                    shown = Path(entry.path).relative_to(site).as_posix()
                    remedy = "copy what it leads to into the site, or delete the link"
                    diagnostics.append(problem("symlink-outside", f"this link leads out of the site, to {real}", shown, remedy))
                    continue
                if real in above:
                    continue
            is_folder, is_file = _what(entry)
            if is_folder:
                pending.append((entry.path, above | {os.path.realpath(entry.path)} if entry.is_symlink() else above))
            elif is_file:
                yield Path(entry.path)
            else:
                shown = Path(entry.path).relative_to(site).as_posix()
                message, remedy = _ODD_LINK if entry.is_symlink() else _ODD_FILE
                diagnostics.append(problem("unreadable-file", message, shown, remedy))


def _what(entry: os.DirEntry[str]) -> tuple[bool, bool]:
    """Whether an entry is, or leads to, a folder, and whether it is or leads to a file."""
    try:
        return entry.is_dir(), entry.is_file()
    except OSError:
        # A link that leads to itself is neither.
        return False, False


def _attachment(path: Path, relative: str) -> Attachment:
    name = unicodedata.normalize("NFC", relative)
    if path.suffix.lower() not in _IMAGES:
        return Attachment(name, relative)
    import imagesize  # only sites with images pay for it

    try:
        width, height = imagesize.get(path)
    except (OSError, ValueError):
        # A damaged image is published as it is; its size is merely unknown.
        width = height = -1
    return Attachment(name, relative, max(int(width), 0), max(int(height), 0))


def _unreadable(site: Path, path: str, error: OSError) -> Diagnostic:
    shown = Path(path).relative_to(site).as_posix()
    return problem("unreadable-file", f"this cannot be read: {error.strerror or error}", shown, "mend its permissions, or delete it")
