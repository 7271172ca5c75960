"""Encode the records of a file as one row of the cache, and decode them."""

from __future__ import annotations

import functools
from typing import Any

import msgspec
from msgspec import structs

from briefings.content.parse import Parsed
from briefings.content.schema.dates import Moment, NoteDate, PartialDate
from briefings.content.schema.edtf import EventDate
from briefings.content.schema.numbers import Number
from briefings.content.schema.periods import Period


def _written(value: object) -> str:
    if isinstance(value, Moment | PartialDate | EventDate | Period | Number):
        return value.text
    # msgspec asks a hook to say so of types that it does not know.
    raise NotImplementedError(type(value))


ENCODER = msgspec.msgpack.Encoder(enc_hook=_written)
"""Encodes records; dates and numbers become text."""


def records_row(parsed: Parsed) -> bytes:
    """Encode the result of parsing a file, without its HTML."""
    return ENCODER.encode(structs.replace(parsed, html={}))


def read_records_row(row: bytes) -> Parsed:
    """Decode a row that `records_row` made. Raises msgspec.MsgspecError for any other bytes."""
    return records_decoder().decode(row)


@functools.cache
def records_decoder() -> msgspec.msgpack.Decoder[Parsed]:
    """Return the decoder of rows, made once: making it takes as long as decoding hundreds of rows."""
    return msgspec.msgpack.Decoder(Parsed, dec_hook=_read)


def _read(type_: type, value: Any) -> Any:
    if type_ in (Moment, NoteDate, PartialDate, EventDate, Period, Number):
        return type_(value)
    # As above.
    raise NotImplementedError(type_)
