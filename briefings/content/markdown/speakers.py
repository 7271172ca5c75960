"""Read quotations: their words, and the last line, which names the speaker and perhaps a day, an event and a source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from markdown_it.token import Token
from msgspec import Struct

from briefings.content.bodies import BodyQuotation
from briefings.content.markdown.links import Locator, classify
from briefings.content.markdown.phrases import plain
from briefings.content.markdown.plain_text import plain_text
from briefings.content.markdown.word_holes import unmarked
from briefings.content.quoted import quotation_anchor
from briefings.content.schema.dates import Moment
from briefings.core.config import Marking
from briefings.core.diagnostics import Diagnostic, problem

# No pattern begins with spaces that may be many: where they are not what it looks for, each of them would be a beginning.
_EVENT = re.compile(r"\bevent:([^\s,;()\[\]{}]+)")
_DATE = re.compile(r"(?<![\w-])\d{4}-\d{1,2}-\d{1,2}(?![\w-])", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_NUMBER = r"(?P<day>\d{1,2})"
_YEAR = r"(?P<year>\d{4})"
_WRITTEN_DAYS = tuple(
    re.compile(rf"(?<![\w./-]){day}(?![\w/-])", re.IGNORECASE)
    for day in (
        rf"{_NUMBER}(?:st|nd|rd|th)?\.?(?: of)? {_MONTH}\.?,? {_YEAR}",
        rf"{_MONTH}\.? {_NUMBER}(?:st|nd|rd|th)?,? {_YEAR}",
        rf"{_MONTH}\.?,? {_YEAR}",
        rf"{_YEAR} ?[./年] ?(?P<number>\d{{1,2}}) ?[./月] ?{_NUMBER}日?",
        # With months of other languages, or a day and a month in an order that nobody can know.
        r"\d{1,2}(?:º|er)?\.? (?:de )?[^\W\d_]{3,}\.? (?:de )?\d{4}",
        r"\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})",
        # An instant, or no more than a month or about a year, which other dates of a note may be. A year alone may be a book's.
        rf"{_YEAR}-(?P<number>\d{{1,2}})-{_NUMBER}T[\d:.]+(?:Z|[+-][\d:]+)?",
        rf"(?<=, ){_YEAR}(?:-(?P<number>\d{{1,2}})[~?%]?|[~?%])(?=\Z| \()",
    )
)
"""Ways to write a day that are not read."""
_BEHIND_NAME = re.compile(rf" ?[,(]? ?(?:{_DATE.pattern}|\bevent:\S)", re.ASCII)
_MARKING = re.compile(r"\((TLP:(?:GREEN|AMBER\+STRICT|AMBER|RED))\)\Z")
_CAPTION = re.compile(r"<figcaption>.*?</figcaption>", re.DOTALL)
"""What stands below a picture or names the speaker of a quotation within another: no words of the quotation itself."""
_AROUND = frozenset(("em_open", "strong_open"))
"""Markup that may stand around the name."""


class SpeakerLine(Struct, frozen=True):
    """What the last line of a quotation says."""

    name: str
    """The speaker in plain text; may be empty."""
    actor: str = ""
    """The id of the actor to which the name links."""
    date: Moment | None = None
    event: str = ""
    source: str = ""
    marking: Marking = "TLP:CLEAR"
    bad_date: str = ""
    """What looks like a day and is none."""
    advice: str = ""
    """What is wrong with that day."""
    unread_date: str = ""
    """A day that is written in another way, and so is not read."""
    day_meant: str = ""
    """That day as it should be written, as far as it can be known."""


def read_speaker(tokens: Sequence[Token]) -> tuple[SpeakerLine, list[Token]]:
    """Read the inline tokens of a speaker's line, without its dash; return them, too, with an event as a token of its own."""
    first = next((i for i, t in enumerate(tokens) if t.type not in _AROUND and (t.type != "text" or t.content.strip())), len(tokens))
    actor, name, rest = _linked_name(tokens, first)
    # What stands in braces is no day: it has been read, or what is wrong with it is told.
    behind = " ".join("".join(token.content for token in tokens[rest:] if token.type == "text").partition("{")[0].split())
    if not name:
        whole = _MARKING.sub("", " ".join(plain(tokens[first:]).split()))
        found = _BEHIND_NAME.search(whole)
        name = (whole[: found.start()] if found else whole).rstrip(",; ")
    day, event, marking = _DATE.search(behind), _EVENT.search(behind), _MARKING.search(behind)
    date, wrong, advice = _date(day.group() if day else "")
    unread, meant = ("", "") if day else _unread_day(behind)
    cited = next((token.meta["sources"] for token in tokens[rest:] if token.type == "citation" and token.meta["sources"]), None)
    line = SpeakerLine(
        name=name,
        actor=actor,
        date=date,
        event=event[1].rstrip(".") if event else "",
        source=cited[0][0] if cited else "",
        marking=cast("Marking", marking[1]) if marking else "TLP:CLEAR",
        bad_date=wrong,
        advice=advice,
        unread_date=unread,
        day_meant=meant,
    )
    return line, _with_event(tokens, rest) if event else list(tokens)


