"""Crawl a site as a reader, a feed reader and a program that reads its documents would together."""

from __future__ import annotations

import html.parser
import http.client
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from msgspec import Struct

from briefings.pages.document_schema import ADDRESSES
from tests.kit.small_sites import PATIENCE


class Answer(Struct, frozen=True):
    """A server's answer to one request."""

    status: int
    kind: str
    """The content type, without parameters."""
    location: str
    data: bytes


class Client:
    """Sends requests to one host over one connection."""

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)

    def get(self, url: str) -> Answer:
        """Send one request, without following redirects."""
        parts = urlsplit(url)
        self._connection.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""))
        response = self._connection.getresponse()
        kind = (response.getheader("Content-Type") or "").partition(";")[0]
        return Answer(response.status, kind, response.getheader("Location") or "", response.read())

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class Crawl(Struct, frozen=True):
    """The result of a crawl."""

    broken: list[str]
    """Links that lead nowhere, each with its page."""
    redirected: list[str]
    """Links that are redirected to another address."""
    reached: set[str]
    """Every address that answered, without fragments."""


class _Page(html.parser.HTMLParser):
    """The links and ids of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src", "poster", "action") and value is not None:
                self.links.append(value)
            elif name == "id" and value:
                self.ids.add(value)


def crawl(start: str, url: str, first: str = "") -> Crawl:
    """Follow every link of the site at `start`, from the page `first` on.

    Addresses that begin with `url`, where the site says it stands, are looked for at `start`.
    """
    client = Client(start)
    ids: dict[str, set[str]] = {}
    fragments: list[tuple[str, str, str]] = []
    found = Crawl([], [], set())
    waiting = [(start + first, "the start")]
    seen = {start + first}
    while waiting:
        address, origin = waiting.pop()
        answer = client.get(address)
        if answer.status in (301, 302):
            found.redirected.append(f"{origin}: {address}")
            answer = client.get(urljoin(address, answer.location))
        if answer.status != 200:
            found.broken.append(f"{origin}: {address} says {answer.status}")
            continue
        found.reached.add(address)
        links = list(links_of(answer))
        if answer.kind == "text/html":
            ids[address] = _Page(answer.data.decode()).ids
        for link in links:
            absolute = urljoin(address, link)
            if absolute.startswith(url):
                absolute = start + absolute.removeprefix(url)
            bare, fragment = urldefrag(absolute)
            if not bare.startswith(start):
                if urlsplit(bare).netloc == urlsplit(start).netloc:
                    found.broken.append(f"{address}: {link} leads out of the site")
                continue
            if fragment:
                fragments.append((address, bare, unquote(fragment)))
            if bare not in seen:
                seen.add(bare)
                waiting.append((bare, address))
    client.close()
    found.broken.extend(f"{origin}: {bare} has no #{fragment}" for origin, bare, fragment in fragments if fragment not in ids.get(bare, ()))
    return found


def links_of(answer: Answer) -> Iterator[str]:
    """Yield every link in an answer."""
    match answer.kind:
        case "text/html":
            yield from _Page(answer.data.decode()).links
        case "text/css":
            yield from re.findall(r"url\([\"']?([^)\"']+)", answer.data.decode())
        case "application/xml":
            for element in ET.fromstring(answer.data).iter():  # noqa: S314 - from a build of ours
                if element.tag.endswith("}loc") and element.text:
                    yield element.text
                elif element.tag.endswith("}link"):
                    yield element.attrib["href"]
        case "application/json" | "application/manifest+json":
            document = json.loads(answer.data)
            yield from _links_of_json(document)


def _links_of_json(value: Any) -> Iterator[str]:
    """Yield the addresses in a document, and the links of the HTML in it."""
    if isinstance(value, list):
        for item in value:
            yield from _links_of_json(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if isinstance(item, list | dict):
                yield from _links_of_json(item)
            elif isinstance(item, str) and item and name in {*ADDRESSES, "src", "start_url", "$schema", "home_page_url", "feed_url"}:
                yield item
            elif name == "body" and isinstance(item, str):
                yield from (link for link in _Page(item).links if not link.startswith("#"))
