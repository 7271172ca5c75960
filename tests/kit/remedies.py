"""Follow a remedy to the letter, like an author who trusts it."""

from __future__ import annotations

import re

from briefings.core.diagnostics import Diagnostic

_QUOTED = re.compile(r"(?P<name>(?:- )?[\w-]+:|-)? ?(?P<quote>[\"'])(?P<text>.*)(?P=quote)")


def followed(text: str, found: Diagnostic) -> str | None:
    """Return `text` after its author followed the remedy of `found`; None for a remedy that leaves a choice."""
    lines = text.split("\n")
    index = found.place.line - 1
    remedy = found.remedy.partition("; ")[0]
    if not found.place.line or "whichever is meant" in found.remedy or " as in " in remedy or remedy.startswith("write the "):
        return None
    line, start = lines[index], found.place.column - 1
    end = start + found.place.width
    new: str | None = None
    if meant := re.fullmatch(r'did you mean "(.+)"\?', remedy):
        # The word that the message quotes is the one meant; a link's address has its kind before it.
        quoted = re.search(r'"([^"]+)"', found.message)
        at = line.find(quoted[1], start, end) if quoted and ":" not in meant[1] else -1
        new = _put(line, at, at + len(quoted[1]), meant[1]) if quoted and at >= 0 else _put(line, start, end, meant[1])
    elif instead := re.fullmatch(r"write (.+) in its place", remedy):
        new = instead[1]
    elif written := re.fullmatch(r"(?:write|(?:put|quote) the (?:whole )?(?:value|text) in quotes:|quote the whole value:) (.+)", remedy):
        if (entry := re.match(r"([\w-]+):(?= )", written[1])) and entry[1] not in line and lines[index - 1].strip() == entry[0]:
            # The value stands below its key.
            rest = next(i for i in range(index, len(lines)) if not lines[i].startswith(" "))
            return "\n".join([*lines[: index - 1], written[1], *lines[rest:]])
        new = _written(line, start, end, re.sub(r", or .*", "", written[1]) if remedy.startswith("write") else written[1])
    elif remedy.startswith("delete it"):
        del lines[index]
        return "\n".join(lines)
    elif remedy.startswith("indent with spaces"):
        new = line.replace("\t", "  ")
    elif indented := re.fullmatch(r"indent it(?: and the (?:(\d+) )?lines? below it)? by (\d+) spaces", remedy):
        below = int(indented[1] or "line below" in remedy)
        return "\n".join(" " * int(indented[2]) + one.strip() if index <= i <= index + below else one for i, one in enumerate(lines))
    elif re.fullmatch(r"begin \S+ in the same column as the other keys of its mapping", remedy):
        new = " " * _column(lines[index - 1]) + line.strip()
    if new is None or new == line:
        return None
    lines[index] = new
    return "\n".join(lines)


def _put(line: str, start: int, end: int, new: str) -> str:
    return line[:start] + new + line[end:]


def _written(line: str, start: int, end: int, new: str) -> str:
    """Return `line` with `new` in the place of the fault: the quoted text, the key's entry, or the text at the place."""
    if quoted := _QUOTED.fullmatch(new):
        bare = f"{quoted['name']} {quoted['text']}" if quoted["name"] else quoted["text"]
        if bare.replace("''", "'") in line:
            return line.replace(bare.replace("''", "'"), new, 1)
    if entry := re.match(r"([\w-]+):(?= )", new):
        at = line.rfind(entry[1], 0, start + len(entry[1]) + 1)
        if at >= 0:
            tail = re.search(r"[}\]]+$", line) if line[:at].count("{") > line[:at].count("}") else None
            return _put(line, at, _end_of_entry(line, at) if tail else len(line), new)
    if new.startswith("{id: ") and line[start:].startswith(new.split()[1].replace(",", ": ")):
        # A mapping in place of a list item began with its id.
        return line[:start] + new
    if new.startswith("- "):
        return line[: len(line) - len(line.lstrip())] + new
    return _put(line, start, end, new)


def _end_of_entry(line: str, at: int) -> int:
    """Return where an entry between braces ends: before the comma of the next key, or the closing brace."""
    found = re.search(r",(?= [\w-]+:)|[}\]]", line[at:])
    return at + found.start() if found else len(line)


def _column(line: str) -> int:
    return re.match(r"[ ]*(?:- )?", line).end()  # type: ignore[union-attr] # it matches anything
