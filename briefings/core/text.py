"""Functions on words and letters: ids, sort order, plurals, and the nearest known word."""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

MAX_ID = 200
"""The greatest length of an id, in bytes of UTF-8: file systems allow names of 255, and a date and a suffix may be added."""

ALONE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Letters of scripts that put no space between words, as ranges for a regular expression."""
WORD = rf"[{ALONE}]|[^\W_{ALONE}]+"
"""A regular expression for one word; each letter of ALONE counts as a word."""
_LETTERS = 3
"""Letters in a row that two words must share to count as similar."""
_PLAIN_ID = re.compile(r"[A-Za-z0-9](?:[\w.-]*[\w-])?", re.ASCII)
_SPACED = re.compile(r"[^a-z0-9.]+")
_DROPPED_ENDINGS = (
    # Backups, locks, swap files and half-written copies of editors and offices.
    "~", "___jb_tmp___", "___jb_old___", ".bak", ".orig", ".rej", ".swp", ".swo", ".swn", ".tmp", ".temp", ".wbk", ".asd", "#",
    ".laccdb",
    # Downloads that are not done.
    ".crdownload", ".part", ".partial", ".filepart", ".opdownload", ".download", ".aria2", ".!qb", ".!ut",
)  # fmt: skip
"""Endings, in lower case, of the names of files that programs leave behind and nobody wants to keep."""
_DROPPED = frozenset((
    "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "icon\r", "$recycle.bin", "system volume information",
    "lost+found", "__macosx", "@eadir", "network trash folder", "temporary items", "__pycache__", "nohup.out",
))  # fmt: skip
"""Names, in lower case, of files and folders that operating systems create unasked."""
_SAFE_SAVE = re.compile(r"\.sb-[0-9a-f]{8}-[a-z0-9]{6}\Z")
"""How macOS names a file that it has saved in part."""
_PASSED_OVER = frozenset(("Lm", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Zs"))
_STROKED = str.maketrans(dict(zip("øØđĐłŁı", "oOdDlLi", strict=True)) | {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE"})


def is_left_out(name: str) -> bool:
    """Whether a file or folder of this `name` is no content, because it is hidden or left behind by an editor, browser or system."""
    if name.startswith((".", "#", "~$")):
        return True
    lower = name.lower()
    return lower.endswith(_DROPPED_ENDINGS) or lower in _DROPPED or (".sb-" in lower and _SAFE_SAVE.search(lower) is not None)


def is_undecodable(name: str) -> bool:
    """Whether the file name `name` holds bytes that are not UTF-8."""
    return not name.isascii() and any("\udc80" <= c <= "\udcff" for c in name)


def printable(text: str) -> str:
    """Return `text` with every character escaped that could move a cursor, change colours or reorder what is read."""
    if text.isprintable():  # spaces of other scripts and all controls and format characters count as not printable
        return text
    return "".join(_printable(c) for c in text)


def _printable(character: str) -> str:
    if character.isprintable() or character in "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}":
        return character  # the joiners spell words of several scripts, and emoji
    if unicodedata.category(character) == "Zs":
        return " "
    return repr(character)[1:-1]


def is_id(text: str) -> bool:
    """Whether `text` can be an id: letters and digits of any script, then also `-`, `_` and `.`; NFC; at most MAX_ID bytes."""
    if is_too_long(text):
        return False
    if text.isascii():
        return _PLAIN_ID.fullmatch(text) is not None
    if not text[0].isalnum() or text.endswith(".") or not unicodedata.is_normalized("NFC", text):
        return False
    return all(c in "-_." or _is_word(c) for c in text)


def is_too_long(text: str) -> bool:
    """Whether `text` takes more than MAX_ID bytes."""
    # The bytes are counted only where there may be too many: no character takes more than four.
    return len(text) > MAX_ID // 4 and len(text.encode("utf-8", "surrogatepass")) > MAX_ID


def slugify(text: str) -> str:
    """Make an id from free text: lower case, NFC, words joined by hyphens; empty when nothing is left."""
    lower = unicodedata.normalize("NFC", text.lower())
    spaced = _SPACED.sub("-", lower) if lower.isascii() else "".join(c if c == "." or _is_word(c) else "-" for c in lower)
    return re.sub("-{2,}", "-", spaced).strip("-._")


def _is_word(character: str) -> bool:
    """Whether `character` is a letter, a digit, or a vowel sign without which words of many scripts fall apart."""
    return character.isalnum() or unicodedata.category(character).startswith("M")


def fold(text: str) -> str:
    """Return `text` without accents and letter case, for sorting and comparing names."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.translate(_STROKED))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def name_key(text: str) -> str:
    """Return a key that is equal for two spellings of a name that differ in accents, case, signs, the order of words or an article."""
    words = re.findall(r"[^\W_]+", fold(text))
    return " ".join(sorted([word for word in words if word != "the"] or words))


def collation(text: str) -> tuple[str, str]:
    """Return the sort key of a name: accents and leading signs decide only between otherwise equal names."""
    return (_from_first_letter(fold(text)), text)


