"""What the disk holds: every source file with its stamp, found without opening one."""

from __future__ import annotations

import os
import re
import stat
import time
from array import array
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NewType, cast

from msgspec import Struct, structs

from briefings.core.diagnostics import Diagnostic, problem
from briefings.core.text import is_left_out, is_undecodable
from briefings.publication.disk import as_int64
from briefings.rendering.builtin import built_in_themes

CONFIG = "content/site.yaml"
"""The file that makes a folder a site, from that folder."""

SourceStamp = NewType("SourceStamp", tuple[int, int, int, int])
"""Size, modification and change time in nanoseconds, inode: a file whose stamp is the same is the same."""

_Numbers = tuple[int, int, int, int]
_ODD_REMEDY = "delete it, or give it a name that begins with a dot"

RACE = 20_000_000
"""Nanoseconds: a file changed so shortly before a scan, or after it, may change again without a new stamp."""
_COARSE = 2_000_000_000
"""Nanoseconds: FAT tells times to two seconds, and some network shares to one. Theirs are all whole seconds; of others, hardly any is."""
_AHEAD = 86_400_000_000_000
"""Nanoseconds, a day: the clock of a network share may be ahead, and FAT tells local times. No clock gives later times than that."""
_SECOND = 1_000_000_000
_SUBMODULE = re.compile(r"^\s*path\s*=\s*\"?(.*?)\"?\s*$", re.MULTILINE)


class Scan(Struct, frozen=True):
    """The files below a folder."""

    at: int
    """When the scan began, in nanoseconds since 1970."""
    files: dict[str, SourceStamp]
    """By path from the site folder, as the disk spells it."""
    diagnostics: tuple[Diagnostic, ...]


def scan_sources(site: Path) -> Scan:
    """All that pages are made of: the content, the site's themes, and those of the program."""
    content = scan(site, "content")
    files, diagnostics = dict(content.files), content.diagnostics
    if (site / "themes").is_dir():
        own = scan_themes(site)
        files |= own.files
        diagnostics += own.diagnostics
    themes = built_in_themes().resolve()
    if themes != (site / "themes").resolve():
        files |= {f"{themes.parent}/{path}": found for path, found in scan(themes.parent, themes.name, anywhere=True).files.items()}
    return Scan(content.at, files, diagnostics)


def scan(site: Path, folder: str, *, anywhere: bool = False) -> Scan:
    """Every file below `folder` of `site`; hidden files, editors' backups and the like are not content.

    Symbolic links are followed as long as they stay in the site, or, with `anywhere`, wherever they lead but to a folder above themselves.
    """
    at = time.time_ns()
    diagnostics: list[Diagnostic] = []
    root = "/" if anywhere else os.path.realpath(site)
    files: dict[str, _Numbers] = {}
    _walk(os.fspath(site), folder, root, files, diagnostics)
    return Scan(at, _stamps(files), tuple(diagnostics))


def scan_themes(site: Path) -> Scan:
    """Every file of the site's own themes.

    A theme may be a link to a folder that several sites share; a link in it leads no further than into that folder, or the site.
    """
    at = time.time_ns()
    diagnostics: list[Diagnostic] = []
    files: dict[str, _Numbers] = {}
    shared = _shared_themes(site)
    _walk(os.fspath(site), "themes", os.path.realpath(site), files, diagnostics, frozenset(shared))
    for theme, real in shared.items():
        _walk(os.fspath(site), theme, real, files, diagnostics)
    return Scan(at, _stamps(files), tuple(diagnostics))


def _shared_themes(site: Path) -> dict[str, str]:
    """The themes that are links to folders, each with the folder."""
    try:
        with os.scandir(site / "themes") as entries:
            links = [entry for entry in entries if entry.is_symlink() and entry.is_dir() and not is_left_out(entry.name)]
    except OSError:
        return {}
    return {f"themes/{link.name}": os.path.realpath(link.path) for link in links if not is_undecodable(link.name)}


