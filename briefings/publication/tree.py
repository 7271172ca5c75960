"""The output folder: whether it is ours, and how a file of it is written."""

from __future__ import annotations

import contextlib
import functools
import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NewType

import msgspec
from msgspec import Struct

from briefings.core.diagnostics import Diagnostic, problem
from briefings.core.digests import digest_of_pieces
from briefings.publication.disk import Disk, as_int64, settled_bits

MANIFEST = ".briefings.json"
"""The file in the output folder that lists what the build wrote there, and so makes the folder ours."""

STAGING = ".briefings-staging"
"""The folder in the output, or with its name beside one that does not exist yet, that holds what takes its place there; it is gone when a
build has ended."""

_NOT_CONTENT = (STAGING, "lost+found")
"""What an empty output may have in it: the latter is in each root of an ext file system."""

OutputStamp = NewType("OutputStamp", tuple[int, int, int, int])
"""Size, modification time in nanoseconds, inode and mode of a published file."""

Signature = tuple[OutputStamp, int]
"""The stamp of a manifest and the mode of the folder that it is in: another one means that others have been there, or another build."""

_LEADS_OUT = ("\0/", "\0./", "\0../", "/./", "/../", "/.\0", "/..\0", "//")
"""What no path of ours has, between two NULs: a manifest that leads out of its folder is not ours."""

_PIECE = 1 << 20
"""Bytes that are read at once: 1 MiB."""


class OutputFile(Struct, frozen=True):
    """A file of the output."""

    digest: bytes
    stamp: OutputStamp
    """After the last byte was written. A file keeps it on its way to its place."""


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """What a build wrote."""

    generator: str
    files: tuple[str, ...]
    """Paths from the output folder, with forward slashes, sorted; without the manifest itself."""
    audience: str = "unknown"
    """The highest marking that the build may contain; unknown for one by an early version of the program."""
    preview: bool = False
    """Whether it may contain drafts and what is under embargo or expired, and so must not be published."""


def read_manifest(output: Path) -> Manifest | None:
    """The manifest of `output`, or None when there is none that can be read."""
    try:
        manifest = msgspec.json.decode((output / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError):
        return None
    return manifest if manifest.generator == "briefings" and not leads_out(manifest.files) else None


def leads_out(paths: Collection[str]) -> bool:
    """Whether any of `paths`, which are said to lie in a folder, does not."""
    joined = "\0".join(("", *paths, ""))
    return joined.count("\0") != len(paths) + 1 or any(part in joined for part in _LEADS_OUT)


def signature_of(folder: Path) -> Signature | None:
    """The signature of the output in `folder`; None when it has no manifest, or one of the two is something else."""
    try:
        above, status = os.lstat(folder), os.lstat(folder / MANIFEST)
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode) or not stat.S_ISDIR(above.st_mode):
        return None
    return _stamp(status), above.st_mode


def staging_places(output: Path) -> tuple[str, str]:
    """Where an output may have a staging folder: in it, and beside it for one that does not exist yet."""
    return f"{output}/{STAGING}", f"{output.parent}/.{output.name}{STAGING}"


def without_staging(output: Path, folder: str, names: Iterable[str]) -> list[str]:
    """Return the `names` of folders in `folder`, which lies in `output` or is it, without that of the staging folder of a build.

    A build has its staging folder at the top: a folder of that name anywhere else is like any other.
    """
    return [name for name in names if name != STAGING or folder != os.fspath(output)]


def is_unfinished(output: Path) -> bool:
    """Whether a build is publishing to `output`, or has ended before it was done."""
    return any(os.path.lexists(place) for place in staging_places(output))


def resolved(output: Path) -> Path:
    """Where the folder `output` really is. A link that leads in a circle stays as it is, for `refuse` to tell."""
    return Path(os.path.realpath(output))


