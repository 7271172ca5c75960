"""What a server remembers for its next start: the same cache as that of builds, in a file of its own."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from msgspec import Struct, structs

from briefings.engine.cache import Cache, Kind
from briefings.engine.reading import Read
from briefings.engine.scan import Scan
from briefings.engine.state import Columns, SitePlan, SiteState, StateBody, StateHeader
from briefings.engine.text_packs import repacked
from briefings.serve.edition import Edition, MemoryRows, rows_of, views_of
from briefings.site.visibility import Audience

CACHE = "serve"
"""The name of the cache: what is served must not push out what builds remember."""


class Recalled(Struct, frozen=True):
    """What was remembered of a site."""

    known: SiteState | None = None
    rows: MemoryRows = MemoryRows()


def learned(before: Recalled, program: bytes, seen: Scan, read: Read) -> Recalled:
    """What is known once `read` was read on `before`, though it gave no edition: each file's records and texts, and no page."""
    packs = before.known.body.packs if before.known else {}
    packs, new_texts = repacked(packs, before.rows, {*chain.from_iterable(packs.values()), *read.texts}, read.texts)
    stamps = {path: stamp for path, stamp in seen.files.items() if path in read.entries}
    body = StateBody(sources=read.entries, stamps=Columns.of(stamps), packs=packs)
    header = StateHeader(program=program, scanned=seen.at)
    return Recalled(SiteState(header, body), before.rows.followed_by({"records": read.rows, "texts": new_texts}, body))


class Keeper:
    """Recalls the last edition, and remembers the newest one, of those that are for the desk: it may see all that is kept."""

    def __init__(self, site: Path, audience: Audience) -> None:
        self._site = site
        self._audience = audience
        self._cache = Cache(site, audience, name=CACHE)
        self._saved: Edition | None = None
        self._in_file: SiteState | None = None

    def recall(self, program: bytes, paths: Iterable[str]) -> Recalled:
        """What is remembered of the site, whose sources are at `paths`; else what the last build left, which spares the parsing."""
        for cache in (self._cache, Cache(self._site)):
            header = cache.header()
            known = cache.state(header, paths) if header is not None and header.program == program else None
            if known is None:
                continue
            rows, is_whole = rows_of(cache, known)
            if cache is self._cache and is_whole:
                self._in_file = known
            # A text whose pack is lost is parsed again.
            packs = {key: texts for key, texts in known.body.packs.items() if rows.has("texts", key)}
            known = structs.replace(known, body=structs.replace(known.body, packs=packs))
            if not is_whole:
                # What was read from the files still holds. The pages are planned again.
                return Recalled(structs.replace(known, body=structs.replace(known.body, plan=SitePlan())), rows)
            return Recalled(known, rows)
        return Recalled()

    def is_empty(self, program: bytes) -> bool:
        """Whether this program has nothing to recall."""
        return not any((header := cache.header()) and header.program == program for cache in (self._cache, Cache(self._site)))

    def is_behind(self, edition: Edition | None) -> bool:
        """Whether `edition` is not the one that is remembered."""
        return self._audience == "desk" and edition is not None and edition is not self._saved

    def save(self, edition: Edition) -> None:
        """Remember `edition`; where that cannot be done, the next start takes longer."""
        # Whatever goes wrong now would go wrong at every further attempt.
        self._saved = edition
        state = structs.replace(edition.known, body=structs.replace(edition.known.body, stamps=Columns.of(edition.seen.files)))
        if self._cache.save(state, self._in_file, self._new_rows(edition)):
            self._in_file = state
        else:
            self._in_file = None

    def _new_rows(self, edition: Edition) -> dict[Kind, dict[str, bytes]]:
        """The rows that the file does not have."""
        now, rows = edition.known.body, edition.rows
        had = self._in_file.body if self._in_file else StateBody()
        views, codes, cards = views_of(had), had.templates.code, had.plan.cards
        records = (path for path, entry in now.sources.items() if entry.records and had.sources.get(path) != entry)
        return {
            "records": {path: rows.get("records", path) for path in records},
            "page": {path: rows.get("page", path) for path, view in views_of(now).items() if views.get(path) != view},
            "card": {i: rows.get("card", i) for i, card in now.plan.cards.items() if cards.get(i) != card},
            "template": {n: rows.get("template", n) for n, code in now.templates.code.items() if codes.get(n) != code},
            "texts": {key: rows.get("texts", key) for key in now.packs.keys() - had.packs.keys()},
            "state": {"shown": rows.get("state", "shown")} if had.plan.shown != now.plan.shown else {},
        }
