"""A digest of the program itself, by which caches and workers know that they are of the same version."""

from __future__ import annotations

import functools
import hashlib
import os
import sys
from pathlib import Path

_LIBRARIES = (
    "ahocorasick_rs", "babel", "imagesize", "jinja2", "markdown_it_py", "markupsafe", "mdit_py_plugins", "msgspec", "nh3", "pygments",
    "pyyaml", "tzdata",
)  # fmt: skip
"""Libraries whose version may change what is on a page."""


@functools.cache
def program_digest(python: str = sys.version) -> bytes:
    """Digest of the program that builds: another one, or one with other libraries, must not trust what this one remembers."""
    made = hashlib.sha256(python.encode())
    package = Path(__file__).parent.parent
    for folder, folders, names in os.walk(package):
        folders[:] = sorted(f for f in folders if f not in ("__pycache__", "themes", "cli", "serve", "audit", "deploy", "desk"))
        for name in sorted(names):
            if name.endswith((".py", ".po")):
                made.update(name.encode() + b"\0" + Path(folder, name).read_bytes())
    for folder in sys.path:
        try:
            installed = sorted(os.listdir(folder))
        except OSError:
            continue
        made.update("\0".join(n for n in installed if n.endswith(".dist-info") and n.lower().startswith(_LIBRARIES)).encode())
    return made.digest()[:16]
