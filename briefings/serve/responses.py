"""What the server answers for an address: a page with the client's script in it, a file, or a page that says why there is none."""

from __future__ import annotations

import functools
import re
from html import escape, unescape
from pathlib import Path
from string import Template

from msgspec import Struct

from briefings.core.diagnostics import Diagnostic
from briefings.core.digests import digest
from briefings.rendering.theme import Theme
from briefings.serve.edition import Edition
from briefings.serve.files import content_type
from briefings.serve.lifecycle import Faulty, State
from briefings.serve.renderer import Renderer

CLIENT = Path(__file__).parent / "client"
"""What runs or is shown in the browser."""
CONTROL = "-/"
"""Where the server's own addresses begin, from the site's root; no id begins with a hyphen."""
NONCE = "live"
"""Lets the script of the server, and no other, run where a theme allows none."""
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)
_POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(")', re.IGNORECASE)
_OURS = {"script-src": f"'nonce-{NONCE}'", "style-src": "'self'", "connect-src": "'self'"}
NOT_FOUND_PAGE = "404.html"
OWN = ("500.", "503.")
"""How the tags of the server's own pages begin."""


class ServedPage(Struct, frozen=True):
    """What the server answers with."""

    status: int
    tag: str
    """Differs when the bytes do; in it, too, what kind of page it is, so that none is taken for another."""
    body: bytes
    type: str = "text/html; charset=utf-8"


def lacks_slash(edition: Edition, address: str) -> bool:
    """Whether `address` (from the site's root, decoded) is that of a page's folder, without its slash."""
    return f"{address}/index.html" in edition.pages


def served_page(renderer: Renderer, edition: Edition, address: str, sound_theme: Theme | None) -> ServedPage:
    """The page at `address` (from the site's root, decoded); the site's own 404 page where there is none.

    `sound_theme` shows it where the edition's theme fails to.
    """
    path, status = page_at(address), 200
    if path not in edition.pages:
        path, status = NOT_FOUND_PAGE, 404
    bare = renderer.page(edition, path, sound_theme)
    if isinstance(bare, Diagnostic):
        return error_page(edition.base, 500, "This page cannot be shown", f"{bare.message}.")
    if not edition.is_page(path):
        return ServedPage(status, digest(bare).hex(), bare, content_type(path))
    return dressed(bare, edition.base, status)


def page_at(address: str) -> str:
    """The file of the page at `address`, from the site's root."""
    return f"{address}index.html" if not address or address.endswith("/") else address


def dressed(bare: bytes, base: str, status: int) -> ServedPage:
    """A page with the client in it."""
    tag = digest(bare).hex() if status == 200 else f"{status}.{digest(bare).hex()}"
    return ServedPage(status, tag, with_client(bare.decode(), base, tag).encode())


def with_client(page: str, base: str, tag: str) -> str:
    """`page` with the client's script, and allowed to use it."""
    script = f'<script type="module" src="{escape(base + CONTROL)}live.js" data-page="{tag}" nonce="{NONCE}"></script>'
    page = _POLICY.sub(lambda found: found[1] + escape(allowing(unescape(found[2])), quote=False).replace('"', "&quot;") + found[3], page)
    comments = [found.span() for found in _COMMENT.finditer(page)]
    ends = [found.start() for found in _BODY_END.finditer(page)]
    end = next((end for end in reversed(ends) if not any(start < end < stop for start, stop in comments)), len(page))
    return page[:end] + script + page[end:]


def allowing(policy: str) -> str:
    """The policy of a page, which in addition lets the client work."""
    directives: dict[str, list[str]] = {}
    for name, *sources in (part.split() for part in policy.split(";") if part.strip()):
        directives.setdefault(name.lower(), sources)
    for name, ours in _OURS.items():
        allowed = directives.get(name, directives.get("default-src"))
        if allowed is not None:
            directives[name] = [*(s for s in allowed if s.lower() not in ("'none'", ours)), ours]
    return "; ".join(" ".join((name, *sources)) for name, sources in directives.items())


def error_page(base: str, status: int, title: str, text: str) -> ServedPage:
    """A page of the server's own, which turns into the site's page by itself as soon as there is one."""
    page = _error_page().substitute(title=escape(title), text=escape(text), style=escape(f"{base}{CONTROL}live.css"))
    return dressed(page.encode(), base, status)


@functools.cache
def _error_page() -> Template:
    return Template((CLIENT / "error.html").read_text(encoding="utf-8"))


def stand_in(state: State, problems: tuple[Diagnostic, ...] | None, *, private: bool) -> ServedPage:
    """What is shown where there is no edition; `problems` are those that the site has for the audience and instant that are asked for.

    `private` keeps the desk's folders to itself.
    """
    if problems is not None:
        return error_page(state.base, 500, "The site cannot be shown so", _NOT_SO)
    if isinstance(state.phase, Faulty):
        built = state.phase.built
        return error_page(state.base, 503, "The site has errors", _HAS_ERRORS + (_BUILT.format(built) if built and not private else ""))
    return error_page(state.base, 503, "Building the site…", _BUILDING)


_BUILDING = "This page turns into the site by itself as soon as it is ready."
_HAS_ERRORS = "No page can be shown until they are mended. This page turns into the site by itself when they are."
_BUILT = " Until then, the site as it was last built is in its folder: open {} there in the browser."
_NOT_SO = "For this audience at this instant the site has errors. Choose another below."
