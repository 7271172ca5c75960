"""The workflow that lets GitHub build, audit and publish a site, and what it installs."""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files

import msgspec
from msgspec import Struct

from briefings import __version__

WORKFLOW = ".github/workflows/pages.yml"
"""Where it goes, from the root of the repository."""
REQUIREMENTS = ".github/requirements.txt"
"""What it installs, likewise."""

_PATTERN_SIGNS = re.compile(r"^!|[*?+\[\]\\]")
"""Signs that mean something in the names of branches for which a workflow runs."""
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


def workflow(folder: str, branch: str) -> str:
    """The workflow of a site in `folder` of its repository (`.` for the root), which is published whenever `branch` changes."""
    text = (files("briefings.publish") / "pages.yml").read_text(encoding="utf-8")
    prefix = "" if folder == "." else f"{folder}/"
    pattern = _PATTERN_SIGNS.sub(r"\\\g<0>", branch)
    for mark, value in (("@BRANCH@", json.dumps(pattern)), ("@FOLDER@", json.dumps(folder)), ("@PREFIX@", json.dumps(prefix)[1:-1])):
        text = text.replace(mark, value)
    return text


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
