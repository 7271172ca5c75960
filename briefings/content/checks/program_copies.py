"""Checks for files that a program has made as copies: their names are those that it gives to a copy of the file beside it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from msgspec import structs

from briefings.core.diagnostics import Diagnostic, problem
from briefings.core.text import collision_key

_DEVICE = r"(?:DESKTOP|LAPTOP|WIN|PC|SURFACE|MININT)-[A-Z0-9]{4,15}"
"""A computer name as Windows gives it."""
_CONFLICT = (
    "conflict|konflikt|conflit|conflitto|conflito|conflicto|conflicterend|konfliktbeh|in conflic|ristirii|ütközés|çakış|"
    "конфликт|конфлікт|競合|衝突|冲突|충돌"
)
_COPY = "copy|copie|copia|cópia|còpia|kopie|kopia|kopi|kopio|kopija|kópia|másolat|kopya|копия|копія|αντίγραφο|コピー|副本|복사본|사본"
_INSIDE = r"(?:[^()\[\]]|\([^()]*\))*"
_TIME = r"\d{4}-\d{2}-\d{2}|\d{8,}"

_AFTER = re.compile(
    rf"""(?:
      [.~_]sync-conflict-\d{{8}}-\d{{6}}(?:-[A-Z0-9]{{7}})?                  # Syncthing
    | [-_]{_DEVICE}(?:-\d{{1,2}})?                                           # OneDrive
    | -[^-\s][^\s]*?(?i:'s|s)?-?(?:MacBook(?:-(?:Pro|Air))?|iMac|Mac-mini|PC)(?:-\d{{1,2}})?   # OneDrive
    | \s?[(\[](?={_INSIDE}(?i:{_CONFLICT}))(?={_INSIDE}(?:(?i:{_COPY}|unicode|case|sync|sfconflict)|{_TIME}|\d{{1,2}}[)\]])){_INSIDE}[)\]]
                                                                             # Dropbox, Nextcloud, Seafile, Obsidian
    | \s?[(\[](?i:conflict(?:ed)?)[)\]]                                      # pCloud, Google Drive
    | [._-](?i:[\w-]*conflict(?:ed)?)[-_.]?(?:{_TIME})(?:[-_.\d]*)           # ownCloud
    | _[\w-]+_(?:[A-Z][a-z]{{2}}-\d{{2}}-\d{{6}}-\d{{4}}_)?(?:Case|Unicode)?Conflict   # Synology Drive
    | \.(?i:conflict|unison\ conflict)\d*
    | \.variant-[0-9a-f]{{4,}}                                               # git-annex
    | _(?:BACKUP|BASE|LOCAL|REMOTE)_\d+                                      # git mergetool
    | \.(?:BACKUP|BASE|LOCAL|REMOTE)(?:\.\d+)?
    | ~(?:HEAD|Updated\ upstream|Stashed\ changes|[\w-]+_\d+)                # git merge
    | \s[2-9]                                                                # iCloud
    | \s?\(\d{{1,3}}\)                                                       # Google Drive, browsers
    | \s(?i:{_COPY})(?:\s\d{{1,3}})?                                         # Finder
    | (?:\s[-\u2013\u2014]\s|[-_])(?i:{_COPY})(?:\s?\(\d{{1,3}}\)|[-_\s]\d{{1,3}})?   # Explorer
    | \s\((?i:(?:[\w.]+\s){{0,2}}(?:{_COPY})(?:\s\d{{1,3}})?)\)              # Nautilus, Dolphin
    | の?(?:コピー)(?:\s?\d{{1,3}})?
    )+""",
    re.VERBOSE,
)
"""What a program adds to a name before its suffix; repeated in a copy of a copy."""

_BEFORE = re.compile(
    rf"""(?:
      (?i:{_COPY})\s(?:\(\d{{1,3}}\)\s)?(?i:of|von|de|di|van|av|af|от|z)\s   # Explorer, Google Drive
    | (?i:{_COPY})\s(?:\(\d{{1,3}}\)\s|[~-]\s)
    | (?i:kopia|копия|копія)\s
    | \[(?i:conflict(?:ed)?)(?:\s?\d{{1,2}})?\]\s?
    )""",
    re.VERBOSE,
)
"""What a program puts before a name."""

_BEHIND = re.compile(
    r"""(?:\.(?:BACKUP|BASE|LOCAL|REMOTE|mine|theirs|ours|yours|working|r\d+)   # merge tools, Subversion
    | \.\d{1,2}                                                                # wget
    | ~(?:HEAD|[\w-]+_\d+) | [ _-]copy | \s?\(\d{1,3}\) | \s[2-9])+""",
    re.VERBOSE,
)
"""What a program adds behind the suffix."""

_JOINT = re.compile(r"[\s(\[.~_の-]|(?=コピー)")
"""Where the name of the original may end."""
_PLAIN = re.compile(r"[a-z0-9./-]*")
_IN_PLAIN = ("cop", "kop", "nflict", "variant-")
"""Letters of which at least one stands in every copy's name that has no unusual signs."""
_USUAL = (".md", ".yaml", ".yml", ".svg", ".png", ".jpg", ".pdf")

_REMEDY = "compare the two, take over what you need, then delete this one; if it is a file of its own, give it a name of its own"


def copies(paths: Iterable[str]) -> Iterator[Diagnostic]:
    """Yield a problem for each file or folder of `paths` with the name of a copy that stands beside its original."""
    files = tuple(paths)
    odd = [path for path in files if not _is_usual(path)]
    if not odd:
        return
    for kind, names, present in (("folder", _folders(odd), _folders(files)), ("file", odd, files)):
        known = {_key(path) for path in present}
        for path in sorted(names):
            folder, _, name = path.rpartition("/")
            original = _original(f"{folder}/", name, known)
            if original:
                message = f"this {kind} has the name that programs give to a copy of {original}, which stands beside it"
                # A public log must not name the original either, since it may be withheld.
                yield structs.replace(problem("program-copy", message, path, _REMEDY), confidential=True)


def _is_usual(path: str) -> bool:
    """Whether no part of `path` can be the name of a copy; most paths are such, and every build asks this of every file."""
    return _PLAIN.fullmatch(path) is not None and path.endswith(_USUAL) and not any(part in path for part in _IN_PLAIN)


def _folders(files: Iterable[str]) -> set[str]:
    return {path[: found.start()] for path in {path.rpartition("/")[0] + "/" for path in files} for found in re.finditer("/", path)}


def _key(path: str) -> str:
    return path.lower() if path.isascii() else collision_key(path)


def _original(folder: str, name: str, known: Collection[str]) -> str:
    """Return the name, among those `known`, of which `name` is a copy; empty when there is none."""
    before = _BEFORE.match(name)
    if before and (original := name[before.end() :]):
        return original if _key(folder + original) in known else _original(folder, original, known)
    # A suffix may have two parts: `data (1).tar.gz`.
    dots = [found.start() for found in re.finditer(r"\.", name)][-2:]
    for joint in _JOINT.finditer(name, 1):
        start = joint.start()
        for dot in (dot for dot in dots if dot > start):
            original = name[:start] + name[dot:]
            if _key(folder + original) in known and _AFTER.fullmatch(name, start, dot):
                return original
        original, mark = name[:start], _BEHIND if "." in name[1:start] else _AFTER
        if _key(folder + original) in known and mark.fullmatch(name, start):
            return original
    return ""
