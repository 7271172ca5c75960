"""The words that the theme and the program themselves print on pages, so that no author has leaked them."""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import get_args

from jinja2 import Environment, TemplateSyntaxError

from briefings.core.config import SiteConfig
from briefings.core.language import DateForm, Language
from briefings.core.text import MONTHS, WEEKDAYS
from briefings.pages.forms import DOCUMENTS
from briefings.pages.views.machine_views import SchemaView
from briefings.rendering.catalogues import messages
from briefings.rendering.documents import write_schema
from briefings.rendering.theme import Theme

_PRINTING = (
    *(f"content/markdown/{name}.py" for name in ("highlight", "phrases", "prose", "word_holes")),
    "pages/make/*.py",
    *(f"pages/{name}.py" for name in ("frame", "views/record_views")),
    *(f"rendering/{name}.py" for name in ("banners", "site_files", "feed_formats", "filters", "xml")),
    "core/language.py",
    "site/visibility.py",
)
"""Patterns of the paths of modules that write text into pages, feeds and other published files."""
_NEVER_PRINTED = frozenset({"problem", "did_you_mean", "compile"})
"""Functions whose arguments are never published: they make diagnostics and patterns."""
_OF_DIAGNOSTICS = frozenset({"message", "remedy"})
"""Names of variables that hold the text of a diagnostic."""
_PLACEHOLDER = re.compile(r"%\(\w+\)s")
_TOKENS = ("_open", "_close")
"""Endings of the names of the Markdown parser's tokens."""


def own_words(config: SiteConfig, theme: Theme | None) -> Iterator[str]:
    """Yield every text that the theme's templates or the program itself can print into a published file."""
    for template in theme.templates if theme else ():
        yield from _of_template(template.source)
    if config.outputs.documents:
        yield from (write_schema(SchemaView(document)).decode() for document in DOCUMENTS.values())
    yield from (*MONTHS, *WEEKDAYS)
    if theme:
        yield from chain.from_iterable(map(_printed, messages(theme.language)))
        yield from _days(theme.language)
    package = Path(__file__).parent.parent
    for pattern in _PRINTING:
        for module in sorted(package.glob(pattern)):
            yield from _Printed().of(module.read_text(encoding="utf-8"))


def _days(language: Language) -> Iterator[str]:
    """Yield the names of months and of days of the week as `language` writes them in dates."""
    for day in (dt.date(2018, month, month) for month in range(1, 13)):
        for form in get_args(DateForm):
            yield language.date(day, form)


def _printed(message: str) -> list[str]:
    """Return the printed parts of a message: the texts between its placeholders."""
    return _PLACEHOLDER.split(message)


def _of_template(source: str) -> Iterator[str]:
    """Yield the texts of a template: between its tags and in string literals, but not comments and names of variables."""
    between: list[str] = []
    try:
        for _, kind, value in Environment(autoescape=True).lex(source):
            if kind in ("data", "raw_begin", "raw_end"):
                between.append(value if kind == "data" else "")
            elif kind == "string":
                yield from _printed(value[1:-1])
            elif kind == "variable_begin":
                # Text before a printed value and text after it are not read as one.
                yield "".join(between)
                between.clear()
    except TemplateSyntaxError:
        # A broken template prints nothing, and the build reports it.
        return
    yield "".join(between)


class _Printed(ast.NodeVisitor):
    """Collects the string literals of a module that can be published: no docstrings, annotations or diagnostics."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def of(self, source: str) -> list[str]:
        """Return the texts in the `source` of a module."""
        self.visit(ast.parse(source))
        return self._found

    def visit_Expr(self, node: ast.Expr) -> None:
        """Pass over docstrings."""
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        """Pass over the text of a diagnostic."""
        if not any(isinstance(target, ast.Name) and target.id in _OF_DIAGNOSTICS for target in node.targets):
            self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        """Pass over the message of an exception."""

    def visit_Call(self, node: ast.Call) -> None:
        """Pass over calls whose arguments are never published."""
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in _NEVER_PRINTED:
            self.generic_visit(node)

    def visit_FormattedValue(self, node: ast.FormattedValue) -> None:
        """Pass over what says how a value is formatted."""
        self.visit(node.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        """Collect a string literal; the fixed parts of an f-string are string literals too."""
        if isinstance(node.value, str) and not node.value.endswith(_TOKENS) and node.value not in get_args(DateForm):
            self._found.extend(_printed(node.value))
