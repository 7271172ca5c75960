"""The figures that texts quote as `{figure:measure}`: the number as it was known on the day of the note."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from msgspec import Struct

from briefings.content.entries import Figure
from briefings.content.records import AnyRecord, Note
from briefings.core.config import Marking
from briefings.core.text import Near, did_you_mean
from briefings.site.gather import Records
from briefings.site.ledgers.series import standing
from briefings.site.linked import Target
from briefings.site.resolve import Fault, Outcome
from briefings.site.visibility import highest


class _Known(Struct, frozen=True):
    """A figure that may be shown."""

    day: dt.date
    """When it was known."""
    at: dt.date
    """Where it stands in time."""
    digits: str
    marking: Marking


class QuotedFigures:
    """All figures that texts of one site may quote; they are sorted out when the first text quotes one."""

    def __init__(self, records: Records, zone: dt.tzinfo) -> None:
        self._records = records
        self._zone = zone

    def outcome(self, measure: str, record: AnyRecord) -> Outcome:
        """The number of `measure` for a text of `record`: of a note the latest on its day, of any other the latest of all.

        None where there is a number that these readers may not see, and then a dash stands in its place.
        """
        if measure not in self._records.measures:
            remedy = did_you_mean(measure, self._near, "add it to the measures of a topic, or correct the id")
            return Fault("unknown-measure", f'no topic declares a measure "{measure}"', remedy)
        day = record.header.date.day(self._zone) if isinstance(record, Note) else dt.date.max
        if measure in self._records.declarations.measures:
            known = [figure for figure in self._shown.get(measure, ()) if figure.day <= day]
            if known:
                latest = max(known, key=lambda figure: (figure.at, figure.day))
                return Target("", number=latest.digits, marking=latest.marking)
        if any(figure.day(self._zone) <= day for figure in self._records.known_on.get(measure, ())):
            return None
        since = "" if day == dt.date.max else f" on {day.isoformat()} or before"
        return Fault(
            "unknown-figure", f'no note gives a value of "{measure}"{since}', "add the figure to a note, or write the number itself"
        )

    @cached_property
    def _near(self) -> Near:
        return Near(self._records.measures)

    @cached_property
    def _shown(self) -> dict[str, list[_Known]]:
        """The figures of each measure, those of the newest notes first, because of equals the first counts."""
        found: dict[str, list[_Known]] = defaultdict(list)
        notes = [note for note in self._records.notes.values() if note.header.figures]
        for note in sorted(notes, key=lambda note: (note.header.date.start(self._zone), note.id), reverse=True):
            for measure, known in self._of(note, reversed(note.header.figures)):
                found[measure].append(known)
        return found

    def _of(self, note: Note, figures: Iterable[Figure]) -> Iterable[tuple[str, _Known]]:
        for figure in figures:
            day = figure.as_of.day(self._zone)
            marking = highest((figure.marking, note.header.marking))
            yield figure.measure, _Known(day, standing(figure.period, day), figure.value.text, marking)
