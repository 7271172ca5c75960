"""What a build remembers of a theme's templates, and what of it tells that a page must be rendered again."""

from __future__ import annotations

from msgspec import Struct

from briefings.core.diagnostics import Diagnostic
from briefings.core.digests import digest


class TemplateState(Struct, frozen=True, kw_only=True):
    """What a build remembers of the templates of a theme besides their code."""

    sources: dict[str, bytes] = {}
    """Digest of each template's source, by name."""
    language: bytes = b""
    """Digest of the language of the site's own words, with its catalogues."""
    closures: dict[str, frozenset[str]] = {}
    """For each template those that it depends on, itself among them."""
    warnings: tuple[Diagnostic, ...] = ()
    """What is doubtful in templates, before site.yaml gives these warnings their severities."""
    code: dict[str, bytes] = {}
    """Digest of each template's code, by the template's name."""


def fingerprints(state: TemplateState) -> dict[str, bytes]:
    """For each template, by name, a digest of its source and of the sources of all templates that it depends on."""
    digests = {}
    for name, needed in state.closures.items():
        folded = b"".join(part for other in sorted(needed) for part in (other.encode(), b"\0", state.sources[other]))
        digests[name] = digest(folded)
    return digests
