"""Which files hold something that readers may not see: the cache of a build for them stores nothing of such files that could be read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from briefings.content.parse import Parsed
from briefings.content.records import AnyRecord, Note, Topic
from briefings.site.gather import Key, by_alias, uses
from briefings.site.resolve import keys_at, path_of
from briefings.site.visibility import Readers


def withheld_files(
    parsed: Mapping[str, Parsed], attachments: Iterable[str], copies: Mapping[str, str], readers: Readers
) -> tuple[set[str], set[str]]:
    """The files of the content folder of which `readers` may see nothing, and others that tell more than they may see.

    Among the latter are those that merely name what is withheld.
    """
    hidden = set(attachments).difference(copies.values())
    confidential = set()
    names: set[str] = set()
    secret: list[AnyRecord] = []
    for path, file in parsed.items():
        seen = [readers.may_see(record.header) for record in file.records]
        if not any(seen):
            hidden.add(path)
        elif file.withheld or not all(seen) or any(map(readers.miss_something_of, file.records)):
            confidential.add(path)
        names.update(f"{kind}:{identifier}" for kind, identifier in file.withheld)
        for record, may_see in zip(file.records, seen, strict=True):
            if not may_see or record.header.withdrawn is not None:
                names.update(_names(record))
                secret.append(record)
    if names:
        former = by_alias(secret)
        paths = {unicodedata.normalize("NFC", path) for path in hidden}
        confidential.update(
            path
            for path, file in parsed.items()
            if path not in hidden and path not in confidential and any(_tells(record, names, paths, former) for record in file.records)
        )
    return hidden, confidential


def _names(record: AnyRecord) -> Iterable[str]:
    """What others call a record and what it declares."""
    yield f"{record.kind}:{record.id}"
    if isinstance(record, Topic):
        yield from (f"proposition:{one.id}" for one in record.header.propositions)
        yield from (f"measure:{one.id}" for one in record.header.measures)


def _tells(record: AnyRecord, names: set[str], paths: set[str], former: Mapping[str, Key]) -> bool:
    """Whether a record refers to something that has one of `names`, lies at one of `paths` or has a `former` address."""
    # A quotation that is not for all may name others, too.
    for reference in (reference for body in record.bodies or (record.body,) for reference in body.references):
        if reference.target.startswith("/"):
            if any(f"{kind}:{identifier}" in names for kind, identifier in keys_at(unquote(reference.target), former)):
                return True
        elif reference.kind in ("path", "image"):
            if paths and path_of(record, reference.target) in paths:
                return True
        elif f"{reference.kind}:{reference.target}" in names:
            return True
    if any(f"{kind}:{identifier}" in names for kind, identifier, _ in uses(record)):
        return True
    if isinstance(record, Note):
        header = record.header
        return any(f"proposition:{one.proposition}" in names for one in header.positions) or any(
            f"measure:{one.measure}" in names for one in header.figures
        )
    return False
