"""Pages as bytes: rendered when they are asked for, kept while nothing that they need changes, and as they were where a template fails."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from briefings.core.diagnostics import Diagnostic
from briefings.engine.findings import located
from briefings.rendering.theme import Theme
from briefings.serve.edition import Edition
from briefings.serve.lru import Lru

LIMIT = 24_000_000
"""Bytes of pages that are kept."""
_TRIED_AGAIN = 20
"""How many pages that failed are rendered again to see whether their templates are mended."""


class Renderer:
    """Renders the pages of editions, and knows which of their templates fail. For use by several threads."""

    def __init__(self, failed: Callable[[Edition, Diagnostic], None]) -> None:
        """`failed` is called when a page that is asked for is the first to show that a template of its edition fails."""
        self._tell = failed
        self._kept = Lru(LIMIT)
        self._failed: dict[str, tuple[bytes, Diagnostic]] = {}
        self._lock = threading.Lock()

    def page(self, edition: Edition, path: str, sound_theme: Theme | None = None) -> bytes | Diagnostic:
        """The page at `path`; where its template fails, as an earlier `sound_theme` shows it, or as it was last."""
        found = self._newest(edition, path)
        if isinstance(found, bytes):
            return found
        self._tell(edition, found)
        former = edition.render(path, sound_theme) if sound_theme else found
        if isinstance(former, bytes):
            return former
        # What was kept may name what has been withheld since, and so is for the desk alone.
        kept = self._kept.get(_place(edition, path)) if edition.request.audience == "desk" else b""
        return kept[len(edition.fingerprint(path)) :] if kept else found

    def failing(self, edition: Edition, before: Edition | None) -> tuple[Diagnostic, ...]:
        """What fails where it is likeliest: on a page of each template that is not as in the edition `before`, and where it failed then."""
        with self._lock:
            places = tuple(self._failed)
        again = [path for path in (place.removeprefix(_place(edition, "")) for place in places) if path in edition.pages]
        found = (self._newest(edition, path) for path in (*islice(again, _TRIED_AGAIN), *_examples(edition, before)))
        return by_place(d for d in found if isinstance(d, Diagnostic))

    def _newest(self, edition: Edition, path: str) -> bytes | Diagnostic:
        print_ = edition.fingerprint(path)
        # A page that is saved again and again takes the place of what it was.
        place = _place(edition, path)
        kept = self._kept.get(place)
        if kept.startswith(print_):
            return kept.removeprefix(print_)
        with self._lock:
            failed = self._failed.get(place)
        if failed and failed[0] == print_:
            return failed[1]
        # While it is rendered again, a page that failed counts among those that fail.
        found = edition.render(path)
        fails = None
        if isinstance(found, bytes):
            self._kept.put(place, print_ + found)
        else:
            (found,) = located(edition.request.site, (found,))
            fails = print_, found
        with self._lock:
            # Another edition may have failed there meanwhile.
            if self._failed.get(place) is failed:
                self._failed.pop(place, None)
            if fails:
                self._failed[place] = fails
        return found


def by_place(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted, and one for each place: a template fails on many pages in the same way."""
    firsts: dict[object, Diagnostic] = {}
    for diagnostic in found:
        firsts.setdefault((diagnostic.code, diagnostic.place), diagnostic)
    return tuple(sorted(firsts.values(), key=lambda d: d.sort_key))


def _place(edition: Edition, path: str) -> str:
    return f"{edition.request.audience} {path}"


def _examples(edition: Edition, before: Edition | None) -> Iterator[str]:
    """A page of each template that is not as in the edition `before`."""
    old = before.prints if before else {}
    changed = {name for name, print_ in edition.prints.items() if old.get(name) != print_}
    for path, entry in edition.known.body.plan.pages.items() if changed else ():
        if entry.template in changed:
            changed.discard(entry.template)
            yield path
