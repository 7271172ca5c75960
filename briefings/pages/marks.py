"""Finds the mark of a page: the highest marking of anything in its view. It reads the types of views, so it sees new fields, too."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, TypeVar, get_args, get_type_hints

from msgspec import Struct, structs

from briefings.core.config import Marking
from briefings.pages.note_refs import Cards
from briefings.pages.views.machine_views import FeedItem, FeedView
from briefings.pages.views.record_views import PageOfTheme
from briefings.site.cards import NoteRef
from briefings.site.visibility import highest

_Feed = TypeVar("_Feed", FeedView, FeedItem)


def marked_page(view: PageOfTheme, cards: Cards) -> PageOfTheme:
    """`view` with the page's mark in it."""
    marking = mark_of(view, cards)
    if marking == "TLP:CLEAR":
        return view
    return structs.replace(view, page=structs.replace(view.page, highest_marking=marking))


def marked_feed(view: _Feed, cards: Cards) -> _Feed:
    """A feed, or a note in one, with its mark in it."""
    return structs.replace(view, highest_marking=mark_of(view, cards))


def mark_of(value: object, cards: Cards) -> Marking:
    """The highest marking of anything in a view, with the `cards` of the notes that it names."""
    return highest(set(_markings(value, cards)))


def _markings(value: Any, cards: Cards) -> Iterator[Marking]:
    if isinstance(value, tuple):
        for item in value:
            yield from _markings(item, cards)
    elif isinstance(value, NoteRef):
        yield from _markings(cards[value.id], cards)
    elif isinstance(value, Struct):
        marked, others = _fields(type(value))
        for name in marked:
            yield getattr(value, name)
        for name in others:
            yield from _markings(getattr(value, name), cards)


def mark_class(marking: Marking) -> str:
    """The class of an element that shows a marking: `tlp-amber`, for `TLP:AMBER+STRICT`, too."""
    return "tlp-" + marking.removeprefix("TLP:").partition("+")[0].lower()


@functools.cache
def _fields(view_type: type[Struct]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the fields of a struct that hold a marking, and of those that hold structs, which may have one."""
    hints = get_type_hints(view_type)
    names = view_type.__struct_fields__
    return tuple(n for n in names if hints[n] == Marking), tuple(n for n in names if _holds_structs(hints[n]))


def _holds_structs(hint: Any) -> bool:
    return (isinstance(hint, type) and issubclass(hint, Struct)) or any(map(_holds_structs, get_args(hint)))
