"""What views show of all that changed on the site: what is new, updated, corrected and withdrawn, week by week."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from briefings.pages.views.parts import PageView, Pagination, SiteView
from briefings.pages.views.revision_views import CorrectedNote
from briefings.pages.views.withdrawal_views import WithdrawnRecord
from briefings.site.cards import NoteRef, TopicLink


class UpdatedNote(Struct, frozen=True):
    """A change of a note that is no correction."""

    note: NoteRef
    """The note as lists show it."""
    date: dt.date
    """The day on which it was changed."""
    words: str
    """What was changed, in a sentence; empty where the author says only when."""
    anchor: str
    """The `id` of the change on the note's page; empty where the author says only when."""


class TopicChanges(Struct, frozen=True):
    """What changed in a week in the notes of one main topic. Each list has the newest first and may be empty."""

    topic: TopicLink | None
    """None for notes on no topic, which come last."""
    new: tuple[NoteRef, ...]
    """Notes of that week."""
    major: tuple[UpdatedNote, ...]
    """Changes of the sense of notes."""
    corrected: tuple[CorrectedNote, ...]
    """Mistakes that were put right."""
    withdrawn: tuple[WithdrawnRecord, ...]
    """Notes that were withdrawn in that week."""
    minor: tuple[UpdatedNote, ...]
    """All other changes of notes."""


class WeekOfChanges(Struct, frozen=True):
    """What changed in one week."""

    anchor: str
    """The `id` that its element should have, so that one can link to the week: `_2017-w50`."""
    start: dt.date
    """Its Monday."""
    end: dt.date
    """Its Sunday."""
    topics: tuple[TopicChanges, ...]
    """A to Z; never empty."""


class ChangesView(Struct, frozen=True):
    """`changes.html`: what changed on the site, week by week, on one or more pages."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    weeks: tuple[WeekOfChanges, ...]
    """Those of this page in which anything changed, newest first; never empty."""
    pagination: Pagination
    """Which of all weeks stand on this page, and the way to the others."""
