"""Templates as code: compiled once, for every process and for later builds; what is wrong with them; what each depends on."""

from __future__ import annotations

import functools
import marshal

import jinja2
from jinja2 import meta
from msgspec import Struct, structs

from briefings.core.diagnostics import Diagnostic
from briefings.core.language import Language
from briefings.rendering.render import environment, syntax_error
from briefings.rendering.theme import Template, Theme
from briefings.rendering.unused import Outline, outline, unused


class CompiledTheme(Struct, frozen=True):
    """A theme whose templates are sound."""

    theme: Theme
    """With the code of each template."""
    closures: dict[str, frozenset[str]]
    """Template name to the names of all templates that its output depends on, itself among them."""
    warnings: tuple[Diagnostic, ...]


def compile_theme(theme: Theme) -> tuple[CompiledTheme | None, tuple[Diagnostic, ...]]:
    """Compile every template of `theme`, or say which ones cannot be.

    A template that names another only while it runs depends on all.
    """
    everything = frozenset(t.name for t in theme.templates)
    direct: dict[str, frozenset[str]] = {}
    templates = []
    outlines: dict[str, Outline] = {}
    problems = []
    for template in theme.templates:
        try:
            compiled = _compiled(structs.replace(template, code=b""), theme.language)
            direct[template.name] = everything if None in compiled.names else frozenset(n for n in compiled.names if n in everything)
            outlines[template.name] = compiled.outline
            templates.append(structs.replace(template, code=compiled.code))
        except jinja2.TemplateSyntaxError as error:
            problems.append(syntax_error(error, template, theme))
    if problems:
        return None, tuple(problems)
    closures = {name: _reachable(name, direct) for name in direct}
    warnings = unused(theme.templates, outlines, closures)
    return CompiledTheme(structs.replace(theme, templates=tuple(templates)), closures, warnings), ()


class _Compiled(Struct, frozen=True):
    """A template as code."""

    names: frozenset[str | None]
    """The templates that it names; None among them when it names one only while it runs."""
    code: bytes
    outline: Outline


@functools.lru_cache(maxsize=512)
def _compiled(template: Template, language: Language) -> _Compiled:
    """Compile one template with its words in `language`. The result is kept, so the server compiles only templates that were edited.

    Raises jinja2.TemplateSyntaxError.
    """
    made = environment(Theme("", (), (), language))
    tree = made.parse(template.source, template.name, template.path)
    # Compiling changes the tree.
    names = frozenset(meta.find_referenced_templates(tree))
    found = outline(tree)
    return _Compiled(names, marshal.dumps(made.compile(tree, template.name, template.path)), found)


def _reachable(name: str, direct: dict[str, frozenset[str]]) -> frozenset[str]:
    found = {name}
    pending = [name]
    while pending:
        for other in direct[pending.pop()] - found:
            found.add(other)
            pending.append(other)
    return frozenset(found)
