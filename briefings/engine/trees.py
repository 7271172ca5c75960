"""The two trees of a site's output: new files are staged beside the published tree and take their place in one step."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path, PurePosixPath

from msgspec import Struct

from briefings.core.diagnostics import Diagnostic, problem
from briefings.engine.cache import FOLDER, make_folder
from briefings.engine.output import MANIFEST, Label, Look, Spare, make_folders, seal_of, write_manifest
from briefings.engine.rights import Rights, keep_folders, narrow_files, open_files

_HOLDER = "trees"
"""The folder in the site's memory that holds what is not the output yet, or no longer."""
DURABLE = 16
"""Up to how many new files a build waits for the disk to have them before they are published."""


class Published(Struct, frozen=True):
    """What became of the output."""

    spare: Spare | None
    named: Collection[str]
    """Files that have won a second name on the way, or may have."""


class Trees:
    """Where the output of a site lies, its spare copy, and what is being made."""

    def __init__(self, output: Path, site: Path, label: Label) -> None:
        """What is made is for those whom the `label` names."""
        self.output = output
        self.label = label
        self.rights = label.rights
        self.spare = spare_of(output, site)
        self.part = self.spare.with_name(f"{self.spare.name}.part")
        self.aside = self.spare.with_name(f"{self.spare.name}.aside")
        self._recover()

    def _recover(self) -> None:
        """Clear away what a build that was killed has left, and finish what it had begun between two renames."""
        holder = self.spare.parent
        if holder.name == _HOLDER and (holder.is_symlink() or holder.is_file()):
            holder.unlink()
        scrap(self.part)
        if self.aside.exists():
            if self.output.exists():
                shutil.rmtree(self.aside)
            else:
                self.aside.rename(self.output)

    def make(self, tree: Path) -> None:
        """Make the folder of a tree. Nobody else looks into the folder that holds it: the tree may be more open than the output."""
        holder = tree.parent
        make_folders(str(holder.parent), self.rights)
        holder.mkdir(mode=0o700, exist_ok=True)
        make_folders(str(tree), self.rights)

    def abandon(self, spare: Spare | None) -> None:
        """Leave nothing behind of a build that ended early, but the spare copy where it is still as the last good build left it."""
        with contextlib.suppress(OSError):
            scrap(self.part)
            if spare is None or seal_of(self.spare) != spare.seal:
                scrap(self.spare)

    def forget(self) -> None:
        """Do without the spare copy."""
        with contextlib.suppress(OSError):
            scrap(self.spare)


class FolderStaging:
    """New versions of files that lie in one folder of the output: they are made aside and change places with the old ones at once.

    This is what an edit of one text needs; nothing else of the output is touched, and nothing is listed.
    """

    def __init__(self, trees: Trees, folder: str, spare: Spare | None) -> None:
        self._trees = trees
        self._folder = folder
        self._spare = spare
        self.root = str(trees.part)
        trees.make(trees.part)

    def conflicts(self, paths: Collection[str], foreign: Collection[str]) -> Iterator[Diagnostic]:
        """Foreign files in the way: none, for every one of these files takes the place of one that a build wrote."""
        del paths, foreign
        return iter(())

    def publish(self, paths: Collection[str], changed: Collection[str], unchanged: Collection[str], foreign: Collection[str]) -> Published:
        """Let the `changed` files take the places of the published ones; the `unchanged` ones came out as they were."""
        del paths, unchanged, foreign
        output, made = str(self._trees.output), self.root
        if not self._trees.rights.everybody:
            narrow_files(output, made, changed)
        _wait_for_disk(f"{made}/{path}" for path in changed)
        if len(changed) == 1:
            (path,) = changed
            os.replace(f"{made}/{path}", f"{output}/{path}")
        elif changed:
            old, new = f"{output}/{self._folder}", f"{made}/{self._folder}"
            names = {path.rpartition("/")[2] for path in changed}
            for name in os.listdir(old):
                if name not in names:
                    _link(f"{old}/{name}", f"{new}/{name}", self._trees.rights)
            keep_folders(output, made, () if self._trees.rights.everybody else (self._folder,))
            from briefings.engine.exchange import exchange

            if not exchange(new, old):
                # File by file: a folder that is away between two renames would take its other files along, should the power fail.
                for path in changed:
                    os.replace(f"{made}/{path}", f"{output}/{path}")
        if changed:
            _wait_for_disk([f"{output}/{self._folder}"])
        scrap(self._trees.part)
        spare = self._spare
        if spare is not None and changed:
            spare = Spare(spare.seal, tuple(sorted({*spare.behind, *changed})), spare.foreign)
        return Published(spare, ())


