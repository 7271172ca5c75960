"""Records as bytes, and back: what a file yields is one row of the cache."""

from __future__ import annotations

import functools
from typing import Any

import msgspec
from msgspec import structs

from briefings.content.parse import Parsed
from briefings.content.schema.dates import Moment, PartialDate
from briefings.content.schema.numbers import Number


def _written(value: object) -> str:
    if isinstance(value, Moment | PartialDate | Number):
        return value.text
    raise NotImplementedError(type(value))


ENCODER = msgspec.msgpack.Encoder(enc_hook=_written)
"""Writes records; their dates and numbers as text."""


def records_row(parsed: Parsed) -> bytes:
    """What a file yields, without its HTML, as a row."""
    return ENCODER.encode(structs.replace(parsed, html={}))


def read_records_row(row: bytes) -> Parsed:
    """What the file yielded whose row this is, without its HTML. Raises msgspec.MsgspecError for bytes that are no such row."""
    return records_decoder().decode(row)


@functools.cache
def records_decoder() -> msgspec.msgpack.Decoder[Parsed]:
    """Reads rows of records. To make it takes as long as to read hundreds of them."""
    return msgspec.msgpack.Decoder(Parsed, dec_hook=_read)


def _read(type_: type, value: Any) -> Any:
    if type_ in (Moment, PartialDate, Number):
        return type_(value)
    raise NotImplementedError(type_)