def quoted(html: str, said: SpeakerLine, marker: str) -> BodyQuotation | None:
    """Return the quotation with the words of `html`, which may have holes or a `marker` in their place; None without words or a speaker.

    Its anchor is the id that its element should have.
    """
    html = _CAPTION.sub("", unmarked(html, marker) if marker else html)
    words = "\n".join(filter(None, (" ".join(plain_text(part).split()) for part in html.split("</p>\n"))))
    if not words or not said.name:
        return None
    return BodyQuotation(
        anchor=quotation_anchor(words),
        text=words,
        name=said.name,
        speaker=said.actor,
        date=said.date,
        event=said.event,
        source=said.source,
        marking=said.marking,
    )


def bad_day(said: SpeakerLine, locator: Locator, block: list[int] | None) -> Diagnostic:
    """Return the problem of what stands for a day behind a speaker and is none, or is one that is not read."""
    if said.unread_date:
        message = f'"{said.unread_date}" behind the speaker of this quotation looks like a date and is published as text'
        remedy = f"write {said.day_meant}" if said.day_meant else "write year, month and day in digits, as in 2017-12-15"
        return problem("markup-as-text", message, locator.line(block[1] - 1 if block else 0), remedy)
    remedy = said.advice or "write a day that exists, as in 2017-12-15"
    message = f'"{said.bad_date}" behind the speaker of this quotation is no date'
    return problem("bad-date", message, locator.find((said.bad_date,), block), remedy)


def _linked_name(tokens: Sequence[Token], first: int) -> tuple[str, str, int]:
    """Return id and name of the actor to which the line's first link leads, and where what follows begins; empty for another beginning."""
    if first < len(tokens) and tokens[first].type == "link_open":
        address = classify(str(tokens[first].attrs["href"]))
        end = next(i for i in range(first, len(tokens)) if tokens[i].type == "link_close")
        if address.kind == "actor":
            return address.target, " ".join(plain(tokens[first:end]).split()), end + 1
    return "", "", first


def _date(written: str) -> tuple[Moment | None, str, str]:
    """Return a day; or None, with what is no day and why."""
    if not written:
        return None, "", ""
    try:
        return Moment(written), "", ""
    except ValueError as why:
        return None, written, str(why)


def _unread_day(behind: str) -> tuple[str, str]:
    """Return a day behind a speaker that is written in words or in another order, and how it should be written; empty where unknown."""
    for pattern in _WRITTEN_DAYS if any(map(str.isdigit, behind)) else ():
        if found := pattern.search(behind):
            parts = found.groupdict()
            month = _MONTHS.index(parts["month"][:3].lower()) + 1 if parts.get("month") else int(parts.get("number") or 0)
            meant = f"{parts['year']}-{month:02}-{int(parts['day']):02}" if month and parts.get("day") else ""
            return found.group(), meant if _date(meant)[0] else ""
    return "", ""


def _with_event(tokens: Sequence[Token], rest: int) -> list[Token]:
    """Return the tokens with the first event, from token `rest` on, as a token of its own; the comma before it is left out."""
    found: list[Token] = list(tokens[:rest])
    for index in range(rest, len(tokens)):
        token = tokens[index]
        event = _EVENT.search(token.content) if token.type == "text" else None
        if event is None:
            found.append(token)
            continue
        end = event.end() - (len(event[1]) - len(event[1].rstrip(".")))
        ahead = token.content[: event.start()].rstrip(" ").removesuffix(",").rstrip(" ")
        before, after = Token("text", "", 0, content=ahead), Token("text", "", 0, content=token.content[end:])
        return [*found, before, Token("event", "", 0, content=event[1].rstrip(".")), after, *tokens[index + 1 :]]
    return found
