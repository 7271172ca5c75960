"""Whether the `url` in a site's settings agrees with where GitHub Pages will put the site."""

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
    """What the git repository of a site says about where the site is published."""

    remotes: tuple[str, ...] = ()
    """Addresses of the remotes; that of `origin` comes first."""
    has_workflow: bool = False
    """Whether the repository has our workflow for GitHub Pages."""

    @property
    def is_begun(self) -> bool:
        """Whether the site has a remote or a workflow, so that somebody has begun to publish it."""
        return bool(self.remotes) or self.has_workflow

    @property
    def is_on_github(self) -> bool:
        """Whether the site has our workflow, or a remote on GitHub."""
        return self.has_workflow or any(map(repository, self.remotes))


def hosting(site: Path) -> Hosting:
    """Read the repository of `site`; the answer is empty where there is none."""
    git = Git(site, prompts=False)
    try:
        root = git.root()
    except GitError:
        # A site that git refuses is reported by `deploy` and `new workflow`.
        root = None
    if root is None:
        return Hosting()
    names = sorted(git.remotes(), key=lambda name: (name != "origin", name))
    return Hosting(tuple(git.address_of(name) for name in names), (root / WORKFLOW).exists())


def misplaced(site: Path, remote: str = "") -> tuple[Diagnostic, ...]:
    """Return the problems of the site's `url` for pages published from `remote`, with the site's severities and silences applied.

    Without `remote` it is `origin` or else the first remote, and only a site that uses GitHub Pages is checked: a desk may keep its
    sources on GitHub and publish elsewhere.
    """
    config, _ = parse_config(CONFIG, (site / CONFIG).read_bytes())
    return () if config is None else judged(site, config.severities, mismatches(site, config, remote))


def mismatches(site: Path, config: SiteConfig, remote: str = "") -> Iterable[Diagnostic]:
    """Return the problems of `url` for pages published from `remote`, before severities and silences are applied."""
    if remote:
        return address_problems(config.url, Git(site, prompts=False).address_of(remote))
    found = hosting(site)
    on_pages = (urlsplit(config.url).hostname or "").endswith(PAGES_HOST) or found.has_workflow
    return address_problems(config.url, found.remotes[0]) if on_pages and found.remotes else ()
