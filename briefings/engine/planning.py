"""From a plan to what a build has to do: which pages are stale, and the rows from which they are rendered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from briefings.content.schema.dates import zone
from briefings.core.config import SiteConfig
from briefings.engine.api import BuildRequest
from briefings.engine.cache import RowKind, Rows
from briefings.engine.state import StateBody
from briefings.engine.task import Task
from briefings.engine.templates import Templates
from briefings.pages.forms import key_of
from briefings.pages.site_plan import SitePlan
from briefings.pages.view_rows import read_shown_row, shown_on
from briefings.rendering.theme import Theme
from briefings.site.visibility import Readers

_ONE_IN = 8
"""If more than one page in so many is stale, listing the cards of all pages is quicker than reading the view of each stale one."""

NewRows = Mapping[RowKind, Mapping[str, bytes]]
"""Rows by their kinds and keys that an earlier build may not have left."""


class Planned(Struct, frozen=True):
    """A plan, and what a build has to do for it."""

    plan: SitePlan
    rows: NewRows
    """The cache rows of what is new in the plan; the cache may already hold some of them."""
    stale: frozenset[str]
    """Pages that are new, or whose view, cards or template are not those of the last build, or whose files are not as it left them."""
    page_rows: Mapping[str, bytes] = {}
    """The rows of the stale pages, by `key_of`; none where nobody renders them now."""
    card_rows: Mapping[str, bytes] = {}
    """The rows of the cards on them, by the notes' ids."""
    shown_on: Mapping[str, Collection[str]] = {}
    """Ids of the notes whose cards stand on each of them."""


class Overlaid(Struct, frozen=True):
    """New rows over those of an earlier build."""

    new: NewRows
    old: Rows

    def load(self, kind: RowKind, wanted: Mapping[str, bytes]) -> dict[str, bytes]:
        """The rows with these keys; the old ones only where their bytes still have the given digests."""
        new = self.new.get(kind, {})
        found = {key: new[key] for key in wanted if key in new}
        return found | self.old.load(kind, {key: wish for key, wish in wanted.items() if key not in found})


def compared(task: Task, plan: SitePlan, new: NewRows, templates: Templates) -> Planned | None:
    """What has to be done for `plan`, whose `new` rows no earlier build has left; None where a row is lost that this needs."""
    rows = Overlaid(new, task.rows)
    stale = stale_pages(plan, task.known.body if task.known else None, templates, rows, task.damaged)
    if stale is None or not task.renders:
        return None if stale is None else Planned(plan, new, stale)
    entries = {path: plan.pages[path] for path in stale}
    wanted = {key_of(path, entry.template): entry.view for path, entry in entries.items()}
    pages = rows.load("page", wanted)
    if pages.keys() != wanted.keys():
        return None
    shown = _positions(plan, rows) if len(stale) * _ONE_IN > len(plan.pages) else None
    if shown is not None:
        standing = _cards_on(plan, stale, shown)
    else:
        standing = {path: shown_on(entry.template, pages[key_of(path, entry.template)]) for path, entry in entries.items()}
    needed = {identifier for identifiers in standing.values() for identifier in identifiers}
    cards = rows.load("card", {identifier: plan.cards[identifier] for identifier in needed})
    return Planned(plan, new, stale, page_rows=pages, card_rows=cards, shown_on=standing) if cards.keys() == needed else None


def stale_pages(
    plan: SitePlan, known: StateBody | None, templates: Templates, rows: Rows, damaged: frozenset[str] = frozenset()
) -> frozenset[str] | None:
    """The pages that are new, or not as the build that left `known` had them; None where the row is lost that says where cards stand."""
    if known is None:
        return frozenset(plan.pages)
    before, touched = known.plan.pages, set(damaged)
    changed = [identifier for identifier, card in plan.cards.items() if known.plan.cards.get(identifier) != card]
    if changed:
        shown = _positions(plan, rows)
        if shown is None:
            return None
        paths = list(plan.pages)
        touched.update(paths[position] for identifier in changed for position in shown.get(identifier, ()))
    outdated = templates.changed_since(known.templates)
    return frozenset(
        path
        for path, entry in plan.pages.items()
        # Entries of pages that were not planned again are the very same.
        if ((old := before.get(path)) is not entry and old != entry) or path in touched or entry.template in outdated
    )


def readers_of(request: BuildRequest, config: SiteConfig) -> Readers:
    """Those for whom a build is."""
    return Readers(request.audience or config.audience, request.now, zone(config.timezone), request.drafts)


def copies_with(theme: Theme, copies: Mapping[str, str]) -> dict[str, str]:
    """The site's own `copies` with the theme's files as they are now."""
    return {address: path for address, path in copies.items() if path.startswith("content/")} | dict(theme.assets)


def _positions(plan: SitePlan, rows: Rows) -> Mapping[str, Iterable[int]] | None:
    """For each note, where in the plan the pages with its card are; None where the row is lost."""
    row = rows.load("state", {"shown": plan.shown}).get("shown")
    return None if row is None else read_shown_row(row)


def _cards_on(plan: SitePlan, pages: Iterable[str], shown: Mapping[str, Iterable[int]]) -> Mapping[str, Collection[str]]:
    """Ids of the notes whose cards stand on each of `pages`; `shown` gives, for each note, the positions of the pages with its card."""
    paths = list(plan.pages)
    found: dict[str, list[str]] = {path: [] for path in pages}
    for identifier, positions in shown.items():
        for position in positions:
            if (identifiers := found.get(paths[position])) is not None:
                identifiers.append(identifier)
    return found
