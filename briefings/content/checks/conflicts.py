"""Signs that a merge has left in a file: two versions of its words stand there, and nobody has chosen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from briefings.content.markdown.code_lines import CodeLines
from briefings.core.diagnostics import Diagnostic, Place, problem

_BEGIN = re.compile(r"<{7}(?: |$)")
_BETWEEN = re.compile(r"(?:={7}|\|{7}|%{7}|\+{7}|-{7})(?: |$)")
"""Between two versions; those of Git, Mercurial and Subversion first, then those of Jujutsu."""
_END = re.compile(r">{7} ?[^>]*$")
_BASE = re.compile(r"\|{7} [^|]+$")
"""Before the version that both come from; a row of a table would end with its sign."""
_SIGNS = re.compile(rb"^(?:<{7}|={7}|>{7})(?= |\r?$)", re.MULTILINE)
"""In a file of any kind, where only a whole conflict is certain to be one."""


def conflicts(path: str, text: str, *, is_markdown: bool) -> tuple[Diagnostic, ...]:
    """A problem for each conflict in a file, at its first sign. A whole conflict within a block of code is an example."""
    if "<<<<<<<" not in text and ">>>>>>>" not in text and "|||||||" not in text:
        return ()
    return tuple(_conflict(path, line, sign) for line, sign in _first_signs(_lines(text, is_markdown=is_markdown)))


def conflict_in_bytes(path: str, data: bytes) -> Diagnostic | None:
    """The first whole conflict in a text file that is published as it is, or in the part of it that is given; None in any other file."""
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
    """The lines that may hold signs of a merge, with their numbers: all but those of examples in code."""
    code = CodeLines()
    block: list[tuple[int, str]] = []
    for numbered in enumerate(text.split("\n"), 1):
        if is_markdown and code.words(numbered[1]) is None:
            block.append(numbered)
            continue
        yield from () if _is_example(block) else block
        block = []
        yield numbered
    # Code that nothing ends may be what the merge has made of it.
    yield from () if _is_example(block) and not code.in_fence else block


def _is_example(block: Sequence[tuple[int, str]]) -> bool:
    """Whether each conflict in a block of code ends in it, as in one that shows what conflicts look like."""
    signs = [_BEGIN.match(line) is not None for _, line in block if _BEGIN.match(line) or _END.match(line)]
    return signs == [True, False] * (len(signs) // 2)


def _first_signs(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Line and sign of the first line of each conflict, and of signs that a half mended conflict has left."""
    is_open, above = False, ""
    for number, line in lines:
        if _BEGIN.match(line):
            if not is_open:
                yield number, line[:7]
            is_open = True
        # Signs of a quotation within seven others look the same, but stand below such signs.
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
