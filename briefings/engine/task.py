"""What there is to do for a build or for a server, and what is known from before."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from briefings.content.folder import Sources
from briefings.engine.api import BuildRequest, Progress
from briefings.engine.cache import Cache, Rows
from briefings.engine.executor import Executor
from briefings.engine.scan import Scan, SourceStamp
from briefings.engine.state import SiteState
from briefings.publication.tree import Signature


class Memory(Struct, frozen=True):
    """What earlier builds left."""

    cache: Cache
    program: bytes
    known: SiteState | None
    """The last good build of this site into this output by this program."""
    damaged: frozenset[str]
    """Of the files that it published, those that are no longer as it left them."""
    signature: Signature | None
    """The signature of the output before its files were looked at."""


class Task(Struct, frozen=True, kw_only=True):
    """What there is to prepare, and what is known from before."""

    request: BuildRequest
    rows: Rows
    known: SiteState | None
    """The last good build, whose results are used again; None where everything is to be made anew (`--clean`, `--verify`)."""
    seen: Scan
    executor: Executor
    progress: Progress
    stamps: Mapping[str, SourceStamp]
    """The stamps that the sources had when `known` was built."""
    sources: Sources | None = None
    """What the content folder holds, where that has been sorted out before."""
    renders: bool = True
    """Whether all stale pages are to be rendered, so that their rows must be at hand."""
    damaged: frozenset[str] = frozenset()
    """Pages whose files are not as they were left."""
    reference: SiteState | None = None
    """The last good build, which must not be trusted but compared with."""


class Job(Task, frozen=True, kw_only=True):
    """A build that has something to do."""

    memory: Memory
