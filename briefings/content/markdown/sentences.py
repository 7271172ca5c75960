"""Find the sentence around a link, as plain text."""

from __future__ import annotations

import re

_LONGEST = 240
# The pattern begins with a single class of signs, because a search for a class is quick and one for alternatives is slow.
_END = re.compile(
    r"""
    [.!?…。！？] (?:
        (?<= [.!?…] ) [.!?…]* ["'”’»)\]]* \s+
        | (?<= [。！？] ) [。！？]* [」』”’]* \s*
    )
    """,
    re.VERBOSE,
)
_ABBREVIATED = re.compile(
    r"(?:^|[\s(\[“‘\"'])(?:[^\W\d_]\.)*(?:[^\W\d_]|Mrs?|Ms|Drs?|Prof|Gen|Col|Lt|Sgt|Sen|Rep|Gov|Amb|St|vs|approx|ca|cf|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$"
)
_BEHIND_WORD = frozenset(" .,;:!?…)]”’\"'。，")
"""Signs before which no space stands, and the space itself."""
_NUMBERED = re.compile(r"\b(?:Nos?|Arts?|Res|Fig|pp?|para)\.$")
"""Abbreviations that only stand before a number."""

REACH = 2 * _LONGEST
"""Characters on either side of a link that are searched for the ends of its sentence."""


def without_gaps(pieces: list[str]) -> list[str]:
    """Remove the spaces that stand before the marks of citations and footnotes, which are not in `pieces`."""
    for index in range(1, len(pieces)):
        if not pieces[index] and pieces[index - 1].endswith(" "):
            following = next(filter(None, pieces[index + 1 :]), "")
            if not following or following[0] in _BEHIND_WORD:
                pieces[index - 1] = pieces[index - 1].rstrip(" ")
    return pieces


def around(before: str, label: str, after: str) -> tuple[str, str]:
    """Return the parts of the sentence before and after `label`: together about 240 characters at most, cut between words."""
    whole = f"{before}{label}{after}"
    start, stop = 0, len(whole)
    for end in _END.finditer(whole):
        if not _ends_sentence(whole, end):
            continue
        if end.end() <= len(before):
            start = end.end()
        elif end.start() + 1 >= len(before) + len(label):
            stop = end.end()
            break
    return _fit(whole[start : len(before)].lstrip(), label, whole[len(before) + len(label) : stop].rstrip())


def _ends_sentence(text: str, end: re.Match[str]) -> bool:
    following = text[end.end() : end.end() + 1]
    if following.islower():
        return False
    word = text[max(0, end.start() - 24) : end.start() + 1]
    return _ABBREVIATED.search(word) is None and not (following.isdigit() and _NUMBERED.search(word))


def _fit(before: str, label: str, after: str) -> tuple[str, str]:
    room = max(0, _LONGEST - len(label))
    if len(before) + len(after) <= room:
        return before, after
    half = room // 2
    keep_before = min(len(before), max(half, room - len(after)))
    keep_after = min(len(after), room - keep_before)
    if keep_before < len(before):
        kept = before[len(before) - keep_before :]
        before = "…" + (kept.partition(" ")[2] if " " in kept.rstrip() else kept)
    if keep_after < len(after):
        kept = after[:keep_after]
        after = (kept.rpartition(" ")[0] if " " in kept.lstrip() else kept) + "…"
    return before, after
