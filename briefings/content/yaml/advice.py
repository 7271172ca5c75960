"""Explain a YAML syntax error to someone who has not read the YAML specification."""

from __future__ import annotations

import re

import yaml
from msgspec import Struct

_ENTRY = re.compile(r"(?P<key>[ ]*(?:- +)?[^\s:#\"'\[{][^:]*):[ \t]+(?P<value>\S.*?)\s*")

_KEY = re.compile(r"([ ]*(?:- +)?)([\w-]+):(?=\s|\Z)")
_BLOCK_ABOVE = re.compile(r":[ \t]+([|>][-+\d]*)[ \t]*\n[\s]*\Z")
"""The sign of a block text (`|` or `>`) at the end of a line, followed by nothing but empty lines."""
_BLOCK_BEGINS = re.compile(r"([ ]*(?:- +)*)(?:[^#\s].*:[ \t]+)?[|>][-+\d]*[ \t]*(?:#.*)?")
"""A line that ends with the sign of a block text."""
_PIECES = re.compile(r"(?:\s*,\s*[^\s,:{}\[\]#][^,:{}\[\]#\n]*(?=[,}]))*")
"""Further words between braces, separated by commas and without a colon."""
_HIDDEN = re.compile(r"[ \t]*(#[^\s#].*)")


class _Block(Struct, frozen=True):
    """A block text (after `|` or `>`), and the line that ended it too soon."""

    column: int
    """The column of its key, from 0."""
    indent: int
    """The number of spaces before its first line."""
    line_start: int
    """The offset of the first line that is indented less."""


def advice(text: str, error: yaml.MarkedYAMLError) -> tuple[int, str, str]:
    """Return the place of the mistake (an offset in `text`, in characters), what is wrong, and a remedy."""
    problem = error.problem or ""
    place = min(error.problem_mark.index if error.problem_mark else 0, len(text))
    context = error.context_mark.index if error.context_mark else place
    line_start = text.rfind("\n", 0, place) + 1
    line = text[line_start:].partition("\n")[0]
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return line_start + line.index("\t"), "a tab is used for indentation", "indent with spaces"
    if (block := _block_above(text, line_start)) and block.column < _indent(line):
        return _too_little(text, block)
    entry = _ENTRY.fullmatch(line)
    if entry is not None and place >= line_start + entry.start("value"):
        found = _in_value(entry["value"], problem)
        if found is not None:
            message, remedy = found
            if message.startswith("a value"):
                place = line_start + entry.start("value")
            return place, message, remedy.format(f"{entry['key'].strip()}: {quoted(entry['value'])}")
    if "quoted scalar" in (error.context or "") and "unexpected" in problem:
        return context, "this quotation mark is never closed", "add the closing mark, or put the value in quotes of the other kind"
    if "escape" in problem:
        return place, "the backslash begins an escape that does not exist", "write \\\\ for a backslash, or use single quotes"
    if "flow sequence" in (error.context or "") or "flow mapping" in (error.context or ""):
        return _in_brackets(text, place, context, "]" if "sequence" in (error.context or "") else "}")
    if "alias" in (error.context or "") and (item := re.fullmatch(r"[ ]*\*[ ]+(\S.*?)\s*", line)):
        return line_start + _indent(line), "an item of a list begins with - here, and not with *", f"write - {item[1]}"
    if "node content" in problem:
        return place, "there is nothing before this comma", "delete the comma, or put the value in quotes if it is text"
    if "simple key" in (error.context or ""):
        return context, *_no_colon(text, context)
    if "mapping values" in problem or "expected key" in problem or "'-' indicator" in problem or "document start" in problem:
        return _misfit(text, place, line_start, line)
    return place, f"this is not YAML: {problem}", "put the value in quotes if it is text"


