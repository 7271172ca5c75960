"""Why a page is built, a file copied or a page removed, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from briefings.engine.api import Built
from briefings.engine.cache import Rows
from briefings.engine.prepare import Prepared
from briefings.engine.scan import source_key
from briefings.engine.task import Job
from briefings.pages.differences import differences, in_short
from briefings.pages.forms import key_of
from briefings.pages.site_plan import SitePlan
from briefings.pages.view_rows import read_card_row, read_page_row, shown_on
from briefings.rendering.builtin import built_in_themes


def explained(job: Job, prepared: Prepared, written: Collection[str], gone: Iterable[str]) -> tuple[Built, ...]:
    """Each page that was built, each file that was copied and what is `gone`, with the reason; `written` are the files that are new."""
    return (*_built(job, prepared), *_copied(job, prepared, written), *_removed(gone))


def _built(job: Job, prepared: Prepared) -> Iterator[Built]:
    """The pages that were built."""
    entries, stale = prepared.plan.pages, prepared.planned.stale
    cards = _changed_cards(job.known.body.plan, prepared, job.rows) if job.known else {}
    # What shows the same as the page beside it is built for the same reason.
    told = (path for path in stale if (key := key_of(path, entries[path].template)) == path or key not in stale)
    for url, path in sorted((path.removesuffix("index.html"), path) for path in told):
        yield Built(url or "./", _reason(job, prepared, path, cards))


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
    """Yield each page that is `gone`, and each other file, unless the page in its folder is gone, too: nobody need be told twice."""
    paths = dict.fromkeys(gone)
    for path in paths:
        page = f"{path.rpartition('/')[0]}/index.html"
        if path == page or page not in paths:
            yield Built(path.removesuffix("index.html"), "removed")


def _reason(job: Job, prepared: Prepared, path: str, cards: Mapping[str, str]) -> str:
    """Why the page at `path` is built; `cards` says what has changed on cards, by the ids of their notes."""
    if job.known is None:
        asked = "--verify builds every page" if job.request.verify else "--clean builds every page"
        return asked if job.last else "no earlier build for this output, audience and version is known"
    known, planned, entry = job.known.body, prepared.planned, prepared.plan.pages[path]
    before = known.plan.pages.get(path)
    if before is None:
        return "new page" if entry.template.endswith(".html") else "new file"
    key = key_of(path, entry.template)
    changed = [cards[identifier] for identifier in planned.shown_on[path] if identifier in cards]
    if before.view != entry.view:
        old = job.rows.load("page", {key: before.view}).get(key)
        if old is None or before.template != entry.template:
            return "what it shows has changed"
        come = [f"note {identifier} is new" for identifier in planned.shown_on[path] if identifier not in known.plan.cards]
        gone = [f"note {identifier} is gone" for identifier in shown_on(before.template, old) if identifier not in prepared.plan.cards]
        views = (read_page_row(entry.template, row)[1] for row in (old, planned.page_rows[key]))
        return in_short([*come, *gone, *changed, *differences(*views)]) or "where its links lead has changed"
    if changed:
        return in_short(changed)
    templates, now = known.templates, prepared.templates.state
    if templates.language != now.language:
        return "the words of the site's language changed"
    if entry.template in prepared.templates.changed_since(templates):
        names = sorted(name for name in now.closures[entry.template] if templates.sources.get(name) != now.sources[name])
        return f"template {', '.join(names)} changed" if names else "a template is gone"
    return f"it comes from {entry.origin} now" if before != entry else "its file in the output was changed or missing"


def _changed_cards(before: SitePlan, prepared: Prepared, rows: Rows) -> dict[str, str]:
    """What has changed on each card that differs from that of the plan `before`, by the ids of their notes."""
    wanted = {i: before.cards[i] for i, card in prepared.plan.cards.items() if i in before.cards and before.cards[i] != card}
    old = {i: read_card_row(row) for i, row in rows.load("card", wanted).items()}
    return {i: in_short(differences(card, read_card_row(prepared.planned.card_rows[i]))) for i, card in old.items()}
