"""The cache: one SQLite file with what earlier builds left. Its loss or damage costs time, never correctness."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal, Protocol

import msgspec
from msgspec import structs

from briefings.core.digests import digest
from briefings.engine.state import SiteState, StateBody, StateHeader, hidden_name, replace_paths

FOLDER = ".briefings"
"""From the site folder: the cache and the lock. Ignores itself in git."""

RowKind = Literal["state", "records", "page", "card", "template", "texts", "terms"]


class Rows(Protocol):
    """Gives rows that an earlier build left, wherever they are kept."""

    def load(self, kind: RowKind, wanted: Mapping[str, bytes]) -> dict[str, bytes]:
        """The rows with these keys whose bytes still have the given digests."""


def named_rows(body: StateBody) -> dict[RowKind, Mapping[str, object]]:
    """What is known of each row that `body` names, by kind and key. Of the rows of the state itself there is nothing to know."""
    plan = body.plan
    return {
        "records": body.sources,
        "page": plan.pages,
        "card": plan.cards,
        "template": body.templates.code,
        "texts": body.packs,
        "terms": body.terms,
    }


class Cache:
    """The cache of one site. Damage of any kind makes it empty; a folder that cannot be written makes it do nothing."""

    def __init__(self, site: Path, audience: str = "", *, drafts: bool = False, name: str = "cache") -> None:
        # Whoever may see what one audience sees need not see what another does, so each has a file of its own.
        others = "".join(f"-{word}" for word in re.findall(r"\w+", audience.lower())) + "-drafts" * drafts
        self._path = site / FOLDER / f"{name}{others}.sqlite"

    def header(self) -> StateHeader | None:
        """What tells whether anything has changed since the last good build."""
        data = self._rows("state", ["header"]).get("header")
        if data is None or digest(data[16:]) != data[:16]:
            return None
        try:
            return msgspec.msgpack.decode(data[16:], type=StateHeader)
        except msgspec.MsgspecError:
            return None

    def state(self, header: StateHeader, paths: Iterable[str]) -> SiteState | None:
        """All that is known of the build that left `header`. Of files that are not at `paths` it may not tell the names."""
        row = self.load("state", {"body": header.body}).get("body")
        try:
            body = None if row is None else msgspec.msgpack.decode(row, type=StateBody)
        except msgspec.MsgspecError:
            return None
        if body is None:
            return None
        new = (path for path in paths if path not in body.sources) if body.plan.hidden else ()
        return SiteState(header, replace_paths(body, {hidden_name(path): path for path in new}))

    def load(self, kind: RowKind, wanted: Mapping[str, bytes]) -> dict[str, bytes]:
        """The rows with these keys whose bytes still have the given digests."""
        rows = self._rows(kind, None if len(wanted) > 500 else list(wanted)) if wanted else {}
        return {key: data for key, data in rows.items() if key in wanted and digest(data) == wanted[key]}

    def save(self, state: SiteState, before: SiteState | None, rows: Mapping[RowKind, Mapping[str, bytes]]) -> bool:
        """Replace the state `before`, add or replace rows, and drop those no longer named; False if the cache had to stay as it was.

        What readers may not see is not kept: neither names of hidden files nor records of files that have secrets.
        """
        plan = state.body.plan
        body = msgspec.msgpack.encode(replace_paths(state.body, {path: hidden_name(path) for path in plan.hidden}))
        header = structs.replace(state.header, body=digest(body))
        secret = plan.hidden | plan.confidential

        def write(connection: sqlite3.Connection) -> None:
            if before is not None:
                new = named_rows(state.body)
                for kind, named in named_rows(before.body).items():
                    _drop(connection, kind, named.keys() - new[kind].keys())
                _drop(connection, "records", secret)
            for kind, changed in sorted(rows.items()):
                _replace(connection, kind, {key: row for key, row in changed.items() if kind != "records" or key not in secret})
            _replace(connection, "state", {"header": _sealed(header), "body": body})

        if before is None:
            # Whatever is there was left by nobody we know.
            with contextlib.suppress(OSError):
                self._discard()
        if not self._change(write):
            return False
        # SQLite wipes what is deleted, but not what it left behind when it moved rows within a page: only a new file is free of that.
        return not _has_new_secrets(before, state) or self._change(lambda connection: connection.execute("VACUUM"))

    def save_header(self, header: StateHeader) -> None:
        """Replace the header alone."""
        self._change(lambda connection: _replace(connection, "state", {"header": _sealed(header)}))

    def _change(self, write: Callable[[sqlite3.Connection], object]) -> bool:
        try:
            with _connected(self._make()) as connection:
                write(connection)
        except (sqlite3.Error, OSError):
            # A full disk, too: what is not remembered is found again.
            with contextlib.suppress(OSError):
                self._discard()
            return False
        return True

    def _rows(self, kind: RowKind, keys: list[str] | None) -> dict[str, bytes]:
        """All rows of one kind, or those with `keys`; none where the file is damaged or is no database of ours."""
        if not os.path.isfile(self._path):
            return {}
        try:
            with _connected(self._path) as connection:
                if keys is None:
                    rows = connection.execute("SELECT key, data FROM entry WHERE kind = ?", (kind,)).fetchall()
                else:
                    marks = ", ".join("?" * len(keys))
                    query = f"SELECT key, data FROM entry WHERE kind = ? AND key IN ({marks})"  # noqa: S608 - question marks only
                    rows = connection.execute(query, (kind, *keys)).fetchall()
        except (sqlite3.Error, OSError, OverflowError):
            return {}
        return {key: data for key, data in rows if isinstance(key, str) and isinstance(data, bytes)}

    def _make(self) -> Path:
        """Make the file with its table, unless it is there; gives its path. Raises sqlite3.Error for a file that is no database of ours."""
        make_folder(self._path.parent)
        os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600))
        with contextlib.suppress(OSError):
            # Some file systems know no modes.
            self._path.chmod(0o600)
        with _connected(self._path) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS entry (kind TEXT, key TEXT, data BLOB, PRIMARY KEY (kind, key)) WITHOUT ROWID")
            connection.execute("SELECT kind, key, data FROM entry LIMIT 1").fetchone()
        return self._path

    def _discard(self) -> None:
        for name in (self._path.name, f"{self._path.name}-journal"):
            self._path.with_name(name).unlink(missing_ok=True)


def _has_new_secrets(before: SiteState | None, now: SiteState) -> bool:
    """Whether the cache may hold bytes, from the state `before`, that readers may no longer see."""
    if before is None:
        return False
    old, new = before.body, now.body
    # The cache has never held anything of files that were wholly hidden.
    secret = (new.plan.hidden | new.plan.confidential) - old.plan.hidden
    if any(path not in old.plan.confidential or new.sources.get(path) != old.sources.get(path) for path in secret):
        return True
    # An unchanged file that is partly hidden may hide more from other readers, or at a later time. A file that is gone may have been
    # renamed and become a draft: then one of the hidden files has its text.
    return (bool(secret) and old.plan.scope != new.plan.scope) or (bool(new.plan.hidden) and not old.sources.keys() <= new.sources.keys())


def _sealed(header: StateHeader) -> bytes:
    data = msgspec.msgpack.encode(header)
    return digest(data) + data


def _replace(connection: sqlite3.Connection, kind: RowKind, rows: Mapping[str, bytes]) -> None:
    # In the order in which the file holds them, many rows take half the time.
    connection.executemany("REPLACE INTO entry VALUES (?, ?, ?)", ((kind, key, rows[key]) for key in sorted(rows)))


def _drop(connection: sqlite3.Connection, kind: RowKind, keys: Iterable[str]) -> None:
    connection.executemany("DELETE FROM entry WHERE kind = ? AND key = ?", ((kind, key) for key in keys))


@contextlib.contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the file at `path`. What was written is kept unless something is raised."""
    # Builds wait for one another before they come here; for anyone else, forgetting is quicker than waiting.
    connection = sqlite3.connect(path, timeout=1)
    try:
        # What a power cut may do to the file is found by the digests, so nothing waits for the disk.
        connection.execute("PRAGMA synchronous = OFF")
        # What may no longer be seen is not to be found in the file's free pages either.
        connection.execute("PRAGMA secure_delete = ON")
        # This is heeded by a new file: large rows take half the time in pages of this size.
        connection.execute("PRAGMA page_size = 16384")
        yield connection
        connection.commit()
    finally:
        connection.close()


def make_folder(folder: Path) -> None:
    """The folder for what builds remember: for its owner alone, and not for git."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    rights = stat.S_IMODE(folder.stat().st_mode)
    if rights & 0o077:
        with contextlib.suppress(OSError):
            folder.chmod(rights & 0o700)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
