"""The audit of a built tree: it searches the contents and names of all files for what the site withholds."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from briefings.audit.embedded import layers
from briefings.audit.patterns import Pattern, Patterns, Secret
from briefings.audit.published_texts import Published
from briefings.audit.search_terms import SecretTerms, published_terms
from briefings.audit.withheld import AuditRequest, Evidence, gather_evidence
from briefings.core.digests import digest
from briefings.engine.api import Progress
from briefings.executors.executor import Work
from briefings.executors.processes import executor_for
from briefings.publication.tree import digest_of, pieces, without_staging
from briefings.site.visibility import Audience

PART = 1 << 24
"""Bytes of a file that are searched at once: 16 MiB."""
OVERLAP = 1 << 20
"""Bytes at the end of a part that are searched again with the next part: 1 MiB."""


class Leak(Struct, frozen=True, order=True):
    """A find: withheld text, or a withheld file, in a file of the tree."""

    file: str
    """The path, from the tree's root, of the file with the find."""
    line: int
    """The line of the find, from 1; 0 for the file's name, or for the file as a whole."""
    path: str
    """The source file from which the text leaked."""
    field: str
    words: int
    """The number of words found, at least; 0 for a copy of a file."""
    packing: str = ""
    """How the find is packed, such as `gzip` or `base64`; empty where it is not."""


class AuditReport(Struct, frozen=True):
    """What an audit searched, and what it found."""

    leaks: tuple[Leak, ...]
    """The finds, sorted."""
    files: int = 0
    records: int = 0
    """The number of records that are withheld, wholly or in part."""
    attachments: int = 0
    """The number of files beside records, which may be published only where a visible record uses them."""
    patterns: int = 0
    """The number of names and runs of words that were searched for."""
    audience: Audience = "TLP:CLEAR"
    """The readers for whom the tree must be fit."""
    settings_wrong: bool = False
    """Whether the audit could not be made, because site.yaml has errors."""


class _Match(Struct, frozen=True):
    """The patterns found in one layer of a part of a file."""

    file: str
    start: int
    """The offset of the part in the file, in bytes."""
    packing: str
    offset: int
    """The offset of the layer in the part, in bytes."""
    patterns: frozenset[Pattern]
    in_name: bool = False


class _Finds(Struct, frozen=True):
    """What was found in some files."""

    matches: list[_Match]
    copies: list[Leak]
    """Published copies of attachments."""
    terms: dict[str, frozenset[Pattern]]
    """The terms of withheld texts in each file of words that search loads."""


class _Searched(Protocol):
    """What is searched for in texts."""

    @property
    def secrets(self) -> Mapping[Pattern, Secret]:
        """The secret from which each pattern comes."""

    def find(self, data: bytes) -> set[Pattern]:
        """Return the patterns that occur in a text."""


def audit(request: AuditRequest, jobs: int, progress: Progress) -> AuditReport:
    """Search the tree of `request` for what its site withholds, in as many processes as `jobs`.

    Text that readers may see elsewhere on the site is no find.
    """
    tree = request.tree
    with executor_for(jobs) as executor:
        known = gather_evidence(request, executor, progress)
        if known is None:
            return AuditReport((), settings_wrong=True)
        patterns, terms = Patterns(known.secrets), SecretTerms(known.secrets)
        paths = sorted(_entries(tree))
        found: list[_Match] = []
        copies: list[Leak] = []
        in_search: dict[str, frozenset[Pattern]] = {}
        done = 0
        # Where nothing is withheld, nothing can leak.
        to_read = paths if known.secrets or known.attachments else []
        work: Work[_Finds] = Work(doing="reading the tree", read=partial(_look, tree, patterns, terms, known))
        for part, some in executor.map(work, to_read, tuple):
            found += some.matches
            copies += some.copies
            in_search |= some.terms
            done += len(part)
            progress("audit", done, len(paths))
    open_patterns = Patterns(_only(patterns, {n for f in found for n in f.patterns}))
    innocent = held_by(known.shown, open_patterns) if len(open_patterns) else set()
    leaks = [leak for f in found for leak in _leaks(tree, f, patterns, innocent)]
    leaks += _leaks_in_search(in_search, terms, known.shown)
    return AuditReport(
        leaks=tuple(sorted({*leaks, *copies})),
        files=len(paths),
        records=len(known.withheld),
        attachments=sum(map(len, known.attachments.values())),
        patterns=len(patterns),
        audience=known.audience,
    )


def _look(tree: Path, patterns: Patterns, terms: SecretTerms, known: Evidence, paths: Sequence[str]) -> _Finds:
    """Search the files of the tree at `paths`."""
    found: list[_Match] = []
    copies: list[Leak] = []
    in_search: dict[str, frozenset[Pattern]] = {}
    for path in paths:
        in_name = patterns.find(path.encode(errors="ignore"))
        if in_name:
            found.append(_Match(file=path, start=0, packing="", offset=0, patterns=frozenset(in_name), in_name=True))
        file = tree / path
        # A broken link, a folder and a pipe have a name, but no bytes.
        if not file.is_file():
            continue
        copies += (
            Leak(file=path, line=0, path=same, field="file", words=0)
            for same in _copies(file.stat().st_size, partial(digest_of, file), known)
        )
        for start, data in _parts(file):
            if (published := published_terms(data)) is not None:
                # Words that stand one by one say nothing together.
                in_search[path] = frozenset(terms.among(published))
                continue
            for layer in layers(data, partial(_from, file, start + len(data))):
                if inside := patterns.find(layer.data):
                    found.append(_Match(file=path, start=start, packing=layer.packing, offset=layer.offset, patterns=frozenset(inside)))
                if layer.packing:
                    line = partial(_line_of, file, start, data, layer.offset)
                    same_bytes = _copies(len(layer.data), partial(digest, layer.data), known)
                    copies += (Leak(file=path, line=line(), path=same, field="file", words=0, packing=layer.packing) for same in same_bytes)
    return _Finds(found, copies, in_search)


