"""The stages of a build that has something to do, in order; the entry point for reading the code."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from msgspec import structs

from briefings.core.diagnostics import Diagnostic, has_errors
from briefings.engine.api import BuildReport
from briefings.engine.findings import judged, located, redacted
from briefings.engine.prepare import Prepared, prepare
from briefings.engine.publish import publish
from briefings.engine.task import Job
from briefings.pages.lost_addresses import lost_addresses


def run(job: Job) -> BuildReport:
    """Do what has to be done, and publish it unless anything is wrong; the seconds are the caller's to add."""
    prepared = prepare(job)
    if not isinstance(prepared, Prepared):
        return BuildReport(ok=False, diagnostics=located(job.request.site, prepared))
    # Of pages that go only this build can tell: the next one has never heard of them.
    passing = _lost_addresses(job, prepared)
    if has_errors(passing):
        return BuildReport(ok=False, diagnostics=_sorted((*prepared.diagnostics, *passing)))
    report = publish(job, prepared)
    return structs.replace(report, diagnostics=_sorted((*report.diagnostics, *passing)))


def _lost_addresses(job: Job, prepared: Prepared) -> tuple[Diagnostic, ...]:
    """A warning for each page that this build takes away although what stood on it is published on, at another address."""
    last, plan = job.last, prepared.plan
    if last is None or job.request.drafts:
        return ()
    load = partial(job.rows.load, "page")
    found = lost_addresses(last.body.plan, plan, load, prepared.planned.page_rows, prepared.read.changed)
    return tuple(redacted(judged(job.request.site, prepared.read.config.severities, found), plan.hidden))


def _sorted(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(diagnostics, key=lambda d: d.sort_key))
