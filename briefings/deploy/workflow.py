"""The GitHub workflow that builds, audits and publishes a site, and the list of what it installs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files
from pathlib import Path

import msgspec
from msgspec import Struct

from briefings import __version__
from briefings.deploy.limits import LARGEST_FILE, LARGEST_SITE, NEAR_FILE, NEAR_SITE

WORKFLOW = ".github/workflows/pages.yml"
"""The path of the workflow from the root of the repository."""
REQUIREMENTS = ".github/requirements.txt"
"""The path, from the root of the repository, of the file that lists what the workflow installs."""

_PATTERN_SIGNS = re.compile(r"^!|[*?+\[\]\\]")
"""Characters of a branch name that are wildcards in a workflow."""
_ATTRIBUTES = ".gitattributes"
_MARK = re.compile(r"@([A-Z_]+)@")
"""A placeholder in the template of the workflow."""
_LIMITS = {
    "NEAR_FILE": str(NEAR_FILE),
    "LARGEST_FILE": str(LARGEST_FILE >> 20),
    "NEAR_SITE": str(NEAR_SITE // 1_000_000),
    "LARGEST_SITE": f"{LARGEST_SITE // 1_000_000:,}",
}
_WITHIN_REACH = ("https://", "http://", "ssh://", "git://")
"""Beginnings of repository addresses that other machines can reach."""


class _Repository(Struct, frozen=True):
    """The repository that a package was installed from, as far as the installer noted it."""

    vcs: str
    commit_id: str


class _Origin(Struct, frozen=True):
    """The contents of `direct_url.json`, in which installers note where a package came from."""

    url: str
    vcs_info: _Repository | None = None
    subdirectory: str = ""


def workflow(folder: str, branch: str, fetched: Iterable[str] = ()) -> str:
    """Return the workflow for a site in `folder` of its repository (`.` for the root), published whenever `branch` changes.

    `fetched` names what lies outside the repository itself: `lfs`, `submodules`.
    """
    text = (files("briefings.deploy") / "pages.yml").read_text(encoding="utf-8")
    prefix = "" if folder == "." else f"{folder}/"
    pattern = _PATTERN_SIGNS.sub(r"\\\g<0>", branch)
    more = "".join(f"\n          {name}: true" for name in fetched)
    values = {"FETCHED": more, "BRANCH": json.dumps(pattern), "FOLDER": json.dumps(folder), "PREFIX": json.dumps(prefix)[1:-1]} | _LIMITS
    return _MARK.sub(lambda found: values[found[1]], text)


def kept_elsewhere(root: Path, site: Path) -> tuple[str, ...]:
    """Return what GitHub must fetch besides the repository at `root` to have all of `site`: `lfs`, `submodules`."""
    attributes = [root / _ATTRIBUTES, site / _ATTRIBUTES, *(site / "content").rglob(_ATTRIBUTES), *(site / "themes").rglob(_ATTRIBUTES)]
    large = any(file.is_file() and b"filter=lfs" in file.read_bytes() for file in attributes)
    return (("lfs",) if large else ()) + (("submodules",) if (root / ".gitmodules").is_file() else ())


def requirements(origin: str) -> str:
    """Return the requirements of a new site: the commit that `origin` says the program was installed from, or else its version."""
    try:
        found = msgspec.json.decode(origin, type=_Origin)
    except msgspec.DecodeError:
        found = _Origin("")
    if found.vcs_info is None or not found.url.startswith(_WITHIN_REACH):
        return f"briefings=={__version__}\n"
    below = f"#subdirectory={found.subdirectory}" if found.subdirectory else ""
    return f"briefings @ {found.vcs_info.vcs}+{found.url}@{found.vcs_info.commit_id}{below}\n"


def origin_of_program() -> str:
    """Return the contents of `direct_url.json` of this program; empty where it was installed from a package index."""
    try:
        return distribution("briefings").read_text("direct_url.json") or ""
    except PackageNotFoundError:
        return ""
