"""The output folder: whether it is ours, and how a file of it is written."""

from __future__ import annotations

import contextlib
import errno
import functools
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from briefings.core.diagnostics import Diagnostic, problem
from briefings.engine.rights import Rights, rights_for

MANIFEST = ".briefings.json"
"""The file in the output folder that lists what the build wrote there, and so makes the folder ours."""

Seal = tuple[int, int, int]
"""Modification time in nanoseconds, inode and size of a manifest: another seal means that another build has been there, or a power cut."""

_LEADS_OUT = ("\0/", "\0./", "\0../", "/./", "/../", "/.\0", "/..\0", "//")
"""What no path of ours has, between two NULs: a manifest that leads out of its folder is not ours."""

_IMMOVABLE = (errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM, errno.EROFS)
"""How a system says that a folder must stay where it is: others are mounted on it, or may not be written."""

Stamp = tuple[int, int, int, int]
"""Size, modification time in nanoseconds, inode and number of names of a published file."""

_PIECE = 1 << 20
"""Bytes that are read at once: 1 MiB."""


class Written(Struct, frozen=True):
    """A file of the output."""

    digest: bytes
    stamp: Stamp
    """After the last byte was written. Rights, which may be mended after that, are no part of it."""


class Spare(Struct, frozen=True):
    """The copy of the output that lies ready to be brought up to date: the same files under second names, without those that differ."""

    seal: Seal
    behind: tuple[str, ...]
    """Paths at which it has something else than the output, or only one of the two has anything."""
    foreign: tuple[str, ...]
    """Files in it that no build wrote."""


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
    paths = "\0".join(("", *manifest.files, ""))
    leads_out = paths.count("\0") != len(manifest.files) + 1 or any(part in paths for part in _LEADS_OUT)
    return manifest if manifest.generator == "briefings" and not leads_out else None


def seal_of(folder: Path) -> Seal | None:
    """The seal of the manifest in `folder`; None when there is none, or one of the two is something else."""
    try:
        above, status = os.lstat(folder), os.lstat(folder / MANIFEST)
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode) or not stat.S_ISDIR(above.st_mode):
        return None
    return status.st_mtime_ns, status.st_ino, status.st_size


def misplaced(output: Path, site: Path) -> Diagnostic | None:
    """Why `output` (resolved) may never be that of the site in `site` (resolved); None when it may."""
    no = functools.partial(_refused, output)
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
    no = functools.partial(_refused, output)
    if output.exists() and not output.is_dir():
        return no("is a file")
    above = next(p for p in output.parents if p.exists())
    if not above.is_dir():
        return no(f"lies below {above}, which is a file")
    if not output.exists() and not _takes_folders(above):
        return no(f"cannot be made in {above}")
    if (output / ".git").exists():
        return no("is a git repository")
    if stuck := _stuck(output):
        return no(*stuck)
    if not known and output.is_dir() and any(output.iterdir()) and read_manifest(output) is None:
        why = f"is not empty and was not written by briefings (it has no readable {MANIFEST})"
        return no(why, "empty it, or choose another with --output DIR")
    return None


def _refused(output: Path, why: str, remedy: str = "choose another folder with --output DIR") -> Diagnostic:
    return problem("output-refused", f"the output folder {why}", str(output), remedy)


def _stuck(output: Path) -> tuple[str, str] | None:
    """Why no other folder can take the place of `output`, and what to do; None where one can, as far as one sees."""
    above = output.parent
    if output.exists() and os.path.ismount(output):
        return "is a mount point, which no other folder can take the place of", f"choose a folder in it: --output {output / 'site'}"
    if output.exists() and not os.access(above, os.W_OK | os.X_OK):
        remedy = f"get the right to write in {above}, or choose another folder with --output DIR"
        return f"cannot be replaced, because {above} may not be written", remedy
    return None


def immovable(output: Path, error: OSError) -> Diagnostic | None:
    """The problem when `output` could not be replaced because of where it lies; None for an error of another kind."""
    if error.errno not in _IMMOVABLE or str(output) not in (error.filename, error.filename2):
        return None
    remedy = "choose a folder below it, or another one, with --output DIR, or mend the rights of the folder and of the one that holds it"
    return problem("output-refused", f"the output folder cannot be replaced: {error.strerror}", str(output), remedy)


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


def write_file(folder: str, path: str, data: bytes, rights: Rights) -> Written:
    """Write a file below `folder`. A file that is there is replaced, never changed."""
    return write_pieces(folder, path, (data,), rights)


def write_pieces(folder: str, path: str, parts: Iterable[bytes], rights: Rights) -> Written:
    """The same for a file that is given piece by piece, which are never in memory together."""
    target = f"{folder}/{path}"
    descriptor = _create(target, rights)
    made = hashlib.sha256()
    try:
        for part in parts:
            made.update(part)
            view = memoryview(part)
            while view:
                view = view[os.write(descriptor, view) :]
        status = os.fstat(descriptor)
        if not rights.fit_file(status.st_mode):
            # The umask, or the folder's access list, has kept readers out.
            os.fchmod(descriptor, 0o644)
    except OSError as error:
        # What could not be read names itself.
        error.filename = error.filename or target
        raise
    finally:
        os.close(descriptor)
    return Written(_short(made), _stamp(status))


