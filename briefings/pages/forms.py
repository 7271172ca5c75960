"""The forms in which views are published: pages, the documents beside them, feeds and the rest."""

from __future__ import annotations

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
from briefings.pages.views.withdrawal_views import MovedView, WithdrawnView

DOCUMENTS: dict[type[PageOfTheme], str] = {
    view: template.replace(".html", ".json") for view, template in TEMPLATES.items() if view not in (NotFoundView, WithdrawnView, MovedView)
}
"""The JSON document beside each kind of page, with the same content. Pages for missing, withdrawn and moved records have none."""

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
}
"""All forms in which something is published, each with the view that it shows."""

SCHEMA_FOLDER = "schema/"
"""Where the schemas of documents are published, from the site's root."""

COMPANIONS: dict[str, str] = {**dict.fromkeys(DOCUMENTS.values(), ".html"), "feed.json": ".xml"}
"""Forms of a view that has another, which lies beside them and differs in its suffix alone; with that suffix."""


def key_of(path: str, form: str) -> str:
    """Under which key the view of the page at `path` is kept: a companion shows the view of the page beside it."""
    suffix = COMPANIONS.get(form)
    return path.removesuffix(".json") + suffix if suffix else path
