"""The report of a build: its problems, and a line that sums it up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import click
from msgspec import structs

from briefings.core.diagnostics import CODES, Diagnostic
from briefings.core.excerpt import columns_of, excerpt
from briefings.core.text import plural, printable
from briefings.engine.api import BuildReport

PER_CODE = 20
"""How many problems of one code a report shows without `--verbose`."""
COLUMNS = 100
"""Columns to which an excerpt of a file is cut."""

_COLORS = {"error": "red", "warning": "yellow"}


def problems(diagnostics: Sequence[Diagnostic], *, color: bool, everything: bool = False, public: bool = False) -> str:
    """Return the problems as text for a terminal, in the given order; of one code at most PER_CODE are shown, unless `everything`.

    A `public` report quotes nothing that not all readers may see.
    """
    shown: Counter[str] = Counter()
    parts: list[str] = []
    for diagnostic in diagnostics:
        shown[diagnostic.code] += 1
        if everything or shown[diagnostic.code] <= PER_CODE:
            parts.append(_problem(_discreet(diagnostic) if public and diagnostic.confidential else diagnostic, color))
    parts += [f"… and {count - PER_CODE:,} more {code}\n" for code, count in shown.items() if count > PER_CODE and not everything]
    return "\n".join(parts)


def failure(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the last line of a failed build: `2 errors, 1 warning; nothing was written.`"""
    return f"{counted(diagnostics) or 'Nothing is wrong'}; nothing was written."


def tally(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the last line of a check: `2 errors, 1 warning.`"""
    return f"{counted(diagnostics) or 'Nothing is wrong'}."


def counted(diagnostics: Iterable[Diagnostic]) -> str:
    """Count problems in words: `2 errors, 1 warning`; empty for none."""
    counts = Counter(d.severity for d in diagnostics)
    return ", ".join(plural(counts[severity], severity) for severity in ("error", "warning") if counts[severity])


def success(report: BuildReport, output: str) -> str:
    """Return the line of a successful build."""
    counts = report.counts
    records = f"{plural(counts.notes, 'note')}, {plural(counts.topics, 'topic')}, {plural(counts.actors, 'actor')}"
    warnings = sum(d.severity == "warning" for d in report.diagnostics)
    return (
        f"{'Built' if report.written or report.removed else 'Unchanged:'} {records}: "
        f"{plural(counts.pages, 'page')}, {plural(counts.files, 'file')}, {size(counts.bytes)} in {duration(report.seconds)}, "
        f"{plural(warnings, 'warning') if warnings else 'no warnings'} → {output}"
    )


def explanation(report: BuildReport) -> str:
    """Return a line for each page that was built, with the reason."""
    if not report.built:
        return "nothing was built: what each page shows, its template and its file are as they were"
    return "\n".join(f"{page.url}: {page.reason}" for page in report.built)


def verified(report: BuildReport) -> str:
    """Return what `--verify` found, if the output is right; a difference is an error, and has no such line."""
    if not report.verified:
        return "Nothing to verify: no earlier build is known."
    return f"Verified: {plural(report.verified, 'file')} came out as the last build left {'it' if report.verified == 1 else 'them'}."


def size(count: int) -> str:
    """Write a number of bytes in decimal units, like file managers: `640 B`, `12 kB`, `1.2 MB`."""
    if count < 1000:
        return f"{count} B"
    if count < 999_500:
        return f"{count / 1000:.0f} kB"
    return f"{count / 1e6:,.1f} MB" if count < 999_950_000 else f"{count / 1e9:,.1f} GB"


def duration(seconds: float) -> str:
    """Write a duration in words: `0.61 s`, `12.3 s`, `2 min 5 s`."""
    if seconds < 9.995:
        return f"{seconds:.2f} s"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    return f"{round(seconds) // 60} min {round(seconds) % 60} s"


def _discreet(diagnostic: Diagnostic) -> Diagnostic:
    """Return the problem without any word of the author but the file's name."""
    return structs.replace(
        diagnostic,
        message=CODES[diagnostic.code].meaning,
        remedy="run `briefings check` at your desk: what this is about is not quoted here, because others may read it",
        excerpt="",
    )


def _problem(diagnostic: Diagnostic, color: bool) -> str:
    def paint(text: str, fg: str | None = None, *, bold: bool | None = None) -> str:
        return click.style(text, fg=fg, bold=bold) if color else text

    hue, place = _COLORS[diagnostic.severity], diagnostic.place
    where = printable(place.path) + (f":{place.line}" if place.line else "") + (f":{place.column}" if place.line and place.column else "")
    label = f"{diagnostic.severity}[{diagnostic.code}]"
    lines = [f"{paint(where, bold=True)}: {paint(label, hue, bold=True)}: {printable(diagnostic.message)}"]
    number = str(place.line)
    gutter = " " * (2 + len(number)) if place.line else " "
    if place.line and diagnostic.excerpt.strip():
        drawn = excerpt(diagnostic.excerpt, place.column, place.width, COLUMNS)
        lines.append(f"  {paint(f'{number} |', 'cyan')} {drawn.before}{drawn.meant}{drawn.after}")
        if place.column:
            carets = "^" * max(columns_of(drawn.meant), 1)
            lines.append(f"{gutter} {paint('|', 'cyan')} {' ' * columns_of(drawn.before)}{paint(carets, hue)}")
    if diagnostic.remedy:
        first, *rest = diagnostic.remedy.splitlines()
        lines.append(f"{gutter} {paint('=', 'cyan')} {printable(first)}")
        lines += [f"{gutter}   {printable(line)}" for line in rest]
    return "\n".join(lines) + "\n"
