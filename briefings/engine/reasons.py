"""Why a page is built, in words."""

from __future__ import annotations

from collections.abc import Collection

from briefings.engine.cache import Rows, Snapshot
from briefings.engine.prepare import Prepared
from briefings.engine.rows import PageReader, bare_card, read_card_row, shown_on
from briefings.pages.differences import differences, in_short
from briefings.pages.forms import key_of


class Reasons:
    """Knows why each stale page of `prepared` is built though the last build, `known`, may have left one."""

    def __init__(self, known: Snapshot | None, prepared: Prepared, cache: Rows, unknown: str) -> None:
        """`unknown` is said of all pages where no last build is known, or none is to be."""
        self._known = known
        self._unknown = unknown
        self._plan = prepared.plan
        self._rows = prepared.planned.to_render
        self._cache = cache
        self._templates = prepared.templates
        self._reader = PageReader(bare_card)
        self._cards = self._changed_cards()

    def of(self, path: str) -> str:
        """The reason for the page at `path`."""
        entry = self._plan.pages[path]
        if self._known is None:
            return self._unknown
        before = self._known.details.plan.pages.get(path)
        if before is None:
            return "new page" if entry.template.endswith(".html") else "new file"
        key = key_of(path, entry.template)
        row = self._rows.pages[key]
        changed = [self._cards[i] for i in self._rows.shown_on[path] if i in self._cards]
        if before.view != entry.view:
            old = self._cache.load("page", {key: before.view}).get(key)
            if old is None or before.template != entry.template:
                return "what it shows has changed"
            come_and_gone = self._come_and_gone(shown_on(before.template, old), self._rows.shown_on[path])
            views = (self._reader.read(entry.template, data)[1] for data in (old, row))
            return in_short([*come_and_gone, *changed, *differences(*views)]) or "where its links lead has changed"
        if changed:
            return in_short(changed)
        templates, now = self._known.details.templates, self._templates.state
        if entry.template in self._templates.changed_since(templates):
            needed = now.closures[entry.template]
            names = sorted(name for name in needed if templates.sources.get(name) != now.sources[name])
            return f"template {', '.join(names)} changed" if names else "a template is gone"
        if before != entry:
            return f"it comes from {entry.origin} now"
        return "its file in the output was changed or missing"

    def _come_and_gone(self, before: Collection[str], now: Collection[str]) -> list[str]:
        """Which of the notes on a page are new to the site, and which of those that were on it are no longer in it."""
        known = self._known.details.plan.cards if self._known else {}
        new = [f"note {identifier} is new" for identifier in now if identifier not in known]
        return new + [f"note {identifier} is gone" for identifier in before if identifier not in self._plan.cards]

    def _changed_cards(self) -> dict[str, str]:
        """What has changed on each card that is not what it was."""
        before = self._known.details.plan.cards if self._known else {}
        wanted = {i: before[i] for i, card in self._plan.cards.items() if i in before and before[i] != card}
        old = {i: read_card_row(row) for i, row in self._cache.load("card", wanted).items()}
        return {i: in_short(differences(card, read_card_row(self._rows.cards[i]))) for i, card in old.items()}
