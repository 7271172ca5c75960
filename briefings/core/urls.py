"""Addresses: escaping, the way from a page to the site's root, and which links are safe."""

from __future__ import annotations

import ipaddress
import re
from unicodedata import normalize
from urllib.parse import quote, unquote, urlsplit, urlunsplit

PAGES_HOST = ".github.io"
"""How the hosts end at which GitHub publishes sites."""
_EXAMPLE = re.compile(r"(?:^|\.)example\.(?:com|net|org)$")
DOMAIN_FILE = "CNAME"
"""The file at the root of a published branch that tells the host of its own domain."""
UNBUILT_FILE = ".nojekyll"
"""The file there that says that there is nothing to build."""

_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))})
_PLAIN = re.compile(r"[A-Za-z0-9/._-]*")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_RUNS_CODE = frozenset({"javascript", "vbscript", "data", "file", "blob", "filesystem", "about", "view-source", "jar"})

_UNCERTAIN = re.compile("[\u00df\u03c2\u200c\u200d]")
"""Letters that older rules for domain names replaced and newer ones keep."""


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


def has_device_name(name: str) -> bool:
    """Whether Windows takes a file or folder of this name for a device, such as `con` or `aux.yaml`, and refuses it."""
    return name.partition(".")[0].rstrip().lower() in _DEVICES


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


def ascii_host(url: str) -> str:
    """The host of `url` as domain names are registered, `xn--bcher-kva.example`; empty where there is none, or it is not certain."""
    host = (urlsplit(url).hostname or "").lower()
    if host.isascii():
        return host
    try:
        return "" if _UNCERTAIN.search(host) else host.encode("idna").decode()
    except UnicodeError:
        return ""


def as_ascii(url: str) -> str:
    """The web address `url` as it travels: its host as it is registered, and the rest percent-encoded; ASCII stays as it is."""
    if url.isascii():
        return url
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    name, colon, port = host.partition(":")
    labels = ".".join(_registered(label) for label in re.split("[.\u3002\uff0e\uff61]", name))
    encoded = (quote(part, safe="%/:@!$&'()*+,;=?-._~[]") for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, f"{quote(user)}{at}{labels}{colon}{port}", *encoded))


def _registered(label: str) -> str:
    """A part of a host as browsers look it up: they keep the letters that older rules replaced."""
    if label.isascii():
        return label
    try:
        plain = normalize("NFC", label.lower()) if _UNCERTAIN.search(label) else normalize("NFKC", label).lower()
        return plain if plain.isascii() else f"xn--{plain.encode('punycode').decode()}"
    except UnicodeError:
        return label


def is_reserved(host: str) -> bool:
    """Whether `host` is one of the names that are kept for examples and tests, so that no reader ever gets there."""
    return host.endswith((".example", ".test", ".invalid", ".localhost")) or bool(_EXAMPLE.search(host))


def own_domain(site_url: str) -> str:
    """The domain to be told to GitHub Pages in a `CNAME` file; empty where there must be none.

    A site below a path of a domain belongs to another site, which has that file.
    """
    host = ascii_host(site_url)
    if host.endswith(PAGES_HOST) or "." not in host or is_ip(host) or base_path(site_url) != "/":
        return ""
    return host


def is_ip(host: str) -> bool:
    """Whether `host` is the number of a machine rather than a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
