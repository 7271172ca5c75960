"""The templates of the theme in use, compiled: what each depends on, and which have changed since the last build."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, structs

from briefings.core.diagnostics import Diagnostic
from briefings.core.digests import digest
from briefings.core.language import Language
from briefings.engine.cache import Rows
from briefings.engine.state import SiteState
from briefings.executors.executor import Executor
from briefings.pages.forms import FORMS
from briefings.rendering.compile import compile_theme
from briefings.rendering.template_state import TemplateState, fingerprints
from briefings.rendering.theme import Theme


class Templates(Struct, frozen=True):
    """The templates of a theme."""

    theme: Theme
    """Its templates have their code, but for what the cache has lost."""
    state: TemplateState

    def changed_since(self, before: TemplateState) -> frozenset[str]:
        """Return the names of templates, and of other forms, whose output may have changed since the state `before`."""
        if self.state.language != before.language:
            return frozenset(FORMS)
        if self.state.sources == before.sources and self.state.closures == before.closures:
            return frozenset()
        old, new = fingerprints(before), fingerprints(self.state)
        return frozenset(name for name, print_ in new.items() if old.get(name) != print_)

    @property
    def code(self) -> dict[str, bytes]:
        """The code of each template that has it, by name: its row in the cache."""
        return {t.name: t.code for t in self.theme.templates if t.code}


Templating = Callable[[], tuple[Templates | None, tuple[Diagnostic, ...]]]
"""Waits for templates that are being compiled: gives them, or what is wrong with them."""


def read_templates(theme: Theme, cache: Rows, known: SiteState | None, executor: Executor) -> Templating:
    """Begin to compile the templates of `theme` in another process, unless the last build, which is `known`, has compiled the same."""
    sources = {t.name: digest(t.source.encode()) for t in theme.templates}
    language = language_digest(theme.language)
    if known and (known.body.templates.sources, known.body.templates.language) == (sources, language):
        state = known.body.templates
        code = cache.load("template", state.code)
        theme = structs.replace(theme, templates=tuple(structs.replace(t, code=code.get(t.name, b"")) for t in theme.templates))
        read = Templates(theme, structs.replace(state, code={name: state.code[name] for name in code}))
        return lambda: (read, state.warnings)
    compiled = executor.submit("compiling the theme", compile_theme, theme)

    def templates() -> tuple[Templates | None, tuple[Diagnostic, ...]]:
        made, problems = compiled()
        if made is None:
            return None, problems
        code = {t.name: digest(t.code) for t in made.theme.templates if t.code}
        state = TemplateState(sources=sources, language=language, closures=made.closures, warnings=made.warnings, code=code)
        return Templates(made.theme, state), made.warnings

    return templates


def language_digest(language: Language) -> bytes:
    """The digest of a language with its catalogues."""
    return digest(b"\0".join((language.tag.encode(), *map(digest, language.catalogues))))
