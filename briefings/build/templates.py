"""The templates of the theme in use, ready for rendering: what each depends on, and which are not what they were."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from briefings.build.cache import Snapshot, digest
from briefings.diagnostics import Diagnostic
from briefings.rendering.closure import closures, fingerprints
from briefings.rendering.render import check_templates
from briefings.rendering.theme import Theme


class Templates(Struct, frozen=True):
    """The templates of a theme."""

    theme: Theme
    sources: dict[str, bytes]
    """Digest of each template's source, by name."""
    closures: dict[str, frozenset[str]]
    """For each template those that it depends on, itself among them."""

    def changed_since(self, sources: Mapping[str, bytes], closed: Mapping[str, frozenset[str]]) -> frozenset[str]:
        """The templates whose output may differ from that of the templates with these sources and closures."""
        if self.sources == sources and self.closures == closed:
            return frozenset()
        before, now = fingerprints(sources, closed), fingerprints(self.sources, self.closures)
        return frozenset(name for name, print_ in now.items() if before.get(name) != print_)


def read_templates(theme: Theme, known: Snapshot | None) -> tuple[Templates | None, tuple[Diagnostic, ...]]:
    """The templates of `theme`, or what is wrong with them."""
    sources = {t.name: digest(t.source.encode()) for t in theme.templates}
    # Templates that the last build compiled need no second look.
    if known and known.details.templates == sources:
        return Templates(theme, sources, known.details.closures), ()
    problems = tuple(check_templates(theme))
    return (None if problems else Templates(theme, sources, closures(theme))), problems
