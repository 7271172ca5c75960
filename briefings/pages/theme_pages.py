"""What planning must know of a theme: what it can show, what it publishes itself, and in which language."""

from __future__ import annotations

from msgspec import Struct

from briefings.core.language import ENGLISH, Language
from briefings.pages.views.record_views import TEMPLATES


class ThemePages(Struct, frozen=True):
    """What planning must know of a theme."""

    templates: frozenset[str] = frozenset(TEMPLATES.values())
    """The names of its templates of pages. A ledger for which it has none is not published, nor is search."""
    assets: tuple[str, ...] = ()
    """Addresses from the site's root of the theme's own files."""
    language: Language = ENGLISH
    """That of the words which no author has written."""
