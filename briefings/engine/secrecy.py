"""What the cache may know of files that readers may not see: that they exist and whether they have changed, not their names or contents.

So whoever is given the cache of a build learns no more than whoever reads what it published.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

from msgspec import structs

from briefings.engine.cache import Columns, Snapshot

Value = TypeVar("Value")

_MARK = "?"
"""Begins the name of a file that is not told; no path of a source does."""


def is_content(path: str) -> bool:
    """Whether a file that the cache knows lies in the content folder, even if it does not tell its name."""
    return path.startswith(("content/", _MARK))


def names_restored(stamps: dict[str, Value], paths: Iterable[str]) -> dict[str, Value]:
    """`stamps`, in which files whose names are not told have them again, as far as they are among `paths`."""
    # They stand at the end, and most sites have none.
    if not next(reversed(stamps), "").startswith(_MARK):
        return stamps
    return _with_names(stamps, _names(stamps, paths))


def without_names(snapshot: Snapshot) -> Snapshot:
    """A snapshot without the names of files that readers may not see."""
    glance, details = snapshot.glance, snapshot.details
    hidden = frozenset(details.plan.hidden)
    if not hidden:
        return snapshot
    linked = tuple(_name(path) if path in hidden else path for path in details.plan.linked)
    plan = structs.replace(details.plan, linked=linked, hidden=tuple(sorted(map(_name, hidden))))
    return Snapshot(
        structs.replace(glance, sources=Columns.of(_without_names(glance.sources.stamps(), hidden))),
        structs.replace(details, sources=_without_names(details.sources, hidden), plan=plan),
    )


def with_names(snapshot: Snapshot, paths: Iterable[str]) -> Snapshot:
    """The same with the names of those that are among `paths`; a file that is gone keeps none."""
    glance, details = snapshot.glance, snapshot.details
    if not details.plan.hidden:
        return snapshot
    names = _names(details.sources, paths)
    linked, hidden = (tuple(names.get(path, path) for path in of) for of in (details.plan.linked, details.plan.hidden))
    plan = structs.replace(details.plan, linked=linked, hidden=hidden)
    return Snapshot(
        structs.replace(glance, sources=Columns.of(_with_names(glance.sources.stamps(), names))),
        structs.replace(details, sources=_with_names(details.sources, names), plan=plan),
    )


def _name(path: str) -> str:
    return _MARK + hashlib.blake2b(path.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _names(known: Mapping[str, object], paths: Iterable[str]) -> dict[str, str]:
    """For each digest that stands for a name the path that it stands for, where that is among `paths`."""
    return {name: path for path in paths if path not in known and (name := _name(path)) in known}


def _with_names(of: Mapping[str, Value], names: Mapping[str, str]) -> dict[str, Value]:
    return {names.get(path, path): value for path, value in of.items()}


def _without_names(of: Mapping[str, Value], hidden: Collection[str]) -> dict[str, Value]:
    open_ = {path: value for path, value in of.items() if path not in hidden}
    return open_ | dict(sorted((_name(path), value) for path, value in of.items() if path in hidden))
