"""Comments in a source that allow one finding on one line: `<!-- briefings: allow CODE: reason -->`, or `# …` in YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, structs

from briefings.content import front_matter
from briefings.content.markdown.code_lines import CodeLines

_WORDS = r"briefings:[ \t]*allow[ \t]+(?P<code>[\w-]+)[ \t]*:?[ \t]*(?P<reason>.*?)[ \t]*"
_IN_MARKDOWN = re.compile(rf"(?:^|(?<=\s))<!--[ \t]*{_WORDS}-->[ \t]*$")
_IN_YAML = re.compile(rf"(?:^|(?<=\s))#[ \t]*{_WORDS}$")


class Silence(Struct, frozen=True):
    """A comment that allows a finding."""

    path: str
    line: int
    column: int
    width: int
    code: str
    reason: str
    """Empty where none is given: then nothing is silenced."""
    target: int
    """The line whose findings it allows: its own, or the next with words below a comment that has a line to itself."""


def silences(path: str, data: bytes) -> tuple[Silence, ...]:
    """The silences in the file at `path`. What stands in a block of code is an example."""
    if b"briefings:" not in data:
        return ()
    text, _ = front_matter.decode(path, data)
    if text is None:
        return ()
    lines = text.split("\n")
    found = list(_found(path, lines, _header_end(path, text)))
    alone = {one.line for one in found if not lines[one.line - 1][: one.column - 1].strip()}
    passed_over = alone | {number for number, line in enumerate(lines, 1) if not line.strip()}
    return tuple(_aimed(one, passed_over) if one.line in alone else one for one in found)


def _header_end(path: str, text: str) -> int:
    """The last line that is YAML."""
    if not front_matter.is_markdown(path):
        return text.count("\n") + 1
    parts, _ = front_matter.split(path, text)
    return 0 if parts is None else parts.body_line - 1


def _found(path: str, lines: list[str], header_end: int) -> Iterator[Silence]:
    code = CodeLines()
    for number, line in enumerate(lines, 1):
        # What is indented in YAML is no code, and a text in it has few examples.
        if (number > header_end and code.words(line) is None) or "briefings:" not in line:
            continue
        # The text of a record in YAML is Markdown, too.
        comment = _IN_MARKDOWN.search(line) if number > header_end or not front_matter.is_markdown(path) else None
        if comment is None and number <= header_end:
            comment = _IN_YAML.search(line)
        if comment is not None:
            width = len(comment.group().rstrip())
            yield Silence(path, number, comment.start() + 1, width, comment["code"], comment["reason"], number)


def _aimed(one: Silence, passed_over: set[int]) -> Silence:
    """A silence with a line to itself, with its target: the next line that is neither empty nor a silence."""
    target = one.line
    while target in passed_over:
        target += 1
    return structs.replace(one, target=target)
