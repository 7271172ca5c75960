"""Whether the site of a repository says of itself that it stands where GitHub Pages will put it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from briefings.content.parse import parse_config
from briefings.core.config import SiteConfig
from briefings.core.diagnostics import Diagnostic
from briefings.core.urls import PAGES_HOST
from briefings.deploy.addresses import address_problems, repository
from briefings.deploy.git import Git, GitError
from briefings.deploy.workflow import WORKFLOW
from briefings.engine.findings import judged
from briefings.engine.scan import CONFIG


class Hosting(Struct, frozen=True):
    """What the repository of a site tells of where the site may go."""

    remotes: tuple[str, ...] = ()
    """Addresses of the remotes; that of `origin` is the first."""
    has_workflow: bool = False
    """Whether there is the workflow for GitHub Pages."""

    @property
    def is_begun(self) -> bool:
        """Whether somebody has begun to publish the site."""
        return bool(self.remotes) or self.has_workflow

    @property
    def is_on_github(self) -> bool:
        """Whether GitHub has a part in it."""
        return self.has_workflow or any(map(repository, self.remotes))


def hosting(site: Path) -> Hosting:
    """What the repository of `site` tells; nothing where there is none."""
    git = Git(site, prompts=False)
    try:
        root = git.root()
    except GitError:
        # Those who deploy, and who ask for the workflow, are told.
        root = None
    if root is None:
        return Hosting()
    names = sorted(git.remotes(), key=lambda name: (name != "origin", name))
    return Hosting(tuple(git.address_of(name) for name in names), (root / WORKFLOW).exists())


def misplaced(site: Path, remote: str = "") -> tuple[Diagnostic, ...]:
    """What is wrong with the `url` of `site` for pages from `remote`, as its settings and comments want it told.

    Without a remote it is `origin` or the first there is, and only a site that has to do with GitHub Pages is told: a desk may keep its
    sources on GitHub and publish elsewhere.
    """
    config, _ = parse_config(CONFIG, (site / CONFIG).read_bytes())
    return () if config is None else judged(site, config.severities, mismatches(site, config, remote))


def mismatches(site: Path, config: SiteConfig, remote: str = "") -> Iterable[Diagnostic]:
    """The same, as it is."""
    if remote:
        return address_problems(config.url, Git(site, prompts=False).address_of(remote))
    found = hosting(site)
    on_pages = (urlsplit(config.url).hostname or "").endswith(PAGES_HOST) or found.has_workflow
    return address_problems(config.url, found.remotes[0]) if on_pages and found.remotes else ()
