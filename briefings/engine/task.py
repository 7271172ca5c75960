"""What there is to do for a build or for a server, and what is known from before."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from briefings.content.folder import Sources
from briefings.engine.api import BuildRequest, Progress
from briefings.engine.cache import Cache, Rows
from briefings.engine.scan import Scan, SourceStamp
from briefings.engine.state import SiteState
from briefings.executors.executor import Executor
from briefings.publication.tree import Signature


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
    """Published files that are no longer as the last good build left them."""
    last: SiteState | None = None
    """The last good build of this site into this output by this program, whether or not its results are used again: `--verify` compares
    with it. A server leaves it out."""


class Job(Task, frozen=True, kw_only=True):
    """A build that has something to do."""

    rows: Cache
    program: bytes
    """Digest of the program that builds."""
    signature: Signature | None
    """The signature of the output before its files were looked at."""