class TreeStaging:
    """A whole new output: the spare copy is brought up to date, and then the two change places.

    Both hold the same files as far as they agree, so that this costs what changed, not what exists. The copy is made when it is first
    needed, of links, not of bytes. After a power cut the output is the old tree or the new one, but files whose data the disk did not have
    yet may be empty. A small build waits for its files; after a large one, the next build finds such files by their sizes and writes them
    again.
    """

    def __init__(
        self,
        trees: Trees,
        paths: Collection[str],
        published: Collection[str],
        found: Look,
        spare: Spare | None,
        *,
        relabel: bool,
    ) -> None:
        """Make the spare ready for changes.

        `paths` are those of the new output: what else is there goes at once, for a file may take the place of a folder. `published` are
        those of the output as it is, and `found` is what has become of them. `relabel` when it has another label than it will have.
        """
        self._trees = trees
        self._relabel = relabel
        self.root = str(trees.spare)
        self._published = published
        self._is_known = MANIFEST not in found.damaged
        self._shared: frozenset[str] = frozenset()
        """Files that are in the spare as they are in the output."""
        if spare is None or seal_of(trees.spare) != spare.seal:
            scrap(trees.spare)
            trees.make(trees.spare)
        else:
            # Without its manifest a spare that is left half-way will not be trusted again.
            os.unlink(f"{self.root}/{MANIFEST}")
            self._shared = frozenset(published).difference(spare.behind, found.damaged, found.parted)
            wanted = paths if isinstance(paths, dict | set | frozenset) else set(paths)
            for path in (*spare.foreign, *(p for p in {*published, *spare.behind} if p not in wanted)):
                _remove(self.root, path)

    def conflicts(self, paths: Collection[str], foreign: Collection[str]) -> Iterator[Diagnostic]:
        """Which of the `foreign` files, which no build wrote, stand where a page or a folder of pages must go."""
        if not foreign:
            return
        folders = {folder.as_posix() for path in paths for folder in PurePosixPath(path).parents}
        for path in foreign:
            name = path.removesuffix("/")
            # An empty folder is in nobody's way where a folder must be.
            if name in paths or path in folders or any(folder.as_posix() in paths for folder in PurePosixPath(name).parents):
                message = f"{name} is in the way of a page, and the build did not write it"
                remedy = "move it away, or change the id of the note that needs its place"
                yield problem("output-conflict", message, str(self._trees.output), remedy)

    def publish(self, paths: Collection[str], changed: Collection[str], unchanged: Collection[str], foreign: Collection[str]) -> Published:
        """Complete the spare and publish it.

        `changed` files are written there already, and so are those that are `unchanged`, but of these both trees keep the published one.
        All others are in the output as they must be. `foreign` files, and empty folders, which end with a slash, come along.
        """
        output, root = str(self._trees.output), self.root
        renewed = frozenset(changed)
        named = [path for path in paths if path not in self._shared and path not in renewed]
        named += (path for path in unchanged if path in self._shared)
        linked = True
        for path in named:
            linked &= _link(f"{output}/{path}", f"{root}/{path}", self._trees.rights)
        for path in foreign:
            if path.endswith("/"):
                make_folders(f"{root}/{path}".rstrip("/"), self._trees.rights)
            else:
                _link(f"{output}/{path}", f"{root}/{path}", self._trees.rights)
        rights = self._trees.rights
        listed = self._is_known and not self._relabel and len(paths) == len(self._published) and all(p in self._published for p in paths)
        if not (listed and os.path.exists(f"{output}/{MANIFEST}") and _link(f"{output}/{MANIFEST}", f"{root}/{MANIFEST}", rights)):
            write_manifest(root, paths, self._trees.label)
        self._keep_rights(paths, changed, named, foreign)
        durable = len(changed) <= DURABLE
        if durable:
            _wait_for_disk([*(f"{root}/{path}" for path in changed), f"{root}/{MANIFEST}"])
        spare = self._exchange(paths, changed, foreign)
        if durable:
            _wait_for_disk([str(self._trees.output.parent), str(self._trees.spare.parent)])
        return Published(spare, paths if not linked else named)

    def _keep_rights(self, paths: Collection[str], changed: Iterable[str], named: Iterable[str], foreign: Collection[str]) -> None:
        """Leave the new tree no more open than the old one, but for what everybody may read; folders of others stay as they are."""
        output, everybody = str(self._trees.output), self._trees.rights.everybody
        if everybody:
            folders = _above(foreign) - _above(paths) if foreign else set()
        else:
            folders = _above(foreign) | _above(paths)
            narrow_files(output, self.root, (*changed, MANIFEST))
        keep_folders(output, self.root, sorted(folders))
        if everybody and not self._is_known:
            # The old output may have been for a few.
            open_files(self.root, named)

    def _exchange(self, paths: Collection[str], changed: Collection[str], foreign: Collection[str]) -> Spare | None:
        """Let the two trees change places. The old output is the next spare, unless it was not ours to know."""
        trees = self._trees
        if not trees.output.exists():
            make_folders(str(trees.output.parent), trees.rights)
            trees.spare.rename(trees.output)
            _leave(trees.spare.parent)
            return None
        gone = [path for path in self._published if path not in paths]
        if changed or gone or self._relabel or not self._is_known:
            _exchange_or_rename(trees)
        seal = seal_of(trees.spare)
        if seal is None or not self._is_known:
            scrap(trees.spare)
            return None
        return Spare(seal, tuple(sorted({*changed, *gone})), tuple(foreign))


