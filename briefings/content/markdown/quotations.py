"""Quotations with conditions, such as `{marking=TLP:AMBER}` behind the line with the speaker, that not all readers may see.

The text is cut before it is rendered, so that no word, number, link or footnote of a hidden quotation remains.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token
from msgspec import Struct

from briefings.content.entries import Visible
from briefings.content.markdown.texts import parser
from briefings.content.schema import validate
from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.text import did_you_mean

CONDITIONS = 4
"""How many different conditions a text may have: it is rendered for each combination of them."""

_FIELDS = Visible.__struct_fields__
_FIELD = rf"\b(?:{'|'.join(_FIELDS)})\s*+"
# What stands between braces is never tried twice, however long it is.
_MEANT = re.compile(rf"[{{｛][^{{}}｛｝]*?(?:{_FIELD}[=:＝：]|\bTLP:)|(?:{_FIELD}[=＝]\s*+|\bTLP:)[^\s{{}}｛｝]*+\s*+[}}｝]", re.IGNORECASE)
"""Text that an author can only have meant as attributes of a quotation, even if a brace is missing or full-width."""
_BARE = re.compile(rf"^— .*\b(?:{'|'.join(_FIELDS)})=", re.MULTILINE)
"""Attributes behind a speaker without both braces."""
_BRACES = "{}｛｝"
_NAMES = tuple(f"{field}=" for field in _FIELDS)
_SIGNS = (*_BRACES, *_NAMES)
"""Signs of which a text with attributes has at least one."""
_BEHIND = re.compile(r"(?<!\s)\s*+\{([^{}]*+)\}?\s*\Z")
"""Braces at the end of a line, with what they hold."""
_PAIR = re.compile(r'([\w-]+)=(?:"([^"]*)"|([^\s"{}=]+))(?:\s+|\Z)')


class Guarded(Struct, frozen=True):
    """A quotation with conditions."""

    first: int
    """Its first line, from 0."""
    last: int
    """The line after its last."""
    line: int
    """The line with its attributes, from 0."""
    visible: Visible


class Conditions(Struct, frozen=True):
    """The conditions under which parts of a text may be shown."""

    quotations: tuple[Guarded, ...]
    different: tuple[Visible, ...]
    """The different conditions in the text."""

    @property
    def combinations(self) -> range:
        """Return the sets of conditions that may hold, as bits: from none to all."""
        return range(1 << len(self.different))

    def text(self, markdown: str, shown: int) -> str:
        """Return the text with the quotations whose bits `shown` has; all others become empty lines, so that lines keep their numbers."""
        if not self.quotations:
            return markdown
        lines = markdown.split("\n")
        for quotation in self.quotations:
            if shown >> self.different.index(quotation.visible) & 1:
                marking = quotation.visible.marking
                label = f" ({marking})" if marking != "TLP:CLEAR" else ""
                lines[quotation.line] = _BEHIND.sub(label, lines[quotation.line])
            else:
                lines[quotation.first : quotation.last] = [""] * (quotation.last - quotation.first)
        return "\n".join(lines)


NO_CONDITIONS = Conditions((), ())

_WORDS = ("text", "softbreak", "hardbreak")


def conditions(markdown: str, *, path: str, first_line: int, raw_html: bool) -> tuple[Conditions, tuple[Diagnostic, ...]]:
    """Find the conditions of quotations in a text. Every doubt is an error."""
    # Almost no text has a brace, and few of those have a speaker. Searching for a single sign is quicker than for a name.
    signs = any(map(markdown.__contains__, _BRACES)) or ("=" in markdown and any(map(markdown.__contains__, _NAMES)))
    if not signs or not ("— " in markdown or _MEANT.search(markdown)):
        return NO_CONDITIONS, ()
    tokens = parser(raw_html).parse(markdown, {})
    lines = markdown.split("\n")
    quotations: list[Guarded] = []
    problems: list[Diagnostic] = []
    begins: list[Token] = []
    for index, token in enumerate(tokens):
        if token.type == "blockquote_open":
            begins.append(token)
        elif token.type == "blockquote_close":
            begins.pop()
        # Four extra spaces make a quotation code; examples stand between fences.
        elif token.type in ("html_block", "code_block") and _MEANT.search(token.content):
            problems.append(_misplaced(lines, token, path, first_line))
        elif token.info and token.nesting >= 0 and _MEANT.search(token.info):
            # The title of a box, or the words behind a fence.
            problems.append(_misplaced(lines, token, path, first_line))
        elif token.type == "inline":
            line = _attribution(tokens, index, lines) if begins else -1
            if line >= 0:
                found, wrong = _read(lines, line, path, first_line)
                problems += wrong
                if begins[0].level or len(begins) > 1:
                    remedy = "move the quotation out of the list, box or quotation around it; to show it to all readers, delete the braces"
                    message = "a quotation within a list, a box or another quotation cannot be withheld from some readers"
                    problems.append(problem("bad-attribute", message, _place(lines, line, path, first_line), remedy))
                elif found is not None and begins[0].map:
                    quotations.append(Guarded(begins[0].map[0], begins[0].map[1], line, found))
            elif _MEANT.search(words := _words(token)) or (begins and _BARE.search(words)):
                problems.append(_misplaced(lines, token, path, first_line))
    different = tuple(dict.fromkeys(quotation.visible for quotation in quotations))
    if len(different) > CONDITIONS:
        message = f"the quotations of this text have {len(different)} different conditions, which is more than {CONDITIONS}"
        problems.append(problem("bad-attribute", message, Place(path, first_line, 1), "use fewer, or write several notes"))
    return Conditions(tuple(quotations), different), tuple(problems)


def _words(token: Token) -> str:
    """Return the words of a block, line by line, without code and addresses."""
    children = token.children or ()
    return "".join("\n" if child.type in ("softbreak", "hardbreak") else child.content for child in children if child.type in _WORDS)


def _attribution(tokens: Sequence[Token], index: int, lines: Sequence[str]) -> int:
    """Return the line of a quotation that names its speaker, if it ends with braces; else -1."""
    token = tokens[index]
    children = token.children or ()
    if index + 2 >= len(tokens) or tokens[index + 2].type != "blockquote_close" or token.map is None or not children:
        return -1
    if children[-1].type != "text" or not _BEHIND.search(children[-1].content):
        return -1
    line = token.map[1] - 1
    while line > token.map[0] and not lines[line].strip(" \t>"):
        line -= 1
    speaker = lines[line].lstrip(" \t>")
    # A quotation that consists of this line alone quotes nobody.
    return line if speaker.startswith("— ") and (line > token.map[0] or tokens[index - 2].type != "blockquote_open") else -1


def _read(lines: Sequence[str], line: int, path: str, first_line: int) -> tuple[Visible | None, list[Diagnostic]]:
    """Read the attributes at the end of a line; None with a problem when they are invalid."""
    place = _place(lines, line, path, first_line)
    found = _BEHIND.search(lines[line])
    written = found[1].strip() if found and found[0].rstrip().endswith("}") else ""
    tree: dict[str, str] = {}
    at = 0
    while written and at < len(written):
        pair = _PAIR.match(written, at)
        if pair is None or pair[1] in tree:
            written = ""
            break
        tree[pair[1]] = pair[2] if pair[2] is not None else pair[3]
        at = pair.end()
    if not written:
        message = "the braces behind this quotation must hold keys with their values, such as marking=TLP:AMBER, and each key once"
        remedy = "write, for example, {marking=TLP:AMBER embargo=2017-12-15}; to show the braces to readers, put them between backquotes"
        return None, [problem("bad-attribute", message, place, remedy)]
    visible, problems = validate.convert(dict(tree), Visible, path=path)
    told = []
    for one in problems:
        remedy = one.remedy
        if one.code == "unknown-key":
            remedy = did_you_mean(one.place.key, _FIELDS, f"known here: {', '.join(_FIELDS)}")
        told.append(problem("bad-attribute", one.message, place, remedy))
    return visible, told


def _misplaced(lines: Sequence[str], token: Token, path: str, first_line: int) -> Diagnostic:
    first, last = token.map or [0, len(lines)]
    line = next((i for i in range(first, last) if any(sign in lines[i] for sign in _SIGNS)), first)
    message = "attributes stand here where they would mean nothing, and what they are to protect would be shown"
    remedy = "write them at the end of the last line of a quotation, which names the speaker: > — Name, 2017-12-15 {marking=TLP:AMBER}"
    return problem("bad-attribute", message, _place(lines, line, path, first_line), remedy)


def _place(lines: Sequence[str], line: int, path: str, first_line: int) -> Place:
    column = lines[line].rfind("{") + 1 or min((at for sign in _SIGNS if (at := lines[line].find(sign) + 1)), default=0)
    return Place(path, first_line + line, max(column, 1), max(len(lines[line].rstrip()) - column + 1, 1) if column else 1)
