"""The last stages of a build: render what is stale, publish it in one step, and remember all for the next build."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from msgspec import structs

from briefings.content.folder import is_image, strips, unstripped_image
from briefings.core.diagnostics import Diagnostic, has_errors
from briefings.core.digests import digest
from briefings.engine.api import BuildReport
from briefings.engine.findings import located, redacted
from briefings.engine.planning import Overlaid, stale_pages
from briefings.engine.prepare import Prepared, changed_meanwhile, mismatch, next_state
from briefings.engine.reading import Read
from briefings.engine.reasons import explained
from briefings.engine.scan import CONFIG, source_key
from briefings.engine.search_terms import segments_among
from briefings.engine.state import Columns, SiteState, StateHeader
from briefings.engine.task import Job
from briefings.engine.worker import RenderBatch, RenderPage, WrittenBatch, render_batch, write_batch
from briefings.executors.executor import Work
from briefings.executors.signals import signals_held
from briefings.pages.forms import key_of
from briefings.publication.staging import FoundOutput, Staging, changes_of
from briefings.publication.tree import (
    MANIFEST,
    UNKNOWN,
    Label,
    OutputFile,
    OutputStamp,
    altered,
    pieces,
    read_manifest,
    refused,
    signature_of,
    stamp_of,
    write_file,
    write_pieces,
)


def publish(job: Job, prepared: Prepared) -> BuildReport:
    """Render what is stale, put it in the place of what is published, and remember it; nothing of this where anything is wrong."""
    request, plan = job.request, prepared.plan
    label = Label(plan.scope.shown_to, request.drafts)
    old = _output_as_found(job, label)
    paths = {**dict.fromkeys(plan.pages), **dict.fromkeys(plan.copies)}
    to_copy = [address for address, path in plan.copies.items() if _is_new_copy(job, prepared.read, address, path)]
    try:
        staging = Staging(request.output, label, request.disk, old.published)
    except FileExistsError as error:
        remedy = f"let it end and build again; if none is running, delete {error.filename}"
        return BuildReport(ok=False, diagnostics=(refused(request.output, "is in use by another build", remedy),))
    done = False
    try:
        if signature_of(request.output) != job.signature:
            # Another build, which no lock has kept away, has published since this one has looked at the output.
            return BuildReport(ok=False, diagnostics=(refused(request.output, "was changed by another build meanwhile", "build again"),))
        fresh, problems = _make(job, prepared, to_copy, staging)
        if not has_errors(problems):
            digests = {path: fresh[path].digest if path in fresh else old.published[path] for path in paths}
            written = tuple(p for p in fresh if p in old.damaged or old.published.get(p) != digests[p])
            journal, conflicts = changes_of(old, paths, written)
            problems += conflicts
            if request.verify and job.last:
                problems += _mismatches(job, job.last, prepared, digests)
        found = (*prepared.diagnostics, *redacted(problems, plan.hidden))
        if has_errors(found):
            return BuildReport(ok=False, diagnostics=located(request.site, found))
        job.progress("write", 0, 0)
        with signals_held():
            staging.publish(journal, written, paths, old)
            done = True
    finally:
        if not done:
            # No worker may write on while its folder is cleared away.
            job.executor.close()
            staging.abandon()
        staging.release()

    diagnostics = located(request.site, found)
    body, rows = next_state(prepared, job.known, job.rows)
    body = structs.replace(body, outputs=digests, stamps=Columns.of(job.seen.files))
    stamps = _stamps(job, digests, {path: fresh[path].stamp for path in written}, frozenset(journal.opened))
    header = _header(job, prepared, stamps, diagnostics)
    gone = sorted(old.published.keys() - paths.keys())
    built = explained(job, prepared, written, gone) if request.explain else ()
    job.rows.save(SiteState(header, body), job.known, rows)
    compared = fresh.keys() & job.last.body.outputs.keys() if request.verify and job.last else ()
    return BuildReport(
        ok=True,
        diagnostics=diagnostics,
        counts=header.counts,
        written=len(written),
        removed=len(gone),
        built=built,
        verified=len(compared),
    )


def _output_as_found(job: Job, label: Label) -> FoundOutput:
    """Return what is known of the output before this build: from the cache, or where that may be wrong, from the manifest.

    `label` says for whom this build is.
    """
    last, damaged = job.last, job.damaged
    if last and job.known is None:
        # Who trusts no cache does not trust stamps either.
        damaged |= altered(job.request.output, last.body.outputs)
    was = Label(last.header.scope.shown_to, last.header.scope.drafts) if last else None
    relabel = was is None or was.audience != label.audience or MANIFEST in damaged
    if last and was and MANIFEST not in damaged and was.everybody == label.everybody:
        digests: Mapping[str, bytes] = last.body.outputs
    else:
        manifest = read_manifest(job.request.output)
        digests = dict.fromkeys(manifest.files, b"") if manifest else {}
        if last:
            # Whatever has become of the manifest, these are as the last build left them.
            digests |= {path: made for path, made in last.body.outputs.items() if path not in damaged}
        damaged = UNKNOWN
    return FoundOutput(output=str(job.request.output), published=digests, damaged=damaged, relabel=relabel, everybody=label.everybody)


def _make(job: Job, prepared: Prepared, to_copy: Iterable[str], staging: Staging) -> tuple[dict[str, OutputFile], list[Diagnostic]]:
    """Render the stale pages and copy what is to be copied, to `staging`."""
    site, read = job.request.site, prepared.read
    fresh, problems = _render(job, prepared, staging)
    for address in to_copy:
        path = prepared.plan.copies[address]
        if strips(path, read.config):
            # Few sites have pictures whose metadata are taken out.
            from briefings.content.images.stripping import without_metadata

            data = (site / path).read_bytes()
            was, bare = digest(data), without_metadata(data)
            if bare is None:
                problems.append(unstripped_image(path))
                continue
            fresh[address] = write_file(staging.destination, staging.place_of(address), bare)
        else:
            fresh[address] = write_pieces(staging.destination, staging.place_of(address), pieces(site / path))
            was = fresh[address].digest
        scanned = read.entries.get(source_key(site, path))
        if scanned is None or was != scanned.digest:
            problems.append(changed_meanwhile(path))
    return fresh, problems


def _render(job: Job, prepared: Prepared, staging: Staging) -> tuple[dict[str, OutputFile], list[Diagnostic]]:
    """Render the stale pages."""
    stale = prepared.planned.stale
    work: Work[WrittenBatch] = Work(
        doing="rendering", make=render_batch, common=prepared.templates.theme, write=partial(write_batch, staging.destination)
    )
    paths = [path for path in prepared.plan.pages if path in stale]
    written: dict[str, OutputFile] = {}
    problems: dict[tuple[str, object], Diagnostic] = {}
    for _, batch in job.executor.map(work, paths, partial(_batch, prepared, staging.place_of)):
        written |= batch.written
        for diagnostic in batch.diagnostics:
            # One template error for each line, though it may fail on a thousand pages; the first page in the alphabet names it.
            key = (diagnostic.code, diagnostic.place)
            problems[key] = min(problems.get(key, diagnostic), diagnostic, key=lambda d: d.message)
        job.progress("render", len(written), len(stale))
    return written, list(problems.values())


def _batch(prepared: Prepared, place_of: Callable[[str], str], paths: Sequence[str]) -> RenderBatch:
    planned, entries = prepared.planned, {path: prepared.plan.pages[path] for path in paths}
    rows = planned.page_rows
    to_render = tuple(RenderPage(p, entry.template, rows[key_of(p, entry.template)], place_of(p)) for p, entry in entries.items())
    cards = {identifier: planned.card_rows[identifier] for path in paths for identifier in planned.shown_on[path]}
    texts = {entry.text: prepared.texts[entry.text].html for entry in entries.values() if entry.text}
    terms = {text: found for segment in segments_among(prepared.plan, paths) for text, found in prepared.terms[segment].items()}
    return RenderBatch(to_render, cards, texts, terms)


def _is_new_copy(job: Job, read: Read, address: str, path: str) -> bool:
    """Whether the output does not have the file at `path`: another one may have been at `address`."""
    known = job.known
    if known is None or address in job.damaged or known.body.plan.copies.get(address) != path:
        return True
    if is_image(path) and known.body.strips != (read.config.images.metadata == "strip"):
        return True
    key = source_key(job.request.site, path)
    before, now = known.body.sources.get(key), read.entries.get(key)
    return before is None or now is None or before.digest != now.digest or address not in known.body.outputs


def _mismatches(job: Job, reference: SiteState, prepared: Prepared, digests: Mapping[str, bytes]) -> Iterator[Diagnostic]:
    """Problems for `--verify`: files and pages that the cache would have taken for unchanged though they are not."""
    plan, before, now = prepared.plan, reference.body.sources, prepared.read.entries
    # What a file means depends on the settings.
    for path in before.keys() & now.keys() if before.get(CONFIG) == now[CONFIG] else ():
        if before[path].digest == now[path].digest and before[path] != now[path]:
            yield mismatch("the cache remembers other records of this file", path, plan)
    rows = Overlaid(prepared.planned.rows, job.rows)
    needed = stale_pages(plan, reference.body, prepared.templates, rows) or frozenset()
    for path, page in plan.pages.items():
        if path not in needed and reference.body.outputs.get(path, digests[path]) != digests[path]:
            yield mismatch(f"/{path} is not what the cache would have kept", page.origin, plan)


def _header(job: Job, prepared: Prepared, stamps: Mapping[str, OutputStamp], diagnostics: tuple[Diagnostic, ...]) -> StateHeader:
    """What the next build must know to find whether it has anything to do."""
    return StateHeader(
        program=job.program,
        output=os.fsencode(job.request.output),
        scope=prepared.plan.scope,
        scanned=job.seen.at,
        sources=Columns.of(job.seen.files).digest(),
        outputs=Columns.of(stamps),
        signature=signature_of(job.request.output),
        counts=structs.replace(prepared.plan.counts, files=len(stamps), bytes=sum(stamp[0] for stamp in stamps.values())),
        diagnostics=diagnostics,
    )


def _stamps(job: Job, paths: Iterable[str], new: Mapping[str, OutputStamp], opened: Collection[str]) -> dict[str, OutputStamp]:
    """The stamps of the published files: those that were written have `new` ones, and those `opened` others than before."""
    known, output = job.last, str(job.request.output)
    found = known.header.outputs.stamps() if known and MANIFEST not in job.damaged else {}
    found |= new
    stamps = {}
    for path in paths:
        stamp = None if path in opened else found.get(path)
        # What somebody takes away in this very moment is found damaged by the next build.
        stamps[path] = stamp or stamp_of(output, path) or OutputStamp((0, 0, 0, 0))
    return stamps
