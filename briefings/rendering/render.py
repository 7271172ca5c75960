"""From a view and the theme's templates to the bytes of a page."""

from __future__ import annotations

import functools
import marshal
import re
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

import jinja2
import msgspec
from markupsafe import Markup

from briefings.content.markdown.word_holes import filled
from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.language import Language
from briefings.pages.make.structured_data import structured_data
from briefings.pages.note_refs import Cards, with_cards
from briefings.pages.views.parts import Prose
from briefings.pages.views.record_views import TEMPLATES, PageOfTheme
from briefings.rendering.banners import with_banners
from briefings.rendering.explain import Explanation, Undefined, explain
from briefings.rendering.filters import filters
from briefings.rendering.theme import Template, Theme
from briefings.rendering.translation import COUNTED, TransBlock, TranslatingGenerator, counted, functions

STRUCTURED_DATA = "structured_data"
"""Name of the variable that holds the page's JSON-LD, in the words of schema.org; it is empty where the settings turn it off."""

HIGHEST_MARKING = "highest_marking"
"""Name of the variable that holds the page's mark. `page.highest_marking` is equal; themes of version 0.1 use this name."""


class _CompiledTemplates(jinja2.BytecodeCache):
    """The code of a theme's templates, which were compiled before."""

    def __init__(self, theme: Theme) -> None:
        self._code = {self.get_cache_key(t.name, t.path): t.code for t in theme.templates if t.code}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Put the code into `bucket`, if it is there; else Jinja compiles the template."""
        code = self._code.get(bucket.key)
        if code is not None:
            bucket.code = marshal.loads(code)  # noqa: S302 - compiled by this very version of the program

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Keep nothing: the environment has the template."""


@functools.lru_cache(maxsize=4)
def environment(theme: Theme) -> jinja2.Environment:
    """The Jinja environment of a theme; made once in each process."""
    sources = {t.name: (t.source, t.path) for t in theme.templates}

    def load(name: str) -> tuple[str, str, None] | None:
        found = sources.get(name)
        return (*found, None) if found else None

    made = jinja2.Environment(
        loader=jinja2.FunctionLoader(load),
        bytecode_cache=_CompiledTemplates(theme),
        autoescape=True,
        undefined=Undefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        extensions=[TransBlock],
    )
    made.extend(language=theme.language)
    made.newstyle_gettext = True  # type: ignore[attr-defined]  # the extension has it
    made.globals = {name: made.globals[name] for name in ("namespace", "range")} | functions(theme.language)
    made.filters.update(filters(theme.language))
    made.filters[COUNTED] = counted(theme.language)
    made.code_generator_class = TranslatingGenerator
    return made


def syntax_error(error: jinja2.TemplateSyntaxError, template: Template, theme: Theme) -> Diagnostic:
    """The diagnostic for a template that cannot be compiled."""
    return _template_error(_explained(error, theme), Place(template.path, error.lineno, 1), theme)


def render(view: PageOfTheme, cards: Cards, theme: Theme, html: Mapping[str, str]) -> bytes | Diagnostic:
    """Render the page of `view` as UTF-8, or give a diagnostic where its template fails.

    `cards` has the cards of the notes that the view names, by id; `html` has the texts, by digest.
    """
    try:
        template = environment(theme).get_template(TEMPLATES[type(view)])
        context = _context(view, cards, theme.language, html)
        return with_banners(template.render(context), view.page.highest_marking).encode()
    except Exception as error:
        # A template is a program of the site's: whatever it raises is a problem in it, to be shown with its place.
        explanation = _explained(error, theme, (*view.__struct_fields__, STRUCTURED_DATA, HIGHEST_MARKING))
        return _template_error(explanation, _place_in_template(error, theme), theme, view.page.url)


def _context(view: PageOfTheme, cards: Cards, language: Language, html: Mapping[str, str]) -> dict[str, Any]:
    """All that the page's template sees."""
    shown = with_cards(view, cards)
    context: dict[str, Any] = {STRUCTURED_DATA: _structured_data(view, cards), HIGHEST_MARKING: view.page.highest_marking}
    for name in view.__struct_fields__:
        value = getattr(shown, name)
        context[name] = fill(value, language, html) if isinstance(value, Prose) else value
    return context


def _structured_data(view: PageOfTheme, cards: Cards) -> Markup:
    """The page's JSON-LD, with every character escaped that could end the `<script>` around it."""
    found = structured_data(view, cards) if view.site.structured_data else None
    if found is None:
        return Markup()
    text = msgspec.json.encode(found).decode()
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))  # noqa: S704 - no letter of HTML is left


def fill(prose: Prose, language: Language, html: Mapping[str, str]) -> Markup:
    """The HTML of a text with its holes filled, and words of the program in `language`; `html` has the texts, by digest."""
    if not prose.digest:
        return Markup()
    text = _with_insertions(html[prose.digest], prose.insertions)
    figures = {one.reference: language.decimal(one.digits) + one.mark if one.digits else "–" for one in prose.figures}
    return Markup(filled(text, prose.fills.__getitem__, language, figures.__getitem__))  # noqa: S704 - the Markdown renderer has escaped or sanitised it


def _with_insertions(html: str, insertions: Sequence[tuple[int, str]]) -> str:
    """`html` with each of the `insertions`, which are in its order, before the character with its index."""
    pieces, done = [], 0
    for index, piece in insertions:
        pieces += [html[done:index], piece]
        done = index
    return "".join([*pieces, html[done:]]) if pieces else html


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
