"""The stages of a build that has something to do: read, parse, link, plan, render and write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, structs

from briefings.build.cache import Cache, OutputEntry, Snapshot, digest
from briefings.build.desk import RenderBatch, RenderedBatch, RenderPage
from briefings.build.output import Trees, Written, spare_of, write_file
from briefings.build.planning import Pages, carried_over, linked_pages, stale
from briefings.build.read import sort_out
from briefings.build.reading import Read, read_sources
from briefings.build.reasons import reason
from briefings.build.report import BuildReport, BuildRequest, Built, Progress
from briefings.build.rows import records_row
from briefings.build.scan import Scan
from briefings.build.sites import CONFIG
from briefings.build.workers import Workers, batches
from briefings.config import SiteConfig
from briefings.content.parse import parse_config
from briefings.content.places import settle
from briefings.diagnostics import Diagnostic, has_errors, problem
from briefings.rendering.closure import closures, fingerprints
from briefings.rendering.render import check_templates
from briefings.rendering.theme import Theme, load_theme

_OF_SETTINGS = ("unknown-kind", "missing-heading")


class Memory(Struct, frozen=True):
    """What earlier builds left."""

    cache: Cache
    known: Snapshot | None
    """The last good build of this site into this output by this program."""
    program: bytes
    damaged: frozenset[str]
    """Files of the output that are not as that build left them."""


def run(request: BuildRequest, memory: Memory, seen: Scan, progress: Progress) -> BuildReport:
    """Do what has to be done, and publish it unless anything is wrong; the seconds are the caller's to add."""
    site = request.site
    known = None if request.clean or request.verify else memory.known
    found = list(seen.diagnostics)
    if CONFIG not in seen.files:
        return _failure(site, found)
    settings = (site / CONFIG).read_bytes()
    config, problems = parse_config(CONFIG, settings)
    found += problems
    theme: Theme | None = None
    if config:
        theme, problems = load_theme(config.theme, site)
        found += problems
    templates = {t.name: digest(t.source.encode()) for t in theme.templates} if theme else {}
    # Templates that the last build compiled need no second look.
    closed = known.closures if known and known.templates == templates else {}
    if theme and not closed:
        problems = tuple(check_templates(theme))
        found += problems
        closed = {} if problems else closures(theme)
    sources = sort_out(path for path in seen.files if path.startswith("content/"))
    found += sources.diagnostics
    with Workers(request.jobs) as pool:
        if config is None:
            # What is wrong in other files is told in the same run, but for what depends on the settings.
            read = read_sources(site, SiteConfig(title="?"), digest(settings), sources, seen, None, pool, progress)
            found += (d for parsed in read.changed.values() for d in parsed.diagnostics if d.code not in _OF_SETTINGS)
            return _failure(site, found)
        read = read_sources(site, config, digest(settings), sources, seen, known, pool, progress)
        found += read.diagnostics
        found += (d for parsed in read.changed.values() for d in parsed.diagnostics)

        progress("link", 0, 0)
        prints = fingerprints(templates, closed)
        pages = carried_over(request, read, memory.cache, known, memory.damaged, theme, prints) if known and theme and prints else None
        if pages is None:
            pages, linked = linked_pages(request, read, memory.cache, theme, prints, pool)
            found += linked
        elif known:
            found += (d for d in known.diagnostics if d.place.path not in read.changed and d.place.path in read.entries)
        if pages is None or theme is None or has_errors(found):
            return _failure(site, found)
        if request.verify and memory.known:
            found += _forgotten(carried_over(request, read, memory.cache, memory.known, frozenset(), theme, prints), pages)
        return _publish(request, memory, known, seen, read, pages, theme, templates, closed, found, pool, progress)


