"""JSON documents: a page's view for programs, with its texts as HTML and every address leading from the document itself."""

from __future__ import annotations

import datetime as dt
import functools
import types
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from briefings.core.language import ENGLISH, Language
from briefings.pages.document_schema import ADDRESSES, LEFT_OUT, document_schema
from briefings.pages.forms import SCHEMA_FOLDER
from briefings.pages.note_refs import Cards
from briefings.pages.views.machine_views import SchemaView
from briefings.pages.views.parts import PageView, Prose
from briefings.pages.views.record_views import View
from briefings.rendering.render import fill
from briefings.site.cards import NoteCard, NoteRef


class _Context(Struct, frozen=True):
    """What is needed to convert the values of one document."""

    root: str
    """The way from the document to the site's root."""
    language: Language
    html: Mapping[str, str]
    """Texts by their digests."""
    cards: Cards


_Convert = Callable[[Any, _Context], Any]
"""Gives the JSON of a value."""

_AS_IS = (str, int, float, bool, dt.date, dt.datetime, types.NoneType)


def write_document(form: str, view: View, cards: Cards, language: Language, html: Mapping[str, str]) -> bytes:
    """The document of the page of `view`, with the cards of the notes that it names and the texts by their digests.

    Words of the program in texts are in `language`.
    """
    root = view.page.root  # type: ignore[union-attr]  # what has a document is a page
    about = {"$schema": f"{root}{SCHEMA_FOLDER}{form}", "highest_marking": view.page.highest_marking}  # type: ignore[union-attr]  # as above
    return msgspec.json.encode({**about, **_converter(type(view))(view, _Context(root, language, html, cards))})


def write_schema(view: SchemaView) -> bytes:
    """The schema of a kind of document."""
    return msgspec.json.format(msgspec.json.encode(document_schema(view.document)), indent=2) + b"\n"


@functools.cache
def _converter(kind: type[Struct]) -> _Convert:
    """Make the function that converts structs of one type to JSON. It is made once, because a site has a million values."""
    hints = get_type_hints(kind)
    names = [name for name in kind.__struct_fields__ if name not in LEFT_OUT]
    addresses = [name for name in names if name in ADDRESSES]
    others = [(name, _converting(hints[name])) for name in names if name not in ADDRESSES]
    get = attrgetter(*names)
    made = [(name, convert) for name, convert in others if convert is not None]

    def convert(value: Any, shown: _Context) -> dict[str, Any]:
        found = dict(zip(names, get(value), strict=True))
        for name in addresses:
            address = found[name]
            # A web address has a colon, which no id has. An empty one is that of the home page, or of nothing.
            found[name] = address if ":" in address or not (address or kind is PageView) else shown.root + address
        for name, make in made:
            found[name] = make(found[name], shown)
        return found

    return convert


@functools.lru_cache(maxsize=4096)
def _card(card: NoteCard, root: str) -> msgspec.Raw:
    """The JSON of a card. It is cached, because pages that are rendered one after another show the same cards."""
    return msgspec.Raw(msgspec.json.encode(_converter(NoteCard)(card, _Context(root, ENGLISH, {}, {}))))


def _converting(hint: Any) -> _Convert | None:
    """Make the function that converts values of the type `hint` to JSON; None where a value needs no conversion."""
    if hint is Prose:
        return lambda prose, shown: str(fill(prose, shown.language, shown.html))
    if hint is NoteRef:
        return lambda ref, shown: _card(shown.cards[ref.id], shown.root)
    if isinstance(hint, type) and issubclass(hint, Struct):
        return lambda value, shown: _converter(hint)(value, shown)
    of = [convert for argument in get_args(hint) if argument not in _AS_IS and (convert := _converting(argument)) is not None]
    if not of:
        return None
    (convert,) = of
    if get_origin(hint) is tuple:
        return lambda values, shown: [convert(value, shown) for value in values]
    assert get_origin(hint) in (Union, types.UnionType)  # noqa: S101 - views have no other types that hold others
    return lambda value, shown: None if value is None else convert(value, shown)
