"""Remove comments, `<!-- … -->` and Obsidian's `%% … %%`, from a text before it is parsed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from msgspec import Struct

from briefings.content.markdown.code_lines import CodeLines
from briefings.core.diagnostics import Diagnostic, Place, problem

BREAK = "<!---->"
"""A mark left for a comment that stands by itself: like an HTML block in Markdown, it separates the blocks around it."""

_SIGN = re.compile(r"\\.|`+|<!--|-->|<[ \t]?![ \t]?[-–—]|%%+", re.DOTALL)
"""Where code or a comment may begin or end; one of the alternatives is what editors make of `<!--`."""
_AFTER_NUMBER = re.compile(r"\d[ \t\u00a0\u202f]*\Z")
_BLOCK = re.compile(r"(?:[ \t]*>)*[ \t]*(?:\n|\Z|[-*+][ \t]|\d{1,9}[.)][ \t]|#|\||:::|`{3}|~{3})")
"""The beginning of a line that ends an inline code span of the line above."""
_GOES_ON = re.compile(r"[ \t]*(?:[-*+][ \t]|\d{1,9}[.)][ \t]|>|\|)")
"""The beginning of a line in a list, quotation or table, which a comment above must not separate from the lines before."""

_OPEN, _OPEN_PAIR, _NESTED, _STRAY, _AS_NUMBER = range(5)
_FAULTS = {
    _OPEN: (
        4,
        "this begins no comment, or a comment that does not end, so it would be published",
        "write <!-- where the comment begins and --> where it ends, or \\<! for plain text",
    ),
    _OPEN_PAIR: (
        2,
        "a comment begins here and does not end, so it would be published",
        "write %% where it ends, or \\%% for plain text",
    ),
    _NESTED: (
        4,
        "a comment begins here within another, which has not ended: the first --> ends both",
        "write --> where the one above is to end, or delete this <!-- and its -->",
    ),
    _STRAY: (
        3,
        "a --> above has ended the comment, so what stands before this one would be published",
        "delete the --> above, or this one; write \\--> for plain text",
    ),
    _AS_NUMBER: (
        2,
        "behind a number, %% begins no comment, so it would be published",
        "write <!-- … --> for a comment, or \\%% for plain text",
    ),
}
"""The faults of a comment, each with the number of characters to underline, a message and a remedy."""


class Uncommented(Struct, frozen=True):
    """A text without its comments, and the positions that its parts had before."""

    text: str
    cuts: tuple[tuple[int, int], ...] = ()
    """Offsets in `text` before which characters were removed, each with their number; in order."""
    lines: tuple[int, ...] = ()
    """The offset at which each line of `text` begins."""
    starts: tuple[int, ...] = ()
    """The offset at which each line began before comments were removed."""

    def place(self, line: int, column: int) -> tuple[int, int]:
        """Convert line and column, from 1, of `text` to those of the text with comments."""
        if not self.cuts:
            return line, column
        offset = self.lines[line - 1] + column - 1
        # A character at the offset of a cut stood behind the removed part.
        number = bisect_right(self.cuts, offset, key=lambda cut: cut[0])
        offset += self.cuts[number - 1][1] if number else 0
        found = bisect_right(self.starts, offset)
        return found, offset - self.starts[found - 1] + 1


def without_comments(text: str, path: str) -> tuple[Uncommented, tuple[Diagnostic, ...]]:
    """Remove the comments from `text`, and report where a comment does not end.

    In code and behind a backslash nothing is a comment, and behind a number `%%` is none.
    """
    if "%%" not in text and ("<" not in text or not re.search("<[ \t]?![ \t]?[-–—]", text)):
        return Uncommented(text), ()
    starts = _line_starts(text)
    comments: list[tuple[int, int]] = []
    problems: list[Diagnostic] = []
    for begin, end, fault in _spans(text, starts):
        if fault is None:
            comments.append((begin, end))
            continue
        line = bisect_right(starts, begin)
        width, message, remedy = _FAULTS[fault]
        problems.append(problem("open-comment", message, Place(path, line, begin - starts[line - 1] + 1, width), remedy))
    return (_cut(text, comments, starts) if comments else Uncommented(text)), tuple(problems)


def _spans(text: str, starts: tuple[int, ...]) -> Iterator[tuple[int, int, int | None]]:
    """Yield begin, end and fault of each comment; a comment with a fault has the place of the fault."""
    lines = CodeLines()
    behind = 0
    """The end of the last comment or code, which may lie on a later line."""
    for begin, next_begin in zip(starts, (*starts[1:], len(text) + 1), strict=True):
        end = next_begin - 1
        if end < behind:
            continue
        if begin >= behind:
            words = lines.words(text[begin:end])
            if words is None:
                continue
            behind = begin + words
        after_comment = behind > begin and text.startswith("-->", behind - 3)
        while found := _SIGN.search(text, behind, end):
            at, sign = found.span()[0], found.group()
            behind = found.end()
            if sign[0] == "`":
                behind = _code_end(text, behind, sign)
            elif sign == "-->":
                if after_comment or (not text[begin:at].strip(" \t>") and not text[behind:end].strip()):
                    yield at, behind, _STRAY
            elif sign[0] == "<":
                spans = tuple(_html(text, at, sign))
                yield from spans
                behind = max(behind, *(stop for _, stop, _ in spans))
                after_comment = spans[0][2] is None
            elif sign == "%%":
                for one in _pair(text, at, begin, end):
                    yield one
                    behind = max(behind, one[1])
        if behind > end or not text[begin:end].strip():
            lines.in_paragraph = False


def _html(text: str, at: int, sign: str) -> Iterator[tuple[int, int, int | None]]:
    """Yield the comment that begins with `sign` at `at`, and its fault, if any."""
    close = text.find("-->", at + 2) if sign == "<!--" else -1
    if close < 0:
        yield at, -1, _OPEN
        return
    yield at, close + 3, None
    inner = text.find("<!--", at + 4, close)
    if inner >= 0:
        yield inner, -1, _NESTED


def _pair(text: str, at: int, line_start: int, line_end: int) -> Iterator[tuple[int, int, int | None]]:
    """Yield the comment that begins with `%%` at `at`, or its fault; nothing where `%%` is text."""
    if _AFTER_NUMBER.search(text, line_start, at):
        if re.compile(r"%%[^\W\d][^%\n]*[^\s\d%]%%(?!%)").match(text, at, line_end):
            yield at, -1, _AS_NUMBER
        return
    close = _obsidian_end(text, at, text[line_start:at])
    if close >= 0:
        yield at, close, None
    elif text[at - 1 : at] in ("", "\n", " ", "\t"):
        yield at, -1, _OPEN_PAIR


def _code_end(text: str, begin: int, sign: str) -> int:
    """Return the end of the code span that begins behind the backquotes `sign`; `begin` when it does not end."""
    stop = begin
    while (stop := text.find("\n", stop)) >= 0 and not _BLOCK.match(text, stop + 1):
        stop += 1
    for found in re.compile("`+").finditer(text, begin, len(text) if stop < 0 else stop):
        if found.group() == sign:
            return found.end()
    return begin


def _obsidian_end(text: str, at: int, before: str) -> int:
    """Return the end of the comment that begins with `%%` at `at`, behind `before` on its line; -1 when it does not end.

    A comment that begins its line may hold whole paragraphs; any other must end in its paragraph, so that two distant signs cannot
    swallow a text.
    """
    whole = not before.strip(" \t>")
    paragraph = text.find("\n\n", at)
    stop = len(text) if whole or paragraph < 0 else paragraph
    for found in re.compile("%%+").finditer(text, at + 2, stop):
        if found.group() == "%%":
            return found.end()
    return -1


def _cut(text: str, comments: list[tuple[int, int]], starts: tuple[int, ...]) -> Uncommented:
    """Remove `comments` from `text`. A line of nothing but comments is removed with its line break."""
    pieces: list[str] = []
    cuts: list[tuple[int, int]] = []
    length = kept = missing = 0
    for begin, end in comments:
        left, right, instead = _edges(text, begin, end, kept)
        pieces += (text[kept:left], instead)
        length += left - kept + len(instead)
        missing += right - left - len(instead)
        cuts.append((length, missing))
        kept = right
    pieces.append(text[kept:])
    shown = "".join(pieces)
    return Uncommented(shown, tuple(cuts), _line_starts(shown), starts)


def _line_starts(text: str) -> tuple[int, ...]:
    return tuple(accumulate((len(line) + 1 for line in text.split("\n")[:-1]), initial=0))


def _edges(text: str, begin: int, end: int, kept: int) -> tuple[int, int, str]:
    """Return begin, end and replacement for the removal of a comment with its spaces or line; nothing before `kept` is removed."""
    line_start = text.rfind("\n", 0, begin) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    before, behind = text[max(line_start, kept) : begin], text[end:line_end]
    if behind.strip():
        # Spaces at the beginning of a line would have a meaning.
        return begin, end + (0 if before.strip() else len(behind) - len(behind.lstrip())), ""
    if before.strip() or kept > line_start:
        # Two spaces at the end of a line would be a line break.
        return begin - (len(before) - len(before.rstrip())), line_end, ""
    if line_start == 0 or text[: line_start - 1].rpartition("\n")[2].strip() == "":
        return begin, line_end, BREAK
    if _GOES_ON.match(text, line_end + 1):
        return line_start, min(line_end + 1, len(text)), ""
    return begin, line_end, BREAK