def looked_again(seen: Scan, site: Path, paths: Iterable[str]) -> Scan | None:
    """What `scan` would find if nothing but the files at `paths` (named as in a scan) had changed since `seen`.

    None where only a scan can tell: a folder came, went or moved, a link is among them, or something is wrong.
    """
    if seen.diagnostics:
        return None
    at = time.time_ns()
    files: dict[str, _Numbers] = dict(seen.files)
    for path in paths:
        if any(is_left_out(part) for part in path.split("/") if part):
            continue
        try:
            status = os.lstat(os.path.join(site, path))
        except FileNotFoundError:
            if files.pop(path, None) is None and any(known.startswith(f"{path}/") for known in files):
                return None
            continue
        except OSError:
            return None
        if not stat.S_ISREG(status.st_mode) or not path.isprintable():
            return None
        files[path] = _numbers(status)
    # A folder's files are listed in the order of the disk, and nobody relies on it.
    return Scan(at, _stamps(files), ())


def is_racy(found: SourceStamp, at: int) -> bool:
    """Whether a file with this stamp, read in the scan that began `at`, may have changed since without a new stamp."""
    return any(at - RACE - (0 if time % _SECOND else _COARSE) <= time <= at + _AHEAD for time in found[1:3])


def racy_since(at: int) -> int:
    """The earliest time of a change with which a file, read in the scan that began `at`, can be racy: `is_racy` tells whether it is."""
    return at - RACE - _COARSE


def _stamps(files: dict[str, _Numbers]) -> dict[str, SourceStamp]:
    """The stamps of `files`: their numbers, in the range that the cache can hold."""
    try:
        array("q", chain.from_iterable(files.values()))
    except OverflowError:
        files = {path: _folded(numbers) for path, numbers in files.items()}
    # To make them one by one would take as long as to compare them.
    return cast("dict[str, SourceStamp]", files)


def _walk(
    site: str,
    folder: str,
    root: str,
    files: dict[str, _Numbers],
    diagnostics: list[Diagnostic],
    passed: frozenset[str] = frozenset(),
) -> None:
    """Add the files below `folder`, with their numbers, to `files`, and problems to `diagnostics`; leave out the paths in `passed`.

    A symbolic link is followed only if it leads to a place in the folder `root`. A build in which nothing has changed spends much of its
    time here.
    """
    pending = [(folder, frozenset({os.path.realpath(os.path.join(site, folder))}))]
    while pending:
        directory, above = pending.pop()
        try:
            with os.scandir(os.path.join(site, directory)) as entries:
                found = list(entries)
        except OSError as error:
            diagnostics.append(unreadable(directory, error))
            continue
        for entry in found:
            name = entry.name
            # Most names end so, and a build that finds nothing changed asks it of all.
            if (name[-3:] != ".md" or name[0] in ".#~" or not name.isascii()) and not _is_named_well(directory, name, diagnostics):
                continue
            path = f"{directory}/{name}"
            if path in passed:
                continue
            try:
                status = entry.stat(follow_symlinks=False)
                kind = stat.S_IFMT(status.st_mode)
                if kind == stat.S_IFLNK:
                    if not _may_follow(entry, path, root, diagnostics):
                        continue
                    if entry.is_dir():
                        real = os.path.realpath(entry.path)
                        if real not in above:
                            pending.append((path, above | {real}))
                        continue
                    status = entry.stat()
                    kind = stat.S_IFMT(status.st_mode)
            except OSError as error:
                diagnostics.append(unreadable(path, error))
                continue
            if kind == stat.S_IFREG:
                files[path] = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
            elif kind == stat.S_IFDIR:
                pending.append((path, above))
            else:
                diagnostics.append(problem("unreadable-file", "this is neither a file nor a folder", path, _ODD_REMEDY))


def stamp_of(status: os.stat_result) -> SourceStamp:
    """The stamp of the file with this status, which the scan of a moment before gives as well if it is unchanged."""
    return SourceStamp(_folded(_numbers(status)))


