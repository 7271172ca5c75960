"""The interface of a file, a digest of all that linking takes from its records, and when the clock changes what may be shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from msgspec import structs

from briefings.content.bodies import Body
from briefings.content.entries import Figure
from briefings.content.parse import Parsed
from briefings.content.record_rows import ENCODER
from briefings.content.records import Actor, AnyRecord, Note, Topic
from briefings.content.schema.dates import Moment
from briefings.core.digests import digest
from briefings.site.tellings import ahead_until
from briefings.site.visibility import deciding_parts


def interface(parsed: Parsed) -> bytes:
    """Equal for two versions of a file that differ only within their texts, or in what a note's card merely shows.

    Not in it are a text's HTML, its length and headings, which only its own page shows, the places of links, which only messages name,
    and a note's title and summary: no order, no count and no link depends on them.
    """
    known = [
        (
            record.kind,
            record.id,
            record.key,
            structs.replace(record.header, title="", summary="") if isinstance(record, Note) else record.header,
            # Where quotations are not for all, other readers may know of another text.
            record.guards,
            [_of_text(body) for body in record.bodies or (record.body,)],
        )
        for record in parsed.records
    ]
    return digest(ENCODER.encode((known, parsed.withheld)))


def _of_text(body: Body) -> tuple[object, ...]:
    return (
        bool(body.digest),
        body.anchors,
        body.former,
        body.cited,
        [(r.kind, r.target, r.fragment, r.label, r.before, r.after) for r in body.references],
        [structs.replace(quotation, line=0) for quotation in body.quotations],
    )


def _of_offices(actor: Actor, zone: dt.tzinfo) -> Iterator[dt.datetime]:
    """The instants at which the actor's offices begin and end."""
    for office in actor.header.offices:
        if office.from_ is not None:
            yield Moment(office.from_.first.isoformat()).start(zone)
        if office.until is not None:
            yield Moment(office.until.last.isoformat()).end(zone)


def clock_bounds(records: Iterable[AnyRecord], zone: dt.tzinfo, now: dt.datetime) -> tuple[dt.datetime | None, dt.datetime | None]:
    """The span of time around `now` during which the clock changes nothing on the site.

    What it changes: which records are shown, which offices are held, which figures count as old, and which events are still ahead.

    It begins with the first instant and ends before the second; None is no bound.
    """
    instants = set()
    allowed: dict[str, int] = {}
    figures: list[Figure] = []
    for record in records:
        for visible in deciding_parts(record):
            if visible.embargo is not None:
                instants.add(visible.embargo.end(zone))
            if visible.expires is not None:
                instants.add(visible.expires.start(zone))
        if isinstance(record, Actor):
            instants.update(_of_offices(record, zone))
        elif isinstance(record, Note):
            overs = (ahead_until(event, record.header.date, zone) for event in record.header.events)
            instants.update(over for over in overs if over)
            figures += record.header.figures
        elif isinstance(record, Topic):
            allowed |= {one.id: one.stale_after for one in record.header.measures if one.stale_after is not None}
    for figure in figures:
        if figure.measure in allowed:
            instants.add(Moment((figure.as_of.day(zone) + dt.timedelta(days=allowed[figure.measure])).isoformat()).end(zone))
    return max((i for i in instants if i <= now), default=None), min((i for i in instants if i > now), default=None)