def held_by(shown: Published, patterns: _Searched) -> set[Pattern]:
    """Return the patterns that occur in text which readers may see; files whose raw text has one are read first."""
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


def _in_texts(texts: Iterable[str], patterns: _Searched) -> set[Pattern]:
    held: set[Pattern] = set()
    for text in texts:
        held |= patterns.find(text.encode(errors="ignore"))
    return held


def _only(patterns: Patterns, wanted: set[Pattern]) -> Iterator[Secret]:
    """Yield for each of the `wanted` patterns a secret that is found only as a whole, with the file and field of the pattern."""
    for pattern in wanted:
        secret = patterns.secrets[pattern]
        yield Secret(secret.path, secret.field, pattern, is_name=True)


def _entries(tree: Path) -> Iterator[str]:
    """Yield the paths of all files, also those behind links to folders, which a host may follow, and of empty folders.

    A folder is entered once, even if several links lead to it.
    """
    seen: set[tuple[int, int]] = set()
    for folder, folders, names in os.walk(tree, followlinks=True):
        seen.add(_identity(folder))
        # Where there is a staging folder, another build has just begun, and will remove it.
        folders[:] = without_staging(tree, folder, folders)
        known = [name for name in folders if _identity(f"{folder}/{name}") in seen]
        # In a tree of ten thousand folders, cutting the path is quicker than `os.path.relpath`.
        below = folder[len(os.fspath(tree)) :].replace(os.sep, "/").lstrip("/")
        if not (folders or names):
            yield below or "."
        if known:
            folders[:] = [name for name in folders if name not in known]
        prefix = below and f"{below}/"
        for name in (*names, *known):
            yield f"{prefix}{name}"


def _identity(folder: str) -> tuple[int, int]:
    """Return device and inode of a folder, which are equal for all paths that lead to it."""
    status = Path(folder).stat()
    return status.st_dev, status.st_ino


def _parts(file: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the bytes of a file in parts, each with its offset; most files are one part.

    Each part begins with the end of the one before, so that a run of words is whole in one of them.
    """
    start = 0
    with file.open("rb") as opened:
        while len(data := opened.read(PART)) == PART:
            yield start, data
            start += PART - OVERLAP
            opened.seek(start)
        yield start, data


def _from(file: Path, start: int) -> Iterator[bytes]:
    """Yield the bytes of a file from the offset `start` on, piece by piece."""
    with file.open("rb") as opened:
        opened.seek(start)
        while piece := opened.read(OVERLAP):
            yield piece


def _copies(size: int, name: Callable[[], bytes], known: Evidence) -> Sequence[str]:
    """Return the attachments with this size and digest that no visible record uses; none where readers get these bytes anyway."""
    candidates = known.attachments.get(size, ()) if size else ()
    if not candidates:
        return ()
    wanted = name()
    same = [other for other in candidates if wanted in known.shown.forms(other)]
    return () if not same or known.shown.publishes(size, wanted, same) else same


def _leaks(tree: Path, found: _Match, patterns: Patterns, innocent: set[Pattern]) -> Iterator[Leak]:
    """Yield one leak for each field of a withheld record that a layer has words of."""
    by_field: dict[tuple[str, str], list[Pattern]] = {}
    for pattern in found.patterns - innocent:
        secret = patterns.secrets[pattern]
        by_field.setdefault((secret.path, secret.field), []).append(pattern)
    for (path, field), guilty in by_field.items():
        count = max(len(guilty) + len(guilty[0]) - 1 if len(guilty) > 1 else len(guilty[0]), 1)
        line = 0 if found.in_name else _line(tree / found.file, found, Patterns(_only(patterns, set(guilty))))
        yield Leak(file=found.file, line=line, path=path, field=field, words=count, packing=found.packing)


def _leaks_in_search(found: Mapping[str, frozenset[Pattern]], terms: SecretTerms, shown: Published) -> Iterator[Leak]:
    """Yield one leak for each field of a withheld record that a file of search has a term of which readers may see nowhere."""
    doubtful = terms.only({term for some in found.values() for term in some})
    innocent = held_by(shown, doubtful) if doubtful.secrets else set()
    for file, some in found.items():
        counted = Counter((terms.secrets[term].path, terms.secrets[term].field) for term in some - innocent)
        yield from (Leak(file=file, line=1, path=path, field=field, words=count) for (path, field), count in counted.items())


def _line(file: Path, found: _Match, guilty: Patterns) -> int:
    """Return the line on which the first of the `guilty` patterns ends; for packed text, the line on which the packing begins."""
    with file.open("rb") as opened:
        opened.seek(found.start)
        data = opened.read(PART)
    if found.packing:
        return _line_of(file, found.start, data, found.offset)
    lines = data.split(b"\n")
    has: Callable[[int], bool] = lambda count: bool(guilty.find(b"\n".join(lines[:count])))  # noqa: E731
    return _line_of(file, found.start, data, 0) + bisect_left(range(1, len(lines) + 1), True, key=has)


def _line_of(file: Path, start: int, data: bytes, offset: int) -> int:
    """Return the line, from 1, of the byte at `offset` in the part of a file that begins at `start`."""
    before, left = 0, start
    for piece in pieces(file) if start else ():
        before += piece.count(b"\n", 0, left)
        left -= len(piece)
        if left <= 0:
            break
    return before + data.count(b"\n", 0, offset) + 1
