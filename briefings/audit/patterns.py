"""What an audit looks for: names and runs of words that readers must not see, and where a text has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ahocorasick_rs import BytesAhoCorasick
from msgspec import Struct

from briefings.audit.words import is_spaced, streams
from briefings.core.text import MONTHS

RUN = 8
"""Words in a run."""
SHORTEST = 4
"""Words of a text that is shorter than a run and still looked for, as a whole."""
LONG_NAME = 12
"""Letters from which on a name is so rare that it is searched for without regard to spaces first."""
_GRAM, _STEP = 5, 4
"""Every run of eight words holds one of the groups of five that begin at each fourth word; these are what is searched for first."""
_MONTHS = frozenset(month.lower() for month in MONTHS)
_MANY_TAGS = 500_000
"""How many tags are remembered as harmless."""


class Secret(Struct, frozen=True):
    """A piece of what is withheld."""

    path: str
    """The file that it is from."""
    field: str
    """What of it this is: `title`, `id`, `body`, `file name`."""
    words: tuple[str, ...]
    is_name: bool = False
    """Whether few words tell enough."""


Pattern = tuple[str, ...]
"""Words to be found one after another."""


class Patterns:
    """A set of patterns, ready to be searched for in many texts."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self.secrets: dict[Pattern, Secret] = {}
        """Each pattern with what it is from."""
        texts: dict[tuple[str, ...], None] = {}
        for secret in secrets:
            for pattern in patterns_of(secret):
                self.secrets.setdefault(pattern, secret)
            if len(secret.words) >= RUN:
                texts[secret.words] = None
        names = [n for n in self.secrets if len(n) < RUN]
        self._long = {_squeezed(n): n for n in names if _is_long(n)}
        self._short = {_spaced(n): n for n in names if not _is_long(n)}
        self._grams = _groups(texts)
        self._in_squeezed = _Finder([*self._long, *(g for g in self._grams if g not in self._long)])
        # Where none of these stands, no name does, and words need not be counted.
        self._first = _Finder(list({f" {max(n, key=len)} ".encode() for n in self._short.values()}))
        self._in_spaced = _Finder(list(self._short))
        self._harmless: set[bytes] = set()

    def __len__(self) -> int:
        return len(self.secrets)

    def find(self, data: bytes) -> set[Pattern]:
        """The patterns that `data` has."""
        if not self.secrets:
            return set()
        read, tags = streams(data, self._harmless)
        found: set[Pattern] = set()
        perhaps: set[Pattern] = set()
        for stream in read.squeezed:
            for letters, at in self._in_squeezed.find(stream):
                if letters in self._long:
                    perhaps.add(self._long[letters])
                for pattern, before in self._grams.get(letters, ()):
                    if pattern not in found and at >= before and stream.startswith(_squeezed(pattern), at - before):
                        found.add(pattern)
        if perhaps:
            apart = [b" %b " % b" ".join(stream.split()) for stream in read.spaced]
            found.update(n for n in perhaps if not all(map(is_spaced, n)) or any(_spaced(n) in stream for stream in apart))
        if self._short:
            for stream in read.spaced:
                if next(self._first.find(stream), None):
                    single = b" %b " % b" ".join(stream.split())
                    found.update(self._short[letters] for letters, _ in self._in_spaced.find(single))
        if not found and len(self._harmless) < _MANY_TAGS:
            self._harmless.update(tags)
        return found


class _Finder:
    """An automaton that finds any of many texts at once."""

    def __init__(self, patterns: Sequence[bytes]) -> None:
        self._patterns = patterns
        self._automaton = BytesAhoCorasick(patterns) if patterns else None

    def find(self, data: bytes) -> Iterator[tuple[bytes, int]]:
        """What is found, with its place."""
        if self._automaton is None:
            return
        for index, start, _ in self._automaton.find_matches_as_indexes(data, overlapping=True):
            yield self._patterns[index], start


def patterns_of(secret: Secret) -> Iterator[Pattern]:
    """What to look for so that nothing of `secret` is missed: the whole of a name or short text, else every run."""
    length = len(secret.words)
    if length < RUN:
        # What consists of figures and months says nothing that dates do not.
        if (secret.is_name or length >= SHORTEST) and not all(word.isdigit() or word in _MONTHS for word in secret.words):
            yield secret.words
        return
    for start in range(length - RUN + 1):
        yield secret.words[start : start + RUN]


def _squeezed(pattern: Pattern) -> bytes:
    return "".join(pattern).encode()


def _spaced(pattern: Pattern) -> bytes:
    return f" {' '.join(pattern)} ".encode()


def _is_long(pattern: Pattern) -> bool:
    """Whether the pattern can be searched for without spaces first; those in a script that has none must be."""
    return sum(map(len, pattern)) >= LONG_NAME or not all(map(is_spaced, pattern))


def _groups(texts: Iterable[tuple[str, ...]]) -> dict[bytes, list[tuple[Pattern, int]]]:
    """For each group of words the runs that hold it, and how many bytes of the run stand before it."""
    groups: dict[bytes, dict[tuple[Pattern, int], None]] = {}
    for text in texts:
        for start in range(0, len(text) - _GRAM + 1, _STEP):
            group = groups.setdefault(_squeezed(text[start : start + _GRAM]), {})
            for first in range(max(0, start + _GRAM - RUN), min(start, len(text) - RUN) + 1):
                group[text[first : first + RUN], len(_squeezed(text[first:start]))] = None
    return {letters: list(found) for letters, found in groups.items()}
