"""All ledgers of a site, each the sum of one kind of entry over all notes."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from briefings.site.ledgers.changes import ChangeLedger, change_ledger
from briefings.site.ledgers.connections import ConnectionLedger, connection_ledger
from briefings.site.ledgers.judgements import JudgementLedger, judgement_ledger
from briefings.site.ledgers.quotations import QuotationLedger, quotation_ledger
from briefings.site.ledgers.registry import Registry
from briefings.site.ledgers.revisions import RevisionLedger, revision_ledger
from briefings.site.ledgers.series import FigureLedger, figure_ledger
from briefings.site.ledgers.stances import PositionLedger, position_ledger
from briefings.site.ledgers.timelines import EventLedger, event_ledger
from briefings.site.linked import LinkedNote, Withdrawn


class Ledgers(Struct, frozen=True):
    """The entries of all notes."""

    events: EventLedger
    quotations: QuotationLedger
    positions: PositionLedger
    figures: FigureLedger
    revisions: RevisionLedger
    changes: ChangeLedger
    judgements: JudgementLedger
    connections: ConnectionLedger


def ledgers(notes: Sequence[LinkedNote], withdrawn: Sequence[Withdrawn], registry: Registry) -> Ledgers:
    """Sum up the entries of `notes` (oldest first), and what was `withdrawn`."""
    revisions = revision_ledger(notes, registry)
    quotations = quotation_ledger(notes, registry)
    return Ledgers(
        events=event_ledger(notes, registry),
        quotations=quotations,
        positions=position_ledger(notes, quotations, registry),
        figures=figure_ledger(notes, registry),
        revisions=revisions,
        changes=change_ledger(notes, withdrawn, revisions, registry),
        judgements=judgement_ledger(notes, registry),
        connections=connection_ledger(notes),
    )
