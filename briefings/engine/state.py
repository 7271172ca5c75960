"""The state of a site: all that a build tells the next one."""

from __future__ import annotations

import datetime as dt
import hashlib
import struct
from array import array
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Generic, TypeVar, cast

from msgspec import Struct, structs

from briefings.core.diagnostics import Diagnostic
from briefings.core.digests import digest
from briefings.engine.scan import SourceStamp
from briefings.publication.tree import OutputStamp, Signature

Packs = dict[str, tuple[str, ...]]
"""For each row of texts, by its key, which is the digest of its bytes, the digests of the texts that lie in it."""
Stamp = TypeVar("Stamp", SourceStamp, OutputStamp)
_FOUR = struct.Struct("4q")
_HIDDEN = "?"
"""Begins what stands in the cache for the path of a hidden file; no path begins so."""


class Columns(Struct, Generic[Stamp], frozen=True, array_like=True):
    """Files with their stamps, laid out so that ten thousand of them are read and written at once."""

    paths: str = ""
    """One after another, with a NUL between two."""
    numbers: bytes = b""
    """The four numbers of each stamp, as signed integers of 64 bits."""

    @classmethod
    def of(cls, stamps: Mapping[str, Stamp]) -> Columns[Stamp]:
        """The columns of `stamps`, which are given by path."""
        return Columns("\0".join(stamps), array("q", chain.from_iterable(stamps.values())).tobytes())

    def __len__(self) -> int:
        """How many files they are."""
        return len(self.numbers) // _FOUR.size

    def stamps(self) -> dict[str, Stamp]:
        """The stamp of each file, by its path."""
        paths = self.paths.split("\0") if self.numbers else []
        return dict(zip(paths, cast("Iterable[Stamp]", _FOUR.iter_unpack(self.numbers)), strict=True))

    def digest(self) -> bytes:
        """A digest of all paths and stamps: another one where any of them is another."""
        return digest(self.paths.encode("utf-8", "surrogatepass") + b"\0" + self.numbers)


class SourceEntry(Struct, frozen=True, array_like=True):
    """What a build remembers of a source file."""

    digest: bytes
    """Of its bytes."""
    interface: bytes = b""
    """Of all that linking and planning take from its records; empty for a file that holds no records."""
    records: bytes = b""
    """Of its row in the cache; empty for a file that holds no records."""


class PageEntry(Struct, frozen=True, array_like=True):
    """What a build remembers of a page."""

    template: str
    """Its template, or another form in which it shows its view."""
    view: bytes
    """Digest of its view, which is its row in the cache; cards of notes stand in it by their ids."""
    origin: str
    """The content file that it comes from, or what else it is."""
    record: str
    """The id of the record whose text it carries, if it carries one."""
    text: str = ""
    """Digest of that text; empty for a page that shows none."""


class Counts(Struct, frozen=True):
    """The figures of a build's summary."""

    notes: int = 0
    topics: int = 0
    actors: int = 0
    sources: int = 0
    pages: int = 0
    files: int = 0
    bytes: int = 0


class Scope(Struct, frozen=True, kw_only=True):
    """For whom a plan was made, and for which instants it holds."""

    audience: str = ""
    """As asked for; empty for that of site.yaml."""
    drafts: bool = False
    shown_to: str = ""
    """The audience that this was."""
    since: str = ""
    """The plan holds for builds from this instant (ISO 8601, empty for no bound) …"""
    until: str = ""
    """… up to, not including, this one."""


