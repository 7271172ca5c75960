"""The first stages of a build that has something to do: read, parse, link and plan, up to the pages as they must be."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain

from msgspec import Struct, structs

from briefings.content.parse import parse_config
from briefings.core.config import SiteConfig
from briefings.core.diagnostics import Diagnostic, has_errors, problem
from briefings.engine.api import BuildRequest, Progress, quiet
from briefings.engine.cache import Cache, Details, Kind, Packs, Rows, Snapshot, digest
from briefings.engine.judgement import judged
from briefings.engine.likeness import alike
from briefings.engine.output import Look
from briefings.engine.planning import Pages, carried_over, linked_pages, readers_of, stale
from briefings.engine.read import Sources, sort_out
from briefings.engine.reading import Read, parse_files, read_sources
from briefings.engine.scan import Scan, Stamp
from briefings.engine.sites import CONFIG
from briefings.engine.submodules import empty_submodules
from briefings.engine.templates import Templates, read_templates
from briefings.engine.texts import Text, read_texts, repacked
from briefings.engine.workers import Workers
from briefings.rendering.theme import load_theme

_OF_SETTINGS = ("unknown-kind", "missing-heading")


class Memory(Struct, frozen=True):
    """What earlier builds left."""

    cache: Cache
    program: bytes
    known: Snapshot | None
    """The last good build of this site into this output by this program."""
    found: Look
    """What has become of the files that it published."""


class Task(Struct, frozen=True, kw_only=True):
    """What there is to prepare, and what is known from before."""

    request: BuildRequest
    rows: Rows
    known: Snapshot | None
    """The last good build, where what it found may be taken for true."""
    seen: Scan
    pool: Workers
    progress: Progress
    stamps: Mapping[str, Stamp]
    """Those of the sources as `known` has them."""
    sources: Sources | None = None
    """What the content folder holds, where that has been sorted out before."""
    renders: bool = True
    """Whether all stale pages are to be rendered, so that their rows must be at hand."""
    damaged: frozenset[str] = frozenset()
    """Pages whose files are not as they were left."""
    reference: Snapshot | None = None
    """The last good build, which must not be trusted but compared with."""


class Job(Task, frozen=True, kw_only=True):
    """A build that has something to do."""

    memory: Memory


class Prepared(Struct, frozen=True):
    """All that is known before the first page is rendered."""

    read: Read
    templates: Templates
    pages: Pages
    texts: dict[str, Text]
    """Texts that are new, or that stale pages show, by the digests of their HTML."""
    packs: Packs
    """Where texts lie that an earlier build stored, without packs that are found to be lost."""
    diagnostics: tuple[Diagnostic, ...]
    """Warnings."""


class Material(Struct, frozen=True):
    """What a desk has written, read and parsed, with the theme that is to show it."""

    read: Read | None
    """None where site.yaml is wrong or missing."""
    templates: Templates | None
    """None where the theme is wrong."""
    diagnostics: tuple[Diagnostic, ...]


def read_material(task: Task) -> Material:
    """Read and parse all that is new."""
    known, seen, pool, progress = task.known, task.seen, task.pool, task.progress
    site = task.request.site
    found = [*seen.diagnostics, *empty_submodules(site)]
    if CONFIG not in seen.files:
        # With their folder they are gone anyway.
        if not any(d.place.path == "content" for d in found):
            found.append(problem("unreadable-file", "the site's settings are gone", CONFIG, "put the file back"))
        return Material(None, None, tuple(found))
    settings = (site / CONFIG).read_bytes()
    config, problems = parse_config(CONFIG, settings)
    found += problems
    templating = None
    if config:
        theme, problems = load_theme(config.theme, site)
        found += problems
        if theme:
            templating = read_templates(theme, task.rows, known, pool)
    sources = task.sources or sort_out(path for path in seen.files if path.startswith("content/"))
    found += sources.diagnostics
    if config is None:
        # What is wrong in other files is told in the same run, but for what depends on the settings.
        read = read_sources(site, SiteConfig(title="?"), digest(settings), sources, seen, None, {}, pool, progress)
        found += (d for parsed in read.changed.values() for d in parsed.diagnostics if d.code not in _OF_SETTINGS)
        return Material(None, None, tuple(found))
    read = read_sources(site, config, digest(settings), sources, seen, known, task.stamps, pool, progress)
    found += read.diagnostics
    found += (d for parsed in read.changed.values() for d in parsed.diagnostics)
    templates, problems = templating() if templating else (None, ())
    found += problems
    return Material(read, templates, tuple(found))


def prepare(task: Task) -> Prepared | tuple[Diagnostic, ...]:
    """Read, parse, link and plan; all problems of the run where anything is wrong."""
    return planned(task, read_material(task))


def planned(task: Task, material: Material) -> Prepared | tuple[Diagnostic, ...]:
    """Link and plan what was read and parsed; all problems of the run where anything is wrong."""
    request, rows, known, pool = task.request, task.rows, task.known, task.pool
    read, templates = material.read, material.templates
    if read is None:
        return _without_reading(task, material)
    found = list(material.diagnostics)
    task.progress("link", 0, 0)
    pages = carried_over(request, read, rows, known, task.damaged, templates, renders=task.renders) if known and templates else None
    if pages is None:
        pages, linked, hidden = linked_pages(request, read, rows, known, task.damaged, templates, pool)
        found = [*told(judged(request.site, read.config.severities, found + linked), hidden)]
    elif known:
        new = judged(request.site, read.config.severities, found)
        found = [*told([*new, *_remembered(found, known, material)], frozenset(pages.hidden))]
    if pages is None or templates is None or has_errors(found):
        return tuple(found)
    found += _copies_of_withheld(task, read, pages)
    if task.reference:
        found += _forgotten(carried_over(request, read, rows, task.reference, frozenset(), templates), pages, task.reference, templates)
    texts, packs, gone = _texts(task, read, pages)
    found += gone
    return (
        tuple(found)
        if has_errors(found)
        else Prepared(read=read, templates=templates, pages=pages, texts=texts, packs=packs, diagnostics=tuple(found))
    )


def _without_reading(task: Task, material: Material) -> tuple[Diagnostic, ...]:
    return tuple(told(judged(task.request.site, {}, without_settings(material.diagnostics)), frozenset()))


def without_settings(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """What was found where site.yaml cannot be read: nobody knows then what is withheld, so no public log may quote any content."""
    for diagnostic in found:
        yield diagnostic if diagnostic.place.path == CONFIG else structs.replace(diagnostic, guarded=True)


def wrong_in_files(task: Task, material: Material) -> tuple[Diagnostic, ...]:
    """What is wrong in files by themselves, with the warnings that are known of others; empty where none is in error.

    What is wrong between files takes linking to find.
    """
    if material.read is None:
        return _without_reading(task, material)
    new = judged(task.request.site, material.read.config.severities, material.diagnostics)
    if not has_errors(new):
        return ()
    if task.known is None:
        return new
    return tuple(told([*new, *_remembered(material.diagnostics, task.known, material)], frozenset(task.known.details.hidden)))


def _remembered(found: Iterable[Diagnostic], known: Snapshot, material: Material) -> list[Diagnostic]:
    """The warnings of the last good build about files that are as they were, but for those that this build has found again."""
    read, templates = material.read, material.templates
    if read is None:
        return []
    # What the settings lack and which files are not read is found each time; those warnings have no line yet, so their words are compared.
    again = {(d.place.path, d.code, d.message) for d in found}
    # Templates are compiled all together or not at all.
    same_theme = templates is not None and templates.sources == known.details.templates
    return [
        d
        for d in known.glance.diagnostics
        if d.place.path in read.entries
        and d.place.path not in read.changed
        and (same_theme or d.place.path.startswith("content/"))
        and (d.place.path, d.code, d.message) not in again
    ]


def told(found: Iterable[Diagnostic], hidden: Collection[str]) -> Iterator[Diagnostic]:
    """What a build says of what it found: of what readers may not see only that it is wrong, for `briefings check` says the rest."""
    names = "|".join(sorted({re.escape(path.rpartition("/")[2]) for path in hidden}))
    # A name of one letter stands in every word; only where nothing goes on at its ends is it the file's.
    named = re.compile(rf"(?<![\w.-])(?:{names})(?![\w-]|\.\w)") if names else None
    for diagnostic in found:
        words = f"{diagnostic.message} {diagnostic.remedy}"
        if diagnostic.guarded or diagnostic.place.path in hidden or (named and named.search(words)):
            diagnostic = structs.replace(diagnostic, guarded=True)
        if diagnostic.severity == "error" or not diagnostic.guarded:
            yield diagnostic


def _copies_of_withheld(task: Task, read: Read, pages: Pages) -> Iterator[Diagnostic]:
    """Notes that show the text of a withheld one; of those that are as they were, the last good build knows that they do not."""
    if pages.hidden:
        fresh = {*read.changed, *set(pages.hidden).symmetric_difference(task.known.details.hidden)} if task.known else None
        shown = sorted(set(read.sources.records).difference(pages.hidden))
        yield from alike(task.request.site, read.config, readers_of(task.request, read.config), shown, pages.hidden, fresh)


def _texts(task: Task, read: Read, pages: Pages) -> tuple[dict[str, Text], Packs, list[Diagnostic]]:
    """The texts that were parsed, and those that stale pages show, or that any page shows, where none is to be rendered now.

    With them the packs of the last build that are not lost. What was in the others is parsed again; a file that no longer has it
    was changed this very moment, which is an error.
    """
    texts = read.texts.copy()
    for file in pages.recovered.values():
        texts |= file.texts
    entries = pages.entries
    showing = (entries[path] for path in pages.stale) if task.renders else entries.values()
    wanted = {(entry.text, entry.origin) for entry in showing if entry.text and entry.text not in texts}
    packs = task.known.details.packs if task.known else {}
    if task.renders:
        texts |= read_texts(packs, task.rows, {text for text, _ in wanted})
        lost = {(text, path) for text, path in wanted if text not in texts}
        packs = {key: digests for key, digests in packs.items() if not any(text in digests for text, _ in lost)}
    else:
        stored = set(chain.from_iterable(packs.values()))
        lost = {(text, path) for text, path in wanted if text not in stored}
    for _, file in parse_files(task.request.site, read.config, sorted({path for _, path in lost}), None, task.pool, quiet):
        texts |= file.texts
    gone = sorted({path for text, path in lost if text not in texts})
    return texts, packs, [problem("unreadable-file", "the file changed while the site was built", path, "build again") for path in gone]


def packed(prepared: Prepared, rows: Rows) -> tuple[Packs, dict[str, bytes]]:
    """The texts of all pages as packs, and the rows of packs that are new; `rows` has those of packs that were there before."""
    shown = {entry.text for entry in prepared.pages.entries.values() if entry.text}
    return repacked(prepared.packs, rows, shown, prepared.texts)


def details_of(prepared: Prepared, known: Snapshot | None, packs: Packs) -> Details:
    """What the next preparation must know if it has something to do, but for what was published."""
    pages = prepared.pages
    return Details(
        sources=prepared.read.entries,
        pages=pages.entries,
        cards=pages.cards,
        templates=prepared.templates.sources,
        closures=prepared.templates.closures,
        of_theme=prepared.templates.warnings,
        code={name: digest(code) for name, code in prepared.templates.code.items()},
        copies=pages.copies,
        strips=prepared.read.config.images.metadata == "strip",
        linked=pages.linked,
        hidden=pages.hidden,
        guarded=pages.guarded,
        packs=packs,
        shown=known.details.shown if known and pages.shown is None else digest(pages.shown or b""),
    )


def new_rows(prepared: Prepared, known: Snapshot | None, *, secret: Collection[str] = ()) -> dict[Kind, Mapping[str, bytes]]:
    """The rows that those who remember `known` do not have yet, without the records of files that are `secret`."""
    pages = prepared.pages
    before_pages = known.details.pages if known else {}
    before_cards = known.details.cards if known else {}
    before_code = known.details.code if known else {}
    recovered = {path: file.row for path, file in pages.recovered.items()}
    return {
        "records": {path: row for path, row in (recovered | prepared.read.rows).items() if path not in secret},
        "page": {p: row for p, row in pages.rows.items() if p not in before_pages or before_pages[p].view != pages.entries[p].view},
        "template": {n: code for n, code in prepared.templates.code.items() if before_code.get(n) != digest(code)},
        "card": {i: row for i, row in pages.card_rows.items() if before_cards.get(i) != pages.cards[i]},
        "snapshot": {} if pages.shown is None else {"shown": pages.shown},
    }


def _forgotten(carried: Pages | None, pages: Pages, known: Snapshot, templates: Templates) -> Iterator[Diagnostic]:
    """Where a build that linked nothing again would have gone wrong; nothing where it would have linked."""
    if carried is None:
        return
    needed = stale(pages, known, templates)
    for path in sorted(carried.entries.keys() | pages.entries.keys()):
        page = pages.entries.get(path)
        if carried.entries.get(path) != page or (path in needed) != (path in carried.stale):
            origin = page.origin if page else carried.entries[path].origin
            message = f"/{path} would not have been built, though it had to change"
            yield problem("cache-mismatch", message, origin, "delete .briefings/ and report this as a bug")
