"""What views show of corrections and changes of notes."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct

from briefings.pages.views.parts import PageView, Pagination, SiteView
from briefings.pages.views.withdrawal_views import WithdrawnRecord
from briefings.site.cards import NoteRef


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

    anchor: str
    """The `id` that its element must have, because the page of all changes leads to it: `change-2017-12-16-3c5e5043`."""
    date: dt.date
    """The day on which it was changed."""
    note: str
    """What was changed, in a sentence."""
    level: Literal["major", "minor"]
    """Major for what changes the note's sense."""


class CorrectedNote(Struct, frozen=True):
    """A correction among those of all notes."""

    note: NoteRef
    """The note that was corrected, as lists show it."""
    correction: CorrectionView
    """What was wrong and what is right."""


class CorrectionsView(Struct, frozen=True):
    """`corrections.html`: the corrections of all notes, on one or more pages."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    corrections: tuple[CorrectedNote, ...]
    """Those of this page, newest first; empty where notes were only withdrawn."""
    withdrawn: tuple[WithdrawnRecord, ...]
    """The notes that were withdrawn, the last first; the first page only. A theme must show them."""
    pagination: Pagination
    """Which of all corrections stand on this page, and the way to the others."""
