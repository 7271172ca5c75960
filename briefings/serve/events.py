"""The stream of events of one open page: what it shows is compared with what it should show, whenever something changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from briefings.core.diagnostics import Diagnostic, Place
from briefings.core.urls import encode
from briefings.serve.bar import bar_data, editor_link, viewer_data
from briefings.serve.broadcast import Broadcast
from briefings.serve.edition import Edition
from briefings.serve.lifecycle import Starting, State
from briefings.serve.live import Live
from briefings.serve.panel import panel_html, without_details
from briefings.serve.responses import OWN, ServedPage, lacks_slash, page_at, served_page, stand_in
from briefings.serve.settings import Settings, Viewer

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


class OpenPage(Struct, frozen=True, kw_only=True):
    """A page that is open in a browser."""

    client: str
    """The address of the machine with the browser."""
    viewer: Viewer
    """For whom and when the page is shown."""
    address: str
    """From the site's root, decoded."""
    tag: str
    """The tag of the bytes that the browser has."""


class Stream:
    """The events of one page."""

    def __init__(self, live: Live, broadcast: Broadcast, settings: Settings, page: OpenPage) -> None:
        self._live = live
        self._broadcast = broadcast
        self._settings = settings
        self._client, self._viewer, self._address = page.client, page.viewer, page.address
        self._sent = _Sent(page.tag, followed=live.state.followed[0])

    async def lines(self, run: str) -> AsyncIterator[bytes]:
        """The stream, until the server ends or the client has too many.

        `run` is a name for this run of the server: pages that an earlier one served are loaded anew.
        """
        yield _event("hello", {"run": run, "version": self._live.state.version})
        self._sent.files = self._broadcast.back(self._client, self._address)
        with self._broadcast.admitted(self._client) as ended:
            while not ended():
                state = self._live.state
                for event in await self._events(state):
                    yield event
                # Whoever wakes us up has changed the state before: a change since we looked at it is not waited for.
                while state is self._live.state and not ended():
                    if not await self._broadcast.change(BEAT):
                        yield b": still here\n\n"
            if not self._broadcast.closed:
                # The server is here, and others of its pages are: this one is to come back without a word.
                if self._sent.files is not None:
                    self._broadcast.leave(self._client, self._address, self._sent.files)
                yield _event("wait", {})

    async def _events(self, state: State) -> list[bytes]:
        """What the page does not know yet."""
        if isinstance(state.phase, Starting):
            progress = state.phase.progress
            alone = self._sent.has.startswith(OWN)
            return self._panel({}, (), {"stage": progress.stage, "done": progress.done, "total": progress.total, "alone": alone})
        edition = await asyncio.to_thread(self._live.edition_for, self._viewer, state)
        if not isinstance(edition, Edition):
            page = self._page(stand_in(state, edition, private=self._settings.private))
            return page + self._panel(self._choices(state), state.problems + (edition or ()))
        found = []
        if not lacks_slash(edition, self._address):
            found = self._page(await asyncio.to_thread(served_page, self._live.renderer, edition, self._address, state.sound_theme))
        found += self._files(edition)
        found += self._panel(self._state(edition), state.problems)
        return found + (self._followed(state, edition) if self._settings.follow else [])

    def _page(self, page: ServedPage) -> list[bytes]:
        sent = self._sent
        if page.status >= 500 and not sent.has.startswith(OWN):
            # A page that cannot be made stays as it is: the problems say why.
            return []
        if page.status == 404 and "." not in sent.has:
            sent.gone = True
            return []
        if page.tag == sent.has and not sent.gone:
            return []
        sent.gone, sent.has = False, page.tag
        return [_event("page", {"page": page.tag})]

    def _files(self, edition: Edition) -> list[bytes]:
        now = edition.files()
        before, self._sent.files = self._sent.files, now
        changed = [encode(address) for address, digest in now.items() if before is not None and before.get(address) != digest]
        return [_event("css", {"href": changed})] if changed else []

    def _panel(self, state: dict[str, Any], problems: Sequence[Diagnostic], building: dict[str, Any] | None = None) -> list[bytes]:
        if self._settings.private:
            problems = without_details(problems)
        html = panel_html(state, problems, self._link, gone=self._sent.gone and not state.get("unseen"), building=building)
        if html == self._sent.panel:
            return []
        self._sent.panel = html
        return [_event("panel", {"html": html})]

    def _link(self, place: Place) -> str:
        edition = self._live.state.edition
        editor = self._settings.editor or (edition.config.editor if edition else "vscode")
        return editor_link(editor, self._live.site, place.path, place.line, place.column)

    def _state(self, edition: Edition) -> dict[str, Any]:
        whole = self._live.state.edition or edition
        return bar_data(edition, whole, page_at(self._address), self._viewer, self._live.viewer, self._settings)

    def _choices(self, state: State) -> dict[str, Any]:
        """What the bar shows where this viewer has no edition: the way to another."""
        base = state.edition
        return viewer_data(self._viewer, self._live.viewer, base.config.timezone) if base else {}

    def _followed(self, state: State, edition: Edition) -> list[bytes]:
        version, path = state.followed
        if version <= self._sent.followed or path not in edition.pages:
            return []
        self._sent.followed = version
        return [_event("follow", {"url": encode(path.removesuffix("index.html"))})]


def _event(name: str, data: dict[str, Any]) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + msgspec.json.encode(data) + b"\n\n"
