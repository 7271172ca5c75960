"""From the thread that rebuilds to the requests that wait for it."""

from __future__ import annotations

import asyncio
import contextlib

from briefings.serve.live import Live


class Hub:
    """Wakes all who wait for something new. Belongs to one event loop, but for `wake` and `close`, which any thread may call."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._loop = asyncio.get_running_loop()
        self._waiting: set[asyncio.Future[None]] = set()
        self.closed = False

    def wake(self) -> None:
        """Tell that something has changed."""
        with contextlib.suppress(RuntimeError):  # the loop may have ended
            self._loop.call_soon_threadsafe(self._wake)

    def close(self) -> None:
        """End all streams."""
        self.closed = True
        self.wake()

    async def news(self, seconds: float) -> bool:
        """Wait until something changes; False when nothing has for so long."""
        future: asyncio.Future[None] = self._loop.create_future()
        self._waiting.add(future)
        try:
            async with asyncio.timeout(seconds):
                await future
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(future)
        return True

    async def beyond(self, version: int, seconds: float) -> None:
        """Wait until the state's version is not `version`, or for so long."""
        until = self._loop.time() + seconds
        while self._live.state.version == version and not self.closed and (left := until - self._loop.time()) > 0:
            await self.news(left)

    def _wake(self) -> None:
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
