"""The workflow that lets GitHub build, audit and publish a site, and what it installs."""

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
"""Path of the workflow, from the root of the repository."""
REQUIREMENTS = ".github/requirements.txt"
"""Path of the file that lists what the workflow installs, from the root of the repository."""

_PATTERN_SIGNS = re.compile(r"^!|[*?+\[\]\\]")
"""Signs that mean something in the names of branches for which a workflow runs."""
_ATTRIBUTES = ".gitattributes"
_MARK = re.compile(r"@([A-Z_]+)@")
"""Where the text of the workflow has something that differs from site to site, or that other code says, too."""
_LIMITS = {
    "NEAR_FILE": str(NEAR_FILE),
    "LARGEST_FILE": str(LARGEST_FILE >> 20),
    "NEAR_SITE": str(NEAR_SITE // 1_000_000),
    "LARGEST_SITE": f"{LARGEST_SITE // 1_000_000:,}",
}
_WITHIN_REACH = ("https://", "http://", "ssh://", "git://")
"""How addresses of repositories begin that other machines may reach."""


class _Repository(Struct, frozen=True):
    """What is known of the repository that a package was installed from."""

    vcs: str
    commit_id: str


class _Origin(Struct, frozen=True):
    """Where a package was installed from, as installers note it in `direct_url.json`."""

    url: str
    vcs_info: _Repository | None = None
    subdirectory: str = ""


def workflow(folder: str, branch: str, fetched: Iterable[str] = ()) -> str:
    """The workflow of a site in `folder` of its repository (`.` for the root), which is published whenever `branch` changes.

    What is `fetched` is not in the repository itself: `lfs`, `submodules`.
    """
    text = (files("briefings.deploy") / "pages.yml").read_text(encoding="utf-8")
    prefix = "" if folder == "." else f"{folder}/"
    pattern = _PATTERN_SIGNS.sub(r"\\\g<0>", branch)
    more = "".join(f"\n          {name}: true" for name in fetched)
    values = {"FETCHED": more, "BRANCH": json.dumps(pattern), "FOLDER": json.dumps(folder), "PREFIX": json.dumps(prefix)[1:-1]} | _LIMITS
    return _MARK.sub(lambda found: values[found[1]], text)


def kept_elsewhere(root: Path, site: Path) -> tuple[str, ...]:
    """What GitHub must fetch besides the repository at `root` to have all of `site`: `lfs`, `submodules`."""
    attributes = [root / _ATTRIBUTES, site / _ATTRIBUTES, *(site / "content").rglob(_ATTRIBUTES), *(site / "themes").rglob(_ATTRIBUTES)]
    large = any(file.is_file() and b"filter=lfs" in file.read_bytes() for file in attributes)
    return (("lfs",) if large else ()) + (("submodules",) if (root / ".gitmodules").is_file() else ())


def requirements(origin: str) -> str:
    """What a new site is published with: the commit that the program is from, going by its `origin`, else its version."""
    try:
        found = msgspec.json.decode(origin, type=_Origin)
    except msgspec.DecodeError:
        found = _Origin("")
    if found.vcs_info is None or not found.url.startswith(_WITHIN_REACH):
        return f"briefings=={__version__}\n"
    below = f"#subdirectory={found.subdirectory}" if found.subdirectory else ""
    return f"briefings @ {found.vcs_info.vcs}+{found.url}@{found.vcs_info.commit_id}{below}\n"


def origin_of_program() -> str:
    """What the installer noted about where this program came from; empty where it noted nothing, as for a package index."""
    try:
        return distribution("briefings").read_text("direct_url.json") or ""
    except PackageNotFoundError:
        return ""
