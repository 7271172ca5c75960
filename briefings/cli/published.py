"""The texts that `audit` and `deploy` print: the finds of an audit, and the changes of a deployment."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import click

from briefings.audit.audit import AuditReport, Leak
from briefings.core.text import listing, plural, printable
from briefings.core.urls import DOMAIN_FILE, ascii_host, is_example_host
from briefings.deploy.comparison import NoteChanges
from briefings.deploy.deploy import Deployment
from briefings.deploy.limits import excesses

MOST_LEAKS = 50
"""The greatest number of finds that are listed."""
MOST_FILES = 10
"""The greatest number of files that are named for each kind of change."""


def finds(leaks: Sequence[Leak], tree: str, *, color: bool) -> str:
    """Return one line for each find: file, line, and the field that leaked. The leaked words are not shown."""
    lines = []
    for leak in leaks[:MOST_LEAKS]:
        place = printable(f"{tree}/{leak.file}{f':{leak.line}' if leak.line else ''}")
        label = "leak"
        if color:
            place, label = click.style(place, bold=True), click.style(label, fg="red", bold=True)
        lines.append(f"{place}: {label}: {printable(_what(leak))}")
    if len(leaks) > MOST_LEAKS:
        lines.append(f"… and {len(leaks) - MOST_LEAKS:,} more")
    return "\n".join(lines) + "\n"


def verdict(report: AuditReport, tree: str, built_for: str) -> str:
    """Return the last lines of an audit with finds; `built_for` names the readers of the tree, and is empty if they are unknown."""
    files = len({leak.file for leak in report.leaks})
    found = f"{plural(len(report.leaks), 'leak')} in {plural(files, 'file')} of {tree}: do not publish it.\n"
    if built_for not in ("", report.audience):
        return f"{found}It was built for {built_for}. For {report.audience}, build again: briefings build --audience {report.audience}"
    return (
        f"{found}Look in each file for what the record says, and take it out of the visible record that says it, too; "
        "if there is none, build again: briefings build --clean"
    )


def clean(report: AuditReport, tree: str, audience: str) -> str:
    """Return the line of an audit without finds."""
    good = "Clean" if audience == "TLP:CLEAR" else f"Clean for {audience}"
    looked = f"{plural(report.files, 'file')} of {tree}"
    if not report.patterns:
        return f"{good}: the site withholds nothing; {looked} need no search."
    of = [plural(report.records, "withheld record")] if report.records else []
    if report.attachments:
        of.append(f"{plural(report.attachments, 'file')} beside records")
    patterns = plural(report.patterns, "name or run of words", "names and runs of words")
    return f"{good}: {looked} were searched for {patterns} of {listing(of)}."


def describe_changes(deployment: Deployment) -> str:
    """Return what a deployment would add, change and remove."""
    kinds = (("added", "+", deployment.added), ("changed", "~", deployment.changed), ("removed", "-", deployment.removed))
    lines = [summary] if (summary := _notes(deployment.notes)) else []
    for word, sign, paths in kinds:
        lines += (f"  {sign} {printable(path)}" for path in islice(paths, MOST_FILES))
        if len(paths) > MOST_FILES:
            lines.append(f"  {sign} … {plural(len(paths) - MOST_FILES, 'more file')} {word}")
    counts = ", ".join(f"{len(paths):,} {word}" for word, _, paths in kinds if paths)
    where = f"{deployment.destination.remote}/{deployment.destination.branch}"
    lines.append(f"{where}: {counts or 'the same files'}; {plural(len(deployment.files), 'file')} in all")
    if deployment.drops_history:
        lines.append("Older commits go, so that nothing withdrawn lives on in them; --keep-history keeps them.")
    if deployment.notes.needs_a_word:
        gone = f"{len(deployment.notes.removed):,} of {plural(deployment.notes.before, 'published note')}"
        lines.append(f"{gone} would be removed, more than a fifth: say --removes {len(deployment.notes.removed)} if that is meant.")
    if deployment.kept_domain:
        there = f"write url: https://{printable(deployment.kept_domain)}/ if the site stands there, else take it out there"
        lines.append(f"{DOMAIN_FILE} stays, because somebody set a domain at the host: {there}.")
    if is_example_host(ascii_host(deployment.address)):
        lines.append(f"warning: {deployment.address} is an address for examples, and readers never get there: set url in content/site.yaml")
    lines += (f"warning: {printable(e.path) or 'the site'} {e.message}: {e.remedy}" for e in excesses(deployment.sizes))
    if deployment.foreign:
        names = ", ".join(map(printable, deployment.foreign[:3])) + (" …" if len(deployment.foreign) > 3 else "")
        lines.append(f"Not published, because no build wrote {'it' if len(deployment.foreign) == 1 else 'them'}: {names}")
    return "\n".join(lines)


def _notes(notes: NoteChanges) -> str:
    """Return what a deployment does to notes, in one sentence; empty if it does nothing."""
    kinds = (("added", notes.added), ("changed", notes.changed), ("withdrawn", notes.withdrawn), ("removed", notes.removed))
    told = [(word, len(ids)) for word, ids in kinds if ids]
    return ", ".join(f"{plural(count, 'note') if n == 0 else f'{count:,}'} {word}" for n, (word, count) in enumerate(told))


def _what(leak: Leak) -> str:
    inside = f", packed in {leak.packing}" if leak.packing else ""
    if leak.field == "file":
        return f"the same bytes as {leak.path}, which no visible page uses{inside}"
    where = "in the file's own name, " if not leak.line else ""
    return f"{where}{plural(leak.words, 'word')} of the {leak.field} of {leak.path}, which is withheld{inside}"
