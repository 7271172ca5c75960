"""Find words that Markdown's rules drop silently: rules remember them, and each kind is reported once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_def

from briefings.content.markdown.links import Locator
from briefings.core.diagnostics import Diagnostic, Place, problem

NESTING = 100
"""Levels of nested blocks that the parser reads; it drops deeper ones."""
_NOTE = re.compile(r"\[\^([^\] ]+)\]:")
_ADDRESS = re.compile(r"[/.:#@]|%[0-9A-Fa-f]{2}")
"""Signs that occur in addresses and not in words."""
_NESTED = frozenset(("list_item_open", "blockquote_open", "dd_open", "container_admonition_open"))


def whole_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a table, and remember cells beyond the columns of its head, which the rule drops."""
    if not table(state, start, end, silent):
        return False
    if not silent:
        width = len(_cells(state, start))
        for line in range(start + 2, state.line):
            row = _line(state, line)
            if row.count("|") - row.startswith("|") - row.endswith("|") >= width:
                lost = " ".join(" ".join(_cells(state, line)[width:]).split())
                if lost:
                    state.env.setdefault("surplus", []).append((line, lost))
    return True


def noted_footnote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a footnote, and note its line in the environment, so that `losses` can tell of an unused one and of a second of one name."""
    label = _NOTE.match(state.src, state.bMarks[start] + state.tShift[start])
    if not footnote_def(state, start, end, silent):
        return False
    if not silent and label is not None:
        lines = state.env.setdefault("notes", {})
        if label[1] in lines:
            state.env.setdefault("second_notes", []).append((lines[label[1]], label[1]))
        lines[label[1]] = start
    return True


def losses(tokens: Sequence[Token], environment: dict[str, Any], locator: Locator) -> tuple[Diagnostic, ...]:
    """Return a warning for each kind of dropped words, at the first of that kind."""
    return (*_of_blocks(tokens, locator), *_of_definitions(tokens, environment, locator))


def _of_blocks(tokens: Sequence[Token], locator: Locator) -> Iterator[Diagnostic]:
    nested: list[int] = []
    behind: list[int] = []
    for token in tokens:
        if token.level >= NESTING - 1 and token.type in _NESTED and token.map:
            nested.append(token.map[0])
        elif token.type == "fence" and token.map and len(token.info.split()) > 1:
            behind.append(token.map[0])
    if nested:
        message = f"this is nested in more than {NESTING // 2 - 1} lists or quotations, and is not shown"
        yield _loss(message, locator.line(nested[0]), "write it with less indentation", len(nested))
    if behind:
        message = "of what stands behind a fence, only the first word counts, as the language: the rest is not shown"
        yield _loss(message, locator.line(behind[0]), "delete it, or write it above the code", len(behind))


def _of_definitions(tokens: Sequence[Token], environment: dict[str, Any], locator: Locator) -> Iterator[Diagnostic]:
    if surplus := environment.get("surplus"):
        line, words = surplus[0]
        message = f'this row has more cells than the head of its table, and "{words}" is not shown'
        remedy = "give the head and the row below it as many cells, or write \\| for a | that parts no cells"
        yield _loss(message, locator.line(line), remedy, len(surplus))
    lines = environment.get("notes", {})
    references = environment.get("footnotes", {}).get("refs", {})
    if unused := [(line, label) for label, line in lines.items() if references.get(f":{label}", 0) < 0]:
        line, label = min(unused)
        message = f'no mark leads to the footnote "{label}", so it is not shown'
        yield _loss(message, locator.line(line), f"write [^{label}] where it belongs, or delete it", len(unused))
    if second := environment.get("second_notes"):
        line, label = second[0]
        message = f'another footnote further below has the name "{label}", too, and this one is not shown'
        yield _loss(message, locator.line(line), "give one of them another name", len(second))
    if again := [one for one in environment.get("duplicate_refs", ()) if one["href"] != environment["references"][one["label"]]["href"]]:
        message = f"[{again[0]['label'].lower()}] is defined above, and this definition is not used"
        yield _loss(message, locator.line(again[0]["map"][0]), "give one of them another name", len(again))
    if idle := _idle(tokens, environment.get("references", {})):
        line, label, href = idle[0]
        if _ADDRESS.search(href):
            message = "no link leads to the address that is defined here, so it is not shown"
            remedy = f"write [words][{label.lower()}] where it belongs, or delete it"
        else:
            # The author may have meant a sentence.
            message = "this is read as the address of links that are not there, so it is not shown"
            remedy = "write \\[ instead of [ if it is text, or delete it"
        yield _loss(message, locator.line(line), remedy, len(idle))


def _idle(tokens: Sequence[Token], references: dict[str, dict[str, Any]]) -> list[tuple[int, str, str]]:
    """Return lines, labels and addresses of link definitions that no link uses, in the order of lines."""
    if not references:
        return []
    used = {child.meta.get("label") for token in tokens for child in token.children or () if child.type in ("link_open", "image")}
    return sorted((one["map"][0], label, one["href"]) for label, one in references.items() if label not in used)


def _loss(message: str, place: Place, remedy: str, number: int) -> Diagnostic:
    more = f"; {number - 1} more in this text" if number > 1 else ""
    return problem("text-not-shown", message + more, place, remedy)


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()


def _cells(state: StateBlock, line: int) -> list[str]:
    cells = escapedSplit(_line(state, line))
    return cells[cells[0] == "" : len(cells) - (len(cells) > 1 and cells[-1] == "")]
