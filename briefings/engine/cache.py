"""The memory of earlier builds: one SQLite file that can cost time, never correctness."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import re
import sqlite3
import stat
import struct
import sys
from array import array
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import Literal, Protocol

import msgspec
from msgspec import Struct

from briefings.core.diagnostics import Diagnostic
from briefings.core.digests import digest
from briefings.engine.output import Signature

FOLDER = ".briefings"
"""From the site folder: the cache and the lock. Ignores itself in git."""

Kind = Literal["snapshot", "records", "page", "card", "template", "texts"]
Packs = dict[str, tuple[str, ...]]
"""For each row of texts, by its key, which is the digest of its bytes, the digests of the texts that lie in it."""
_LIBRARIES = ("jinja2", "markdown_it_py", "markupsafe", "mdit_py_plugins", "msgspec", "nh3", "pygments", "pyyaml", "tzdata", "imagesize")
"""Those that shape a page."""
_FOUR = struct.Struct("4q")


class Columns(Struct, frozen=True, array_like=True):
    """Files with four numbers each, laid out so that ten thousand of them are read and written at once."""

    paths: str = ""
    """One after another, with a NUL between two."""
    numbers: bytes = b""
    """Four signed integers of 64 bits for each path."""

    @classmethod
    def of(cls, stamps: Mapping[str, tuple[int, int, int, int]]) -> Columns:
        """The columns of `stamps`."""
        return cls("\0".join(stamps), array("q", chain.from_iterable(stamps.values())).tobytes())

    def __len__(self) -> int:
        """How many files they are."""
        return len(self.numbers) // _FOUR.size

    def names(self) -> list[str]:
        """Their paths."""
        return self.paths.split("\0") if self.numbers else []

    def stamps(self) -> dict[str, tuple[int, int, int, int]]:
        """What the columns were made of."""
        return dict(zip(self.names(), _FOUR.iter_unpack(self.numbers), strict=True))


class SourceEntry(Struct, frozen=True, array_like=True):
    """What is known of a source file."""

    digest: bytes
    """Of its bytes."""
    interface: bytes = b""
    """Of all that linking and planning take from its records; empty for a file that holds no records."""
    records: bytes = b""
    """Of its row in the cache; empty for a file that holds no records."""


class PageEntry(Struct, frozen=True, array_like=True):
    """What is known of a page."""

    template: str
    """Its template, or another form in which it shows its view."""
    view: bytes
    """Digest of its view, which is its row in the cache; cards of notes stand in it by their ids."""
    origin: str
    """The content file that it comes from, or what else it is."""
    record: str
    """The id of the record whose text it carries, if it carries one."""
    text: str = ""
    """Digest of that text; empty for a page that shows none."""


class Counts(Struct, frozen=True):
    """The figures of a build's summary."""

    notes: int = 0
    topics: int = 0
    actors: int = 0
    sources: int = 0
    pages: int = 0
    files: int = 0
    bytes: int = 0


class Scope(Struct, frozen=True, kw_only=True):
    """For whom a plan was made, and for which instants it holds."""

    audience: str = ""
    """As asked for; empty for that of site.yaml."""
    drafts: bool = False
    shown_to: str = ""
    """The audience that this was."""
    since: str = ""
    """The plan holds for builds from this instant (ISO 8601, empty for no bound) …"""
    until: str = ""
    """… up to, not including, this one."""


class SitePlan(Struct, frozen=True, kw_only=True):
    """What linking and planning yield: all that is to be published, whether or not the output has it so.

    Views, cards and texts are in it by their digests; they themselves are rows of the cache.
    """

    scope: Scope = Scope()
    counts: Counts = Counts()
    """Of what there is on the site; what is published is counted when it is."""
    pages: dict[str, PageEntry] = {}
    """In the order in which they are rendered, each under its path in the output."""
    cards: dict[str, bytes] = {}
    """Digest of each note's card, by the note's id."""
    shown: bytes = b""
    """Digest of the row that gives, for each note, the positions in `pages` of those on which its card stands."""
    copies: dict[str, str] = {}
    """Address of each file that is published as it is, and its path among the sources."""
    linked: tuple[str, ...] = ()
    """Files that linking had something to say of."""
    hidden: tuple[str, ...] = ()
    """Files of the content folder of which readers may see nothing, sorted. The cache does not have their names."""
    confidential: tuple[str, ...] = ()
    """Other files of which readers may not see all, sorted. The cache keeps the records neither of these nor of `hidden` files."""

    def texts(self) -> set[str]:
        """The digests of the texts that stand on its pages."""
        return {entry.text for entry in self.pages.values() if entry.text}


