"""The build: six stages in order, each a function of what the one before it returned."""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from briefings.build.batches import ParseBatch, RenderBatch, parse_batch, render_batch
from briefings.build.output import Stage, Written, refuse, write_file
from briefings.build.read import Sources, read
from briefings.build.sites import CONFIG
from briefings.build.workers import WorkerDiedError, Workers, batches, workers
from briefings.config import SiteConfig
from briefings.content.parse import Parsed, parse_config
from briefings.content.places import settle
from briefings.diagnostics import Diagnostic, has_errors, problem
from briefings.pages.parts import Prose
from briefings.pages.plan import PlannedPage, plan
from briefings.rendering.render import check_templates
from briefings.rendering.theme import Theme, load_theme
from briefings.site.link import link
from briefings.site.model import Site

Progress = Callable[[str, int, int], None]


class BuildRequest(Struct, frozen=True):
    """What to build."""

    site: Path
    """The site's folder, resolved."""
    output: Path
    now: dt.datetime
    """The build's instant, aware: the only clock there is."""
    jobs: int = 1
    """How many processes may work."""


class Built(Struct, frozen=True):
    """A page that differs from the last build's, and why."""

    url: str
    reason: str


class BuildReport(Struct, frozen=True, kw_only=True):
    """What a build did."""

    ok: bool
    """False when there were errors; the output is then as it was."""
    diagnostics: tuple[Diagnostic, ...]
    """Sorted, each with its line, column and excerpt."""
    notes: int = 0
    topics: int = 0
    actors: int = 0
    sources: int = 0
    pages: int = 0
    """HTML pages of the site."""
    files: int = 0
    """Files of the output, pages included."""
    bytes: int = 0
    written: int = 0
    """Files that are new or changed."""
    removed: int = 0
    built: tuple[Built, ...] = ()
    seconds: float = 0.0


def quiet(stage: str, done: int, total: int) -> None:
    """Report no progress."""


class _HasErrors(Exception):  # noqa: N818 - it stops the build; it is not an error of the program
    """The content has errors: what follows would build on sand."""


def build(request: BuildRequest, progress: Progress = quiet) -> BuildReport:
    """Build the site and publish it, unless anything is wrong with it; then the output stays as it was."""
    begun = time.monotonic()
    diagnostics: list[Diagnostic] = []

    def checked(found: Iterable[Diagnostic], *, stop: bool = False) -> None:
        diagnostics.extend(found)
        if stop and has_errors(diagnostics):
            raise _HasErrors

    def report(**results: object) -> BuildReport:
        located = _located(request.site, diagnostics)
        return BuildReport(ok=not has_errors(located), diagnostics=located, seconds=time.monotonic() - begun, **results)  # type: ignore[arg-type]

    output = request.output.resolve()
    try:
        refused = refuse(output, request.site)
        checked([refused] if refused else [], stop=True)
        config, found = parse_config(CONFIG, (request.site / CONFIG).read_bytes())
        checked(found, stop=config is None)
        assert config is not None  # noqa: S101 - checked() has stopped otherwise
        theme, found = load_theme(config.theme, request.site)
        checked(found)
        checked(check_templates(theme) if theme else ())

        progress("read", 0, 0)
        sources, found = read(request.site)
        checked(found)
        with workers(request.jobs, len(sources.records)) as pool:
            parsed = _parse(request.site, sources, config, pool, progress)
            checked(d for file in parsed for d in file.diagnostics)

            progress("link", 0, 0)
            site, found = link(parsed, sources.attachments, config, now=request.now)
            checked(found, stop=True)
            assert theme is not None  # noqa: S101 - checked() has stopped otherwise
            pages, found = plan(site, (address for address, _ in theme.assets))
            checked(found, stop=True)

            html = {digest: text for file in parsed for digest, text in file.html.items()}
            with Stage(output) as stage:
                files, found = _render(pages, html, theme, stage.folder, pool, progress)
                checked(found, stop=True)
                progress("write", 0, 0)
                files |= _copy(request.site, site, theme, stage.folder)
                checked(stage.conflicts(files), stop=True)
                changed, removed = stage.publish(files)
                before = stage.before
    except _HasErrors:
        return report()
    except WorkerDiedError as error:
        diagnostics.append(problem("unreadable-file", str(error), CONFIG))
        return report()
    return report(
        notes=len(site.notes),
        topics=len(site.topics),
        actors=len(site.actors),
        sources=len(site.sources),
        pages=len(pages),
        files=len(files),
        bytes=sum(file.size for file in files.values()),
        written=changed,
        removed=removed,
        built=tuple(_built(pages, files, before.files if before else {})),
    )


def _parse(site: Path, sources: Sources, config: SiteConfig, pool: Workers, progress: Progress) -> list[Parsed]:
    cut = [ParseBatch(str(site), tuple(paths), config) for paths in batches(sources.records)]
    parsed: list[Parsed] = []
    for files in pool.map(parse_batch, cut):
        parsed += files
        progress("parse", len(parsed), len(sources.records))
    return parsed


def _render(
    pages: Sequence[PlannedPage], html: dict[str, str], theme: Theme, folder: Path, pool: Workers, progress: Progress
) -> tuple[dict[str, Written], tuple[Diagnostic, ...]]:
    cut = []
    for part in batches(pages):
        texts = {body.digest: html[body.digest] for page in part if (body := getattr(page.view, "body", Prose(""))).digest}
        cut.append(RenderBatch(str(folder), tuple(part), texts, theme))
    files: dict[str, Written] = {}
    diagnostics: list[Diagnostic] = []
    for written, found in pool.map(render_batch, cut):
        files |= written
        diagnostics += found
        progress("render", len(files), len(pages))
    return files, tuple(_once_per_place(diagnostics))


def _once_per_place(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """One template error for each line, though it may fail on a thousand pages."""
    return list({(d.code, d.place): d for d in reversed(list(diagnostics))}.values())


def _copy(folder: Path, site: Site, theme: Theme, stage: Path) -> dict[str, Written]:
    """Copy attachments and the theme's own files."""
    copies = {address: folder / file for address, file in site.copies.items()} | {address: Path(file) for address, file in theme.assets}
    return {address: write_file(stage, address, file.read_bytes()) for address, file in sorted(copies.items())}


def _built(pages: Iterable[PlannedPage], files: dict[str, Written], before: dict[str, Written]) -> Iterable[Built]:
    for page in pages:
        if before.get(page.path) != files[page.path]:
            reason = "what it shows has changed" if page.path in before else "new page"
            yield Built(page.view.page.url or "./", reason)


def _located(site: Path, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics with line, column and excerpt from their files, sorted, each once."""
    by_file: dict[str, list[Diagnostic]] = defaultdict(list)
    for diagnostic in diagnostics:
        by_file[diagnostic.place.path].append(diagnostic)
    located: set[Diagnostic] = set()
    for path, found in by_file.items():
        try:
            located.update(settle((site / path).read_bytes(), found))
        except OSError:
            located.update(found)
    return tuple(sorted(located, key=lambda d: d.sort_key))
