"""What is said of what was found: where it stands, how grave the site takes it to be, and what not everybody may read of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import structs

from briefings.content.places import with_places
from briefings.content.silences import Silence, judge, silences
from briefings.core.config import Level
from briefings.core.diagnostics import Diagnostic, has_errors
from briefings.engine.reading import Material
from briefings.engine.scan import CONFIG, read_or_nothing
from briefings.engine.state import SiteState
from briefings.engine.task import Task
from briefings.pages.site_plan import SitePlan


def located(site: Path, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics with line, column and excerpt from their files, sorted, each once."""
    by_file: dict[str, list[Diagnostic]] = defaultdict(list)
    for diagnostic in diagnostics:
        by_file[diagnostic.place.path].append(diagnostic)
    settled: set[Diagnostic] = set()
    for path, found in by_file.items():
        if not any(d.place.line or d.place.key for d in found):
            settled.update(found)
            continue
        try:
            settled.update(with_places((site / path).read_bytes(), found))
        except OSError:
            settled.update(found)
    return tuple(sorted(settled, key=lambda d: d.sort_key))


def judged(site: Path, levels: Mapping[str, Level], found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """`found` with the severities that `levels` gives their codes, without what is off or silenced. Reads only the files of warnings."""
    placed = located(site, found)
    paths = {d.place.path for d in placed if d.severity == "warning"}
    return judge(placed, levels, {path: read_silences(site, path) for path in paths}).diagnostics


def read_silences(site: Path, path: str) -> tuple[Silence, ...]:
    """The silences in the source at `path`; none in a file that is gone."""
    return silences(path, read_or_nothing(site, path))


def redacted(found: Iterable[Diagnostic], hidden: Collection[str]) -> Iterator[Diagnostic]:
    """What a build says of what it found: of what readers may not see only that it is wrong, for `briefings check` says the rest."""
    names = "|".join(sorted({re.escape(path.rpartition("/")[2]) for path in hidden}))
    # A name of one letter stands in every word; only where nothing goes on at its ends is it the file's.
    named = re.compile(rf"(?<![\w.-])(?:{names})(?![\w-]|\.\w)") if names else None
    for diagnostic in found:
        words = f"{diagnostic.message} {diagnostic.remedy}"
        if diagnostic.confidential or diagnostic.place.path in hidden or (named and named.search(words)):
            diagnostic = structs.replace(diagnostic, confidential=True)
        if diagnostic.severity == "error" or not diagnostic.confidential:
            yield diagnostic


def without_settings(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """What was found where site.yaml cannot be read: nobody knows then what is withheld, so no public log may quote any content."""
    for diagnostic in found:
        yield diagnostic if diagnostic.place.path == CONFIG else structs.replace(diagnostic, confidential=True)


def wrong_in_files(task: Task, material: Material) -> tuple[Diagnostic, ...]:
    """Return the problems that parsing alone finds, with the last build's warnings about unchanged files; empty if none is an error.

    Problems between files need linking. Which files readers may not see is known only after linking, too; until then a warning about a
    changed file might quote a withheld one, so readers are told only its errors, and the desk everything.
    """
    if material.read is None:
        return without_reading(task, material)
    new = judged(task.request.site, material.read.config.severities, material.diagnostics)
    if not has_errors(new):
        return ()
    told = [d for d in new if d.severity == "error" or task.request.audience == "desk"]
    if task.known is None:
        return tuple(told)
    return tuple(redacted([*told, *_known_warnings(material.diagnostics, task.known, material)], task.known.body.plan.hidden))


def without_reading(task: Task, material: Material) -> tuple[Diagnostic, ...]:
    """All that is said where site.yaml cannot be read."""
    return tuple(redacted(judged(task.request.site, {}, without_settings(material.diagnostics)), frozenset()))


def found_in_files(task: Task, material: Material, plan: SitePlan) -> list[Diagnostic]:
    """Return the problems of changed files, and the last build's warnings about unchanged ones, as far as readers may read them."""
    severities = material.read.config.severities if material.read else {}
    new = judged(task.request.site, severities, material.diagnostics)
    known = _known_warnings(material.diagnostics, task.known, material) if task.known else []
    return [*redacted([*new, *known], plan.hidden)]


def _known_warnings(found: Iterable[Diagnostic], known: SiteState, material: Material) -> list[Diagnostic]:
    """Return those warnings of the last good build that still hold: about unchanged files, and not among those `found` by this build."""
    read, templates = material.read, material.templates
    if read is None:
        return []
    # Every build looks at the settings and at the names of files. Its own warnings have no lines yet: only their words can be compared.
    again = {(d.place.path, d.code, d.message) for d in found}
    # Templates are compiled all together or not at all.
    same_theme = templates is not None and templates.state.sources == known.body.templates.sources
    return [
        d
        for d in known.header.diagnostics
        if d.place.path in read.entries
        and d.place.path not in read.changed
        and (same_theme or d.place.path.startswith("content/"))
        and (d.place.path, d.code, d.message) not in again
    ]
