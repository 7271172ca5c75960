"""The first stages of a build that has something to do: read, parse, link and plan, up to the pages as they must be."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct, structs

from briefings.build.cache import Cache, Snapshot, digest
from briefings.build.output import Look
from briefings.build.planning import Pages, carried_over, linked_pages, stale
from briefings.build.read import sort_out
from briefings.build.reading import Read, read_sources
from briefings.build.report import BuildRequest, Progress
from briefings.build.scan import Scan
from briefings.build.sites import CONFIG
from briefings.build.templates import Templates, read_templates
from briefings.build.workers import Workers
from briefings.config import SiteConfig
from briefings.content.parse import parse_config
from briefings.diagnostics import Diagnostic, has_errors, problem
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


class Job(Struct, frozen=True):
    """A build that has something to do."""

    request: BuildRequest
    memory: Memory
    known: Snapshot | None
    """The last good build, where what it found may be taken for true."""
    seen: Scan
    pool: Workers
    progress: Progress


class Prepared(Struct, frozen=True):
    """All that is known before the first page is rendered."""

    read: Read
    templates: Templates
    pages: Pages
    diagnostics: tuple[Diagnostic, ...]
    """Warnings."""


class Material(Struct, frozen=True):
    """What a desk has written, read and parsed, with the theme that is to show it."""

    read: Read | None
    """None where site.yaml is wrong or missing."""
    templates: Templates | None
    """None where the theme is wrong."""
    diagnostics: tuple[Diagnostic, ...]


def read_material(job: Job) -> Material:
    """Read and parse all that is new."""
    known, seen, pool, progress = job.known, job.seen, job.pool, job.progress
    site = job.request.site
    found = list(seen.diagnostics)
    if CONFIG not in seen.files:
        return Material(None, None, tuple(found))
    settings = (site / CONFIG).read_bytes()
    config, problems = parse_config(CONFIG, settings)
    found += problems
    templating = None
    if config:
        theme, problems = load_theme(config.theme, site)
        found += problems
        if theme:
            templating = read_templates(theme, job.memory.cache, known, pool)
    sources = sort_out(path for path in seen.files if path.startswith("content/"))
    found += sources.diagnostics
    if config is None:
        # What is wrong in other files is told in the same run, but for what depends on the settings.
        read = read_sources(site, SiteConfig(title="?"), digest(settings), sources, seen, None, pool, progress)
        found += (d for parsed in read.changed.values() for d in parsed.diagnostics if d.code not in _OF_SETTINGS)
        return Material(None, None, tuple(found))
    read = read_sources(site, config, digest(settings), sources, seen, known, pool, progress)
    found += read.diagnostics
    found += (d for parsed in read.changed.values() for d in parsed.diagnostics)
    templates, problems = templating() if templating else (None, ())
    found += problems
    return Material(read, templates, tuple(found))


def prepare(job: Job) -> Prepared | tuple[Diagnostic, ...]:
    """Read, parse, link and plan; all problems of the run where anything is wrong."""
    request, memory, known, pool = job.request, job.memory, job.known, job.pool
    material = read_material(job)
    read, templates = material.read, material.templates
    if read is None:
        return material.diagnostics
    found = list(material.diagnostics)
    job.progress("link", 0, 0)
    pages = carried_over(request, read, memory.cache, known, memory.found.damaged, templates) if known and templates else None
    if pages is None:
        pages, linked, hidden = linked_pages(request, read, memory.cache, known, memory.found.damaged, templates, pool)
        found = [*told(found + linked, hidden)]
    elif known:
        # What the settings lack is found by every build.
        said = {(d.code, d.message) for d in found}
        found += (
            d
            for d in known.glance.diagnostics
            if d.place.path not in read.changed and d.place.path in read.entries and (d.code, d.message) not in said
        )
        found = [*told(found, frozenset(pages.hidden))]
    if pages is None or templates is None or has_errors(found):
        return tuple(found)
    if request.verify and memory.known:
        found += _forgotten(carried_over(request, read, memory.cache, memory.known, frozenset(), templates), pages, memory.known, templates)
    return tuple(found) if has_errors(found) else Prepared(read, templates, pages, tuple(found))


def told(found: Iterable[Diagnostic], hidden: Collection[str]) -> Iterator[Diagnostic]:
    """What a build says of what it found: of what readers may not see only that it is wrong, for `briefings check` says the rest."""
    names = {path.rpartition("/")[2] for path in hidden}
    for diagnostic in found:
        words = f"{diagnostic.message} {diagnostic.remedy}"
        if diagnostic.guarded or diagnostic.place.path in hidden or any(name in words for name in names):
            diagnostic = structs.replace(diagnostic, guarded=True)
        if diagnostic.severity == "error" or not diagnostic.guarded:
            yield diagnostic


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
