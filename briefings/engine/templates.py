"""The templates of the theme in use, ready for rendering: what each depends on, and which are not what they were."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from msgspec import Struct, structs

from briefings.core.diagnostics import Diagnostic
from briefings.engine.cache import Rows, Snapshot, digest
from briefings.engine.workers import Workers
from briefings.rendering.compile import compile_theme
from briefings.rendering.theme import Theme


class Templates(Struct, frozen=True):
    """The templates of a theme."""

    theme: Theme
    """Its templates have their code, but for what the cache has lost."""
    sources: dict[str, bytes]
    """Digest of each template's source, by name."""
    closures: dict[str, frozenset[str]]
    """For each template those that it depends on, itself among them."""
    warnings: tuple[Diagnostic, ...]

    def changed_since(self, sources: Mapping[str, bytes], closed: Mapping[str, frozenset[str]]) -> frozenset[str]:
        """The templates whose output may differ from that of the templates with these sources and closures."""
        if self.sources == sources and self.closures == closed:
            return frozenset()
        before, now = fingerprints(sources, closed), fingerprints(self.sources, self.closures)
        return frozenset(name for name, print_ in now.items() if before.get(name) != print_)

    @property
    def code(self) -> dict[str, bytes]:
        """The code of each template that has it, by name: its row in the cache."""
        return {t.name: t.code for t in self.theme.templates if t.code}


Templating = Callable[[], tuple[Templates | None, tuple[Diagnostic, ...]]]
"""Waits for templates that are being compiled: gives them, or what is wrong with them."""


def read_templates(theme: Theme, cache: Rows, known: Snapshot | None, pool: Workers) -> Templating:
    """Begin with the templates of `theme`, which are compiled beside what follows, unless the last build has compiled the same."""
    sources = {t.name: digest(t.source.encode()) for t in theme.templates}
    if known and known.details.templates == sources:
        code = cache.load("template", known.details.code)
        theme = structs.replace(theme, templates=tuple(structs.replace(t, code=code.get(t.name, b"")) for t in theme.templates))
        read = Templates(theme, sources, known.details.closures, known.details.of_theme)
        return lambda: (read, read.warnings)
    compiled = pool.beside(partial(compile_theme, theme), "compiling the theme")

    def templates() -> tuple[Templates | None, tuple[Diagnostic, ...]]:
        made, problems = compiled()
        return (Templates(made.theme, sources, made.closures, made.warnings), made.warnings) if made else (None, problems)

    return templates


def fingerprints(sources: Mapping[str, bytes], closed: Mapping[str, frozenset[str]]) -> dict[str, bytes]:
    """Template name to the digest of all that its output depends on, given the digest of each template's source."""
    prints = {}
    for name, needed in closed.items():
        folded = b"".join(part for other in sorted(needed) for part in (other.encode(), b"\0", sources[other]))
        prints[name] = digest(folded)
    return prints
