"""The web application: pages and files of the edition, and the server's own addresses for its client."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote

import msgspec
from msgspec import Struct
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from briefings.content.schema.dates import Moment, zone
from briefings.core.diagnostics import Diagnostic
from briefings.serve.edition import Edition
from briefings.serve.events import OpenPage, Served, Stream
from briefings.serve.files import Files, Opened, content_type
from briefings.serve.guard import Guard
from briefings.serve.hub import Hub
from briefings.serve.live import Live
from briefings.serve.news import View
from briefings.serve.settings import Settings
from briefings.serve.shown import CONTROL, Pages, Redirect, Shown, error_page, stand_in
from briefings.serve.telling import audiences_within

_CLIENT = Path(__file__).parent / "client"
_LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?", re.ASCII)
"""A date and time as browsers ask for them, in the site's time zone."""
_NO_CACHE = {"cache-control": "no-cache"}
PATIENCE = 1.5
"""Seconds that a request waits for the next edition, when what it needs has just changed on the disk."""


class Choice(Struct, frozen=True, forbid_unknown_fields=True):
    """What the bar asks for."""

    audience: str = ""
    now: str = ""


class Application:
    """Answers requests."""

    def __init__(self, live: Live, hub: Hub, settings: Settings) -> None:
        self._live = live
        self._hub = hub
        self._settings = settings
        self._pages = Pages(live.renderer)
        self._files = Files()
        self._run = secrets.token_hex(8)
        self._cookie = f"briefings-view-{settings.port}"
        self._client = {name: (_CLIENT / name).read_bytes() for name in ("live.js", "live.css") if (_CLIENT / name).is_file()}

    def asgi(self) -> ASGIApp:
        """The application with its guard before it."""
        methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"]
        application = Starlette(routes=[Route("/{path:path}", self._answer, methods=methods)])
        return Guard(application, self._settings, self._live.report_bug)

    async def _answer(self, request: Request) -> Response:
        base, path = self._live.base, request.scope["path"]
        address = path.removeprefix(base) if path.startswith(base) else None
        if f"{path}/" == base:
            return _redirect(request, base)
        if (now := self._moved(path, address)) is not None:
            return _redirect(request, now, 307)
        if address == f"{CONTROL}view":
            return await self._choose(request) if request.method == "POST" else _not_allowed("POST")
        if request.method not in ("GET", "HEAD"):
            return _not_allowed("GET, HEAD")
        if address == f"{CONTROL}events":
            return self._events(request)
        if address is not None and address.startswith(CONTROL) and address.removeprefix(CONTROL) in self._client:
            name = address.removeprefix(CONTROL)
            return conditional(request.headers, self._client[name], _digest(self._client[name]), content_type(name))
        return await self._shown(request, address)

    def _moved(self, path: str, address: str | None) -> str | None:
        """Where to find what was at `path` before the site's root was moved; None where the path leads somewhere by itself.

        `address` is that path as seen from the present root, if it is below it.
        """
        base, edition = self._live.base, self._live.state.edition
        if address is not None and edition and (address in edition.pages or f"{address}index.html" in edition.pages):
            return None
        for former in sorted(self._live.former_bases - {base}, key=len, reverse=True):
            if f"{path}/".startswith(former) and (address is None or former.startswith(base)):
                # Two slashes at the beginning would lead to another host.
                return base + quote(path[len(former) :].lstrip("/"))
        return None

    async def _shown(self, request: Request, address: str | None) -> Response:
        """A page or a file of the edition that the request may see."""
        view = self._view(request)
        for attempt in range(3):
            version = self._live.state.version
            edition = await self._edition(view)
            if not isinstance(edition, Edition):
                return _page(request.headers, stand_in(self._live, edition, private=self._settings.private))
            file = edition.file(address) if address is not None else None
            found = await asyncio.to_thread(self._files.open, edition, address) if file and address is not None else None
            if found is not None and address is not None:
                return _file_response(request.headers, found, content_type(address))
            if file is None:
                shown = await asyncio.to_thread(self._pages.show, edition, address if address is not None else "\0")
                return _redirect(request, shown.to) if isinstance(shown, Redirect) else _page(request.headers, shown)
            # The file has changed on the disk since the edition was made: the next one is on its way.
            if attempt < 2:
                self._live.doubt()
                await self._hub.beyond(version, PATIENCE)
        return _page(request.headers, error_page(self._live.base, 503, "This file is being edited", _BEING_EDITED))

    async def _edition(self, view: View) -> Edition | tuple[Diagnostic, ...] | None:
        if view == self._live.view:
            return self._live.state.edition
        return await asyncio.to_thread(self._live.shown_to, view)

    def _events(self, request: Request) -> Response:
        query = request.query_params
        served = Served(self._live, self._hub, self._pages, settings=self._settings, run=self._run)
        page = OpenPage(
            client=request.client.host if request.client else "",
            view=self._view(request),
            address=unquote(query.get("url", "")),
            tag=query.get("page", ""),
        )
        stream = Stream(served, page)
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(stream.lines(), media_type="text/event-stream", headers=headers)

    def _view(self, request: Request) -> View:
        """For whom and when the request wants the site, as far as it may."""
        # Another site that was served at this port, or this one by an earlier server, may have left a choice of its own.
        server, _, chosen = request.cookies.get(self._cookie, "").partition("|")
        audience, _, now = chosen.partition("|")
        own = self._live.view
        return (self._allowed(Choice(audience, now)) if server == self._run else None) or own

    def _allowed(self, choice: Choice) -> View | None:
        """The view that is chosen; None where nothing is, or where more would be seen than the server is there to show."""
        own = self._live.view
        audience = next((a for a in audiences_within(own.audience) if a == (choice.audience or own.audience)), None)
        if audience is None:
            return None
        if not choice.now:
            return View(audience, own.now)
        if own.audience != "desk":
            # Another instant may show what is under embargo.
            return None
        edition = self._live.state.edition
        place = zone(edition.config.timezone) if edition else dt.UTC
        try:
            if _LOCAL.fullmatch(choice.now):
                Moment(choice.now[:10]).day(place)
                return View(audience, dt.datetime.fromisoformat(choice.now).replace(tzinfo=place))
            return View(audience, Moment(choice.now).start(place))
        except ValueError:
            return None

    async def _choose(self, request: Request) -> Response:
        try:
            choice = msgspec.convert(
                dict(parse_qsl((await _body(request)).decode("ascii"), keep_blank_values=True, strict_parsing=True)), Choice
            )
        except (msgspec.MsgspecError, ValueError):
            return Response("This is no audience and instant.", 400, headers=_NO_CACHE)
        view = self._allowed(choice)
        if view is None:
            return Response("There is no such audience or instant here.", 400, headers=_NO_CACHE)
        response = Response(status_code=204, headers=_NO_CACHE)
        if view == self._live.view:
            response.delete_cookie(self._cookie, httponly=True, samesite="strict")
        else:
            now = view.now.isoformat() if choice.now and view.now else ""
            response.set_cookie(self._cookie, f"{self._run}|{view.audience}|{now}", httponly=True, samesite="strict")
        return response