def unfit_place(output: Path, site: Path) -> Diagnostic | None:
    """Why `output` (resolved) may never be that of the site in `site` (resolved); None when it may."""
    no = functools.partial(refused, output)
    if output == Path(output.anchor):
        return no("is the root of the file system")
    # Of a user without a home folder, this gives "~", where Path.home raises.
    if output == Path(os.path.expanduser("~")):
        return no("is your home folder")
    if site.is_relative_to(output):
        return no("contains the site's own sources")
    for sources in ("content", "themes", ".git", ".briefings"):
        if output.is_relative_to(site / sources):
            return no(f"lies in the site's own {sources}/")
    if ".git" in output.parts:
        return no("lies in a .git folder")
    return None


def refuse(output: Path, *, known: bool = False) -> Diagnostic | None:
    """Why nothing may be written to `output` as it is; None when it may. It is ours where its manifest is `known`."""
    no = functools.partial(refused, output)
    if output.is_symlink():
        return no("is a link that leads in a circle", "delete the link, or choose another folder with --output DIR")
    if output.exists() and not output.is_dir():
        return no("is a file")
    above = next(p for p in output.parents if p.exists())
    if not above.is_dir():
        return no(f"lies below {above}, which is a file")
    if not output.exists() and not _takes_folders(above):
        return no(f"cannot be made in {above}")
    if (output / ".git").exists():
        return no("is a git repository")
    if output.is_dir() and not os.access(output, os.W_OK | os.X_OK):
        return no("may not be written", "get the right to write in it, or choose another folder with --output DIR")
    if not known and output.is_dir() and any(path.name not in _NOT_CONTENT for path in output.iterdir()) and read_manifest(output) is None:
        why = f"is not empty and was not written by briefings (it has no readable {MANIFEST})"
        return no(why, "empty it, or choose another with --output DIR")
    return None


def refused(output: Path, why: str, remedy: str = "choose another folder with --output DIR") -> Diagnostic:
    """The problem that a build must not write to `output`; `why` goes on after "the output folder"."""
    return problem("output-refused", f"the output folder {why}", str(output), remedy)


def _takes_folders(folder: Path) -> bool:
    """Whether a folder can be made in `folder`."""
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    if not hasattr(os, "statvfs") or os.statvfs(folder).f_blocks:
        return True
    # A file system without blocks may be one that the kernel makes up, such as /proc: it grants root every right and makes nothing.
    probe = folder / f".briefings-{os.getpid()}"
    try:
        probe.mkdir()
        probe.rmdir()
    except OSError:
        return False
    return True


class Destination(Struct, frozen=True):
    """A folder to which a build writes files. It is there: if another program deletes it, nothing makes it again."""

    folder: str
    everybody: bool
    """Whether everybody may read what is written there, whatever the umask says. Otherwise nothing is opened that is closed."""
    disk: Disk


def write_file(destination: Destination, path: str, data: bytes) -> OutputFile:
    """Write a file at `path` in a folder."""
    return write_pieces(destination, path, (data,))


def write_pieces(destination: Destination, path: str, parts: Iterable[bytes]) -> OutputFile:
    """Write a file at `path` in a folder from its pieces, which are never in memory together."""
    target = f"{destination.folder}/{path}"
    descriptor = _create(target, destination)
    try:
        made = digest_of_pieces(_written(descriptor, parts))
        status = os.fstat(descriptor)
        if destination.everybody and status.st_mode & 0o777 != 0o644:
            # The umask, or the folder's access list, has kept readers out.
            destination.disk.set_mode(target, 0o644)
            status = os.fstat(descriptor)
    except OSError as error:
        # What could not be read names itself.
        error.filename = error.filename or target
        raise
    finally:
        os.close(descriptor)
    return OutputFile(made, _stamp(status))


def _written(descriptor: int, parts: Iterable[bytes]) -> Iterator[bytes]:
    """Write `parts`, and give each that is written."""
    for part in parts:
        view = memoryview(part)
        while view:
            view = view[os.write(descriptor, view) :]
        yield part


def stamp_of(folder: str, path: str) -> OutputStamp | None:
    """The stamp of a published file; None for what no build has left so: nothing, a folder or a link."""
    try:
        status = os.stat(f"{folder}/{path}", follow_symlinks=False)
    except OSError:
        return None
    return _stamp(status) if stat.S_ISREG(status.st_mode) else None