def _folded(numbers: _Numbers) -> _Numbers:
    size, modified, changed, inode = numbers
    return as_int64(size), as_int64(modified), as_int64(changed), as_int64(inode)


def _numbers(status: os.stat_result) -> _Numbers:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _is_named_well(directory: str, name: str, diagnostics: list[Diagnostic]) -> bool:
    """Whether a file may be content, going by its name."""
    path = f"{directory}/{name}"
    if is_undecodable(name):
        shown = path.encode("utf-8", "backslashreplace").decode()
        diagnostics.append(problem("not-utf8", "the name of this file is not UTF-8", shown, "rename it"))
        return False
    if name[0] == "." and name.endswith(".icloud"):
        file = name[1:].removesuffix(".icloud")
        remedy = "open its folder in Finder, and choose Download Now for it"
        diagnostics.append(problem("not-fetched", "iCloud keeps this file elsewhere", f"{directory}/{file}", remedy))
        return False
    return not is_left_out(name)


def _may_follow(link: os.DirEntry[str], path: str, root: str, diagnostics: list[Diagnostic]) -> bool:
    """Whether the symbolic link at `path` leads to something in the site's folder `root`, and not to what is hidden there."""
    real = os.path.realpath(link.path)
    if root != "/" and (os.path.commonpath((root, real)) != root or "/." in real[len(root) :]):
        # What is hidden in the site's folder, such as .git and the cache, is no more for readers than what is outside.
        where = "out of the site" if os.path.commonpath((root, real)) != root else "into a hidden folder"
        remedy = "copy what it leads to into the site, or delete the link"
        found = problem("symlink-outside", f"this link leads {where}, to {real}", path, remedy)
        # Nobody knows whether what lies there is withheld, and its name may tell.
        diagnostics.append(structs.replace(found, confidential=path.startswith("content/")))
        return False
    if not os.path.exists(link.path):
        diagnostics.append(problem("unreadable-file", "this link leads to nothing", path, "delete it or mend it"))
        return False
    return True


def unreadable(path: str, error: OSError) -> Diagnostic:
    """What to say of a file or folder that the system does not let us read."""
    if isinstance(error, FileNotFoundError):
        return problem("unreadable-file", "this is gone", path, "put it back")
    return problem("unreadable-file", f"this cannot be read: {error.strerror}", path, "mend its permissions, or delete it")


def read_or_nothing(site: Path, path: str) -> bytes:
    """The bytes of the file at `path`, from the site folder; none where it is gone or cannot be read."""
    try:
        with open(f"{site}/{path}", "rb", buffering=0) as file:
            return file.read()
    except OSError:
        return b""


def source_key(site: Path, path: str) -> str:
    """The name under which a scan knows a file: from the site folder where it lies in it."""
    return path.removeprefix(f"{site}/")


def empty_submodules(site: Path) -> Iterator[Diagnostic]:
    """A problem for each submodule in the content or the themes of `site` that holds nothing."""
    for folder in (site, *site.parents):
        modules = folder / ".gitmodules"
        if modules.is_file():
            yield from _empty(site, folder, modules)
        if modules.is_file() or (folder / ".git").exists():
            return


def _empty(site: Path, repository: Path, modules: Path) -> Iterator[Diagnostic]:
    for path in sorted(set(_SUBMODULE.findall(modules.read_text(encoding="utf-8", errors="replace")))):
        submodule = repository / path
        if not any(submodule.is_relative_to(site / part) for part in ("content", "themes")) or _holds_anything(submodule):
            continue
        message = "this folder is a submodule of git, and it is empty: what belongs there would vanish from the site"
        remedy = (
            "run `git submodule update --init`; a workflow of GitHub needs `submodules: true` below `with:` of actions/checkout. "
            f"If it is to be gone: git rm {path}"
        )
        yield problem("not-fetched", message, submodule.relative_to(site).as_posix(), remedy)


def _holds_anything(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            # The file that leads to the repository is no content.
            return any(entry.name != ".git" for entry in entries)
    except OSError:
        return False
