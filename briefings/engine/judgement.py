"""What becomes of findings: severities as the site sets them, and those left out that a comment in the source silences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, structs

from briefings.content.silences import Silence, silences
from briefings.core.config import Level
from briefings.core.diagnostics import CODES, Diagnostic, Place, problem
from briefings.core.text import did_you_mean
from briefings.engine.located import located


class Judged(Struct, frozen=True):
    """What is left of some findings."""

    diagnostics: tuple[Diagnostic, ...]
    """With line, column and excerpt, sorted."""
    used: frozenset[Silence]
    """The silences that left one out."""


def judged(site: Path, levels: Mapping[str, Level], found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """`found` with the severities that `levels` gives their codes, without what is off or silenced. Reads only the files of warnings."""
    placed = located(site, found)
    paths = {d.place.path for d in placed if d.severity == "warning"}
    return judge(placed, levels, {path: read_silences(site, path) for path in paths}).diagnostics


def read_silences(site: Path, path: str) -> tuple[Silence, ...]:
    """The silences in the source at `path`; none in a file that is gone."""
    if not path.endswith((".md", ".yaml", ".yml")):
        return ()
    try:
        return silences(path, (site / path).read_bytes())
    except OSError:
        return ()


def judge(found: Iterable[Diagnostic], levels: Mapping[str, Level], allowed: Mapping[str, Sequence[Silence]]) -> Judged:
    """`found`, whose lines are known, with the severities of `levels`, without what is off or what `allowed` silences, by path."""
    kept: list[Diagnostic] = []
    used: set[Silence] = set()
    by_finding: dict[tuple[str, str], list[Silence]] = defaultdict(list)
    for path, listed in allowed.items():
        for one in listed:
            if one.reason:
                by_finding[path, one.code].append(one)
    for diagnostic in found:
        level = levels.get(diagnostic.code, diagnostic.severity)
        if diagnostic.severity == "warning" and level == "off":
            continue
        if diagnostic.severity == "warning" and level == "error":
            diagnostic = structs.replace(diagnostic, severity="error")
        silencing = by_finding.get((diagnostic.place.path, diagnostic.code), ()) if diagnostic.severity == "warning" else ()
        # What is about the file as a whole has no line of its own.
        matching = [one for one in silencing if diagnostic.place.line in (0, one.target)]
        used.update(matching)
        if not matching:
            kept.append(diagnostic)
    return Judged(tuple(kept), frozenset(used))


def idle(path: str, listed: Iterable[Silence], used: frozenset[Silence], levels: Mapping[str, Level]) -> Iterable[Diagnostic]:
    """The silences in the file at `path` that silence nothing, each with the reason why."""
    for one in listed:
        if one in used:
            continue
        code = CODES.get(one.code)
        if code is None:
            message, remedy = f'there is no code "{one.code}"', did_you_mean(one.code, CODES, "write the code that the report shows")
        elif code.severity == "error" or levels.get(one.code) == "error":
            message, remedy = f"{one.code} is an error, which no comment can silence", "delete the comment, and put right what it is about"
        elif not one.reason:
            message, remedy = f"this comment gives no reason why {one.code} is allowed", f"write it as allow {one.code}: and the reason"
        else:
            message, remedy = f"there is no {one.code} here to silence", "delete the comment, or move it to the line above the finding"
        yield problem("unused-silence", message, Place(path, one.line, one.column, one.width), remedy)
