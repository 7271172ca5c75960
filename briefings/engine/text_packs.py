"""The texts of a site as rows of the cache: packs of many, so that ten thousand texts are a few hundred rows."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from itertools import chain
from operator import itemgetter

import msgspec
from msgspec import Struct

from briefings.core.digests import digest
from briefings.engine.cache import Rows
from briefings.engine.state import Packs

PACK = 32
"""Texts in a pack: enough that all are read quickly, few enough that the edit of one writes little."""


class Text(Struct, frozen=True, array_like=True):
    """A text that was parsed, as it is stored: in UTF-8."""

    html: bytes
    """Its HTML with holes."""
    words: bytes
    """Its plain text."""
    terms: bytes = b""
    """Its terms for search, where it has just been parsed for a site with search; packs are without them."""


_DECODER = msgspec.msgpack.Decoder(dict[str, Text])


def read_texts(packs: Packs, rows: Rows, wanted: AbstractSet[str]) -> dict[str, Text]:
    """Those of the texts with the digests `wanted` that `packs` name and `rows` still have, by digest."""
    keys = {key: bytes.fromhex(key) for key, digests in packs.items() if not wanted.isdisjoint(digests)} if wanted else {}
    found = (_DECODER.decode(row) for row in rows.load("texts", keys).values())
    return {text: stored for pack in found for text, stored in pack.items() if text in wanted}


def repacked(packs: Packs, rows: Rows, shown: AbstractSet[str], fresh: Mapping[str, Text]) -> tuple[Packs, dict[str, bytes]]:
    """The packs that hold the texts with the digests `shown` and no others, as far as they are known, and those of their rows that are new.

    `packs` are those of the last build, whose rows are `rows`; `fresh` are texts that they may lack.
    """
    kept = {key: digests for key, digests in packs.items() if shown >= set(digests)}
    stored = set(chain.from_iterable(kept.values()))
    new = {text: Text(one.html, one.words) for text, one in fresh.items() if text in shown and text not in stored}
    if not new and len(kept) == len(packs):
        return packs, {}
    # Packs in which much room is left are filled up: else each new text would leave a pack of its own behind.
    kept = {key: digests for key, digests in kept.items() if len(digests) > PACK // 2}
    opened = {key: digests for key, digests in packs.items() if key not in kept}
    texts = sorted((read_texts(opened, rows, shown & set(chain.from_iterable(opened.values()))) | new).items(), key=itemgetter(0))
    new_rows = {}
    for start in range(0, len(texts), PACK):
        pack = dict(texts[start : start + PACK])
        row = msgspec.msgpack.encode(pack)
        key = digest(row).hex()
        new_rows[key] = row
        kept[key] = tuple(pack)
    return kept, new_rows
