"""Cuts a text into terms, the folded words by which search finds it; the theme's script cuts what a reader types in the same way."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

BUCKETS = 64
"""Over so many buckets terms are spread."""
OFTEN = 3
"""A term that stands so often in a text, or more often, is marked as frequent there."""
FREQUENT = "!"
"""The mark behind such a term; no term has it in itself."""
LONGEST = 64
"""Characters of the longest term; of a longer word only so many count."""

WITHOUT_SPACES = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303b\u3041-\u30ff"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\ua9e0-\ua9ff\uaa60-\uaa7f\uac00-\ud7ff\uf900-\ufaff"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
"""Characters of scripts that put no space between words, or that do and are looked for within words (Hangul), as ranges for a regular
expression: Thai, Lao, Myanmar, Khmer, Hangul, Han, Hiragana and Katakana."""

_ASCII_WORDS = "".join([chr(code) if chr(code).isalnum() else " " for code in range(128)])
"""For each sign of ASCII itself, or a space for one that is no part of words."""
_DROPPED = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]+")
"""Accents, and the vowel signs of Hebrew and Arabic, which most writers leave out."""
_RUNS = re.compile(f"[{WITHOUT_SPACES}]+|[^{WITHOUT_SPACES}]+")
_ALONE = re.compile(f"[{WITHOUT_SPACES}]")


def fold(text: str) -> str:
    """Return `text` without letter case, accents and width."""
    if text.isascii():
        return text.lower()
    lower = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).lower())
    return unicodedata.normalize("NFC", _DROPPED.sub("", lower))


def terms(text: str) -> Iterator[str]:
    """Yield the terms of `text` in its order: words, and of scripts without spaces every two characters that follow one another."""
    for word in _words(fold(text)):
        yield from _terms_of(word)


def _words(folded: str) -> list[str]:
    """Return the runs of letters, digits and marks in a folded text."""
    if folded.isascii():
        return folded.translate(_ASCII_WORDS).split()
    for sign in set(folded):
        if unicodedata.category(sign)[0] not in "LNM":
            folded = folded.replace(sign, " ")
    return folded.split()


def _terms_of(word: str) -> Sequence[str]:
    """Return the terms of a run of letters, digits and marks."""
    if word.isascii() or not _ALONE.search(word):
        return (word[:LONGEST],) if len(word) > 1 or unicodedata.category(word)[0] == "N" else ()
    found: list[str] = []
    for run in _RUNS.findall(word):
        if not _ALONE.match(run):
            found += _terms_of(run)
        else:
            found += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
    return found


def bucket(term: str) -> int:
    """Return the bucket of a term, which follows from its first two characters; of scripts without spaces, from the first alone."""
    return _bucket(term[:2])


@functools.lru_cache(maxsize=1 << 14)
def _bucket(beginning: str) -> int:
    second = 0 if len(beginning) == 1 or _ALONE.match(beginning) else ord(beginning[1])
    return (31 * ord(beginning[0]) + second) % BUCKETS


def indexed(text: str) -> str:
    """Return the terms of `text`, a line for each bucket: each once, with a space before it, and FREQUENT behind one that is frequent."""
    # Every build does this to every new text, so each word is looked at once, and most of them are looked at here.
    counted = Counter(_words(fold(text)))
    for word in [word for word in counted if len(word) == 1 or len(word) > LONGEST or not word.isascii()]:
        count = counted.pop(word)
        for term in _terms_of(word):
            counted[term] += count
    lines = [""] * BUCKETS
    for term, count in counted.items():
        lines[_bucket(term[:2])] += f" {term}{FREQUENT}" if count >= OFTEN else f" {term}"
    return "\n".join(lines)
