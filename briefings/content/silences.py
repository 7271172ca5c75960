"""Apply the severities of site.yaml to findings, and leave out those that a comment allows on its line.

Such a comment is `<!-- briefings: allow CODE: reason -->` in Markdown and `# briefings: allow CODE: reason` in YAML.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, structs

from briefings.content import front_matter
from briefings.content.markdown.code_lines import CodeLines
from briefings.core.config import Level
from briefings.core.diagnostics import CODES, Diagnostic, Place, problem
from briefings.core.text import did_you_mean

_WORDS = r"briefings:[ \t]*allow[ \t]+(?P<code>[\w-]+)[ \t]*:?[ \t]*(?P<reason>.*?)[ \t]*"
_IN_MARKDOWN = re.compile(rf"(?:^|(?<=\s))<!--[ \t]*{_WORDS}-->[ \t]*$")
_IN_YAML = re.compile(rf"(?:^|(?<=\s))#[ \t]*{_WORDS}$")


class Silence(Struct, frozen=True):
    """A comment that allows a finding on one line."""

    path: str
    line: int
    column: int
    width: int
    code: str
    reason: str
    """The reason that the author gives; without one, the comment silences nothing."""
    target: int
    """The line whose findings are allowed: that of the comment, or the next line with words where the comment has a line to itself."""


class Judged(Struct, frozen=True):
    """Findings after severities and silences were applied."""

    diagnostics: tuple[Diagnostic, ...]
    """The remaining findings, with line, column and excerpt, sorted."""
    used: frozenset[Silence]
    """The silences that left out a finding."""


def silences(path: str, data: bytes) -> tuple[Silence, ...]:
    """Return the silences in the file at `path`. A comment in a block of code is an example, and silences nothing."""
    if b"briefings:" not in data or not path.endswith((".md", ".yaml", ".yml")):
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
    """Return the number of the last line of YAML."""
    if not front_matter.is_markdown(path):
        return text.count("\n") + 1
    parts, _ = front_matter.split(path, text)
    return 0 if parts is None else parts.body_line - 1


def _found(path: str, lines: list[str], header_end: int) -> Iterator[Silence]:
    code = CodeLines()
    for number, line in enumerate(lines, 1):
        # Indented lines in YAML are not code, and a text there seldom has examples.
        if (number > header_end and code.words(line) is None) or "briefings:" not in line:
            continue
        # The text of a record in YAML is Markdown, too.
        comment = _IN_MARKDOWN.search(line) if number > header_end or not front_matter.is_markdown(path) else None
        if comment is None and number <= header_end:
            comment = _IN_YAML.search(line)
        if comment is not None:
            width = len(comment.group().rstrip())
            yield Silence(
                path=path,
                line=number,
                column=comment.start() + 1,
                width=width,
                code=comment["code"],
                reason=comment["reason"],
                target=number,
            )


def _aimed(one: Silence, passed_over: set[int]) -> Silence:
    """Return a silence with a line to itself aimed at the next line that is neither empty nor a silence."""
    target = one.line
    while target in passed_over:
        target += 1
    return structs.replace(one, target=target)


def judge(found: Iterable[Diagnostic], levels: Mapping[str, Level], allowed: Mapping[str, Sequence[Silence]]) -> Judged:
    """Apply `levels` and the silences in `allowed`, by path, to findings whose lines are known."""
    kept: list[Diagnostic] = []
    used: set[Silence] = set()
    by_finding: dict[tuple[str, str], list[Silence]] = defaultdict(list)
    for path, listed in allowed.items():
        for one in listed:
            if one.reason:
                by_finding[path, one.code].append(one)
    for diagnostic in found:
        level = levels.get(diagnostic.code, diagnostic.severity)
        if diagnostic.severity == "warning" and level == "off":
            continue
        if diagnostic.severity == "warning" and level == "error":
            diagnostic = structs.replace(diagnostic, severity="error")
        silencing = by_finding.get((diagnostic.place.path, diagnostic.code), ()) if diagnostic.severity == "warning" else ()
        # A problem of the whole file has no line of its own.
        matching = [one for one in silencing if diagnostic.place.line in (0, one.target)]
        used.update(matching)
        if not matching:
            kept.append(diagnostic)
    return Judged(tuple(kept), frozenset(used))


def idle(path: str, listed: Iterable[Silence], used: frozenset[Silence], levels: Mapping[str, Level]) -> Iterable[Diagnostic]:
    """Yield a problem, with the reason, for each silence of the file at `path` that silences nothing."""
    for one in listed:
        if one in used:
            continue
        code = CODES.get(one.code)
        if code is None:
            message, remedy = f'there is no code "{one.code}"', did_you_mean(one.code, CODES, "write the code that the report shows")
        elif code.severity == "error" or levels.get(one.code) == "error":
            message, remedy = f"{one.code} is an error, which no comment can silence", "delete the comment, and put right what it is about"
        elif not one.reason:
            message, remedy = f"this comment gives no reason why {one.code} is allowed", f"write it as allow {one.code}: and the reason"
        else:
            message, remedy = f"there is no {one.code} here to silence", "delete the comment, or move it to the line above the finding"
        yield problem("unused-silence", message, Place(path, one.line, one.column, one.width), remedy)
