"""The stream of events of one open page: what it shows is compared with what it should show, whenever something changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from msgspec import Struct

from briefings.core.config import Editor
from briefings.core.diagnostics import Diagnostic
from briefings.core.urls import encode
from briefings.serve.edition import Edition
from briefings.serve.hub import Hub
from briefings.serve.live import Live
from briefings.serve.news import State, View
from briefings.serve.panel import panel_html
from briefings.serve.settings import Settings
from briefings.serve.shown import OWN, Pages, Redirect, Shown, stand_in
from briefings.serve.telling import Onlooker, counted, problem_data, state_data, view_data

BEAT = 15.0
"""Seconds after which a line without meaning keeps the connection open."""


class _Sent(Struct):
    """What the page was told last."""

    has: str
    """The tag of the page that it shows."""
    gone: bool = False
    files: dict[str, bytes] | None = None
    panel: str | None = None
    followed: int = 0


class Served(Struct, frozen=True):
    """What all streams of one server share."""

    live: Live
    hub: Hub
    pages: Pages
    settings: Settings
    run: str
    """A name for this run of the server: pages that an earlier one served are loaded anew."""


class OpenPage(Struct, frozen=True):
    """A page that is open in a browser."""

    client: str
    """The address of the machine with the browser."""
    view: View
    """For whom and when the page is shown."""
    address: str
    """From the site's root, decoded."""
    tag: str
    """The tag of the bytes that the browser has."""


class Stream:
    """The events of one page."""

    def __init__(self, served: Served, page: OpenPage) -> None:
        self._live = served.live
        self._hub = served.hub
        self._pages = served.pages
        self._settings = served.settings
        self._run = served.run
        self._client = page.client
        self._view = page.view
        self._address = page.address
        self._sent = _Sent(page.tag, followed=served.live.state.followed[0])

    async def lines(self) -> AsyncIterator[bytes]:
        """The stream, until the server ends or the client has too many."""
        yield _event("hello", {"run": self._run, "version": self._live.state.version})
        self._sent.files = self._hub.back(self._client, self._address)
        with self._hub.admitted(self._client) as ended:
            while not ended():
                state = self._live.state
                for event in await self._news(state):
                    yield event
                # Whoever wakes us up has changed the state before: a change since we looked at it is not waited for.
                while state is self._live.state and not ended():
                    if not await self._hub.news(BEAT):
                        yield b": still here\n\n"
            if not self._hub.closed:
                # The server is here, and others of its pages are: this one is to come back without a word.
                if self._sent.files is not None:
                    self._hub.leave(self._client, self._address, self._sent.files)
                yield _event("wait", {})

    async def _news(self, state: State) -> list[bytes]:
        """What the page does not know yet."""
        if state.edition is None and not state.failed:
            progress = state.progress
            alone = self._sent.has.startswith(OWN)
            return self._panel({}, (), {"stage": progress.stage, "done": progress.done, "total": progress.total, "alone": alone})
        edition = state.edition if self._view == self._live.view else await asyncio.to_thread(self._live.shown_to, self._view)
        if not isinstance(edition, Edition):
            page = self._page(stand_in(self._live, edition, private=self._settings.private))
            return page + self._panel(self._choices(state), state.problems + (edition or ()))
        shown = await asyncio.to_thread(self._pages.show, edition, self._address)
        found = self._page(shown)
        found += self._files(edition)
        # What failed on this edition's pages may be mended in the files that keep it from being followed.
        failed = () if state.failed else state.broken
        found += self._panel(self._state(edition), state.problems + failed)
        return found + (self._followed(state, edition) if self._settings.follow else [])

    def _page(self, shown: Shown | Redirect) -> list[bytes]:
        sent = self._sent
        if isinstance(shown, Redirect) or (shown.status >= 500 and not sent.has.startswith(OWN)):
            # A page that cannot be made stays as it is: the problems say why.
            return []
        if shown.status == 404 and "." not in sent.has:
            sent.gone = True
            return []
        if shown.tag == sent.has and not sent.gone:
            return []
        sent.gone, sent.has = False, shown.tag
        return [_event("page", {"page": shown.tag})]

    def _files(self, edition: Edition) -> list[bytes]:
        now = edition.files()
        before, self._sent.files = self._sent.files, now
        changed = [encode(address) for address, digest in now.items() if before is not None and before.get(address) != digest]
        return [_event("css", {"href": changed})] if changed else []

    def _panel(self, state: dict[str, Any], problems: tuple[Diagnostic, ...], building: dict[str, Any] | None = None) -> list[bytes]:
        data = counted(problems) if self._settings.private else [problem_data(p, self._live.site, self._named_editor) for p in problems]
        html = panel_html(state, data, gone=self._sent.gone and not state.get("unseen"), building=building)
        if html == self._sent.panel:
            return []
        self._sent.panel = html
        return [_event("panel", {"html": html})]

    def _state(self, edition: Edition) -> dict[str, Any]:
        path = self._address + "index.html" if not self._address or self._address.endswith("/") else self._address
        whole = self._live.state.edition or edition
        onlooker = Onlooker(self._view, self._live.view, self._named_editor, private=self._settings.private)
        return state_data(edition, whole, path, onlooker)

    def _choices(self, state: State) -> dict[str, Any]:
        """What the bar shows where this view has no edition: the way to another."""
        base = state.edition
        return view_data(self._view, self._live.view, base.config.timezone) if base else {}

    def _followed(self, state: State, edition: Edition) -> list[bytes]:
        version, path = state.followed
        if version <= self._sent.followed or path not in edition.pages:
            return []
        self._sent.followed = version
        return [_event("follow", {"url": encode(path.removesuffix("index.html"))})]

    @property
    def _named_editor(self) -> Editor:
        edition = self._live.state.edition
        return self._settings.editor or (edition.config.editor if edition else "vscode")


def _event(name: str, data: dict[str, Any]) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + msgspec.json.encode(data) + b"\n\n"
