"""Find blocks that look like markup and are none: speakers, tables, headings, lists and boxes that Markdown does not understand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from briefings.content.markdown.anchors import GIVEN
from briefings.content.markdown.blocks import ADMONITIONS, ALERT
from briefings.content.markdown.suspects import CODE, LINK, LINK_END, OPEN, PLAIN_RULES, Suspect, in_words, intricate_rules, words

_DASHES = frozenset("—–-―−~")
_DASHES_BELOW = ("— ", "– ", "-- ")
_DASH = re.compile(r"(?:-{1,3}|[–―−~]|—)[ \u00a0]*(?=\S)")
_WORD = (
    rf"(?:[^\W\d_a-z][\w.'’{LINK_END}-]*+|[a-z]{{1,3}}['’]?[^\W\d_a-z][\w'’-]*+|of|the|de|da|di|du|la|le|van|von|der|den|bin|al|el|and|for)"
)
_NAME = re.compile(rf"{LINK}?(?:{_WORD}(?![\w.'’-])[ ,]*+){{1,10}}+[^\n]{{0,60}}")
_NAME_ALONE = re.compile(rf"{LINK}?{_WORD}(?:,? {LINK}?{_WORD}){{0,7}}{LINK_END}?(?:, [^\n.!?]{{1,60}})?")
_SENTENCE_END = re.compile(r"[.!?:;…]\Z")
_AFTER_WORDS = re.compile(r"[.!?…\"”’»“]\s*(?:—|–|--)\s*(?P<name>\S[^\n]*)\Z")
_BEHIND_WORDS = re.compile(r"\A.*\S[ ](?P<dash>—|–|―|--?)[ ](?P<name>\S[^\n]*)\Z")
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b", re.ASCII)
_LINKED_NAME = re.compile(rf"{LINK}[^{LINK_END}\n]{{1,80}}{LINK_END}[^\n]{{0,60}}")
_NAME_IN_CAPITALS = re.compile(r"(?:[^\W\d_a-z][\w.'’-]*+(?: |\Z)){2,5}")
_TABLE_ROW = re.compile(r"\|[^\n|]+\|(?:[^\n|]*\|)+")
_SECOND_ROW = re.compile(r"(?=[^|\n]*\|)\|?[ ]*:?-{2,}:?[ ]*(?:\|[ ]*:?-{2,}:?[ ]*)*\|?")
_HEADING = re.compile(r"\#{2,6}[^\W\d_]|\#[^\W\d_a-z][^\W_]*[ ](?=[^\n#]*[^\s.!?…#,;:]\Z)[^\n#]*\Z")
_LISTS = (
    (re.compile(r"(?m)^[•●▪◦‣][ \t]*\S.*\n[•●▪◦‣][ \t]*\S"), "write a hyphen and a blank before each"),
    (re.compile(r"(?m)^-[^\W\d_].*\n-[^\W\d_]"), "write a blank behind each hyphen"),
    (re.compile(r"(?m)^1[.)][^\W\d_].*\n2[.)][^\W\d_]"), "write a blank behind each number"),
)
_STARTS = frozenset("#:!-1•●▪◦‣")
_ODD = r"(?::::|!!![ ]|\#|[•●▪◦‣]|-[^\W\d_]|1[.)])"
_ODD_START, _ODD_LINE = re.compile(_ODD), re.compile(rf"\n[ \t]*{_ODD}")
ENDS = frozenset(("blockquote_close", "container_admonition_open", "fence"))
"""Blocks that are checked for how they end."""
_REMEDY = 'let the last line of the quotation begin with "— ", a long dash and a blank: > — {name}'


def begins_oddly(content: str) -> bool:
    """Whether a line of `content` begins like a heading, a list or a box; otherwise these checks are skipped."""
    if content[:1] in _STARTS and _ODD_START.match(content):
        return True
    return "\n" in content and _ODD_LINE.search(content) is not None


class Survey(NamedTuple):
    """The token indexes at which to look for text that resembles markup."""

    ends: list[int]
    """Blocks that are checked for how they end."""
    odd: list[int]
    """Inline tokens with a line that begins oddly."""
    intricate: list[int]
    """Inline tokens with markup in them; for others, only few of the rules can match."""


def survey(tokens: Sequence[Token]) -> Survey:
    """Return a survey in which all inline tokens count as intricate: the results are the same, but take longer."""
    words_at = [index for index, token in enumerate(tokens) if token.type == "inline"]
    ends = [index for index, token in enumerate(tokens) if token.type in ENDS]
    return Survey(ends, [index for index in words_at if begins_oddly(tokens[index].content)], words_at)


def suspect(state: StateCore) -> None:
    """Find text that resembles markup: a rule of the parser, run before escapes are joined with the words around them."""
    text, tokens, environment = state.src, state.tokens, state.env
    found: list[Suspect] = []
    ends, odd, intricate = environment.get("survey") or survey(tokens)
    if ends:
        found += _speakers(tokens, ends)
        found += _unclosed(text, tokens, ends)
    candidates = {*intricate, *odd}
    for sign in ("{", "|", "==", "$$"):
        # A search for one character is much quicker than for two.
        if sign[0] in text and sign in text:
            candidates.update([index for index, token in enumerate(tokens) if sign in token.content and token.type == "inline"])
    html = bool(state.md.options["html"])
    for index in sorted(candidates):
        found += _in_block(tokens, index, index in intricate, index in odd, html)
    if found:
        environment["suspects"] = found


def _in_block(tokens: Sequence[Token], index: int, intricate: bool, odd: bool, raw_html: bool) -> Iterator[Suspect]:
    """Yield what resembles markup in the words of a block."""
    token = tokens[index]
    before = tokens[index - 1].type
    shown = words(token.children or ())
    if before == "heading_open":
        shown = GIVEN.sub("", shown)
    elif index > 1 and tokens[index - 2].type == "blockquote_open" and (alert := ALERT.match(shown)) and alert[1].lower() in ADMONITIONS:
        shown = CODE + shown[alert.end(1) + 1 :]
    line = token.map[0] if token.map else 0
    yield from in_words(shown, line, intricate_rules(shown, raw_html) if intricate else PLAIN_RULES)
    if before == "paragraph_open":
        if "|" in shown:
            yield from _table(shown, line)
        if odd:
            yield from _paragraph(shown, token)


def _paragraph(shown: str, token: Token) -> Iterator[Suspect]:
    """Yield what resembles a heading or a list in a paragraph."""
    line = token.map[0] if token.map else 0
    # A lone # may be a hashtag, which also occurs in quotations and lists.
    heading = _HEADING.match(shown)
    if heading and (shown.startswith("##") or token.level == 1):
        sign, rest = re.match(r"(#+)(.*)", shown).groups()  # type: ignore[union-attr]  # it has just matched more
        yield Suspect("a heading", heading[0], line, f"write a blank behind {sign}, as in {sign} {rest}")
    for pattern, remedy in _LISTS:
        if found := pattern.search(shown):
            written = found[0].partition("\n")[0]
            yield Suspect("a list", written, line + shown.count("\n", 0, found.start()), remedy)


def _table(shown: str, line: int) -> Iterator[Suspect]:
    rows = [row.strip() for row in shown.split("\n")]
    for number, row in enumerate(rows):
        if number and "|" in rows[number - 1] and _SECOND_ROW.fullmatch(row):
            cells = rows[number - 1].strip("|").count("|") + 1
            remedy = f"give its second row as many cells as the first has: |{' --- |' * cells}"
            yield Suspect("a table", row, line + number, remedy)
            return
    for number, (row, following) in enumerate(zip(rows, rows[1:] or [""], strict=False)):
        if _TABLE_ROW.fullmatch(row) and (_TABLE_ROW.fullmatch(following) or len(rows) == 1):
            cells = row.count("|") - 1
            yield Suspect(
                "a table", row, line + number, f"write a second row below it that parts the head from the rest: |{' --- |' * cells}"
            )
            return


def _unclosed(text: str, tokens: Sequence[Token], ends: Sequence[int]) -> Iterator[Suspect]:
    """Yield boxes and code blocks that are not closed, so that they swallow the rest of the text."""
    blocks = [tokens[index] for index in ends if tokens[index].type != "blockquote_close"]
    lines = text.rstrip().split("\n") if blocks else []
    for token in blocks:
        first, end = token.map or [0, 0]
        # The lines of a code block include its closing fence; those of a box do not.
        last = min(end, len(lines)) - 1 if token.type == "fence" else end
        closing = lines[last].strip(" \t>") if first < last < len(lines) else ""
        if not closing.startswith(token.markup):
            kind = OPEN[token.type == "fence"]
            yield Suspect(kind, lines[first].strip(" \t>"), first, f"write {token.markup} in a line of its own where it ends")


def _speakers(tokens: Sequence[Token], ends: Sequence[int]) -> Iterator[Suspect]:
    """Yield lines that name the speaker of a quotation in a form that is not understood."""
    for end in ends:
        if tokens[end].type != "blockquote_close":
            continue
        last = tokens[end - 1].type
        if last == "paragraph_close":
            # Nearly all quotations end without a dash, or with the dash that is understood.
            if tokens[end - 2].type == "inline" and _may_name(tokens[end - 2].content):
                yield from _speaker(tokens, end)
        elif last == "bullet_list_close":
            yield from _listed_speaker(_inside(tokens, end))
        if len(tokens) > end + 2 and tokens[end + 1].type == "paragraph_open":
            following = tokens[end + 2]
            if following.content.lstrip("*_ ").startswith(_DASHES_BELOW):
                line = words(following.children or ())
                if line.startswith(_DASHES_BELOW) and _is_name(line):
                    yield _suspect(line, following)


def _inside(tokens: Sequence[Token], end: int) -> Sequence[Token]:
    """Return the tokens inside the quotation that ends at token `end`."""
    begin = end - 1
    while tokens[begin].type != "blockquote_open" or tokens[begin].level != tokens[end].level:
        begin -= 1
    return tokens[begin + 1 : end]


def _listed_speaker(inside: Sequence[Token]) -> Iterator[Suspect]:
    """Yield a speaker behind a hyphen and a space, which Markdown reads as a list at the end of a quotation."""
    texts = [token for token in inside if token.type == "inline"]
    if sum(token.type == "list_item_open" for token in inside) != 1 or len(texts) < 2:
        return
    if inside[0].type == "paragraph_open" and inside[-4] is texts[-1]:
        line = words(texts[-1].children or ())
        if _is_name(f"- {line}"):
            yield _suspect(f"- {line}", texts[-1])


def _speaker(tokens: Sequence[Token], end: int) -> Iterator[Suspect]:
    """Yield a speaker in the last line of a quotation whose last block is a paragraph."""
    inline = tokens[end - 2]
    above, _, line = inline.content.rpartition("\n")
    if line.startswith("— ") and (above or tokens[end - 4].type != "blockquote_open"):
        return
    shown = [words(token.children or ()) for token in _inside(tokens, end) if token.type == "inline"]
    lines = "\n".join(shown).split("\n")
    line = lines[-1]
    if line.startswith("— "):
        if len(lines) == 1 and _is_name(line) and not shown[0].startswith("[!"):
            yield Suspect(
                "the speaker of a quotation", line, _line_of(inline), "put it into the quotation above: no line without > between them"
            )
        return
    dashed = _DASH.match(line)
    if dashed and len(lines) > 1:
        if _is_name(line) and not any(_DASH.match(other) for other in lines[:-1]):
            yield _suspect(line, inline)
        return
    ending = _AFTER_WORDS.search(line) or _BEHIND_WORDS.match(line)
    if ending and _is_speaker(line, ending):
        yield _suspect(line[ending.start("name") - 2 :].strip() or line, inline, ending["name"])
    elif len(lines) > 1 and _LINKED_NAME.fullmatch(line) and _DAY.search(line):
        yield _suspect(line, inline, line)


def _is_speaker(line: str, ending: re.Match[str]) -> bool:
    """Whether what stands behind the dash in the last line of a quotation names the speaker."""
    name = ending["name"]
    if _LINKED_NAME.fullmatch(name) and not _SENTENCE_END.search(name):
        return True
    if _is_name(name) and _DAY.search(name):
        return True
    if ending.re is _BEHIND_WORDS and not _SENTENCE_END.search(line[: ending.start("dash")].rstrip()):
        # Behind words that end no sentence, a name alone may be part of it; no name is longer than a few words in capitals.
        return ending["dash"] != "-" and _NAME_IN_CAPITALS.fullmatch(name) is not None
    return _NAME_ALONE.fullmatch(name) is not None


def _may_name(content: str) -> bool:
    """Whether the last line of a paragraph, as written, begins with a dash or has one behind its words."""
    line = content[content.rfind("\n") + 1 :]
    if line.lstrip("*_~[ ")[:1] in _DASHES or "—" in line or "–" in line or "-- " in line or " - " in line:
        return True
    return line.startswith("[") and _DAY.search(line) is not None


def _is_name(line: str) -> bool:
    """Whether a line that begins with a dash may name a speaker."""
    dash = _DASH.match(line)
    rest = line[dash.end() :].strip() if dash else line
    if rest.startswith(LINK):
        return True
    return len(rest.split()) <= 14 and _NAME.fullmatch(rest) is not None and not _SENTENCE_END.search(rest)


def _line_of(inline: Token) -> int:
    first, end = inline.map or [0, 1]
    return min(end - 1, first + (inline.content.count("\n")))


def _suspect(line: str, inline: Token, name: str = "") -> Suspect:
    dash = _DASH.match(line)
    shown = (name or (line[dash.end() :] if dash else line)).replace(LINK, "").replace(LINK_END, "")
    written = inline.content[inline.content.rfind("\n") + 1 :]
    at = written.rfind(shown.partition(CODE)[0].partition(",")[0].strip())
    # Where the line has a link or a citation, the remedy keeps it.
    shown = written[at - 1 if written[at - 1 : at] == "[" else at :] if at >= 0 and "](" in written else shown
    return Suspect("the speaker of a quotation", line, _line_of(inline), _REMEDY.format(name=shown.strip()))
