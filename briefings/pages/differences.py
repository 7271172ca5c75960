"""Why a page differs from what it was, in words: the difference of two views."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from briefings.site.cards import ActorLink, NoteCard, SourceLink, TopicLink

_CARDS: dict[type, str] = {NoteCard: "note", ActorLink: "actor", TopicLink: "topic", SourceLink: "source"}
SHOWN = 3


def describe(old: object, new: object) -> str:
    """`card of note un-offer changed: title`; a few differences at most, and then how many more."""
    found = list(dict.fromkeys(_differences(old, new, "")))
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return "; ".join(found[:SHOWN]) + more


def _differences(old: object, new: object, name: str) -> Iterator[str]:
    if old == new:
        return
    card = _CARDS.get(type(new))
    if type(old) is not type(new):
        yield f"{name} {'added' if old is None else 'gone' if new is None else 'changed'}"
    elif card and _identity(old) == _identity(new):
        changed = [field for field in new.__struct_fields__ if getattr(old, field) != getattr(new, field)]  # type: ignore[attr-defined]  # a card
        yield f"card of {card} {_identity(new)} changed: {', '.join(changed)}"
    elif isinstance(new, Struct) and not card:
        for field in new.__struct_fields__:
            yield from _differences(getattr(old, field), getattr(new, field), f"{name}.{field}" if name else field)
    elif isinstance(new, tuple) and isinstance(old, tuple):
        yield from _list_differences(old, new, name)
    else:
        yield f"{name} changed"


def _list_differences(old: tuple[object, ...], new: tuple[object, ...], name: str) -> Iterator[str]:
    before, after = {_identity(x): x for x in old}, {_identity(x): x for x in new}
    if None in before or None in after:
        yield f"{name} changed"
        return
    for identity in sorted(str(i) for i in after.keys() - before.keys()):
        yield f"{identity} added to {name}"
    for identity in sorted(str(i) for i in before.keys() - after.keys()):
        yield f"{identity} gone from {name}"
    for key, item in after.items():
        if key in before:
            yield from _differences(before[key], item, name)
    if before.keys() == after.keys() and list(before) != list(after):
        yield f"{name} in another order"


def _identity(item: object) -> str | None:
    """What stays the same when an item of a list changes: the id of the record that it shows."""
    for field in ("id", "note", "topic", "actor", "source", "card"):
        value = getattr(item, field, None)
        if isinstance(value, str):
            return value
        if isinstance(value, Struct):
            return _identity(value)
    return None
