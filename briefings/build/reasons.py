"""Why a page is built, in words."""

from __future__ import annotations

from collections.abc import Mapping

from briefings.build.cache import Cache, PageEntry, Snapshot
from briefings.build.rows import read_page_row
from briefings.pages.differences import describe


def reason(path: str, entry: PageEntry, row: bytes, known: Snapshot | None, cache: Cache, templates: Mapping[str, frozenset[str]]) -> str:
    """Why the page at `path`, whose row is `row`, is built though the last build, `known`, may have left one.

    `templates` are, for each template, those that it depends on and whose sources have changed.
    """
    before = known.pages.get(path) if known else None
    if before is None:
        return "new page"
    if before.view != entry.view:
        old = cache.load("page", {path: before.view}).get(path)
        if old is None or before.template != entry.template:
            return "what it shows has changed"
        return describe(read_page_row(before.template, old)[1], read_page_row(entry.template, row)[1]) or "where its links lead has changed"
    if before.theme != entry.theme:
        names = ", ".join(sorted(templates.get(entry.template, ())))
        return f"template {names} changed" if names else "a template is gone"
    if (before.origin, before.record) != (entry.origin, entry.record):
        return f"it comes from {entry.origin} now"
    return "its file in the output was changed or missing"
