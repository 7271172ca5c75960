"""Feeds as readers of feeds want them: Atom 1.0 (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

import functools
from typing import Any

import jinja2
import msgspec

from briefings.core.config import Marking
from briefings.core.language import Language
from briefings.pages.note_refs import Cards
from briefings.pages.views.machine_views import FeedItem, FeedView
from briefings.pages.views.note_parts import AuthorView
from briefings.rendering.filters import long_date
from briefings.rendering.xml import xml_template
from briefings.site.cards import ActorLink, TopicLink

_NEVER = "2005-12-01T00:00:00Z"
"""The day on which a feed without notes claims to have last changed. Feeds must name one, but no build may read the clock for it,
and validators doubt a day before Atom itself existed."""

_ATOM = """\
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{{ site.language }}">
<title>{{ title }}</title>
{% if description %}
<subtitle>{{ description }}</subtitle>
{% endif %}
<id>{{ site.home }}{{ folder }}</id>
<link rel="self" type="application/atom+xml" href="{{ site.home }}{{ link.atom }}"/>
<link rel="alternate" type="text/html" href="{{ site.home }}{{ url }}"/>
<updated>{{ updated }}</updated>
{% if marking != "TLP:CLEAR" %}
<rights>{{ marking }}</rights>
{% endif %}
<author><name>{{ site.title }}</name><uri>{{ site.home }}</uri></author>
<generator>briefings</generator>
{% for item, shown in items %}
<entry>
<title>{{ shown.title }}</title>
<id>{{ shown.url }}{{ item.fragment }}</id>
<link rel="alternate" type="text/html" href="{{ shown.url }}"/>
<published>{{ item.published }}</published>
<updated>{{ item.updated }}</updated>
{% for author in item.authors %}
<author><name>{{ author.name }}</name>{% if author.actor %}<uri>{{ site.home }}{{ author.actor.url }}</uri>{% endif %}</author>
{% endfor %}
{% for topic in item.topics %}
<category term="{{ topic.id }}" label="{{ topic.name }}" scheme="{{ site.home }}topics/"/>
{% endfor %}
{% for actor in item.actors %}
<category term="{{ actor.id }}" label="{{ actor.name }}" scheme="{{ site.home }}actors/"/>
{% endfor %}
{% if item.highest_marking != "TLP:CLEAR" %}
<rights>{{ item.highest_marking }}</rights>
{% endif %}
<summary>{{ shown.text }}</summary>
</entry>
{% endfor %}
</feed>
"""


class _Shown(msgspec.Struct, frozen=True):
    """What readers of feeds see of an item."""

    title: str
    url: str
    """The absolute address of the page to which it leads."""
    text: str


@functools.cache
def _atom() -> jinja2.Template:
    return xml_template(_ATOM)


def write_atom(view: FeedView, cards: Cards, language: Language) -> bytes:
    """The feed as Atom, with the `cards` of the notes in it."""
    text = _atom().render(
        site=view.site,
        link=view.link,
        title=_titled(view.link.title, view.highest_marking),
        marking=view.highest_marking,
        # What a feed is called: its folder is its own, while its page may have another feed, too.
        folder=view.link.atom.removesuffix("feed.xml"),
        url=view.url,
        description=view.description,
        items=[(item, _shown(item, cards, view.site.home, language)) for item in view.items],
        updated=_updated(view),
    )
    return text.encode()


def write_json_feed(view: FeedView, cards: Cards, language: Language) -> bytes:
    """The feed as JSON Feed, with the `cards` of the notes in it."""
    home = view.site.home
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _titled(view.link.title, view.highest_marking),
        "home_page_url": home + view.url,
        "feed_url": home + view.link.json,
        **({"description": view.description} if view.description else {}),
        "language": view.site.language,
        "authors": [{"name": view.site.title, "url": home}],
        **({"_briefings": {"highest_marking": view.highest_marking}} if view.highest_marking != "TLP:CLEAR" else {}),
        "items": [_item(item, _shown(item, cards, home, language), home) for item in view.items],
    }
    return msgspec.json.encode(feed)


def _item(item: FeedItem, shown: _Shown, home: str) -> dict[str, Any]:
    """One item."""
    return {
        "id": shown.url + item.fragment,
        "url": shown.url,
        "title": shown.title,
        "summary": shown.text,
        "content_text": shown.text,
        "date_published": item.published,
        "date_modified": item.updated,
        **({"authors": [_author(author, home) for author in item.authors]} if item.authors else {}),
        "tags": [topic.name for topic in item.topics] + [actor.name for actor in item.actors],
        "_briefings": {
            "highest_marking": item.highest_marking,
            "topics": [_link(topic, home) for topic in item.topics],
            "actors": [_link(actor, home) for actor in item.actors],
        },
    }


def _author(author: AuthorView, home: str) -> dict[str, str]:
    return {"name": author.name, **({"url": home + author.actor.url} if author.actor else {})}


def _shown(item: FeedItem, cards: Cards, home: str, language: Language) -> _Shown:
    """What readers of feeds see of an item. It must have a text; without words and a summary, that is the note's title."""
    if item.note is None:
        gone = item.withdrawn
        assert gone is not None  # for what has no note  # noqa: S101
        title = language.gettext("Withdrawn: note of %(day)s", day=long_date(language, gone.published or gone.date))
        return _Shown(_titled(title, item.highest_marking), home + gone.url, gone.reason)
    note = cards[item.note.id]
    title = _headline(item, note.title, language)
    return _Shown(_titled(title, item.highest_marking), home + note.url, item.words or note.summary or note.title)


def _headline(item: FeedItem, title: str, language: Language) -> str:
    """The title of a note, after what happened to it."""
    match item.what:
        case "corrected":
            return language.gettext("Correction: %(title)s", title=title)
        case "major":
            return language.gettext("Updated: %(title)s", title=title)
        case "minor":
            return language.gettext("Minor change: %(title)s", title=title)
        case _:
            return title


def _titled(title: str, marking: Marking) -> str:
    """A title with its mark before it, as the Traffic Light Protocol asks for the subjects of mails: feed readers show little else."""
    return title if marking == "TLP:CLEAR" else f"[{marking}] {title}"


def _link(link: TopicLink | ActorLink, home: str) -> dict[str, str]:
    return {"id": link.id, "name": link.name, "url": home + link.url}


def _updated(view: FeedView) -> str:
    return max((item.updated for item in view.items), default=_NEVER)
