"""The state of a site: all that a build tells the next one."""

from __future__ import annotations

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
from briefings.pages.site_plan import Counts, Scope, SitePlan
from briefings.publication.tree import OutputStamp, Signature
from briefings.rendering.template_state import TemplateState

Packs = dict[str, tuple[str, ...]]
"""For each row of texts, by its key, which is the digest of its bytes, the digests of the texts that lie in it."""
Stamp = TypeVar("Stamp", SourceStamp, OutputStamp)
Value = TypeVar("Value")
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
    terms: dict[str, bytes] = {}
    """Digest of the row with the terms of each segment of search, by the path of the segment's first shard."""


class SiteState(Struct, frozen=True):
    """All that is known of the last good build."""

    header: StateHeader
    body: StateBody


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
    reported, hidden = (frozenset(names.get(path, path) for path in of) for of in (plan.reported, plan.hidden))
    return structs.replace(
        body,
        sources=_replaced(body.sources, names),
        stamps=Columns.of(_replaced(body.stamps.stamps(), names)),
        plan=structs.replace(plan, reported=reported, hidden=hidden),
    )


def _replaced(of: Mapping[str, Value], names: Mapping[str, str]) -> dict[str, Value]:
    # At its old place, between its neighbours, what is replaced would tell its folder.
    kept = {path: value for path, value in of.items() if path not in names}
    return kept | {names[path]: of[path] for path in sorted(of.keys() & names.keys(), key=names.__getitem__)}
