"""The parts that all pages have in common: site, page, navigation; and texts with their links filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Literal

from msgspec import Struct, structs

from briefings.content.records import AnyRecord
from briefings.core.config import DEFAULT_NAVIGATION, Marking, Outputs
from briefings.core.language import Language
from briefings.core.urls import root_of
from briefings.pages.marks import mark_class
from briefings.pages.theme_pages import ThemePages
from briefings.pages.views.parts import Crumb, FeedLink, NavigationLink, PageView, Prose, QuotedFigure, SiteView
from briefings.pages.views.record_views import TEMPLATES
from briefings.pages.views.search_views import SearchView
from briefings.site.linked import LinkedMention, NavigationTarget, Target, newest_first
from briefings.site.model import Site
from briefings.site.visibility import highest, highest_marking

Section = Literal["home", "notes", "topics", "actors", "sources", "pages", "ledgers", "search", "404", "withdrawn"]
LedgerName = Literal["quotations", "positions", "figures", "judgements", "changes", "connections", "corrections", "timeline", "calendar"]
"""A kind of entries that have a page of their own; also the key under `outputs` that leaves it out, and its address."""

_SIDE = re.compile(r' (width|height)="([^"]*)"')
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ku", "ps", "sd", "ug", "ur", "yi"})


SEARCH = "search/"
"""Address of the page that searches the site; what it searches lies below it."""
CALENDAR = "calendar.ics"
"""The name of a calendar, beside the pages whose events it has."""


class Frame(Struct, frozen=True):
    """The parts that all pages of a site share; made once for each build."""

    site: SiteView
    navigation: tuple[NavigationTarget, ...]
    feeds: tuple[FeedLink, ...]
    """The site's own feed, if there is one."""
    corrections: tuple[FeedLink, ...]
    """The feed of corrections, if there is one."""
    changes: tuple[FeedLink, ...]
    """The feed of all changes, if there is one."""
    outputs: Outputs
    language: Language
    """In which the words are that no author has written."""
    sections: Mapping[Section, Crumb]
    """What the index of each section is called, and where it is."""
    ledgers: Mapping[LedgerName, Crumb]
    """The pages of ledgers that have something to show."""
    calendar: str = ""
    """Address of the calendar for these pages; empty where there is none."""
    root: str | None = None
    """The way from each page to the site's root, where it does not follow from the page's address."""


