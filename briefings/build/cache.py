"""The memory of earlier builds: one SQLite file that can cost time, never correctness."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from briefings.build.scan import Stamp
from briefings.diagnostics import Diagnostic

FOLDER = ".briefings"
"""From the site folder: the cache, the lock, and the spare copy of the output. Ignores itself in git."""

Kind = Literal["snapshot", "records", "page"]


class SourceEntry(Struct, frozen=True, array_like=True):
    """What is known of a source file."""

    stamp: Stamp
    digest: bytes
    """Of its bytes."""
    outside: bytes = b""
    """Of all that other pages may know of its records; empty for a file that holds no records."""
    records: bytes = b""
    """Of its row in the cache; empty for a file that holds no records."""


class PageEntry(Struct, frozen=True, array_like=True):
    """What is known of a page."""

    template: str
    view: bytes
    """Digest of its view, which is its row in the cache."""
    theme: bytes
    """Digest of its template with all that the template includes."""
    origin: str
    """The content file that it comes from, or what else it is."""
    record: str
    """The id of the record whose text it carries, if it carries one."""


class OutputEntry(Struct, frozen=True, array_like=True):
    """A file of the output as it was published."""

    digest: str
    size: int
    modified: int
    """Nanoseconds."""
    inode: int


class Counts(Struct, frozen=True):
    """The figures of a build's summary."""

    notes: int = 0
    topics: int = 0
    actors: int = 0
    sources: int = 0
    pages: int = 0
    files: int = 0
    bytes: int = 0


class Snapshot(Struct, frozen=True):
    """All that the next build must know to find that nothing has changed; the root from which every row can be checked."""

    program: bytes
    """Digest of the program and of the libraries that shape its output."""
    output: str
    since: str
    """The snapshot holds for builds from this instant (ISO 8601, empty for no bound) …"""
    until: str
    """… up to, not including, this one."""
    scanned: int
    """When the scan began that found these sources, in nanoseconds."""
    sources: dict[str, SourceEntry]
    """By path: content as it lies in the site, themes by absolute path."""
    pages: dict[str, PageEntry]
    outputs: dict[str, OutputEntry]
    templates: dict[str, bytes]
    """Digest of each template's source, by name."""
    closures: dict[str, frozenset[str]]
    """For each template those that it depends on, itself among them."""
    counts: Counts
    diagnostics: tuple[Diagnostic, ...]
    """Warnings, to be shown again."""
    copies: dict[str, str]
    """Address of each file that is published as it is, and its path among the sources."""
    linked: tuple[str, ...]
    """Files that linking had something to say of."""
    foreign: tuple[str, ...]
    """Files that no build wrote, in the spare copy of the output."""
    seals: tuple[tuple[int, int] | None, tuple[int, int] | None]
    """Those of the manifests in the output and in its spare copy."""


def digest(data: bytes) -> bytes:
    """The digest under which the cache knows bytes."""
    return hashlib.blake2b(data, digest_size=16).digest()


def within(known: Snapshot, now: dt.datetime) -> bool:
    """Whether the clock shows and hides at `now` what it did for the last build."""
    since, until = (dt.datetime.fromisoformat(text) if text else None for text in (known.since, known.until))
    return (since is None or since <= now) and (until is None or now < until)


class Cache:
    """The cache of one site. Damage of any kind makes it empty; a folder that cannot be written makes it do nothing."""

    def __init__(self, site: Path) -> None:
        self._path = site / FOLDER / "cache.sqlite"

    def snapshot(self) -> Snapshot | None:
        """What the last good build left."""
        data = self._rows("snapshot", [""]).get("")
        if data is None or digest(data[16:]) != data[:16]:
            return None
        try:
            return msgspec.msgpack.decode(data[16:], type=Snapshot)
        except msgspec.MsgspecError:
            return None

    def load(self, kind: Kind, wanted: Mapping[str, bytes]) -> dict[str, bytes]:
        """The rows with these keys whose bytes still have the given digests."""
        rows = self._rows(kind, None if len(wanted) > 500 else list(wanted))
        return {key: data for key, data in rows.items() if key in wanted and digest(data) == wanted[key]}

    def save(self, snapshot: Snapshot, before: Snapshot | None, records: Mapping[str, bytes], pages: Mapping[str, bytes]) -> bool:
        """Replace the snapshot `before`, add or replace rows, and drop those that are no longer named; all or nothing, and says which."""

        def write(connection: sqlite3.Connection) -> None:
            if before is None:
                # Whatever is there was left by nobody we know.
                connection.execute("DELETE FROM entry")
            else:
                _drop(connection, "records", before.sources.keys() - snapshot.sources.keys())
                _drop(connection, "page", before.pages.keys() - snapshot.pages.keys())
            _replace(connection, "records", records)
            _replace(connection, "page", pages)
            _replace(connection, "snapshot", {"": _sealed(snapshot)})

        # After a failure there is no file; to a new one go all rows or none.
        return self._change(write) or (before is None and self._change(write))

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Replace the snapshot alone."""
        self._change(lambda connection: _replace(connection, "snapshot", {"": _sealed(snapshot)}))

    def _change(self, write: Callable[[sqlite3.Connection], None]) -> bool:
        try:
            with _connected(self._make()) as connection:
                write(connection)
        except (sqlite3.Error, OSError):
            # A full disk, too: what is not remembered is found again.
            with contextlib.suppress(OSError):
                self._discard()
            return False
        return True

    def _rows(self, kind: Kind, keys: list[str] | None) -> dict[str, bytes]:
        """The rows of one kind, or those with `keys`; none where the file is damaged or of another make."""
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
        """The file, with its table. Raises sqlite3.Error for a file that is no database of ours."""
        make_folder(self._path.parent)
        os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600))
        with _connected(self._path) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS entry (kind TEXT, key TEXT, data BLOB, PRIMARY KEY (kind, key)) WITHOUT ROWID")
            connection.execute("SELECT kind, key, data FROM entry LIMIT 1").fetchone()
        return self._path

    def _discard(self) -> None:
        for name in (self._path.name, f"{self._path.name}-journal"):
            self._path.with_name(name).unlink(missing_ok=True)


def _sealed(snapshot: Snapshot) -> bytes:
    data = msgspec.msgpack.encode(snapshot)
    return digest(data) + data


def _replace(connection: sqlite3.Connection, kind: Kind, rows: Mapping[str, bytes]) -> None:
    connection.executemany("REPLACE INTO entry VALUES (?, ?, ?)", ((kind, key, data) for key, data in rows.items()))


def _drop(connection: sqlite3.Connection, kind: Kind, keys: Iterable[str]) -> None:
    connection.executemany("DELETE FROM entry WHERE kind = ? AND key = ?", ((kind, key) for key in keys))


class _connected:  # noqa: N801 - used as a function
    """A connection that commits at the end, or rolls back, and is closed in any case."""

    def __init__(self, path: Path) -> None:
        # Builds wait for one another before they come here; for anyone else, forgetting is quicker than waiting.
        self._connection = sqlite3.connect(path, timeout=1)

    def __enter__(self) -> sqlite3.Connection:
        # What a power cut may do to the file is found by the digests, so nothing waits for the disk.
        try:
            self._connection.execute("PRAGMA synchronous = OFF")
        except sqlite3.Error:
            self._connection.close()
            raise
        return self._connection

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self._connection.commit()
        finally:
            self._connection.close()


def make_folder(folder: Path) -> None:
    """The folder for what builds remember: for its owner alone, and not for git."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