def _stamp(status: os.stat_result) -> OutputStamp:
    return OutputStamp((as_int64(status.st_size), as_int64(status.st_mtime_ns), as_int64(status.st_ino), status.st_mode))


UNKNOWN = frozenset({MANIFEST})
"""What is damaged of an output that no known build has left."""


def damaged_files(output: Path, published: Mapping[str, OutputStamp], signature: Signature | None, *, everybody: bool) -> frozenset[str]:
    """The files that are gone or no longer what the last build left; the manifest, when another build has been there.

    Where they are for `everybody`, nobody may have lost the right to read them.
    """
    folder, mask = str(output), settled_bits(everybody=everybody)
    damaged = [] if _is_signed(output, signature, mask) else [MANIFEST]
    # A build that finds nothing changed spends much of its time here.
    look_at = os.lstat
    for path, left in published.items():
        try:
            found = look_at(f"{folder}/{path}")
        except OSError:
            damaged.append(path)
            continue
        size, modified, inode, mode = left
        if (
            found.st_mtime_ns != modified or found.st_ino != inode or found.st_size != size or (found.st_mode ^ mode) & mask
        ) and not _is_same(_stamp(found), left, mask):
            damaged.append(path)
    return frozenset(damaged)


def _is_signed(output: Path, signature: Signature | None, mask: int) -> bool:
    found = signature_of(output)
    if found is None or signature is None:
        return found == signature
    return _is_same(found[0], signature[0], mask) and not (found[1] ^ signature[1]) & mask


def _is_same(one: OutputStamp, other: OutputStamp, mask: int) -> bool:
    """Whether two stamps are equal, but for bits of the mode that are not in `mask`."""
    return one[:3] == other[:3] and not (one[3] ^ other[3]) & mask


def altered(output: Path, published: Mapping[str, bytes]) -> frozenset[str]:
    """Those of the `published` files, given with their digests, that hold other bytes by now, whatever their stamps say."""
    found = set()
    for path, known in published.items():
        # What is gone is known to be.
        with contextlib.suppress(OSError):
            if digest_of(output / path) != known:
                found.add(path)
    return frozenset(found)


def digest_of(file: Path) -> bytes:
    """The digest of a file. Raises OSError with the file's name."""
    return digest_of_pieces(pieces(file))


def pieces(file: Path) -> Iterator[bytes]:
    """The bytes of a file, a piece at a time. Raises OSError with the file's name."""
    try:
        with file.open("rb", buffering=0) as opened:
            while piece := opened.read(_PIECE):
                yield piece
    except OSError as error:
        error.filename = str(file)
        raise


class Label(Struct, frozen=True):
    """For whom a build is."""

    audience: str
    preview: bool

    @property
    def everybody(self) -> bool:
        """Whether everybody may read it."""
        return self.audience == "TLP:CLEAR" and not self.preview


def write_manifest(destination: Destination, path: str, paths: Iterable[str], label: Label) -> None:
    """Write a manifest at `path` in a folder: it lists `paths`, which a build has written, and says for whom they are."""
    manifest = Manifest("briefings", tuple(sorted(paths)), label.audience, label.preview)
    write_file(destination, path, msgspec.json.encode(manifest))


def make_folders(folder: str, disk: Disk, *, everybody: bool, below: str = "") -> None:
    """Make `folder` and those above it. Raises FileNotFoundError where the folder `below` which all are to be made is missing."""
    try:
        os.mkdir(folder, 0o755)
    except FileNotFoundError:
        above = os.path.dirname(folder)
        if above == below:
            raise
        make_folders(above, disk, everybody=everybody, below=below)
        make_folders(folder, disk, everybody=everybody, below=below)
    except FileExistsError:
        # Two workers may need the same folder.
        if not os.path.isdir(folder):
            raise
    else:
        if everybody:
            disk.set_mode(folder, 0o755)


def _create(target: str, destination: Destination) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    try:
        return os.open(target, flags, 0o644)
    except FileNotFoundError:
        folder = os.path.dirname(target)
        if folder == destination.folder:
            raise
        make_folders(folder, destination.disk, everybody=destination.everybody, below=destination.folder)
        return os.open(target, flags, 0o644)
