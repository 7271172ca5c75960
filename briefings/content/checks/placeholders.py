"""Checks for pointer files of Git LFS and git-annex, whose contents have not been fetched."""

from __future__ import annotations

from briefings.core.diagnostics import Diagnostic, Place, problem

_LFS = b"version https://git-lfs.github.com/spec/"
_OLD_LFS = b"version https://hawser.github.com/spec/"
_ANNEX = b"/annex/objects/"
_LARGEST = 1 << 15
"""The greatest size of a pointer file, in bytes."""


def placeholder(path: str, data: bytes) -> Diagnostic | None:
    """Return the problem of a file that is a pointer of Git LFS or git-annex, else None. `data` may be the beginning of a large file."""
    if not data.startswith((_LFS, _OLD_LFS, _ANNEX)) or len(data) > _LARGEST:
        return None
    if data.startswith(_ANNEX):
        if b"\n" in data.rstrip(b"\r\n"):
            return None
        return problem("not-fetched", "this is a pointer of git-annex", Place(path), "run `git annex get` on it")
    if b"\noid " not in data:
        return None
    remedy = "run `git lfs install`, then `git lfs pull`; a workflow of GitHub needs `lfs: true` below `with:` of actions/checkout"
    return problem("not-fetched", "this is a pointer of Git LFS", Place(path), remedy)
