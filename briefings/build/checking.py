"""A check of all content, for its authors' eyes: what any build would find wrong, and what only they should know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import structs

from briefings.build.build import scan_sources
from briefings.build.cache import Cache
from briefings.build.located import located
from briefings.build.planning import readers_of
from briefings.build.prepare import Material, Task, read_material
from briefings.build.read import attachment, unreadable
from briefings.build.report import BuildRequest, Progress
from briefings.build.workers import Workers
from briefings.content.records import AnyRecord
from briefings.content.validate import join
from briefings.diagnostics import Diagnostic, Place, has_errors, problem
from briefings.pages.plan import collisions, plan
from briefings.site.link import link
from briefings.site.loose_ends import loose_ends
from briefings.site.secret_files import secret_files
from briefings.site.visibility import Readers, conditions

_REMOTE = re.compile(r"^\s*url\s*=\s*(\S+)", re.MULTILINE)
_PUBLIC = re.compile(
    r"(?:(?:https?|ssh|git)://(?:[^/@\s]+@)?|[\w.-]+@)((?:www\.)?(?:github\.com|gitlab\.com|codeberg\.org))[/:]", re.IGNORECASE
)
"""The address of a repository on a host where most of them can be read by anybody."""


def read_all(request: BuildRequest, pool: Workers, progress: Progress) -> Material:
    """All content, as if nothing had been built before."""
    seen = scan_sources(request.site)
    return read_material(Task(request=request, rows=Cache(request.site), known=None, seen=seen, stamps={}, pool=pool, progress=progress))


def check(request: BuildRequest, progress: Progress) -> tuple[Diagnostic, ...]:
    """Everything that is wrong for the readers that `request` names, and for those who may see all."""
    with Workers(request.jobs) as pool:
        material = read_all(request, pool, progress)
    found = list(material.diagnostics)
    read = material.read
    if read is not None:
        progress("link", 0, 0)
        attachments = [attachment(request.site, path) for path in read.sources.attachments]
        found += (broken for one in attachments if (broken := unreadable(one)) is not None)
        assets = [address for address, _ in material.templates.theme.assets] if material.templates else []
        readers = readers_of(request, read.config)
        everybody = structs.replace(readers, audience="desk")
        parsed = tuple(read.changed.values())
        desk: list[Diagnostic] = []
        for who, told in ((readers, found), (everybody, desk)):
            site, linked = link(parsed, attachments, read.config, now=who.now, audience=who.audience, drafts=who.drafts)
            told += linked
            if not has_errors(linked):
                told += collisions(((page.path, page.origin) for page in plan(site, assets)), site, assets)
            if who is readers:
                hidden, _ = secret_files(read.changed, read.sources.attachments, site.copies, readers)
        desk += loose_ends(parsed, read.config, readers)
        desk += _too_early((record for file in parsed for record in file.records), readers)
        desk += _in_the_open(request.site, (record for file in parsed for record in file.records), readers)
        known = frozenset(found)
        found = [structs.replace(d, guarded=d.guarded or d.place.path in hidden) for d in found]
        found += (structs.replace(d, guarded=True) for d in desk if d not in known)
    return located(request.site, found)


def _too_early(records: Iterable[AnyRecord], readers: Readers) -> Iterator[Diagnostic]:
    """That a record is withdrawn before the date that it gives: a withdrawal never waits, lest what is wrong stay for an hour longer."""
    for record in records:
        withdrawal = record.header.withdrawn
        if withdrawal is not None and withdrawal.date.start(readers.zone) > readers.now:
            message = f'the {record.kind} "{record.id}" is withdrawn at once, though its date, {withdrawal.date.text}, is still to come'
            remedy = "correct the date, or leave withdrawn out until then; what is to lapse at a known time has expires"
            yield problem("early-withdrawal", message, Place(record.path, key=join(record.key, "withdrawn.date")), remedy)


def _in_the_open(site: Path, records: Iterable[AnyRecord], readers: Readers) -> Iterator[Diagnostic]:
    """That content above TLP:CLEAR lies in a repository that looks public."""
    remote = public_remote(site)
    if not remote:
        return
    everybody = Readers("TLP:CLEAR", readers.now, readers.zone, drafts=True)
    marked = sorted({record.path for record in records if not all(map(everybody.may_see, conditions(record)))})
    if marked:
        more = f" and {len(marked) - 1} more files" if len(marked) > 1 else ""
        message = f"this file{more} have a marking above TLP:CLEAR" if more else "this file has a marking above TLP:CLEAR"
        remedy = (
            "whoever reads the repository reads them, whatever a build leaves out: make sure that it is private, or keep them elsewhere"
        )
        yield problem("public-repository", f"{message}, and the repository's remote looks public: {remote}", Place(marked[0]), remedy)


def public_remote(site: Path) -> str:
    """The host of a remote of the site's repository that looks public; empty when none does."""
    for folder in (site, *site.parents):
        config = _git_config(folder / ".git")
        if config is not None:
            try:
                remotes = _REMOTE.findall(config.read_text(encoding="utf-8", errors="replace"))
            except OSError:
                return ""
            return next((found[1].lower() for remote in remotes if (found := _PUBLIC.match(remote)) is not None), "")
    return ""


def _git_config(git: Path) -> Path | None:
    """The configuration of a repository, also where `.git` is the file of a second working tree."""
    if git.is_dir():
        return git / "config"
    if not git.is_file():
        return None
    folder = git.parent / git.read_text(encoding="utf-8", errors="replace").removeprefix("gitdir:").strip()
    common = folder / "commondir"
    return (folder / common.read_text(encoding="utf-8").strip() if common.is_file() else folder) / "config"
