"""Blocks that an author can only have meant otherwise: speakers, tables, headings, lists and boxes that are not understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from briefings.content.anchors import GIVEN
from briefings.content.blocks import ADMONITIONS, ALERT
from briefings.content.suspects import CODE, LINK, LINK_END, OPEN, Rule, Suspect, in_words, intricate_rules, plain_rules, words

_DASHES = "—–-―−~"
_DASH = re.compile(r"(?:-{1,3}|[–―−~]|—)[ \u00a0]*(?=\S)")
_WORD = (
    rf"(?:[^\W\d_a-z][\w.'’{LINK_END}-]*|[a-z]{{1,3}}['’]?[^\W\d_a-z][\w'’-]*|of|the|de|da|di|du|la|le|van|von|der|den|bin|al|el|and|for)"
)
_NAME = re.compile(rf"{LINK}?(?:{_WORD}[ ,]*){{1,10}}[^\n]{{0,60}}")
_NAME_ALONE = re.compile(rf"{LINK}?{_WORD}(?:,? {LINK}?{_WORD}){{0,7}}{LINK_END}?(?:, [^\n.!?]{{1,60}})?")
_SENTENCE_END = re.compile(r"[.!?:;…]\Z")
_AFTER_WORDS = re.compile(r"[.!?…\"”’»“]\s*(?:—|–|--)\s*(?P<name>\S[^\n]*)\Z")
_TABLE_ROW = re.compile(r"\|[^\n|]+\|(?:[^\n|]*\|)+")
_SECOND_ROW = re.compile(r"(?=[^|\n]*\|)\|?[ ]*:?-{2,}:?[ ]*(?:\|[ ]*:?-{2,}:?[ ]*)*\|?")
_HEADING = re.compile(r"\#{2,6}[^\W\d_]|\#[^\W\d_a-z][^\W_]*[ ](?=[^\n#]*[^\s.!?…#,;:]\Z)[^\n#]*\Z")
_LISTS = (
    (re.compile(r"(?m)^[•●▪◦‣][ \t]*\S.*\n[•●▪◦‣][ \t]*\S"), "write a hyphen and a blank before each"),
    (re.compile(r"(?m)^-[^\W\d_].*\n-[^\W\d_]"), "write a blank behind each hyphen"),
    (re.compile(r"(?m)^1[.)][^\W\d_].*\n2[.)][^\W\d_]"), "write a blank behind each number"),
)
_BULLETS = "•●▪◦‣"
_BLOCK = re.compile(r"\#{1,6}[^\s#]|-[^\W\d_]|1[.)][^\W\d_]")
_BLOCK_BELOW = re.compile(r"\n(?:\#{1,6}[^\s#]|[-•●▪◦‣][^\W\d_]|[12][.)][^\W\d_])")
"""Without these no text has a heading or a list that is not understood."""
_REMEDY = 'let the last line of the quotation begin with "— ", a long dash and a blank: > — {name}'


def suspect(state: StateCore) -> None:
    """A rule of the parser, which notes what looks like markup. It comes before escapes are joined with the words around them."""
    text, tokens = state.src, state.tokens
    found: list[Suspect] = []
    if ">" in text and any(token.type == "blockquote_open" for token in tokens):
        found += _speakers(tokens)
    if ":::" in text or ("`" in text and "```" in text) or ("~" in text and "~~~" in text):
        found += _unclosed(text, tokens)
    intricate = frozenset(state.env["intricate"])
    plain = plain_rules(text)
    candidates = set(intricate)
    for sign in {sign for sign, _, _ in plain} | ({"|"} if "|" in text else set()):
        candidates.update([index for index, token in enumerate(tokens) if sign in token.content])
    blocks = any(map(text.__contains__, _BULLETS)) or _BLOCK.match(text) is not None or _BLOCK_BELOW.search(text) is not None
    if blocks:
        candidates.update(range(len(tokens)))
    html = bool(state.md.options["html"])
    for index in sorted(candidates):
        if tokens[index].type == "inline":
            found += _in_block(tokens, index, intricate_rules(html) if index in intricate else plain)
    if found:
        state.env["suspects"] = found


def _in_block(tokens: Sequence[Token], index: int, rules: Sequence[Rule]) -> Iterator[Suspect]:
    """What looks like markup in the words of a block."""
    token = tokens[index]
    before = tokens[index - 1].type
    shown = words(token.children or ())
    if before == "heading_open":
        shown = GIVEN.sub("", shown)
    elif index > 1 and tokens[index - 2].type == "blockquote_open" and (alert := ALERT.match(shown)) and alert[1].lower() in ADMONITIONS:
        shown = CODE + shown[alert.end(1) + 1 :]
    yield from in_words(shown, token.map[0] if token.map else 0, rules)
    if before == "paragraph_open":
        yield from _paragraph(shown, token)


def _paragraph(shown: str, token: Token) -> Iterator[Suspect]:
    """What looks like another block in a paragraph."""
    line = token.map[0] if token.map else 0
    if "|" in shown:
        yield from _table(shown, line)
    # A lone # may be a hashtag, and those stand in quotations and lists.
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


def _unclosed(text: str, tokens: Sequence[Token]) -> Iterator[Suspect]:
    """Boxes and code that nothing ends, and which so swallow all that follows."""
    lines = text.rstrip().split("\n")
    for token in tokens:
        if token.map is None or token.type not in ("container_admonition_open", "fence"):
            continue
        first, end = token.map
        # The lines of code include the one that ends it, those of a box do not.
        last = min(end, len(lines)) - 1 if token.type == "fence" else end
        closing = lines[last].strip(" \t>") if first < last < len(lines) else ""
        if not closing.startswith(token.markup):
            kind = OPEN[token.type == "fence"]
            yield Suspect(kind, lines[first].strip(" \t>"), first, f"write {token.markup} in a line of its own where it ends")


def _speakers(tokens: Sequence[Token]) -> Iterator[Suspect]:
    """Lines that name the speaker of a quotation, and are written in another way than the one that is understood."""
    begins: list[int] = []
    for index, token in enumerate(tokens):
        if token.type == "blockquote_open":
            begins.append(index)
        elif token.type == "blockquote_close":
            yield from _speaker(tokens, begins.pop(), index)
            following = tokens[index + 1 : index + 3]
            if len(following) == 2 and following[0].type == "paragraph_open":
                line = words(following[1].children or ())
                if line.startswith(("— ", "– ", "-- ")) and _is_name(line):
                    yield _told(line, following[1])


def _speaker(tokens: Sequence[Token], begin: int, end: int) -> Iterator[Suspect]:
    last = tokens[end - 1].type
    inside = tokens[begin + 1 : end]
    if last == "bullet_list_close":
        items = [token for token in inside if token.type == "list_item_open"]
        texts = [token for token in inside if token.type == "inline"]
        if (
            len(items) == 1
            and len(texts) > 1
            and inside[0].type == "paragraph_open"
            and inside[-4].type == "inline"
            and inside[-4] is texts[-1]
        ):
            line = words(texts[-1].children or ())
            if _is_name(f"- {line}"):
                yield _told(f"- {line}", texts[-1])
        return
    if last != "paragraph_close" or tokens[end - 2].type != "inline":
        return
    inline = tokens[end - 2]
    above, _, line = inline.content.rpartition("\n")
    if (line.startswith("— ") and (above or tokens[end - 4].type != "blockquote_open")) or not any(map(line.__contains__, _DASHES)):
        # Nearly all quotations end like this.
        return
    shown = [words(token.children or ()) for token in inside if token.type == "inline"]
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
            yield _told(line, inline)
        return
    ending = _AFTER_WORDS.search(line)
    if ending and _NAME_ALONE.fullmatch(ending["name"]):
        yield _told(line[ending.start("name") - 2 :].strip() or line, inline, ending["name"])


def _is_name(line: str) -> bool:
    """Whether a line that begins with a dash may name somebody."""
    dash = _DASH.match(line)
    rest = line[dash.end() :].strip() if dash else line
    if rest.startswith(LINK):
        return True
    return len(rest.split()) <= 14 and _NAME.fullmatch(rest) is not None and not _SENTENCE_END.search(rest)


def _line_of(inline: Token) -> int:
    first, end = inline.map or [0, 1]
    return min(end - 1, first + (inline.content.count("\n")))


def _told(line: str, inline: Token, name: str = "") -> Suspect:
    dash = _DASH.match(line)
    shown = (name or (line[dash.end() :] if dash else line)).replace(LINK, "").replace(LINK_END, "")
    return Suspect("the speaker of a quotation", line, _line_of(inline), _REMEDY.format(name=shown.strip()))
