"""Calendars as iCalendar (RFC 5545) has them."""

from __future__ import annotations

from collections.abc import Iterator

from briefings.core.config import Marking
from briefings.pages.views.machine_views import CalendarEntry, CalendarFileView

_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})
_LINE = 75
"""The greatest number of octets of a line."""


def write_calendar(view: CalendarFileView) -> bytes:
    """A calendar. Nothing in it but what its view has, so the same events give the same bytes."""
    return b"".join(_folded(line) for line in _lines(view))


def _lines(view: CalendarFileView) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//briefings//briefings//EN", f"X-WR-CALNAME:{_text(view.title)}")
    for entry in view.entries:
        yield from _event(entry)
    yield "END:VCALENDAR"


def _event(entry: CalendarEntry) -> Iterator[str]:
    yield from ("BEGIN:VEVENT", f"UID:{entry.uid}", f"DTSTAMP:{entry.stamp}", _time("DTSTART", entry.start))
    if entry.end:
        yield _time("DTEND", entry.end)
    yield f"SUMMARY:{_text(_titled(entry.title, entry.marking))}"
    if entry.place:
        yield f"LOCATION:{_text(entry.place)}"
    if entry.url:
        yield f"URL:{entry.url}"
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"


def _time(name: str, value: str) -> str:
    return f"{name}:{value}" if "T" in value else f"{name};VALUE=DATE:{value}"


def _titled(title: str, marking: Marking) -> str:
    """A title with its mark: programs show nothing else for certain."""
    return title if marking == "TLP:CLEAR" else f"[{marking}] {title}"


def _text(text: str) -> str:
    return text.translate(_ESCAPED)


def _folded(line: str) -> bytes:
    """A line with its end, cut into lines of 75 octets between characters; each but the first begins with a space."""
    data = line.encode()
    parts, begin, room = [], 0, _LINE
    while len(data) - begin > room:
        end = begin + room
        while data[end] & 0b1100_0000 == 0b1000_0000:
            # Here a character goes on.
            end -= 1
        parts.append(data[begin:end])
        begin, room = end, _LINE - 1
    return b"\r\n ".join([*parts, data[begin:]]) + b"\r\n"
