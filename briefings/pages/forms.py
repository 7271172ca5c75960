"""The forms in which views are published: pages, the documents beside them, feeds, what search loads and the rest."""

from __future__ import annotations

from briefings.pages.search.terms import BUCKETS
from briefings.pages.views.machine_views import (
    CalendarFileView,
    FeedView,
    ManifestView,
    RobotsView,
    SchemaView,
    SitemapIndexView,
    SitemapView,
    TableView,
)
from briefings.pages.views.record_views import TEMPLATES, NotFoundView, PageOfTheme, View
from briefings.pages.views.search_views import (
    PageCardsView,
    PageDetailsView,
    SearchRecordsView,
    SearchSegmentsView,
    SegmentCardsView,
    SegmentDetailsView,
    SegmentEntriesView,
    SegmentWordsView,
)
from briefings.pages.views.withdrawal_views import MovedView, WithdrawnView

DOCUMENTS: dict[type[PageOfTheme], str] = {
    view: template.replace(".html", ".json") for view, template in TEMPLATES.items() if view not in (NotFoundView, WithdrawnView, MovedView)
}
"""The JSON document beside each kind of page, with the same content. Pages for missing, withdrawn and moved records have none."""


def words_form(shard: int) -> str:
    """The form in which a shard of a segment is published, which is its name, too."""
    return f"words-{shard}.js"


WORDS: tuple[str, ...] = tuple(map(words_form, range(BUCKETS)))
"""The forms of the shards of a segment, which all show one view."""

FORMS: dict[str, type[View]] = {
    **{template: view for view, template in TEMPLATES.items()},
    **{document: view for view, document in DOCUMENTS.items()},
    "feed.xml": FeedView,
    "feed.json": FeedView,
    "sitemap.xml": SitemapView,
    "sitemap-index.xml": SitemapIndexView,
    "robots.txt": RobotsView,
    "manifest.webmanifest": ManifestView,
    "schema.json": SchemaView,
    "table.csv": TableView,
    "calendar.ics": CalendarFileView,
    "search-records.js": SearchRecordsView,
    "search-segments.js": SearchSegmentsView,
    "search-cards.js": SegmentCardsView,
    "search-page-cards.js": PageCardsView,
    "search-details.js": SegmentDetailsView,
    "search-page-details.js": PageDetailsView,
    "search-entries.js": SegmentEntriesView,
    **dict.fromkeys(WORDS, SegmentWordsView),
}
"""All forms in which something is published, each with the view that it shows."""

SCHEMA_FOLDER = "schema/"
"""Where the schemas of documents are published, from the site's root."""

COMPANIONS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(DOCUMENTS.values(), (".json", ".html")),
    "feed.json": (".json", ".xml"),
    **{shard: (shard, WORDS[0]) for shard in WORDS[1:]},
}
"""Forms of a view that has another, which lies beside them: how their paths end, and how that of the other does."""


def key_of(path: str, form: str) -> str:
    """Under which key the view of the page at `path` is kept: a companion shows the view of the page beside it."""
    endings = COMPANIONS.get(form)
    return path.removesuffix(endings[0]) + endings[1] if endings else path
