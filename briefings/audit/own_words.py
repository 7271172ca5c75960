"""The words that a site shows without any author having written them: those that its theme and the program print."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError

from briefings.core.config import SiteConfig
from briefings.core.text import MONTHS
from briefings.pages.forms import DOCUMENTS
from briefings.pages.views.machine_views import SchemaView
from briefings.rendering.documents import write_schema
from briefings.rendering.theme import Theme

_PRINTING = (
    *(f"content/markdown/{name}.py" for name in ("blocks", "highlight", "phrases", "prose")),
    *(f"pages/make/{name}.py" for name in ("actors", "archive", "discovery", "entry_parts", "feeds", "home", "notes", "offices")),
    *(f"pages/make/{name}.py" for name in ("pagination", "sources", "structured_data", "topics")),
    *(f"pages/{name}.py" for name in ("frame", "views/record_views")),
    *(f"rendering/{name}.py" for name in ("banners", "site_files", "feed_formats", "filters", "xml")),
    "site/visibility.py",
)
"""The modules whose texts stand in pages, feeds and other files."""
_NEVER_PRINTED = frozenset({"problem", "did_you_mean", "compile"})
"""Functions whose arguments no reader sees: those of diagnostics and of patterns."""
_OF_DIAGNOSTICS = frozenset({"message", "remedy"})
"""Variables that hold what a diagnostic says."""
_TOKENS = ("_open", "_close")
"""How names of the Markdown parser's tokens end."""


def own_words(config: SiteConfig, theme: Theme | None) -> Iterator[str]:
    """Every text that the theme's templates or the program itself can print on a page or into another file."""
    for template in theme.templates if theme else ():
        yield from _of_template(template.source)
    if config.outputs.documents:
        yield from (write_schema(SchemaView(document)).decode() for document in DOCUMENTS.values())
    yield from MONTHS
    package = Path(__file__).parent.parent
    for module in _PRINTING:
        yield from _Printed().of((package / module).read_text(encoding="utf-8"))


def _of_template(source: str) -> Iterator[str]:
    """What stands between the tags of a template, and the texts in them; no comment, no name of a variable."""
    between: list[str] = []
    try:
        for _, kind, value in Environment(autoescape=True).lex(source):
            if kind in ("data", "raw_begin", "raw_end"):
                between.append(value if kind == "data" else "")
            elif kind == "string":
                yield value[1:-1]
            elif kind == "variable_begin":
                # Nobody reads on from before a value to behind it.
                yield "".join(between)
                between.clear()
    except TemplateSyntaxError:
        # A build tells what is wrong; of such a template nothing is printed.
        return
    yield "".join(between)


class _Printed(ast.NodeVisitor):
    """Collects the texts of a module that can reach a reader: neither docstrings, annotations nor diagnostics."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def of(self, source: str) -> list[str]:
        """The texts in the source of a module."""
        self.visit(ast.parse(source))
        return self._found

    def visit_Expr(self, node: ast.Expr) -> None:
        """Pass over docstrings."""
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        """Pass over what a diagnostic is going to say."""
        if not any(isinstance(target, ast.Name) and target.id in _OF_DIAGNOSTICS for target in node.targets):
            self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        """Pass over what an exception says."""

    def visit_Call(self, node: ast.Call) -> None:
        """Pass over what no reader sees."""
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in _NEVER_PRINTED:
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        """Take a text; the pieces of an f-string are texts, too."""
        if isinstance(node.value, str) and not node.value.endswith(_TOKENS):
            self._found.append(node.value)
