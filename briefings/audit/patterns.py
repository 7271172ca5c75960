"""What an audit searches for: names and runs of words that readers must not see, and how they are found in a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ahocorasick_rs import BytesAhoCorasick
from msgspec import Struct

from briefings.audit.words import is_spaced, streams
from briefings.core.text import MONTHS

RUN = 8
"""Words in a run, which is the unit of a search in longer texts."""
SHORTEST = 4
"""Words of the shortest text, other than a name, that is searched for as a whole."""
LONG_NAME = 12
"""Letters of a name that is rare enough to be searched for without its spaces first."""
_GRAM, _STEP = 5, 4
"""Words in a group, and words from one group to the next: every run of eight words holds a whole group, and groups are searched first."""
_MONTHS = frozenset(month.lower() for month in MONTHS)
_MANY_TAGS = 500_000
"""How many tags are remembered as harmless at most."""


class Secret(Struct, frozen=True):
    """A withheld text: words that must not be published, and where they stand in the sources."""

    path: str
    """The source file that holds the words."""
    field: str
    """The field of the record, or the part of the file, that holds the words: `title`, `id`, `body`, `file name`."""
    words: tuple[str, ...]
    is_name: bool = False
    """Whether the words are a name, which is searched for even if it is short."""


Pattern = tuple[str, ...]
"""Words that count as found where they stand one after another."""


class Patterns:
    """All patterns of some secrets, prepared so that many texts can be searched for them."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._given = tuple(secrets)
        self.secrets: dict[Pattern, Secret] = {}
        """The secret from which each pattern comes."""
        texts: dict[tuple[str, ...], None] = {}
        for secret in self._given:
            for pattern in patterns_of(secret):
                self.secrets.setdefault(pattern, secret)
            if len(secret.words) >= RUN:
                texts[secret.words] = None
        names = [n for n in self.secrets if len(n) < RUN]
        self._long = {_squeezed(n): n for n in names if _is_long(n)}
        self._short = {_spaced(n): n for n in names if not _is_long(n)}
        self._grams = _groups(texts)
        self._in_squeezed = _Finder([*self._long, *(g for g in self._grams if g not in self._long)])
        # The longest word of each short name: where none of them occurs, no short name does, and words need not be separated.
        self._first = _Finder(list({f" {max(n, key=len)} ".encode() for n in self._short.values()}))
        self._in_spaced = _Finder(list(self._short))
        self._harmless: set[bytes] = set()

    def __len__(self) -> int:
        return len(self.secrets)

    def __reduce__(self) -> tuple[type[Patterns], tuple[tuple[Secret, ...]]]:
        """Send only the secrets to another process, which builds its own automata from them."""
        return Patterns, (self._given,)

    def find(self, data: bytes) -> set[Pattern]:
        """Return the patterns that occur in the file or layer `data`."""
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
    """An Aho–Corasick automaton, which finds any of many texts in one pass."""

    def __init__(self, patterns: Sequence[bytes]) -> None:
        self._patterns = patterns
        self._automaton = BytesAhoCorasick(patterns) if patterns else None

    def find(self, data: bytes) -> Iterator[tuple[bytes, int]]:
        """Yield each text that occurs in `data`, with its offset in bytes."""
        if self._automaton is None:
            return
        for index, start, _ in self._automaton.find_matches_as_indexes(data, overlapping=True):
            yield self._patterns[index], start


def patterns_of(secret: Secret) -> Iterator[Pattern]:
    """Yield the patterns that find every leak of `secret`: the whole of a name or short text, or every run of a longer one."""
    length = len(secret.words)
    if length < RUN:
        # Numbers and months alone would be found in every date.
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
    """Whether `pattern` is searched for without its spaces first; one in a script that has no spaces must be."""
    return sum(map(len, pattern)) >= LONG_NAME or not all(map(is_spaced, pattern))


def _groups(texts: Iterable[tuple[str, ...]]) -> dict[bytes, list[tuple[Pattern, int]]]:
    """Return, for each group of words, the runs that hold it, each with the number of bytes in the run before the group."""
    groups: dict[bytes, dict[tuple[Pattern, int], None]] = {}
    for text in texts:
        for start in range(0, len(text) - _GRAM + 1, _STEP):
            group = groups.setdefault(_squeezed(text[start : start + _GRAM]), {})
            for first in range(max(0, start + _GRAM - RUN), min(start, len(text) - RUN) + 1):
                group[text[first : first + RUN], len(_squeezed(text[first:start]))] = None
    return {letters: list(found) for letters, found in groups.items()}
