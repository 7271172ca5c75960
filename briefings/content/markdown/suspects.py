"""Find text that resembles markup and would be published as it is, with a remedy for each kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from markdown_it.token import Token
from msgspec import Struct

from briefings.content.entries import Visible
from briefings.content.markdown.blocks import ADMONITIONS
from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.text import closest, did_you_mean, plural, slugify

SHOWN = ", or put it between backquotes to show it as it is"
CODE, LINK, LINK_END = "\ufffc", "\ufdd0", "\ufdd1"
"""Characters that stand for code, escapes and pictures in the words of a block, and around the label of a link."""
_STANDS_FOR = {"softbreak": "\n", "hardbreak": "\n", "link_open": LINK, "link_close": LINK_END}
_FOR_NOTHING = frozenset(("em_open", "em_close", "strong_open", "strong_close", "s_open", "s_close"))
_SINGLY = 5
"""How many finds of one kind are reported singly for a file; if there are more, the first is reported with their number."""
_TOGETHER = frozenset(("HTML", "a shortcode"))
"""Kinds that come by the hundred from other programs, and are reported once for a file."""


OPEN = ("a box that nothing ends", "code that nothing ends")
"""Kinds that Markdown understands, but hardly as the author meant."""


class Suspect(Struct, frozen=True):
    """Text that an author can only have meant as markup."""

    kind: str
    """What the text resembles, as the object of a sentence."""
    written: str
    """The text as it stands in the file, or its beginning."""
    line: int
    """The first line of the text, from 0, on which it can stand."""
    remedy: str


Resemblance = tuple[str, str]
"""What the text resembles, and the remedy."""
_Reader = Callable[[re.Match[str]], Resemblance | None]

_CERTAIN = (
    r"(?:(?:https?://|mailto:|(?:note|actor|topic|source|page):|\.{0,2}/|\#)[^\s()\[\]]+|[^\s()\[\]]+\.(?:md|pdf|png|jpe?g|svg|csv|html?))"
)
"""Text in parentheses that can only be an address."""
_RECORD = r"(?:note|actor|topic|source|page):[^\s()\[\]{}]+"
_NAME = r"[.\#][\w-]+"
_PAIR = r"[A-Za-z][\w-]+=(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s\"'{}]+)"
ELEMENTS = (
    "a|abbr|address|article|aside|audio|b|big|blockquote|body|br|button|canvas|caption|center|cite|code|col|colgroup|dd|del|details|dfn|div|dl|"
    "dt|em|embed|fieldset|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|mark|"
    "meta|nav|object|ol|option|p|picture|pre|q|s|samp|script|section|select|small|source|span|strong|style|sub|summary|sup|svg|table|tbody|"
    "td|textarea|tfoot|th|thead|time|tr|tt|u|ul|var|video"
)
"""Names of HTML elements, as alternatives of a regular expression."""


def _footnote(found: re.Match[str]) -> Resemblance:
    label = found[1]
    if found[0].endswith(":"):
        return "the text of a footnote", f"write its name without blanks, as in [^{slugify(label) or '1'}]: and the text"
    return "the mark of a footnote", f'write the text of the footnote in a line of its own, "[^{slugify(label) or "1"}]: …"{SHOWN}'


def _inline_footnote(found: re.Match[str]) -> Resemblance | None:
    if " " not in found[1] or not re.search(r"[^\W\d_]{2}", found[1]):
        return None
    return "a footnote", 'write [^1] here, and the words in a line of their own, "[^1]: …"'


def _failed_link(found: re.Match[str]) -> Resemblance | None:
    sign, label, address = found[1], found[2], found[3].strip()
    if not address:
        return None
    label = label.replace(LINK, "").replace(LINK_END, "") or "text"
    kind = "a picture" if sign else "a link"
    if re.fullmatch(r"([\"']).+\1", address):
        return kind, f"write an address before the title, as in {sign}[{label}]({'map.png' if sign else 'note:un-offer'} {address})"
    record = re.fullmatch(r"(note|actor|topic|source|page)\s*:\s*(.+)", address)
    if record:
        return kind, f"write {sign}[{label}]({record[1]}:{slugify(record[2]) or record[2]}), without a blank in the address"
    first, _, rest = address.partition(" ")
    if not rest and (LINK in found[2] or CODE in found[2]):
        return kind, "no link can hold another link or a citation: delete one of the two"
    if rest and re.match(r"https?://", first):
        title = rest.strip(" \"'“”„«»")
        return kind, f'write {sign}[{label}]({first} "{title}"), or %20 for each blank of the address'
    if sign and (size := re.fullmatch(r"(\S+)\s+=(\d+)x(\d+)", address)):
        return kind, f"write ![{label}]({size[1]}){{width={size[2]} height={size[3]}}}"
    if titled := re.fullmatch(r"<?([^<>\"']*[^\s<>\"'])>?\s+(\"[^\"]*\"|'[^']*')", address):
        return kind, f"put the address between < and >, and the title behind it: {sign}[{label}](<{titled[1]}> {titled[2]})"
    title = re.fullmatch(r"(\S+)\s+[“”„«]\s*(.*?)\s*[“”»]", address)
    if title:
        return kind, f'put the title between straight quotation marks: {sign}[{label}]({title[1]} "{title[2]}")'
    return kind, f"put the address between < and >: {sign}[{label}](<{address.strip('<>')}>)"


def _record_link(found: re.Match[str]) -> Resemblance:
    return "a link", f"write [{found[1].strip()}]({found[2]})"


def _apart(found: re.Match[str]) -> Resemblance:
    return ("a picture" if found[1] else "a link"), f"write {found[1]}[{found[2]}]({found[3]}), with nothing between the brackets"


def _reversed(found: re.Match[str]) -> Resemblance:
    return "a link", f"write [{found[1]}]({found[2]}), with the words before the address"


def _unclosed(found: re.Match[str]) -> Resemblance:
    return ("a picture" if found[1] else "a link"), f"close the parenthesis: {found[1]}[{found[2]}]({found[3]})"


def _undefined(found: re.Match[str]) -> Resemblance | None:
    label, reference = found[1], found[2] or found[1]
    if re.match(_RECORD, reference):
        return None
    if len(re.findall(r"[^\W\d_]", label)) < 3:
        # Marks such as [1][2] are common in prose, and are no links.
        return None
    return "a link", f'nothing in this text says where "{reference}" leads: write the address, as in [{label}](note:un-offer){SHOWN}'


def _definition(found: re.Match[str]) -> Resemblance:
    return (
        "the address of a link",
        f"write nothing but the address behind the colon, with a title between quotation marks: [{found[1]}]: {found[2]}",
    )


_LINKED = (("note", "a note"), ("actor", "an actor"), ("topic", "a topic"))
"""Prefixes of wikilinks' targets, each with what it names."""


