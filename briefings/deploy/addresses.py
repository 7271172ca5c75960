"""The address of a site on GitHub Pages, and whether `url` in site.yaml agrees with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from msgspec import Struct

from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.urls import PAGES_HOST, base_path, is_ip

_REPOSITORY = re.compile(
    r"(?:(?:https?|ssh|git)://)?(?:[^/@]*@)?github\.com(?::\d+/|[/:])/?([^/]+)/([^/]+?)(?:\.git)?/*",
    re.IGNORECASE,
)
"""The address of a repository on GitHub, as a URL or in ssh's form, `git@github.com:owner/name.git`."""
_PLACE = Place("content/site.yaml", key="url")
_OWN = frozenset({"localhost", "127.0.0.1", "::1"})


class Repository(Struct, frozen=True):
    """A repository on GitHub."""

    owner: str
    name: str

    @property
    def host(self) -> str:
        """The host of the owner's pages."""
        return f"{self.owner.lower()}{PAGES_HOST}"

    @property
    def is_of_user(self) -> bool:
        """Whether the repository holds the owner's own site rather than that of a project."""
        return self.name.lower() == self.host

    @property
    def address(self) -> str:
        """The address of the repository's site, unless it has a domain of its own."""
        return f"https://{self.host}/" if self.is_of_user else f"https://{self.host}/{self.name}/"


def repository(remote: str) -> Repository | None:
    """Return the GitHub repository at the address `remote`; None for an address elsewhere."""
    found = _REPOSITORY.fullmatch(remote.strip())
    return Repository(found[1], found[2]) if found else None


def is_local(url: str) -> bool:
    """Whether `url` is an address of this machine, which site.yaml has until somebody sets the real one."""
    return (urlsplit(url).hostname or "") in _OWN


def address_problems(url: str, remote: str) -> Iterator[Diagnostic]:
    """Yield what is wrong with `url` for a site published from the repository at `remote`; nothing unless GitHub has the repository."""
    found = repository(remote)
    if found is None:
        return
    parts, path = urlsplit(url), base_path(url)
    host = (parts.hostname or "").lower()

    def wrong(message: str, remedy: str) -> Diagnostic:
        return problem("address-mismatch", message, _PLACE, remedy)

    if is_local(url):
        yield wrong(f"this site is published from {found.owner}/{found.name}, and its address is not set", f"write url: {found.address}")
        return
    if parts.port is not None or is_ip(host):
        yield wrong("GitHub Pages serves neither ports nor bare IP addresses", f"write url: {found.address}, or a domain of your own")
        return
    if not host.endswith(PAGES_HOST):
        if path not in ("/", f"/{found.name}/"):
            yield wrong(
                f"on a domain of its own this site would stand at / or at /{found.name}/, not at {path}",
                f"write url: {parts.scheme}://{host}/",
            )
        return
    if host != found.host:
        yield wrong(f"the pages of {found.owner} stand at {found.host}, not at {host}", f"write url: {found.address}")
    elif found.is_of_user and path != "/":
        yield wrong(f"the repository {found.name} is published at / of its host, not at {path}", f"write url: {found.address}")
    elif not found.is_of_user and path != f"/{found.name}/":
        yield wrong(f"the repository {found.name} is published at /{found.name}/, not at {path}", f"write url: {found.address}")
    elif parts.scheme != "https":
        yield wrong(f"{PAGES_HOST[1:]} is always served by https", f"write url: {found.address}")
