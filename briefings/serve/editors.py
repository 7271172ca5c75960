"""Links that open a file in an author's editor, at a line and column."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from briefings.core.config import Editor


def _path_and_place(scheme: str) -> Callable[[str, int, int], str]:
    return lambda path, line, column: f"{scheme}://file{path}:{line}:{column}"


_LINKS: Mapping[Editor, Callable[[str, int, int], str]] = {
    "vscode": _path_and_place("vscode"),
    "cursor": _path_and_place("cursor"),
    "idea": lambda path, line, column: f"idea://open?file={path}&line={line}&column={column}",
    "none": lambda path, line, column: "",
}


def editor_link(editor: Editor, site: Path, path: str, line: int = 0, column: int = 0) -> str:
    """The link that opens the file at `path` (from the site folder, or absolute); empty for no editor, and for what is no file."""
    file = site / path
    if not file.is_file():
        return ""
    # A folder may have a name that is not UTF-8, and a drive of Windows has no slash before it.
    escaped = quote(os.fsencode("/" + file.as_posix().removeprefix("/")), safe="/:")
    return _LINKS[editor](escaped, line or 1, column or 1)
