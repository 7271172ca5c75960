"""From all records to the linked site: what may be shown, and what refers to what."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from briefings.content.bodies import Reference
from briefings.content.checks.web_addresses import meant
from briefings.content.headers import Author, Involvement, NoteHeader
from briefings.content.parse import Parsed
from briefings.content.records import AnyRecord, Note
from briefings.core.config import DEFAULT_NAVIGATION, NavigationItem, SiteConfig
from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.text import humanise
from briefings.core.urls import alias_path, encode, is_web
from briefings.site.candidates import Candidates
from briefings.site.cards import ActorLink, Continuation, NoteCard, NoteRef, SourceLink, TopicLink
from briefings.site.gather import Key, Records, gather
from briefings.site.ledgers.ledgers import ledgers
from briefings.site.ledgers.registry import Registry
from briefings.site.linked import (
    Attachment,
    LinkedActor,
    LinkedNote,
    LinkedPage,
    LinkedSource,
    LinkedTopic,
    NavigationTarget,
    Redirect,
    Target,
    Withdrawn,
    newest_first,
)
from briefings.site.mentions import Find, nothing_found, with_mentions
from briefings.site.model import Site
from briefings.site.names import Names, names_of
from briefings.site.origins import sources_of
from briefings.site.quoted_figures import QuotedFigures
from briefings.site.resolve import Fault, address, resolve, resolve_address
from briefings.site.tellings import withdrawn_events
from briefings.site.threads import threads
from briefings.site.visibility import Readers

Targets = Mapping[Key, tuple[Target | None, ...]]


def link(
    parsed: Iterable[Parsed],
    attachments: Iterable[Attachment],
    config: SiteConfig,
    readers: Readers,
    find: Find = nothing_found,
) -> tuple[Site, tuple[Diagnostic, ...]]:
    """Link everything that `readers` may see; `find` finds the mentions of actors in the texts of notes.

    The site is whole only when no diagnostic is an error.
    """
    zone = readers.zone
    records, diagnostics = gather(parsed, config, readers)
    beside = {a.path: a for a in attachments}
    candidates, figures = Candidates(records, beside), QuotedFigures(records, zone)
    targets, copies, in_texts = _resolved(records, beside, candidates, figures)
    navigation, in_navigation = _navigation(config, records, beside, candidates)
    diagnostics += [*in_texts, *in_navigation]

    registry = _registry(records, config, readers)
    topic_links, actor_links = registry.topics, registry.actors
    in_order, days = _in_order(records, zone)
    parts = threads(in_order)
    newest = {i: _continuation(thread[-1], days) for i, thread in parts.items() if thread[-1].id != i}
    notes = tuple([_linked_note(note, days[note.header.date.text], newest.get(note.id), registry, targets, config) for note in in_order])
    names = names_of(records.actors.values()) if config.mentions == "link" else Names()
    found = find(names, [note.record for note in notes if note.record.body.digest]) if names.actors else {}
    notes = tuple([with_mentions(note, found, names, actor_links) for note in notes])
    withdrawn = tuple(_withdrawn(key, record, zone) for key, record in sorted(records.withdrawn.items()))
    summed = ledgers(notes, withdrawn, registry)
    told = {one.event.id for one in summed.events.events}
    site = Site(
        config=config,
        zone=zone,
        today=readers.now.astimezone(zone).date(),
        audience=readers.audience,
        notes=notes,
        cards={note.card.id: note.card for note in notes},
        topics=_linked_topics(records, notes, topic_links, targets),
        actors=_linked_actors(records, notes, actor_links, targets),
        sources=_linked_sources(records, notes, targets),
        pages={i: LinkedPage(p, address("page", i), targets.get(("page", i), ())) for i, p in records.pages.items()},
        navigation=navigation,
        backlinks=_backlinks(notes),
        threads={i: tuple([NoteRef(note.id) for note in thread]) for i, thread in parts.items()},
        copies=copies,
        declarations=records.declarations,
        ledgers=summed,
        withdrawn=withdrawn,
        withdrawn_from=_withdrawn_from(withdrawn),
        withdrawn_events=withdrawn_events(records.withdrawn.values(), told, zone),
        moved=tuple(_moved(records)),
        names=names,
        found=found,
    )
    return site, tuple(diagnostics)


def _registry(records: Records, config: SiteConfig, readers: Readers) -> Registry:
    """What ledgers know of everything that notes may name."""
    return Registry(
        topics=_topic_links(records),
        actors=_actor_links(records),
        declarations=records.declarations,
        zone=readers.zone,
        now=readers.now,
        scale=config.likelihood,
    )


def _resolved(
    records: Records, beside: Mapping[str, Attachment], candidates: Candidates, figures: QuotedFigures
) -> tuple[Targets, dict[str, str], list[Diagnostic]]:
    """The targets of all texts; by address the files that are published as they are; and what is wrong with references."""
    targets: dict[Key, tuple[Target | None, ...]] = {}
    copies = {a.path.removeprefix("content/"): a.file for a in beside.values() if a.path.startswith("content/assets/")}
    diagnostics: list[Diagnostic] = []
    for record in records.all():
        if not record.body.references:
            continue
        resolved = resolve(record, records, beside, candidates, figures.outcome)
        targets[record.kind, record.id] = resolved.targets
        diagnostics += resolved.diagnostics
        for url, file in resolved.copies:
            if copies.setdefault(url, file) != file:
                diagnostics.append(_clash(record, url, file, copies[url]))
    for record in records.suspects:
        diagnostics += resolve(record, records, beside, candidates, figures.outcome).diagnostics
    return targets, copies, diagnostics


def _topic_links(records: Records) -> dict[str, TopicLink]:
    return {
        i: TopicLink(i, address("topic", i), r.header.name, r.header.marking) if r else TopicLink(i, address("topic", i), humanise(i))
        for i, r in records.topics.items()
    }


def _actor_links(records: Records) -> dict[str, ActorLink]:
    return {
        i: ActorLink(i, address("actor", i), r.header.name, r.header.type, marking=r.header.marking)
        if r
        else ActorLink(i, address("actor", i), humanise(i), None)
        for i, r in records.actors.items()
    }


def _in_order(records: Records, zone: dt.tzinfo) -> tuple[list[Note], dict[str, tuple[dt.date, str]]]:
    """All notes, oldest first; and for each date that notes have, as written, its day and how to write it."""
    # Many notes are of one day, so each date is read once. Instants of one time zone are quicker to compare. A month is before its days.
    dates = {note.header.date.text: note.header.date for note in records.notes.values()}
    starts = {text: date.start(zone).astimezone(dt.UTC) for text, date in dates.items()}
    days = {text: (date.day(zone), date.when(zone)) for text, date in dates.items()}
    in_order = sorted(records.notes.values(), key=lambda n: (starts[n.header.date.text], min(len(n.header.date.text), 10), n.id))
    return in_order, days


def _continuation(note: Note, days: Mapping[str, tuple[dt.date, str]]) -> Continuation:
    return Continuation(note.id, address("note", note.id), days[note.header.date.text][1], note.header.marking)


def _withdrawn(key: Key, record: AnyRecord, zone: dt.tzinfo) -> Withdrawn:
    withdrawal = record.header.withdrawn
    assert withdrawal is not None  # for one that was withdrawn  # noqa: S101
    return Withdrawn(
        kind=record.kind,
        url=address(*key),
        path=record.path,
        date=withdrawal.date.day(zone),
        reason=withdrawal.reason,
        published=record.header.date.when(zone) if isinstance(record, Note) else "",
        listed=tuple(_listed(record)) if isinstance(record, Note) else (),
        marking=record.header.marking,
    )


def _withdrawn_from(withdrawn: Iterable[Withdrawn]) -> dict[Key, tuple[Withdrawn, ...]]:
    found: dict[Key, list[Withdrawn]] = defaultdict(list)
    for one in newest_first(withdrawn):
        for key in dict.fromkeys(one.listed):
            found[key].append(one)
    return {key: tuple(notes) for key, notes in found.items()}


def _listed(note: Note) -> Iterator[Key]:
    """The records in whose lists a note stands."""
    yield from (("topic", identifier) for identifier in note.header.topics)
    for actor in note.header.actors:
        yield "actor", actor.id if isinstance(actor, Involvement) else actor
    yield from (("actor", reference.target) for reference in note.body.references if reference.kind == "actor")
    yield from (("source", source) for citation in note.header.sources for source in sources_of(note.header, citation))


def _moved(records: Records) -> Iterator[Redirect]:
    """A redirect for each old address of a record, to the page of the record, or to the page that says it was withdrawn."""
    for record in chain(records.all(), records.withdrawn.values()):
        for alias in record.header.aliases:
            path = alias_path(alias)
            if path is not None:
                yield Redirect(encode(path), address(record.kind, record.id), record.path, record.header.marking)


def _clash(record: AnyRecord, url: str, file: str, other: str) -> Diagnostic:
    return problem("address-collision", f"{file} and {other} would both be published at /{url}", record.path, "rename one of them")


def _navigation(
    config: SiteConfig, records: Records, attachments: Mapping[str, Attachment], candidates: Candidates
) -> tuple[tuple[NavigationTarget, ...], list[Diagnostic]]:
    targets, diagnostics = [], []
    kept = [item for item in config.navigation if config.navigation != DEFAULT_NAVIGATION or _leads_somewhere(item, records)]
    for i, item in enumerate(kept):
        if is_web(item.to):
            targets.append(NavigationTarget(item.title, item.to, is_web=True))
            continue
        found = resolve_address(item.to, records, attachments, candidates)
        if isinstance(found, Fault):
            better = meant(item.to)
            fault = Fault(found.code, found.message, f"write {better}") if better else found
            diagnostics.append(fault.at(Place("content/site.yaml", key=f"navigation[{i}].to")))
        elif found is not None:
            targets.append(NavigationTarget(item.title, found.url, is_web=False, marking=found.marking))
    return tuple(targets), diagnostics


def _leads_somewhere(item: NavigationItem, records: Records) -> bool:
    """Whether an entry of the navigation that nobody asked for leads to a list with anything in it."""
    of_section: Mapping[str, Mapping[str, object]] = {"topics/": records.topics, "actors/": records.actors, "sources/": records.sources}
    return bool(of_section.get(item.to, True))


def _linked_note(
    note: Note, day: tuple[dt.date, str], continued: Continuation | None, registry: Registry, targets: Targets, config: SiteConfig
) -> LinkedNote:
    """The note with its card, which has its `day` and how to write that. What it names and may not be shown is left out."""
    header = note.header
    topics = tuple([registry.topics[t] for t in dict.fromkeys(header.topics) if t in registry.topics])
    roles = _roles(note)
    return LinkedNote(
        record=note,
        ref=NoteRef(note.id),
        card=NoteCard(
            id=note.id,
            url=address("note", note.id),
            title=header.title,
            summary=header.summary,
            date=day[0],
            when=day[1],
            kind=config.kinds[header.kind].name if header.kind in config.kinds else header.kind,
            marking=header.marking,
            topic=topics[0] if topics else None,
            priority=header.priority,
            updated=_updated(header, registry.zone) if header.updated or header.changes else None,
            corrected=max([one.date.day(registry.zone) for one in header.corrections]) if header.corrections else None,
            continued=continued,
        ),
        topics=topics,
        actors=tuple([(registry.actors[i], role) for i, role in roles.items() if i in registry.actors]),
        authors=tuple(_authors(header, registry.actors)) if header.authors else (),
        targets=targets.get(("note", note.id), ()),
    )


def _updated(header: NoteHeader, zone: dt.tzinfo) -> dt.date | None:
    """The day of a note's last major change; None for a note that has had none."""
    major = [one.date for one in header.changes if one.level == "major"]
    return max((moment.day(zone) for moment in (*major, *([header.updated] if header.updated else []))), default=None)


