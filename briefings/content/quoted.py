"""When two quotations are the same, and the id that the element of a quotation has on the page of its note."""

from __future__ import annotations

import hashlib
import unicodedata

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‘’‚‛‹›", "'"))


def same_words(text: str) -> str:
    """Return a key that is equal for words that differ only in spaces, quotation marks or the case of the first letter."""
    words = " ".join(unicodedata.normalize("NFC", text).translate(_QUOTES).split()).strip("\"' ")
    return words[:1].lower() + words[1:]


def same_speaker(actor: str, name: str) -> str:
    """Return a key that is equal for one speaker: an `actor` by its id, and who is none by the `name`."""
    return f"actor:{actor}" if actor else " ".join(unicodedata.normalize("NFC", name).split())


def quotation_anchor(text: str) -> str:
    """Return the `id` of a quotation's element: made from its words, so that it stays whatever comes to stand around it.

    Nothing else may be in it: not all who read the words may know of the actor who said them.
    """
    return f"quotation-{hashlib.blake2b(same_words(text).encode(), digest_size=4).hexdigest()}"
