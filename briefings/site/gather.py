"""From the files' records to those that may be shown, by kind and id, with all that is wrong between them."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain

from msgspec import Struct, structs

from briefings.content.headers import Involvement, NoteHeader
from briefings.content.parse import Parsed
from briefings.content.records import Actor, AnyRecord, Kind, Note, Page, Source, Topic
from briefings.content.schema.dates import Moment
from briefings.core.config import SiteConfig
from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.text import is_id, slugify
from briefings.core.urls import alias_path
from briefings.site.cycles import cycles
from briefings.site.declarations import Declarations, declarations, undeclared
from briefings.site.disputes import unmarked_disputes
from briefings.site.known import Known, begin
from briefings.site.tellings import disagreements
from briefings.site.told_events import ToldEvents, told_events, unknown_events
from briefings.site.visibility import Readers

Key = tuple[Kind, str]

_REFERRED: tuple[Kind, ...] = ("topic", "actor", "source", "note")
"""The kinds of records that headers refer to."""


class Records(Struct, frozen=True):
    """All records that may be shown, each under its id."""

    notes: dict[str, Note]
    topics: dict[str, Topic | None]
    """None for a topic that no file declares."""
    actors: dict[str, Actor | None]
    """None for an actor that no file declares."""
    sources: dict[str, Source]
    pages: dict[str, Page]
    withheld: frozenset[Key]
    """Records that exist and may not be shown, or were withdrawn: references to them vanish without a word."""
    withdrawn: dict[Key, AnyRecord]
    """Those of them whose addresses say that they were withdrawn."""
    suspects: tuple[AnyRecord, ...]
    """Records in doubt: what they refer to is checked like that of all others."""
    declarations: Declarations
    """What the topics that may be shown declare."""
    measures: frozenset[str]
    """The ids of all measures, those of topics that may not be shown included."""
    propositions: frozenset[str]
    """The ids of all propositions, those of topics that may not be shown included."""
    known_on: dict[str, list[Moment]]
    """For each measure the days on which values were known, those of notes that may not be shown included."""
    events: ToldEvents
    """The events of all notes, to which quotations refer."""
    by_path: dict[str, Key]
    """The record of each file that holds just one, shown or not."""
    by_alias: dict[str, Key]
    """The record that has each old address, as `alias_path` gives it, shown or not."""

    def of(self, kind: Kind) -> Mapping[str, AnyRecord | None]:
        """The records of one kind."""
        match kind:
            case "note":
                return self.notes
            case "topic":
                return self.topics
            case "actor":
                return self.actors
            case "source":
                return self.sources
            case "page":
                return self.pages

    def all(self) -> Iterator[AnyRecord]:
        """Every record that a file declares."""
        for records in (self.notes, self.topics, self.actors, self.sources, self.pages):
            yield from (r for r in records.values() if r is not None)


_AUTHORS = "authors["
"""How keys of the authors of a note begin."""
_QUOTATIONS = "quotations["
"""How keys of the quotations of a note begin; among them only speakers, and those who passed words on, are actors."""


def gather(parsed: Iterable[Parsed], config: SiteConfig, readers: Readers) -> tuple[Records, list[Diagnostic]]:
    """Sort out what `readers` may see, and check what headers refer to."""
    files = sorted(parsed, key=lambda f: f.path)
    unique, diagnostics = _unique(files)
    suspects = tuple(suspect for file in files for suspect in file.suspects)
    withheld = frozenset(_withheld(files, unique, readers))
    withdrawn = {key: readers.see_of(r) for key, r in unique.items() if r.header.withdrawn is not None and key not in withheld}
    withheld |= withdrawn.keys()
    everything, twice = declarations(r for r in (*unique.values(), *suspects) if isinstance(r, Topic))
    shown, _ = declarations(r for key, r in unique.items() if isinstance(r, Topic) and key not in withheld)
    visible = [readers.see_of(record) for key, record in unique.items() if key not in withheld]
    records = Records(
        notes={r.id: r for r in visible if isinstance(r, Note)},
        topics={r.id: r for r in visible if isinstance(r, Topic)},
        actors={r.id: r for r in visible if isinstance(r, Actor)},
        sources={r.id: r for r in visible if isinstance(r, Source)},
        pages={r.id: r for r in visible if isinstance(r, Page)},
        withheld=withheld,
        withdrawn=withdrawn,
        suspects=suspects,
        declarations=shown,
        measures=frozenset(everything.measures),
        propositions=frozenset(everything.propositions),
        known_on=_known_on(unique.values()),
        events=told_events(
            [readers.see_of(r) for key, r in unique.items() if isinstance(r, Note) and key not in withheld and r.header.events],  # type: ignore[misc]  # of a note it gives a note
            chain(unique.values(), suspects),
            readers.zone,
            complete=not any(kind == "note" for file in files if not file.suspects for kind, _ in file.withheld),
        ),
        by_path=_by_path(unique),
        by_alias=by_alias(unique.values(), withheld),
    )
    may_lack: tuple[Kind, ...] = ()
    if config.undeclared != "error":
        may_lack = ("topic", "actor")
        added, problems = _without_file(records, warn=config.undeclared == "warn")
        records = structs.replace(
            records,
            topics=records.topics | dict.fromkeys(added["topic"]),
            actors=records.actors | dict.fromkeys(added["actor"]),
        )
        diagnostics += problems
        diagnostics += _authors_without_file(records)
    diagnostics += _dangling(records, may_lack)
    diagnostics += twice
    if not any(kind == "topic" for file in files if not file.suspects for kind, _ in file.withheld):
        # A topic that cannot be read may declare whatever is missing.
        diagnostics += undeclared(chain(records.all(), suspects), everything)
    diagnostics += unmarked_disputes((note for note in records.notes.values() if note.header.figures), readers.zone)
    diagnostics += unknown_events(chain(records.all(), suspects), records.events)
    diagnostics += _cycles(records)
    diagnostics += disagreements((note for note in records.notes.values() if note.header.events), readers.zone)
    diagnostics += _circular_threads(records)
    return records, diagnostics


def _unique(files: Iterable[Parsed]) -> tuple[dict[Key, AnyRecord], list[Diagnostic]]:
    """Every record under its kind and id; the second of two equal ids is reported and left out."""
    unique: dict[Key, AnyRecord] = {}
    diagnostics = []
    for file in files:
        for record in file.records:
            first = unique.setdefault((record.kind, record.id), record)
            if first is not record:
                diagnostics.append(
                    problem(
                        "duplicate-id",
                        f'the {record.kind} "{record.id}" is also in {first.path}',
                        _place_of_id(record),
                        "give one of the two another id, or delete one",
                    )
                )
    return unique, diagnostics


def _withheld(files: Iterable[Parsed], unique: Mapping[Key, AnyRecord], readers: Readers) -> Iterator[Key]:
    for file in files:
        yield from file.withheld
    for key, record in unique.items():
        if not readers.may_see(record.header):
            yield key


def _known_on(records: Iterable[AnyRecord]) -> dict[str, list[Moment]]:
    found: dict[str, list[Moment]] = defaultdict(list)
    for record in records:
        if isinstance(record, Note):
            for figure in record.header.figures:
                found[figure.measure].append(figure.as_of)
    return found


def _by_path(unique: Mapping[Key, AnyRecord]) -> dict[str, Key]:
    """By path in NFC, as links are compared in it."""
    keys: dict[str, list[Key]] = defaultdict(list)
    for key, record in unique.items():
        keys[unicodedata.normalize("NFC", record.path)].append(key)
    return {path: found[0] for path, found in keys.items() if len(found) == 1}


def by_alias(records: Iterable[AnyRecord], withheld: Collection[Key] = ()) -> dict[str, Key]:
    """The records by their old addresses; where a withheld one and another have the same, it is that of the other."""
    found: dict[str, Key] = {}
    for record in records:
        for alias in record.header.aliases:
            path = alias_path(alias)
            if path is not None and (path not in found or found[path] in withheld):
                found[path] = (record.kind, record.id)
    return found


def _place(record: AnyRecord, key: str) -> Place:
    return Place(record.path, key=f"{record.key}.{key}" if record.key else key)


def _place_of_id(record: AnyRecord) -> Place:
    """Where `record` has its id from: a key of its header, its own key in a file of many, or else the file's name."""
    written = isinstance(record, Note | Page) and record.header.id
    return _place(record, "id") if written else Place(record.path, key=record.key)


