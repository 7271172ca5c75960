"""What the sources of a note go back to, and rings among them."""

from __future__ import annotations

import pytest

from briefings.content.headers import Citation, NoteHeader
from briefings.content.parse import parse
from briefings.content.schema.dates import NoteDate
from briefings.core.config import SiteConfig
from briefings.site.origins import independent

SHOWN = {"tass", "kcna"}


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        # Each stands for itself.
        ([("s1", "tass", ""), ("s2", "kcna", ""), ("s3", "", "")], ["tass", "kcna", "s3"]),
        # Copies of a wire, by the note's own id or by the id of the record, are that wire.
        ([("s1", "tass", ""), ("s2", "", "s1"), ("s3", "kcna", "tass")], ["tass"]),
        # A copy of a copy.
        ([("s1", "", "s2"), ("s2", "kcna", "s3"), ("s3", "", "")], ["s3"]),
        # One publisher twice.
        ([("s1", "tass", ""), ("s2", "tass", "")], ["tass"]),
        # What readers may not know of does not join what rests on it.
        ([("s1", "", "secret"), ("s2", "", "secret"), ("s3", "tass", "secret")], ["s1", "s2", "tass"]),
        # A source of the note comes before a record with the same id.
        ([("tass", "kcna", ""), ("s2", "", "tass")], ["kcna"]),
    ],
)
def test_what_copies_another_counts_with_it(sources: list[tuple[str, str, str]], expected: list[str]) -> None:
    cited = tuple(Citation(i, source=source, origin=origin) for i, source, origin in sources)
    header = NoteHeader(title="T", date=NoteDate("2017-12-15"), sources=cited)
    assert [record or first.id for first, record in independent(header, SHOWN)] == expected


@pytest.mark.parametrize(
    ("origins", "told"),
    [
        ({"a": "", "b": "a", "c": "b"}, []),
        ({"a": "a"}, [("sources[0].origin", "a source cannot be a copy of itself")]),
        ({"c": "a", "a": "b", "b": "c"}, [("sources[1].origin", "these sources copy one another: a → b → c → a")]),
        # A copy of what is in a ring is not in it.
        ({"x": "b", "b": "a", "a": "b"}, [("sources[2].origin", "these sources copy one another: a → b → a")]),
    ],
)
def test_a_ring_of_copies_is_told_once(origins: dict[str, str], told: list[tuple[str, str]]) -> None:
    sources = "".join(f"  - {{id: {i}{f', origin: {origin}' if origin else ''}}}\n" for i, origin in origins.items())
    found = parse("content/notes/a.md", f"---\ntitle: T\ndate: 2017-12-15\nsources:\n{sources}---\n".encode(), SiteConfig(title="Desk"))
    lines = {f"sources[{i}].origin": 5 + i for i in range(len(origins))}
    assert [(d.code, d.place.line, d.message) for d in found.diagnostics] == [
        ("origin-cycle", lines[key], message) for key, message in told
    ]
