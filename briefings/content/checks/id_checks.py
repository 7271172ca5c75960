"""Checks of ids: whether they can be part of an address, and whether entries of one kind share any."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from briefings.content.schema.validate import join
from briefings.content.yaml.positions import Tree
from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.text import MAX_ID, is_id, is_too_long, slugify

_SHOWN = 30
"""The greatest number of characters of an overlong id that a message quotes."""


def explicit_id(tree: Tree) -> str:
    """Return the id in a header, in NFC; empty when it gives none. The Unicode form may differ from that of a file's name."""
    written = tree.get("id") if isinstance(tree, dict) else None
    return unicodedata.normalize("NFC", written) if isinstance(written, str) else ""


def check_id(path: str, key: str, tree: Tree, record_id: str) -> Iterator[Diagnostic]:
    """Yield a problem when the id of the record at `key` cannot be part of an address."""
    if is_id(record_id):
        return
    if explicit_id(tree):
        yield bad_id(record_id, Place(path, key=join(key, "id")))
    elif key:
        yield bad_id(record_id, Place(path, key=key))
    elif is_too_long(record_id):
        message = f"the name of this file makes an id of {len(record_id.encode())} bytes, which is more than {MAX_ID}"
        yield problem("bad-id", message, path, "give the file a shorter name")
    else:
        yield problem("bad-id", "no id can be made from the name of this file", path, "give the file a name with letters or digits")


def check_ids(path: str, key: str, ids: list[str], owners: str, indexes: Sequence[int] = ()) -> Iterator[Diagnostic]:
    """Yield the problems in the ids of entries; `indexes` are the numbers of those that have one, where not all do."""
    seen: set[str] = set()
    for index, identifier in zip(indexes or range(len(ids)), ids, strict=True):
        place = Place(path, key=f"{key}[{index}].id")
        if not is_id(identifier):
            yield bad_id(identifier, place)
        elif identifier in seen:
            yield problem("duplicate-id", f'two {owners} have the id "{identifier}"', place, "give each its own id")
        seen.add(identifier)


def bad_id(written: str, place: Place) -> Diagnostic:
    """The problem of an id that cannot be part of an address."""
    if is_too_long(written):
        message = f'"{written[:_SHOWN]}…" is an id of {len(written.encode())} bytes, which is more than {MAX_ID}'
        return problem("bad-id", message, place, "give it a shorter one")
    slug = slugify(written)
    remedy = f"write {slug}" if is_id(slug) else "use letters, digits and hyphens"
    return problem("bad-id", f'"{written}" cannot be part of an address', place, remedy)