def _uses(record: AnyRecord) -> Iterator[tuple[Kind, str, str, int]]:
    """Every record that the header of `record` refers to, with the key where it does and the number to put in there."""
    match record:
        case Note(header=header):
            yield from _uses_of_note(header)
        case Topic(header=header):
            for i, topic in enumerate(header.broader):
                yield "topic", topic, "broader[{}]", i
        case Actor(header=header):
            for i, office in enumerate(header.offices):
                if office.organization:
                    yield "actor", office.organization, "offices[{}].organization", i


def _uses_of_note(header: NoteHeader) -> Iterator[tuple[Kind, str, str, int]]:
    """Every record that the header of a note refers to, with the key where it does and the number to put in there."""
    for i, topic in enumerate(header.topics):
        yield "topic", topic, "topics[{}]", i
    for i, actor in enumerate(header.actors):
        if isinstance(actor, Involvement):
            yield "actor", actor.id, "actors[{}].id", i
        else:
            yield "actor", actor, "actors[{}]", i
    for i, author in enumerate(header.authors):
        if isinstance(author, str):
            yield "actor", author, "authors[{}]", i
    for i, citation in enumerate(header.sources):
        if citation.source:
            yield "source", citation.source, "sources[{}].source", i
        if citation.origin and citation.origin not in (one.id for one in header.sources):
            yield "source", citation.origin, "sources[{}].origin", i
    if header.continues:
        yield "note", header.continues, "continues", 0
    if header.public_version_of:
        yield "note", header.public_version_of, "public_version_of", 0
    if header.positions or header.events or header.quotations or header.judgements:
        yield from _uses_of_entries(header)


