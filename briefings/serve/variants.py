"""Editions for other audiences and instants than the server's own, made when they are asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable

from briefings.serve.edition import Edition
from briefings.serve.preparation import EditionOrProblems
from briefings.serve.settings import Viewer

MOST = 2
"""How many editions are kept."""


class Variants:
    """Makes editions for other viewers, one at a time, and keeps them. For use by several threads."""

    def __init__(self, make: Callable[[Viewer, Edition, Edition], EditionOrProblems]) -> None:
        """`make(viewer, before, own)` makes the edition for a viewer of the sources of `own`, and goes on from `before`."""
        self._make = make
        self._kept: dict[Viewer, tuple[Edition, EditionOrProblems]] = {}
        self._lock = threading.Lock()

    def get(self, viewer: Viewer, own: Edition) -> EditionOrProblems:
        """The edition for `viewer` of the sources of `own`, the server's own edition; or all that is wrong in them for that viewer."""
        with self._lock:
            of, found = self._kept.pop(viewer, (None, own))
            if of is not own:
                found = self._make(viewer, found if isinstance(found, Edition) else own, own)
            self._kept[viewer] = own, found
            if len(self._kept) > MOST:
                del self._kept[next(iter(self._kept))]
            return found
