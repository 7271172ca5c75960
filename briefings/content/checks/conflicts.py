"""Conflict markers that a merge has left in a file, between two versions of its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from briefings.content.markdown.code_lines import CodeLines
from briefings.core.diagnostics import Diagnostic, Place, problem

_BEGIN = re.compile(r"<{7}(?: |$)")
_END = re.compile(r">{7} ?[^>]*$")
_BASE = re.compile(r"\|{7} [^|]+$")
"""The marker before the common base of both versions; a row of a table would end with `|`."""
_SIGNS = re.compile(rb"^(?:<{7}|={7}|>{7})(?= |\r?$)", re.MULTILINE)
"""The three markers of a whole conflict, for files in which a single marker proves nothing."""


def conflicts(path: str, text: str, *, is_markdown: bool) -> tuple[Diagnostic, ...]:
    """Return a problem for each conflict in a file, at its first marker. A whole conflict within a block of code is an example."""
    if "<<<<<<<" not in text and ">>>>>>>" not in text and "|||||||" not in text:
        return ()
    return tuple(_conflict(path, line, sign) for line, sign in _first_signs(_lines(text, is_markdown=is_markdown)))


def conflict_in_bytes(path: str, data: bytes) -> Diagnostic | None:
    """Return a problem for the first whole conflict in a text file that is published as it is; `data` may be its beginning alone."""
    if b"<<<<<<<" not in data or b"\n>>>>>>>" not in data or b"\0" in data:
        return None
    begin, below = -1, b""
    for found in _SIGNS.finditer(data):
        sign = found[0][:1]
        if sign == b"<":
            begin = found.start()
        elif sign == b">" and begin >= 0 and below == b"=":
            return _conflict(path, data.count(b"\n", 0, begin) + 1, "<<<<<<<")
        below = sign
    return None


def _lines(text: str, *, is_markdown: bool) -> Iterator[tuple[int, str]]:
    """Yield number and text of each line that may hold a conflict marker: all lines but those of examples in code."""
    code = CodeLines()
    block: list[tuple[int, str]] = []
    for numbered in enumerate(text.split("\n"), 1):
        if is_markdown and code.words(numbered[1]) is None:
            block.append(numbered)
            continue
        yield from () if _is_example(block) else block
        block = []
        yield numbered
    # An unclosed code block may be the result of the merge.
    yield from () if _is_example(block) and not code.in_fence else block


def _is_example(block: Sequence[tuple[int, str]]) -> bool:
    """Whether each conflict in a block of code ends in that block, as in an example of a conflict."""
    signs = [_BEGIN.match(line) is not None for _, line in block if _BEGIN.match(line) or _END.match(line)]
    return signs == [True, False] * (len(signs) // 2)


def _first_signs(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield line and marker of the start of each conflict, and of markers left by a half-resolved one."""
    is_open, above = False, ""
    for number, line in lines:
        if _BEGIN.match(line):
            if not is_open:
                yield number, line[:7]
            is_open = True
        # Seven nested quotations begin with the same signs, but stand below other quotation lines.
        elif _END.match(line) and (is_open or not above.startswith(">")):
            if not is_open:
                yield number, line[:7]
            is_open = False
        elif not is_open and _BASE.match(line):
            yield number, line[:7]
            is_open = True
        above = line


def _conflict(path: str, line: int, sign: str) -> Diagnostic:
    message = "a merge has left a conflict here, so this file holds two versions of the same words"
    remedy = f"keep one of them, and delete the lines that begin with {sign} and with the other signs of the merge"
    return problem("conflict-marker", message, Place(path, line, 1, 7), remedy)
