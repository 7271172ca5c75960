r"""Words of the program and quoted figures in a text: holes in its stored HTML, filled in a language when a page is rendered.

The hole of a word is `\x01<word>|<value>|<title>\x02`; that of a link is `\x01<number>\x02`, with the hole's index in the body.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from html import escape
from typing import Literal

from briefings.core.language import Language

Box = Literal["note", "tip", "important", "warning", "caution", "key-points"]
"""The kinds of boxes."""
Word = Box | Literal["table", "to-do", "done", "footnotes", "back", "date", "figure"]
"""What the words of a hole say."""

_BEGIN, _END = "\x01", "\x02"
_HOLE = re.compile("\x01(?:([0-9]+)|([^\x02]*))\x02")


def word_hole(word: Word, value: str = "", title: str = "", marker: str = "") -> str:
    """Return the hole for `word` in HTML.

    `value` is the day of a `date`, as in `2017-12-15`; for a `figure` it is the index of its reference in the body; for a `table` or for
    `back` it is the number of the one that is meant, empty for the first. `title` is the author's title of a box or table, which is not
    yet escaped. A text that will be sanitised has a `marker`, and gets holes from `unmarked`.
    """
    inside = f"{word}|{value}|{escape(title)}"
    return f"{marker}begin-{inside}-{marker}end" if marker else f"{_BEGIN}{inside}{_END}"


def unmarked(html: str, marker: str) -> str:
    """Return sanitised `html` with holes in the place of those that `word_hole` wrote with `marker`."""
    return html.replace(f"{marker}begin-", _BEGIN).replace(f"-{marker}end", _END)


def filled(html: str, link: Callable[[int], str], language: Language, figure: Callable[[int], str] = lambda _: "") -> str:
    """Return the HTML of a text with its holes filled, each word in `language`.

    `link` gives the HTML of a link by the index of its hole, and `figure` that of a quoted figure by the index of its reference.
    """
    if _BEGIN not in html:
        return html

    def fill(hole: re.Match[str]) -> str:
        number, inside = hole.groups()
        if number:
            return link(int(number))
        return figure(int(inside.split("|")[1])) if inside.startswith("figure|") else _in_words(inside, language)

    return _HOLE.sub(fill, html)


def as_written(html: str) -> str:
    """Return `html` without holes, but with dates as their author wrote them, as in `2017-12-15`."""
    return _HOLE.sub(_date_or_nothing, html)


def _date_or_nothing(hole: re.Match[str]) -> str:
    inside = hole[2]
    return inside.split("|")[1] if inside and inside.startswith("date|") else ""


def _in_words(inside: str, language: Language) -> str:
    """Return as HTML what the hole with `inside` says in `language`."""
    word, value, title = inside.split("|", 2)
    if word == "date":
        return escape(language.date(dt.date.fromisoformat(value), "long"))
    words = escape(_numbered(word, value, language) if value else _word(word, language))
    return escape(language.gettext("%(label)s: %(title)s")) % {"label": words, "title": title} if title else words


def _word(word: str, language: Language) -> str:
    match word:
        case "note":
            return language.pgettext("box", "Note")
        case "tip":
            return language.pgettext("box", "Tip")
        case "important":
            return language.pgettext("box", "Important")
        case "warning":
            return language.pgettext("box", "Warning")
        case "caution":
            return language.pgettext("box", "Caution")
        case "key-points":
            return language.pgettext("box", "Key points")
        case "table":
            return language.gettext("Table")
        case "to-do":
            return language.pgettext("task", "to do")
        case "done":
            return language.pgettext("task", "done")
        case "footnotes":
            return language.pgettext("footnotes", "Notes")
        case "back":
            return language.gettext("Back to the text")
        case _:
            raise ValueError(f"no words are known for {word}")


def _numbered(word: str, number: str, language: Language) -> str:
    if word == "table":
        return language.gettext("Table %(number)s", number=number)
    return language.gettext("Back to the text (%(number)s)", number=number)
