"""The files of search as a browser loads them: scripts of one line, which work from a disk and where a policy allows own files alone."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from briefings.pages.note_refs import Cards
from briefings.pages.search.terms import FREQUENT
from briefings.pages.views.search_views import (
    PageCardsView,
    PageDetailsView,
    SearchRecordsView,
    SearchSegmentsView,
    SegmentCardsView,
    SegmentDetailsView,
    SegmentEntriesView,
    SegmentWordsView,
)
from briefings.site.visibility import rank

Terms = Mapping[str, Sequence[str]]
"""The terms of texts by bucket, by the texts' digests, as `pages.search.terms` makes them."""

_UNSAFE = ((b"<", b"\\u003c"), ("\u2028".encode(), b"\\u2028"), ("\u2029".encode(), b"\\u2029"))
"""What might end a script, or a line of one; in JSON all of these stand in strings alone."""
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def write_records(view: SearchRecordsView) -> bytes:
    """`records.js`."""
    return _part("records", view)


def write_segments(view: SearchSegmentsView) -> bytes:
    """`segments.js`."""
    return _part("segments", view)


def write_cards(view: SegmentCardsView, cards: Cards) -> bytes:
    """`cards.js` of a segment of notes."""
    shown = [cards[note.id] for note in view.notes]
    found = {
        "of": view.version,
        "ids": [card.id for card in shown],
        "titles": [card.title for card in shown],
        "dates": [card.when for card in shown],
        "kinds": view.kinds,
        "markings": "".join([str(rank(card.marking)) for card in shown]),
        "topics": view.topics,
        "used": {"topics": view.used_topics, "kinds": view.used_kinds},
    }
    return _part(f"{view.segment}/cards", found)


def write_details(view: SegmentDetailsView, cards: Cards) -> bytes:
    """`details.js` of a segment of notes."""
    found = {
        "of": view.version,
        "summaries": [cards[note.id].summary for note in view.notes],
        "actors": view.actors,
        "sources": view.sources,
        "used": {"actors": view.used_actors, "roles": view.used_roles, "sources": view.used_sources},
    }
    return _part(f"{view.segment}/details", found)


def write_page_cards(view: PageCardsView) -> bytes:
    """`cards.js` of the texts without a date."""
    found = {
        "of": view.version,
        "urls": [text.url for text in view.texts],
        "titles": [text.title for text in view.texts],
        "kinds": [text.kind for text in view.texts],
        "markings": "".join([str(text.marking) for text in view.texts]),
        "used": {"kinds": view.used_kinds},
    }
    return _part("pages/cards", found)


def write_page_details(view: PageDetailsView) -> bytes:
    """`details.js` of the texts without a date."""
    return _part("pages/details", {"of": view.version, "summaries": view.summaries})


def write_entries(view: SegmentEntriesView) -> bytes:
    """`entries.js` of a segment of notes."""
    return _part(f"{view.segment}/entries", {"of": view.version, "entries": view.entries})


def write_words(view: SegmentWordsView, shard: int, terms: Terms) -> bytes:
    """`words-<shard>.js` of a segment: each term with the numbers of the texts in which it stands.

    The first number is absolute, each other one its distance from the one before, in base 36; FREQUENT stands behind the number of a text
    in which the term is frequent.
    """
    found: defaultdict[str, list[int]] = defaultdict(list)
    for number, (_, text) in enumerate(view.texts):
        if text:
            for term in " ".join(terms[text][shard :: view.shards]).split():
                found[term].append(number)
    digits = _numbers(len(view.texts))
    words = {}
    for term in sorted({term.removesuffix(FREQUENT) for term in found}):
        words[term] = _postings(found.get(term, ()), found.get(term + FREQUENT, ()), digits)
    return _part(f"{view.segment}/words-{shard}", {"of": view.version, "words": words})


def _postings(numbers: Sequence[int], frequent: Sequence[int], digits: Sequence[str]) -> str:
    """The numbers of the texts in which a term stands, and of those in which it is `frequent`."""
    if not frequent:
        return " ".join([digits[number - before] for before, number in zip((0, *numbers), numbers, strict=False)])
    marked = sorted([(number, "") for number in numbers] + [(number, FREQUENT) for number in frequent])
    return " ".join([digits[number - before] + mark for (before, _), (number, mark) in zip([(0, ""), *marked], marked, strict=False)])


@functools.lru_cache(maxsize=8)
def _numbers(count: int) -> tuple[str, ...]:
    """The numbers below `count` in base 36."""
    return tuple([_base_36(number) for number in range(count)])


def _base_36(number: int) -> str:
    return _base_36(number // 36) + _DIGITS[number % 36] if number >= 36 else _DIGITS[number]


def _part(name: str, content: Any) -> bytes:
    """The file that gives `content` to the script of the theme under this name."""
    data = msgspec.json.encode(content)
    for sign, escaped in _UNSAFE:
        data = data.replace(sign, escaped)
    return b'briefings.part("%b",%b);\n' % (name.encode(), data)
