"""What GitHub does not take: files and sites that are too large."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

LARGEST_FILE = 100 * 1024 * 1024
"""Bytes above which GitHub refuses a file. GitHub writes 100 MB, and counts each as 1,048,576 bytes."""
LARGEST_SITE = 1_000_000_000
"""Bytes up to which GitHub Pages publishes a site."""
NEAR_FILE, NEAR_SITE = LARGEST_FILE * 9 // 10, LARGEST_SITE * 9 // 10
"""Bytes above which it is told that the limit is near."""


class Excess(Struct, frozen=True):
    """Something that is too large, or nearly so."""

    path: str
    """Of the file; empty for all of them together."""
    message: str
    """What it has, to follow its name."""
    remedy: str


def excesses(sizes: Mapping[str, int]) -> Iterator[Excess]:
    """What of these files, given by path with their bytes, is too large for GitHub or nearly so."""
    for path, size in sorted(sizes.items()):
        if size > NEAR_FILE:
            word = "more than" if size > LARGEST_FILE else "nearly"
            message = f"has {size / (1 << 20):,.0f} MiB, {word} the {LARGEST_FILE >> 20} MiB that GitHub takes for a file"
            yield Excess(path, message, "make it smaller, or link to it elsewhere")
    total = sum(sizes.values())
    if total > NEAR_SITE:
        word = "more than" if total > LARGEST_SITE else "nearly"
        message = f"has {total / 1_000_000:,.0f} MB, {word} the 1 GB that GitHub Pages takes"
        yield Excess("", message, "make pictures and other assets smaller, or publish on a server of your own")
