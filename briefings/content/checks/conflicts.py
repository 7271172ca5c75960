"""Signs that a merge has left in a file: two versions of its words stand there, and nobody has chosen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from briefings.content.markdown.code_lines import CodeLines
from briefings.core.diagnostics import Diagnostic, Place, problem

_BEGIN = re.compile(r"<{7}(?: |$)")
_BETWEEN = re.compile(r"(?:={7}|\|{7}|%{7}|\+{7}|-{7})(?: |$)")
"""Between two versions; those of Git, Mercurial and Subversion first, then those of Jujutsu."""
_END = re.compile(r">{7} ?[^>]*$")
_BASE = re.compile(r"\|{7} [^|]+$")
"""Before the version that both come from; a row of a table would end with its sign."""


def conflicts(path: str, text: str, *, is_markdown: bool) -> tuple[Diagnostic, ...]:
    """A problem for each conflict in a file, at its first sign. Signs in code that stands between fences are an example."""
    if "<<<<<<<" not in text and ">>>>>>>" not in text and "|||||||" not in text:
        return ()
    return tuple(_conflict(path, line, sign) for line, sign in _first_signs(_lines(text, is_markdown=is_markdown)))


def _lines(text: str, *, is_markdown: bool) -> Iterator[tuple[int, str]]:
    """The lines that are no code, with their numbers."""
    code = CodeLines()
    for number, line in enumerate(text.split("\n"), 1):
        if not is_markdown or code.words(line) is not None:
            yield number, line


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
