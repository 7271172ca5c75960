"""Read docstrings of types, fields and functions from the source, for the schema and the theme reference.

Python keeps no docstrings of fields, and with `-OO` none at all.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import itertools
from collections.abc import Callable, Mapping
from types import MappingProxyType


@functools.cache
def field_docs(cls: type) -> Mapping[str, str]:
    """Return the docstring under each field of `cls`, inherited fields included; a field without one is absent."""
    docs: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        if "__annotations__" in vars(base):
            docs |= _docs_by_class(base.__module__).get(base.__qualname__, {})
    return MappingProxyType(docs)


def own_doc(documented: type | Callable[..., object]) -> str:
    """Return the docstring of a class or function at the top of a module; empty where it has none."""
    return next((ast.get_docstring(node) or "" for node in _documented_in(documented.__module__) if node.name == documented.__name__), "")


@functools.cache
def _docs_by_class(module: str) -> dict[str, dict[str, str]]:
    """Return, for each class at the top of `module`, the docstring of each field by the field's name."""
    return {node.name: _documented(node.body) for node in _documented_in(module) if isinstance(node, ast.ClassDef)}


@functools.cache
def _documented_in(module: str) -> tuple[ast.ClassDef | ast.FunctionDef, ...]:
    """Return the classes and functions at the top of `module`."""
    tree = ast.parse(inspect.getsource(importlib.import_module(module)))
    return tuple(node for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef))


def _documented(body: list[ast.stmt]) -> dict[str, str]:
    """Return the docstring of each field in a class `body`, by the field's name."""
    docs = {}
    for pair in itertools.pairwise(body):
        match pair:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                docs[name] = inspect.cleandoc(text)
    return docs
