"""An edition: all that the server shows at one time, in memory, and unchangeable, so that a request never meets half a site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from briefings.content.folder import Sources
from briefings.content.record_rows import read_records_row
from briefings.content.records import AnyRecord
from briefings.core.config import SiteConfig
from briefings.core.diagnostics import Diagnostic
from briefings.core.digests import digest
from briefings.core.urls import base_path
from briefings.engine.api import BuildRequest
from briefings.engine.cache import RowKind, named_rows
from briefings.engine.prepare import Prepared, next_state
from briefings.engine.scan import Scan, SourceStamp, source_key
from briefings.engine.search_terms import read_terms, terms_of
from briefings.engine.state import SiteState, StateBody, StateHeader
from briefings.engine.templates import Templates
from briefings.engine.text_packs import read_texts
from briefings.pages.forms import key_of
from briefings.pages.note_refs import note_ids
from briefings.pages.search.files import words_path
from briefings.pages.site_plan import Scope
from briefings.pages.view_rows import read_cards, read_page_row, shown_on
from briefings.pages.views.search_views import SegmentWordsView
from briefings.rendering.template_state import fingerprints
from briefings.rendering.theme import Theme
from briefings.rendering.view_bytes import produce


class MemoryRows:
    """Rows in memory. They do not change: what comes later is another object, which shares them."""

    def __init__(self, rows: Mapping[RowKind, Mapping[str, bytes]] | None = None) -> None:
        self._rows = rows or {}

    def load(self, kind: RowKind, wanted: Mapping[str, bytes]) -> dict[str, bytes]:
        """The rows with these keys whose bytes have the given digests."""
        rows = self._rows.get(kind, {})
        return {key: row for key, wish in wanted.items() if (row := rows.get(key)) is not None and digest(row) == wish}

    def get(self, kind: RowKind, key: str) -> bytes:
        """One row, as it is; raises KeyError where there is none."""
        return self._rows[kind][key]

    def beyond(self, others: MemoryRows) -> dict[RowKind, dict[str, bytes]]:
        """Those that `others` have not, or not with the same bytes."""
        return {
            kind: {key: row for key, row in rows.items() if others._rows.get(kind, {}).get(key) != row} for kind, rows in self._rows.items()
        }

    def followed_by(self, rows: Mapping[RowKind, Mapping[str, bytes]], body: StateBody) -> MemoryRows:
        """These rows with `rows` laid over them, and without those that `body` no longer names."""
        new, all_named = dict(self._rows), named_rows(body)
        for kind, changed in rows.items():
            old = self._rows.get(kind, {})
            merged = {**old, **changed} if changed else old
            named = all_named.get(kind)
            if named is not None and not merged.keys() <= named.keys():
                merged = {key: row for key, row in merged.items() if key in named}
            new[kind] = merged
        return MemoryRows(new)


class Basis(Struct, frozen=True, eq=False):
    """What is known before a preparation, so that it reads and links only what has changed."""

    known: SiteState | None = None
    rows: MemoryRows = MemoryRows()
    stamps: Mapping[str, SourceStamp] = {}
    """Those of the sources as they are known."""
    sources: Sources | None = None
    """What the content folder holds, where that has been sorted out."""

    @property
    def scope(self) -> Scope:
        """For whom and for which time the last edition holds; for no time where there was none."""
        return self.known.header.scope if self.known else Scope()


class Edition(Struct, frozen=True, eq=False):
    """A whole site for one audience at one instant, ready to be asked for any of its pages."""

    request: BuildRequest
    config: SiteConfig
    known: SiteState
    """What the next preparation compares with."""
    rows: MemoryRows
    templates: Templates
    template_fingerprints: dict[str, bytes]
    """Digest of all that the output of a template depends on, by its name."""
    seen: Scan
    sources: Sources
    """What the content folder holds."""
    warnings: tuple[Diagnostic, ...]
    differing: frozenset[str]
    """Pages and files that are new, gone or different since the edition before."""

    @property
    def basis(self) -> Basis:
        """What the preparation of the next edition goes on from."""
        return Basis(self.known, self.rows, self.seen.files, self.sources)

    @property
    def base(self) -> str:
        """The path of the site's root on its host."""
        return base_path(self.config.url)

    @property
    def pages(self) -> Mapping[str, object]:
        """Every page's file in the output."""
        return self.known.body.plan.pages

    def fingerprint(self, path: str) -> bytes:
        """A digest of all that the page at `path` shows: as long as it is the same, so is the page."""
        entry = self.known.body.plan.pages[path]
        cards = self.known.body.plan.cards
        named = (cards[identifier] for identifier in shown_on(entry.template, self.rows.get("page", key_of(path, entry.template))))
        # What is for programs is written without a template.
        template = self.template_fingerprints.get(entry.template, b"") + self.templates.state.language
        return digest(b"".join((entry.template.encode(), entry.view, template, *named)))

    def render(self, path: str, theme: Theme | None = None) -> bytes | Diagnostic:
        """The bytes of the page at `path`, as a build writes them; `theme`, where it is given, takes the place of the edition's."""
        entry = self.known.body.plan.pages[path]
        row = self.rows.get("page", key_of(path, entry.template))
        _, view = read_page_row(entry.template, row)
        cards = read_cards({identifier: self.rows.get("card", identifier) for identifier in note_ids(view)})
        texts = read_texts(self.known.body.packs, self.rows, {entry.text} if entry.text else set())
        html = {text: stored.html.decode() for text, stored in texts.items()}
        terms = self._terms(view) if isinstance(view, SegmentWordsView) else {}
        return produce(entry.template, view, cards, theme or self.templates.theme, html, terms)

    def _terms(self, view: SegmentWordsView) -> dict[str, list[str]]:
        """The terms of the texts of a segment; those of texts that were edited since its row was written are made now."""
        wanted, body = {text for _, text in view.texts if text}, self.known.body
        found = read_terms(body.terms, self.rows, [words_path(view.segment)])
        edited = read_texts(body.packs, self.rows, wanted - found.keys())
        found |= {text: terms_of(stored) for text, stored in edited.items()}
        return {text: found[text].decode().split("\n") for text in wanted}

    def is_page(self, path: str) -> bool:
        """Whether what is at `path` is a page for readers, rather than something for programs."""
        return self.known.body.plan.pages[path].template.endswith(".html")

    def file(self, address: str) -> tuple[Path, bytes] | None:
        """Where the file that is published at `address` lies, and the digest of its bytes; None when there is none."""
        path = self.known.body.plan.copies.get(address)
        entry = self.known.body.sources.get(source_key(self.request.site, path)) if path else None
        return (self.request.site / path, entry.digest) if path and entry else None

    def stamp(self, path: Path) -> SourceStamp | None:
        """The stamp of the source file at `path` (absolute), as it was when it was read."""
        return self.seen.files.get(source_key(self.request.site, str(path)))

    def files(self) -> dict[str, bytes]:
        """Address and digest of each file that is published as it is."""
        found = ((address, self.file(address)) for address in self.known.body.plan.copies)
        return {address: file[1] for address, file in found if file}

    def record(self, path: str) -> AnyRecord | None:
        """The record whose page is at `path`; None for a page that is no record's."""
        entry = self.known.body.plan.pages.get(path)
        if entry is None or not entry.record or not entry.origin.startswith("content/"):
            return None
        parsed = read_records_row(self.rows.get("records", entry.origin))
        return next((r for r in parsed.records if r.id == entry.record), None)


