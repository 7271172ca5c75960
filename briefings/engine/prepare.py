"""The first stages of a build that has something to do: read, parse, link and plan, up to the pages as they must be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import chain

from msgspec import Struct, structs

from briefings.core.diagnostics import Diagnostic, has_errors, problem
from briefings.core.digests import digest
from briefings.engine.api import quiet
from briefings.engine.cache import FOLDER, RowKind, Rows
from briefings.engine.findings import found_in_files, judged, redacted, without_reading
from briefings.engine.linking import link_and_plan
from briefings.engine.planning import Overlaid, Planned, compared, readers_of, stale_pages
from briefings.engine.reading import Material, Read, parse_files, read_material
from briefings.engine.scan import read_or_nothing
from briefings.engine.search_terms import TermsBySegment, read_terms, same_shards, searched_texts, segments_among, terms_of, terms_row
from briefings.engine.state import Packs, SiteState, StateBody
from briefings.engine.task import Task
from briefings.engine.templates import Templates
from briefings.engine.text_edit import edited, is_text_edit
from briefings.engine.text_packs import Text, read_texts, repacked
from briefings.pages.site_plan import SitePlan
from briefings.site.likeness import alike


def changed_meanwhile(path: str) -> Diagnostic:
    """The problem with the source at `path` that somebody has saved between two readings of it in one build."""
    return problem("unreadable-file", "the file changed while the site was built", path, "build again")


class Prepared(Struct, frozen=True, kw_only=True):
    """All that is known before the first page is rendered."""

    read: Read
    templates: Templates
    planned: Planned
    texts: Mapping[str, Text]
    """Texts that are new, or that stale pages show, by the digests of their HTML."""
    packs: Packs
    """Where texts lie that an earlier build stored, without packs that are found to be lost."""
    terms: TermsBySegment
    """Of the segments of search of which shards are stale, as far as the terms of all their texts are at hand."""
    diagnostics: tuple[Diagnostic, ...]
    """Warnings."""

    @property
    def plan(self) -> SitePlan:
        """What is to be published."""
        return self.planned.plan


def prepare(task: Task) -> Prepared | tuple[Diagnostic, ...]:
    """Read, parse, link and plan; all problems of the run where anything is wrong."""
    return assembled(task, read_material(task))


def assembled(task: Task, material: Material) -> Prepared | tuple[Diagnostic, ...]:
    """Link and plan what was read and parsed; all problems of the run where anything is wrong."""
    read, templates = material.read, material.templates
    if read is None:
        return without_reading(task, material)
    task.progress("link", 0, 0)
    planned, found, texts = _of_texts(task, material), [], read.texts
    if planned is not None:
        found = found_in_files(task, material, planned.plan)
    else:
        new = link_and_plan(task, read, templates)
        texts = {**texts, **new.texts}
        found = [*redacted(judged(task.request.site, read.config.severities, [*material.diagnostics, *new.diagnostics]), new.hidden)]
        if new.plan and templates:
            planned = compared(task, new.plan, new.rows, templates)
    if planned is None or templates is None or has_errors(found):
        return tuple(found)
    more = [*_copies_of_withheld(task, read, planned.plan)]
    searched = _searched(planned)
    known_terms = _known_terms(task, searched, texts)
    texts, packs, gone = _texts(task, read, planned, texts, _without_terms(task, searched, known_terms))
    more += gone
    if task.request.verify:
        more += _forgotten(task, material, planned)
    found += redacted(more, planned.plan.hidden)
    if has_errors(found):
        return tuple(found)
    terms = _terms(searched, known_terms, texts)
    planned = _without_same_shards(task, planned, known_terms | {text: one for found in terms.values() for text, one in found.items()})
    return Prepared(read=read, templates=templates, planned=planned, texts=texts, packs=packs, terms=terms, diagnostics=tuple(found))


def _of_texts(task: Task, material: Material) -> Planned | None:
    """The plan of the last good build with the edits of texts since; None where there is more to do, or the cache lacks what it needs."""
    read, templates, known = material.read, material.templates, task.known
    if known is None or read is None or templates is None or not is_text_edit(task.request, read, known, templates.theme):
        return None
    new = edited(known.body.plan, read, readers_of(task.request, read.config), task.rows)
    return compared(task, *new, templates) if new else None


def _copies_of_withheld(task: Task, read: Read, plan: SitePlan) -> Iterator[Diagnostic]:
    """Notes that show the text of a withheld one; of those that are as they were, the last good build knows that they do not."""
    if plan.hidden:
        fresh = {*read.changed, *(plan.hidden ^ task.known.body.plan.hidden)} if task.known else None
        shown = sorted(set(read.sources.records).difference(plan.hidden))
        yield from alike(
            partial(read_or_nothing, task.request.site),
            read.config,
            readers_of(task.request, read.config),
            shown,
            sorted(plan.hidden),
            fresh,
        )


def _texts(
    task: Task, read: Read, planned: Planned, fresh: Mapping[str, Text], searched: AbstractSet[str]
) -> tuple[dict[str, Text], Packs, list[Diagnostic]]:
    """Return texts by digest, the packs of the last build that can still be read, and an error for each file that changed meanwhile.

    The texts are the `fresh` ones; those of stale pages, if pages are rendered now, and those that are to be `searched`; and those that
    pages need and no pack has any more, from files that are parsed again. A file without such a text has been saved since it was read.
    """
    texts, pages = dict(fresh), planned.plan.pages
    showing = (pages[path] for path in planned.stale) if task.renders else pages.values()
    wanted = {(entry.text, entry.origin) for entry in showing if entry.text and entry.text not in texts}
    if searched:
        wanted |= {(entry.text, entry.origin) for entry in pages.values() if entry.text in searched and entry.text not in texts}
    packs = task.known.body.packs if task.known else {}
    if task.renders:
        texts |= read_texts(packs, task.rows, {text for text, _ in wanted})
        lost = {(text, path) for text, path in wanted if text not in texts}
        packs = {key: digests for key, digests in packs.items() if not any(text in digests for text, _ in lost)}
    else:
        stored = set(chain.from_iterable(packs.values()))
        lost = {(text, path) for text, path in wanted if text not in stored}
    for _, file in parse_files(task.request.site, read.config, sorted({path for _, path in lost}), None, task.executor, quiet):
        texts |= file.texts
    gone = sorted({path for text, path in lost if text not in texts})
    return texts, packs, list(map(changed_meanwhile, gone))


def _searched(planned: Planned) -> dict[str, set[str]]:
    """The texts of each segment of search of which shards are stale, by the path of its first shard."""
    # A server, which renders nothing now, has the rows of new views alone.
    new, rows = planned.rows.get("page", {}), planned.page_rows
    segments = segments_among(planned.plan, planned.stale)
    return {key: searched_texts(row) for key in segments if (row := rows.get(key) or new.get(key)) is not None}


def _known_terms(task: Task, searched: Mapping[str, AbstractSet[str]], fresh: Mapping[str, Text]) -> dict[str, bytes]:
    """The terms of texts that were parsed now or, if pages are rendered now, that the cache has."""
    terms = {text: one.terms for text, one in fresh.items() if one.terms}
    named = task.known.body.terms if task.known and task.renders else {}
    # A note may have come from another segment.
    for segments in (named.keys() & searched.keys(), named.keys() - searched.keys()):
        if any(not terms.keys() >= texts for texts in searched.values()):
            terms = read_terms(named, task.rows, segments) | terms
    return terms


def _without_terms(task: Task, searched: Mapping[str, AbstractSet[str]], terms: Mapping[str, bytes]) -> set[str]:
    """The texts whose terms must be made from their plain text."""
    return {text for texts in searched.values() for text in texts if text not in terms} if task.renders else set()


def _terms(searched: Mapping[str, AbstractSet[str]], known: Mapping[str, bytes], texts: Mapping[str, Text]) -> TermsBySegment:
    return {
        segment: {text: known.get(text) or terms_of(texts[text]) for text in shown}
        for segment, shown in searched.items()
        if all(text in known or text in texts for text in shown)
    }


def _without_same_shards(task: Task, planned: Planned, terms: Mapping[str, bytes]) -> Planned:
    """What has to be done, without the shards of search in which the edit of a text changes nothing: in a large segment nearly all."""
    before = task.known.body.plan.pages if task.known and task.renders else {}
    segments = {key: before[key].view for key in segments_among(planned.plan, planned.stale) if key in before}
    rows = task.rows.load("page", segments)
    same = {path for key, old in rows.items() for path in same_shards(old, planned.page_rows[key], terms)} - task.damaged
    return structs.replace(planned, stale=planned.stale - same) if same else planned


def next_state(prepared: Prepared, known: SiteState | None, rows: Rows) -> tuple[StateBody, dict[RowKind, Mapping[str, bytes]]]:
    """What the next preparation must know if it has something to do, and the rows for the cache that are new.

    `rows` are those of the state that is `known`. What is published, and the stamps of the sources, are the caller's to add.
    """
    plan, templates, new = prepared.plan, prepared.templates, prepared.planned.rows
    before = known.body if known else StateBody()
    packs, new_texts = repacked(prepared.packs, rows, plan.texts(), prepared.texts)
    terms = {segment: terms_row(found) for segment, found in prepared.terms.items()}
    body = StateBody(
        sources=prepared.read.entries,
        plan=plan,
        templates=templates.state,
        strips=prepared.read.config.images.metadata == "strip",
        packs=packs,
        terms={s: row for s, row in before.terms.items() if s in plan.pages} | {s: digest(row) for s, row in terms.items()},
    )
    had = before.plan.pages
    return body, {
        "records": {**new.get("records", {}), **prepared.read.rows},
        "page": {p: row for p, row in new.get("page", {}).items() if p not in had or had[p].view != plan.pages[p].view},
        "card": {i: row for i, row in new.get("card", {}).items() if before.plan.cards.get(i) != plan.cards[i]},
        "template": {n: code for n, code in templates.code.items() if before.templates.code.get(n) != templates.state.code[n]},
        "texts": new_texts,
        "terms": {segment: row for segment, row in terms.items() if before.terms.get(segment) != body.terms[segment]},
        "state": new.get("state", {}),
    }


def _forgotten(task: Task, material: Material, planned: Planned) -> Iterator[Diagnostic]:
    """Problems for `--verify`: pages that a build which trusted the cache, and edited texts alone, would have got wrong."""
    last, templates = task.last, material.templates
    carried = _of_texts(structs.replace(task, known=last, damaged=frozenset()), material)
    if carried is None or last is None or templates is None:
        return
    pages, old = planned.plan.pages, carried.plan.pages
    needed = stale_pages(planned.plan, last.body, templates, Overlaid(planned.rows, task.rows)) or frozenset()
    for path in sorted(old.keys() | pages.keys()):
        page = pages.get(path)
        if old.get(path) != page or (path in needed) != (path in carried.stale):
            origin = page.origin if page else old[path].origin
            yield mismatch(f"/{path} would not have been built, though it had to change", origin, planned.plan)


def mismatch(message: str, path: str, plan: SitePlan) -> Diagnostic:
    """A problem for `--verify`: the cache is wrong about the file at `path`. A withheld one is not named: nothing in it needs mending."""
    remedy = f"delete {FOLDER}/ and report this as a bug"
    if path in plan.hidden:
        return problem("cache-mismatch", "what the cache holds of a file that readers may not see is wrong", FOLDER, remedy)
    return structs.replace(problem("cache-mismatch", message, path, remedy), confidential=path in plan.confidential)
