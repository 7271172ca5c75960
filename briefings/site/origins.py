"""What the sources of a note go back to: a report that copies a wire is no second witness."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from briefings.content.headers import Citation, NoteHeader


def sources_of(header: NoteHeader, citation: Citation) -> Iterator[str]:
    """The ids of the source records that a source of a note names: its publisher, and what it copies; each once."""
    if citation.source:
        yield citation.source
    if citation.origin and citation.origin != citation.source and citation.origin not in (one.id for one in header.sources):
        yield citation.origin


def independent(header: NoteHeader, shown: Collection[str]) -> tuple[tuple[Citation, str], ...]:
    """What the sources of a note go back to, each once, in their order, as far as readers may know it.

    Each is the source of the note to which the others lead, and the id of the source record behind it, empty where there is none. `shown`
    are the ids of the source records that may be shown. What one publisher says twice goes back to that publisher.
    """
    cited = {one.id: one for one in header.sources}
    found: dict[tuple[str, str], tuple[Citation, str]] = {}
    for citation in header.sources:
        first, followed = citation, {citation.id}
        while first.origin in cited and first.origin not in followed:
            first = cited[first.origin]
            followed.add(first.id)
        record = next((one for one in (first.origin, first.source) if one in shown and one not in cited), "")
        found.setdefault(("record", record) if record else ("citation", first.id), (first, record))
    return tuple(found.values())
