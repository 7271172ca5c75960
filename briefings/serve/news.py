"""What the server shows at one time, and what it tells of it."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from briefings.core.diagnostics import Diagnostic
from briefings.serve.edition import Edition
from briefings.site.visibility import Audience


class View(Struct, frozen=True):
    """For whom and when a site is shown."""

    audience: Audience
    now: dt.datetime | None = None
    """None for the present."""


class Rebuilt(Struct, frozen=True):
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


class Failed(Struct, frozen=True):
    """There are errors; the last good edition is still shown, if there is one."""

    problems: tuple[Diagnostic, ...]
    shown: bool
    """Whether there is a last good edition."""
    partly: bool = False
    """Whether there is none of some pages alone, whose templates fail."""
    built: str = ""
    """Where there is no edition: the front page of the site as it was last built, from the site's folder; empty where it was not."""


class Notice(Struct, frozen=True):
    """Something that one should know, in a sentence."""

    text: str


class Progressed(Struct, frozen=True):
    """How far the first edition has come."""

    stage: str
    done: int
    total: int


class Moved(Struct, frozen=True):
    """The site's root has another address, as the settings say."""

    base: str
    """Its path on the host."""


News = Rebuilt | Failed | Notice | Progressed | Moved


class State(Struct, frozen=True, eq=False):
    """All that the server shows at one time."""

    version: int = 0
    edition: Edition | None = None
    problems: tuple[Diagnostic, ...] = ()
    """Errors that keep the edition as it is; else its warnings. Located and sorted."""
    failed: bool = False
    broken: tuple[Diagnostic, ...] = ()
    """Templates of the edition that fail on pages of it, as far as is known: these pages are shown as they were."""
    progress: Progressed = Progressed("read", 0, 0)
    """Of the first edition."""
    built: str = ""
    """As long as there is no edition: the front page of the site as it was last built, if it was."""
    followed: tuple[int, str] = (0, "")
    """The version in which a record was last saved, and its page's file."""
