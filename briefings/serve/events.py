"""The stream of events of one open page: what it shows is compared with what it should show, whenever something changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from msgspec import Struct

from briefings.config import Editor
from briefings.diagnostics import Diagnostic
from briefings.serve.edition import Edition
from briefings.serve.hub import Hub
from briefings.serve.live import Live, State, View
from briefings.serve.shown import Pages, Redirect, Shown
from briefings.serve.telling import counted, problem_data, state_data

BEAT = 15.0
"""Seconds after which a line without meaning keeps the connection open."""


class _Sent(Struct):
    """What the page was told last."""

    has: str
    """The tag of the page that it shows."""
    gone: bool = False
    styles: dict[str, bytes] | None = None
    problems: bytes = b""
    state: bytes = b""
    followed: int = 0
    version: int = -1


class Stream:
    """The events of one page."""

    def __init__(
        self,
        *,
        live: Live,
        hub: Hub,
        pages: Pages,
        view: View,
        address: str,
        has: str,
        run: str,
        editor: Editor | None,
        follow: bool,
        private: bool,
    ) -> None:
        """`address` is that of the page, from the site's root; `has` the tag of the bytes that it shows."""
        self._live = live
        self._hub = hub
        self._pages = pages
        self._view = view
        self._address = address
        self._run = run
        self._editor = editor
        self._follow = follow
        self._private = private
        self._sent = _Sent(has, followed=live.state.followed[0])

    async def lines(self) -> AsyncIterator[bytes]:
        """The stream, until the server ends."""
        state = self._live.state
        yield _event("hello", {"run": self._run, "version": state.version})
        while not self._hub.closed:
            state = self._live.state
            if state.edition is None and not state.failed:
                progress = state.progress
                yield _event("building", {"stage": progress.stage, "done": progress.done, "total": progress.total})
            else:
                for event in await self._news(state):
                    yield event
            # Whoever wakes us up has changed the state before: a change since we looked at it is not waited for.
            while state is self._live.state and not self._hub.closed:
                if not await self._hub.news(BEAT):
                    yield b": still here\n\n"

    async def _news(self, state: State) -> list[bytes]:
        """What the page does not know yet."""
        found: list[bytes] = []
        edition = state.edition if self._view == self._live.view else await asyncio.to_thread(self._live.shown_to, self._view)
        problems = state.problems
        if isinstance(edition, Edition):
            shown = await asyncio.to_thread(self._pages.show, edition, self._address)
            found += self._page(shown)
            found += self._styles(edition)
            problems += self._pages.problems(edition)
        elif edition is not None:
            problems += edition
        found += self._problems(problems)
        if isinstance(edition, Edition):
            found += self._state(edition)
            if self._follow:
                found += self._followed(state, edition)
        return found

    def _page(self, shown: Shown | Redirect) -> list[bytes]:
        sent = self._sent
        if isinstance(shown, Redirect) or shown.status >= 500 or shown.tag == sent.has:
            # A page that cannot be made stays as it is: the problems say why.
            return []
        if shown.status == 404 and not sent.has.startswith("404."):
            if sent.gone:
                return []
            sent.gone = True
            return [_event("gone", {})]
        sent.gone, sent.has = False, shown.tag
        return [_event("page", {"page": shown.tag})]

    def _styles(self, edition: Edition) -> list[bytes]:
        now = edition.style_sheets()
        before, self._sent.styles = self._sent.styles, now
        changed = [address for address, digest in now.items() if before is not None and before.get(address) != digest]
        return [_event("css", {"href": changed})] if changed else []

    def _problems(self, problems: tuple[Diagnostic, ...]) -> list[bytes]:
        data = counted(problems) if self._private else [problem_data(p, self._live.site, self._named_editor) for p in problems]
        event = _event("problems", {"problems": data})
        if event == self._sent.problems or (not data and not self._sent.problems):
            return []
        self._sent.problems = event
        return [event]

    def _state(self, edition: Edition) -> list[bytes]:
        path = self._address + "index.html" if not self._address or self._address.endswith("/") else self._address
        data = state_data(edition, path, self._view, self._named_editor, self._live.view.audience, private=self._private)
        event = _event("state", data)
        if event == self._sent.state:
            return []
        self._sent.state = event
        return [event]

    def _followed(self, state: State, edition: Edition) -> list[bytes]:
        version, path = state.followed
        if version <= self._sent.followed or path not in edition.pages:
            return []
        self._sent.followed = version
        return [_event("follow", {"url": path.removesuffix("index.html")})]

    @property
    def _named_editor(self) -> Editor:
        edition = self._live.state.edition
        return self._editor or (edition.config.editor if edition else "vscode")


def _event(name: str, data: dict[str, Any]) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + msgspec.json.encode(data) + b"\n\n"
