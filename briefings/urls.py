"""Addresses: escaping, the way from a page to the site's root, and which links are safe."""

from __future__ import annotations

import re
from unicodedata import normalize
from urllib.parse import quote, unquote, urlsplit

_PLAIN = re.compile(r"[A-Za-z0-9/._-]*")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_RUNS_CODE = frozenset({"javascript", "vbscript", "data", "file", "blob", "filesystem", "about", "view-source", "jar"})


def encode(path: str) -> str:
    """Percent-encode a path from the site's root; ids of other scripts stay valid in `href` and feeds."""
    return path if _PLAIN.fullmatch(path) else quote(path, safe="/:@!$&()*+,;=-._~")


def alias_path(alias: str) -> str | None:
    """The path from the site's root, not escaped, at which a page for an old address stands; None for what can be none.

    `/a` and `/a/index.html` are `a/`, as servers of static sites have it; only a file of HTML keeps its name.
    """
    path = normalize("NFC", unquote(alias))
    if not path.startswith("/") or not path.isprintable() or re.search(r'[\\?#*:"<>|]', path):
        return None
    steps = path[1:].removesuffix("/").split("/")
    if any(not step.strip() or step.startswith(".") or len(step.encode()) > 200 for step in steps):
        return None
    if steps[-1] == "index.html":
        steps.pop()
    if not steps:
        return None
    return "/".join(steps) + ("" if not path.endswith("/") and steps[-1].lower().endswith((".html", ".htm")) else "/")


def root_of(path: str) -> str:
    """The relative way from the page at `path` (`notes/x/`) to the site's root: `../../`, or `./` at the root."""
    return "../" * path.count("/") or "./"


def scheme(url: str) -> str:
    """The lower-case scheme of `url` without its colon, or an empty string; control characters and spaces do not hide it."""
    bare = re.sub(r"[\x00-\x20]+", "", url)
    found = _SCHEME.match(bare)
    return found.group()[:-1].lower() if found else ""


def is_safe(url: str) -> bool:
    """Whether a browser follows `url` without running code from it."""
    return scheme(url) not in _RUNS_CODE


def is_web(url: str) -> bool:
    """Whether `url` is an absolute http or https address with a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", url) and (parts.port or True) is not None
    except ValueError:
        return False


def base_path(site_url: str) -> str:
    """The path of the site's root on its host, with slashes at both ends: `/`, `/repo/`."""
    path = urlsplit(site_url).path.strip("/")
    return f"/{path}/" if path else "/"
