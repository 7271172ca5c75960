"""Folders of a site that git is to fill from other repositories: while one is empty, what belongs there would vanish from the site."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from briefings.core.diagnostics import Diagnostic, problem

_PATH = re.compile(r"^\s*path\s*=\s*\"?(.*?)\"?\s*$", re.MULTILINE)


def empty_submodules(site: Path) -> Iterator[Diagnostic]:
    """A problem for each submodule in the content or the themes of `site` that holds nothing."""
    for folder in (site, *site.parents):
        modules = folder / ".gitmodules"
        if modules.is_file():
            yield from _empty(site, folder, modules)
        if modules.is_file() or (folder / ".git").exists():
            return


def _empty(site: Path, repository: Path, modules: Path) -> Iterator[Diagnostic]:
    for path in sorted(set(_PATH.findall(modules.read_text(encoding="utf-8", errors="replace")))):
        submodule = repository / path
        if not any(submodule.is_relative_to(site / part) for part in ("content", "themes")) or _holds_anything(submodule):
            continue
        message = "this folder is a submodule of git, and it is empty: what belongs there would vanish from the site"
        remedy = (
            "run `git submodule update --init`; a workflow of GitHub needs `submodules: true` below `with:` of actions/checkout. "
            f"If it is to be gone: git rm {path}"
        )
        yield problem("not-fetched", message, submodule.relative_to(site).as_posix(), remedy)


def _holds_anything(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            # The file that leads to the repository is no content.
            return any(entry.name != ".git" for entry in entries)
    except OSError:
        return False
