"""From a view to the bytes of any of its forms: a page, a document, a feed and so on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from briefings.core.diagnostics import Diagnostic
from briefings.core.language import Language
from briefings.pages.forms import DOCUMENTS, WORDS
from briefings.pages.note_refs import Cards
from briefings.pages.views.machine_views import FeedView
from briefings.rendering.calendar_format import write_calendar
from briefings.rendering.documents import write_document, write_schema
from briefings.rendering.feed_formats import write_atom, write_json_feed
from briefings.rendering.render import render
from briefings.rendering.search_files import (
    Terms,
    write_cards,
    write_details,
    write_entries,
    write_page_cards,
    write_page_details,
    write_records,
    write_segments,
    write_words,
)
from briefings.rendering.site_files import write_robots, write_sitemap, write_sitemap_index, write_table, write_web_manifest
from briefings.rendering.theme import Theme

_FEEDS: dict[str, Callable[[FeedView, Cards, Language], bytes]] = {"feed.xml": write_atom, "feed.json": write_json_feed}
_WRITERS: dict[str, Callable[[Any], bytes]] = {
    "sitemap.xml": write_sitemap,
    "sitemap-index.xml": write_sitemap_index,
    "robots.txt": write_robots,
    "manifest.webmanifest": write_web_manifest,
    "schema.json": write_schema,
    "table.csv": write_table,
    "calendar.ics": write_calendar,
    "search-records.js": write_records,
    "search-segments.js": write_segments,
    "search-page-cards.js": write_page_cards,
    "search-page-details.js": write_page_details,
    "search-entries.js": write_entries,
}
_OF_NOTES: dict[str, Callable[[Any, Cards], bytes]] = {"search-cards.js": write_cards, "search-details.js": write_details}

_DOCUMENTS = frozenset(DOCUMENTS.values())
_SHARDS = {form: shard for shard, form in enumerate(WORDS)}
NO_TERMS: Terms = MappingProxyType({})


def produce(form: str, view: Any, cards: Cards, theme: Theme, html: Mapping[str, str], terms: Terms = NO_TERMS) -> bytes | Diagnostic:
    """Make the bytes of `view` in one of its forms.

    `cards` has the cards of the notes that it names, `html` the texts on it by digest, `terms` the terms of those that it searches.
    """
    if form in _DOCUMENTS:
        return write_document(form, view, cards, theme.language, html)
    if form in _FEEDS:
        return _FEEDS[form](view, cards, theme.language)
    if form in _OF_NOTES:
        return _OF_NOTES[form](view, cards)
    if form in _SHARDS:
        return write_words(view, _SHARDS[form], terms)
    write = _WRITERS.get(form)
    return write(view) if write else render(view, cards, theme, html)
