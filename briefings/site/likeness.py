"""Notes whose text is that of a withheld note: an error, because nobody has said that readers may see those words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence

from msgspec import structs

from briefings.content import front_matter
from briefings.content.parse import kind_of, parse
from briefings.content.records import Note
from briefings.content.yaml import loader
from briefings.core.config import SiteConfig
from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.text import WORD
from briefings.site.visibility import Readers

ReadBytes = Callable[[str], bytes]
"""Gives the bytes of the file at a path from the site folder; none where it is gone."""

RUN = 8
"""Words in a run."""
_SHARE = 0.8
"""What part of a note's runs makes it a copy."""
_FEWEST = 5
"""Runs that a text has at least: shorter ones are alike by chance."""
_WINDOWS, _WIDTH = 4, 300
"""How many places of a long text are looked at first, and how many characters at each."""

_WORDS = re.compile(WORD)
_TARGET = re.compile(r"\]\([^()\s]*\)")
"""The address of a link, which is no word of the text."""


def alike(
    read: ReadBytes, config: SiteConfig, readers: Readers, shown: Collection[str], hidden: Collection[str], fresh: Collection[str] | None
) -> Iterator[Diagnostic]:
    """A problem for each note at a path of `shown` that has the text of a note at a path of `hidden` and does not say so.

    Only pairs of which one is `fresh` are compared: None means all. Of others an earlier build knows that they are not alike.
    """
    notes = [path for path in shown if kind_of(path) == "note"]
    secret = [path for path in hidden if kind_of(path) == "note"]
    new_secret = [path for path in secret if fresh is None or path in fresh]
    rounds = [(notes, new_secret)]
    if fresh is not None:
        rounds.append(([path for path in notes if path in fresh], [path for path in secret if path not in fresh]))
    for open_, withheld in rounds:
        index = _Index(read, withheld) if open_ and withheld else None
        for path in open_ if index else ():
            # A file that is gone by now is seen by the next build.
            found = index.like(path, read(path)) if index else ()
            if found:
                yield from _undeclared(read, config, readers, path, found)


class _Index:
    """Which of several texts has each run of words."""

    def __init__(self, read: ReadBytes, paths: Sequence[str]) -> None:
        self._paths = paths
        # Most runs stand in one text alone.
        self._first: dict[int, int] = {}
        self._others: defaultdict[int, set[int]] = defaultdict(set)
        for number, path in enumerate(paths):
            for run in _runs(_words(_text(path, read(path)))):
                if self._first.setdefault(run, number) != number:
                    self._others[run].add(number)

    def like(self, path: str, data: bytes) -> list[str]:
        """The paths of the texts in which four fifths of the runs of a file's text stand, the likest first."""
        text = _text(path, data)
        if not self._may_be_like(text):
            return []
        runs = set(_runs(_words(text)))
        if len(runs) < _FEWEST:
            return []
        shared = Counter(number for run in runs if run in self._first for number in (self._first[run], *self._others.get(run, ())))
        return [self._paths[number] for number, count in shared.most_common() if count >= _SHARE * len(runs)]

    def _may_be_like(self, text: str) -> bool:
        """Whether it is worth while to look at every word: in a long copy, two of four places have a run that is known."""
        step = len(text) // _WINDOWS
        if step < 2 * _WIDTH:
            return True
        hits = misses = 0
        for middle in range(step // 2, len(text), step):
            # The first and the last word may be cut.
            words = _words(text[middle - _WIDTH // 2 : middle + _WIDTH // 2])[1:-1]
            if any(run in self._first for run in _runs(words)):
                hits += 1
            else:
                misses += 1
            if hits > 1 or misses > _WINDOWS - 2:
                break
        return hits > 1


def _undeclared(read: ReadBytes, config: SiteConfig, readers: Readers, path: str, like: Sequence[str]) -> Iterator[Diagnostic]:
    """An error for a note that copies withheld notes, unless its header names one of them as `public_version_of`."""
    note = _note(read, config, path)
    secrets = [secret for other in like if (secret := _note(read, config, other)) is not None]
    if note is None or any(note.header.public_version_of == secret.id for secret in secrets):
        return
    for secret in secrets:
        # What has expired was public before, and the next of its kind may repeat it.
        if readers.may_see(structs.replace(secret.header, expires=None)):
            continue
        # Tomorrow's report is begun from today's. Whatever else is withheld of a later day was meant to wait, and the copy forgotten.
        is_later = secret.header.date.day(readers.zone) > note.header.date.day(readers.zone)
        if is_later and readers.may_see(structs.replace(secret.header, draft=False, expires=None)):
            continue
        message = f'readers would see the text of the note "{secret.id}" ({secret.path}), which is withheld from them'
        remedy = f"delete this note or withhold it, too; if readers are to see it, say so in its header: public_version_of: {secret.id}"
        yield structs.replace(problem("copy-of-withheld", message, Place(path), remedy), confidential=True)
        return


def _note(read: ReadBytes, config: SiteConfig, path: str) -> Note | None:
    records = parse(path, read(path), config).records
    return next((record for record in records if isinstance(record, Note)), None)


def _text(path: str, data: bytes) -> str:
    """The text of a note, without its header; empty where it cannot be told from it."""
    text = front_matter.normalise_newlines(data.decode(errors="ignore").removeprefix("\ufeff"))
    if front_matter.is_markdown(path):
        parts, _ = front_matter.split(path, text)
        return parts.body if parts else ""
    tree, _ = loader.load(text, path=path, limit=loader.MAX_FILE)
    body = tree.get("body") if isinstance(tree, dict) else None
    return body if isinstance(body, str) else ""


def _words(text: str) -> tuple[str, ...]:
    if "](" in text:
        text = _TARGET.sub("]", text)
    return tuple(_WORDS.findall(text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()))


def _runs(words: tuple[str, ...]) -> Iterator[int]:
    """The runs of eight words, each as a number that stands for it in this process."""
    return (hash(words[start : start + RUN]) for start in range(len(words) - RUN + 1))
