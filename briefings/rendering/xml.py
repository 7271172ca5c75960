"""XML from Jinja templates of our own, which escape whatever is put into them."""

from __future__ import annotations

import jinja2

from briefings.rendering.escaping import TextGenerator

_ENVIRONMENT = jinja2.Environment(
    autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
)
_ENVIRONMENT.code_generator_class = TextGenerator


def xml_template(source: str) -> jinja2.Template:
    """A template for XML."""
    return _ENVIRONMENT.from_string('<?xml version="1.0" encoding="utf-8"?>\n' + source)