def _authors(header: NoteHeader, actors: Mapping[str, ActorLink]) -> Iterator[ActorLink | str]:
    for author in header.authors:
        if isinstance(author, Author):
            yield author.name
        elif author in actors:
            yield actors[author]


def _roles(note: Note) -> dict[str, str]:
    """The part that each actor of a note plays in it; of one that plays several, all of them."""
    roles: dict[str, list[str]] = {}
    for actor in note.header.actors:
        if isinstance(actor, Involvement):
            roles.setdefault(actor.id, []).append(actor.role)
        else:
            roles.setdefault(actor, [])
    for reference in note.body.references:
        if reference.kind == "actor":
            roles.setdefault(reference.target, [])
    plain = Involvement.__struct_defaults__[-1]
    return {
        identifier: ", ".join(dict.fromkeys([role for role in written if role != plain])) or plain for identifier, written in roles.items()
    }


def _linked_topics(
    records: Records, notes: Iterable[LinkedNote], links: Mapping[str, TopicLink], targets: Targets
) -> dict[str, LinkedTopic]:
    about: dict[str, list[LinkedNote]] = defaultdict(list)
    for note in notes:
        for topic in note.topics:
            about[topic.id].append(note)
    broader = {i: tuple(dict.fromkeys(b for b in (r.header.broader if r else ()) if b in links)) for i, r in records.topics.items()}
    narrower: dict[str, list[TopicLink]] = defaultdict(list)
    for identifier in sorted(broader):
        for above in broader[identifier]:
            narrower[above].append(links[identifier])
    return {
        i: LinkedTopic(
            link=links[i],
            record=record,
            broader=tuple(links[b] for b in broader[i]),
            narrower=tuple(narrower[i]),
            notes=tuple(about[i]),
            targets=targets.get(("topic", i), ()),
        )
        for i, record in sorted(records.topics.items())
    }


