"""The notes that a view names: which they are, and the view with their cards in the place of their ids, as templates see it."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from msgspec import Struct, structs

from briefings.site.cards import NoteCard, NoteRef

_AnyView = TypeVar("_AnyView", bound=Struct)

Cards = Mapping[str, NoteCard]
"""Cards of notes by the notes' ids."""


class _Field(Struct, frozen=True):
    """A field of a struct that holds references to notes, or structs in which there are some."""

    name: str
    is_list: bool
    is_reference: bool
    """Whether it holds the references themselves."""


def note_ids(view: Struct) -> dict[str, None]:
    """The ids of the notes whose cards stand on the page of `view`, each once, in the order of its fields."""
    return dict.fromkeys(_ids(view))


def with_cards(view: _AnyView, cards: Cards) -> _AnyView:
    """`view` with the card of each note that it names. Raises KeyError where `cards` lacks one."""
    changed: dict[str, Any] = {}
    for field in _fields(type(view)):
        held = getattr(view, field.name)
        if not held:
            continue
        if field.is_reference:
            changed[field.name] = tuple([cards[one.id] for one in held]) if field.is_list else cards[held.id]
        else:
            changed[field.name] = tuple([with_cards(one, cards) for one in held]) if field.is_list else with_cards(held, cards)
    return structs.replace(view, **changed) if changed else view


def as_shown(hint: Any) -> Any:
    """The type that templates and documents see for a type of a view: a card for a reference to a note."""
    return NoteCard if hint is NoteRef else hint


def _ids(view: Struct) -> Iterator[str]:
    for field in _fields(type(view)):
        held = getattr(view, field.name)
        if not held:
            continue
        for one in held if field.is_list else (held,):
            if field.is_reference:
                yield one.id
            else:
                yield from _ids(one)


@functools.cache
def _fields(view_type: type[Struct]) -> tuple[_Field, ...]:
    """The fields of a type that lead to notes."""
    hints = get_type_hints(view_type)
    held = {name: [*_held(hints[name])] for name in view_type.__struct_fields__}
    leading = {name for name, types in held.items() if any(one is NoteRef or (one is not view_type and _fields(one)) for one in types)}
    if leading:
        # A type that holds itself leads to notes wherever it holds some.
        leading |= {name for name, types in held.items() if view_type in types}
    names = [name for name in held if name in leading]
    return tuple(_Field(name, is_list=get_origin(hints[name]) is tuple, is_reference=held[name] == [NoteRef]) for name in names)


def _held(hint: Any) -> Iterator[type[Struct]]:
    """The structs of which a field with this type holds one, some or none."""
    if isinstance(hint, type) and issubclass(hint, Struct):
        yield hint
    for argument in get_args(hint):
        yield from _held(argument)