def _wikilink(found: re.Match[str]) -> Resemblance | None:
    sign, target, label = found[1], found[2].strip(), (found[3] or "").strip()
    if not re.search(r"[^\W\d_]", target):
        return None
    if sign:
        return "an embedded file", f"write ![What it shows]({target if ' ' not in target else f'<{target}>'}){SHOWN}"
    if target.strip("_").lower() == "toc":
        return _contents(found)
    page, _, heading = target.partition("#")
    anchor = f"#{slugify(heading)}" if heading else ""
    name = slugify(page.rpartition("/")[2].removesuffix(".md"))
    if not name:
        return "a wikilink", f"write [{label or target}]({anchor}){SHOWN}"
    words = label or target
    ways = ", ".join(f"[{words}]({kind}:{name}{anchor}) for {one}" for kind, one in _LINKED)
    return "a wikilink", f"write {ways}{SHOWN}"


def _contents(_found: re.Match[str]) -> Resemblance:
    return "a table of contents", "delete it: the page lists the headings by itself"


def _attributes(found: re.Match[str]) -> Resemblance | None:
    if any(f"{name}=" in found[0] for name in Visible.__struct_fields__):
        # Attributes protect a quotation, so a mistake in them is an error, reported elsewhere.
        return None
    remedy = "only a heading takes {#id}, and only a picture {#id .class width=400 height=300}, directly behind it, with pixels as numbers"
    return "attributes", f"{remedy}; delete this{SHOWN}"


def _shortcode(found: re.Match[str]) -> Resemblance:
    return "a shortcode", "no template fills it in: write what it stands for" + SHOWN


def _foreign_comment(_found: re.Match[str]) -> Resemblance:
    return "a comment of another program", "write <!-- and --> around what no reader is to see" + SHOWN


def _html(found: re.Match[str]) -> Resemblance:
    return "HTML", "write Markdown instead, or raw_html: true in site.yaml" + SHOWN


def _box(found: re.Match[str]) -> Resemblance | None:
    name = found[1].strip("{}. ").partition(" ")[0]
    if not name:
        return "the end of a box", "delete it, or write the line that begins the box, such as ::: note, above a paragraph of its own"
    near = name.lower() if name.lower() in ADMONITIONS else closest(name.lower(), ADMONITIONS)
    if near == name and not found[1].startswith("{"):
        return "a box", "write this line in a paragraph of its own"
    return "a box", f"write ::: {near}" if near else f"known boxes are {', '.join(ADMONITIONS)}: write ::: and one of these names"


