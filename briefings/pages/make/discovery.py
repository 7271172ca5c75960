"""What tells programs where things are: the sitemap, robots.txt and the web manifest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from briefings.content.schema.dates import first_day
from briefings.pages.frame import Frame
from briefings.pages.note_refs import Cards
from briefings.pages.views.change_views import ChangesView, WeekOfChanges
from briefings.pages.views.connection_views import ActorConnectionsView, ConnectionsView
from briefings.pages.views.event_views import CalendarView, TimelineView
from briefings.pages.views.figure_views import FiguresView, MeasureView
from briefings.pages.views.index_views import ActorsView, ArchiveView, HomeView, SourcesView, TopicsView
from briefings.pages.views.judgement_views import JudgementsView
from briefings.pages.views.machine_views import Icon, ManifestView, RobotsView, SitemapEntry, SitemapIndexView, SitemapView
from briefings.pages.views.position_views import PositionsView
from briefings.pages.views.quotation_views import QuotationsView
from briefings.pages.views.record_views import ActorView, FreePageView, NoteView, SourceView, TopicView, View
from briefings.pages.views.revision_views import CorrectionsView
from briefings.pages.views.search_views import SearchView
from briefings.site.cards import NoteRef
from briefings.site.model import Site

MAX_URLS = 50_000
"""Pages that one sitemap may list."""
SITEMAP = "sitemap.xml"
WEB_MANIFEST = "manifest.webmanifest"

AI_CRAWLERS = (
    "AI2Bot", "Amazonbot", "anthropic-ai", "Applebot-Extended", "Bytespider", "CCBot", "ChatGPT-User", "Claude-SearchBot",
    "Claude-User", "Claude-Web", "ClaudeBot", "cohere-ai", "cohere-training-data-crawler", "Diffbot", "DuckAssistBot", "FacebookBot",
    "Google-CloudVertexBot", "Google-Extended", "GPTBot", "ICC-Crawler", "ImagesiftBot", "Meta-ExternalAgent", "Meta-ExternalFetcher",
    "MistralAI-User", "OAI-SearchBot", "omgili", "omgilibot", "PanguBot", "Perplexity-User", "PerplexityBot", "PetalBot",
    "Timpibot", "Webzio-Extended", "YouBot",
)  # fmt: skip
"""The names under which crawlers that gather texts for language models look for rules."""

_ICON = re.compile(r"theme/icon(?:-(\d+)\.png|\.svg)")


def sitemap_views(
    frame: Frame, pages: Iterable[View], cards: Cards, size: int = MAX_URLS
) -> Iterator[tuple[str, SitemapView | SitemapIndexView]]:
    """The sitemap of `pages` at its address, in parts of `size` pages where it would be too long for one file.

    `cards` are those of the notes that the pages name.
    """
    entries = [entry for page in pages if (entry := _entry(page, cards)) is not None]
    home = frame.site.home
    if len(entries) <= size:
        yield SITEMAP, SitemapView(home, tuple(entries))
        return
    parts = []
    for number, first in enumerate(range(0, len(entries), size), 1):
        part = entries[first : first + size]
        parts.append(SitemapEntry(f"sitemap-{number}.xml", _newest(entry.modified for entry in part)))
        yield parts[-1].url, SitemapView(home, tuple(part))
    yield SITEMAP, SitemapIndexView(home, tuple(parts))


def _entry(view: View, cards: Cards) -> SitemapEntry | None:
    """A page's entry in the sitemap; None for a page that search engines need not know."""
    match view:
        case NoteView():
            return SitemapEntry(view.page.url, view.modified)
        case HomeView():
            return SitemapEntry(view.page.url, first_day(view.edition) if view.edition else "")
        case ArchiveView():
            return SitemapEntry(view.page.url, _of((note for month in view.months for note in month.notes), cards))
        case TopicView():
            return SitemapEntry(view.page.url, _of(view.notes, cards))
        case ActorView():
            return SitemapEntry(view.page.url, _of((note for role in view.roles for note in role.notes), cards))
        case SourceView():
            return SitemapEntry(view.page.url, _of((cited.note for cited in view.citations), cards))
        case TopicsView() | ActorsView() | SourcesView() | FreePageView() | PositionsView() | JudgementsView() | SearchView():
            # Nothing in their content is dated.
            return SitemapEntry(view.page.url, "")
        case _:
            return _entry_of_ledger(view, cards)


def _entry_of_ledger(view: View, cards: Cards) -> SitemapEntry | None:
    """The entry of a page of a ledger; None for any other."""
    match view:
        case FiguresView():
            latest = (figure.as_of for topic in view.topics for measure in topic.measures for figure in measure.latest)
            return SitemapEntry(view.page.url, max(latest).isoformat())
        case MeasureView():
            return SitemapEntry(view.page.url, max(figure.as_of for figure in view.figures).isoformat())
        case ChangesView():
            return SitemapEntry(view.page.url, _of_week(view.weeks[0], cards))
        case QuotationsView():
            return SitemapEntry(view.page.url, view.quotations[0].date.isoformat())
        case ConnectionsView():
            return SitemapEntry(view.page.url, "")
        case ActorConnectionsView():
            shown = [*(one.evidence for one in view.topics), *(one.evidence for one in view.connections)]
            return SitemapEntry(view.page.url, _of((notes[0] for notes in shown), cards))
        case CorrectionsView():
            days = [one.correction.date for one in view.corrections[:1]] + [one.date for one in view.withdrawn[:1]]
            return SitemapEntry(view.page.url, max(days).isoformat())
        case TimelineView():
            return SitemapEntry(view.page.url, _of((event.note for event in view.events if event.note), cards))
        case CalendarView():
            return SitemapEntry(view.page.url, _of((event.note for period in view.periods for event in period.events if event.note), cards))
        case _:
            return None


def _of(notes: Iterable[NoteRef], cards: Cards) -> str:
    """The day of the newest of these notes; empty without notes."""
    newest = max((cards[note.id].date for note in notes), default=None)
    return newest.isoformat() if newest else ""


def _of_week(week: WeekOfChanges, cards: Cards) -> str:
    """The day of the last change of a week."""
    days = [one.date for topic in week.topics for one in (*topic.major, *topic.minor)]
    days += [one.date for topic in week.topics for one in topic.withdrawn]
    days += [one.correction.date for topic in week.topics for one in topic.corrected]
    return _newest([*(day.isoformat() for day in days), _of((note for topic in week.topics for note in topic.new), cards)])


def _newest(dates: Iterable[str]) -> str:
    """The latest day among these days and instants. Of an instant, its own day counts, which is near enough for a part of a sitemap."""
    return max((date[:10] for date in dates), default="")


def robots_view(site: Site, frame: Frame) -> RobotsView:
    """The view of robots.txt: which crawlers are asked to stay away, and where the sitemap is."""
    refused = AI_CRAWLERS if site.config.ai_crawlers == "refuse" else ()
    return RobotsView(refused, frame.site.home + SITEMAP if site.config.outputs.sitemap else "")


def icons(theme_assets: Iterable[str]) -> tuple[Icon, ...]:
    """The icons among a theme's files: `icon.svg`, and `icon-192.png` with the length of its sides."""
    found = (_ICON.fullmatch(address) for address in theme_assets)
    return tuple(Icon(match.group(), int(match.group(1) or 0)) for match in found if match)


def manifest_view(frame: Frame, shipped: Sequence[Icon]) -> ManifestView:
    """The web manifest."""
    return ManifestView(frame.site, tuple(shipped))
