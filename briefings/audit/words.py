"""Text in one canonical spelling for the search for leaks, however it is escaped, cased, composed or marked up."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Container, Iterator, Sequence
from urllib.parse import unquote

from msgspec import Struct

from briefings.core.text import ALONE, WORD

ROUNDS = 3
"""How often escapes are undone: twice for nested ones, and once more to be sure."""

_IS_ALONE = re.compile(f"[{ALONE}]")
_WORDS = re.compile(WORD)
_SHORT = 7
"""Words of the longest tag that counts as short."""
_OF_AUTHOR = frozenset(("href", "src", "alt", "title", "label", "id"))
"""Attributes whose values an author writes."""
_TAG = r"""<!--.*?-->|<[A-Za-z/!?](?:[^>"']|"[^"]*"|'[^']*')*+>|<[A-Za-z/!?][^>]*>"""
_MARKUP = re.compile(b"(%b)" % _TAG.encode(), re.DOTALL)
_PIECES = re.compile(rf"<script\b.*?</script\s*>|<style\b.*?</style\s*>|{_TAG}|{WORD}", re.DOTALL)

_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_SPACES = {"n": "\n", "r": "\r", "t": "\t", "b": " ", "f": " "}
_UNSEEN = {ord(c): None for c in "\u00ad\u034f\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"}
"""Characters without width, which may stand within a word; all are removed."""
_HAS_UNSEEN = re.compile(f"[{''.join(map(chr, _UNSEEN))}]")

_SIMPLE = re.compile(
    rb"&(?:amp|lt|gt|quot|nbsp|#39|#34|#x27|#x2F);(?![#A-Za-z])|\xc2[\xa0-\xa9\xab-\xac\xae-\xb1\xb4\xb6-\xb8\xbb]"
    rb"|\xe2(?:\x80[\x90-\xbf]|\x86[\x90-\xbf]|[\x87-\x8f\x94-\x9b][\x80-\xbf])"
)
"""What separates words on most pages: escaped signs, dashes, quotation marks."""
_BYTE = re.compile(rb"%[0-9A-Fa-f]{2}")
_LOWER = bytes(range(65)) + bytes(range(97, 123)) + bytes(range(91, 256))
_APART = b"\x1f"
"""A byte between two tags, kept in every stream, so that no run of words reaches from one tag into the next."""
_SIGNS = bytes(c for c in range(128) if not chr(c).isalnum() and c != _APART[0])
_LETTERS = re.compile(f"\x1f|{WORD}")
_SPACED = bytes(ord(" ") if c in _SIGNS else _LOWER[c] for c in range(256))


_SPACES_FOR_TAGS = 2


class Streams(Struct, frozen=True):
    """The words of a file in canonical spelling and UTF-8, joined into long texts that are quick to search."""

    texts: tuple[bytes, ...]
    """The text between the tags; the tags; the text with a space for each tag; and, where the file may not be HTML, all of it."""

    @property
    def squeezed(self) -> list[bytes]:
        """Return each text as letters and digits only, without spaces."""
        # Without spaces, the third text equals the first.
        return [_letters(text.translate(_LOWER, _SIGNS)) for number, text in enumerate(self.texts) if number != _SPACES_FOR_TAGS]

    @property
    def spaced(self) -> list[bytes]:
        """Return each text as words with one space around each."""
        return [b" %b " % _letters(text.translate(_SPACED), b" ").replace(_APART, b" \x1f ") for text in self.texts]


def unescaped(text: str) -> str:
    """Return `text` with the escapes of HTML, URLs and JSON undone."""
    for _ in range(ROUNDS):
        before = text
        if "&" in text:
            text = html.unescape(text)
        if "%" in text and _PERCENT.search(text):
            text = unquote(text)
        if "\\" in text:
            text = _ESCAPE.sub(_unescaped, text)
        if text == before:
            break
    return text


def canonical(text: str) -> str:
    """Return `text` with its escapes undone, in NFKC and without letter case."""
    text = unescaped(text)
    if text.isascii():
        return text.lower()
    if _HAS_UNSEEN.search(text):
        text = text.translate(_UNSEEN)
    # Case folding may decompose a letter.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def is_spaced(word: str) -> bool:
    """Whether `word` belongs to a script that puts spaces between words."""
    return not _IS_ALONE.match(word)


def words_of(text: str) -> list[str]:
    """Return the words of an unescaped `text`."""
    return _WORDS.findall(canonical(text))


def runs(text: str) -> Iterator[Sequence[str]]:
    """Yield the words of a text with markup as runs: first those between the tags, then those of each tag, comment and script.

    Short tags in which an author wrote nothing, such as `<time>`, are left out.
    """
    inside = []
    between = []
    for piece in _PIECES.findall(canonical(text)):
        if piece[0] == "<":
            inside.append(piece)
        else:
            between.append(piece)
    yield between
    for piece in inside:
        found = _WORDS.findall(piece)
        if len(found) > _SHORT or not _OF_AUTHOR.isdisjoint(found) or piece.startswith(("<!", "<script", "<style")):
            yield found


def streams(data: bytes, seen: Container[bytes] = ()) -> tuple[Streams, list[bytes]]:
    """Return the streams of a file, without the tags already `seen`, and its other tags. Bytes that are not UTF-8 are ignored."""
    quick = _SIMPLE.sub(b" ", data)
    if not quick.isascii() or b"&" in quick or b"\\" in quick or (b"%" in quick and _BYTE.search(quick)):
        data = canonical(data.decode(errors="ignore")).encode(errors="ignore")
    else:
        data = quick
    if b"<" not in data:
        return Streams((data,)), []
    parts = _MARKUP.split(data)
    tags = [tag for tag in dict.fromkeys(parts[1::2]) if tag not in seen]
    whole = () if data.lstrip().startswith(b"<") else (data,)
    return Streams((b"".join(parts[::2]), _APART.join(tags), b" ".join(parts[::2]), *whole)), tags


def _letters(data: bytes, between: bytes = b"") -> bytes:
    """Return `data` without signs of any script, with each letter of a script without spaces as a word of its own."""
    return data if data.isascii() else between.join(word.encode() for word in _LETTERS.findall(data.decode(errors="ignore")))


def _unescaped(found: re.Match[str]) -> str:
    text = found[0]
    if len(text) == 2:
        return _SPACES.get(text[1], text[1])
    if len(text) == 12:
        return chr(0x10000 + ((int(text[2:6], 16) & 0x3FF) << 10) + (int(text[8:12], 16) & 0x3FF))
    code = int(text.lstrip("\\ux"), 16)
    return " " if (code < 0x20 and chr(code) not in _SPACES.values()) or 0xD800 <= code < 0xE000 else chr(code)
