"""What readers see differently between two states of a site: record by record and word by word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

from msgspec import Struct

from briefings.content.records import Kind
from briefings.desk.revisions import ShownRecord, ShownSite

What = Literal["new", "changed", "gone", "withdrawn"]
Mark = Literal["same", "gone", "new"]
Piece = tuple[Mark, str]
"""Words that stand in both texts, in the old one alone or in the new one alone."""

CONTEXT = 8
"""Words shown before and after a difference."""
CUT = " … "
"""Stands where words that are in both texts are left out."""
_TOKEN = re.compile(r"(?:\w+|[^\w\s])\s*+|\s+")
"""A word or a sign with the space behind it: spaces of their own would be compared with one another, all with all."""


class TextDifference(Struct, frozen=True):
    """A text that differs."""

    name: str
    """Which: `title`, `summary` or `text`."""
    pieces: tuple[Piece, ...]


class EntryDifference(Struct, frozen=True):
    """A list of entries, or a single value, that differs."""

    name: str
    """The field: `sources`."""
    gone: tuple[str, ...]
    new: tuple[str, ...]


class RecordDifference(Struct, frozen=True):
    """A record that readers see differently."""

    what: What
    kind: Kind
    url: str
    """Its address from the site's root."""
    title: str
    reason: str = ""
    """Of a withdrawal, why."""
    texts: tuple[TextDifference, ...] = ()
    entries: tuple[EntryDifference, ...] = ()


def differences(before: ShownSite, after: ShownSite) -> tuple[RecordDifference, ...]:
    """What differs, notes first: in the order of the site after, then what it no longer shows."""
    return tuple(sorted(_all(before, after), key=lambda one: one.kind != "note"))


def _all(before: ShownSite, after: ShownSite) -> Iterator[RecordDifference]:
    for url, now in after.records.items():
        was = before.records.get(url)
        if was is None:
            summary = now.texts["summary"]
            texts = (TextDifference("summary", (("new", summary),)),) if summary else ()
            yield RecordDifference("new", now.kind, url, now.title, texts=texts)
        elif was != now:
            yield _changed(was, now)
    for url, was in before.records.items():
        if url in after.withdrawn:
            yield RecordDifference("withdrawn", was.kind, url, was.title, reason=after.withdrawn[url])
        elif url not in after.records:
            yield RecordDifference("gone", was.kind, url, was.title)


def _changed(was: ShownRecord, now: ShownRecord) -> RecordDifference:
    texts = [TextDifference(name, word_by_word(was.texts[name], text)) for name, text in now.texts.items() if was.texts[name] != text]
    entries = [
        EntryDifference(name, _without(was.entries.get(name, ()), lines), _without(lines, was.entries.get(name, ())))
        for name, lines in now.entries.items()
        if was.entries.get(name, ()) != lines
    ]
    return RecordDifference("changed", now.kind, now.url, now.title, texts=tuple(texts), entries=tuple(entries))


def _without(lines: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """`lines` without those that `others` has as often; a line that stands there less often is left that many times more."""
    more = Counter(lines) - Counter(others)
    return tuple(line for line in dict.fromkeys(lines) for _ in range(more[line]))


def word_by_word(before: str, after: str) -> tuple[Piece, ...]:
    """The words of two texts in one: joined, what is same or gone gives `before`, and what is same or new gives `after`."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        if tag == "equal":
            pieces.append(("same", gone))
            continue
        # A space behind both is the same in both.
        space = gone[len(gone.rstrip()) :]
        space = space if gone and come and come[len(come.rstrip()) :] == space else ""
        pieces += (("gone", gone.removesuffix(space)), ("new", come.removesuffix(space)), ("same", space))
    return tuple(_joined(piece for piece in pieces if piece[1]))


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """`pieces`, where neighbours with the same mark are one."""
    for mark, group in groupby(pieces, key=lambda piece: piece[0]):
        yield mark, "".join(words for _, words in group)


def in_context(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """`pieces` without the words that stand far from every difference."""
    last = len(pieces) - 1
    return tuple((mark, words if mark != "same" else _near(words, i > 0, i < last)) for i, (mark, words) in enumerate(pieces))


def _near(words: str, after_one: bool, before_one: bool) -> str:
    """Of words between two differences those next to them; `after_one` and `before_one` say whether there is one on that side."""
    tokens = _TOKEN.findall(words)
    if len(tokens) <= CONTEXT * (after_one + before_one) + 1:
        return words
    start = "".join(tokens[:CONTEXT]).rstrip() if after_one else ""
    end = "".join(tokens[-CONTEXT:]).lstrip() if before_one else ""
    return f"{start}{CUT}{end}"
