"""The pages and tables of all ledgers, each of which sums up one kind of entry over all notes."""

from __future__ import annotations

from collections.abc import Iterator

from briefings.pages.frame import Frame, table_address
from briefings.pages.make.calendar_parts import calendar_table, calendar_views
from briefings.pages.make.change_parts import changes_table, changes_views
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
    yield from corrections_views(site, frame)
    yield from timeline_views(site, frame)
    yield from calendar_views(site, frame)


def ledger_tables(site: Site, frame: Frame) -> Iterator[tuple[str, TableView]]:
    """The table of each ledger that has pages, with its address; none where the settings leave tables out."""
    if not frame.outputs.tables:
        return
    if "positions" in frame.ledgers:
        yield table_address("positions"), positions_table(site, frame)
    if "figures" in frame.ledgers:
        yield table_address("figures"), figures_table(site, frame)
    if "judgements" in frame.ledgers:
        yield table_address("judgements"), judgements_table(site, frame)
    if "changes" in frame.ledgers:
        yield table_address("changes"), changes_table(site, frame)
    if "quotations" in frame.ledgers:
        yield table_address("quotations"), quotations_table(site, frame)
    if "corrections" in frame.ledgers:
        yield table_address("corrections"), corrections_table(site, frame)
    if "timeline" in frame.ledgers:
        yield table_address("timeline"), timeline_table(site, frame)
    if "calendar" in frame.ledgers:
        yield table_address("calendar"), calendar_table(site, frame)
