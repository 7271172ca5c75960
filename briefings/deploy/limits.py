"""The limits of GitHub: files and sites that are too large to be published there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

LARGEST_FILE = 100 * 1024 * 1024
"""The largest file that GitHub accepts, in bytes. Its documents say 100 MB, and mean 1,048,576 bytes by each."""
LARGEST_SITE = 1_000_000_000
"""The largest site that GitHub Pages publishes, in bytes."""
NEAR_FILE, NEAR_SITE = LARGEST_FILE * 9 // 10, LARGEST_SITE * 9 // 10
"""Sizes in bytes above which a warning says that the limit is near."""


class Excess(Struct, frozen=True):
    """A file, or a whole site, that exceeds a limit or comes near it."""

    path: str
    """The path of the file; empty for the whole site."""
    message: str
    """The end of a sentence whose subject is the file: `has 120 MB, and …`."""
    remedy: str


def excesses(sizes: Mapping[str, int]) -> Iterator[Excess]:
    """Yield what is too large for GitHub, or nearly so, among files given as `sizes`: path to bytes."""
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
