"""What is in an output folder that no build wrote."""

from __future__ import annotations

import contextlib
import os
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator

from briefings.engine.output import MANIFEST
from briefings.engine.rights import Rights


def foreign(output: str, published: Iterable[str], damaged: Iterable[str], rights: Rights) -> list[str]:
    """Files below `output` that no build wrote, and empty folders, which end with a slash; sorted.

    Folders that a build made have their `rights` restored on the way.
    """
    ours: dict[str, set[str]] = defaultdict(set)
    ours[""].add(MANIFEST)
    for path in published:
        folder, _, name = path.rpartition("/")
        ours[folder].add(name)
    for folder in tuple(ours):
        below = folder
        while below:
            above, _, name = below.rpartition("/")
            if name in ours[above]:
                break
            ours[above].add(name)
            below = above
    found: list[str] = []
    for folder, names in ours.items():
        place = f"{output}/{folder}" if folder else output
        try:
            status = os.lstat(place)
            if not rights.fit_folder(status.st_mode):
                if not stat.S_ISDIR(status.st_mode):
                    # Someone has put a file in the place of a folder of ours, or a link, behind which nothing is ours.
                    found.append(folder)
                    continue
                # The folder may be another user's, or its file system may know no rights; its files are ours all the same.
                with contextlib.suppress(PermissionError):
                    os.chmod(place, 0o755)  # noqa: S103 - readers of the site may list it
            there = os.listdir(place)
        except (FileNotFoundError, NotADirectoryError):
            # What lies below something that took a folder's place is found with that.
            continue
        if not names.issuperset(there):
            for name in there:
                if name not in names:
                    found += _files(output, f"{folder}/{name}" if folder else name)
    for path in damaged:
        if os.path.isdir(f"{output}/{path}"):
            found += _files(output, path)
    return sorted(found)


def _files(output: str, path: str) -> Iterator[str]:
    if os.path.isdir(f"{output}/{path}") and not os.path.islink(f"{output}/{path}"):
        names = os.listdir(f"{output}/{path}")
        if not names:
            yield f"{path}/"
        for name in names:
            yield from _files(output, f"{path}/{name}")
    else:
        yield path
