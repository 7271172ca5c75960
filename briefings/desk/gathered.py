"""The material of the checks: all content as read, and the site as readers and as the desk see it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, partial
from pathlib import Path

from msgspec import Struct, structs

from briefings.content.parse import Parsed
from briefings.content.records import AnyRecord
from briefings.core.config import SiteConfig
from briefings.core.diagnostics import Diagnostic, has_errors
from briefings.deploy.placement import Hosting, hosting
from briefings.desk.repository import public_remote
from briefings.engine.api import BuildRequest, Progress
from briefings.engine.cache import Cache
from briefings.engine.mentions import searching_in
from briefings.engine.planning import readers_of
from briefings.engine.reading import Material, attachment, read_material
from briefings.engine.scan import Scan, read_or_nothing, scan_sources
from briefings.engine.task import Task
from briefings.engine.text_packs import Text
from briefings.executors.executor import Executor
from briefings.pages.plan import collisions, plan
from briefings.pages.theme_pages import ThemePages
from briefings.site.likeness import alike
from briefings.site.link import link
from briefings.site.linked import Attachment
from briefings.site.model import Site
from briefings.site.visibility import Readers
from briefings.site.withheld_files import withheld_files


class LinkedSite(Struct, frozen=True):
    """A site linked for certain readers, with the problems that linking found."""

    site: Site
    """The linked site; incomplete when a diagnostic is an error."""
    diagnostics: tuple[Diagnostic, ...]


class Gathered(Struct, frozen=True, dict=True, kw_only=True):
    """All that a check may look at. What takes long to find is found when a check first asks for it."""

    folder: Path
    """The site's folder, resolved."""
    config: SiteConfig
    readers: Readers
    """The readers for whom the site is checked."""
    seen: Scan
    """All source files with their sizes and times, those of themes included."""
    parsed: tuple[Parsed, ...]
    """Every file that holds records, sorted by path."""
    texts: Mapping[str, Text]
    """The texts of all records, by the digests of their HTML."""
    attachments: tuple[Attachment, ...]
    """The files of the content folder that hold no records."""
    theme: ThemePages
    """What planning must know of the theme."""

    @cached_property
    def records(self) -> tuple[AnyRecord, ...]:
        """Every record with a valid header, withheld ones included."""
        return tuple(record for file in self.parsed for record in file.records)

    @cached_property
    def shown(self) -> LinkedSite:
        """The site as its readers see it."""
        return self._linked(self.readers)

    @cached_property
    def whole(self) -> LinkedSite:
        """The site as the desk sees it, with everything that is withheld from readers."""
        return self._linked(structs.replace(self.readers, audience="desk"))

    @cached_property
    def remote(self) -> str:
        """The host of a remote of the site's git repository that looks public; empty where there is none."""
        return public_remote(self.folder)

    @cached_property
    def hosting(self) -> Hosting:
        """What the site's git repository says about where the site is published."""
        return hosting(self.folder)

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Paths of the files of which readers may see nothing."""
        files = [file.file for file in self.attachments]
        hidden, _ = withheld_files({file.path: file for file in self.parsed}, files, self.shown.site.copies, self.readers)
        return frozenset(hidden)

    @cached_property
    def alike(self) -> tuple[Diagnostic, ...]:
        """A problem for each visible note that has the text of a withheld one, as a build reports it."""
        shown = sorted(file.path for file in self.parsed if file.path not in self.hidden)
        return tuple(alike(partial(read_or_nothing, self.folder), self.config, self.readers, shown, sorted(self.hidden), None))

    def _linked(self, who: Readers) -> LinkedSite:
        site, found = link(self.parsed, self.attachments, self.config, who, searching_in(self.texts))
        if not has_errors(found):
            found += tuple(collisions(((page.path, page.origin) for page in plan(site, self.theme)), site, self.theme.assets))
        return LinkedSite(site, found)


def read_all(request: BuildRequest, executor: Executor, progress: Progress) -> tuple[Scan, Material]:
    """Scan and read all content without using results of former builds."""
    seen = scan_sources(request.site)
    return seen, read_material(
        Task(request=request, rows=Cache(request.site), known=None, seen=seen, stamps={}, executor=executor, progress=progress)
    )


def gathered(request: BuildRequest, seen: Scan, material: Material) -> Gathered | None:
    """Put together the material of the checks; None where site.yaml is wrong or missing."""
    read = material.read
    if read is None:
        return None
    return Gathered(
        folder=request.site,
        config=read.config,
        readers=readers_of(request, read.config),
        seen=seen,
        parsed=tuple(read.changed.values()),
        texts=read.texts,
        attachments=tuple(attachment(request.site, path) for path in read.sources.attachments),
        theme=material.templates.theme.pages if material.templates else ThemePages(),
    )
