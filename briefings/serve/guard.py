"""Who may ask: pages of this server and people at this machine, and no other web site through their browsers."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import h11
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from briefings.serve.settings import Settings

_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"referrer-policy", b"same-origin"),
)
_OTHER_NAME = (
    "This server answers only to the name of its own machine. To be asked under another name, through a proxy or a forwarded port, say "
    "--allow-host NAME; to serve other machines, say --host."
)
_OWN = frozenset({"same-origin", "none"})
_FRAMES = frozenset({"iframe", "frame", "embed", "object", "fencedframe"})


class Guard:
    """Refuses what comes from elsewhere, before anything else looks at it, and forbids browsers to guess and to frame."""

    def __init__(self, app: ASGIApp, settings: Settings, failed: Callable[[], None]) -> None:
        """`failed` is called while an exception is handled that is a bug."""
        self._app = app
        self._settings = settings
        self._failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with 403, or let the application answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *_ALWAYS]}
            await send(message)

        refusal = refused(Headers(scope=scope), str(scope["method"]), self._settings)
        answer: ASGIApp = PlainTextResponse(f"{refusal}\n", 403) if refusal else self._app
        try:
            await answer(scope, receive, guarded)
        except (h11.LocalProtocolError, FileNotFoundError):
            # Whoever asked has broken off, or gone on with something that is not HTTP, or a file was taken away while it was sent.
            return
        except Exception:
            self._failed()


def refused(headers: Headers, method: str, settings: Settings) -> str:
    """Why a request is refused; empty when it is not."""
    proxied = settings.proxied
    hosts = headers.getlist("host")
    if len(hosts) != 1 or (name := host_name(hosts[0])) is None or name not in settings.names | proxied:
        return _OTHER_NAME
    origins = headers.getlist("origin")
    if any(origin.lower() != f"http://{hosts[0].lower()}" and _host_of(origin) not in proxied for origin in origins):
        return "Another site may not ask this server."
    # Browsers send these; what sends none of them is no browser, or an old one, which the checks above stop.
    sites = headers.getlist("sec-fetch-site")
    modes, dests = headers.getlist("sec-fetch-mode"), headers.getlist("sec-fetch-dest")
    if any(dest in _FRAMES for dest in dests):
        return "The pages of this server may not be framed."
    own = all(site in _OWN for site in sites)
    is_visit = method in ("GET", "HEAD") and modes == ["navigate"] and dests == ["document"]
    return "" if own or is_visit else "Another site may not ask this server."


def _host_of(origin: str) -> str:
    """The host of an origin such as `https://desk.example:8000`; empty for any other text."""
    scheme, _, host = origin.partition("://")
    return (host_name(host) or "") if scheme in ("http", "https") else ""


def host_name(host: str) -> str | None:
    """The name in a Host header, in lower case, without its port; None where it is no host and port."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return None
    if parts.netloc != host or "@" in host or not parts.hostname or any(c.isspace() or ord(c) < 33 for c in host):
        return None
    return parts.hostname
