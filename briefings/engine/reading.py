"""Reading and parsing: which sources are new or different since the last build, what those hold, and the theme."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain
from pathlib import Path

from msgspec import Struct, structs

from briefings.content.checks.conflicts import conflict_in_bytes
from briefings.content.checks.placeholders import placeholder
from briefings.content.folder import Sources, is_image, sort_out
from briefings.content.parse import Parsed, kind_of, parse_config
from briefings.content.record_rows import read_records_row
from briefings.core.config import SiteConfig
from briefings.core.diagnostics import Diagnostic, problem
from briefings.core.digests import digest, digest_of_pieces
from briefings.engine.api import Progress
from briefings.engine.scan import CONFIG, empty_submodules, is_racy, racy_since, unreadable
from briefings.engine.state import SiteState, SourceEntry
from briefings.engine.task import Task
from briefings.engine.templates import Templates, read_templates
from briefings.engine.text_packs import Text
from briefings.engine.worker import ParseBatch, ParsedFile, parse_batch, read_batch
from briefings.executors.executor import Executor, Work
from briefings.publication.tree import pieces
from briefings.rendering.theme import load_theme, without_scripts
from briefings.site.linked import Attachment

_OF_SETTINGS = ("unknown-kind", "missing-heading")
"""Findings in files that depend on the settings."""


class Read(Struct, frozen=True):
    """The sources, and what of them is new."""

    config: SiteConfig
    sources: Sources
    entries: dict[str, SourceEntry]
    changed: dict[str, Parsed]
    """Record files that are new or different."""
    rows: dict[str, bytes]
    """The same as rows of the cache."""
    texts: dict[str, Text]
    """Their texts, by the digests of their HTML."""
    diagnostics: tuple[Diagnostic, ...]
    """Files that cannot be read, or only stand for others."""


class Material(Struct, frozen=True):
    """The sources, read and parsed, with the theme that is to show them."""

    read: Read | None
    """None where site.yaml is wrong or missing."""
    templates: Templates | None
    """None where the theme is wrong."""
    diagnostics: tuple[Diagnostic, ...]


def read_material(task: Task) -> Material:
    """Read and parse all that is new."""
    seen, site = task.seen, task.request.site
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
        theme, problems = load_theme(config.theme, site, config.language)
        found += problems
        if theme:
            theme = theme if config.scripts == "all" else without_scripts(theme)
            templating = read_templates(theme, task.rows, task.known, task.executor)
    sources = task.sources or sort_out(path for path in seen.files if path.startswith("content/"))
    found += sources.diagnostics
    if config is None:
        # What is wrong in other files is told in the same run, but for what depends on the settings.
        read = read_sources(structs.replace(task, known=None, stamps={}), SiteConfig(title="?"), digest(settings), sources)
        found += (d for parsed in read.changed.values() for d in parsed.diagnostics if d.code not in _OF_SETTINGS)
        return Material(None, None, tuple(found))
    read = read_sources(task, config, digest(settings), sources)
    found += read.diagnostics
    found += (d for parsed in read.changed.values() for d in parsed.diagnostics)
    templates, problems = templating() if templating else (None, ())
    found += problems
    return Material(read, templates, tuple(found))


def read_sources(task: Task, config: SiteConfig, settings: bytes, sources: Sources) -> Read:
    """Find out which sources are new or different, and parse those that hold records.

    `settings` is the digest of the very bytes that `config` was read from: the file may have been saved again since.
    """
    known, site = task.known, task.request.site
    before = known.body.sources if known else {}
    paths = task.seen.files
    entries = dict(before) if before.keys() == paths.keys() else {path: before[path] for path in paths if path in before}
    new = _doubtful(task)
    digests, diagnostics = _digests(site, (path for path in new if kind_of(path) is None))
    for path, entry in digests.items():
        if entry is None:
            entries.pop(path, None)
        else:
            entries[path] = entry
    entries[CONFIG] = SourceEntry(settings)
    to_parse = sorted(path for path in new if kind_of(path) is not None)
    if known is not None and before[CONFIG].digest != settings:
        # What a file means depends on the settings.
        to_parse, known = list(sources.records), None
    rows: dict[str, bytes] = {}
    parsed: dict[str, Parsed] = {}
    texts: dict[str, Text] = {}
    for path, file in parse_files(site, config, to_parse, known, task.executor, task.progress):
        if file.row:
            # Workers are busy now; when the last is ready, nothing is left to do.
            rows[path], parsed[path] = file.row, read_records_row(file.row)
            texts |= file.texts
            entries[path] = SourceEntry(file.digest, file.interface, digest(file.row))
        else:
            entries[path] = before[path]
    return Read(
        config=config,
        sources=sources,
        entries=entries,
        changed=dict(sorted(parsed.items())),
        rows=rows,
        texts=texts,
        diagnostics=tuple(diagnostics),
    )


def _doubtful(task: Task) -> list[str]:
    """The files that may not be as the last build knows them."""
    # Each save of a site that is served goes over all its files, so that this is said at once.
    scanned = task.known.header.scanned if task.known else 0
    racy = racy_since(scanned)
    stamps = task.stamps
    return [
        path
        for path, found in task.seen.files.items()
        if ((stamp := stamps.get(path)) is not found and stamp != found)
        or ((found[1] >= racy or found[2] >= racy) and is_racy(found, scanned))
    ]


def _digests(site: Path, paths: Iterable[str]) -> tuple[dict[str, SourceEntry | None], list[Diagnostic]]:
    """What is known of files that hold no records, None for one that cannot be read; and what is wrong with them."""
    entries: dict[str, SourceEntry | None] = {}
    diagnostics: list[Diagnostic] = []
    for path in paths:
        try:
            parts = pieces(site / path)
            beginning = next(parts, b"")
            entries[path] = SourceEntry(digest_of_pieces(chain((beginning,), parts)))
        except OSError as error:
            entries[path] = None
            diagnostics.append(unreadable(path, error))
            continue
        if (left := placeholder(path, beginning) or conflict_in_bytes(path, beginning)) is not None:
            diagnostics.append(left)
    return entries, diagnostics


def parse_files(
    site: Path, config: SiteConfig, paths: Sequence[str], known: SiteState | None, executor: Executor, progress: Progress
) -> Iterator[tuple[str, ParsedFile]]:
    """Each of `paths` parsed, unless `known` has the records of the same bytes."""
    digests = {path: known.body.sources[path].digest for path in paths if path in known.body.sources} if known else {}
    work: Work[list[ParsedFile]] = Work(doing="parsing", read=partial(read_batch, str(site)), make=parse_batch, common=config)
    done = 0
    for part, files in executor.map(work, paths, lambda part: ParseBatch(tuple(part), tuple(digests.get(path, b"") for path in part))):
        done += len(files)
        progress("parse", done, len(paths))
        yield from zip(part, files, strict=True)


def attachment(site: Path, path: str) -> Attachment:
    """The file at `path`, which is no record, with its size if it is an image; without one where it cannot be read."""
    width = height = 0
    if is_image(path):
        from briefings.content.images.sizes import size_of

        with suppress(OSError), (site / path).open("rb") as file:
            width, height = size_of(path, file)
    return Attachment(unicodedata.normalize("NFC", path), path, width, height)
