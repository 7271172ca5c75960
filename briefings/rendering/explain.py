"""Explains errors of templates to those who write themes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

import jinja2
from jinja2.environment import TemplateModule
from jinja2.utils import missing
from msgspec import Struct

from briefings.core.text import closest, did_you_mean, listing
from briefings.rendering.filters import FILTERS

_TYPES = "`briefings theme reference` says of what type each variable and field is"
_ENDING = ".html"
_WORDS = {str: "a text", bool: "true or false", int: "a number", float: "a number", tuple: "a list", dt.date: "a date"}
_BLOCKS = ("if", "for", "block", "macro", "set", "call", "filter", "with", "autoescape")
_TAGS = (*_BLOCKS, *(f"end{name}" for name in _BLOCKS), "elif", "else", "extends", "include", "import", "from")
_UNKNOWN_TOOL = re.compile(r"No (?P<kind>filter|test) named '(?P<name>[^']*)'")
_UNKNOWN_TAG = re.compile(r"Encountered unknown tag '(?P<name>[^']*)'")
_OPEN = re.compile(r"innermost block that needs to be closed is '(?P<name>[^']*)'")


class Explanation(Struct, frozen=True):
    """What is wrong with a template, and what to do."""

    message: str
    remedy: str
    name: str = ""
    """The word of the template that is wrong, when there is one."""


class MissingNameError(jinja2.UndefinedError):
    """A template uses a name that nothing has."""

    def __init__(self, message: str, owner: object, name: object) -> None:
        super().__init__(message)
        self.owner = owner
        """The object that lacks the name; `missing` where the name is that of a variable."""
        self.name = name


class Undefined(jinja2.StrictUndefined):
    """Stands for a name that does not exist. Any use of it raises an error that holds the name and the object that lacks it."""

    __slots__ = ()

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: type[jinja2.TemplateRuntimeError] = jinja2.UndefinedError,
    ) -> None:
        def error(message: str) -> jinja2.TemplateRuntimeError:
            return exc(message) if hint or exc is not jinja2.UndefinedError else MissingNameError(message, obj, name)

        super().__init__(hint, obj, name, error)  # type: ignore[arg-type]  # Jinja only calls it


def explain(error: Exception, *, variables: Iterable[str], environment: jinja2.Environment, templates: Iterable[str]) -> Explanation:
    """Explain an `error` that Jinja or a template has raised.

    `variables` are those that the template may use, `templates` the names of all there are.
    """
    text = str(error.message if isinstance(error, jinja2.TemplateSyntaxError) else error) or type(error).__name__
    tool = _UNKNOWN_TOOL.search(text)
    if isinstance(error, MissingNameError):
        return _missing_name(error, tuple(variables))
    if isinstance(error, jinja2.TemplateNotFound):
        name = str(error.name)
        # Their common ending would make all names look alike.
        near = closest(name.removesuffix(_ENDING), (t.removesuffix(_ENDING) for t in templates))
        remedy = f'did you mean "{near}{_ENDING}"?' if near else "add it to the theme's templates/, or correct the name"
        return Explanation(f'there is no template "{name}"', remedy, name)
    if tool is not None:
        known = environment.filters if tool["kind"] == "filter" else environment.tests
        own = (
            f"besides Jinja's own there are {listing(sorted(FILTERS))}"
            if tool["kind"] == "filter"
            else "see the list of tests in Jinja's manual"
        )
        return Explanation(f'there is no {tool["kind"]} "{tool["name"]}"', did_you_mean(tool["name"], known, own), tool["name"])
    if isinstance(error, jinja2.TemplateSyntaxError):
        return _syntax(text)
    if isinstance(error, RecursionError):
        return Explanation(
            "templates or macros include one another without end",
            "take out the {% include %} or the call that closes the circle; to build on the template that this one replaces, "
            'name its theme, too: {% extends "folio/base.html" %}',
        )
    if isinstance(error, jinja2.UndefinedError):
        return Explanation(_clause(text), "ask first with {% if … %} whether it is there, or correct the name")
    return Explanation(f"this expression fails: {_clause(text)}", _TYPES)


def _missing_name(error: MissingNameError, variables: tuple[str, ...]) -> Explanation:
    owner, name = error.owner, str(error.name)
    if owner is missing:
        if name in variables:
            remedy = "a macro sees only what it is given: add it to the macro's arguments"
            return Explanation(f'the variable "{name}" is not known here', remedy, name)
        return Explanation(f'there is no variable "{name}"', did_you_mean(name, variables, f"here are {listing(variables)}"), name)
    if owner is None:
        remedy = 'ask first with {% if … %}: what `briefings theme reference` marks "or nothing" may be absent'
        return Explanation(f'what stands before ".{name}" is nothing on this page', remedy, name)
    if isinstance(owner, Struct):
        fields = owner.__struct_fields__
        message = f'there is no field "{name}" in {type(owner).__name__}'
        return Explanation(message, did_you_mean(name, fields, f"it has {listing(fields)}"), name)
    if isinstance(error.name, int):
        return Explanation(f"this list has no item {name}", "ask first with {% if … %} whether it is empty")
    if isinstance(owner, TemplateModule):
        return Explanation(f'the imported template has no macro "{name}"', did_you_mean(name, vars(owner), "add it there"), name)
    kind = next((words for type_, words in _WORDS.items() if isinstance(owner, type_)), type(owner).__name__)
    return Explanation(f'{kind} has no field "{name}"', _TYPES, name)


def _syntax(text: str) -> Explanation:
    tag, innermost = _UNKNOWN_TAG.search(text), _OPEN.search(text)
    close = f"close it with {{% end{innermost['name']} %}}" if innermost else ""
    if tag is not None:
        if tag["name"].startswith("end"):
            message = f'"{tag["name"]}" closes nothing that is open here'
            return Explanation(
                message, f'the innermost open tag is "{innermost["name"]}": {close}' if innermost else "delete it", tag["name"]
            )
        return Explanation(
            f'there is no tag "{tag["name"]}"', did_you_mean(tag["name"], _TAGS, close or "see Jinja's manual for its tags"), tag["name"]
        )
    if innermost is not None:
        return Explanation(f'the tag "{innermost["name"]}" is not closed', close)
    return Explanation(f"this is not Jinja: {_clause(text)}", "correct the tag or expression; Jinja's manual explains its syntax")


def _clause(sentence: str) -> str:
    """`sentence` without capital letter and full stop, so that it can stand within another."""
    return f"{sentence[:1].lower()}{sentence[1:].rstrip('.')}"