def _publish(
    request: BuildRequest,
    memory: Memory,
    known: Snapshot | None,
    seen: Scan,
    read: Read,
    pages: Pages,
    theme: Theme,
    templates: dict[str, bytes],
    closed: dict[str, frozenset[str]],
    found: list[Diagnostic],
    pool: Workers,
    progress: Progress,
) -> BuildReport:
    """Render what is stale into the spare copy of the output, let the two change places, and remember all."""
    site, output = request.site, request.output
    to_render = stale(pages.entries, known, memory.damaged)
    to_copy = [a for a, path in pages.copies.items() if _is_new_copy(a, path, _key(site, path), read, known, memory.damaged)]
    trees = Trees(output, spare_of(output, site))
    sound = known is not None and not memory.damaged
    paths = {*pages.entries, *pages.copies}
    folders = trees.open(paths, seal=known.seals[1], trusted=known.foreign) if known and sound else trees.open(paths, seal=None, trusted=())
    published = False
    try:
        fresh, problems = _render(request, read, pages, theme, folders, to_render, pool, progress)
        found += problems
        for address in to_copy:
            path = pages.copies[address]
            data = (site / path).read_bytes()
            scanned = read.entries.get(_key(site, path))
            if scanned is None or digest(data) != scanned.digest:
                found.append(problem("unreadable-file", "the file changed while the site was built", path, "build again"))
            fresh[address] = write_file(folders[0], address, data, folders[1:])
        if has_errors(found):
            return _failure(site, found)
        files = fresh | {path: _as_before(known, path) for path in paths if path not in fresh} if known else fresh
        found += trees.conflicts(files)
        if request.verify and memory.known:
            found += _mismatches(memory.known, read, pages, files)
        if has_errors(found):
            return _failure(site, found)
        progress("write", 0, 0)
        changed, removed = trees.publish(files, fresh, known.outputs if known else {}, sound=sound)
        published = True
    finally:
        if not published:
            # No worker may write on while its folder is cleared away.
            pool.close()
            trees.abandon()

    located = _located(site, found)
    counts = structs.replace(pages.counts, files=len(files), bytes=sum(file.size for file in files.values()))
    snapshot = Snapshot(
        program=memory.program,
        output=str(output),
        since=pages.bounds[0],
        until=pages.bounds[1],
        scanned=seen.at,
        sources=read.entries,
        pages=pages.entries,
        outputs={path: _output_entry(output, path, file, fresh, known, linked=trees.linked) for path, file in sorted(files.items())},
        templates=templates,
        closures=closed,
        counts=counts,
        diagnostics=located,
        copies=pages.copies,
        linked=pages.linked,
        foreign=trees.foreign,
        seals=trees.seals(),
    )
    built = tuple(_built(to_render, pages, known, memory.cache, snapshot)) if request.explain else ()
    new_rows = {
        path: row
        for path, row in pages.rows.items()
        if known is None or path not in known.pages or known.pages[path].view != pages.entries[path].view
    }
    records = {path: records_row(parsed) for path, parsed in read.changed.items()}
    if not memory.cache.save(snapshot, known, records, new_rows):
        # No build will trust a spare that nothing remembers.
        trees.abandon()
    return BuildReport(ok=True, diagnostics=located, counts=counts, written=changed, removed=removed, built=built)


def _render(
    request: BuildRequest,
    read: Read,
    pages: Pages,
    theme: Theme,
    folders: Sequence[Path],
    paths: Sequence[str],
    pool: Workers,
    progress: Progress,
) -> tuple[dict[str, Written], list[Diagnostic]]:
    """Render pages, each where its text is at hand."""
    by_home: dict[int | None, list[str]] = defaultdict(list)
    for path in paths:
        by_home[read.homes.get(pages.entries[path].origin)].append(path)
    parts = [(home, part) for home, group in by_home.items() for part in batches(group)]
    tasks = [
        RenderBatch(
            str(request.site),
            read.config,
            tuple(map(str, folders)),
            tuple(RenderPage(p, pages.entries[p].template, pages.rows[p], pages.entries[p].origin) for p in part),
            theme,
        )
        for _, part in parts
    ]
    written: dict[str, Written] = {}
    problems: dict[tuple[str, object], Diagnostic] = {}
    for _, _, result in pool.map("render", tasks, [home for home, _ in parts]):
        batch: RenderedBatch = result
        written |= batch.written
        for diagnostic in batch.diagnostics:
            # One template error for each line, though it may fail on a thousand pages; the first page in the alphabet names it.
            key = (diagnostic.code, diagnostic.place)
            problems[key] = min(problems.get(key, diagnostic), diagnostic, key=lambda d: d.message)
        progress("render", len(written), len(paths))
    return written, list(problems.values())


