"""Words of templates in the language of the site: put in when a template is compiled, so that a page costs nothing more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import TemplateSyntaxError, nodes
from jinja2.compiler import Frame
from jinja2.ext import InternationalizationExtension
from jinja2.parser import Parser
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from briefings.core.language import Language
from briefings.rendering.escaping import TextGenerator

_FUNCTIONS = {"_": "gettext", "gettext": "gettext", "pgettext": "pgettext"}
"""What templates call for a message without a number, and the method of a language that gives it."""
_PART = re.compile(r"%%|%\((\w+)\)s")
COUNTED = "ngettext"
"""The filter that does what `ngettext` does, with the number before it."""
_PLURAL_BLOCK = "ngettext_markup"
"""What a `{% trans %}` with a `{% pluralize %}` calls when the page is rendered."""


def functions(language: Language) -> dict[str, Callable[..., str]]:
    """What templates call for words: `_`, `gettext`, `pgettext` and `ngettext`. They take and give text, not HTML."""

    def ngettext_markup(one: str, many: str, num: int, **values: object) -> str:
        """A message of a `{% trans %}` block, which is HTML; the values are escaped."""
        escaped = {name: Markup.escape(value) for name, value in values.items()}
        return Markup(language.ngettext(one, many, num, **escaped))  # noqa: S704 - the theme's own text, and the values are escaped

    return {
        "_": language.gettext,
        "gettext": language.gettext,
        "pgettext": language.pgettext,
        "ngettext": language.ngettext,
        _PLURAL_BLOCK: ngettext_markup,
    }


def counted(language: Language) -> Callable[[int, str, str], str]:
    """The filter `COUNTED`. A site counts the same few things to the same few numbers on all its pages."""
    return lru_cache(maxsize=8192)(lambda number, one, many: language.ngettext(one, many, number))


class TransBlock(InternationalizationExtension):
    """The tag `{% trans %}`: its text, in the language of the environment, takes its place while the template is parsed."""

    def parse(self, parser: Parser) -> nodes.Node | list[nodes.Node]:
        """Parse one block."""
        parsed = super().parse(parser)
        for node in parsed if isinstance(parsed, list) else [parsed]:
            if isinstance(node, nodes.Output):
                call = node.nodes[0]
                assert isinstance(call, nodes.Call) and isinstance(call.node, nodes.Name)  # noqa: S101, PT018 - Jinja makes no other
                self._put_in(node, call, call.node.name)
        return parsed

    def _put_in(self, node: nodes.Output, call: nodes.Call, name: str) -> None:
        """Let `node` print the message that `call`, of the function `name`, asks for."""
        language: Language = self.environment.language  # type: ignore[attr-defined]  # as `environment` has made it
        if name == "npgettext":
            raise TemplateSyntaxError("a {% trans %} has a context or a {% pluralize %}, not both", node.lineno)
        if name == "ngettext":
            call.node = nodes.Name(_PLURAL_BLOCK, "load")
            return
        message = getattr(language, name)(*(argument.value for argument in call.args if isinstance(argument, nodes.Const)))
        node.nodes = [*_parts(message, {keyword.key: keyword.value for keyword in call.kwargs})]


class TranslatingGenerator(TextGenerator):
    """The compiler of a theme's templates: a call for a message that is known beforehand becomes that message."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - the library calls it so
        """Put the messages in, and compile."""
        _Messages(self.environment.language).visit(node)  # type: ignore[attr-defined]  # as `environment` has made it
        super().visit_Template(node, frame)


class _Messages(NodeTransformer):
    def __init__(self, language: Language) -> None:
        self._language = language

    def visit_Call(self, node: nodes.Call, *_: Any) -> nodes.Node:  # noqa: N802 - the library calls it so
        """A message in the place of `_("…")`."""
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        function = _FUNCTIONS.get(name)
        words = [argument.value for argument in node.args if isinstance(argument, nodes.Const)]
        if name == "ngettext" and (len(node.args), len(words), node.kwargs) == (3, 2, []):
            # A filter is called in a third of the time.
            return nodes.Filter(node.args[2], COUNTED, node.args[:2], [], None, None, lineno=node.lineno)
        if function is None or len(words) < len(node.args) or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return node
        return nodes.Const(getattr(self._language, function)(*words), lineno=node.lineno)


def _parts(message: str, values: Mapping[str, nodes.Expr]) -> Iterator[nodes.Expr]:
    """The nodes that print a message: its own text, which is HTML, and its values."""
    end = 0
    for found in _PART.finditer(message):
        yield nodes.TemplateData(message[end : found.start()])
        yield nodes.TemplateData("%") if found.group() == "%%" else values[found.group(1)]
        end = found.end()
    yield nodes.TemplateData(message[end:])
