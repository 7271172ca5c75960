"""From a view and the theme's templates to the bytes of a page."""

from __future__ import annotations

import functools
import re
import traceback
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from types import CodeType
from typing import Any

import jinja2
import jinja2.meta
from jinja2.bccache import Bucket
from markupsafe import Markup

from briefings.diagnostics import Diagnostic, Place, problem
from briefings.pages.parts import Prose
from briefings.pages.views import TEMPLATES, View
from briefings.rendering.explain import Explanation, Undefined, explain
from briefings.rendering.filters import FILTERS
from briefings.rendering.theme import Template, Theme

_COMPILED = 512
"""How many templates are kept as they were read and compiled."""
_HOLE = re.compile("\x01\\d+\x02")


class _Compiled(jinja2.BytecodeCache):
    """Templates that this process has compiled: after an edit of one, the others are not compiled again."""

    def __init__(self) -> None:
        self._code: OrderedDict[tuple[str, str], CodeType] = OrderedDict()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the template's code, if it is known."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the template's code, and let go of the oldest."""
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code
        while len(self._code) > _COMPILED:
            self._code.popitem(last=False)


_compiled = functools.cache(_Compiled)


@functools.lru_cache(maxsize=4)
def environment(theme: Theme) -> jinja2.Environment:
    """The Jinja environment of a theme; made once in each process."""
    sources = {t.name: (t.source, t.path) for t in theme.templates}

    def load(name: str) -> tuple[str, str, None] | None:
        found = sources.get(name)
        return (*found, None) if found else None

    made = jinja2.Environment(
        loader=jinja2.FunctionLoader(load),
        bytecode_cache=_compiled(),
        autoescape=True,
        undefined=Undefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.globals = {name: made.globals[name] for name in ("namespace", "range")}
    made.filters.update(FILTERS)
    return made


def check_templates(theme: Theme) -> Iterator[Diagnostic]:
    """Every template that cannot be compiled."""
    for template in theme.templates:
        try:
            named_in(template)
        except jinja2.TemplateSyntaxError as error:
            yield _template_error(_explained(error, theme), Place(template.path, error.lineno, 1), theme)


@functools.lru_cache(maxsize=_COMPILED)
def named_in(template: Template) -> frozenset[str | None]:
    """The templates that a template names; None among them for one that it names only while it runs.

    Raises jinja2.TemplateSyntaxError.
    """
    # How a template is read does not depend on which others there are.
    made = environment(Theme("", (), ()))
    return frozenset(jinja2.meta.find_referenced_templates(made.parse(template.source, template.name, template.path)))


def render(view: View, theme: Theme, html: Mapping[str, str]) -> bytes | Diagnostic:
    """The page as UTF-8; `html` has the texts by their digests. A template that fails gives a diagnostic."""
    try:
        template = environment(theme).get_template(TEMPLATES[type(view)])
        return template.render(_context(view, html)).encode()
    except Exception as error:
        # A template is a program of the site's: whatever it raises is a problem in it, to be shown with its place.
        explanation = _explained(error, theme, view.__struct_fields__)
        return _template_error(explanation, _place_in_template(error, theme), theme, view.page.url)


def _context(view: View, html: Mapping[str, str]) -> dict[str, Any]:
    context: dict[str, Any] = {}
    for name in view.__struct_fields__:
        value = getattr(view, name)
        context[name] = fill(value, html) if isinstance(value, Prose) else value
    return context


def fill(prose: Prose, html: Mapping[str, str]) -> Markup:
    """The HTML of a text with its holes filled."""
    if not prose.digest:
        return Markup()
    text = html[prose.digest]
    if not prose.fills:
        return Markup(text)  # noqa: S704 - the Markdown renderer has escaped or sanitised it
    return Markup(_HOLE.sub(lambda hole: prose.fills[int(hole.group()[1:-1])], text))  # noqa: S704


def _place_in_template(error: Exception, theme: Theme) -> Place:
    """The line of the innermost template in the error's traceback."""
    paths = {t.path for t in theme.templates}
    if isinstance(error, jinja2.TemplateSyntaxError) and error.filename in paths:
        return Place(str(error.filename), error.lineno, 1)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in paths]
    return Place(frames[-1].filename, frames[-1].lineno or 0, 1) if frames else Place(f"themes/{theme.name}/theme.yaml")


def _explained(error: Exception, theme: Theme, variables: Sequence[str] = ()) -> Explanation:
    own = (t.name for t in theme.templates)
    return explain(error, variables=variables, environment=environment(theme), templates=own)


def _template_error(found: Explanation, place: Place, theme: Theme, page: str | None = None) -> Diagnostic:
    where = "" if page is None else f" (on the page /{page})"
    return problem("template-error", found.message + where, _pointed(place, found.name, theme), found.remedy)


def _pointed(place: Place, name: str, theme: Theme) -> Place:
    """`place` with the column and width of `name`, when its line of the template has that word."""
    if not name or not place.line:
        return place
    # A template of the site's and the one that it overrides may both go by this path.
    sources = (t.source.split("\n") for t in theme.templates if t.path == place.path)
    lines = (source[place.line - 1] for source in sources if place.line <= len(source))
    words = (re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line) for line in lines)
    return next((Place(place.path, place.line, word.start() + 1, len(name)) for word in words if word), place)
