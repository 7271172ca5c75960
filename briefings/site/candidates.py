"""What a reference that leads nowhere may have meant: each list of candidates is made once, when the first is wrong."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Mapping
from functools import cache, cached_property

from briefings.content.records import Kind
from briefings.core.text import Near
from briefings.site.gather import Records
from briefings.site.known import Known
from briefings.site.linked import Attachment


class Candidates:
    """All that references of one site may lead to."""

    def __init__(self, records: Records, attachments: Mapping[str, Attachment]) -> None:
        self._records = records
        self._attachments = attachments
        self._addresses: Near | None = None
        self.of = cache(self._of)
        self.beside = cache(self._beside)

    def _of(self, kind: Kind) -> Known:
        """The records of one kind."""
        return Known(kind, self._records.of(kind))

    def _beside(self, folder: str) -> Near:
        """The names of the files in a folder."""
        return Near(self._folders.get(folder, ()))

    def addresses(self, folders: Mapping[Kind, str], sections: frozenset[str]) -> Near:
        """The addresses of all pages and assets; those of each kind are in one of `folders`, besides `sections`."""
        if self._addresses is None:
            found = {*sections, *(f"{folder}{i}/" for kind, folder in folders.items() for i in self._records.of(kind))}
            found |= {path.removeprefix("content/") for path in self._attachments if path.startswith("content/assets/")}
            self._addresses = Near(sorted(f"/{address}" for address in found))
        return self._addresses

    @cached_property
    def events(self) -> Near:
        """The events of the notes that may be shown."""
        return Near(self._records.events.newest)

    @cached_property
    def _folders(self) -> Mapping[str, list[str]]:
        names: dict[str, list[str]] = defaultdict(list)
        for path in (*self._attachments, *self._records.by_path):
            names[posixpath.dirname(path)].append(posixpath.basename(path))
        return names
