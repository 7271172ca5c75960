"""The next instants at which a site changes without an edit, or at which an event on it happens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct

from briefings.content.entries import Visible
from briefings.content.records import Actor, AnyRecord, Kind, Note
from briefings.content.schema.dates import Moment
from briefings.core.diagnostics import Diagnostic, has_errors
from briefings.desk.gathered import read_all
from briefings.engine.api import BuildRequest, Progress
from briefings.engine.planning import readers_of
from briefings.executors.processes import executor_for
from briefings.site.tellings import ahead_until
from briefings.site.visibility import Readers

What = Literal["overdue", "appears", "lapses", "happens", "settles", "begins", "ends"]

LATE = 3
"""Minutes by which a scheduled job for a full hour starts later: at the full hour hosts are busy and drop jobs."""
CATCH_UP = "37 4 * * *"
"""The cron schedule of a daily job that makes up for dropped ones."""


class Due(Struct, frozen=True, order=True):
    """Something that happens to a record, or to a part of it, at a certain instant without an edit."""

    at: dt.datetime
    """The instant, in UTC."""
    what: What
    kind: Kind
    id: str
    part: str
    """The part of the record, such as an event or a quotation; empty for the whole record."""
    path: str


def due(request: BuildRequest, progress: Progress) -> tuple[tuple[Due, ...], tuple[Diagnostic, ...]]:
    """Return all that is due after the instant of `request`, soonest first, or the problems of content with errors.

    Of what was due before that instant, only judgements that still have no outcome are returned.
    """
    with executor_for(request.jobs) as executor:
        _, material = read_all(request, executor, progress)
    if material.read is None or has_errors(material.diagnostics):
        return (), material.diagnostics
    readers = readers_of(request, material.read.config)
    records = (record for file in material.read.changed.values() for record in file.records)
    return tuple(sorted(d for d in _all(records, readers) if d.at > request.now or d.what == "overdue")), ()


def cron(dues: Iterable[Due]) -> list[str]:
    """Return cron schedules in UTC, without repetitions, for jobs that build the site when something is due, and one that catches up."""
    schedules: dict[str, None] = {}
    for one in dues:
        if one.what == "overdue":
            # No build can mend that.
            continue
        at = one.at.astimezone(dt.UTC) + dt.timedelta(seconds=59)
        if not at.minute:
            at += dt.timedelta(minutes=LATE)
        schedules[f"{at.minute} {at.hour} {at.day} {at.month} *"] = None
    return [*schedules, CATCH_UP]


def _all(records: Iterable[AnyRecord], readers: Readers) -> Iterator[Due]:
    for record in records:
        if not _concerns(record.header, readers) or record.header.withdrawn is not None:
            continue
        yield from _changes(record, record.header, "", readers)
        for number, guard in enumerate(record.guards, 1):
            yield from _changes(record, guard, "a quotation" if len(record.guards) == 1 else f"quotations, {number}", readers)
        if isinstance(record, Note):
            yield from _of_note(record, readers)
        elif isinstance(record, Actor):
            for office in record.header.offices:
                if office.from_ is not None:
                    yield _due(record, Moment(office.from_.first.isoformat()).start(readers.zone), "begins", f'office "{office.role}"')
                if office.until is not None:
                    yield _due(record, Moment(office.until.last.isoformat()).end(readers.zone), "ends", f'office "{office.role}"')


def _of_note(record: Note, readers: Readers) -> Iterator[Due]:
    """What is due of the entries of a note."""
    header = record.header
    for event in header.events:
        name = f'event "{event.id}"'
        yield from _changes(record, event, name, readers)
        begin = event.date.begin
        if begin and begin.precision in ("day", "instant") and event.status in ("", "expected") and _concerns(event, readers):
            yield _due(record, begin.starts(readers.zone), "happens", name)
        over = ahead_until(event, header.date, readers.zone)
        if over and _concerns(event, readers) and not (begin and over == begin.starts(readers.zone)):
            yield _due(record, over, "ends", name)
    for number, quotation in enumerate(header.quotations, 1):
        yield from _changes(record, quotation, f"quotations, {number}", readers)
    for position in header.positions:
        yield from _changes(record, position, f"position of {position.actor}", readers)
    for figure in header.figures:
        yield from _changes(record, figure, f"figure of {figure.measure}", readers)
    for judgement in header.judgements:
        name = f'judgement "{judgement.id}"'
        yield from _changes(record, judgement, name, readers)
        if judgement.resolve_by and judgement.outcome is None and _concerns(judgement, readers):
            at = judgement.resolve_by.end(readers.zone)
            yield _due(record, at, "settles" if at > readers.now else "overdue", name)


def _concerns(part: Visible, readers: Readers) -> bool:
    """Whether these `readers` will ever see `part`."""
    return not part.draft and Readers(readers.audience, readers.now, readers.zone, drafts=True).may_see(part)


def _changes(record: AnyRecord, part: Visible, name: str, readers: Readers) -> Iterator[Due]:
    if _concerns(part, readers):
        if part.embargo is not None:
            yield _due(record, part.embargo.end(readers.zone), "appears", name)
        if part.expires is not None:
            yield _due(record, part.expires.start(readers.zone), "lapses", name)


def _due(record: AnyRecord, at: dt.datetime, what: What, part: str) -> Due:
    return Due(at=at.astimezone(dt.UTC), what=what, kind=record.kind, id=record.id, part=part, path=record.path)
