"""Views and cards of notes as bytes, and back: as rows of the cache, in which cards stand in views by the ids of their notes."""

from __future__ import annotations

import datetime as dt
import functools
from array import array
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from briefings.content.record_rows import ENCODER, records_decoder
from briefings.core.config import Marking
from briefings.pages.forms import FORMS
from briefings.pages.views.record_views import View
from briefings.site.cards import NoteCard, TopicLink
from briefings.site.model import Target

Targets = tuple[Target | None, ...]
Cards = Callable[[str], NoteCard]
"""Gives the card of the note with an id."""

_CARD = msgspec.msgpack.Decoder(tuple[str, str, str, str, dt.date, str, Marking, TopicLink | None])


class PageWriter:
    """Writes rows of pages."""

    def __init__(self) -> None:
        self.cards: dict[str, NoteCard] = {}
        """Every card that was met, by the note's id."""
        self._shown: dict[str, None] = {}
        self._encoder = msgspec.msgpack.Encoder(enc_hook=self._by_id)

    def row(self, targets: Targets, view: View) -> tuple[bytes, tuple[str, ...]]:
        """A page's view and the targets of its text, in which cards of notes stand by their ids; and these ids."""
        self._shown = {}
        row = self._encoder.encode((targets, view))
        return row, tuple(self._shown)

    def _by_id(self, value: object) -> str:
        if not isinstance(value, NoteCard):
            raise NotImplementedError(type(value))
        self._shown[value.id] = None
        self.cards[value.id] = value
        return value.id


class PageReader:
    """Reads rows of pages, with the cards that `cards` gives. Whatever it raises for an id, it raises, too."""

    def __init__(self, cards: Cards) -> None:
        self._cards = cards
        self._decoders: dict[str, msgspec.msgpack.Decoder[tuple[Targets, View]]] = {}

    def read(self, template: str, row: bytes) -> tuple[Targets, View]:
        """The targets of a page's text, and its view. Raises msgspec.MsgspecError for bytes that are no such row."""
        decoder = self._decoders.get(template)
        if decoder is None:
            decoder = self._decoders[template] = _page_decoder(template, self._card)
        return decoder.decode(row)

    def _card(self, type_: type, value: Any) -> NoteCard:
        if type_ is not NoteCard:
            raise NotImplementedError(type_)
        return self._cards(value)


def _page_decoder(template: str, hook: Callable[[type, Any], Any]) -> msgspec.msgpack.Decoder[tuple[Targets, View]]:
    type_: Any = tuple.__class_getitem__((Targets, FORMS[template]))
    return msgspec.msgpack.Decoder(type_, dec_hook=hook)


def bare_card(identifier: str) -> NoteCard:
    """A card of which only the id is known: enough to write a row again, not to show it."""
    return NoteCard(id=identifier, url="", title="", summary="", date=dt.date.min, kind="", marking="TLP:CLEAR", topic=None)


def shown_on(template: str, row: bytes) -> tuple[str, ...]:
    """The ids of the notes whose cards stand on a page. Raises msgspec.MsgspecError for bytes that are no row of a page."""
    shown: dict[str, None] = {}

    def card(identifier: str) -> NoteCard:
        shown[identifier] = None
        return bare_card(identifier)

    PageReader(card).read(template, row)
    return tuple(shown)


def card_row(card: NoteCard) -> bytes:
    """A note's card as a row."""
    return ENCODER.encode(card.fields())


# Pages that are rendered one after another show many of the same cards.
@functools.lru_cache(maxsize=4096)
def read_card_row(row: bytes) -> NoteCard:
    """The card whose row this is. Raises msgspec.MsgspecError for bytes that are no such row."""
    return NoteCard(*_CARD.decode(row))


def cards_from(rows: Mapping[str, bytes]) -> Cards:
    """The cards whose rows are at hand, each read once; raises KeyError for any other."""
    return functools.cache(lambda identifier: read_card_row(rows[identifier]))


def shown_row(shown: Mapping[str, array[int]]) -> bytes:
    """The row that says, for each note by its id, at which positions in the plan the pages are on which its card stands."""
    return msgspec.msgpack.encode({identifier: positions.tobytes() for identifier, positions in shown.items()})


def read_shown_row(row: bytes) -> dict[str, Iterable[int]]:
    """What such a row says. Raises msgspec.MsgspecError for bytes that are no such row."""
    return {identifier: array("I", positions) for identifier, positions in msgspec.msgpack.decode(row, type=dict[str, bytes]).items()}


def settle_types() -> None:
    """Have msgspec look at the types of all rows, and so of all records, before threads read any.

    It keeps what it knows of a type while it is still at its fields. Another thread that then reads a row has half a type for it, and the
    process ends with a segmentation fault (msgspec 0.22).
    """
    for template in FORMS:
        _page_decoder(template, lambda _, value: value)
    records_decoder()
