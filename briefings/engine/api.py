"""What a build is asked for, and what it says it did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from briefings.core.diagnostics import Diagnostic
from briefings.pages.site_plan import Counts
from briefings.publication.disk import Disk

if TYPE_CHECKING:
    # A build that finds nothing changed does not read the schema.
    from briefings.site.visibility import Audience

Progress = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done, and of how much; zeros where that is not known."""


class BuildRequest(Struct, frozen=True):
    """What to build."""

    site: Path
    """The site's folder, resolved."""
    output: Path
    now: dt.datetime
    """The build's instant, aware: the only clock there is."""
    jobs: int = 1
    """How many processes may work."""
    clean: bool = False
    """Whether to build as if nothing had been built before."""
    verify: bool = False
    """Whether to render also what the cache knows, and to fail where it would have been wrong."""
    explain: bool = False
    """Whether to say of each page why it was built."""
    audience: Audience | None = None
    """For whom: what may not be shown to these readers does not exist for the build. None for those that site.yaml names."""
    drafts: bool = False
    """Whether to show also what is a draft, under embargo or expired; the output is then marked as a preview."""
    program: bytes = b""
    """The digest of the program that builds; empty for this one. Tests let another one build."""
    disk: Disk = Disk()
    """The system calls that write, move and delete published files; tests pass in some that fail."""
    scheduler: str = ""
    """The address of the Dask scheduler whose workers do the work, or `local` for one that is started for this build; empty for none."""


class Built(Struct, frozen=True):
    """A page that was built, or a file that was copied or removed, and why."""

    url: str
    reason: str


class BuildReport(Struct, frozen=True, kw_only=True):
    """What a build did."""

    ok: bool
    """False when there were errors; the output is then as it was."""
    diagnostics: tuple[Diagnostic, ...]
    """Sorted, each with its line, column and excerpt."""
    counts: Counts = Counts()
    written: int = 0
    """Files that are new or changed."""
    removed: int = 0
    built: tuple[Built, ...] = ()
    """Pages that were built, files that were copied and what was removed; only when the request asked for explanations."""
    verified: int = 0
    """Files that were made again and compared with what the last build left; only when the request asked for it."""
    seconds: float = 0.0


def quiet(stage: str, done: int, total: int) -> None:
    """Report no progress."""