def _in_brackets(text: str, place: int, context: int, bracket: str) -> tuple[int, str, str]:
    """Explain a mistake between brackets; the opening `bracket` stands at the offset `context`."""
    line_start = text.rfind("\n", 0, place) + 1
    if text[place : place + 1] == ":" and context >= line_start:
        return place, "a second colon in a value that is not quoted", "put the value in quotes"
    hidden = re.search(r"([^\s,\[{:][^,\[{:\n]*[ \t])?(#[^\s#][^,\]}\n]*)", text[context:place])
    if hidden is not None and hidden[1]:
        message = "a space and # begin a comment, which hides what follows up to the end of the line"
        return context + hidden.start(2), message, f"put the value in quotes: {quoted(hidden[0].strip())}"
    return context, "this bracket is not closed, or a comma is missing after it", f"add {bracket} after the last item"


def _no_colon(text: str, place: int) -> tuple[str, str]:
    """Explain a mistake in a line that begins at `place` and should hold a key or an item."""
    line = text[place:].partition("\n")[0].rstrip()
    if opening := _BLOCK_ABOVE.search(text[:place]):
        return f"the text after {opening[1]} is not indented", "begin each of its lines with two spaces more than its key"
    if glued := re.match(r"-(?=[^\s-])", line):
        return "there is no space after the -", f"write - {line[glued.end() :]}"
    if glued := re.match(r"([\w-]+)[ \t]*(?::(?!//)|=|[\uff1a\ufe55\ua789])[ \t]*(?=\S)", line):
        return "there is no colon with a space after it", f"write {glued[1]}: {line[glued.end() :]}"
    block = _block_above(text, text.rfind("\n", 0, place) + 1)
    otherwise = f"; if it belongs to the text above, indent it by {block.indent} spaces" if block else ""
    return "a key without a colon", "write it as key: value, with a space after the colon" + otherwise


def _block_above(text: str, line_start: int) -> _Block | None:
    """Return the block text that was ended by the line at `line_start`, because that line is indented less; else None."""
    lines = [*text[:line_start].split("\n")[:-1], text[line_start:].partition("\n")[0]]
    column = _indent(lines[-1])
    first = len(lines) - 1
    while True:
        first -= 1
        if first < 0:
            return None
        line = lines[first]
        opening = _BLOCK_BEGINS.fullmatch(line)
        if opening and len(opening[1]) <= column:
            break
        if line.strip():
            # All lines between the key and this line belong to the text, so they are indented more than the key.
            column = min(column, _indent(line) - 1)
    indent, begun, start = 0, False, len("\n".join(lines[: first + 1])) + 1
    for line in lines[first + 1 :]:
        # An empty line with more spaces than the first word is an error too.
        if line.strip() and _indent(line) < indent:
            return _Block(len(opening[1]), indent, start)
        indent = indent if begun else max(indent, _indent(line))
        begun = begun or bool(line.strip())
        start += len(line) + 1
    return None


def _too_little(text: str, block: _Block) -> tuple[int, str, str]:
    """Explain a mistake in a line that is indented more than the key of the block text above it, but less than its text."""
    line, *below = text[block.line_start :].split("\n")
    more = 0
    for index, one in enumerate(below, 1):
        if one.strip() and _indent(one) <= block.column:
            break
        more = index if one.strip() and _indent(one) < block.indent else more
    which = "it" if not more else f"it and the {f'{more} lines' if more > 1 else 'line'} below it"
    remedy = f"indent {which} by {block.indent} spaces"
    if key := _KEY.match(line):
        remedy += f" if it belongs to the text above, or begin {key[2]} in the same column as the other keys of its mapping"
    place = block.line_start + _indent(line)
    return place, f"this line is indented by {_spaces(_indent(line))}, but the text above begins with {_spaces(block.indent)}", remedy


