"""Which templates a template depends on: itself, and all that it includes, imports or extends."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from briefings.rendering.render import named_in
from briefings.rendering.theme import Theme


def closures(theme: Theme) -> dict[str, frozenset[str]]:
    """Template name to the names of all templates that its output depends on, itself among them.

    A template that names another only while it runs depends on all.
    """
    everything = frozenset(t.name for t in theme.templates)
    direct: dict[str, frozenset[str]] = {}
    for template in theme.templates:
        named = named_in(template)
        direct[template.name] = everything if None in named else frozenset(n for n in named if n in everything)
    return {name: _reachable(name, direct) for name in direct}


def fingerprints(sources: Mapping[str, bytes], closed: Mapping[str, frozenset[str]]) -> dict[str, bytes]:
    """Template name to the digest of all that its output depends on, given the digest of each template's source."""
    prints = {}
    for name, needed in closed.items():
        folded = b"".join(part for other in sorted(needed) for part in (other.encode(), b"\0", sources[other]))
        prints[name] = hashlib.blake2b(folded, digest_size=16).digest()
    return prints


def _reachable(name: str, direct: dict[str, frozenset[str]]) -> frozenset[str]:
    found = {name}
    pending = [name]
    while pending:
        for other in direct[pending.pop()] - found:
            found.add(other)
            pending.append(other)
    return frozenset(found)
