"""The remotes of the git repository that a site lies in, read from its configuration file."""

from __future__ import annotations

import re
from pathlib import Path

_REMOTE = re.compile(r'^\s*\[remote "[^"\n]*"\][^\[]*?^\s*url\s*=\s*(\S+)', re.MULTILINE)
"""The address of a remote. A submodule's address is not matched: it belongs to another repository."""
_PUBLIC = re.compile(
    r"(?:(?:https?|ssh|git)://(?:[^/@\s]+@)?|[\w.-]+@)((?:www\.)?(?:github\.com|gitlab\.com|codeberg\.org))[/:]", re.IGNORECASE
)
"""The address of a repository on a host where most repositories are public; the group is the host."""


def public_remote(site: Path) -> str:
    """Return the host of a remote of the site's repository that looks public; empty when none does."""
    for folder in (site, *site.parents):
        config = _git_config(folder / ".git")
        if config is not None:
            try:
                remotes = _REMOTE.findall(config.read_text(encoding="utf-8", errors="replace"))
            except OSError:
                return ""
            return next((found[1].lower() for remote in remotes if (found := _PUBLIC.match(remote)) is not None), "")
    return ""


def _git_config(git: Path) -> Path | None:
    """Return the path of a repository's configuration, also where `.git` is the file of a linked working tree."""
    if git.is_dir():
        return git / "config"
    if not git.is_file():
        return None
    folder = git.parent / git.read_text(encoding="utf-8", errors="replace").removeprefix("gitdir:").strip()
    common = folder / "commondir"
    return (folder / common.read_text(encoding="utf-8").strip() if common.is_file() else folder) / "config"
