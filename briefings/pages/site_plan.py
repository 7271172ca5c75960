"""The plan of a site: every page and file to be published, each page with the digests of its view and its text."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct


class PageEntry(Struct, frozen=True, array_like=True):
    """A page of a plan."""

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
    names: bytes = b""
    """Digest of the row of the names for which the texts of notes were searched; empty where they were not."""
    mentions: bytes = b""
    """Digest of the row of the mentions that linking found in them; it lacks the texts that were edited since."""
    copies: dict[str, str] = {}
    """Address of each file that is published as it is, and its path among the sources."""
    reported: frozenset[str] = frozenset()
    """Files in which linking found a problem."""
    hidden: frozenset[str] = frozenset()
    """Files of the content folder of which readers may see nothing. The cache does not have their names."""
    confidential: frozenset[str] = frozenset()
    """Other files of which readers may not see all. The cache keeps the records neither of these nor of `hidden` files."""

    def texts(self) -> set[str]:
        """The digests of the texts that stand on its pages."""
        return {entry.text for entry in self.pages.values() if entry.text}


def within(scope: Scope, now: dt.datetime) -> bool:
    """Whether the clock shows and hides at `now` what it did when the plan with this scope was made."""
    since, until = (dt.datetime.fromisoformat(text) if text else None for text in (scope.since, scope.until))
    return (since is None or since <= now) and (until is None or now < until)
