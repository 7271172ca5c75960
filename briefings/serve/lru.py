"""Bytes that may be asked for again: as many as a limit allows, those that were asked for last."""

from __future__ import annotations

import threading
from collections import OrderedDict


class Lru:
    """A cache of bytes by key that forgets what was not asked for lately. For use by several threads."""

    def __init__(self, limit: int) -> None:
        """Keep up to `limit` bytes, and one value at least."""
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._limit = limit
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: str) -> bytes:
        """The value that is kept for `key`; empty where there is none."""
        with self._lock:
            if key not in self._kept:
                return b""
            self._kept.move_to_end(key)
            return self._kept[key]

    def put(self, key: str, value: bytes) -> None:
        """Keep `value` for `key`."""
        with self._lock:
            self._size += len(value) - len(self._kept.pop(key, b""))
            self._kept[key] = value
            while self._size > self._limit and len(self._kept) > 1:
                self._size -= len(self._kept.popitem(last=False)[1])
