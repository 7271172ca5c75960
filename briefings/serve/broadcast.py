"""From the thread that rebuilds to the requests that wait for it."""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Callable, Iterator

from briefings.serve.live import Live

STREAMS = 4
"""Streams of one client that are open at a time."""
_WAITING = 100
"""Pages without a stream that are remembered."""


class Broadcast:
    """Wakes all who wait for a change of the state. Belongs to one event loop, but for `wake` and `close`, which any thread may call."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self._streams: dict[str, list[object]] = {}
        self._missed: OrderedDict[tuple[str, str], dict[str, bytes]] = OrderedDict()
        self.closed = False

    def wake(self) -> None:
        """Tell that something has changed."""
        with contextlib.suppress(RuntimeError):  # the loop may have ended
            self._loop.call_soon_threadsafe(self._wake)

    def close(self) -> None:
        """End all streams."""
        self.closed = True
        self.wake()

    @contextlib.contextmanager
    def admitted(self, client: str) -> Iterator[Callable[[], bool]]:
        """Admit a stream of the machine at the address `client`; gives a function that tells whether the stream must end.

        A browser has six connections to a server. So that pages find one free, a client's oldest stream ends when it opens one too many;
        the client comes back by itself, after some seconds.
        """
        mine = object()
        streams = self._streams.setdefault(client, [])
        streams.append(mine)
        if len(streams) > STREAMS:
            del streams[0]
            self._wake()
        try:
            yield lambda: self.closed or mine not in streams
        finally:
            if mine in streams:
                streams.remove(mine)
            if not streams and self._streams.get(client) is streams:
                del self._streams[client]

    def leave(self, client: str, address: str, files: dict[str, bytes]) -> None:
        """Keep the list of the files that a page has, whose stream must end now: when it comes back, it is told which have changed."""
        self._missed[client, address] = files
        if len(self._missed) > _WAITING:
            self._missed.popitem(last=False)

    def back(self, client: str, address: str) -> dict[str, bytes] | None:
        """The files that a page had when its stream had to end; None where none had."""
        return self._missed.pop((client, address), None)

    async def change(self, seconds: float) -> bool:
        """Wait until something changes; False when nothing has for so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return False
        return True

    async def beyond(self, version: int, seconds: float) -> None:
        """Wait until the state's version is not `version`, or for so long."""
        until = self._loop.time() + seconds
        while self._live.state.version == version and not self.closed and (left := until - self._loop.time()) > 0:
            await self.change(left)

    def _wake(self) -> None:
        # Whoever waits from now on waits for the next change.
        self._changed.set()
        self._changed = asyncio.Event()
