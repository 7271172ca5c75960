"""The pages and tables of all ledgers, each of which sums up one kind of entry over all notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from briefings.pages.frame import Frame, LedgerName, table_address
from briefings.pages.make.calendar_parts import calendar_table, calendar_views
from briefings.pages.make.change_parts import changes_table, changes_views
from briefings.pages.make.connection_parts import connections_table, connections_views
from briefings.pages.make.event_parts import timeline_table, timeline_views
from briefings.pages.make.figure_parts import figures_table, figures_views
from briefings.pages.make.judgement_parts import judgements_table, judgements_views
from briefings.pages.make.position_parts import positions_table, positions_views
from briefings.pages.make.quotation_pages import quotations_table, quotations_views
from briefings.pages.make.revision_parts import corrections_table, corrections_views
from briefings.pages.views.machine_views import TableView
from briefings.pages.views.record_views import PageOfTheme
from briefings.site.model import Site


def ledger_views(site: Site, frame: Frame) -> Iterator[PageOfTheme]:
    """Every page of every ledger that has something to show and that the settings do not leave out."""
    yield from positions_views(site, frame)
    yield from figures_views(site, frame)
    yield from judgements_views(site, frame)
    yield from changes_views(site, frame)
    yield from quotations_views(site, frame)
    yield from connections_views(site, frame)
    yield from corrections_views(site, frame)
    yield from timeline_views(site, frame)
    yield from calendar_views(site, frame)


_TABLES: Mapping[LedgerName, Callable[[Site, Frame], TableView]] = {
    "positions": positions_table,
    "figures": figures_table,
    "judgements": judgements_table,
    "changes": changes_table,
    "quotations": quotations_table,
    "connections": connections_table,
    "corrections": corrections_table,
    "timeline": timeline_table,
    "calendar": calendar_table,
}


def ledger_tables(site: Site, frame: Frame) -> Iterator[tuple[str, TableView]]:
    """The table of each ledger that has pages, with its address; none where the settings leave tables out."""
    if frame.outputs.tables:
        for ledger, table in _TABLES.items():
            if ledger in frame.ledgers:
                yield table_address(ledger), table(site, frame)