def stamp_of(folder: str, path: str, rights: Rights) -> Stamp | None:
    """The stamp of a published file; None for what no build has left so: nothing, a folder, a link, or a file with other rights."""
    try:
        status = os.stat(f"{folder}/{path}", follow_symlinks=False)
    except OSError:
        return None
    return _stamp(status) if rights.fit_file(status.st_mode) else None


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_size, status.st_mtime_ns, status.st_ino, status.st_nlink


class Look(Struct, frozen=True):
    """What has become of the files that a build published."""

    damaged: frozenset[str]
    """Those that are gone or no longer what was published; the manifest, when it is that of a build that was cut short."""
    parted: frozenset[str]
    """Those that are whole, and have lost or won a name: the same file may no longer be in the spare copy of the output."""


UNKNOWN = Look(frozenset({MANIFEST}), frozenset())
"""What there is to say of an output that no known build has left."""


def look(output: Path, published: Mapping[str, Stamp], seal: Seal | None, rights: Rights) -> Look:
    """Compare the output with what the last build left there, with these rights."""
    folder = str(output)
    damaged = [] if seal_of(output) == seal and _is_open(output, rights) else [MANIFEST]
    parted = []
    # A build that finds nothing changed spends much of its time here.
    look_at, (mask, mode) = os.lstat, rights.files
    for path, (size, modified, inode, names) in published.items():
        try:
            found = look_at(f"{folder}/{path}")
        except OSError:
            damaged.append(path)
            continue
        if found.st_mtime_ns != modified or found.st_ino != inode or found.st_size != size or found.st_mode & mask != mode:
            damaged.append(path)
        elif found.st_nlink != names:
            parted.append(path)
    return Look(frozenset(damaged), frozenset(parted))


def _is_open(output: Path, rights: Rights) -> bool:
    """Whether the folder and its manifest have the rights that a build gave them."""
    try:
        return rights.fit_folder(os.lstat(output).st_mode) and rights.fit_file(os.lstat(output / MANIFEST).st_mode)
    except OSError:
        return False


def altered(output: Path, published: Mapping[str, bytes]) -> frozenset[str]:
    """Those of the `published` files, given with their digests, that hold other bytes by now, whatever their stamps say."""
    found = set()
    for path, known in published.items():
        # What is gone is known to be.
        with contextlib.suppress(OSError):
            if digest_of(output / path) != known:
                found.add(path)
    return frozenset(found)


def digest(data: bytes) -> bytes:
    """The digest under which builds know a file's bytes."""
    # Of all good digests, most processors have instructions for this one alone, so that it takes half the time of others.
    return _short(hashlib.sha256(data))


def digest_of(file: Path) -> bytes:
    """The digest of a file, read a piece at a time so that a large one never fills memory."""
    return digest_of_pieces(pieces(file))


def has_bytes(file: Path, size: int, wanted: bytes) -> bool:
    """Whether a file has this size and digest; False where it cannot be read."""
    try:
        return file.stat().st_size == size and digest_of(file) == wanted
    except OSError:
        return False


def digest_of_pieces(parts: Iterable[bytes]) -> bytes:
    """The digest of bytes that are given piece by piece."""
    made = hashlib.sha256()
    for part in parts:
        made.update(part)
    return _short(made)


def pieces(file: Path) -> Iterator[bytes]:
    """The bytes of a file, a piece at a time. Raises OSError with the file's name."""
    try:
        with file.open("rb", buffering=0) as opened:
            while piece := opened.read(_PIECE):
                yield piece
    except OSError as error:
        error.filename = str(file)
        raise


def _short(made: hashlib._Hash) -> bytes:
    return made.digest()[:16]


class Label(Struct, frozen=True):
    """For whom a build is."""

    audience: str
    preview: bool

    @property
    def rights(self) -> Rights:
        """Who may read it."""
        return rights_for(self.audience, preview=self.preview)


def write_manifest(folder: str, paths: Iterable[str], label: Label) -> None:
    """List in `folder` what the build has written there, and say for whom it is."""
    manifest = Manifest("briefings", tuple(sorted(paths)), label.audience, label.preview)
    write_file(folder, MANIFEST, msgspec.json.encode(manifest), label.rights)


def make_folders(folder: str, rights: Rights) -> None:
    """Make `folder` and those above it."""
    try:
        os.mkdir(folder, 0o755)
    except FileNotFoundError:
        make_folders(os.path.dirname(folder), rights)
        make_folders(folder, rights)
    except FileExistsError:
        # Two workers may need the same folder.
        if not os.path.isdir(folder):
            raise
    else:
        if rights.everybody:
            os.chmod(folder, 0o755)  # noqa: S103 - readers of the site may list it


def _create(target: str, rights: Rights) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        return os.open(target, flags, 0o644)
    except FileNotFoundError:
        make_folders(os.path.dirname(target), rights)
    except FileExistsError:
        # The file may be the published one under a second name, which must not change.
        os.unlink(target)
    return os.open(target, flags, 0o644)
