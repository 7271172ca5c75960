"""What an unknown id may have meant: another id, or a record by one of its names; and how to begin the record that it asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from briefings.content.parse import id_of_stem
from briefings.content.records import Actor, AnyRecord, Kind, Note, Source, Topic
from briefings.core.text import Near, did_you_mean, fold, humanise, is_id, listing, name_key, slugify

_BEGUN: frozenset[Kind] = frozenset(("actor", "topic", "source"))
"""The kinds of records that others refer to before they are there."""
_OF_SHELLS = frozenset('"\\$`!')
"""What means something to a shell within quotes."""
_FEW = 5
"""How many records of one name a remedy lists."""


class Known:
    """The records of one kind, by their ids and by their names. Only the first mistake makes an index of them."""

    def __init__(self, kind: Kind, records: Mapping[str, AnyRecord | None]) -> None:
        self._kind = kind
        self._records = records
        self._ids = Near(records)

    def remedy(self, identifier: str) -> str:
        """What to do about an id that no record of this kind has."""
        # Authors take a file's name for the id.
        named = id_of_stem(self._kind, identifier)
        if named in self._records:
            return did_you_mean(named, [named])
        bearers = self._by_name.get(name_key(identifier), [])
        if len(bearers) == 1:
            return f'did you mean "{bearers[0]}"?'
        if 1 < len(bearers) <= _FEW:
            return f"write whichever is meant: {listing(bearers)} have this name"
        return did_you_mean(identifier, self._ids, begin(self._kind, identifier))

    @cached_property
    def _by_name(self) -> Mapping[str, list[str]]:
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for identifier, record in self._records.items():
            for name in _names(record):
                found[name_key(name)][identifier] = None
        return {key: list(bearers) for key, bearers in found.items() if key}


def _names(record: AnyRecord | None) -> Iterator[str]:
    """What people call a record."""
    match record:
        case Actor(header=header):
            yield from (header.name, header.sort_name, *header.also_known_as)
        case Topic(header=header) | Source(header=header):
            yield header.name
        case Note(header=header):
            yield header.title


def begin(kind: Kind, identifier: str) -> str:
    """The command that begins the record that has this id, or was to have it."""
    if kind not in _BEGUN or not _OF_SHELLS.isdisjoint(identifier):
        return f"add a file for it to content/{kind}s/, or correct the id"
    lower = identifier.lower()
    new = lower if is_id(lower) else slugify(fold(identifier))
    if not is_id(new):
        return "use letters, digits and hyphens"
    name = humanise(identifier) if identifier == new else identifier
    # The command makes the id from the name, and spells it in plain letters.
    wish = "" if new.isascii() and slugify(name) == new else f" --id {new}"
    types = " --type person (or organization, or state)" if kind == "actor" else ""
    command = f'briefings new {kind} "{name}"{wish}{types}'
    return f"correct the id, or begin it with: {command}" if identifier == new else f"write {new} as the id, and begin it with: {command}"
