"""What templates print is what Jinja's own compiler would have made of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.compiler import CodeGenerator
from markupsafe import Markup

from briefings.rendering.escaping import TextGenerator

TEMPLATES = (
    "{{ value }}",
    "<p title='{{ value }}'>{{ value | upper }}</p>",
    "{% macro m(x) %}<b>{{ x }}</b>{{ x }}{% endmacro %}{{ m(value) }}{{ m(m(value)) }}",
    "{% for x in [value, value] %}{{ loop.index }}{{ x }}{% endfor %}",
    "{% set x %}{{ value }}<i>{% endset %}{{ x }}{{ value ~ x }}",
    "{% filter lower %}{{ value }}{% endfilter %}",
    "{% autoescape false %}{{ value }}{% endautoescape %}{{ value }}",
    "{{ value | safe }}{{ value if value else '<none>' }}",
)


class Made:
    """A value that is neither text nor Markup, and has a text."""

    def __str__(self) -> str:
        return "<made & 'said'>"


def rendered(template: str, value: object, generator: type[CodeGenerator]) -> str:
    made = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    made.code_generator_class = generator
    return made.from_string(template).render(value=value)


@pytest.mark.parametrize("template", TEMPLATES)
@given(
    value=st.one_of(
        st.text(alphabet="a&<>\"'é\n "), st.text().map(Markup), st.integers(), st.none(), st.dates(), st.builds(Made), st.just(dt.date.min)
    )
)
def test_a_template_prints_what_it_always_printed(template: str, value: Any) -> None:
    assert rendered(template, value, TextGenerator) == rendered(template, value, CodeGenerator)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_missing_name_is_still_an_error(template: str) -> None:
    made = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    made.code_generator_class = TextGenerator
    with pytest.raises(jinja2.UndefinedError):
        made.from_string(template).render()