class TemplateState(Struct, frozen=True, kw_only=True):
    """What is known of the templates of a theme besides their code."""

    sources: dict[str, bytes] = {}
    """Digest of each template's source, by name."""
    closures: dict[str, frozenset[str]] = {}
    """For each template those that it depends on, itself among them."""
    warnings: tuple[Diagnostic, ...] = ()
    """Before site.yaml gives them severities."""
    code: dict[str, bytes] = {}
    """Digest of each template's code, by the template's name."""


class Glance(Struct, frozen=True, kw_only=True):
    """What tells whether anything has changed since the last good build; and the root from which every row can be checked."""

    program: bytes
    """Digest of the program and of the libraries that shape its output."""
    output: bytes = b""
    """The folder, as the system spells it."""
    scope: Scope = Scope()
    """That of the plan."""
    conceals: bool = False
    """Whether it does not tell the names of all sources."""
    scanned: int
    """When the scan began that found these sources, in nanoseconds."""
    sources: Columns = Columns()
    """Stamps by path: content as it lies in the site, themes by absolute path."""
    outputs: Columns = Columns()
    """Stamps of the published files."""
    signature: Signature | None = None
    """That of the output."""
    counts: Counts = Counts()
    diagnostics: tuple[Diagnostic, ...] = ()
    """Warnings, to be shown again."""
    details: bytes = b""
    """Digest of the row of that name."""


class Details(Struct, frozen=True, kw_only=True):
    """What a build that has something to do must know of the last one."""

    sources: dict[str, SourceEntry]
    plan: SitePlan = SitePlan()
    templates: TemplateState = TemplateState()
    outputs: dict[str, bytes] = {}
    """Digest of each published file."""
    strips: bool = False
    """Whether pictures were published without their metadata."""
    packs: Packs = {}
    """The texts that the cache has: only such as stand on a page."""


class Snapshot(Struct, frozen=True):
    """All that is known of the last good build."""

    glance: Glance
    details: Details


def program_digest() -> bytes:
    """Digest of the program that builds: another one, or one with other libraries, must not trust what this one remembers."""
    made = hashlib.sha256(sys.version.encode())
    package = Path(__file__).parent.parent
    for folder, folders, names in os.walk(package):
        folders[:] = sorted(f for f in folders if f not in ("__pycache__", "themes", "cli", "serve", "audit", "deploy", "desk"))
        for name in sorted(names):
            if name.endswith(".py"):
                made.update(name.encode() + b"\0" + Path(folder, name).read_bytes())
    for folder in sys.path:
        try:
            installed = sorted(os.listdir(folder))
        except OSError:
            continue
        made.update("\0".join(n for n in installed if n.endswith(".dist-info") and n.lower().startswith(_LIBRARIES)).encode())
    return made.digest()[:16]


def within(scope: Scope, now: dt.datetime) -> bool:
    """Whether the clock shows and hides at `now` what it did for the last build."""
    since, until = (dt.datetime.fromisoformat(text) if text else None for text in (scope.since, scope.until))
    return (since is None or since <= now) and (until is None or now < until)


class Rows(Protocol):
    """Gives rows that an earlier build left, wherever they are kept."""

    def load(self, kind: Kind, wanted: Mapping[str, bytes]) -> dict[str, bytes]:
        """The rows with these keys whose bytes still have the given digests."""