def _is_new_copy(address: str, path: str, key: str, read: Read, known: Snapshot | None, damaged: frozenset[str]) -> bool:
    """Whether the output does not have the file at `path`, which the scan knows as `key`: another one may have been at `address`."""
    if known is None or address in damaged or known.copies.get(address) != path:
        return True
    before, now = known.sources.get(key), read.entries.get(key)
    return before is None or now is None or before.digest != now.digest or address not in known.outputs


def _key(site: Path, path: str) -> str:
    """The name under which the scan knows a file: from the site folder where it lies in it."""
    return path.removeprefix(f"{site}/")


def _as_before(known: Snapshot, path: str) -> Written:
    return Written(known.outputs[path].digest, known.outputs[path].size)


def _output_entry(
    output: Path, path: str, file: Written, fresh: Mapping[str, Written], known: Snapshot | None, *, linked: bool
) -> OutputEntry:
    if known is not None and path not in fresh and linked:
        return known.outputs[path]
    status = (output / path).stat()
    return OutputEntry(file.digest, file.size, status.st_mtime_ns, status.st_ino)


def _forgotten(carried: Pages | None, pages: Pages) -> Iterator[Diagnostic]:
    """Where a build that linked nothing again would have gone wrong; nothing where it would have linked."""
    if carried is None:
        return
    for path in sorted(carried.entries.keys() | pages.entries.keys()):
        page = pages.entries.get(path)
        if carried.entries.get(path) != page:
            origin = page.origin if page else carried.entries[path].origin
            message = f"/{path} would not have been built, though it had to change"
            yield problem("cache-mismatch", message, origin, "delete .briefings/ and report this as a bug")


def _mismatches(reference: Snapshot, read: Read, pages: Pages, files: Mapping[str, Written]) -> Iterator[Diagnostic]:
    """What the cache would have taken for the same, and is not."""
    for path, entry in read.entries.items():
        before = reference.sources.get(path)
        if before and before.digest == entry.digest and (before.outside, before.records) != (entry.outside, entry.records):
            yield problem(
                "cache-mismatch", "the cache remembers other records of this file", path, "delete .briefings/ and report this as a bug"
            )
    for path, page in pages.entries.items():
        output = reference.outputs.get(path)
        if output and reference.pages.get(path) == page and output.digest != files[path].digest:
            yield problem(
                "cache-mismatch",
                f"/{path} is not what the cache would have kept",
                page.origin,
                "delete .briefings/ and report this as a bug",
            )


def _built(paths: Iterable[str], pages: Pages, known: Snapshot | None, cache: Cache, snapshot: Snapshot) -> Iterator[Built]:
    before = known.templates if known else {}
    changed = {name for name, source in snapshot.templates.items() if before.get(name) != source}
    templates = {name: needed & changed for name, needed in snapshot.closures.items()}
    for url, path in sorted((path.removesuffix("index.html"), path) for path in paths):
        yield Built(url or "./", reason(path, pages.entries[path], pages.rows[path], known, cache, templates))


def _failure(site: Path, found: Iterable[Diagnostic]) -> BuildReport:
    return BuildReport(ok=False, diagnostics=_located(site, found))


def _located(site: Path, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics with line, column and excerpt from their files, sorted, each once."""
    by_file: dict[str, list[Diagnostic]] = defaultdict(list)
    for diagnostic in diagnostics:
        by_file[diagnostic.place.path].append(diagnostic)
    located: set[Diagnostic] = set()
    for path, found in by_file.items():
        if not any(d.place.line or d.place.key for d in found):
            located.update(found)
            continue
        try:
            located.update(settle((site / path).read_bytes(), found))
        except OSError:
            located.update(found)
    return tuple(sorted(located, key=lambda d: d.sort_key))
