"""What pages show of judgements, and the pages that list all of them with how often they were right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from briefings.core.language import Language
from briefings.pages.frame import Frame, ledger_page
from briefings.pages.make.pagination import paginate
from briefings.pages.views.judgement_views import (
    BandView,
    JudgedNote,
    JudgementsView,
    JudgementView,
    OutcomeView,
    TrackRecordView,
)
from briefings.pages.views.machine_views import TableView
from briefings.site.ledgers.judgements import NoteJudgement, TrackRecord
from briefings.site.linked import LinkedNote
from briefings.site.model import Site
from briefings.site.visibility import highest

_COLUMNS = ("judgement", "likelihood", "low", "high", "confidence", "resolve_by", "happened", "known", "outcome", "note", "url", "marking")


def judgements_views(site: Site, frame: Frame) -> Iterator[JudgementsView]:
    """The pages of all judgements, those without an outcome first."""
    crumb = frame.ledgers["judgements"]
    ledger, language = site.ledgers.judgements, frame.language
    about = language.gettext("What notes hold to be likely or unlikely, what became of it, and how often they were right.")
    everything = [*ledger.open, *(one for one, _ in ledger.resolved)]
    for part in paginate(everything, site.config.page_sizes.ledger, crumb.url, language):
        shown = judged_notes(site, part.items, language)
        yield JudgementsView(
            site=frame.site,
            page=ledger_page(frame, "judgements", part.url, crumb.title + part.title, about),
            open=tuple([one for one in shown if one.judgement.outcome is None]),
            resolved=tuple([one for one in shown if one.judgement.outcome is not None]),
            record=_record_view(ledger.record, language) if ledger.record and part.number == 1 else None,
            pagination=part.pagination,
        )


def judgements_table(site: Site, frame: Frame) -> TableView:
    """All judgements, in the order of their pages."""
    ledger = site.ledgers.judgements
    rows = []
    for told in [*ledger.open, *(one for one, _ in ledger.resolved)]:
        one, card, outcome = told.judgement, told.note.card, told.judgement.outcome
        range_ = (one.likelihood, str(told.term.low), str(told.term.high))
        became = (str(outcome.happened).lower(), outcome.date.text, outcome.note) if outcome else ("", "", "")
        due = one.resolve_by.text if one.resolve_by else ""
        marking = highest((one.marking, card.marking))
        rows.append((one.text, *range_, one.confidence, due, *became, card.id, frame.site.home + card.url, marking))
    return TableView(_COLUMNS, tuple(rows))


def judged_notes(site: Site, told: Iterable[NoteJudgement], language: Language) -> tuple[JudgedNote, ...]:
    """What pages show of judgements of several notes."""
    return tuple([JudgedNote(one.note.ref, _judgement_view(site, one, language)) for one in told])


def judgements_of(site: Site, note: LinkedNote, language: Language) -> tuple[JudgementView, ...]:
    """What a note's own page shows of its judgements, in the author's order."""
    return tuple([_judgement_view(site, told, language) for told in site.ledgers.judgements.of_note.get(note.card.id, ())])


def _judgement_view(site: Site, told: NoteJudgement, language: Language) -> JudgementView:
    one, outcome = told.judgement, told.judgement.outcome
    return JudgementView(
        anchor=told.anchor,
        text=one.text,
        term=language.gettext(one.likelihood),
        low=told.term.low,
        high=told.term.high,
        confidence=one.confidence,
        resolve_by=one.resolve_by.day(site.zone) if one.resolve_by else None,
        outcome=OutcomeView(outcome.date.day(site.zone), outcome.happened, outcome.note) if outcome else None,
        actors=told.actors,
        marking=one.marking,
    )


def _record_view(record: TrackRecord, language: Language) -> TrackRecordView:
    bands = [
        BandView(
            term=language.gettext(band.term.names[0]),
            low=band.term.low,
            high=band.term.high,
            judged=band.judged,
            happened=band.happened,
            share=round(100 * band.happened / band.judged) if band.judged else None,
        )
        for band in record.bands
    ]
    return TrackRecordView(tuple(bands), record.judged, language.decimal(f"{record.brier:.3f}"))
