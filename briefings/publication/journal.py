"""The journal of a publication: what goes to which place in the output, so that whoever comes next can finish what was begun."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from briefings.publication.disk import Disk, held
from briefings.publication.tree import MANIFEST, leads_out, make_folders, read_manifest, staging_places

TREE = "tree"
"""In the staging folder: files that the output does not have, at the paths that they will have in it, so that a new folder moves whole."""
REPLACEMENTS = "replacements"
"""In the staging folder: files for the places of published ones, side by side. Folders for them would be made in vain: of 10,000 pages
that were rendered again, they took half the time of the whole build."""
INTERIM = "interim"
"""In the staging folder: a folder with the manifest that the output has while files are on the move. It lists the old files and the new."""
_JOURNAL = "journal.json"
_MANY = 256
"""From so many replacements on, several are moved at once."""
_AT_ONCE = 4
"""Threads that move them. With each published file that goes, a file system may tell the disk which blocks are free again (`discard`), and
wait for it: of 10,000 pages that were rendered again, that took most of the time of the publication, and half of it in threads."""
_IN_THE_WAY = (FileExistsError, IsADirectoryError, NotADirectoryError)
"""How a system says that something else has come to stand where a file or a folder should go."""


class Journal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be done to an output, in this order, between its interim manifest and its new one."""

    everybody: bool
    """Whether everybody may read what is published."""
    cleared: tuple[str, ...] = ()
    """Files that go first, because a folder takes the place of the file, or a file that of its folder."""
    moved: tuple[str, ...] = ()
    """Files and whole folders that go from the staged tree to the same paths in the output."""
    replaced: tuple[str, ...] = ()
    """Files whose replacements go to these paths in the output."""
    removed: tuple[str, ...] = ()
    """Files that go last."""
    opened: tuple[str, ...] = ()
    """Files and folders that were for a few and that everybody may read from now on; the output itself is the empty path."""


def replacement(path: str) -> str:
    """Where in the staging folder the file is made that replaces the published one at `path`."""
    return f"{REPLACEMENTS}/{hashlib.blake2b(path.encode(), digest_size=16).hexdigest()}"


def settle(output: Path, disk: Disk, waiting: Callable[[], None]) -> None:
    """Finish what a build that has ended had begun to publish to `output`, and clear away what it had only staged.

    Calls `waiting` when a build, of whatever site, is using a staging folder of this output, and waits until it has ended. The caller
    holds the lock of the site. Raises OSError where the system does not let us; it can be tried again.
    """
    for place in staging_places(output):
        if os.path.islink(place) or os.path.isfile(place):
            disk.unlink(place)
            continue
        with held(place, disk, waiting) as is_there:
            journal = _read(place) if is_there else None
            if journal is not None:
                # What cannot be finished, since somebody has put something in the way, is for the next build to heal: the interim
                # manifest lists all that may have taken its place.
                with contextlib.suppress(*_IN_THE_WAY):
                    _proceed(str(output), place, journal, disk, resumed=True)
            if is_there:
                close(place, disk)


@contextlib.contextmanager
def reserved(output: Path, disk: Disk, waiting: Callable[[], None]) -> Iterator[None]:
    """Settle `output`, and let no build, of whatever site, publish to it meanwhile. Raises OSError, as `settle` does.

    An output in which nobody may write is not reserved.
    """
    settle(output, disk, waiting)
    place, _ = staging_places(output)
    try:
        os.mkdir(place, 0o700)
    except FileExistsError:
        raise
    except OSError:
        yield
        return
    with held(place, disk, waiting):
        try:
            yield
        finally:
            close(place, disk)


def carry_out(output: str, place: str, journal: Journal, disk: Disk) -> None:
    """Write the journal into the staging folder at `place`, do what it says, and close it.

    Raises OSError; from the moment that `has_begun` can tell, the publication must then be finished by `settle`.
    """
    part = f"{place}/{_JOURNAL}.part"
    with open(part, "wb") as file:
        file.write(msgspec.json.encode(journal))
    disk.replace(part, f"{place}/{_JOURNAL}")
    _proceed(output, place, journal, disk)
    close(place, disk)


def has_begun(place: str) -> bool:
    """Whether the staging folder at `place` has a journal, so that what is staged there must be published."""
    return os.path.exists(f"{place}/{_JOURNAL}")


def close(place: str, disk: Disk) -> None:
    """Delete the staging folder at `place`, the journal first. What the system does not let us delete, the next build does."""
    with contextlib.suppress(OSError):
        with contextlib.suppress(FileNotFoundError):
            disk.unlink(f"{place}/{_JOURNAL}")
        shutil.rmtree(place)


