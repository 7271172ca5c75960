"""The check of all content: what any build would report, and what only authors should know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import structs

from briefings.content.silences import idle, judge
from briefings.core.diagnostics import Diagnostic
from briefings.desk.checks import CHECKS, Check
from briefings.desk.gathered import Gathered, gathered, read_all
from briefings.engine.api import BuildRequest, Progress
from briefings.engine.findings import located, read_silences, without_settings
from briefings.executors.processes import executor_for


def check(request: BuildRequest, progress: Progress, checks: Sequence[Check] = CHECKS) -> tuple[Diagnostic, ...]:
    """Return all problems of the site, for the readers of `request` and for readers who may see all, sorted by file and line."""
    with executor_for(request.jobs) as executor:
        seen, material = read_all(request, executor, progress)
    site = gathered(request, seen, material)
    levels = site.config.severities if site else {}
    if site is None:
        found = tuple(without_settings(material.diagnostics))
    else:
        progress("link", 0, 0)
        found = tuple(_all(site, material.diagnostics, checks))
    # A build reads silences only in files with a finding; here all are read, to find the unused ones.
    allowed = {path: listed for path in seen.files if path.startswith("content/") and (listed := read_silences(request.site, path))}
    kept = judge(located(request.site, found), levels, allowed)
    unused = (d for path, listed in allowed.items() for d in idle(path, listed, kept.used, levels))
    told = judge(located(request.site, (structs.replace(d, confidential=True) for d in unused)), levels, {})
    return tuple(sorted((*kept.diagnostics, *told.diagnostics), key=lambda d: d.sort_key))


def _all(site: Gathered, in_files: tuple[Diagnostic, ...], checks: Sequence[Check]) -> Iterator[Diagnostic]:
    """Yield the problems within files, between them and from each check; those that not all readers may know are confidential."""
    found = [*in_files, *site.shown.diagnostics]
    desk = [*site.whole.diagnostics]
    for check in checks:
        (found if check.public else desk).extend(check.find(site))
    known = frozenset(found)
    yield from (structs.replace(d, confidential=d.confidential or d.place.path in site.hidden) for d in found)
    yield from (structs.replace(d, confidential=True) for d in desk if d not in known)
