"""The docstrings under the fields of our types, from which schema and theme reference are made."""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import itertools
from collections.abc import Mapping
from types import MappingProxyType


@functools.cache
def field_docs(cls: type) -> Mapping[str, str]:
    """The docstring under each field of `cls`, inherited fields included; a field without one is absent."""
    docs: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        if "__annotations__" in vars(base):
            docs |= _docs_by_class(base.__module__).get(base.__qualname__, {})
    return MappingProxyType(docs)


@functools.cache
def _docs_by_class(module: str) -> dict[str, dict[str, str]]:
    """For each class at the top of a module: field name to docstring. Python does not keep these, so they are read from the source."""
    tree = ast.parse(inspect.getsource(importlib.import_module(module)))
    return {node.name: _documented(node.body) for node in tree.body if isinstance(node, ast.ClassDef)}


def _documented(body: list[ast.stmt]) -> dict[str, str]:
    """Each field that a string literal follows, with that string."""
    docs = {}
    for pair in itertools.pairwise(body):
        match pair:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                docs[name] = inspect.cleandoc(text)
    return docs
