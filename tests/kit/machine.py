"""Random work on a site: edits, damage and interrupted builds, after each of which the output must equal that of a clean build."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec import structs

from tests.kit.tiny_site import (
    CONFIG,
    FIELDS,
    NOTES,
    PARAGRAPHS,
    PATHS,
    TEXTS,
    Record,
    encoded,
    first_records,
    first_texts,
    kind_of,
    text_of,
)
from tests.kit.twin import Twin, tree_of

Item = TypeVar("Item")

CLOCK = tuple(
    dt.datetime.fromisoformat(text)
    for text in (
        "2017-12-31T23:59:59+00:00",
        "2018-01-01T00:00:00+00:00",
        "2018-01-01T12:00:00+00:00",
        "2018-01-02T06:00:00+00:00",
        "2018-05-31T23:00:00+00:00",
        "2018-06-01T00:00:00+00:00",
        "2019-01-01T00:00:00+00:00",
    )
)
"""Instants before and after every embargo, expiry and change of office."""

MEMORY = "/dev/shm"  # noqa: S108 - sites have folders of their own in it
"""A folder in memory, which never waits for a disk; not every machine has it."""

FOREIGN = ("CNAME", "notes/n1/mine.txt", "extra/deep/mine.txt", "extra/other.txt")

pick = st.integers(0, 2**16)
"""A number whose remainder picks one of the things that the present state of the site offers."""


class Work(RuleBasedStateMachine):
    """A desk at work: each rule changes something, and the invariant builds and compares."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY if os.access(MEMORY, os.W_OK) else None))
        self.twin = Twin(self.folder.resolve())
        self.records = first_records()
        self.texts = first_texts()
        self.now = CLOCK[2]
        self.good = (dict(self.records), dict(self.texts), self.now)
        """The sources and the instant of the last good build."""
        self.broken = 0
        """The number of failed builds since."""
        self.hold = True
        """Whether the next change comes before a build."""
        self.options: dict[str, bool] = {}
        self.written: dict[str, bytes] = {}
        self.old_caches: list[bytes] = []
        self.save()
        self.hold = False

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @invariant()
    def incremental_equals_clean(self) -> None:
        """Check that the output equals that of a clean build; all rules try to break this."""
        if self.hold:
            self.hold = False
            return
        options, self.options = self.options, {}
        if self.twin.build_and_compare(self.written, self._stubs(), self.now, **options):
            self.good = (dict(self.records), dict(self.texts), self.now)
            self.broken = 0
        elif self.broken:
            self._mend()
        else:
            self.broken = 1

    # ── Edits ────────────────────────────────────────────────────────────────

    @rule(which=pick, key=pick, value=pick)
    def edit_note_header(self, which: int, key: int, value: int) -> None:
        self._edit_header(nth(self._notes(), which), key, value)

    @rule(which=pick, key=pick, value=pick)
    def edit_header(self, which: int, key: int, value: int) -> None:
        self._edit_header(nth(sorted(self.records), which), key, value)

    @rule(which=pick, at=pick, what=pick, note=pick)
    def add_paragraph(self, which: int, at: int, what: int, note: int) -> None:
        self._edit_body(nth(self._with_bodies(), which), at, 0, [self._paragraph(what, note)])

    @rule(which=pick, at=pick, what=pick, note=pick)
    def replace_paragraph(self, which: int, at: int, what: int, note: int) -> None:
        self._edit_body(nth(self._with_bodies(), which), at, 1, [self._paragraph(what, note)])

    @rule(which=pick, at=pick)
    def delete_paragraph(self, which: int, at: int) -> None:
        self._edit_body(nth(self._with_bodies(), which), at, 1, [])

    @rule(which=pick)
    def edit_with_the_same_size_and_time(self, which: int) -> None:
        """Edit a file so that only inode and change time differ."""
        path = nth(self._with_bodies(), which)
        swapped = tuple(p.replace("one", "two") if "one" in p else p.replace("two", "one") for p in self.records[path].body)
        self.records[path] = structs.replace(self.records[path], body=swapped)
        self.save(keep_time=True)

    @rule(which=pick, place=pick, body=st.lists(st.tuples(pick, pick), max_size=3), fields=st.lists(st.tuples(pick, pick), max_size=6))
    def add_record(self, which: int, place: int, body: list[tuple[int, int]], fields: list[tuple[int, int]]) -> None:
        there = set(self.records)
        absent = [i for i in PATHS if not there & set(PATHS[i])]
        if not absent:
            return
        path = nth(PATHS[nth(absent, which)], place)
        versions = FIELDS[kind_of(path)]
        header = {key: values[0] for key, values in versions.items()}
        for key, value in fields:
            name = nth(sorted(versions), key)
            header[name] = nth(versions[name], value)
        self.records[path] = Record(header, tuple(self._paragraph(what, note) for what, note in body))
        self.save()

    @rule(which=pick, careful=st.booleans())
    def delete_record(self, which: int, careful: bool) -> None:
        """Delete a record; a `careful` author removes links to it first."""
        path = nth(sorted(self.records.keys() - {CONFIG}), which)
        del self.records[path]
        identifier = next(i for i, places in PATHS.items() if path in places)
        if careful:
            for other, record in self.records.items():
                kept = tuple(p for p in record.body if f":{identifier}" not in p)
                self.records[other] = structs.replace(record, body=kept)
        self.save()

    @rule(which=pick, place=pick)
    def rename_record(self, which: int, place: int) -> None:
        movable = [path for path in sorted(self.records) if len(_places(path)) > 1]
        if movable:
            path = nth(movable, which)
            record = self.records.pop(path)
            self.records[nth(_places(path), place)] = record
            self.save()

    @rule(which=pick, version=pick)
    def edit_text(self, which: int, version: int) -> None:
        self._edit_text(nth(sorted(TEXTS), which), version)

    @rule(which=pick, version=pick)
    def edit_theme(self, which: int, version: int) -> None:
        self._edit_text(nth(sorted(p for p in TEXTS if p.startswith("themes/desk/") or "/parts/" in p or "macros" in p), which), version)

    @rule(nested=st.booleans())
    def file_becomes_folder_or_back(self, nested: bool) -> None:
        for path in ("content/assets/data", "content/assets/data/more"):
            self.texts.pop(path, None)
        self.texts["content/assets/data/more" if nested else "content/assets/data"] = b"data"
        self.save()

    @rule(when=st.sampled_from(CLOCK))
    def turn_the_clock(self, when: dt.datetime) -> None:
        self.now = when

    @rule()
    def wait(self) -> None:
        """Let the next change come before a build."""
        self.hold = True

    @rule(how=st.sampled_from(("clean", "verify")))
    def ask_for(self, how: str) -> None:
        self.options = {how: True}

    # ── Damage ───────────────────────────────────────────────────────────────

    @rule(how=st.sampled_from(("delete", "truncate", "flip", "garbage", "other", "old", "keep", "folder", "version")), where=pick)
    def damage_cache(self, how: str, where: int) -> None:
        cache = self.twin.cache
        self.twin.left = {}
        if how == "version":
            self.twin.build_by_another_program(self.now)
            return
        if how == "folder" or not cache.is_file():
            shutil.rmtree(cache.parent, ignore_errors=True)
            return
        data = bytearray(cache.read_bytes())
        self.old_caches.append(bytes(data))
        if how == "keep":
            # Kept, to be put back later.
            return
        if how == "delete":
            cache.unlink()
        elif how == "truncate":
            cache.write_bytes(data[: where % len(data)])
        elif how == "flip":
            data[where * 7919 % len(data)] ^= 1 << where % 8
            cache.write_bytes(data)
        elif how == "garbage":
            cache.write_bytes(bytes(where % 251 for _ in data))
        elif how == "old":
            cache.write_bytes(nth(self.old_caches, where))
        else:
            cache.unlink()
            with sqlite3.connect(cache) as other:
                other.execute("CREATE TABLE entry (kind INTEGER, data TEXT)")
            other.close()

    @rule(how=st.sampled_from(("append", "truncate", "delete", "mode", "replace")), which=pick)
    def damage_output(self, how: str, which: int) -> None:
        self._damage(self.twin.output, how, which)

    @rule(how=st.sampled_from(("append", "truncate", "delete", "mode", "replace")), which=pick)
    def damage_memory(self, how: str, which: int) -> None:
        """Damage a file of the cache folder in its place: the published files must not change."""
        before = tree_of(self.twin.output)
        self._damage(self.twin.cache.parent, how, which)
        self.twin.left = {}
        assert tree_of(self.twin.output) == before

    @rule(path=st.sampled_from(FOREIGN), version=st.sampled_from((b"mine", b"also mine")))
    def add_foreign_file(self, path: str, version: bytes) -> None:
        if self.twin.output.is_dir():
            file = self.twin.output / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(version)
            self.twin.foreign[path] = version

    @precondition(lambda self: self.twin.foreign)
    @rule(which=pick)
    def delete_foreign_file(self, which: int) -> None:
        path = nth(sorted(self.twin.foreign), which)
        del self.twin.foreign[path]
        file = self.twin.output / path
        file.unlink()
        for folder in file.relative_to(self.twin.output).parents:
            with suppress(OSError):
                (self.twin.output / folder).rmdir()

    @rule()
    def build_twice_at_once(self) -> None:
        self.twin.build_twice_at_once(self.now)

    @rule(event=st.integers(1, 400), killed=st.booleans(), lost=st.booleans())
    def end_a_build_early(self, event: int, killed: bool, lost: bool) -> None:
        self.twin.build_and_die(self.written, self.now, event, killed=killed, lost=lost)

    # ── How it is done ───────────────────────────────────────────────────────

    def _mend(self) -> None:
        """Return to the last good sources, so that most of the work is on a site that builds."""
        records, texts, self.now = self.good
        self.records, self.texts, self.broken = dict(records), dict(texts), 0
        self.save()

    def _notes(self) -> list[str]:
        return sorted(path for path in self.records if kind_of(path) == "notes") or [CONFIG]

    def _with_bodies(self) -> list[str]:
        # Notes are listed twice, because most edits are of notes.
        return [*self._notes(), *sorted(self.records.keys() - {CONFIG})] if len(self.records) > 1 else [CONFIG]

    def _paragraph(self, what: int, note: int) -> str:
        there = [i for i in NOTES if not self.records.keys().isdisjoint(PATHS[i])] or ["n1"]
        return nth(PARAGRAPHS, what).replace("{note}", nth(there, note))

    def _edit_header(self, path: str, key: int, value: int) -> None:
        versions = FIELDS[kind_of(path)]
        name = nth(sorted(versions), key)
        record = self.records[path]
        self.records[path] = structs.replace(record, header={**record.header, name: nth(versions[name], value)})
        self.save()

    def _edit_body(self, path: str, at: int, removed: int, added: list[str]) -> None:
        if path == CONFIG:
            return
        record = self.records[path]
        position = at % (len(record.body) + 1)
        body = (*record.body[:position], *added, *record.body[position + removed :])
        self.records[path] = structs.replace(record, body=body)
        self.save()

    def _edit_text(self, path: str, version: int) -> None:
        chosen = nth(TEXTS[path], version)
        if chosen is None:
            self.texts.pop(path, None)
        else:
            self.texts[path] = encoded(chosen)
        self.save()

    def save(self, *, keep_time: bool = False) -> None:
        """Write the files that the author has in mind."""
        wanted = self.texts | {path: text_of(path, record) for path, record in self.records.items()}
        for path in self.written.keys() - wanted.keys():
            (self.twin.site / path).unlink()
            if path == "content/assets/data/more":
                (self.twin.site / path).parent.rmdir()
        for path, data in wanted.items():
            if self.written.get(path) == data:
                continue
            file = self.twin.site / path
            file.parent.mkdir(parents=True, exist_ok=True)
            status = file.stat() if keep_time and file.exists() else None
            file.write_bytes(data)
            if status is not None and status.st_size == len(data):
                os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
        self.written = wanted

    def _stubs(self) -> dict[str, bytes]:
        """Return for each draft the same draft without everything that its author wrote."""
        stubs = {}
        for path, record in self.records.items():
            if record.header.get("draft") == "true":
                needed = {key: FIELDS[kind_of(path)][key][0] for key in ("title", "name", "date", "type") if key in record.header}
                stubs[path] = text_of(path, Record(needed | {"draft": "true"}))
        return stubs

    @staticmethod
    def _damage(folder: Path, how: str, which: int) -> None:
        spared = {folder / path for path in (".briefings.json", *FOREIGN)}
        files = sorted(p for p in folder.rglob("*") if p.is_file() and p not in spared)
        if files:
            _DAMAGE[how](nth(files, which))


def _replace(file: Path) -> None:
    file.unlink()
    file.write_bytes(b"replaced")


def _append(file: Path) -> None:
    with file.open("ab") as end:
        end.write(b"!")


_DAMAGE: dict[str, Callable[[Path], None]] = {
    "append": _append,
    "delete": Path.unlink,
    "mode": lambda file: file.chmod(0o600),
    "replace": _replace,
    "truncate": lambda file: os.truncate(file, file.stat().st_size // 2),
}


def _places(path: str) -> tuple[str, ...]:
    return next((places for places in PATHS.values() if path in places), (path,))


def nth(items: Sequence[Item], which: int) -> Item:
    """Return one of `items` for any number `which`."""
    return items[which % len(items)]
