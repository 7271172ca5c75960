"""Whether the site of a repository says of itself that it stands where GitHub Pages will put it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from briefings.build.judgement import judged
from briefings.build.sites import CONFIG
from briefings.config import SiteConfig
from briefings.content.parse import parse_config
from briefings.diagnostics import Diagnostic
from briefings.publish.addresses import address_problems
from briefings.publish.git import Git
from briefings.publish.workflow import WORKFLOW
from briefings.urls import PAGES_HOST


def misplaced(site: Path, remote: str = "") -> tuple[Diagnostic, ...]:
    """What is wrong with the `url` of `site` for pages from `remote`, as its settings and comments want it told.

    Without a remote it is `origin` or the first there is, and only a site that has to do with GitHub Pages is told: a desk may keep its
    sources on GitHub and publish elsewhere.
    """
    config, _ = parse_config(CONFIG, (site / CONFIG).read_bytes())
    return () if config is None else judged(site, config.severities, mismatches(site, config, remote))


def mismatches(site: Path, config: SiteConfig, remote: str = "") -> Iterable[Diagnostic]:
    """The same, as it is."""
    git = Git(site, prompts=False)
    root = git.root()
    if root is None:
        return ()
    names = sorted(git.remotes(), key=lambda name: (name != "origin", name))
    chosen = remote or next(iter(names), "")
    on_pages = (urlsplit(config.url).hostname or "").endswith(PAGES_HOST) or (root / WORKFLOW).exists()
    if not chosen or not (remote or on_pages):
        return ()
    return address_problems(config.url, git.address_of(chosen))
