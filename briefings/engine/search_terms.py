"""The terms of texts as rows of the cache: one row for the texts of each segment, so that the edit of a text reads and writes one row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from briefings.engine.cache import Rows
from briefings.engine.text_packs import Text
from briefings.pages.forms import WORDS, key_of
from briefings.pages.search.terms import indexed
from briefings.pages.site_plan import SitePlan
from briefings.pages.view_rows import read_page_row
from briefings.pages.views.search_views import SegmentWordsView

TermsBySegment = Mapping[str, Mapping[str, bytes]]
"""For each segment, by the path of its first shard, the terms of its texts by the texts' digests, in UTF-8."""

_SHARDS = frozenset(WORDS)
_DECODER = msgspec.msgpack.Decoder(dict[str, bytes])


def segments_among(plan: SitePlan, paths: Iterable[str]) -> set[str]:
    """The segments of which shards are among the pages at `paths`, each by the path of its first shard."""
    return {key_of(path, form) for path in paths if (form := plan.pages[path].template) in _SHARDS}


def searched_texts(row: bytes) -> set[str]:
    """The digests of the texts of a segment, whose view has this row. Raises msgspec.MsgspecError for bytes that are no such row."""
    view = read_page_row(WORDS[0], row)[1]
    assert isinstance(view, SegmentWordsView)  # noqa: S101 - that is what the form shows
    return {text for _, text in view.texts if text}


def read_terms(named: Mapping[str, bytes], rows: Rows, wanted: Iterable[str]) -> dict[str, bytes]:
    """The terms that `rows` still have of the texts of the segments `wanted`, by the texts' digests; `named` are the digests of these rows.

    A text that was edited since may be missing.
    """
    found = rows.load("terms", {key: named[key] for key in wanted if key in named})
    return {text: terms for row in found.values() for text, terms in _DECODER.decode(row).items()}


def terms_of(text: Text) -> bytes:
    """The terms of a text; they are made from its plain text where they were not made when it was parsed."""
    return text.terms or indexed(text.words.decode()).encode()


def terms_row(terms: Mapping[str, bytes]) -> bytes:
    """The row of the terms of a segment."""
    return msgspec.msgpack.encode(dict(sorted(terms.items())))
