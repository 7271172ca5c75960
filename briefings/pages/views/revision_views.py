"""What views show of corrections and changes of notes."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct


class CorrectionView(Struct, frozen=True):
    """A mistake in a note, put right."""

    anchor: str
    """The `id` that its element must have, because the feed of corrections leads to it: `correction-2017-12-16-3c5e5043`."""
    date: dt.date
    """The day on which it was corrected."""
    wrong: str
    """What the note said; may be empty."""
    right: str
    """What it says now; may be empty."""
    note: str
    """What else there is to know, or the whole correction; may be empty when `wrong` and `right` are not."""


class ChangeView(Struct, frozen=True):
    """Something that was added to a note or revised in it."""

    date: dt.date
    """The day on which it was changed."""
    note: str
    """What was changed, in a sentence."""
    level: Literal["major", "minor"]
    """Major for what changes the note's sense."""