def edition(request: BuildRequest, prepared: Prepared, seen: Scan, program: bytes, basis: Basis) -> Edition:
    """The edition that was `prepared` on `basis`, by the `program` with this digest, of what was `seen` on the disk."""
    known, rows = basis.known, basis.rows
    body, new_rows = next_state(prepared, known, rows)
    # The stamps of the sources are in its scan.
    header = StateHeader(
        program=program, scope=prepared.plan.scope, scanned=seen.at, counts=prepared.plan.counts, diagnostics=prepared.diagnostics
    )
    others = frozenset(_other_files(request.site, body, known) if known else body.plan.copies)
    return Edition(
        request=request,
        config=prepared.read.config,
        known=SiteState(header, body),
        rows=rows.followed_by(new_rows, body),
        templates=prepared.templates,
        template_fingerprints=fingerprints(prepared.templates.state),
        seen=seen,
        sources=prepared.read.sources,
        warnings=prepared.diagnostics,
        differing=prepared.planned.stale | others,
    )


def changed_sources(before: Basis, now: Edition) -> tuple[str, ...]:
    """Source files that are new, gone or different; where none is, those that were written again as they were."""
    old, new = before.known.body.sources if before.known else {}, now.known.body.sources
    # Entries of files that were not read again are the very same.
    files = {path for path, entry in new.items() if (known := old.get(path)) is not entry and known != entry}
    return tuple(sorted(files | (old.keys() - new.keys()))) or changed(before.stamps, now.seen.files)


def changed(before: Mapping[str, SourceStamp], now: Mapping[str, SourceStamp]) -> tuple[str, ...]:
    """Files that are new, gone or have another stamp."""
    if before is now:
        return ()
    return tuple(sorted({path for path, stamp in now.items() if before.get(path) != stamp} | (before.keys() - now.keys())))


def _other_files(site: Path, body: StateBody, known: SiteState) -> Iterator[str]:
    """Pages that are gone, and files that are new, gone or different."""
    before, now = known.body.plan, body.plan
    yield from before.pages.keys() - now.pages.keys()
    for address in before.copies.keys() | now.copies.keys():
        old, new = before.copies.get(address, ""), now.copies.get(address, "")
        if old != new or known.body.sources.get(source_key(site, old)) != body.sources.get(source_key(site, new)):
            yield address