def _foreign_box(found: re.Match[str]) -> Resemblance:
    near = found[1].lower() if found[1].lower() in ADMONITIONS else "note"
    return "a box", f"write ::: {near}, the text, and ::: in a line of its own"


def _alert(found: re.Match[str]) -> Resemblance | None:
    if found[1].lower() in ADMONITIONS:
        return "a box", f"let the quotation begin with a line that is > [!{found[1].upper()}] and a title at most"
    word, known = found[1].upper(), [name.upper() for name in ADMONITIONS]
    # A mistyped word mostly keeps its first letter; other programs have boxes of other names, such as QUESTION.
    like = [name for name in known if name[0] == word[0]]
    return "a box", did_you_mean(word, like, f"write one of {', '.join(known)}: > [!NOTE]")


def _strong(found: re.Match[str]) -> Resemblance:
    return "strong emphasis", f"write **{found[1].strip()}**, without blanks inside the asterisks"


def _against_letters(found: re.Match[str]) -> Resemblance:
    return "strong emphasis", f"leave a blank between {found[0]} and the letter beside it, or put the punctuation outside the asterisks"


def _marked(found: re.Match[str]) -> Resemblance:
    return "marked text", f"write *{found[1]}* or **{found[1]}**{SHOWN}"


def _formula(found: re.Match[str]) -> Resemblance:
    return "a formula", "write it in words, or put it into a picture" + SHOWN


Rule = tuple[str, re.Pattern[str], _Reader]

