"""Classify the addresses in a text, and find where they stand in the file."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import Literal
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from briefings.content.checks.web_addresses import misprint
from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.text import closest
from briefings.core.urls import is_safe, scheme

AddressKind = Literal["web", "odd", "unsafe", "unknown", "note", "actor", "topic", "source", "page", "path"]

_RECORDS: dict[str, AddressKind] = {"note": "note", "actor": "actor", "topic": "topic", "source": "source", "page": "page"}
_FOLLOWED = frozenset((
    *("http", "https", "mailto", "tel", "sms", "callto", "facetime", "skype", "whatsapp", "tg", "sip", "sips", "xmpp", "irc", "ircs"),
    *("matrix", "ftp", "ftps", "sftp", "ssh", "git", "svn", "news", "nntp", "feed", "webcal", "geo", "maps", "magnet", "ipfs"),
    *("urn", "doi", "isbn", "info", "did", "acct", "bitcoin"),
))  # fmt: skip
"""Schemes that need no `//` behind them; a scheme with `//` is always read as one."""
_MAIL = re.compile(r"[^\s@/]+@[^\s@/]+\.[^\W\d_]{2,}")
_HOST = re.compile(
    r"(?:www\.[\w-]+\.|(?:[\w-]+\.)+(?:com|org|net|edu|gov|mil|int|info|eu|uk|us|ru|cn|jp|kr|de|fr|ch|io)(?:/|\Z))", re.IGNORECASE
)
"""Text that begins like a host: only with endings that are rare for files."""
_BEFORE_ADDRESS = frozenset("(<=:\"' \t\n")
_BEHIND_ADDRESS = frozenset(["", *")>#\"' \t\n"])


class Address(Struct, frozen=True):
    """An address in a text, classified by what is needed to find where it leads."""

    kind: AddressKind
    """`web` leads out of the site and is kept as written, and so is `odd`, which looks mistyped; `unsafe` becomes no link; `unknown` leads
    nowhere; for all others the whole site must be known.
    """
    target: str = ""
    """The decoded id, or for `path` the address as written; empty for a fragment alone and for addresses outside the site."""
    fragment: str = ""
    """The decoded fragment, without its `#`."""


WEB = Address("web")
ODD = Address("odd")
UNSAFE = Address("unsafe")
UNKNOWN = Address("unknown")


def classify(href: str) -> Address:
    """Classify the address of a link, which may be percent-encoded in part or as a whole."""
    if href.startswith(("https://", "http://", "//")):
        return ODD if misprint(href) else WEB
    prefix, colon, rest = href.partition(":")
    if colon and prefix in _RECORDS and "%" not in rest:
        # Most other addresses are plain: nothing hidden and nothing to decode.
        target, _, fragment = rest.partition("#")
        return Address(_RECORDS[prefix], target, fragment)
    decoded = unquote(href)
    if not is_safe(decoded):
        return UNSAFE
    name = scheme(href)
    kind = _RECORDS.get(name) if name else "path"
    if kind is None:
        followed = name in _FOLLOWED or name.startswith("web+") or decoded.partition(":")[2].startswith("//")
        if misprint(href):
            return ODD
        return WEB if followed else UNKNOWN
    target, _, fragment = href[href.index(":") + 1 if name else 0 :].partition("#")
    return Address(kind, unquote(target), unquote(fragment))


def doubtful_address(href: str, place: Place) -> Diagnostic:
    """Return the problem of an address of kind `odd` or `unknown`."""
    if found := misprint(href):
        return problem("odd-address", found[0], place, found[1])
    name, _, rest = unquote(href).partition(":")
    otherwise = "link to a web address, to a record by its id, or to a file; write ./ before a file's name that has a colon"
    if "." in name or name == "localhost":
        otherwise = f"write http://{href}"
    near = closest(name.strip(), (*_RECORDS, "mailto"))
    remedy = f'did you mean "{near}:{rest}"?' if near else otherwise
    return problem("broken-link", f'no program follows an address that begins with "{name}:"', place, remedy)


def meant_by_path(path: str) -> str:
    """Return a remedy for a path without a file that can only be an address of another kind; else empty."""
    if path != path.strip():
        return f"delete the blanks around the address: write {path.strip()}"
    if len(path) > 1 and path[0] == path[-1] and path[0] in "\"'":
        return f"write an address before the title, as in [words](note:un-offer {path})"
    if _MAIL.fullmatch(path):
        return f"write mailto:{path}"
    return f"write https://{path}" if _HOST.match(path) else ""


def remote_image(src: str, place: Place) -> Diagnostic:
    """Return the problem of an image whose address is of kind `web`."""
    host = urlsplit(src).netloc if "[" not in src else ""
    message = f"the image comes from {host or 'another host'}: the themes' policy does not load it, and readers would be seen there"
    return problem("remote-image", message, place, "put the file beside this one, and write its name")


_UNSHOWN = {
    **dict.fromkeys((".heic", ".heif", ".jxl", ".tif", ".tiff", ".psd", ".raw", ".dng", ".cr2", ".nef", ".eps", ".ai"), True),
    **dict.fromkeys((".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi", ".ogv", ".mp3", ".m4a", ".wav", ".ogg", ".pdf"), False),
}
"""Suffixes of files that browsers do not show as pictures, each with whether the files are pictures."""


def unshown_image(target: str, place: Place) -> Diagnostic | None:
    """Return the problem of an image of a type that most browsers do not show; None for any other."""
    _, dot, ending = target.lower().rpartition(".")
    is_picture = _UNSHOWN.get(dot + ending)
    if is_picture is None:
        return None
    remedy = "save it as JPEG, PNG, WebP or AVIF" if is_picture else f"link to it instead: [what it shows]({target})"
    return problem("unshown-image", f"most browsers do not show a .{ending} file where a picture stands", place, remedy)


class Locator:
    """Finds the places in the file of links and images of a text; equal ones are found one after the other."""

    def __init__(self, text: str, path: str, first_line: int) -> None:
        self._text = text
        self._path = path
        self._first_line = first_line
        self._starts: list[int] = []
        """The offset at which each line begins; computed at the first question, because most texts need no places."""
        self._block = -1
        self._cursor = 0

    def find(self, needles: tuple[str, ...], block: list[int] | None, definition: list[int] | None = None) -> Place:
        """Return the place of the first of `needles` that is found: the spellings in which an address or citation may be written.

        `block` and `definition` are ranges of lines of the text, from 0: the paragraph, and the link reference definition with the address.
        If neither holds a needle (because of entities or escapes), the place is the paragraph's start.
        """
        if block is None:
            return Place(self._path, self._first_line, 1)
        if not self._starts:
            self._starts = list(accumulate([len(line) + 1 for line in self._text.split("\n")[:-1]], initial=0))
        begin, end = self._start(block[0]), self._start(block[1])
        if block[0] != self._block:
            self._block, self._cursor = block[0], begin
        # An image within a link is looked up after the link, whose address stands behind it.
        spans = [(self._cursor, end), (begin, self._cursor)]
        if definition is not None:
            spans.insert(1, (self._start(definition[0]), self._start(definition[1])))
        for start, stop in spans:
            for needle in needles:
                at = self._search(needle, start, stop)
                if at >= 0:
                    if stop == end:
                        self._cursor = at + len(needle)
                    line = bisect_right(self._starts, at) - 1
                    return Place(self._path, self._first_line + line, at - self._starts[line] + 1, len(needle))
        return Place(self._path, self._first_line + block[0], 1)

    def line(self, number: int) -> Place:
        """Return the place of line `number` of the text, from 0."""
        written = self._text.split("\n")[number]
        indent = len(written) - len(written.lstrip())
        return Place(self._path, self._first_line + number, indent + 1, max(len(written.strip()), 1))

    def line_number(self, number: int) -> int:
        """Return the line of the file that line `number` of the text, from 0, is."""
        return self._first_line + number

    def find_anywhere(self, needles: tuple[str, ...]) -> Place:
        """Return the place of an address in raw HTML, for which no paragraph is known; or else the text's start."""
        return self.find(needles, [0, self._text.count("\n") + 1])

    def _start(self, line: int) -> int:
        return self._starts[line] if line < len(self._starts) else len(self._text)

    def _search(self, needle: str, start: int, stop: int) -> int:
        """Return the offset of `needle` as a whole, so that `note:a` is not found in `note:a-b`; -1 when it is absent."""
        text = self._text
        while needle and (at := text.find(needle, start, stop)) >= 0:
            end = at + len(needle)
            if needle[0] in "[{<(" or (text[at - 1 : at] in _BEFORE_ADDRESS and text[end : end + 1] in _BEHIND_ADDRESS):
                return at
            start = end
        return -1
