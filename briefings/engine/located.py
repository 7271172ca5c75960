"""Where problems are: line, column and excerpt, found in the files only when there is something to report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from briefings.content.places import settle
from briefings.core.diagnostics import Diagnostic


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
