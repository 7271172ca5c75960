"""The names of actors as texts may spell them, and whether a name in a text is a word of its own or part of a longer one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from msgspec import Struct

from briefings.content.records import Actor
from briefings.core.config import Marking
from briefings.core.text import ALONE


class Names(Struct, frozen=True):
    """Names of actors, and what a link to each actor needs."""

    actors: dict[str, tuple[str, ...]] = {}
    """The ids of the actors that have a name, by the name as `spelling` gives it. Two actors make it ambiguous."""
    markings: dict[str, Marking] = {}
    """Of actors that not everybody may see, by id."""


_ALIKE = (("\u2019", "'"), ("\u02bc", "'"), ("\u2010", "-"), ("\u2011", "-"), ("\u00a0", " "), ("\u202f", " "))
"""Apostrophes, hyphens and spaces, each with the character of ASCII for which it stands in a name."""
_IN_WORDS = ("em", "strong", "s", "b", "i", "u", "small", "mark", "ins", "del")
"""Elements of which one may begin or end within a word."""
_ENDS_OF_TAGS = ("\x02", *(f"<{element}>" for element in _IN_WORDS), *(f"</{element}>" for element in _IN_WORDS))
_BETWEEN = rf"(?:</?(?:{'|'.join(_IN_WORDS)})>|\x01[0-9]+\x02)+"
_TAGS_AFTER, _TAGS_BEFORE = re.compile(rf"\A{_BETWEEN}"), re.compile(rf"{_BETWEEN}\Z")
"""Tags, and holes for tags, that do not part a word."""
_KATAKANA = re.compile("[\u3099\u309a\u30a1-\u30fa\u30fc-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_ALONE = re.compile(f"[{ALONE}]")
_LAST_WORD = re.compile(r"[^\W_]+(?=-\Z)")
_ENDING = re.compile(r"'(?:(?:s|S|d|ll|re|ve)(?!\w)|(?!\w))")
"""An apostrophe behind a name with what may follow it: the ending of a possessive, or of a verb that was drawn to the name."""
_APART = frozenset(' ,;:()!?"\u201c\u201d')
"""Characters beside which every name is a word of its own."""
_SIGNS = frozenset("-'.@&<>/\x01\x02")
"""Characters beside which some are."""
_REACH = 64
"""How many characters before and behind a name decide whether it is a word."""


def names_of(actors: Iterable[Actor | None]) -> Names:
    """The names under which texts may speak of `actors`; None stands for one that no file declares, whose name is not known."""
    found: dict[str, tuple[str, ...]] = {}
    markings: dict[str, Marking] = {}
    for actor in actors:
        if actor is not None:
            _add(found, actor.id, (actor.header.name, *actor.header.also_known_as))
            if actor.header.marking != "TLP:CLEAR":
                markings[actor.id] = actor.header.marking
    return Names(found, markings)


def weak_names_of(actors: Iterable[Actor | None]) -> Names:
    """The words that may mean `actors`, and are too common to be links."""
    found: dict[str, tuple[str, ...]] = {}
    for actor in actors:
        if actor is not None:
            _add(found, actor.id, actor.header.weak_names)
    return Names(found)


def spelling(name: str) -> str:
    """A name in the one spelling in which two names are compared: in NFC, with signs of ASCII and one space between words."""
    return " ".join(straightened(unicodedata.normalize("NFC", name)).split())


def forms(name: str) -> tuple[str, ...]:
    """The spellings in which texts may have a name: at the beginning of a sentence, `the Fed` is `The Fed`. None for an empty name."""
    plain = spelling(name)
    return (plain, plain[0].upper() + plain[1:]) if plain else ()


def straightened(text: str) -> str:
    """`text`, character for character, with apostrophes, hyphens, spaces and line breaks of one kind."""
    if not text.isascii():
        for character, plain in _ALIKE:
            text = text.replace(character, plain)
    return text.replace("\n", " ")


def is_word(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` stands by itself: neither letters nor what makes another name of it touch it.

    `text` is straightened HTML that ends with a space.
    """
    # An index of -1 is that of the space.
    if text[start - 1] in _APART:
        return text[end] in _APART or _ends(text, end)
    return _begins(text, start) and (text[end] in _APART or _ends(text, end))


def _add(found: dict[str, tuple[str, ...]], actor: str, names: Iterable[str]) -> None:
    for form in dict.fromkeys(form for name in names for form in forms(name)):
        found[form] = (*found.get(form, ()), actor)


def _begins(text: str, start: int) -> bool:
    """Whether a name may begin at `start`, behind a character that is not apart from every name."""
    last = text[start - 1]
    if last not in _SIGNS:
        return not _is_joined(last, text[start])
    before = text[max(0, start - _REACH) : start]
    if before.endswith(_ENDS_OF_TAGS):
        before = _TAGS_BEFORE.sub("", before)
        last = before[-1:]
    if last == "-":
        # `non-UN`, but not `Smith` in `Lloyd-Smith`.
        other = _LAST_WORD.search(before)
        return other is None or not _is_big(other.group())
    if last == "'":
        # `l'ONU`, but not `Brien` in `O'Brien`.
        letter, apart = before[-2:-1], before[-3:-2]
        return not letter.isupper() or letter in "LD" or apart.isalnum()
    if last == ".":
        return not before[-2:-1].islower()
    # Neither an address nor a name of a tag or of an escaped character is the name of an actor.
    return last not in ("@", "<", "&") and not before.endswith("</") and not (last and _is_joined(last, text[start]))


def _ends(text: str, end: int) -> bool:
    """Whether a name may end at `end`, before a character that is not apart from every name."""
    last, first = text[end - 1], text[end]
    if first in _SIGNS:
        after = text[end : end + _REACH]
        if first in "<\x01":
            after = _TAGS_AFTER.sub("", after)
            first = after[:1]
        if first == "-":
            # `UN-backed`, but not `Guinea` in `Guinea-Bissau`.
            return not _is_big(after[1:])
        if first == "'":
            return _ENDING.match(after) is not None
        if first == ".":
            return not after[1:2].islower()
        if first in ("@", ""):
            return not first
    # In Korean, particles follow a noun without a space.
    return not _is_joined(last, first) or _HANGUL.match(last) is not None


def _is_joined(one: str, other: str) -> bool:
    """Whether two characters side by side are of one word."""
    script = _script(one)
    return script != "" and script == _script(other)


def _is_big(word: str) -> bool:
    return word[:1].isupper() or word[:1].isdigit()


def _script(character: str) -> str:
    """The script of a letter, digit or sign on a letter, as far as it decides where words end; empty where words are not spaced."""
    if character.isascii():
        return "spaced" if character.isalnum() or character == "_" else ""
    if _KATAKANA.match(character):
        return "Katakana"
    if _HANGUL.match(character):
        return "Hangul"
    if _ALONE.match(character):
        return ""
    return "spaced" if character.isalnum() or unicodedata.category(character).startswith("M") else ""
