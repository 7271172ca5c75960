"""The differences between two states of a site as a page that stands alone."""

from __future__ import annotations

from collections.abc import Sequence

from briefings.core.text import printable
from briefings.desk.diff import RecordDifference, in_context

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>{{ title }}</title>
<style>
body { max-width: 45rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
h2 { margin: 2rem 0 .25rem; padding-top: .75rem; border-top: 1px solid; font-size: 1.1rem; }
.what { font-size: .85rem; text-transform: uppercase; letter-spacing: .05em; }
.text { white-space: pre-wrap; }
ins { background: light-dark(#d3efd6, #17401d); text-decoration: none; }
del { background: light-dark(#f7d6d3, #551c18); }
dt { font-weight: 600; }
dd { margin: 0 0 .5rem 1rem; }
code { font-size: .85rem; }
</style>
</head>
<body>
<h1>{{ title }}</h1>
<p>For readers who may see {{ audience }}.{% if not records %} They see no difference.{% endif %}</p>
{% for one in records %}
<h2><span class="what">{{ one.what }} {{ one.kind }}</span> {{ one.title }}</h2>
<p><code>/{{ one.url }}</code>{% if one.reason %} {{ one.reason }}{% endif %}</p>
<dl>
{% for text in one.texts %}
<dt>{{ text.name }}</dt>
<dd class="text">
{%- for mark, words in in_context(text.pieces) %}{% set tag = {"new": "ins", "gone": "del", "same": "span"}[mark] -%}
<{{ tag }}>{{ words }}</{{ tag }}>
{%- endfor %}</dd>
{% endfor %}
{% for entry in one.entries %}
<dt>{{ entry.name|replace("_", " ") }}</dt>
{% for line in entry.gone %}
<dd><del>{{ line }}</del></dd>
{% endfor %}
{% for line in entry.new %}
<dd><ins>{{ line }}</ins></dd>
{% endfor %}
{% if not entry.gone and not entry.new %}
<dd>in another order</dd>
{% endif %}
{% endfor %}
</dl>
{% endfor %}
</body>
</html>
"""


def diff_page(title: str, audience: str, records: Sequence[RecordDifference]) -> str:
    """A page of HTML with `records`, as readers who may see `audience` see them differ."""
    import jinja2

    template = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(_PAGE)
    return template.render(title=printable(title), audience=audience, records=records, in_context=in_context)
