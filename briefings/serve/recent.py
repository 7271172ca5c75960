"""What was made lately and may be asked for again, such as pages: as much as a limit allows."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, MutableMapping

LIMIT = 24_000_000
"""Bytes that are kept."""


class Recent(MutableMapping[str, bytes]):
    """A mapping that forgets what was not asked for lately; for use by several threads."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._limit = limit
        self._size = 0
        self._lock = threading.Lock()

    def __getitem__(self, key: str) -> bytes:
        with self._lock:
            self._kept.move_to_end(key)
            return self._kept[key]

    def __setitem__(self, key: str, value: bytes) -> None:
        with self._lock:
            self._size += len(value) - len(self._kept.pop(key, b""))
            self._kept[key] = value
            while self._size > self._limit and len(self._kept) > 1:
                self._size -= len(self._kept.popitem(last=False)[1])

    def __delitem__(self, key: str) -> None:
        with self._lock:
            self._size -= len(self._kept.pop(key))

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            return iter(tuple(self._kept))

    def __len__(self) -> int:
        return len(self._kept)