def _linked_actors(
    records: Records, notes: Iterable[LinkedNote], links: Mapping[str, ActorLink], targets: Targets
) -> dict[str, LinkedActor]:
    naming: dict[str, list[tuple[LinkedNote, str]]] = defaultdict(list)
    written: dict[str, list[LinkedNote]] = defaultdict(list)
    for note in notes:
        for actor, role in note.actors:
            naming[actor.id].append((note, role))
        for author in note.authors:
            if isinstance(author, ActorLink):
                written[author.id].append(note)
    members: dict[str, dict[str, ActorLink]] = defaultdict(dict)
    for identifier, record in sorted(records.actors.items()):
        for office in record.header.offices if record else ():
            members[office.organization][identifier] = links[identifier]
    return {
        i: LinkedActor(
            link=links[i],
            record=record,
            notes=tuple(naming[i]),
            written=tuple(written[i]),
            members=tuple(members[i].values()),
            targets=targets.get(("actor", i), ()),
        )
        for i, record in sorted(records.actors.items())
    }


def _linked_sources(records: Records, notes: Iterable[LinkedNote], targets: Targets) -> dict[str, LinkedSource]:
    citing: dict[str, list[tuple[LinkedNote, int]]] = defaultdict(list)
    for note in notes:
        header = note.record.header
        for number, citation in enumerate(header.sources, 1):
            for source in sources_of(header, citation):
                citing[source].append((note, number))
    return {
        i: LinkedSource(
            link=SourceLink(
                id=i, url=address("source", i), name=record.header.name, type=record.header.type, marking=record.header.marking
            ),
            record=record,
            citations=tuple(citing[i]),
            targets=targets.get(("source", i), ()),
        )
        for i, record in sorted(records.sources.items())
    }


def _backlinks(notes: Iterable[LinkedNote]) -> dict[str, tuple[tuple[LinkedNote, Reference], ...]]:
    """For each note the notes that link to it, newest first, each with the first link that does."""
    found: dict[str, list[tuple[LinkedNote, Reference]]] = defaultdict(list)
    for note in notes:
        first: dict[str, Reference] = {}
        for reference, target in zip(note.record.body.references, note.targets, strict=False):
            if target is not None and target.note and target.note != note.card.id:
                first.setdefault(target.note, reference)
        for identifier, reference in first.items():
            found[identifier].append((note, reference))
    return {identifier: tuple(reversed(links)) for identifier, links in found.items()}