def _uses_of_entries(header: NoteHeader) -> Iterator[tuple[Kind, str, str, int]]:
    """Every record that the entries of a note refer to, with the key where they do and the number to put in there."""
    for i, position in enumerate(header.positions):
        yield "actor", position.actor, "positions[{}].actor", i
    for i, event in enumerate(header.events):
        for j, actor in enumerate(event.actors):
            yield "actor", actor, f"events[{i}].actors[{{}}]", j
        for j, topic in enumerate(event.topics):
            yield "topic", topic, f"events[{i}].topics[{{}}]", j
    for i, judgement in enumerate(header.judgements):
        for j, actor in enumerate(judgement.actors):
            yield "actor", actor, f"judgements[{i}].actors[{{}}]", j
    for i, quotation in enumerate(header.quotations):
        if isinstance(quotation.speaker, str):
            yield "actor", quotation.speaker, "quotations[{}].speaker", i
        if quotation.relayed_by and isinstance(quotation.relayed_by, str):
            yield "actor", quotation.relayed_by, "quotations[{}].relayed_by", i


def uses(record: AnyRecord) -> Iterator[tuple[Kind, str, Place]]:
    """Every record that the header of `record` refers to, with its place."""
    for kind, identifier, key, number in _uses(record):
        yield kind, identifier, _place(record, key.format(number))


def _unknown(record: AnyRecord, known: Mapping[Kind, Collection[str]], withheld: Collection[Key]) -> Iterator[tuple[Kind, str, Place]]:
    """What `record`'s header refers to and is not among `known`, with its place; only of the kinds that `known` has."""
    for kind, identifier, key, number in _uses(record):
        if kind in known and identifier not in known[kind] and (kind, identifier) not in withheld:
            # Almost every reference leads somewhere, and then nobody asks for its place.
            yield kind, identifier, _place(record, key.format(number))


