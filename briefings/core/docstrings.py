"""The docstrings of our types, their fields and functions, from which schema and theme reference are made: read from the source.

Python does not keep those of fields, and none at all where it is told to optimise (`-OO`).
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
    """The docstring under each field of `cls`, inherited fields included; a field without one is absent."""
    docs: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        if "__annotations__" in vars(base):
            docs |= _docs_by_class(base.__module__).get(base.__qualname__, {})
    return MappingProxyType(docs)


def own_doc(documented: type | Callable[..., object]) -> str:
    """The docstring of a class or function at the top of a module; empty where it has none."""
    return next((ast.get_docstring(node) or "" for node in _documented_in(documented.__module__) if node.name == documented.__name__), "")


@functools.cache
def _docs_by_class(module: str) -> dict[str, dict[str, str]]:
    """For each class at the top of a module: field name to docstring."""
    return {node.name: _documented(node.body) for node in _documented_in(module) if isinstance(node, ast.ClassDef)}


@functools.cache
def _documented_in(module: str) -> tuple[ast.ClassDef | ast.FunctionDef, ...]:
    """The classes and functions at the top of a module."""
    tree = ast.parse(inspect.getsource(importlib.import_module(module)))
    return tuple(node for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef))


def _documented(body: list[ast.stmt]) -> dict[str, str]:
    """Each field that a string literal follows, with that string."""
    docs = {}
    for pair in itertools.pairwise(body):
        match pair:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                docs[name] = inspect.cleandoc(text)
    return docs
