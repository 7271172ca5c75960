"""What is said of what was found: where it stands, how grave the site takes it to be, and what not everybody may read of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import structs

from briefings.content.places import settle
from briefings.content.silences import Silence, judge, silences
from briefings.core.config import Level
from briefings.core.diagnostics import Diagnostic
from briefings.engine.scan import CONFIG, read_or_nothing


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
            settled.update(settle((site / path).read_bytes(), found))
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
