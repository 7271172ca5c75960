"""References from what readers see to what they may not see: they vanish from pages, but the author should know of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from urllib.parse import unquote

from briefings.content.parse import Parsed
from briefings.content.records import AnyRecord, Note
from briefings.core.config import SiteConfig
from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.site.declarations import Declared
from briefings.site.gather import Key, Records, gather, uses
from briefings.site.resolve import keys_at, path_of
from briefings.site.visibility import Readers


def withheld_references(parsed: Collection[Parsed], config: SiteConfig, readers: Readers) -> Iterator[Diagnostic]:
    """Every reference from a record that `readers` see to one that they may not see, or that was withdrawn.

    Records in doubt are left out: what is wrong with them is told, and readers see nothing until that is mended.
    """
    records, _ = gather(parsed, config, readers)
    in_doubt = frozenset(key for file in parsed for key in file.withheld)
    withheld = records.withheld - in_doubt
    for record in records.all():
        for kind, identifier, place in uses(record):
            # What a public version is made from is meant to be withheld.
            if (kind, identifier) in withheld and kind != "note":
                yield _leads_nowhere(records, (kind, identifier), place, "it is not shown in this place")
        for reference in record.body.references:
            key = _target(record, reference.kind, reference.target, records)
            if key in withheld:
                place = Place(record.path, reference.line, reference.column)
                yield _leads_nowhere(records, key, place, "readers see its words without a link; make sure that they tell nothing")
        if isinstance(record, Note):
            yield from _of_entries(record, records, in_doubt)


def _target(record: AnyRecord, kind: str, target: str, records: Records) -> Key | None:
    if kind == "image":
        return None
    if kind != "path":
        return kind, target  # type: ignore[return-value]  # the others are kinds of records
    if target.startswith("/"):
        return _withheld_at(unquote(target), records)
    return records.by_path.get(path_of(record, target))


def _withheld_at(address: str, records: Records) -> Key | None:
    """The withheld record at an address where no other one is."""
    keys = list(keys_at(address, records.by_alias))
    if any(identifier in records.of(kind) for kind, identifier in keys):
        return None
    return next((key for key in keys if key in records.withheld), None)


def _of_entries(note: Note, records: Records, in_doubt: Collection[Key]) -> Iterator[Diagnostic]:
    used: list[tuple[Declared, str, str]] = [
        ("proposition", position.proposition, f"positions[{i}].proposition") for i, position in enumerate(note.header.positions)
    ]
    used += [("measure", figure.measure, f"figures[{i}].measure") for i, figure in enumerate(note.header.figures)]
    said = [(quotation.event, f"quotations[{i}].event") for i, quotation in enumerate(note.header.quotations)]
    for identifier, key in said:
        if identifier and identifier not in records.events.newest and not records.events.unknown(identifier):
            message = f'the event "{identifier}" is withheld from these readers'
            yield problem("withheld-reference", message, Place(note.path, key=key), "readers see the words without it")
    # A topic in doubt may declare whatever is not shown.
    for kind, identifier, key in used if not any(of == "topic" for of, _ in in_doubt) else ():
        declared = records.propositions if kind == "proposition" else records.measures
        if identifier in declared and identifier not in records.declarations.of(kind):
            message = f'the topic that declares the {kind} "{identifier}" is withheld from these readers'
            yield problem("withheld-reference", message, Place(note.path, key=key), "this entry is not shown")


def _leads_nowhere(records: Records, key: Key, place: Place, remedy: str) -> Diagnostic:
    kind, identifier = key
    state = "was withdrawn" if key in records.withdrawn else "is withheld from these readers"
    return problem("withheld-reference", f'the {kind} "{identifier}" {state}', place, remedy)
