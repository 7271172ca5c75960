"""The audit of a built tree: whether any of its files, or their names, hold what readers must not see."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct

from briefings.audit.embedded import layers
from briefings.audit.patterns import Pattern, Patterns, Secret
from briefings.audit.published_texts import Published
from briefings.audit.withheld import AuditRequest, Evidence, gather_evidence
from briefings.core.digests import digest
from briefings.engine.api import Progress
from briefings.engine.beside import spread
from briefings.engine.workers import Workers
from briefings.publication.tree import STAGING, digest_of, pieces
from briefings.site.visibility import Audience

PART = 1 << 24
"""Bytes of a file that are searched at once: 16 MiB."""
OVERLAP = 1 << 20
"""How many of them are searched again with what follows: 1 MiB."""


class Leak(Struct, frozen=True, order=True):
    """One thing that should not be there."""

    file: str
    """From the tree's root."""
    line: int
    """From 1; 0 for the file's own name, or for the file as a whole."""
    path: str
    """The source of what leaked."""
    field: str
    words: int
    """How many words of it there are at least; 0 for a file's bytes."""
    packing: str = ""
    """`gzip`, `base64`; empty for what stands there as it is."""


class AuditReport(Struct, frozen=True):
    """What an audit looked at and found."""

    leaks: tuple[Leak, ...]
    """Sorted."""
    files: int = 0
    records: int = 0
    """How many records are withheld, wholly or in part."""
    attachments: int = 0
    """How many files lie beside records; they may be published only where a visible record uses them."""
    patterns: int = 0
    """How many names and runs of words were looked for."""
    audience: Audience = "TLP:CLEAR"
    """For whom the tree must be fit."""
    settings_wrong: bool = False
    """Whether nothing could be told, because site.yaml has errors."""


class _Found(Struct, frozen=True):
    """Patterns that one layer of a part of a file has."""

    file: str
    start: int
    """Where the part begins in the file."""
    packing: str
    offset: int
    """In the part."""
    patterns: frozenset[Pattern]
    in_name: bool = False


def audit(request: AuditRequest, jobs: int, progress: Progress) -> AuditReport:
    """Look through a tree for what its site withholds, with as many processes as `jobs`.

    What readers may see elsewhere is no evidence of a leak.
    """
    site, tree = request.site, request.tree
    with Workers(jobs) as pool:
        known = gather_evidence(request, pool, progress)
    if known is None:
        return AuditReport((), settings_wrong=True)
    patterns = Patterns(known.secrets)
    paths = sorted(_entries(tree))
    found: list[_Found] = []
    copies: list[Leak] = []
    done = 0
    # Where nothing is withheld, there is nothing that a file could have.
    to_read = paths if known.secrets or known.attachments else []
    for file_count, some, same in spread(lambda part: _look(site, tree, part, patterns, known), to_read, jobs, "reading the tree"):
        found += some
        copies += same
        done += file_count
        progress("audit", done, len(paths))
    open_patterns = Patterns(_only(patterns, {n for f in found for n in f.patterns}))
    innocent = held_by(known.shown, open_patterns) if len(open_patterns) else set()
    leaks = [leak for f in found for leak in _leaks(tree, f, patterns, innocent)]
    return AuditReport(
        tuple(sorted({*leaks, *copies})),
        len(paths),
        len(known.withheld),
        sum(map(len, known.attachments.values())),
        len(patterns),
        known.audience,
    )


def _look(site: Path, tree: Path, paths: Sequence[str], patterns: Patterns, known: Evidence) -> tuple[int, list[_Found], list[Leak]]:
    """What some of the tree's files have."""
    found: list[_Found] = []
    copies: list[Leak] = []
    for path in paths:
        in_name = patterns.find(path.encode(errors="ignore"))
        if in_name:
            found.append(_Found(path, 0, "", 0, frozenset(in_name), in_name=True))
        file = tree / path
        # A link to nothing, a folder and a pipe have a name and nothing to read.
        if not file.is_file():
            continue
        copies += (Leak(path, 0, same, "file", 0) for same in _copies(file.stat().st_size, partial(digest_of, file), known))
        for start, data in _parts(file):
            for layer in layers(data, partial(_from, file, start + len(data))):
                if inside := patterns.find(layer.data):
                    found.append(_Found(path, start, layer.packing, layer.offset, frozenset(inside)))
                if layer.packing:
                    line = partial(_line_of, file, start, data, layer.offset)
                    same_bytes = _copies(len(layer.data), partial(digest, layer.data), known)
                    copies += (Leak(path, line(), same, "file", 0, layer.packing) for same in same_bytes)
    return len(paths), found, copies