def frame_of(site: Site, theme: ThemePages, manifest: str = "") -> Frame:
    """The frame of every page of `site`, as `theme` shows it; `manifest` is the address of the web manifest, if there is one."""
    config, language = site.config, theme.language
    direction: Literal["ltr", "rtl"] = "rtl" if config.language.split("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"
    home = config.url.rstrip("/") + "/"
    outputs = config.outputs
    view = SiteView(
        title=config.title,
        description=config.description,
        language=config.language,
        direction=direction,
        footer=config.footer,
        home=home,
        manifest=manifest,
        search=SEARCH if outputs.search and TEMPLATES[SearchView] in theme.templates else "",
        scripts=config.scripts == "all",
        structured_data=outputs.structured_data,
    )
    feeds = (feed_link(config.title),) if outputs.feeds != "none" else ()
    of_corrections = language.gettext("%(site)s: corrections", site=config.title)
    corrections = (feed_link(of_corrections, "corrections/"),) if outputs.feeds == "all" else ()
    sections = _sections(language)
    ledgers = _ledgers(site, theme)
    of_changes = language.gettext("%(site)s: changes", site=config.title)
    changes = (feed_link(of_changes, "changes/"),) if outputs.feeds == "all" and "changes" in ledgers else ()
    return Frame(
        site=structs.replace(view, ledgers=tuple(ledgers.values())),
        navigation=_navigation(site, sections),
        feeds=feeds,
        corrections=corrections,
        changes=changes,
        outputs=outputs,
        language=language,
        sections=sections,
        ledgers=ledgers,
    )


def _navigation(site: Site, sections: Mapping[Section, Crumb]) -> tuple[NavigationTarget, ...]:
    """The main navigation, whose words are the program's where the author has left it to the program."""
    if site.config.navigation != DEFAULT_NAVIGATION:
        return site.navigation
    titles = {crumb.url: crumb.title for crumb in sections.values()}
    return tuple(structs.replace(one, title=titles[one.url]) for one in site.navigation)


def _sections(language: Language) -> dict[Section, Crumb]:
    return {
        "notes": Crumb(language.gettext("Notes"), "notes/"),
        "topics": Crumb(language.gettext("Topics"), "topics/"),
        "actors": Crumb(language.gettext("Actors"), "actors/"),
        "sources": Crumb(language.gettext("Sources"), "sources/"),
        "search": Crumb(language.gettext("Search"), SEARCH),
    }


def _ledgers(site: Site, theme: ThemePages) -> dict[LedgerName, Crumb]:
    """The pages of ledgers that settings and theme do not leave out and that have something to show, in the order of the foot of pages.

    None of it depends on the clock alone, or else all pages, whose feet have these links, would be rendered again when an event is over.
    """
    outputs, ledgers, language = site.config.outputs, site.ledgers, theme.language
    taken_back = newest_first(site.withdrawn)
    shown: dict[LedgerName, tuple[str, object]] = {
        "positions": (language.gettext("Positions"), outputs.positions and ledgers.positions.of_proposition),
        "figures": (language.gettext("Figures"), outputs.figures and ledgers.figures.series),
        "judgements": (language.gettext("Judgements"), outputs.judgements and ledgers.judgements.of_note),
        "changes": (language.gettext("Changes"), outputs.changes and ledgers.changes.happenings),
        "quotations": (language.gettext("Quotations"), outputs.quotations and ledgers.quotations.quotations),
        "connections": (language.gettext("Connections"), outputs.connections and ledgers.connections.most_named),
        "corrections": (language.gettext("Corrections"), outputs.corrections and (ledgers.revisions.corrections or taken_back)),
        "timeline": (language.gettext("Timeline"), outputs.timeline and ledgers.events.events),
        "calendar": (language.gettext("Calendar"), outputs.calendar and ledgers.events.are_any_expected),
    }
    return {name: Crumb(title, f"{name}/") for name, (title, is_shown) in shown.items() if is_shown and theme.templates >= _needed(name)}


def _needed(ledger: LedgerName) -> frozenset[str]:
    """The templates of the pages of a ledger."""
    more = {"figures": {"measure.html"}, "connections": {"connected.html"}}
    return frozenset({f"{ledger}.html", *more.get(ledger, ())})


def feed_link(title: str, folder: str = "") -> FeedLink:
    """The feed that lies in `folder`, an address from the site's root."""
    return FeedLink(title, f"{folder}feed.xml", f"{folder}feed.json")


def own_feed(frame: Frame, name: str, folder: str) -> tuple[FeedLink, ...]:
    """The feed of a topic or an actor, if they have feeds."""
    return (feed_link(f"{frame.site.title}: {name}", folder),) if frame.outputs.feeds == "all" else ()


def with_feed(frame: Frame, name: str, folder: str) -> Frame:
    """The frame for pages of a topic or an actor: its own feed comes before the feed of the site."""
    return structs.replace(frame, feeds=own_feed(frame, name, folder) + frame.feeds)


def table_address(ledger: LedgerName) -> str:
    """Where the table of a ledger is published, from the site's root."""
    return f"{ledger}/{ledger}.csv"


def ledger_page(frame: Frame, ledger: LedgerName, url: str, title: str, description: str) -> PageView:
    """A page of a ledger at `url`, with the way to its table, and to its front page from those below that."""
    front = frame.ledgers[ledger]
    below = url.removeprefix(front.url)
    crumbs = (front,) if below and not below.startswith("page/") else ()
    page = page_view(frame, url, title, description, "ledgers", crumbs)
    return structs.replace(page, table=table_address(ledger)) if frame.outputs.tables else page


def page_view(
    frame: Frame,
    url: str,
    title: str,
    description: str,
    section: Section,
    crumbs: tuple[Crumb, ...] = (),
) -> PageView:
    """The page at `url`, an escaped address from the site's root."""
    root = root_of(url) if frame.root is None else frame.root
    return PageView(
        url=url,
        root=root,
        canonical=frame.site.home + url,
        title=title,
        description=description,
        section=section,
        navigation=tuple(
            [
                NavigationLink(
                    n.title, n.url if n.is_web else root + n.url, bool(n.url) and not n.is_web and url.startswith(n.url), n.marking
                )
                for n in frame.navigation
            ]
        ),
        crumbs=crumbs,
        calendar=frame.calendar,
        feeds=frame.feeds + (frame.corrections + frame.changes if section == "home" else ()),
        document=f"{url}index.json" if frame.outputs.documents and section not in ("404", "withdrawn") else "",
    )


def prose(record: AnyRecord, targets: tuple[Target | None, ...], root: str, mentions: tuple[LinkedMention, ...] = ()) -> Prose:
    """The text of a record for a page with this `root`: links lead from that page, and each shows the mark of its target."""
    body, fills = record.body, []
    marking = highest_marking(record)
    for hole in body.holes:
        target = targets[hole.reference] if hole.reference < len(targets) else None
        if target is None:
            # What may not be shown stands as plain text, as if it had never been a link.
            fills.append(escape(body.references[hole.reference].label) if hole.part == "image" else "")
        elif hole.part == "close":
            # An event on the page of its own note has no link.
            has_link = target.url or not target.words
            fills.append(_end(target.marking) if has_link else _end(target.marking).removeprefix("</a>"))
            if target.marking != "TLP:CLEAR":
                marking = highest((marking, target.marking))
        else:
            url = escape(target.url if target.url.startswith("#") else root + target.url)
            if target.words:
                fills.append(f', <a href="{url}">{escape(target.words)}' if target.url else f", {escape(target.words)}")
            elif hole.part == "open":
                fills.append(f'<a href="{url}"{hole.attributes}>')
            else:
                fills.append(f'<img src="{url}"{_size(target, hole.attributes)}{hole.attributes}>')
    insertions: list[tuple[int, str]] = []
    for mention in mentions:
        insertions += [(mention.start, f'<a class="mention" href="{escape(root + mention.url)}">'), (mention.end, _end(mention.marking))]
    if mentions:
        marking = highest((marking, *(mention.marking for mention in mentions)))
    figures = []
    for i, reference in enumerate(body.references):
        if reference.kind == "figure":
            target = targets[i] if i < len(targets) else None
            figures.append(QuotedFigure(i, target.number, _mark(target.marking)) if target else QuotedFigure(i, "", ""))
            if target:
                marking = highest((marking, target.marking))
    return Prose(body.digest, tuple(fills), tuple(insertions), figures=tuple(figures), marking=marking)


def _end(marking: Marking) -> str:
    """The end of a link in a text, with the mark of what it leads to; without one where all may know that."""
    return f"</a>{_mark(marking)}"


def _mark(marking: Marking) -> str:
    """The mark of something in a text; none where all may know it."""
    return "" if marking == "TLP:CLEAR" else f' <span class="mark {mark_class(marking)}">{marking}</span>'


def _size(target: Target, attributes: str) -> str:
    """The image's size as far as the author has not given it; one side alone keeps the proportions."""
    given: dict[str, str] = dict(_SIDE.findall(attributes))
    # What is no number, such as a share of the page, has no other side that could be reckoned.
    if not (target.width and target.height) or len(given) == 2 or not all(length.isdecimal() for length in given.values()):
        return ""
    if "width" in given:
        return f' height="{round(int(given["width"]) * target.height / target.width)}"'
    if "height" in given:
        return f' width="{round(int(given["height"]) * target.width / target.height)}"'
    return f' width="{target.width}" height="{target.height}"'