class SitePlan(Struct, frozen=True, kw_only=True):
    """What linking and planning yield: all that is to be published, whether or not the output has it so.

    Views, cards and texts are in it by their digests; they themselves are rows of the cache.
    """

    scope: Scope = Scope()
    counts: Counts = Counts()
    """Of what there is on the site; what is published is counted when it is."""
    pages: dict[str, PageEntry] = {}
    """In the order in which they are rendered, each under its path in the output."""
    cards: dict[str, bytes] = {}
    """Digest of each note's card, by the note's id."""
    shown: bytes = b""
    """Digest of the row that gives, for each note, the positions in `pages` of those on which its card stands."""
    copies: dict[str, str] = {}
    """Address of each file that is published as it is, and its path among the sources."""
    linked: frozenset[str] = frozenset()
    """Files that linking had something to say of."""
    hidden: frozenset[str] = frozenset()
    """Files of the content folder of which readers may see nothing. The cache does not have their names."""
    confidential: frozenset[str] = frozenset()
    """Other files of which readers may not see all. The cache keeps the records neither of these nor of `hidden` files."""

    def texts(self) -> set[str]:
        """The digests of the texts that stand on its pages."""
        return {entry.text for entry in self.pages.values() if entry.text}


class TemplateState(Struct, frozen=True, kw_only=True):
    """What a build remembers of the templates of a theme besides their code."""

    sources: dict[str, bytes] = {}
    """Digest of each template's source, by name."""
    closures: dict[str, frozenset[str]] = {}
    """For each template those that it depends on, itself among them."""
    warnings: tuple[Diagnostic, ...] = ()
    """Before site.yaml gives them severities."""
    code: dict[str, bytes] = {}
    """Digest of each template's code, by the template's name."""


class StateHeader(Struct, frozen=True, kw_only=True):
    """What tells whether anything has changed since the last good build; and the root from which every row can be checked."""

    program: bytes
    """Digest of the program and of the libraries that shape its output."""
    output: bytes = b""
    """The folder, as the system spells it."""
    scope: Scope = Scope()
    """That of the plan."""
    scanned: int
    """When the scan began that found these sources, in nanoseconds."""
    sources: bytes = b""
    """Digest of the sources' paths and stamps."""
    outputs: Columns[OutputStamp] = Columns()
    """Stamps of the published files."""
    signature: Signature | None = None
    """That of the output."""
    counts: Counts = Counts()
    diagnostics: tuple[Diagnostic, ...] = ()
    """Warnings, to be shown again."""
    body: bytes = b""
    """Digest of the row of that name."""


class StateBody(Struct, frozen=True, kw_only=True):
    """What a build that has something to do must know of the last one."""

    sources: dict[str, SourceEntry] = {}
    """By path: content as it lies in the site, themes by absolute path."""
    stamps: Columns[SourceStamp] = Columns()
    """Those of the sources as they were when they were read."""
    plan: SitePlan = SitePlan()
    templates: TemplateState = TemplateState()
    outputs: dict[str, bytes] = {}
    """Digest of each published file."""
    strips: bool = False
    """Whether pictures were published without their metadata."""
    packs: Packs = {}
    """The texts that the cache has: only such as stand on a page."""


class SiteState(Struct, frozen=True):
    """All that is known of the last good build."""

    header: StateHeader
    body: StateBody


def within(scope: Scope, now: dt.datetime) -> bool:
    """Whether the clock shows and hides at `now` what it did for the last build."""
    since, until = (dt.datetime.fromisoformat(text) if text else None for text in (scope.since, scope.until))
    return (since is None or since <= now) and (until is None or now < until)


def is_content(path: str) -> bool:
    """Whether a source lies in the content folder; of one that was hidden and is gone, only the name in the cache is left."""
    return path.startswith(("content/", _HIDDEN))


def hidden_name(path: str) -> str:
    """What stands in the cache for the path of a file of which readers may see nothing."""
    return _HIDDEN + hashlib.blake2b(path.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def replace_paths(body: StateBody, names: Mapping[str, str]) -> StateBody:
    """`body` in which each path of a source that is a key of `names` is replaced by its value."""
    if not names:
        return body
    plan = body.plan
    linked, hidden = (frozenset(names.get(path, path) for path in of) for of in (plan.linked, plan.hidden))
    return structs.replace(
        body,
        sources={names.get(path, path): entry for path, entry in body.sources.items()},
        stamps=Columns.of({names.get(path, path): stamp for path, stamp in body.stamps.stamps().items()}),
        plan=structs.replace(plan, linked=linked, hidden=hidden),
    )
