"""The server as a whole: a port of this machine, the loop that answers, the thread that rebuilds, and an end within a second."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import Callable
from types import FrameType
from typing import Any

import h11
import uvicorn

from briefings.serve.app import Application
from briefings.serve.broadcast import Broadcast
from briefings.serve.live import Live
from briefings.serve.settings import Settings

PORTS = 100
"""How many ports are tried, from the first one that is wanted."""


def bind(host: str, port: int, ports: int = PORTS) -> socket.socket:
    """A socket that listens at `host`, on the first of so many `ports` from `port` on that is free. Raises OSError where none is."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    for number in range(port, min(port + ports, 65536)):
        # Only where the protocol is named does asyncio send small answers at once.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address[0], number, *address[2:]))
            # Of two that have bound one port, the second is refused only here.
            listener.listen(128)
        except OSError as error:
            listener.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
        else:
            return listener
    raise OSError(errno.EADDRINUSE, f"none of the ports {port} to {min(port + ports, 65536) - 1} is free")


class _Server(uvicorn.Server):
    """Ends the streams when it is told to end."""

    def __init__(self, config: uvicorn.Config, ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._ending = ending

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take note of a signal."""
        self._ending()
        super().handle_exit(sig, frame)


def _unless_it_is_nonsense(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Report an error of the loop, unless somebody sent what is not HTTP: that connection is closed, and nobody need know."""
    if not isinstance(context.get("exception"), h11.ProtocolError):
        loop.default_exception_handler(context)


def run(live: Live, listener: socket.socket, settings: Settings, ready: Callable[[Callable[[], None]], None]) -> None:
    """Serve until a signal comes. When the port answers, `ready` is given what ends the server from another thread."""
    asyncio.run(_serve(live, listener, settings, ready))


async def _serve(live: Live, listener: socket.socket, settings: Settings, ready: Callable[[Callable[[], None]], None]) -> None:
    for name in ("uvicorn.error", "watchdog"):
        # What a browser sends wrong, and events that were lost, are no news: the one is answered, the others are found by scans.
        logging.getLogger(name).setLevel(logging.CRITICAL)
    asyncio.get_running_loop().set_exception_handler(_unless_it_is_nonsense)
    broadcast = Broadcast(live)
    live.wake = broadcast.wake
    application = Application(live, broadcast, settings)
    config = uvicorn.Config(
        application.asgi(),
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=1,
    )
    server = _Server(config, broadcast.close)
    live.start()
    ready(lambda: server.handle_exit(0, None))
    try:
        await server.serve(sockets=[listener])
    finally:
        broadcast.close()
        live.stop()