_BEING_EDITED = "It has changed since the site was last without errors. It comes back by itself when they are mended."


async def _body(request: Request, limit: int = 10_000) -> bytes:
    """The body of a request; raises ValueError for one that is too long."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > limit:
            raise ValueError
    return body


def _digest(data: bytes) -> str:
    from briefings.core.digests import digest

    return digest(data).hex()


def _page(headers: Headers, shown: Shown) -> Response:
    return conditional(headers, shown.body, shown.tag, shown.type, shown.status)


def conditional(headers: Headers, body: bytes, tag: str, kind: str, status: int = 200) -> Response:
    """The answer with `body`, or 304 where the browser has it already."""
    sent = {**_NO_CACHE, "etag": f'"{tag}"'}
    if status == 200 and has_tag(headers, tag):
        return Response(status_code=304, headers=sent)
    if status == 503:
        sent["retry-after"] = "1"
    return Response(body, status, headers={**sent, "content-type": kind})


def has_tag(headers: Headers, tag: str) -> bool:
    """Whether If-None-Match names `tag`."""
    wanted = [part.strip().removeprefix("W/") for value in headers.getlist("if-none-match") for part in value.split(",")]
    return f'"{tag}"' in wanted or "*" in wanted


def _file_response(headers: Headers, opened: Opened, kind: str) -> Response:
    """A file, or the part of it that is asked for."""
    sent: Mapping[str, str] = {**_NO_CACHE, "etag": f'"{opened.tag}"', "accept-ranges": "bytes"}
    if has_tag(headers, opened.tag):
        opened.close()
        return Response(status_code=304, headers=dict(sent))
    span = opened.span(headers.get("range", ""), headers.get("if-range", ""))
    if span is None:
        opened.close()
        return Response(status_code=416, headers={**sent, "content-range": f"bytes */{opened.size}"})
    start, end = span
    partial = (start, end) != (0, opened.size)
    more = {"content-length": str(end - start), "content-type": kind}
    if partial:
        more["content-range"] = f"bytes {start}-{end - 1}/{opened.size}"
    return _FileResponse(opened, opened.chunks(start, end), 206 if partial else 200, {**sent, **more})


class _FileResponse(StreamingResponse):
    """Lets go of the file when it was sent, or nobody wants it any more."""

    def __init__(self, opened: Opened, chunks: Iterator[bytes], status: int, headers: Mapping[str, str]) -> None:
        super().__init__(chunks, status, headers=headers)
        self._opened = opened

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._opened.close()


def _redirect(request: Request, to: str, status: int = 308) -> Response:
    query = request.scope["query_string"].decode("latin-1")
    return RedirectResponse(f"{to}?{query}" if query else to, status, headers=_NO_CACHE)


def _not_allowed(methods: str) -> Response:
    return Response("This address cannot be asked for so.\n", 405, headers={**_NO_CACHE, "allow": methods})
