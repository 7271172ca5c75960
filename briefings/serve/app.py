"""The web application: pages and files of the edition, and the server's own addresses for its client."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import secrets
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from briefings.content.schema.dates import Moment, zone
from briefings.core.diagnostics import Diagnostic
from briefings.core.digests import digest
from briefings.serve.bar import audiences_within
from briefings.serve.broadcast import Broadcast
from briefings.serve.edition import Edition
from briefings.serve.events import OpenPage, Stream
from briefings.serve.files import Files, content_type
from briefings.serve.guard import Guard
from briefings.serve.live import Live
from briefings.serve.responses import CLIENT, CONTROL, ServedPage, error_page, lacks_slash, served_page, stand_in
from briefings.serve.settings import Settings, Viewer

_LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?", re.ASCII)
"""A date and time as browsers ask for them, in the site's time zone."""
_NO_CACHE = {"cache-control": "no-cache"}
PATIENCE = 1.5
"""Seconds that a request waits for the next edition, when what it needs has just changed on the disk."""


class Application:
    """Answers requests."""

    def __init__(self, live: Live, broadcast: Broadcast, settings: Settings) -> None:
        self._live = live
        self._broadcast = broadcast
        self._settings = settings
        self._files = Files()
        self._run = secrets.token_hex(8)
        self._cookie = f"briefings-view-{settings.port}"
        self._client = {f"{CONTROL}{name}": _client_file(name) for name in ("live.js", "live.css")}

    def asgi(self) -> ASGIApp:
        """The application with its guard before it."""

        async def answered(scope: Scope, receive: Receive, send: Send) -> None:
            await (await self._answer(Request(scope, receive)))(scope, receive, send)

        return Guard(answered, self._settings, self._live.report_bug)

    async def _answer(self, request: Request) -> Response:
        base, path = self._live.base, request.scope["path"]
        address = path.removeprefix(base) if path.startswith(base) else None
        if f"{path}/" == base:
            return _redirect(request, base)
        if (now := self._moved(path, address)) is not None:
            return _redirect(request, now, 307)
        if address == f"{CONTROL}view":
            return self._choose(request) if request.method == "POST" else _not_allowed("POST")
        if request.method not in ("GET", "HEAD"):
            return _not_allowed("GET, HEAD")
        if address == f"{CONTROL}events":
            return self._events(request)
        if address in self._client:
            return _page(request, self._client[address])
        return await self._page_or_file(request, address)

    def _moved(self, path: str, address: str | None) -> str | None:
        """Where to find what was at `path` before the site's root was moved; None where the path leads somewhere by itself.

        `address` is that path as seen from the present root, if it is below it.
        """
        base, edition = self._live.base, self._live.state.edition
        if address is not None and edition and (address in edition.pages or f"{address}index.html" in edition.pages):
            return None
        for former in sorted(self._live.state.former_bases - {base}, key=len, reverse=True):
            if f"{path}/".startswith(former) and (address is None or former.startswith(base)):
                # Two slashes at the beginning would lead to another host.
                return base + quote(path[len(former) :].lstrip("/"))
        return None

    async def _page_or_file(self, request: Request, address: str | None) -> Response:
        """A page or a file of the edition that the request may see."""
        viewer = self._viewer(request)
        for attempt in range(3):
            state = self._live.state
            edition = await asyncio.to_thread(self._live.edition_for, viewer, state)
            if not isinstance(edition, Edition):
                return _page(request, stand_in(state, edition, private=self._settings.private))
            if address is None or edition.file(address) is None:
                if address is not None and lacks_slash(edition, address):
                    return _redirect(request, f"{edition.base}{quote(address)}/")
                # No page has a name that begins with a slash.
                wanted = "/" if address is None else address
                return _page(request, await asyncio.to_thread(served_page, self._live.renderer, edition, wanted, state.sound_theme))
            found = await asyncio.to_thread(self._files.response, edition, address, _NO_CACHE)
            if isinstance(found, Diagnostic):
                return _page(request, error_page(edition.base, 404, "This file is not published", f"{found.message}; {found.remedy}."))
            if found is not None:
                return _unless_unchanged(request, found)
            # The file has changed on the disk since the edition was made: the next one is on its way.
            if attempt < 2:
                self._live.doubt()
                await self._broadcast.beyond(state.version, PATIENCE)
        return _page(request, error_page(self._live.base, 503, "This file is being edited", _BEING_EDITED))

    def _events(self, request: Request) -> Response:
        query = request.query_params
        page = OpenPage(
            client=request.client.host if request.client else "",
            viewer=self._viewer(request),
            address=unquote(query.get("url", "")),
            tag=query.get("page", ""),
        )
        stream = Stream(self._live, self._broadcast, self._settings, page)
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(stream.lines(self._run), media_type="text/event-stream", headers=headers)

    def _viewer(self, request: Request) -> Viewer:
        """For whom and when the request wants the site, as far as it may."""
        # Another site that was served at this port, or this one by an earlier server, may have left a choice of its own.
        server, _, chosen = request.cookies.get(self._cookie, "").partition("|")
        audience, _, now = chosen.partition("|")
        own = self._live.viewer
        return (self._allowed(audience, now) if server == self._run else None) or own

    def _allowed(self, wanted: str, now: str) -> Viewer | None:
        """The viewer with the audience `wanted` at `now`, of which either may be empty; None for one who would see more than is served."""
        own = self._live.viewer
        audience = next((a for a in audiences_within(own.audience) if a == (wanted or own.audience)), None)
        if audience is None:
            return None
        if not now:
            return Viewer(audience, own.now)
        if own.audience != "desk":
            # Another instant may show what is under embargo.
            return None
        edition = self._live.state.edition
        place = zone(edition.config.timezone) if edition else dt.UTC
        try:
            if _LOCAL.fullmatch(now):
                Moment(now[:10]).day(place)
                return Viewer(audience, dt.datetime.fromisoformat(now).replace(tzinfo=place))
            return Viewer(audience, Moment(now).start(place))
        except ValueError:
            return None

    def _choose(self, request: Request) -> Response:
        """Remember in a cookie for whom and when the bar asks for the site."""
        chosen = dict(request.query_params)
        now = chosen.pop("now", "")
        viewer = self._allowed(chosen.pop("audience", ""), now)
        if viewer is None or chosen:
            return Response("There is no such audience or instant here.", 400, headers=_NO_CACHE)
        response = Response(status_code=204, headers=_NO_CACHE)
        if viewer == self._live.viewer:
            response.delete_cookie(self._cookie, httponly=True, samesite="strict")
        else:
            instant = viewer.now.isoformat() if now and viewer.now else ""
            response.set_cookie(self._cookie, f"{self._run}|{viewer.audience}|{instant}", httponly=True, samesite="strict")
        return response


_BEING_EDITED = "It has changed since the site was last without errors. It comes back by itself when they are mended."


def _client_file(name: str) -> ServedPage:
    data = (CLIENT / name).read_bytes()
    return ServedPage(200, digest(data).hex(), data, content_type(name))


def _page(request: Request, page: ServedPage) -> Response:
    headers = {**_NO_CACHE, "etag": f'"{page.tag}"', "content-type": page.type}
    if page.status == 503:
        headers["retry-after"] = "1"
    return _unless_unchanged(request, Response(page.body, page.status, headers))


_STATIC = StaticFiles()


def _unless_unchanged(request: Request, response: Response) -> Response:
    """The response, or 304 where the browser has it already."""
    if response.status_code == 200 and _STATIC.is_not_modified(response.headers, request.headers):
        return NotModifiedResponse(response.headers)
    return response


def _redirect(request: Request, to: str, status: int = 308) -> Response:
    query = request.scope["query_string"].decode("latin-1")
    return RedirectResponse(f"{to}?{query}" if query else to, status, headers=_NO_CACHE)


def _not_allowed(methods: str) -> Response:
    return Response("This address cannot be asked for so.\n", 405, headers={**_NO_CACHE, "allow": methods})
