"""Which program this is: another version of it, or of what it builds with, must not trust what was remembered."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

_LIBRARIES = ("jinja2", "markdown_it_py", "markupsafe", "mdit_py_plugins", "msgspec", "nh3", "pygments", "pyyaml", "tzdata", "imagesize")


def program_digest() -> bytes:
    """Digest of this package's sources and of the versions of the libraries that shape a page."""
    made = hashlib.sha256(sys.version.encode())
    package = Path(__file__).parent.parent
    for folder, folders, names in os.walk(package):
        folders[:] = sorted(f for f in folders if f not in ("__pycache__", "themes", "cli", "serve", "publish"))
        for name in sorted(names):
            if name.endswith(".py"):
                made.update(name.encode() + b"\0" + Path(folder, name).read_bytes())
    for folder in sys.path:
        try:
            installed = sorted(os.listdir(folder))
        except OSError:
            continue
        made.update("\0".join(n for n in installed if n.endswith(".dist-info") and n.lower().startswith(_LIBRARIES)).encode())
    return made.digest()[:16]