def held_by(shown: Published, patterns: Patterns) -> set[Pattern]:
    """Those patterns that stand in what readers may see; files whose raw text seems to have one are read first."""
    held = _in_texts(shown.frame(), patterns)
    rest: list[str] = []
    for path in shown.records:
        missing = patterns.secrets.keys() - held
        if not missing:
            return held
        if patterns.find(shown.raw(path)) - held:
            held |= _in_texts(shown.texts(path), patterns)
        else:
            rest.append(path)
    for path in rest:
        if not patterns.secrets.keys() - held:
            break
        held |= _in_texts(shown.texts(path), patterns)
    return held


def _in_texts(texts: Iterable[str], patterns: Patterns) -> set[Pattern]:
    held: set[Pattern] = set()
    for text in texts:
        held |= patterns.find(text.encode(errors="ignore"))
    return held


def _only(patterns: Patterns, wanted: set[Pattern]) -> Iterator[Secret]:
    """A secret for each of the `wanted` patterns, to be searched for by itself; it names the file and field that the pattern is from."""
    for pattern in wanted:
        secret = patterns.secrets[pattern]
        yield Secret(secret.path, secret.field, pattern, is_name=True)


def _entries(tree: Path) -> Iterator[str]:
    """All files, also those behind links to folders, which hosts may follow; and the folders of which no file tells the name.

    Each folder is looked through once, whatever leads to it.
    """
    seen: set[tuple[int, int]] = set()
    for folder, folders, names in os.walk(tree, followlinks=True):
        seen.add(_identity(folder))
        if folder == os.fspath(tree) and STAGING in folders:
            # Another build has just begun, and will clear it away.
            folders.remove(STAGING)
        known = [name for name in folders if _identity(f"{folder}/{name}") in seen]
        # Of ten thousand folders, the way is sooner cut off than computed.
        below = folder[len(os.fspath(tree)) :].replace(os.sep, "/").lstrip("/")
        if not (folders or names):
            yield below or "."
        if known:
            folders[:] = [name for name in folders if name not in known]
        prefix = below and f"{below}/"
        for name in (*names, *known):
            yield f"{prefix}{name}"


def _identity(folder: str) -> tuple[int, int]:
    """What tells a folder from all others, whatever leads to it."""
    status = Path(folder).stat()
    return status.st_dev, status.st_ino


def _parts(file: Path) -> Iterator[tuple[int, bytes]]:
    """The bytes of a file in parts, each with its place; of most files there is one.

    Each begins with the end of the one before, so that no run of words is cut in all of them.
    """
    start = 0
    with file.open("rb") as opened:
        while len(data := opened.read(PART)) == PART:
            yield start, data
            start += PART - OVERLAP
            opened.seek(start)
        yield start, data


def _from(file: Path, start: int) -> Iterator[bytes]:
    """The bytes of a file from a place on, a piece at a time."""
    with file.open("rb") as opened:
        opened.seek(start)
        while piece := opened.read(OVERLAP):
            yield piece


def _copies(size: int, name: Callable[[], bytes], known: Evidence) -> Sequence[str]:
    """The attachments that no shown record uses and that have the bytes with this size and digest; none if these are published anyway."""
    candidates = known.attachments.get(size, ()) if size else ()
    if not candidates:
        return ()
    wanted = name()
    same = [other for other in candidates if wanted in known.shown.forms(other)]
    return () if not same or known.shown.publishes(size, wanted, same) else same


def _leaks(tree: Path, found: _Found, patterns: Patterns, innocent: set[Pattern]) -> Iterator[Leak]:
    """One leak for each field of a withheld record of which this layer has something."""
    by_field: dict[tuple[str, str], list[Pattern]] = {}
    for pattern in found.patterns - innocent:
        secret = patterns.secrets[pattern]
        by_field.setdefault((secret.path, secret.field), []).append(pattern)
    for (path, field), guilty in by_field.items():
        count = max(len(guilty) + len(guilty[0]) - 1 if len(guilty) > 1 else len(guilty[0]), 1)
        line = 0 if found.in_name else _line(tree / found.file, found, Patterns(_only(patterns, set(guilty))))
        yield Leak(found.file, line, path, field, count, found.packing)


def _line(file: Path, found: _Found, guilty: Patterns) -> int:
    """The line on which the first of what was found ends, or on which what holds it begins."""
    with file.open("rb") as opened:
        opened.seek(found.start)
        data = opened.read(PART)
    if found.packing:
        return _line_of(file, found.start, data, found.offset)
    lines = data.split(b"\n")
    has: Callable[[int], bool] = lambda count: bool(guilty.find(b"\n".join(lines[:count])))  # noqa: E731
    return _line_of(file, found.start, data, 0) + bisect_left(range(1, len(lines) + 1), True, key=has)


def _line_of(file: Path, start: int, data: bytes, offset: int) -> int:
    """The line of a place in the part of a file that begins at `start`."""
    before, left = 0, start
    for piece in pieces(file) if start else ():
        before += piece.count(b"\n", 0, left)
        left -= len(piece)
        if left <= 0:
            break
    return before + data.count(b"\n", 0, offset) + 1
