"""Why a page is built, a file copied or a page removed, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from briefings.engine.api import Built
from briefings.engine.cache import Rows
from briefings.engine.prepare import Prepared
from briefings.engine.scan import source_key
from briefings.engine.state import SiteState
from briefings.engine.task import Job
from briefings.pages.differences import differences, in_short
from briefings.pages.forms import key_of
from briefings.pages.view_rows import read_card_row, read_page_row, shown_on
from briefings.rendering.builtin import built_in_themes


def explained(job: Job, prepared: Prepared, written: Collection[str], gone: Iterable[str]) -> tuple[Built, ...]:
    """Each page that was built, each file that was copied and what is `gone`, with the reason; `written` are the files that are new."""
    return (*_built(job, prepared), *_copied(job, prepared, written), *_removed(gone))


def _built(job: Job, prepared: Prepared) -> Iterator[Built]:
    request = job.request
    asked = "--verify builds every page" if request.verify else "--clean builds every page"
    unknown = asked if job.memory.known else "no earlier build for this output, audience and version is known"
    reasons = _Reasons(job.known, prepared, job.memory.cache, unknown)
    entries, stale = prepared.plan.pages, prepared.planned.stale
    # What shows the same as the page beside it is built for the same reason.
    told = (path for path in stale if (key := key_of(path, entries[path].template)) == path or key not in stale)
    for url, path in sorted((path.removesuffix("index.html"), path) for path in told):
        yield Built(url or "./", reasons.of(path))


def _copied(job: Job, prepared: Prepared, changed: Collection[str]) -> Iterator[Built]:
    """Files that were published as they are."""
    before = job.known.body.plan.copies if job.known else {}
    copies = prepared.plan.copies
    for address in sorted(copies.keys() & set(changed)):
        path = source_key(job.request.site, copies[address])
        # Where the program is installed does not concern its user.
        path = path.replace(f"{built_in_themes().resolve().parent}/", "the program's ", 1)
        yield Built(address, f"{path} changed" if before.get(address) == copies[address] else f"copied from {path}")


def _removed(gone: Iterable[str]) -> Iterator[Built]:
    """The pages that are `gone`, and the other files that are, but for those that lay beside such a page."""
    paths = dict.fromkeys(gone)
    for path in paths:
        page = f"{path.rpartition('/')[0]}/index.html"
        if path == page or page not in paths:
            yield Built(path.removesuffix("index.html"), "removed")


class _Reasons:
    """Knows why each stale page of `prepared` is built though the last build, `known`, may have left one."""

    def __init__(self, known: SiteState | None, prepared: Prepared, cache: Rows, unknown: str) -> None:
        """`unknown` is said of all pages where no last build is known, or none is to be."""
        self._known = known
        self._unknown = unknown
        self._plan = prepared.plan
        self._rows = prepared.planned
        self._cache = cache
        self._templates = prepared.templates
        self._cards = self._changed_cards()

    def of(self, path: str) -> str:
        """The reason for the page at `path`."""
        entry = self._plan.pages[path]
        if self._known is None:
            return self._unknown
        before = self._known.body.plan.pages.get(path)
        if before is None:
            return "new page" if entry.template.endswith(".html") else "new file"
        key = key_of(path, entry.template)
        row = self._rows.pages[key]
        changed = [self._cards[i] for i in self._rows.shown_on[path] if i in self._cards]
        if before.view != entry.view:
            old = self._cache.load("page", {key: before.view}).get(key)
            if old is None or before.template != entry.template:
                return "what it shows has changed"
            come_and_gone = self._come_and_gone(shown_on(before.template, old), self._rows.shown_on[path])
            views = (read_page_row(entry.template, data)[1] for data in (old, row))
            return in_short([*come_and_gone, *changed, *differences(*views)]) or "where its links lead has changed"
        if changed:
            return in_short(changed)
        templates, now = self._known.body.templates, self._templates.state
        if entry.template in self._templates.changed_since(templates):
            needed = now.closures[entry.template]
            names = sorted(name for name in needed if templates.sources.get(name) != now.sources[name])
            return f"template {', '.join(names)} changed" if names else "a template is gone"
        if before != entry:
            return f"it comes from {entry.origin} now"
        return "its file in the output was changed or missing"

    def _come_and_gone(self, before: Collection[str], now: Collection[str]) -> list[str]:
        """Which of the notes that stand on a page `now` are new to the site, and which of those `before` are gone from it."""
        known = self._known.body.plan.cards if self._known else {}
        new = [f"note {identifier} is new" for identifier in now if identifier not in known]
        return new + [f"note {identifier} is gone" for identifier in before if identifier not in self._plan.cards]

    def _changed_cards(self) -> dict[str, str]:
        """What has changed on each card that differs from that of the last build, by the ids of their notes."""
        before = self._known.body.plan.cards if self._known else {}
        wanted = {i: before[i] for i, card in self._plan.cards.items() if i in before and before[i] != card}
        old = {i: read_card_row(row) for i, row in self._cache.load("card", wanted).items()}
        return {i: in_short(differences(card, read_card_row(self._rows.cards[i]))) for i, card in old.items()}
