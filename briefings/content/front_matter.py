"""Decode the bytes of a file, and split a Markdown file into front matter and body."""

from __future__ import annotations

import codecs
import re
import unicodedata

from msgspec import Struct

from briefings.content.checks.conflicts import conflicts
from briefings.content.checks.hidden import hidden_characters
from briefings.content.checks.placeholders import placeholder
from briefings.content.entries import Visible
from briefings.content.yaml.positions import UNFIT
from briefings.core.diagnostics import Diagnostic, Place, problem

_EXAMPLE = "begin the file with a line of ---, then title: … and what else it needs, one key a line, then another line of ---"
_OPEN = re.compile(r"---[ \t]*(?:\n|\Z)")
_CLOSE = re.compile(r"\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_PROTECTING = (*Visible.__struct_fields__, "withdrawn")
"""Keys that restrict who may see a record, and when; if one is overlooked, protected content is published."""
_CUT_OFF = re.compile(rf"[ \t]*[\"']?({'|'.join(_PROTECTING)})[\"']?[ \t]*:")
_LIKE_A_HEADER = re.compile(r"[-. \t]*\Z|[\"']?[a-z_]+[\"']?[ \t]*:|[ \t#]|- ")
"""How a line begins that could belong to a header: blank, a mark, a key, or a continuation of the key above."""

_LEVELS = ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED")
_DRESS = r"[\s*_#()\[\]\"'.-]*+"
"""Signs that may stand around a label, such as brackets and asterisks; all that are there, so that many are read once."""
_LABEL = re.compile(
    rf"""{_DRESS}(?:(?:marking|classification|distribution)\b{_DRESS}:)?{_DRESS}(?:
        TLP[ :-]{{1,2}}(?P<marking>GREEN|AMBER(?:[ ]?\+[ ]?STRICT)?|RED)
      | (?P<draft>draft{_DRESS}:{_DRESS}true)
      | (?P<embargo>(?:under[ ]|strict[ ])*embargo(?:ed)?(?:{_DRESS}:[^.\n]*\d|\b[^.\n]*\b(?:until|till)\b[^.\n]*\d)[^.\n]*)
    ){_DRESS}""",
    re.VERBOSE | re.IGNORECASE,
)
"""A line that is only a label saying who may see a text, or from when, as writers put above or below it."""


class FrontMatter(Struct, frozen=True):
    """The front matter and the body of a Markdown file, each with the line of the file on which it begins."""

    header: str
    header_line: int
    body: str
    body_line: int


def is_markdown(path: str) -> bool:
    """Whether the file at `path` is Markdown with front matter; otherwise it is YAML."""
    return path.lower().endswith(".md")


def decode(path: str, data: bytes) -> tuple[str | None, tuple[Diagnostic, ...]]:
    r"""Decode a file: UTF-8 in NFC, without byte order marks, with `\n` at line ends. The text is None when that fails.

    A text may come with warnings of invisible characters in it.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None, (problem("not-utf8", "the file is UTF-16", Place(path, 1, 1), "save it as UTF-8"),)
    if (pointer := placeholder(path, data)) is not None:
        return None, (pointer,)
    content = without_marks(data)
    try:
        text = normalise_newlines(content.decode())
    except UnicodeDecodeError as error:
        before = normalise_newlines(content[: error.start].decode())
        byte = content[error.start]
        offset = error.start + len(data) - len(content)
        meant = bytes([byte]).decode("cp1252", "replace")
        guess = f'; in Windows-1252 it would be "{meant}"' if meant.isprintable() and meant != "\ufffd" else ""
        # The excerpt shows the byte as four characters: \xe9.
        place = Place(path, before.count("\n") + 1, len(before) - before.rfind("\n"), 4)
        message = f"the byte 0x{byte:02X} at offset {offset} is not UTF-8{guess}"
        return None, (problem("not-utf8", message, place, "save the file as UTF-8"),)
    # A printable text has no unfit character, and this test is quicker than a search for one.
    printable = text.replace("\n", " ").isprintable()
    found = None if printable else UNFIT.search(text)
    if found is None:
        if left := conflicts(path, text, is_markdown=is_markdown(path)):
            return None, left
        # An accented id typed on one machine must equal the same id typed on another.
        text = unicodedata.normalize("NFC", text)
        return text, () if printable or text.isascii() else tuple(hidden_characters(path, text, _header_end(path, text)))
    others = sum(1 for _ in UNFIT.finditer(text)) - 1
    more = f" and {others:,} more" if others else ""
    message = f"the file holds the character U+{ord(found.group()):04X}{more}, which no page may contain"
    line_start = text.rfind("\n", 0, found.start()) + 1
    place = Place(path, text.count("\n", 0, found.start()) + 1, found.start() - line_start + 1)
    remedy = "save the file as UTF-8" if found.group() == "\0" else "delete it"
    return None, (problem("control-character", message, place, remedy),)


def without_marks(data: bytes) -> bytes:
    """Return `data` without byte order marks at its beginning; a file that two programs have saved may have several."""
    while data.startswith(codecs.BOM_UTF8):
        data = data.removeprefix(codecs.BOM_UTF8)
    return data


def _header_end(path: str, text: str) -> int:
    closing = _CLOSE.search(text) if is_markdown(path) else None
    return closing.start() if closing else len(text)


def normalise_newlines(text: str) -> str:
    r"""Return `text` with `\n` for `\r\n` and `\r`."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def split(path: str, text: str) -> tuple[FrontMatter | None, tuple[Diagnostic, ...]]:
    """Split a Markdown file into header and body. Problems beside a result mean that the body seems to hold a part of the header."""
    opening = _OPEN.match(text)
    if opening is None:
        if _OPEN.match(text.lstrip("\n \t")):
            message, remedy = "the front matter does not begin on the first line", "delete what stands above the first ---"
        elif text.startswith("+++"):
            message, remedy = "the front matter is TOML", "write it as YAML between two lines of ---"
        else:
            message, remedy = "the file has no front matter", _EXAMPLE
        return None, (problem("missing-header", message, Place(path, 1, 1), remedy),)
    start = opening.end()
    # The search begins at the line break before the header, so that an empty header is found too.
    closing = _CLOSE.search(text, start - 1)
    if closing is None:
        message = "the front matter is not closed"
        return None, (problem("missing-header", message, Place(path, 1, 1, 3), "write a line of --- after its last key"),)
    header = text[start : closing.start() + 1]
    parts = FrontMatter(header, 2, text[closing.end() :], text.count("\n", 0, closing.end()) + 1)
    return parts, _cut_off(path, parts) or _labelled(path, parts)


def _cut_off(path: str, parts: FrontMatter) -> tuple[Diagnostic, ...]:
    """Return a problem when a line of --- has ended the header above a key that restricts who may see the record.

    Only lines at the beginning of the body that could stand in a header are checked; most texts have none.
    """
    start, line = 0, parts.body_line
    while start < len(parts.body):
        end = parts.body.find("\n", start)
        end = len(parts.body) if end < 0 else end
        written = parts.body[start:end]
        if found := _CUT_OFF.match(written):
            message = f'"{found[1]}" stands below the front matter, where it protects nothing'
            remedy = "move it above the line of --- that ends the front matter, or begin the body with other words"
            return (problem("split-header", message, Place(path, line, found.start(1) + 1, len(found[1])), remedy),)
        if not _LIKE_A_HEADER.match(written):
            return ()
        start, line = end + 1, line + 1
    return ()


def _labelled(path: str, parts: FrontMatter) -> tuple[Diagnostic, ...]:
    """Return a problem when the first line of the body, or a marking in its last, restricts its readers and the header does not."""
    lines = parts.body.split("\n")
    written = [number for number, line in enumerate(lines) if line.strip()]
    for number in written[:1] + written[-1:]:
        found = _LABEL.fullmatch(lines[number])
        if found is None or not (key := found.lastgroup) or (key != "marking" and number != written[0]):
            continue
        said = re.search(rf"^{key}[ \t]*:[ \t]*[\"']?([^\s\"'#]+)", parts.header, re.MULTILINE)
        value = ": and the time, with its offset"
        if key == "marking":
            label = f"TLP:{found[key].upper().replace(' ', '')}"
            if said and said[1] in _LEVELS and _LEVELS.index(said[1]) >= _LEVELS.index(label):
                continue
            value = f": {label}"
        elif said:
            continue
        elif key == "draft":
            value = ": true"
        shown = lines[number].strip()
        message = f'"{shown}" stands in the text, where it protects nothing'
        remedy = f"write {key}{value} in the front matter; to show it to readers, make a sentence of it"
        column = len(lines[number]) - len(lines[number].lstrip()) + 1
        return (problem("split-header", message, Place(path, parts.body_line + number, column, len(shown)), remedy),)
    return ()
