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

_Views = Callable[[Site, Frame], Iterator[PageOfTheme]]
"""Makes the pages of a ledger that has something to show."""
_Table = Callable[[Site, Frame], TableView]
"""Makes the table of such a ledger."""
_LEDGERS: Mapping[LedgerName, tuple[_Views, _Table]] = {
    "positions": (positions_views, positions_table),
    "figures": (figures_views, figures_table),
    "judgements": (judgements_views, judgements_table),
    "changes": (changes_views, changes_table),
    "quotations": (quotations_views, quotations_table),
    "connections": (connections_views, connections_table),
    "corrections": (corrections_views, corrections_table),
    "timeline": (timeline_views, timeline_table),
    "calendar": (calendar_views, calendar_table),
}


def ledger_views(site: Site, frame: Frame) -> Iterator[PageOfTheme]:
    """Every page of every ledger that has something to show and that the settings do not leave out."""
    for ledger, (views, _) in _LEDGERS.items():
        if ledger in frame.ledgers:
            yield from views(site, frame)


def ledger_tables(site: Site, frame: Frame) -> Iterator[tuple[str, TableView]]:
    """The table of each ledger that has pages, with its address; none where the settings leave tables out."""
    if frame.outputs.tables:
        for ledger, (_, table) in _LEDGERS.items():
            if ledger in frame.ledgers:
                yield table_address(ledger), table(site, frame)
