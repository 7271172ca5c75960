"""What pages show of corrections and changes of notes, and the pages that list all corrections."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from briefings.core.language import Language
from briefings.pages.frame import Frame, ledger_page
from briefings.pages.make.pagination import paginate
from briefings.pages.make.withdrawals import withdrawn_notes, withdrawn_record
from briefings.pages.views.machine_views import TableView
from briefings.pages.views.revision_views import ChangeView, CorrectedNote, CorrectionsView, CorrectionView
from briefings.site.ledgers.revisions import NoteCorrection
from briefings.site.linked import LinkedNote
from briefings.site.model import Site


def corrections_views(site: Site, frame: Frame) -> Iterator[CorrectionsView]:
    """The pages of all corrections, newest first, with the notes that were withdrawn."""
    crumb = frame.ledgers["corrections"]
    fed = structs.replace(frame, feeds=frame.corrections + frame.feeds)
    about = frame.language.gettext("What was wrong in notes, and what is right; and which notes were withdrawn.")
    gone = tuple([withdrawn_record(one) for one in sorted(withdrawn_notes(site), key=lambda one: one.date, reverse=True)])
    for part in paginate(site.ledgers.revisions.corrections, site.config.page_sizes.ledger, crumb.url, frame.language):
        page = ledger_page(fed, "corrections", part.url, crumb.title + part.title, about)
        shown = tuple([CorrectedNote(told.note.ref, correction_view(site, told)) for told in part.items])
        here = gone if part.number == 1 else ()
        yield CorrectionsView(site=frame.site, page=page, corrections=shown, withdrawn=here, pagination=part.pagination)


def corrections_table(site: Site, frame: Frame) -> TableView:
    """All corrections, newest first."""
    rows = []
    for told in site.ledgers.revisions.corrections:
        one, card = told.correction, told.note.card
        rows.append((one.date.text, one.wrong, one.right, one.note, card.id, frame.site.home + card.url, card.marking))
    return TableView(("date", "wrong", "right", "remark", "note", "url", "marking"), tuple(rows))


def corrections(site: Site, note: LinkedNote) -> tuple[CorrectionView, ...]:
    """The corrections of a note, newest first, as its own page shows them."""
    return tuple([correction_view(site, told) for told in site.ledgers.revisions.of_note.get(note.card.id, ())])


def changes(site: Site, note: LinkedNote) -> tuple[ChangeView, ...]:
    """The changes of a note, newest first."""
    told = site.ledgers.revisions.changes_of_note.get(note.card.id, ())
    return tuple([ChangeView(one.anchor, one.change.date.day(site.zone), one.change.note, one.change.level) for one in told])


def correction_in_words(told: NoteCorrection, language: Language) -> str:
    """A correction in a sentence or two, for feeds and tables."""
    one = told.correction
    contrast = language.gettext("Not “%(wrong)s”, but “%(right)s”.", wrong=one.wrong, right=one.right) if one.right else ""
    return " ".join(filter(None, (contrast, one.note)))


def correction_view(site: Site, told: NoteCorrection) -> CorrectionView:
    """A correction as pages show it."""
    one = told.correction
    return CorrectionView(anchor=told.anchor, date=one.date.day(site.zone), wrong=one.wrong, right=one.right, note=one.note)
