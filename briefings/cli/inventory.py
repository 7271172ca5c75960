"""The ids of a site, read from headers alone: fast enough for shell completion, and tolerant of files with errors."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from msgspec import Struct

from briefings.content import front_matter
from briefings.content.checks.id_checks import explicit_id
from briefings.content.parse import id_of_stem, kind_of
from briefings.content.records import BY_ID, Kind
from briefings.content.yaml import loader
from briefings.content.yaml.positions import Tree
from briefings.core.text import name_key


class Inventory(Struct, frozen=True):
    """The ids of a site's records, each with the path of its file from the site folder."""

    note: dict[str, str] = {}
    actor: dict[str, str] = {}
    topic: dict[str, str] = {}
    source: dict[str, str] = {}
    page: dict[str, str] = {}

    def of(self, kind: Kind) -> dict[str, str]:
        """Return the ids of one kind, each with the path of its file."""
        ids: dict[str, str] = getattr(self, kind)
        return ids


def take_inventory(site: Path) -> Inventory:
    """List the ids of all records of `site`, drafts included. An unreadable file counts with the id that its name gives."""
    inventory = Inventory()
    for path in sorted(_files(site)):
        kind = kind_of(path)
        if kind is None:
            continue
        for identifier in _ids(site, path, kind):
            inventory.of(kind).setdefault(identifier, path)
    return inventory


def bearer_of(site: Path, kind: Kind, name: str) -> tuple[str, str] | None:
    """Return id and file of a record of this kind that has the name `name` in any spelling; None when there is none."""
    key = name_key(name)
    for path in sorted(_files(site)):
        if kind_of(path) != kind:
            continue
        tree = _header(site, path)
        records = tree.get("records") if isinstance(tree, dict) else None
        one = {id_of_stem(kind, PurePosixPath(path).stem): tree}
        for identifier, record in (records if isinstance(records, dict) else one).items():
            if isinstance(record, dict) and key in map(name_key, _names(record)):
                return unicodedata.normalize("NFC", identifier), path
    return None


def _names(record: dict[str, object]) -> Iterator[str]:
    also = record.get("also_known_as")
    for name in (record.get("name"), record.get("sort_name"), *(also if isinstance(also, list) else ())):
        if isinstance(name, str):
            yield name


def _files(site: Path) -> Iterator[str]:
    for folder, _, names in os.walk(site / "content"):
        below = Path(folder).relative_to(site).as_posix()
        for name in names:
            yield f"{below}/{name}"


def _ids(site: Path, path: str, kind: Kind) -> list[str]:
    own = id_of_stem(kind, PurePosixPath(path).stem)
    try:
        data = (site / path).read_bytes()
    except OSError:
        return [own]
    # Only these two words can give a record another id than its file's name.
    if b"id" not in data and b"records" not in data:
        return [own]
    tree = _tree(path, data)
    records = tree.get("records") if isinstance(tree, dict) else None
    if kind in BY_ID and isinstance(records, dict):
        return [unicodedata.normalize("NFC", name) for name in records]
    return [(explicit_id(tree) if tree is not None else None) or own]


def _header(site: Path, path: str) -> object:
    """Return the contents of a file's header; None when it cannot be read."""
    try:
        return _tree(path, (site / path).read_bytes())
    except OSError:
        return None


def _tree(path: str, data: bytes) -> Tree | None:
    text, _ = front_matter.decode(path, data)
    if text is not None and front_matter.is_markdown(path):
        parts, _ = front_matter.split(path, text)
        text = parts.header if parts else None
    return None if text is None else loader.load(text, path=path, limit=loader.MAX_FILE)[0]
