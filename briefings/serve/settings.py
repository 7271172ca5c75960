"""How a site is served, as the command line has it."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from briefings.core.config import Editor
from briefings.site.visibility import Audience


class Viewer(Struct, frozen=True):
    """For whom and when a site is shown."""

    audience: Audience
    now: dt.datetime | None = None
    """None for the present, as it moves on."""


class Settings(Struct, frozen=True):
    """How a site is served."""

    names: frozenset[str]
    """Hosts under which the server may be asked."""
    port: int
    proxied: frozenset[str] = frozenset()
    """Hosts under which a proxy in front of the server may be asked, also over HTTPS."""
    editor: Editor | None = None
    """Instead of the site's own setting."""
    follow: bool = False
    private: bool = False
    """Whether others than the desk may look, who are not to see its folders and problems."""