class Cache:
    """The cache of one site. Damage of any kind makes it empty; a folder that cannot be written makes it do nothing."""

    def __init__(self, site: Path, audience: str = "", *, drafts: bool = False, name: str = "cache") -> None:
        # Whoever may see what one audience sees need not see what another does, so each has a file of its own.
        others = "".join(f"-{word}" for word in re.findall(r"\w+", audience.lower())) + "-drafts" * drafts
        self._path = site / FOLDER / f"{name}{others}.sqlite"

    def glance(self) -> Glance | None:
        """What tells whether anything has changed since the last good build."""
        data = self._rows("snapshot", ["glance"]).get("glance")
        if data is None or digest(data[16:]) != data[:16]:
            return None
        try:
            return msgspec.msgpack.decode(data[16:], type=Glance)
        except msgspec.MsgspecError:
            return None

    def snapshot(self, glance: Glance) -> Snapshot | None:
        """All that is known of the build that left `glance`."""
        data = self.load("snapshot", {"details": glance.details}).get("details")
        try:
            return None if data is None else Snapshot(glance, msgspec.msgpack.decode(data, type=Details))
        except msgspec.MsgspecError:
            return None

    def load(self, kind: Kind, wanted: Mapping[str, bytes]) -> dict[str, bytes]:
        """The rows with these keys whose bytes still have the given digests."""
        rows = self._rows(kind, None if len(wanted) > 500 else list(wanted)) if wanted else {}
        return {key: data for key, data in rows.items() if key in wanted and digest(data) == wanted[key]}

    def save(
        self, snapshot: Snapshot, before: Snapshot | None, rows: Mapping[Kind, Mapping[str, bytes]], *, new_secrets: bool = False
    ) -> bool:
        """Replace the snapshot `before`, add or replace rows, and drop those that are no longer named; all or nothing, and says which.

        Among the rows must be that of the snapshot's details. With `new_secrets`, what was dropped leaves no trace in the file.
        """

        def write(connection: sqlite3.Connection) -> None:
            if before is not None:
                old, new = before.details, snapshot.details
                _drop(connection, "records", (old.sources.keys() - new.sources.keys()) | {*new.plan.hidden, *new.plan.confidential})
                _drop(connection, "page", old.plan.pages.keys() - new.plan.pages.keys())
                _drop(connection, "card", old.plan.cards.keys() - new.plan.cards.keys())
                _drop(connection, "template", old.templates.code.keys() - new.templates.code.keys())
                _drop(connection, "texts", old.packs.keys() - new.packs.keys())
            for kind, changed in sorted(rows.items()):
                _replace(connection, kind, changed)
            _replace(connection, "snapshot", {"glance": _sealed(snapshot.glance)})

        if before is None:
            # Whatever is there was left by nobody we know.
            with contextlib.suppress(OSError):
                self._discard()
        if not self._change(write):
            return False
        # SQLite wipes what is deleted, but not what it left behind when it moved rows within a page: only a new file is free of that.
        return not new_secrets or self._change(lambda connection: connection.execute("VACUUM"))

    def save_glance(self, glance: Glance) -> None:
        """Replace the glance alone."""
        self._change(lambda connection: _replace(connection, "snapshot", {"glance": _sealed(glance)}))

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


def details_row(details: Details) -> bytes:
    """The row whose digest the glance has."""
    return msgspec.msgpack.encode(details)


def _sealed(glance: Glance) -> bytes:
    data = msgspec.msgpack.encode(glance)
    return digest(data) + data


def _replace(connection: sqlite3.Connection, kind: Kind, rows: Mapping[str, bytes]) -> None:
    # In the order in which the file holds them, many rows take half the time.
    connection.executemany("REPLACE INTO entry VALUES (?, ?, ?)", ((kind, key, rows[key]) for key in sorted(rows)))


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
            # What may no longer be seen is not to be found in the file's free pages either.
            self._connection.execute("PRAGMA secure_delete = ON")
            # This is heeded by a new file: large rows take half the time in pages of this size.
            self._connection.execute("PRAGMA page_size = 16384")
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
    rights = stat.S_IMODE(folder.stat().st_mode)
    if rights & 0o077:
        with contextlib.suppress(OSError):
            folder.chmod(rights & 0o700)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