_RULES: tuple[Rule, ...] = (
    ("[^", re.compile(r"\[\^([^\[\]\n]+)\]:?"), _footnote),
    ("^[", re.compile(r"\^\[([^\[\]\n]*+)\]"), _inline_footnote),
    ("](", re.compile(r"(!?)\[([^\[\]\n]*+)\]\(([^()\n]*+)\)"), _failed_link),
    ("](", re.compile(rf"(!?)\[([^\[\]\n]+)\]\(({_CERTAIN})(?=\s|\Z)(?![^\n]*\))", re.VERBOSE), _unclosed),
    ("[", re.compile(rf"\[([^\[\]\n]+)\][\[{{]({_RECORD})[\]}}]"), _record_link),
    ("[", re.compile(rf"\[([^\[\]()\n]+)\(({_RECORD})\)"), _record_link),
    ("] (", re.compile(rf"(!?)\[([^\[\]\n]+)\][ ]+\(({_CERTAIN})\)", re.VERBOSE), _apart),
    (")[", re.compile(rf"(?<!\w)\(([^()\n]+)\)\[({_CERTAIN})\]", re.VERBOSE), _reversed),
    ("][", re.compile(r"(?<![\w\]])!?\[([^\[\]\n]+)\]\[([^\[\]\n]*)\](?!\[)"), _undefined),
    ("]:", re.compile(r"(?m)^\[([^\[\]\n^]+)\]:[ ]*(https?://\S+)"), _definition),
    ("[[", re.compile(r"(!?)\[\[([^\[\]\n|]+)(?:\|([^\[\]\n]*))?\]\]"), _wikilink),
    ("[TOC]", re.compile(r"\A\[TOC\]\Z"), _contents),
    ("{", re.compile(r"\{\{[<%].*?[%>]\}\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL), _shortcode),
    ("{", re.compile(r"\{#[^#{}\n]*#\}|\{::comment[^{}\n]*\}"), _foreign_comment),
    ("{", re.compile(rf"(?<!\{{)(?<!:::)(?<!:::[ ])\{{:?[ ]*(?:{_NAME}|{_PAIR})(?:[ ]+(?:{_NAME}|{_PAIR}))*[ ]*\}}"), _attributes),
    (":::", re.compile(r"(?m)^:{3,}[ ]*(\{?[^\n]*)"), _box),
    ("!!! ", re.compile(r"(?m)^!!! ([a-z]+)(?: \"[^\"\n]*\")?$"), _foreign_box),
    ("[!", re.compile(r"\A\[!([A-Za-z-]+)\]"), _alert),
    ("**", re.compile(r"(?<![\w*])\*\*(?=[ ]?\w)((?:[ ][^*\n]*?[^*\s]|[^*\n ][^*\n]*?[ ]|[ ][^*\n]*?[ ]))\*\*(?![\w*])"), _strong),
    ("**", re.compile(r"(?<![\w*])\*\*(\w[^*\n]*)[ ]\*\*(?=\w)"), _strong),
    ("**", re.compile(r"(?<![\w*])\*\*[^\s*][^*\n]*[^\w\s*]\*\*(?=\w)|(?<=\w)\*\*[^\w\s*][^*\n]*[^\s*]\*\*"), _against_letters),
    ("==", re.compile(r"(?<![\w=])==([^\s=](?:[^=\n]*[^\s=])?)==(?![\w=])"), _marked),
    ("$$", re.compile(rf"\$\$[^$]*(?:\\[a-zA-Z]|[=^]|{CODE})[^$]*\$\$"), _formula),
    ("<%", re.compile(r"<%.*?%>", re.DOTALL), _shortcode),
    ("<", re.compile(r"<\?[a-z]+\s.*?\?>|<!(?:doctype\s[^<>]*>|\[CDATA\[)", re.IGNORECASE | re.DOTALL), _html),
    ("<", re.compile(rf"</?(?:{ELEMENTS})(?:\s[^<>]*)?/?>", re.IGNORECASE), _html),
)
"""For each kind of suspect: a sign that every case has, its pattern, and a function that returns what it resembles and a remedy."""


PLAIN_RULES = tuple(rule for rule in _RULES if rule[0] in ("{", ":::", "!!! ", "==", "$$"))
"""The rules whose signs occur in plain text; the others concern only intricate blocks."""
_WITHOUT_BRACKETS = tuple(rule for rule in _RULES if not {"[", "]"}.intersection(rule[0]))


def intricate_rules(shown: str, raw_html: bool) -> Sequence[Rule]:
    """Return the rules that may match in the words of an intricate block."""
    rules = _RULES if "[" in shown else _WITHOUT_BRACKETS
    return [rule for rule in rules if rule[0] != "<"] if raw_html else rules


def words(children: Sequence[Token]) -> str:
    """Return the words of a block, with one sign for each code span, escape and picture, and with links marked."""
    pieces = []
    for child in children:
        kind = child.type
        if kind == "text" or (kind == "text_special" and len(child.content) > 1 and child.content[0] == "\\"):
            # A backslash before a letter is no escape.
            pieces.append(child.content)
        elif kind not in _FOR_NOTHING:
            pieces.append(_STANDS_FOR.get(kind, CODE))
    return "".join(pieces)


def in_words(shown: str, line: int, rules: Sequence[Rule]) -> Iterator[Suspect]:
    """Yield what resembles markup in the words `shown` of a block that begins on `line`."""
    for sign, pattern, read in rules:
        if sign in shown:
            for found in pattern.finditer(shown):
                told = read(found)
                if told is not None:
                    yield Suspect(told[0], found[0], line + shown.count("\n", 0, found.start()), told[1].translate(_UNMARKED))


def diagnostics(suspects: Sequence[Suspect], text: str, path: str, first_line: int) -> list[Diagnostic]:
    """Return one warning for each find; for a kind that is frequent in the file, one for all."""
    lines = text.split("\n")
    kinds: dict[str, list[Suspect]] = {}
    for one in suspects:
        kinds.setdefault(one.kind, []).append(one)
    told = []
    for kind, found in kinds.items():
        together = kind in _TOGETHER or len(found) > _SINGLY
        cursor: tuple[int, int] = (0, 0)
        for one in found[:1] if together else found:
            line, column, width = _place(lines, one, cursor)
            cursor = (line, column + width)
            times = f" ({plural(len(found), 'time')} in this file)" if together and len(found) > 1 else ""
            shown = " ".join(one.written.translate(_UNMARKED).split())
            shown = shown if len(shown) <= 60 else f"{shown[:59]}…"
            message = f'"{shown}" looks like {kind} and is published as text{times}'
            if kind in OPEN:
                message = f'"{shown}" begins {kind}: all that follows is in it'
            told.append(problem("markup-as-text", message, Place(path, first_line + line, column + 1, width), one.remedy))
    return told


_UNMARKED = str.maketrans({CODE: "…", LINK: None, LINK_END: None})
_LONGEST_START = re.compile(rf"[^{CODE}{LINK}{LINK_END}\n]*")


def _place(lines: Sequence[str], one: Suspect, cursor: tuple[int, int]) -> tuple[int, int, int]:
    """Return line and column, from 0, of text written on a line or below it, and its width on that line."""
    start = _LONGEST_START.match(one.written)
    needle = start[0].strip() if start else ""
    for line in range(one.line, min(len(lines), one.line + 60) if needle else 0):
        column = lines[line].find(needle, cursor[1] if line == cursor[0] else 0)
        if column >= 0:
            return line, column, len(needle)
    line = min(one.line, len(lines) - 1)
    indent = len(lines[line]) - len(lines[line].lstrip(" \t>"))
    return line, indent, max(1, len(lines[line].rstrip()) - indent)
