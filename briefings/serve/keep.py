"""What a server remembers for its next start: the same cache as that of builds, in a file of its own."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from msgspec import Struct, structs

from briefings.core.digests import digest
from briefings.engine.cache import Cache, Columns, Details, Glance, Kind, SitePlan, Snapshot, details_row
from briefings.engine.reading import Read
from briefings.engine.scan import Scan
from briefings.engine.secrecy import with_names
from briefings.engine.texts import repacked
from briefings.serve.edition import Edition, MemoryRows, rows_of, views_of
from briefings.site.visibility import Audience

CACHE = "serve"
"""The name of the cache: what is served must not push out what builds remember."""


class Recalled(Struct, frozen=True):
    """What was remembered of a site."""

    known: Snapshot | None = None
    rows: MemoryRows = MemoryRows()


def learned(before: Recalled, program: bytes, seen: Scan, read: Read) -> Recalled:
    """What is known once `read` was read on `before`, though it gave no edition: each file's records and texts, and no page."""
    packs = before.known.details.packs if before.known else {}
    packs, new_texts = repacked(packs, before.rows, {*chain.from_iterable(packs.values()), *read.texts}, read.texts)
    details = Details(sources=read.entries, packs=packs)
    stamps = {path: stamp for path, stamp in seen.files.items() if path in read.entries}
    glance = Glance(program=program, scanned=seen.at, sources=Columns.of(stamps))
    return Recalled(Snapshot(glance, details), before.rows.followed_by({"records": read.rows, "texts": new_texts}, details))


class Keeper:
    """Recalls the last edition, and remembers the newest one, of those that are for the desk: it may see all that is kept."""

    def __init__(self, site: Path, audience: Audience) -> None:
        self._site = site
        self._audience = audience
        self._cache = Cache(site, audience, name=CACHE)
        self._saved: Edition | None = None
        self._in_file: Snapshot | None = None

    def recall(self, program: bytes, paths: Iterable[str]) -> Recalled:
        """What is remembered of the site, whose sources are at `paths`; else what the last build left, which spares the parsing."""
        for cache in (self._cache, Cache(self._site)):
            glance = cache.glance()
            known = cache.snapshot(glance) if glance is not None and glance.program == program else None
            if known is None:
                continue
            known = with_names(known, paths)
            rows, is_whole = rows_of(cache, known)
            if cache is self._cache and is_whole:
                self._in_file = known
            # A text whose pack is lost is parsed again.
            packs = {key: texts for key, texts in known.details.packs.items() if rows.has("texts", key)}
            known = structs.replace(known, details=structs.replace(known.details, packs=packs))
            if not is_whole:
                # What was read from the files still holds. The pages are planned again.
                return Recalled(structs.replace(known, details=structs.replace(known.details, plan=SitePlan())), rows)
            return Recalled(known, rows)
        return Recalled()

    def is_empty(self, program: bytes) -> bool:
        """Whether this program has nothing to recall."""
        return not any((glance := cache.glance()) and glance.program == program for cache in (self._cache, Cache(self._site)))

    def is_behind(self, edition: Edition | None) -> bool:
        """Whether `edition` is not the one that is remembered."""
        return self._audience == "desk" and edition is not None and edition is not self._saved

    def save(self, edition: Edition) -> None:
        """Remember `edition`; where that cannot be done, the next start takes longer."""
        # Whatever goes wrong now would go wrong at every further attempt.
        self._saved = edition
        row = details_row(edition.known.details)
        glance = structs.replace(edition.known.glance, sources=Columns.of(edition.seen.files), details=digest(row))
        snapshot = Snapshot(glance, edition.known.details)
        if self._cache.save(snapshot, self._in_file, self._new_rows(edition, row)):
            self._in_file = snapshot
        else:
            self._in_file = None

    def _new_rows(self, edition: Edition, row: bytes) -> dict[Kind, dict[str, bytes]]:
        """The rows that the file does not have."""
        now, rows = edition.known.details, edition.rows
        had = self._in_file.details if self._in_file else Details(sources={})
        views, codes, cards = views_of(had), had.templates.code, had.plan.cards
        records = (path for path, entry in now.sources.items() if entry.records and had.sources.get(path) != entry)
        found: dict[Kind, dict[str, bytes]] = {
            "records": {path: rows.get("records", path) for path in records},
            "page": {path: rows.get("page", path) for path, view in views_of(now).items() if views.get(path) != view},
            "card": {i: rows.get("card", i) for i, card in now.plan.cards.items() if cards.get(i) != card},
            "template": {n: rows.get("template", n) for n, code in now.templates.code.items() if codes.get(n) != code},
            "texts": {key: rows.get("texts", key) for key in now.packs.keys() - had.packs.keys()},
            "snapshot": {"details": row},
        }
        if had.plan.shown != now.plan.shown:
            found["snapshot"]["shown"] = rows.get("snapshot", "shown")
        return found