def initial(text: str) -> str:
    """Return the letter under which an index lists `text`, ignoring quotation marks before it; `#` where it begins with no letter."""
    first = _from_first_letter(fold(text))[:1]
    return first.upper() if first.isalpha() and not _is_passed_over(first) else "#"


def _from_first_letter(folded: str) -> str:
    """Return `folded` from its first letter, digit or symbol on; unchanged where there is none."""
    if "a" <= folded[:1] <= "z":
        return folded
    return next((folded[i:] for i, c in enumerate(folded) if not _is_passed_over(c)), folded)


def _is_passed_over(character: str) -> bool:
    """Whether sorting ignores `character` before the first letter: a space, punctuation, or a letter such as the ʻokina."""
    return unicodedata.category(character) in _PASSED_OVER


def collision_key(text: str) -> str:
    """Return a key that is equal for two addresses which some file system or server cannot tell apart."""
    return unicodedata.normalize("NFKC", text).casefold()


def difference(one: str, other: str) -> str:
    """Say how two texts that look alike differ: `letter case`, `Unicode form`, or both; empty if they are equal or differ otherwise."""
    if one == other or collision_key(one) != collision_key(other):
        return ""
    if unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other):
        return "Unicode form"
    return "letter case" if one.casefold() == other.casefold() else "letter case and Unicode form"


class Near:
    """An index of many known words that finds the one nearest to a mistyped word without comparing all of them."""

    FEW = 20
    """How many candidates are compared letter by letter."""
    LOOKED_AT = 500
    """How many index entries a question may look up, beginning with the rarest triples of letters."""
    ANSWERS = 200
    """How many different questions are answered: a report prints a few, and a site may have a hundred thousand dead links."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = known
        self._folded: dict[str, str] | None = None
        self._sorted: list[str] = []
        self._places: dict[str, list[str]] = {}
        self._answers: dict[str, str | None] = {}

    def closest(self, word: str) -> str | None:
        """Return a known word that begins with `word`, or else the most similar one; None when none is similar."""
        if word not in self._answers:
            self._answers[word] = self._closest(fold(word)) if len(self._answers) < self.ANSWERS else None
        return self._answers[word]

    def _closest(self, folded: str) -> str | None:
        known = self._ordered()
        beginning = folded.rstrip("/")
        start = bisect.bisect_left(self._sorted, beginning)
        if len(beginning) > _LETTERS and start < len(self._sorted) and self._sorted[start].startswith(beginning):
            return known[self._sorted[start]]
        return closest(folded, (known[one] for one in self._candidates(folded)))

    def _ordered(self) -> dict[str, str]:
        """Return the known words by their folded form. The index is built at the first question."""
        if self._folded is None:
            self._folded = {fold(one): one for one in self._known}
            self._sorted = sorted(self._folded)
            for one in self._sorted:
                for letters in _triples(one):
                    self._places.setdefault(letters, []).append(one)
        return self._folded

    def _candidates(self, folded: str) -> list[str]:
        """Return the known words that share the most rare triples of letters with `folded`, at most FEW."""
        if len(self._sorted) <= self.FEW:
            return self._sorted
        shared: Counter[str] = Counter()
        looked_at = 0
        for places in sorted((self._places.get(letters, []) for letters in _triples(folded)), key=len):
            if looked_at and looked_at + len(places) > self.LOOKED_AT:
                break
            looked_at += len(places)
            shared.update(places[: self.LOOKED_AT])
        return sorted(shared, key=lambda one: (-shared[one], abs(len(one) - len(folded)), one))[: self.FEW]


def _triples(word: str) -> list[str]:
    padded = f" {word} "
    return sorted({padded[i : i + _LETTERS] for i in range(len(padded) - _LETTERS + 1)})


def closest(word: str, known: Iterable[str] | Near) -> str | None:
    """Return the word of `known` most similar to `word`, or None when none is similar."""
    if isinstance(known, Near):
        return known.closest(word)
    # A build without mistakes never imports it.
    import difflib

    folded = {fold(k): k for k in known}
    near = difflib.get_close_matches(fold(word), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else None


def did_you_mean(word: str, known: Iterable[str] | Near, otherwise: str = "") -> str:
    """Return a remedy that names the known word nearest to `word`, or `otherwise` when none is near."""
    near = closest(word, known)
    return f'did you mean "{near}"?' if near else otherwise


def plural(count: int, one: str, many: str | None = None) -> str:
    """Count something in words: `1 note`, `2 notes`, `1,204 notes`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listing(words: Iterable[str]) -> str:
    """Join words as in a sentence: `a`, `a and b`, `a, b and c`."""
    items = list(words)
    return " and ".join(items if len(items) < 3 else [", ".join(items[:-1]), items[-1]])


def humanise(identifier: str) -> str:
    """Make a readable name of an id that has no record: `un-mediation` becomes `Un mediation`."""
    words = re.sub(r"[-_]+", " ", identifier).strip()
    return words[:1].upper() + words[1:]


MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