def clear_trees(cache: Path, output: Path) -> None:
    """Delete the copy that version 0.1 has kept of `output`: in the `cache` folder, or beside an output on another file system."""
    shutil.rmtree(cache / "trees", ignore_errors=True)
    beside = output.with_name(f".{output.name}.briefings")
    name = hashlib.blake2b(os.fsencode(output), digest_size=16).hexdigest()[:12]
    if any((beside / kept).is_dir() for kept in (name, f"{name}.part")):
        for kept in (name, f"{name}.part"):
            shutil.rmtree(beside / kept, ignore_errors=True)
        with contextlib.suppress(OSError):
            beside.rmdir()


def _read(place: str) -> Journal | None:
    """The journal at `place`; None where there is none, or one that a loss of power has left without its bytes."""
    try:
        with open(f"{place}/{_JOURNAL}", "rb") as file:
            journal = msgspec.json.decode(file.read(), type=Journal)
    except (OSError, msgspec.MsgspecError):
        return None
    paths = (*journal.cleared, *journal.moved, *journal.replaced, *journal.removed, *(path for path in journal.opened if path))
    return None if leads_out(paths) else journal


def _proceed(output: str, place: str, journal: Journal, disk: Disk, *, resumed: bool = False) -> None:
    """Do what the journal says. If it is `resumed`, pass over what is done, and remove nothing that the manifest does not list.

    Else raises FileNotFoundError for a staged file that somebody has taken away.
    """
    move = partial(_move, disk=disk, everybody=journal.everybody)
    interim, manifest = f"{place}/{INTERIM}/{MANIFEST}", f"{place}/{TREE}/{MANIFEST}"
    # Neither is there where the files that the output has stay the same ones.
    has_manifest = os.path.lexists(manifest)
    move(interim, f"{output}/{MANIFEST}", resumed=resumed or not os.path.lexists(interim))
    if resumed:
        now = read_manifest(Path(output))
        listed = frozenset(now.files) if now else frozenset()
        journal = structs.replace(
            journal,
            cleared=tuple(path for path in journal.cleared if path in listed),
            removed=tuple(path for path in journal.removed if path in listed),
        )
    for path in journal.cleared:
        _remove(output, path, disk.unlink)
    for path in journal.moved:
        move(f"{place}/{TREE}/{path}", f"{output}/{path}", resumed=resumed)
    _for_each(journal.replaced, lambda path: move(f"{place}/{replacement(path)}", f"{output}/{path}", resumed=resumed))
    for path in journal.removed:
        _remove(output, path, disk.unlink)
    for path in journal.opened:
        opened = f"{output}/{path}" if path else output
        disk.set_mode(opened, 0o755 if os.path.isdir(opened) else 0o644)
    move(manifest, f"{output}/{MANIFEST}", resumed=resumed or not has_manifest)


def _for_each(paths: Sequence[str], move: Callable[[str], None]) -> None:
    """Move what belongs to each of `paths`, in any order. Raises what `move` raises; others may have been moved by then, or not."""
    if len(paths) < _MANY:
        for path in paths:
            move(path)
        return
    # Few builds replace so many files.
    from concurrent.futures import ThreadPoolExecutor

    parts = [paths[start::_AT_ONCE] for start in range(_AT_ONCE)]
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        list(threads.map(lambda part: list(map(move, part)), parts))


def _move(source: str, target: str, *, disk: Disk, everybody: bool, resumed: bool) -> None:
    """Let a file or a folder take the place of what is at `target`. If this is `resumed`, what is missing has done so before."""
    try:
        disk.replace(source, target)
    except FileNotFoundError:
        if os.path.lexists(source):
            # The folder was empty for a moment and has gone with its last file, or somebody has deleted it.
            make_folders(os.path.dirname(target), disk, everybody=everybody)
            disk.replace(source, target)
        elif not resumed:
            raise
    except OSError:
        if not os.path.isdir(source) or not os.path.isdir(target) or os.path.islink(target):
            raise
        # Somebody has made the folder meanwhile.
        for name in os.listdir(source):
            _move(f"{source}/{name}", f"{target}/{name}", disk=disk, everybody=everybody, resumed=resumed)


def _remove(output: str, path: str, unlink: Callable[[str], None]) -> None:
    """Delete a file, and the folders above it that are empty then."""
    # Where a folder has taken the place of the file, or a file that of its folder, there is nothing to delete.
    with contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
        unlink(f"{output}/{path}")
    folder = path.rpartition("/")[0]
    while folder:
        try:
            os.rmdir(f"{output}/{folder}")
        except OSError:
            return
        folder = folder.rpartition("/")[0]
