"""Checks of dates within one record that contradict one another."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from briefings.content.entries import Event, Visible
from briefings.content.headers import NoteHeader, RecordHeader, TopicHeader
from briefings.content.schema.dates import Moment, is_before, zone
from briefings.content.schema.validate import join
from briefings.core.diagnostics import Diagnostic, Place, problem


def check_dates(path: str, key: str, header: RecordHeader, timezone: str) -> Iterator[Diagnostic]:
    """Yield a warning for every two dates that cannot both be right, and an error for an event that ends before the day it begins."""
    dates = _Dates(path, key, timezone)
    if header.embargo and header.expires:
        yield from dates.never_shown(header, "", "this record")
    if isinstance(header, TopicHeader) and header.status_history:
        yield from _of_history(header, dates)
    if not isinstance(header, NoteHeader):
        return
    date = header.date
    # Every note is checked here, and few have more than one date.
    if header.embargo and header.embargo.text[:10] < date.text[:10]:
        # Within one day this is common: a note embargoed until six o'clock is published at half past six.
        message = "the embargo was over ({1}) before the note was published ({0}), and keeps it from nobody"
        yield from dates.order(date, header.embargo, "embargo", message)
    if header.updated or header.expires:
        yield from dates.order(date, header.updated, "updated", "the note was updated ({1}) before it was published ({0})")
        yield from dates.order(date, header.expires, "expires", "the note expires ({1}) before it is published ({0})")
    if header.withdrawn:
        yield from dates.order(date, header.withdrawn.date, "withdrawn.date", "the note was withdrawn ({1}) before it was published ({0})")
    if header.dateline:
        yield from dates.order(header.dateline.date, date, "dateline.date", "the note was published ({1}) before it was filed ({0})")
    if header.corrections or header.changes:
        made = [(f"corrections[{i}].date", "correction", one.date) for i, one in enumerate(header.corrections)]
        made += [(f"changes[{i}].date", "change", one.date) for i, one in enumerate(header.changes)]
        for written, what, day in made:
            yield from dates.order(date, day, written, f"this {what} was made ({{1}}) before the note was published ({{0}})")
    for i, source in enumerate(header.sources):
        if source.date and source.accessed:
            message = "this source was read ({1}) before it was published ({0})"
            yield from dates.order(source.date, source.accessed, f"sources[{i}].accessed", message)
    yield from _of_entries(header, dates)


def _of_history(header: TopicHeader, dates: _Dates) -> Iterator[Diagnostic]:
    """Yield the problems in the order of what a topic's status was and is."""
    known = [(f"status_history[{i}].as_of", one.as_of) for i, one in enumerate(header.status_history)]
    known += [("status.as_of", header.status.as_of)] if header.status else []
    for (_, before), (key, after) in itertools.pairwise(known):
        if before.text[:10] == after.text[:10]:
            message = f"two states of play are as of the same day ({after.text})"
            yield problem("odd-dates", message, dates.place(key), "correct one of the two dates, or delete one of the two")
        else:
            message = "this state of play ({1}) stands after a later one ({0})"
            yield from dates.order(before, after, key, message, "write the states of play from the oldest to the newest")


def _of_entries(header: NoteHeader, dates: _Dates) -> Iterator[Diagnostic]:
    """Yield the problems in the dates of a note's events, quotations, positions, figures and judgements."""
    for i, event in enumerate(header.events):
        yield from dates.span(event, f"events[{i}].until")
    parts: tuple[tuple[str, str, tuple[Visible, ...]], ...] = (
        ("events", "event", header.events),
        ("quotations", "quotation", header.quotations),
        ("positions", "position", header.positions),
        ("figures", "figure", header.figures),
        ("judgements", "judgement", header.judgements),
    )
    for name, what, entries in parts:
        for i, entry in enumerate(entries):
            if entry.embargo and entry.expires:
                yield from dates.never_shown(entry, f"{name}[{i}]", f"this {what}")
    for i, judgement in enumerate(header.judgements):
        message = "the time of this judgement is over ({1}) before the note is published ({0})"
        yield from dates.order(header.date, judgement.resolve_by, f"judgements[{i}].resolve_by", message)
        known = judgement.outcome.date if judgement.outcome else None
        message = "the outcome of this judgement is known ({1}) before the note is published ({0})"
        yield from dates.order(header.date, known, f"judgements[{i}].outcome.date", message)


class _Dates:
    """Compares the dates of the record at `key` of a file."""

    def __init__(self, path: str, key: str, timezone: str) -> None:
        self._path = path
        self._key = key
        self._timezone = timezone

    def order(
        self, first: Moment | None, second: Moment | None, key: str, message: str, remedy: str = "correct one of the two dates"
    ) -> Iterator[Diagnostic]:
        """Yield a warning with `message`, at `key`, when `second` is certainly before `first`."""
        if first is None or second is None or not is_before(second, first, self._timezone):
            return
        yield problem("odd-dates", message.format(first.text, second.text), self.place(key), remedy)

    def span(self, event: Event, key: str) -> Iterator[Diagnostic]:
        """Yield an error when an event ends before the day on which it begins, or is given two ends."""
        if event.until is None:
            return
        begin, end = event.date.begin, event.until.end
        if event.date.is_interval or event.until.is_interval or begin is None or end is None:
            message = f"date ({event.date.text}) and until ({event.until.text}) both say when this event ended"
            remedy = "delete until" if event.date.is_interval else "write in until its end alone, without a slash"
            yield problem("bad-date", message, self.place(key), remedy)
            return
        here = zone(self._timezone)
        ends, starts = end.ends(here), begin.starts(here)
        if ends > starts or (ends == starts and end.precision == "instant"):
            return
        message = f"this event ends ({event.until.text}) before it begins ({event.date.text})"
        # Former versions accepted this within one day, so such notes must still build.
        code = "bad-date" if end.last < begin.first else "odd-dates"
        yield problem(code, message, self.place(key), "correct one of the two dates, or exchange them")

    def never_shown(self, part: Visible, key: str, what: str) -> Iterator[Diagnostic]:
        """Yield a warning when `part` expires before its embargo ends, so that it is never shown."""
        if part.embargo is None or part.expires is None:
            return
        here = zone(self._timezone)
        if part.expires.start(here) > part.embargo.end(here):
            return
        message = f"{what} is never shown: it expires ({part.expires.text}) before its embargo is over ({part.embargo.text})"
        remedy = "let it expire later, or let the embargo end sooner"
        yield problem("odd-dates", message, self.place(join(key, "expires")), remedy)

    def place(self, key: str) -> Place:
        """Where `key` of the record stands."""
        return Place(self._path, key=join(self._key, key))
