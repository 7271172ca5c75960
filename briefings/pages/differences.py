"""Why a page differs from what it was, in words: the difference of two views."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from msgspec import Struct

from briefings.pages.views.note_parts import CiteView
from briefings.pages.views.parts import Prose
from briefings.site.cards import ActorLink, NoteCard, NoteRef, SourceLink, TopicLink

_CARDS: dict[type, str] = {NoteCard: "note", NoteRef: "note", ActorLink: "actor", TopicLink: "topic", SourceLink: "source"}
DIFFERENCES_SHOWN = 3


def differences(old: object, new: object) -> list[str]:
    """`card of note un-offer changed: title`, and the like, each once."""
    return list(dict.fromkeys(_differences(old, new, "")))


def in_short(reasons: Sequence[str]) -> str:
    """A few reasons at most, and then how many more."""
    more = f" and {len(reasons) - DIFFERENCES_SHOWN} more" if len(reasons) > DIFFERENCES_SHOWN else ""
    return "; ".join(reasons[:DIFFERENCES_SHOWN]) + more


def _differences(old: object, new: object, name: str) -> Iterator[str]:
    if old == new:
        return
    card = _CARDS.get(type(new))
    if type(old) is not type(new):
        yield f"{name} {'added' if old is None else 'gone' if new is None else 'changed'}"
    elif isinstance(new, Struct) and card and _identity(old) == _identity(new):
        changed = [field for field in new.__struct_fields__ if getattr(old, field) != getattr(new, field)]
        yield f"card of {card} {_identity(new)} changed: {', '.join(changed)}"
    elif isinstance(new, Prose) and isinstance(old, Prose):
        yield "text changed" if old.digest != new.digest else "links of the text changed"
    elif isinstance(new, CiteView):
        yield "citation changed"
    elif isinstance(new, Struct) and not card:
        for field in new.__struct_fields__:
            yield from _differences(getattr(old, field), getattr(new, field), f"{name}.{field}" if name else field)
    elif isinstance(new, tuple) and isinstance(old, tuple):
        yield from _list_differences(old, new, name)
    else:
        yield f"{name} changed"


def _list_differences(old: tuple[object, ...], new: tuple[object, ...], name: str) -> Iterator[str]:
    before, after = {_identity(x): x for x in old}, {_identity(x): x for x in new}
    if None in before or None in after or len(before) < len(old) or len(after) < len(new):
        yield f"{name} changed"
        return
    yield from sorted(f"{_label(after[identity])} added to {name}" for identity in after.keys() - before.keys())
    yield from sorted(f"{_label(before[identity])} gone from {name}" for identity in before.keys() - after.keys())
    for key, item in after.items():
        if key in before:
            yield from _differences(before[key], item, name)
    if before.keys() == after.keys() and list(before) != list(after):
        yield f"{name} in another order"


def _label(item: object) -> str:
    """Name an item of a list for readers of `--explain`; the card of a record is named with its kind."""
    kind = _CARDS.get(type(item))
    return f"{kind} {_identity(item)}" if kind else str(_identity(item))


def _identity(item: object) -> str | None:
    """What identifies an item of a list before and after a change: the id of the record that it shows, or the value its group shares."""
    for field in ("id", "note", "topic", "actor", "source", "card", "letter", "type", "role", "year", "start", "date"):
        value = getattr(item, field, None)
        if isinstance(value, str | int | dt.date):
            return str(value)
        if isinstance(value, Struct):
            return _identity(value)
    return None