def _above(paths: Iterable[str]) -> set[str]:
    """The folders above `paths`, the one that holds all of them, which has no name, included."""
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def spare_of(output: Path, site: Path) -> Path:
    """Where the spare copy of `output` lies: with the site's cache where a rename can reach it, else beside the output."""
    memory = site / FOLDER
    # The name outlives versions of the program: what an earlier one has left there is found by it.
    name = hashlib.blake2b(os.fsencode(output), digest_size=16).hexdigest()[:12]
    with contextlib.suppress(OSError):
        make_folder(memory)
    above = next(p for p in output.parents if p.exists())
    if memory.is_dir() and os.access(memory, os.W_OK) and _mount_of(memory) == _mount_of(above):
        return memory / _HOLDER / name
    return output.with_name(f".{output.name}.briefings") / name


def _mount_of(folder: Path) -> tuple[int, str]:
    """Where a folder is mounted: nothing can be renamed from one mount to another, even if both are of one device."""
    device = folder.stat().st_dev
    if sys.platform != "linux":
        return device, ""
    descriptor = os.open(folder, os.O_PATH)
    try:
        lines = Path(f"/proc/self/fdinfo/{descriptor}").read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        # Without /proc the device must do.
        lines = []
    finally:
        os.close(descriptor)
    return device, next((line for line in lines if line.startswith("mnt_id:")), "")


def one_folder(output: Path, paths: Collection[str], published: Collection[str], rights: Rights) -> str | None:
    """The folder in which all of `paths` lie, if they can be replaced there in one step: each is published, and it has no folders in it."""
    folders = {path.rpartition("/")[0] for path in paths} or {""}
    if len(folders) != 1 or not all(path in published and os.path.isfile(f"{output}/{path}") for path in paths):
        return None
    folder = folders.pop()
    if not all(rights.fit_folder(os.lstat(f"{output}/{above}").st_mode) for above in (folder, *PurePosixPath(folder).parents)):
        # Behind a link, nothing is ours.
        return None
    if len(paths) < 2:
        return folder
    # Where one file takes the place of another, this is not loaded.
    from briefings.engine.exchange import can_exchange

    if not folder or not can_exchange():
        return None
    with os.scandir(f"{output}/{folder}") as entries:
        return None if any(entry.is_dir(follow_symlinks=False) for entry in entries) else folder


def scrap(folder: Path) -> None:
    """Delete a tree, if it is there; its manifest first, so that what is left by a process that is killed here is never trusted."""
    if folder.exists():
        (folder / MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(folder)
        _leave(folder.parent)


def _leave(holder: Path) -> None:
    """Remove the folder that held a tree beside the output, unless it holds another."""
    if holder.name != _HOLDER:
        with contextlib.suppress(OSError):
            holder.rmdir()


def _link(source: str, target: str, rights: Rights) -> bool:
    """Make `target` the same file as `source`; False for a copy, where the file system has no links. Folders on the way are made."""
    for _ in range(3):
        try:
            os.link(source, target, follow_symlinks=False)
        except FileExistsError:
            os.unlink(target)
        except FileNotFoundError:
            make_folders(os.path.dirname(target), rights)
        except OSError:
            break
        else:
            return True
    make_folders(os.path.dirname(target), rights)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(target)
    shutil.copy2(source, target, follow_symlinks=False)
    return False


def _remove(root: str, path: str) -> None:
    """Delete a file, and the folders above it that are empty then."""
    # Where a folder has taken the place of the file, or a file that of its folder, there is nothing to delete.
    with contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
        os.unlink(f"{root}/{path}")
    folder = path.rpartition("/")[0]
    while folder:
        try:
            os.rmdir(f"{root}/{folder}")
        except OSError:
            return
        folder = folder.rpartition("/")[0]


def _wait_for_disk(paths: Iterable[str]) -> None:
    """Wait until the disk has these files and folders."""
    if os.name != "posix":
        # Windows waits only for files that are open for writing, and never for folders.
        return
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _exchange_or_rename(trees: Trees) -> None:
    """Let the output and its spare change places: in one step where the kernel can, else by renames that the next build can finish."""
    from briefings.engine.exchange import exchange

    if exchange(str(trees.spare), str(trees.output)):
        return
    trees.output.rename(trees.aside)
    try:
        trees.spare.rename(trees.output)
    except BaseException:
        trees.aside.rename(trees.output)
        raise
    trees.aside.rename(trees.spare)
