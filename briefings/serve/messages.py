"""What the server tells the terminal."""

from __future__ import annotations

from msgspec import Struct

from briefings.core.diagnostics import Diagnostic
from briefings.serve.edition import Edition


class Rebuilt(Struct, frozen=True, kw_only=True):
    """A new edition is shown."""

    first: bool
    changed: tuple[str, ...]
    """Source files, from the site folder."""
    pages: int
    """How many pages differ from what they were."""
    seconds: float
    edition: Edition
    mended: bool
    """Whether there were errors before, and are none now."""
    broken: tuple[Diagnostic, ...] = ()
    """Templates that fail."""


class Failed(Struct, frozen=True, kw_only=True):
    """There are errors; the last good edition is still shown, if there is one."""

    problems: tuple[Diagnostic, ...]
    shown: bool
    """Whether there is a last good edition."""
    partly: bool = False
    """Whether only some pages have never been shown, because their templates fail."""
    built: str = ""
    """Where there is no edition: the front page of the site as it was last built, from the site's folder; empty where it was not."""


class Notice(Struct, frozen=True):
    """A sentence about the server itself."""

    text: str


class Progressed(Struct, frozen=True):
    """How far the first edition has come."""

    stage: str
    done: int
    total: int


class RootMoved(Struct, frozen=True):
    """site.yaml gives the site's root another address."""

    base: str
    """Its path on the host."""


Message = Rebuilt | Failed | Notice | Progressed | RootMoved
