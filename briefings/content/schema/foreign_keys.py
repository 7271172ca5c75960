"""Advice on keys that authors bring from other programs, from other records or in another spelling."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from briefings.core.text import closest

_RENAMED: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("tag", "tags", "categories", "keyword", "keywords", "subject", "subjects", "section"), ("topics",)),
    **dict.fromkeys(("people", "persons", "participants", "speakers", "mentions"), ("actors",)),
    **dict.fromkeys(("organisation", "organisations", "organizations", "org", "company", "employer"), ("organization", "actors")),
    **dict.fromkeys(("parent", "parents", "part_of"), ("broader",)),
    **dict.fromkeys(("slug", "permalink", "identifier", "key", "uid"), ("id",)),
    **dict.fromkeys(("description", "excerpt", "abstract", "standfirst", "lede", "lead", "dek", "subtitle", "teaser"), ("summary",)),
    **dict.fromkeys(("headline", "heading", "label"), ("title", "name", "text")),
    **dict.fromkeys(("pubdate", "published", "publish_date", "publishdate", "date_published", "created", "day", "when"), ("date",)),
    **dict.fromkeys(("lastmod", "last_modified", "modified", "revised", "date_modified", "update"), ("updated",)),
    **dict.fromkeys(("start", "start_date", "begin", "begins", "since", "starts"), ("from", "date")),
    **dict.fromkeys(("end", "end_date", "ends", "to", "till", "finish"), ("until", "expires")),
    **dict.fromkeys(("expiry", "expirydate", "expiry_date", "expires_at", "unpublish"), ("expires",)),
    **dict.fromkeys(("embargoed", "publish_at", "embargo_until", "hold_until"), ("embargo",)),
    **dict.fromkeys(("redirect_from", "redirects", "alias", "old_urls"), ("aliases",)),
    **dict.fromkeys(("tlp", "classification", "restriction"), ("marking",)),
    **dict.fromkeys(("type", "format", "content_type"), ("kind",)),
    **dict.fromkeys(("link", "website", "web", "homepage", "baseurl", "base_url", "site_url", "address"), ("url",)),
    **dict.fromkeys(("location", "venue", "city", "where"), ("place",)),
    **dict.fromkeys(("references", "citations", "bibliography", "refs"), ("sources",)),
    **dict.fromkeys(("correct", "corrected", "now"), ("right",)),
    **dict.fromkeys(("incorrect", "was", "original"), ("wrong",)),
    **dict.fromkeys(("comment", "remark", "explanation"), ("note",)),
    **dict.fromkeys(("aka", "other_names", "synonyms", "alternate_names", "nicknames"), ("also_known_as",)),
    **dict.fromkeys(("position", "office", "job", "job_title"), ("role", "offices")),
    **dict.fromkeys(("lang", "locale", "languagecode"), ("language",)),
    **dict.fromkeys(("tz", "time_zone"), ("timezone",)),
    **dict.fromkeys(("menu", "nav"), ("navigation",)),
    **dict.fromkeys(("accessed_on", "retrieved", "access_date", "accessdate"), ("accessed",)),
    **dict.fromkeys(("archive", "archive_url", "archived_at", "wayback"), ("archived",)),
    "category": ("topics", "kind"),
    "date": ("as_of", "from"),
    "name": ("title", "role"),
    "title": ("name", "text", "role"),
}
"""Keys of other programs, in lower case with `_` between words, each with our keys for it; the first that fits is proposed."""
_ADVICE: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("author", "authors", "byline", "by", "writer"),
        "delete it: the desk signs its notes as a whole. Who wrote this one can be said in the text, or by an actor with the role author",
    ),
    **dict.fromkeys(("layout", "template"), "delete it: the kind of a record decides which template shows it"),
    **dict.fromkeys(("weight", "order", "position", "menu_order"), "delete it: notes are ordered by date, all else by name"),
    **dict.fromkeys(
        ("image", "images", "cover", "thumbnail", "featured_image", "banner"),
        "delete it, and show the picture in the text",
    ),
    **dict.fromkeys(
        ("toc", "comments", "share", "math", "mermaid", "sitemap", "robots"),
        "delete it: there is nothing here that it could switch",
    ),
}
"""Advice on keys that have no equivalent here."""
_SHOWS: Final = frozenset(("published", "publish", "public", "listed", "live", "status", "visibility", "access"))
_HIDES: Final = frozenset(("hidden", "private", "unlisted", "unpublished", "is_draft", "wip", "protected"))
"""Keys by which other programs hide a record or show it."""
_YES: Final = frozenset(("true", "yes", "on", "1", "public", "published", "publish", "final", "live", "visible", "everyone", "everybody"))
_NO: Final = frozenset(("false", "no", "off", "0"))
_FROM: Final = frozenset(("publish_date", "publishdate", "publish_on", "go_live", "available", "available_from"))
"""Keys of other programs for the date from which a record is shown."""
GUARDS: Final = frozenset(("draft", "embargo", "expires", "marking"))
"""Our keys that restrict who sees a record, or for how long."""


def key_meant(name: str, known: Collection[str]) -> str | None:
    """Return the key of `known` that the author of `name` probably meant; None when no key is likely."""
    plain = _plain(name)
    if plain in known:
        return plain
    found = next((ours for ours in _RENAMED.get(plain, ()) if ours in known), None)
    # A key whose meaning is known is not compared letter by letter.
    return found or (None if plain in _ADVICE or plain in _RENAMED else closest(name, known))


def key_advice(name: str) -> str:
    """Return advice on a key that the schema lacks; empty when nothing is known of it."""
    return _ADVICE.get(_plain(name), "")


def guard_meant(name: str, value: object, present: Mapping[str, object]) -> str:
    """Return advice on a key that may have been meant to hide its record; empty for any other key.

    `present` is the mapping with the key and its value. Deleting a key such as `published: false` would publish the note.
    """
    plain = _plain(name)
    if not isinstance(value, str):
        return ""
    said = value.lower()
    if plain in _FROM and re.match(r"\d{4}", value) and "embargo" not in present:
        return f"write embargo: {value} in its place if readers are not to see it before then, or else delete it"
    if plain not in _SHOWS | _HIDES or (re.match(r"\d{4}", value) and plain == "published"):
        return ""
    if said in (_NO if plain in _HIDES else _YES):
        return "delete it: a record is published unless it says draft: true"
    if "draft" in present:
        return "delete it if draft says what you mean; only with draft: true is the record kept from readers"
    return "write draft: true in its place"


def _plain(name: str) -> str:
    return name.strip("\ufeff\u00a0 ").lower().replace("-", "_").replace(" ", "_")
