"""The workflow that lets GitHub build, audit and publish a site, and what it installs."""

from __future__ import annotations

import json
from importlib.resources import files

from briefings import __version__

WORKFLOW = ".github/workflows/pages.yml"
"""Where it goes, from the root of the repository."""
REQUIREMENTS = ".github/requirements.txt"
"""What it installs, likewise."""


def workflow(folder: str, branch: str) -> str:
    """The workflow of a site in `folder` of its repository (`.` for the root), which is published whenever `branch` changes."""
    text = (files("briefings.publish") / "pages.yml").read_text(encoding="utf-8")
    prefix = "" if folder == "." else f"{folder}/"
    for mark, value in (("@BRANCH@", json.dumps(branch)), ("@FOLDER@", json.dumps(folder)), ("@PREFIX@", json.dumps(prefix)[1:-1])):
        text = text.replace(mark, value)
    return text


def requirements() -> str:
    """The version of the program that a new site is published with."""
    return f"briefings=={__version__}\n"
