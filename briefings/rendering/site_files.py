"""The sitemap, robots.txt, the web manifest and tables, as programs want them."""

from __future__ import annotations

import csv
import functools
import io
import re

import jinja2
import msgspec

from briefings.pages.views.machine_views import ManifestView, RobotsView, SitemapIndexView, SitemapView, TableView
from briefings.rendering.xml import xml_template

_SITEMAP = """\
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{% for entry in entries %}
<url><loc>{{ home }}{{ entry.url }}</loc>{% if entry.modified %}<lastmod>{{ entry.modified }}</lastmod>{% endif %}</url>
{% endfor %}
</urlset>
"""

_INDEX = """\
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{% for part in parts %}
<sitemap><loc>{{ home }}{{ part.url }}</loc>{% if part.modified %}<lastmod>{{ part.modified }}</lastmod>{% endif %}</sitemap>
{% endfor %}
</sitemapindex>
"""


@functools.cache
def _template(source: str) -> jinja2.Template:
    return xml_template(source)


def write_sitemap(view: SitemapView) -> bytes:
    """A sitemap, after sitemaps.org."""
    return _template(_SITEMAP).render(home=view.home, entries=view.entries).encode()


def write_sitemap_index(view: SitemapIndexView) -> bytes:
    """The list of the parts of a sitemap."""
    return _template(_INDEX).render(home=view.home, parts=view.parts).encode()


def write_robots(view: RobotsView) -> bytes:
    """robots.txt, after RFC 9309."""
    lines = ["User-agent: *", "Allow: /"]
    if view.refused:
        lines += ["", *(f"User-agent: {name}" for name in view.refused), "Disallow: /"]
    if view.sitemap:
        lines += ["", f"Sitemap: {view.sitemap}"]
    return "\n".join([*lines, ""]).encode()


def write_web_manifest(view: ManifestView) -> bytes:
    """The web manifest, whose addresses lead from itself."""
    site = view.site
    manifest = {
        "name": site.title,
        "description": site.description,
        "lang": site.language,
        "dir": site.direction,
        "start_url": "./",
        "scope": "./",
        "display": "browser",
        "icons": [
            {
                "src": icon.url,
                "sizes": f"{icon.side}x{icon.side}" if icon.side else "any",
                "type": "image/png" if icon.side else "image/svg+xml",
            }
            for icon in view.icons
        ],
    }
    return msgspec.json.encode(manifest)


_FORMULA = re.compile(r"[=+@\t\r]|-(?!\d)")
"""How a text begins that a spreadsheet would take for a formula."""


def write_table(view: TableView) -> bytes:
    """A table as CSV after RFC 4180, in UTF-8. A text that a spreadsheet would run as a formula has an apostrophe before it."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(view.columns)
    for row in view.rows:
        lines.writerow([f"'{cell}" if _FORMULA.match(cell) else cell for cell in row])
    return text.getvalue().encode()