def _without_file(records: Records, *, warn: bool) -> tuple[dict[Kind, list[str]], list[Diagnostic]]:
    """Return the ids of topics and actors that are used and have no file, in order; with `warn`, report each where it is first used."""
    diagnostics = []
    added: dict[Kind, list[str]] = {"topic": [], "actor": []}
    known: dict[Kind, set[str]] = {"topic": set(records.topics), "actor": set(records.actors)}
    for record in records.all():
        linked = (
            (r.kind, r.target, Place(record.path, r.line, r.column))
            for r in record.body.references
            if r.kind in known and r.target not in known[r.kind] and (r.kind, r.target) not in records.withheld
        )
        for kind, identifier, place in chain(_unknown(record, known, records.withheld), linked):
            if place.key.startswith(_AUTHORS):
                # Who writes is known to the desk: a file declares it, or it is a name.
                continue
            if not is_id(identifier):
                # It would become an address: only what is an id may. A link to it leads to nothing, as any other does.
                if not place.key:
                    continue
                slug = slugify(identifier)
                remedy = f"write it as {slug}" if is_id(slug) else "use letters, digits and hyphens"
                diagnostics.append(problem("bad-id", f'"{identifier}" cannot be the id of a {kind}', place, remedy))
                continue
            added[kind].append(identifier)
            known[kind].add(identifier)
            if warn:
                message = f'no file declares the {kind} "{identifier}"'
                diagnostics.append(problem(f"undeclared-{kind}", message, place, begin(kind, identifier)))
    return added, diagnostics


def _dangling(records: Records, may_lack: Collection[Kind]) -> Iterator[Diagnostic]:
    """References of headers to nothing, of all kinds but those that `may_lack` a file."""
    known = {kind: records.of(kind) for kind in _REFERRED if kind not in may_lack}
    meant = {kind: Known(kind, records.of(kind)) for kind in known}
    for record in chain(records.all(), records.suspects):
        for kind, identifier, place in _unknown(record, known, records.withheld):
            remedy = meant[kind].remedy(identifier)
            if place.key.startswith(_AUTHORS):
                remedy = _by_name(identifier, remedy)
            elif place.key.startswith(_QUOTATIONS):
                remedy = _by_name(identifier, remedy, "one")
            yield problem(f"unknown-{kind}", f'there is no {kind} "{identifier}"', place, remedy)
    yield from _excluded_in_vain(records)


def _excluded_in_vain(records: Records) -> Iterator[Diagnostic]:
    """Ids that notes exclude from their mentions and that are of no actor."""
    for note in chain(records.notes.values(), records.suspects):
        for i, identifier in enumerate(note.header.mentions.exclude) if isinstance(note, Note) else ():
            if identifier not in records.actors and ("actor", identifier) not in records.withheld:
                remedy = Known("actor", records.actors).remedy(identifier)
                yield problem("unknown-actor", f'there is no actor "{identifier}"', _place(note, f"mentions.exclude[{i}]"), remedy)


def _authors_without_file(records: Records) -> Iterator[Diagnostic]:
    """Authors whom no file declares, where other actors may lack one: what stands there may as well be a name."""
    for note in records.notes.values():
        for i, author in enumerate(note.header.authors):
            if isinstance(author, str) and records.actors.get(author) is None and ("actor", author) not in records.withheld:
                place = Place(note.path, key=f"authors[{i}]")
                yield problem("unknown-actor", f'no file declares the author "{author}"', place, _by_name(author, begin("actor", author)))


def _by_name(name: str, remedy: str, who: str = "an author") -> str:
    """The remedy for an author or a speaker who is not found: `remedy`, or to be named without being an actor."""
    return f"{remedy}; or, for {who} who is no actor, write {{name: {name}}}"


def _cycles(records: Records) -> Iterator[Diagnostic]:
    topics = {i: t for i, t in records.topics.items() if t is not None}
    for cycle in cycles({i: tuple(b for b in t.header.broader if b in topics) for i, t in topics.items()}):
        yield problem(
            "topic-cycle",
            f"these topics are broader than themselves: {' → '.join((*cycle, cycle[0]))}",
            _place(topics[cycle[0]], "broader"),
            "take one of them out of the other's broader topics",
        )


def _circular_threads(records: Records) -> Iterator[Diagnostic]:
    before = {i: (note.header.continues,) for i, note in records.notes.items() if note.header.continues in records.notes}
    for cycle in cycles(before):
        several = len(cycle) > 1
        yield problem(
            "note-cycle",
            f"these notes continue one another: {' → '.join((*cycle, cycle[0]))}" if several else "this note continues itself",
            _place(records.notes[cycle[0]], "continues"),
            "delete continues from the note that came first" if several else "name an earlier note, or delete the line",
        )
