"""The audit of what search loads: words that stand there one by one, in an order that no run of words is found in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

import msgspec
from msgspec import Struct

from briefings.audit.patterns import Pattern, Secret
from briefings.audit.words import is_spaced
from briefings.content.markdown.plain_text import plain_text
from briefings.pages.search.terms import terms

_SHARD = re.compile(rb'briefings\.part\("[^"]*/words-\d+",(\{.*\})\);\n')
_POSTINGS = re.compile(r"[0-9a-z]+!?(?: [0-9a-z]+!?)*")


class _Shard(Struct, forbid_unknown_fields=True):
    """What a file of words gives to the script of a theme."""

    of: str
    words: dict[str, str]


def published_terms(data: bytes) -> set[str] | None:
    """Return the terms in a file of words that search loads; None for a file that is none, or has anything else in it."""
    found = _SHARD.fullmatch(data)
    if found is None:
        return None
    try:
        shard = msgspec.json.decode(found[1], type=_Shard)
    except msgspec.MsgspecError:
        return None
    return set(shard.words) if all(map(_POSTINGS.fullmatch, shard.words.values())) and re.fullmatch("[0-9a-f]*", shard.of) else None


class SecretTerms:
    """The terms of withheld texts, each with the secret that has it; whatever letters were folded, they are compared in one way."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self.secrets: dict[Pattern, Secret] = {}
        """The secret of each term, which stands alone in its pattern."""
        for secret in secrets:
            for term in _terms(_text_of(secret.words)):
                self.secrets.setdefault((term,), secret)

    def among(self, published: Iterable[str]) -> set[Pattern]:
        """Return those that are among the `published` terms."""
        return self.secrets.keys() & {(term,) for one in published for term in _terms(one)}

    def find(self, data: bytes) -> set[Pattern]:
        """Return those that occur in a text, with or without its tags."""
        text = data.decode(errors="ignore")
        return self.among((text, plain_text(text)) if "<" in text else (text,))

    def only(self, wanted: set[Pattern]) -> SecretTerms:
        """Return those in `wanted` alone."""
        some = SecretTerms(())
        some.secrets = {pattern: secret for pattern, secret in self.secrets.items() if pattern in wanted}
        return some


def _terms(text: str) -> Iterator[str]:
    """Yield the terms of a text of which an audit may know no capital letters any more: `ß` has become `ss` then."""
    return terms(text.casefold())


def _text_of(words: Iterable[str]) -> str:
    """Return a text with these words, in which letters of scripts without spaces follow one another again."""
    return "".join(chain.from_iterable((word, " ") if is_spaced(word) else (word,) for word in words))
