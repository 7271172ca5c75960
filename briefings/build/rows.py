"""Rows of the cache: pages and the records of a file as bytes, and back."""

from __future__ import annotations

import functools
from typing import Any

import msgspec

from briefings.content.moments import Moment, PartialDate
from briefings.content.parse import Parsed
from briefings.pages.views import TEMPLATES, View
from briefings.site.model import Target
from briefings.site.outside import ENCODER

Targets = tuple[Target | None, ...]

_VIEWS: dict[str, Any] = {template: view for view, template in TEMPLATES.items()}


def page_row(targets: Targets, view: View) -> bytes:
    """A page's view and the targets of its text."""
    return ENCODER.encode((targets, view))


def read_page_row(template: str, row: bytes) -> tuple[Targets, View]:
    """The same from its row. Raises msgspec.MsgspecError for bytes that are no such row."""
    decoded: tuple[Targets, View] = _page_decoder(template).decode(row)
    return decoded


def records_row(parsed: Parsed) -> bytes:
    """What a file yields, without its HTML."""
    return ENCODER.encode(parsed)


def read_records_row(row: bytes) -> Parsed:
    """The same from its row. Raises msgspec.MsgspecError for bytes that are no such row."""
    return _records_decoder().decode(row)


@functools.cache
def _page_decoder(template: str) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(tuple.__class_getitem__((Targets, _VIEWS[template])))


@functools.cache
def _records_decoder() -> msgspec.msgpack.Decoder[Parsed]:
    return msgspec.msgpack.Decoder(Parsed, dec_hook=_read)


def _read(type_: type, value: Any) -> Any:
    if type_ in (Moment, PartialDate):
        return type_(value)
    raise NotImplementedError(type_)
