"""The mark of a page: the highest marking of everything on it, found from its view, so that no new field can be forgotten."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, TypeVar, get_args, get_type_hints

from msgspec import structs

from briefings.core.config import Marking
from briefings.pages.views.machine_views import FeedItem, FeedView
from briefings.pages.views.record_views import PageOfTheme
from briefings.site.visibility import highest

_Feed = TypeVar("_Feed", FeedView, FeedItem)


def marked_page(view: PageOfTheme) -> PageOfTheme:
    """A page that knows its mark."""
    marking = mark_of(view)
    if marking == "TLP:CLEAR":
        return view
    return structs.replace(view, page=structs.replace(view.page, highest_marking=marking))


def marked_feed(view: _Feed) -> _Feed:
    """A feed, or a note in one, that knows its mark."""
    return structs.replace(view, highest_marking=mark_of(view))


def mark_of(value: object) -> Marking:
    """The highest marking of anything in a view."""
    return highest(set(_markings(value)))


def _markings(value: Any) -> Iterator[Marking]:
    if isinstance(value, tuple):
        for item in value:
            yield from _markings(item)
    elif hasattr(value, "__struct_fields__"):
        kind: type = type(value)
        marked, others = _fields(kind)
        for name in marked:
            yield getattr(value, name)
        for name in others:
            yield from _markings(getattr(value, name))


def mark_class(marking: Marking) -> str:
    """The class of an element that shows a marking: `tlp-amber`, for `TLP:AMBER+STRICT`, too."""
    return "tlp-" + marking.removeprefix("TLP:").partition("+")[0].lower()


@functools.cache
def _fields(kind: type) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields of a struct that hold a marking, and those that hold something that may have one."""
    hints = get_type_hints(kind)
    names: tuple[str, ...] = kind.__struct_fields__  # type: ignore[attr-defined]  # a struct or a card
    return tuple(n for n in names if hints[n] == Marking), tuple(n for n in names if _holds_structs(hints[n]))


def _holds_structs(hint: Any) -> bool:
    return hasattr(hint, "__struct_fields__") or any(map(_holds_structs, get_args(hint)))
