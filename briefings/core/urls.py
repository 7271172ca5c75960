"""Addresses: escaping, relative paths to the site's root, and which links are safe."""

from __future__ import annotations

import ipaddress
import re
from unicodedata import normalize
from urllib.parse import quote, unquote, urlsplit, urlunsplit

PAGES_HOST = ".github.io"
"""The ending of the hosts on which GitHub publishes sites."""
_EXAMPLE = re.compile(r"(?:^|\.)example\.(?:com|net|org)$")
DOMAIN_FILE = "CNAME"
"""The file at the root of a published branch that names the site's own domain to GitHub Pages."""
UNBUILT_FILE = ".nojekyll"
"""The file at the root of a published branch that tells GitHub Pages not to run Jekyll."""

_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))})
_PLAIN = re.compile(r"[A-Za-z0-9/._-]*")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_RUNS_CODE = frozenset({"javascript", "vbscript", "data", "file", "blob", "filesystem", "about", "view-source", "jar"})

_UNCERTAIN = re.compile("[\u00df\u03c2\u200c\u200d]")
"""Letters that the two standards for international domain names (of 2003 and 2008) encode differently."""


def encode(path: str) -> str:
    """Percent-encode a `path` from the site's root, so that ids of any script are valid in `href` and feeds."""
    return path if _PLAIN.fullmatch(path) else quote(path, safe="/:@!$&()*+,;=-._~")


def alias_path(alias: str) -> str | None:
    """Return the unescaped path from the site's root for the old address `alias`; None when no page can stand there.

    `/a` and `/a/index.html` both become `a/`, as on servers of static sites; any other HTML file keeps its name.
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
    """Whether Windows takes a file or folder called `name` for a device, such as `con` or `aux.yaml`, and refuses it."""
    return name.partition(".")[0].rstrip().lower() in _DEVICES


def root_of(path: str) -> str:
    """Return the relative path from the page at `path` (`notes/x/`) to the site's root: `../../`, or `./` at the root."""
    return "../" * path.count("/") or "./"


def scheme(url: str) -> str:
    """Return the lower-case scheme of `url` without its colon, ignoring spaces and control characters; empty when there is none."""
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
    """Return the path of the site's root on its host, with slashes at both ends: `/`, `/repo/`."""
    path = urlsplit(site_url).path.strip("/")
    return f"/{path}/" if path else "/"


def ascii_host(url: str) -> str:
    """Return the host of `url` in ASCII (`xn--bcher-kva.example`); empty where there is none, or where browsers encode it differently."""
    host = (urlsplit(url).hostname or "").lower()
    if host.isascii():
        return host
    try:
        return "" if _UNCERTAIN.search(host) else host.encode("idna").decode()
    except UnicodeError:
        return ""


def as_ascii(url: str) -> str:
    """Return the web address `url` in ASCII: its host in Punycode, the rest percent-encoded."""
    if url.isascii():
        return url
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    name, colon, port = host.partition(":")
    labels = ".".join(_registered(label) for label in re.split("[.\u3002\uff0e\uff61]", name))
    encoded = (quote(part, safe="%/:@!$&'()*+,;=?-._~[]") for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, f"{quote(user)}{at}{labels}{colon}{port}", *encoded))


def _registered(label: str) -> str:
    """Return one part of a host in ASCII, as browsers look it up: by the rules of 2008 for the letters of _UNCERTAIN."""
    if label.isascii():
        return label
    try:
        plain = normalize("NFC", label.lower()) if _UNCERTAIN.search(label) else normalize("NFKC", label).lower()
        return plain if plain.isascii() else f"xn--{plain.encode('punycode').decode()}"
    except UnicodeError:
        return label


def is_example_host(host: str) -> bool:
    """Whether the name `host` is reserved for examples and tests, so that no reader can reach it."""
    return host.endswith((".example", ".test", ".invalid", ".localhost")) or bool(_EXAMPLE.search(host))


def own_domain(site_url: str) -> str:
    """Return the domain to write into the `CNAME` file for GitHub Pages; empty where there must be no such file.

    A site below a path of a domain is part of another site, which has the file.
    """
    host = ascii_host(site_url)
    if host.endswith(PAGES_HOST) or "." not in host or is_ip(host) or base_path(site_url) != "/":
        return ""
    return host


def is_ip(host: str) -> bool:
    """Whether `host` is an IP address rather than a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
