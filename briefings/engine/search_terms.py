"""The terms of texts as rows of the cache: one row for the texts of each segment, so that the edit of a text reads and writes one row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest

import msgspec

from briefings.engine.cache import Rows
from briefings.engine.text_packs import Text
from briefings.pages.forms import WORDS, key_of
from briefings.pages.search.files import words_path
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
    return {text for _, text in _view(row).texts if text}


def same_shards(old: bytes, new: bytes, terms: Mapping[str, bytes]) -> set[str]:
    """The paths of the shards in which nothing changes when the row of their view does, from `old` to `new`, as far as `terms` tell."""
    before, now = _view(old), _view(new)
    if (before.version, before.shards) != (now.version, now.shards):
        return set()
    edited = [(was, is_now) for (_, was), (_, is_now) in zip(before.texts, now.texts, strict=True) if was != is_now]
    if any(text and text not in terms for pair in edited for text in pair):
        return set()
    differing = {number % now.shards for pair in edited for number in _differing_buckets(*(terms.get(text, b"") for text in pair))}
    return {words_path(now.segment, shard) for shard in range(now.shards) if shard not in differing}


def _differing_buckets(old: bytes, new: bytes) -> Iterator[int]:
    """The buckets in which two texts have other terms."""
    for number, (before, now) in enumerate(zip_longest(old.split(b"\n"), new.split(b"\n"), fillvalue=b"")):
        if before != now and set(before.split()) != set(now.split()):
            yield number


def _view(row: bytes) -> SegmentWordsView:
    view = read_page_row(WORDS[0], row)[1]
    assert isinstance(view, SegmentWordsView)  # noqa: S101 - that is what the form shows
    return view


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
