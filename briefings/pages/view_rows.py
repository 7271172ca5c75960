"""Views and cards of notes as bytes, and back: as rows of the cache."""

from __future__ import annotations

import functools
from array import array
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from briefings.content.record_rows import records_decoder
from briefings.pages.forms import FORMS
from briefings.pages.note_refs import note_ids
from briefings.pages.views.record_views import View
from briefings.site.cards import NoteCard
from briefings.site.linked import Target

TextTargets = tuple[Target | None, ...]

_CARD = msgspec.msgpack.Decoder(NoteCard)


def page_row(targets: TextTargets, view: View) -> bytes:
    """A page's view and the targets of its text; the notes that it names stand in it by their ids."""
    return msgspec.msgpack.encode((targets, view))


def read_page_row(template: str, row: bytes) -> tuple[TextTargets, View]:
    """The targets of a page's text, and its view, from their row. Raises msgspec.MsgspecError for bytes that are no such row."""
    return _page_decoder(template).decode(row)


@functools.cache
def _page_decoder(template: str) -> msgspec.msgpack.Decoder[tuple[TextTargets, View]]:
    type_: Any = tuple.__class_getitem__((TextTargets, FORMS[template]))
    return msgspec.msgpack.Decoder(type_)


def shown_on(template: str, row: bytes) -> tuple[str, ...]:
    """The ids of the notes whose cards stand on a page. Raises msgspec.MsgspecError for bytes that are no row of a page."""
    return tuple(note_ids(read_page_row(template, row)[1]))


def card_row(card: NoteCard) -> bytes:
    """A note's card as a row."""
    return msgspec.msgpack.encode(card)


# Pages that are rendered one after another show many of the same cards.
@functools.lru_cache(maxsize=4096)
def read_card_row(row: bytes) -> NoteCard:
    """The card whose row this is. Raises msgspec.MsgspecError for bytes that are no such row."""
    return _CARD.decode(row)


def read_cards(rows: Mapping[str, bytes]) -> dict[str, NoteCard]:
    """Cards by the notes' ids, from their rows. Raises msgspec.MsgspecError for bytes that are no row of a card."""
    return {identifier: read_card_row(row) for identifier, row in rows.items()}


def shown_row(shown: Mapping[str, array[int]]) -> bytes:
    """The row that says, for each note by its id, at which positions in the plan the pages are on which its card stands."""
    return msgspec.msgpack.encode({identifier: positions.tobytes() for identifier, positions in shown.items()})


def read_shown_row(row: bytes) -> dict[str, Iterable[int]]:
    """What such a row says. Raises msgspec.MsgspecError for bytes that are no such row."""
    return {identifier: array("I", positions) for identifier, positions in msgspec.msgpack.decode(row, type=dict[str, bytes]).items()}


def settle_types() -> None:
    """Make the decoders of all rows before a second thread reads any.

    msgspec 0.22 stores its description of a type before all fields are in it: a thread that decodes a row while another makes the decoder
    finds an incomplete description, and the process ends with a segmentation fault.
    """
    for template in FORMS:
        _page_decoder(template)
    records_decoder()
