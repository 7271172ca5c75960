"""What pages show of notes that were withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from briefings.content.records import Kind
from briefings.pages.views.withdrawal_views import WithdrawnRecord
from briefings.site.linked import Withdrawn, newest_first
from briefings.site.model import Site


def withdrawn_notes(site: Site, of: tuple[Kind, str] | None = None) -> Sequence[Withdrawn]:
    """Notes that were withdrawn, newest first: all, or those that stood in the list of one topic, actor or source."""
    return newest_first(site.withdrawn) if of is None else site.withdrawn_from.get(of, ())


def withdrawn_record(one: Withdrawn) -> WithdrawnRecord:
    """A withdrawn record, as pages show it."""
    return WithdrawnRecord(kind=one.kind, url=one.url, date=one.date, reason=one.reason, published=one.published, marking=one.marking)


def withdrawn_by_page(withdrawn: Iterable[Withdrawn], oldest: Sequence[str | None]) -> Iterator[tuple[WithdrawnRecord, ...]]:
    """For each page of a list the withdrawn notes (newest first) that stood there; `oldest` are the dates of the pages' last notes."""
    waiting = list(withdrawn)
    for number, day in enumerate(oldest, 1):
        here = [one for one in waiting if number == len(oldest) or day is None or one.published >= day]
        waiting = waiting[len(here) :]
        yield tuple(withdrawn_record(one) for one in here)
