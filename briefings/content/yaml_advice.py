"""What a YAML syntax error most likely means, in the words of someone who has not read the YAML specification."""

from __future__ import annotations

import re

import yaml

_ENTRY = re.compile(r"(?P<key>[ ]*(?:- +)?[^\s:#\"'\[{][^:]*):[ \t]+(?P<value>\S.*?)\s*")


def advice(text: str, error: yaml.MarkedYAMLError) -> tuple[int, str, str]:
    """Where the mistake is (an offset into `text`, in characters), what is wrong there, and what to do."""
    problem = error.problem or ""
    place = min(error.problem_mark.index if error.problem_mark else 0, len(text))
    context = error.context_mark.index if error.context_mark else place
    line_start = text.rfind("\n", 0, place) + 1
    line = text[line_start:].partition("\n")[0]
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return line_start + line.index("\t"), "a tab is used for indentation", "indent with spaces"
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
        if text[place : place + 1] == ":" and context >= line_start:
            return place, "a second colon in a value that is not quoted", "put the value in quotes"
        bracket = "]" if "sequence" in (error.context or "") else "}"
        return context, "this bracket is not closed, or a comma is missing after it", f"add {bracket} after the last item"
    if "simple key" in (error.context or ""):
        return context, "a key without a colon", "write it as key: value, with a space after the colon"
    if "mapping values" in problem:
        remedy = "put a space after the colon in the line above, and begin all keys of one mapping in the same column"
        return place, "this does not fit the lines above", remedy
    if "expected key" in problem or "'-' indicator" in problem:
        remedy = "begin all keys of one mapping, and all items of one list, in the same column"
        return place, "this does not fit the lines above", remedy
    return place, f"this is not YAML: {problem}", "put the value in quotes if it is text"


def _in_value(value: str, problem: str) -> tuple[str, str] | None:
    """What is wrong in the value of a single line, and a remedy in which `{}` stands for the line put right."""
    if value[0] in "\"'":
        end = re.match(r'"(?:[^"\\]|\\.)*"|' + r"'(?:[^']|'')*'", value)
        if end is not None and end.end() < len(value) and "escape" not in problem:
            return "text follows the closing quotation mark", "quote the whole value: {}"
        return None
    if "mapping values" in problem:
        return "a second colon in a value that is not quoted", "put the value in quotes: {}"
    if value[0] in "@`%*&!|>,]}?-" and not re.fullmatch(r"[|>][-+\d]*", value):
        return f"a value that is not quoted cannot begin with {value[0]}", "put the value in quotes: {}"
    return None


def quoted(value: str) -> str:
    """`value` as a YAML scalar in quotes, without those that it already has around it."""
    plain = value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
    return f'"{plain}"' if '"' not in plain and "\\" not in plain else "'" + plain.replace("'", "''") + "'"
