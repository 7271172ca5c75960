"""Checks of web addresses: what is wrong with one, and which address the author probably meant."""

from __future__ import annotations

import difflib
import re
from typing import Final
from urllib.parse import quote, urlsplit

from briefings.core.config import NOWHERE
from briefings.core.urls import is_web, scheme

_COMMON = re.compile(r"https?://(?:[a-z0-9-]++\.)++[a-z0-9-]++(?:/|\Z)")
_USUAL = re.compile(r"https?://(?!https?[:/])[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d+)?(?:[/?#]|\Z)", re.IGNORECASE)
"""An ordinary address, in which only words could be mistyped; most addresses match, and the commonest match at once."""
_PARTS = re.compile(r"([A-Za-z]{2,7})([:;]?)(/*)(.*)", re.DOTALL)
_HOST = re.compile(r"(?:[\w-]+\.)+([^\W\d_]{2,})(?::\d+)?(?=[/?#]|\Z)")
_FILES: Final = frozenset(
    (
        *("pdf", "doc", "docx", "odt", "rtf", "xls", "xlsx", "ods", "csv", "ppt", "pptx", "odp", "txt", "md", "eml", "zip"),
        *("html", "htm", "json", "yaml", "yml", "xml", "jpg", "jpeg", "png", "gif", "svg", "webp"),
    )
)
"""Endings of file names that nobody takes for a domain."""
_BEHEADED: Final = {"ttp": "http", "tp": "http", "ttps": "https", "tps": "https"}


def misprint(url: str) -> tuple[str, str] | None:
    """Return what looks mistyped in an address that browsers would follow elsewhere, and a remedy; None when nothing does."""
    if _COMMON.match(url) or _USUAL.match(url):
        return None
    name = scheme(url)
    better = meant(url)
    if name and _web_scheme(name) != name:
        return (f'there is no scheme "{name}:"', f"write {better}") if better and _web_scheme(name) else None
    if not name and not url.startswith("//"):
        return None
    before, _, rest = url.partition(":") if name else ("", "", url)
    host = re.split(r"[/?#]", rest.removeprefix("//"), maxsplit=1)[0]
    if not rest.strip("/") or (not host and not better):
        return f'"{url}" names no host', "write the whole address, as in https://example.org/page, or delete the link"
    if not rest.startswith("//") or not host:
        return f"behind {before}: stand two slashes and a host", f"write {better}"
    if re.fullmatch(r"https?:?", host):
        return f'"{host.rstrip(":")}" is the name of a scheme, not of a host', f"write {better}" if better else "delete one of the two"
    if ".." in host or host.startswith("."):
        return f'"{host}" cannot be a host: there is nothing between two dots', f"write {url.replace(host, _single_dots(host), 1)}"
    return None


def address_fault(url: str, site: str = NOWHERE) -> tuple[str, str] | None:
    """Return why `url` is not a web address, and a remedy; None when it is one. `site` is the address of the site itself."""
    if is_web(url):
        return None
    message = f'"{url}" is not a web address'
    if better := meant(url):
        return message, f"write {better}"
    path = url.replace("\\", "/").removeprefix("file:").rpartition("/")[2]
    if path and (scheme(url) in ("", "file") or re.match(r"[A-Za-z]:[\\/]", url)) and not re.search(r"\s|@", url):
        where = site if site != NOWHERE else "https://desk.example.org/"
        address = f"{where.rstrip('/')}/assets/{quote(path)}"
        known = "write" if site != NOWHERE else "write its whole address, as in"
        return message, f"put the file into content/assets/ and {known} {address}"
    if re.fullmatch(r"[A-Za-z]*:?/*", url):
        return f'"{url}" names no host', "write the whole address, as in https://example.org/page"
    return message, "write an address that begins with https:// and a host, as in https://example.org/page"


def meant(url: str) -> str | None:
    """Return the web address that the author of `url` probably meant; None when that is not clear."""
    text = url.strip().strip("<>").strip()
    if scheme(text) == "doi":
        better = f"https://doi.org/{text.partition(':')[2].strip()}"
    elif text.startswith("//"):
        better = f"https:{text}"
    elif (parts := _PARTS.fullmatch(text.replace("\\", "/"))) and (parts[2] or parts[3]) and (name := _web_scheme(parts[1].lower())):
        if re.match(r"https?[:/]", parts[4]):
            return meant(parts[4])
        better = f"{name}://{parts[4].strip()}"
    elif (host := _HOST.match(text)) and (host.end() < len(text) or host[1].lower() not in _FILES):
        better = f"https://{text}"
    elif re.match(r"localhost(?::\d+)?(?:/|\Z)", text):
        better = f"http://{text}"
    else:
        return None
    better = re.sub(r"\s+", "%20", better)
    return _without_port(better) if _is_whole(_without_port(better)) else None


def _is_whole(url: str) -> bool:
    """Whether `url` is a web address whose host may exist."""
    if not is_web(url):
        return False
    host = urlsplit(url).hostname or ""
    return "%" not in host and ".." not in host and not host.startswith(".")


def _without_port(url: str) -> str:
    """Return `url` without an invalid port."""
    return re.sub(r"^(https?://[^/?#:@\[]+):(?!\d{1,5}(?:[/?#]|\Z))[^/?#@]*(?=[/?#]|\Z)", r"\1", url)


def _web_scheme(name: str) -> str | None:
    """Return `http` or `https`, whichever `name` was meant to be; None for others, such as hxxp, with which analysts defuse an address."""
    if name in ("http", "https"):
        return name
    if not name.startswith("h"):
        return _BEHEADED.get(name)
    near = difflib.get_close_matches(name, ("http", "https"), n=1, cutoff=0.7)
    return near[0] if near else None


def _single_dots(host: str) -> str:
    return re.sub(r"\.{2,}", ".", host).strip(".")
