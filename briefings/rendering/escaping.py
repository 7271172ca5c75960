"""What templates print, escaped in half the time that Jinja takes for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import markupsafe
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame

escape_text: Callable[[str], str] = getattr(markupsafe, "_escape_inner", markupsafe.escape)
"""Escapes a text without wrapping it in Markup, which `escape` does and a page does not need: the parts of a page are only joined."""


class TextGenerator(CodeGenerator):
    """Jinja's compiler with one change: its code escapes a plain text, as nearly all output is, with one call instead of four."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - the library calls it so
        """Begin the code of a template with the import of what it needs."""
        self.writeline(f"from {__name__} import escape_text")
        super().visit_Template(node, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if self._is_plain(frame, finalize):
            self.write("(escape_text(text_) if type(text_ := (")
        else:
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if self._is_plain(frame, finalize):
            self.write(")) is str else escape(text_))")
        else:
            super()._output_child_post(node, frame, finalize)

    @staticmethod
    def _is_plain(frame: Frame, finalize: Any) -> bool:
        return frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None