def _spaces(number: int) -> str:
    return f"{number} space{'s' * (number != 1)}"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _misfit(text: str, place: int, line_start: int, line: str) -> tuple[int, str, str]:
    """Explain a mistake in a line that does not fit those above it."""
    message = "this does not fit the lines above"
    above_start = text.rfind("\n", 0, max(line_start - 1, 0)) + 1
    above = text[above_start : max(line_start - 1, 0)]
    if re.search(r"[^#\s].*[ \t]#", above) and not _KEY.match(line):
        remedy = "put the whole text in quotes, from its first line to its last, or delete the comment"
        return place, "the # in the line above ended the text to which this line belongs", remedy
    if glued := re.fullmatch(r"([ ]*(?:- +)?)([\w-]+):(?!//)([^\s:].*)", above):
        at = above_start + glued.end(2)
        return (
            at,
            "there is no space after this colon",
            f"write {glued[1].strip()}{' ' * bool(glued[1].strip())}{glued[2]}: {glued[3].rstrip()}",
        )
    if re.fullmatch(r"[^\s:#-][^:]*", above):
        return above_start, "a key without a colon", "write it as key: value, with a space after the colon"
    if key := _KEY.match(line):
        remedy = f"begin {key[2]} in the same column as the other keys of its mapping"
        goes_on = re.match(r"([ ]*)[^\s:#-][^:]*:[ ]+[^\s|>]", above) if above.strip() else None
        if goes_on and len(goes_on[1]) < len(key[1]):
            remedy += "; if it belongs to the text above, put all of that in quotes"
        return place, message, remedy
    return place, message, "begin all keys of one mapping, and all items of one list, in the same column"


def is_piece(text: str, end: int, start: int, stop: int) -> bool:
    """Whether the text from `start` to `stop` between braces, which has no colon, continues the value that ended at `end`."""
    return re.fullmatch(r"\s*,\s*", text[end:start]) is not None and not text[stop:].lstrip().startswith(":")


def comma_in_value(text: str, name: str, value: int, start: int, stop: int) -> tuple[str, str]:
    """Explain a value between braces that a comma cut in two; the words from `start` to `stop` are left over."""
    further = _PIECES.match(text, stop)
    whole = text[value : further.end() if further else stop]
    message = f'"{text[start:stop]}" has no value: the comma before it ended that of "{name}"'
    if re.fullmatch(r"-?\d{1,3}(?:,\s?\d{3})+", whole):
        digits = re.sub(r"[,\s]", "", whole)
        return message, f"write {name}: {digits}"
    return message, f"put the value in quotes: {name}: {quoted(' '.join(whole.split()))}"


def no_value(text: str, name: str, end: int) -> tuple[str, str]:
    """Explain a key without a value; the key ends at the offset `end`."""
    hidden = _HIDDEN.match(text, end + 1)
    if hidden is not None:
        return f'"{name}" has no value: # begins a comment', f"put the text in quotes: {name}: {quoted(hidden[1].rstrip())}"
    if text[end:].lstrip()[:1] in (",", "}"):
        return f'"{name}" has no value', "write it as key: value, or delete it; a list stands in [ ]"
    return f'"{name}" has no value', "give it a value or delete the line"


def no_item(text: str, end: int) -> tuple[str, str]:
    """Explain an item of a list without a value; its hyphen ends at the offset `end`."""
    hidden = _HIDDEN.match(text, end)
    if hidden is not None:
        return "an item of this list is empty: # begins a comment", f"put the text in quotes: - {quoted(hidden[1].rstrip())}"
    return "an item of this list is empty", "give it a value or delete the line"


def _in_value(value: str, problem: str) -> tuple[str, str] | None:
    """Explain a mistake in the value of a single line; `{}` in the remedy stands for the corrected line."""
    if value[0] in "\"'":
        end = re.match(r'"(?:[^"\\]|\\.)*"|' + r"'(?:[^']|'')*'", value)
        if end is not None and end.end() < len(value) and "escape" not in problem:
            return "text follows the closing quotation mark", "quote the whole value: {}"
        return None
    if "mapping values" in problem:
        return "a second colon in a value that is not quoted", "put the value in quotes: {}"
    if (value[0] in "[{" and "expected key" in problem) or (value[0] in "[{" and "block end" in problem):
        return "text follows the closing bracket", "put the value in quotes: {}"
    if value[0] in "@`%*&!|>,]}?-" and not re.fullmatch(r"[|>][-+\d]*", value):
        return f"a value that is not quoted cannot begin with {value[0]}", "put the value in quotes: {}"
    return None


def quoted(value: str) -> str:
    """Return `value` as a YAML scalar in quotes; quotation marks already around it are replaced."""
    plain = value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
    return f'"{plain}"' if '"' not in plain and "\\" not in plain else "'" + plain.replace("'", "''") + "'"
