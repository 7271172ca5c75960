"""Where a site's folder is."""

from __future__ import annotations

from pathlib import Path

CONFIG = "content/site.yaml"
"""The file that makes a folder a site, from that folder."""


class SiteNotFoundError(Exception):
    """No site is there; the message says what to do."""


def find_site(start: Path) -> Path:
    """The nearest folder from `start` upwards that has a `content/site.yaml`, resolved.

    Raises SiteNotFoundError when there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / CONFIG).is_file():
            return folder
    raise SiteNotFoundError(
        f"no {CONFIG} in {start} or above it; go into a site's folder, name one with --site DIR, or make one: briefings new site DIR"
    )


def source_key(site: Path, path: str) -> str:
    """The name under which a scan knows a file: from the site folder where it lies in it."""
    return path.removeprefix(f"{site}/")
