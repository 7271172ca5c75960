"""The rules of feeds: those of RFC 4287 that the W3C's validator reports, and those of JSON Feed 1.1."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

ATOM = "{http://www.w3.org/2005/Atom}"
XML = "{http://www.w3.org/XML/1998/namespace}"

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ONCE = ("id", "title", "updated")
_AT_MOST_ONCE = ("generator", "icon", "logo", "rights", "subtitle", "published", "summary", "content", "source")
_KNOWN = {
    "feed": {
        "author",
        "category",
        "contributor",
        "generator",
        "icon",
        "id",
        "link",
        "logo",
        "rights",
        "subtitle",
        "title",
        "updated",
        "entry",
    },
    "entry": {"author", "category", "content", "contributor", "id", "link", "published", "rights", "source", "summary", "title", "updated"},
}


def atom_faults(data: bytes, url: str) -> list[str]:
    """Return the faults of an Atom feed published at `url`."""
    try:
        feed = ET.fromstring(data)  # noqa: S314 - from a build of ours
    except ET.ParseError as error:
        return [f"not well-formed XML: {error}"]
    if feed.tag != f"{ATOM}feed":
        return ["the root is no feed"]
    found = [] if data.startswith(b'<?xml version="1.0" encoding="utf-8"?>') else ["no declaration of XML and its encoding"]
    found += _element_faults(feed, "feed")
    entries = feed.findall(f"{ATOM}entry")
    for entry in entries:
        found += _element_faults(entry, "entry")
        if not feed.findall(f"{ATOM}author") and not entry.findall(f"{ATOM}author"):
            found.append("an entry without an author")
        links = [link for link in entry.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]
        if not entry.findall(f"{ATOM}content") and not links:
            found.append("an entry with neither content nor a link")
    if not _LANGUAGE.fullmatch(feed.get(f"{XML}lang") or ""):
        found.append("no language tag")
    selves = [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if selves != [url]:
        found.append(f"the link to self is {selves}")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    if len(ids) != len(set(ids)):
        found.append("two entries with one id")
    updated = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
    if updated and (feed.findtext(f"{ATOM}updated") or "") < max(updated):
        found.append("the feed is older than its entries: updated")
    return found


def _element_faults(element: ET.Element, kind: str) -> Iterator[str]:
    counts: Counter[str] = Counter(child.tag.removeprefix(ATOM) for child in element)
    yield from (f"{kind} may not hold {name}" for name in counts if name not in _KNOWN[kind])
    yield from (f"{kind} must have one {name}" for name in _ONCE if counts[name] != 1)
    yield from (f"{kind} may have one {name}" for name in _AT_MOST_ONCE if counts[name] > 1)
    variants = [(link.get("type"), link.get("hreflang")) for link in element.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
    if len(variants) != len(set(variants)):
        yield "two alternate links of one type"
    for child in element:
        if fault := _child_fault(child.tag.removeprefix(ATOM), child):
            yield fault


def _child_fault(name: str, child: ET.Element) -> str:
    """Return the fault of an element in a feed or an entry; empty when there is none."""
    text = child.text or ""
    match name:
        case "id" if not urlsplit(text).scheme or text != text.strip():
            return f"the id {text} is no absolute IRI"
        case "updated" | "published" if not is_rfc3339(text):
            return f"{name} {text} is not RFC 3339"
        case "link" if not is_absolute(child.get("href", "")):
            return f"link {child.get('href')} is not absolute"
        case "category" if not child.get("term"):
            return "a category without a term"
        case "author" if not (child.findtext(f"{ATOM}name") or "").strip():
            return "an author without a name"
        case "title" | "summary" | "subtitle" if not text.strip() or len(child):
            return f"{name} is empty, or has elements"
    return ""


def json_feed_faults(data: bytes, url: str) -> list[str]:
    """Return the faults of a JSON Feed published at `url`."""
    return list(_json_feed_faults(json.loads(data), url))


def _json_feed_faults(feed: dict[str, Any], url: str) -> Iterator[str]:
    known = {"version", "title", "home_page_url", "feed_url", "description", "user_comment", "next_url", "icon", "favicon", "authors"}
    known |= {"language", "expired", "hubs", "items"}
    yield from (f"unknown key {name}" for name in feed if name not in known and not name.startswith("_"))
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        yield "version is not that of JSON Feed 1.1"
    if not feed.get("title"):
        yield "no title"
    if feed.get("feed_url") != url:
        yield f"feed_url is {feed.get('feed_url')}"
    if not is_absolute(feed.get("home_page_url", "")):
        yield "home_page_url is not absolute"
    if not _LANGUAGE.fullmatch(feed.get("language", "")):
        yield "no language tag"
    if any(not author.keys() & {"name", "url", "avatar"} for author in feed.get("authors", [])):
        yield "an author without anything"
    items = feed.get("items")
    if not isinstance(items, list):
        yield "no items"
        return
    for item in items:
        yield from _item_faults(item)
    ids = [item.get("id") for item in items]
    if len(ids) != len(set(ids)):
        yield "two items with one id"


def _item_faults(item: dict[str, Any]) -> Iterator[str]:
    if not isinstance(item.get("id"), str) or not item["id"]:
        yield "an item without an id"
    if not item.keys() & {"content_html", "content_text"}:
        yield "an item without content"
    if "url" in item and not is_absolute(item["url"]):
        yield f"url {item['url']} is not absolute"
    for name in ("date_published", "date_modified"):
        if name in item and not is_rfc3339(item[name]):
            yield f"{name} {item[name]} is not RFC 3339"
    if not all(isinstance(tag, str) and tag for tag in item.get("tags", [])):
        yield "tags are not all texts"


def is_rfc3339(text: str) -> bool:
    """Whether `text` is an instant that exists, as RFC 3339 writes it."""
    if not _RFC3339.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_absolute(url: str) -> bool:
    """Whether `url` is an absolute address on the web."""
    return urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).netloc)
