"""Pages as bytes: rendered when they are asked for, kept while nothing that they need changes, and as they were where a template fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from briefings.core.diagnostics import Diagnostic
from briefings.engine.findings import located
from briefings.rendering.theme import Theme
from briefings.serve.edition import Edition
from briefings.serve.lru import Lru

LIMIT = 24_000_000
"""Bytes of pages that are kept."""


class Renderer:
    """Renders the pages of editions. For use by several threads."""

    def __init__(self, failed: Callable[[Edition, str, Diagnostic], None]) -> None:
        """`failed` is told of each page that is asked for and whose template fails: its edition, its file, and what is wrong."""
        self._failed = failed
        self._kept = Lru(LIMIT)

    def page(self, edition: Edition, path: str, sound_theme: Theme | None = None) -> bytes | Diagnostic:
        """The page at `path`; where its template fails, as an earlier `sound_theme` shows it, or as it was last."""
        found = self._newest(edition, path)
        if isinstance(found, bytes):
            return found
        self._failed(edition, path, found)
        earlier = edition.render(path, sound_theme) if sound_theme else found
        if isinstance(earlier, bytes):
            return earlier
        # What was kept may name what has been withheld since, and so is for the desk alone.
        kept = self._kept.get(_place(edition, path)) if edition.request.audience == "desk" else b""
        return kept[len(edition.fingerprint(path)) :] if kept else found

    def failing(self, edition: Edition, before: Edition | None, failed: Iterable[str]) -> dict[str, Diagnostic]:
        """What fails, by the page's file, where it is likeliest: on pages that `failed`, and on one of each template that has changed."""
        again = (path for path in failed if path in edition.pages)
        found = ((path, self._newest(edition, path)) for path in (*again, *_examples(edition, before)))
        return {path: result for path, result in found if isinstance(result, Diagnostic)}

    def _newest(self, edition: Edition, path: str) -> bytes | Diagnostic:
        print_ = edition.fingerprint(path)
        # A page that is saved again and again takes the place of what it was.
        place = _place(edition, path)
        kept = self._kept.get(place)
        if kept.startswith(print_):
            return kept.removeprefix(print_)
        found = edition.render(path)
        if isinstance(found, Diagnostic):
            return located(edition.request.site, (found,))[0]
        self._kept.put(place, print_ + found)
        return found


def _place(edition: Edition, path: str) -> str:
    return f"{edition.request.audience} {path}"


def _examples(edition: Edition, before: Edition | None) -> Iterator[str]:
    """A page of each template that is not as in the edition `before`."""
    old = before.template_fingerprints if before else {}
    changed = {name for name, fingerprint in edition.template_fingerprints.items() if old.get(name) != fingerprint}
    for path, entry in edition.known.body.plan.pages.items() if changed else ():
        if entry.template in changed:
            changed.discard(entry.template)
            yield path
