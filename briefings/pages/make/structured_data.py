"""What a page says of itself in the words of schema.org, from the same view that its template shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from briefings.content.headers import ActorType
from briefings.core.config import Article
from briefings.pages.note_refs import Cards
from briefings.pages.views.change_views import ChangesView
from briefings.pages.views.citation_views import CitationView
from briefings.pages.views.connection_views import ActorConnectionsView, ConnectionsView
from briefings.pages.views.event_views import CalendarView, TimelineView
from briefings.pages.views.figure_views import FiguresView, MeasureView
from briefings.pages.views.index_views import ActorsView, ArchiveView, HomeView, SourcesView, TopicsView
from briefings.pages.views.judgement_views import JudgementsView
from briefings.pages.views.note_parts import AuthorView
from briefings.pages.views.parts import PageView, SiteView
from briefings.pages.views.position_views import PositionsView
from briefings.pages.views.quotation_views import QuotationsView, QuotationView
from briefings.pages.views.record_views import (
    ActorView,
    FreePageView,
    NoteView,
    OfficeView,
    PageOfTheme,
    SourceView,
    TopicView,
)
from briefings.pages.views.revision_views import CorrectionsView, CorrectionView
from briefings.pages.views.search_views import SearchView
from briefings.site.cards import ActorLink, NoteRef, SourceLink, TopicLink

Thing = dict[str, Any]
"""A thing as JSON-LD has it."""

_ARTICLES: Final[dict[Article, str]] = {
    "news": "NewsArticle",
    "analysis": "AnalysisNewsArticle",
    "background": "BackgroundNewsArticle",
    "opinion": "OpinionNewsArticle",
    "reportage": "ReportageNewsArticle",
}
_ACTORS: Final[dict[ActorType | None, str]] = {"person": "Person", "organization": "Organization", "state": "Country", None: "Thing"}


def structured_data(view: PageOfTheme, cards: Cards) -> Thing | None:
    """The page of `view` as JSON-LD, with the `cards` of the notes that it names.

    None for a page that is not one of the site's, such as that for addresses that do not exist.
    """
    main = _main(view, cards)
    if main is None:
        return None
    site, page = view.site, view.page
    things = [_without_nothing(main)]
    if page.url:
        things.append(_breadcrumbs(site, page))
    return {"@context": "https://schema.org", "@graph": things}


def _main(view: PageOfTheme, cards: Cards) -> Thing | None:
    match view:
        case NoteView():
            return _article(view, cards)
        case TopicView():
            about = _named("DefinedTerm", view.page, view.card.topic) | {"description": view.card.summary}
            return _page("CollectionPage", view) | {"about": _without_nothing(about), "hasPart": _references(view.page, view.notes, cards)}
        case ActorView():
            return _page("ProfilePage", view) | {"mainEntity": _without_nothing(_actor(view))}
        case SourceView():
            about = _named("Thing", view.page, view.card.source) | {"description": view.card.summary, "sameAs": view.url}
            return _page("CollectionPage", view) | {"about": _without_nothing(about)}
        case HomeView():
            site = view.site
            named = {"name": site.title, "description": site.description, "inLanguage": site.language, "publisher": _desk(site, view.page)}
            return {"@type": "WebSite", "@id": _id(view.page), "url": site.home} | named
        case ArchiveView():
            notes = (note for month in view.months for note in month.notes)
            return _page("CollectionPage", view) | {"hasPart": _references(view.page, notes, cards)}
        case (
            TopicsView()
            | ActorsView()
            | SourcesView()
            | ChangesView()
            | CorrectionsView()
            | PositionsView()
            | ConnectionsView()
            | ActorConnectionsView()
            | FiguresView()
            | SearchView()
            | TimelineView()
            | CalendarView()
            | JudgementsView()
        ):
            return _page("CollectionPage", view)
        case MeasureView():
            return _page("CollectionPage", view) | {"mainEntity": _dataset(view)}
        case QuotationsView():
            return _page("CollectionPage", view) | {"hasPart": [_quotation(view.page, one, cards) for one in view.quotations]}
        case FreePageView():
            return _page("WebPage", view)
        case _:
            return None


def _page(kind: str, view: PageOfTheme) -> Thing:
    site, page = view.site, view.page
    named = {"name": page.title, "description": page.description, "inLanguage": site.language}
    return {"@type": kind, "@id": _id(page), "url": page.canonical} | named | {"isPartOf": {"@id": page.root}}


def _article(view: NoteView, cards: Cards) -> Thing:
    """A note. A day stays a `Date`, and an instant is a `DateTime` with its offset.

    schema.org knows both. Midnight in the site's zone would be an hour that nobody wrote and the page does not show, though
    search engines want both to say the same; and west of it, it would fall on the day before.
    """
    site, dateline, note = view.site, view.dateline, cards[view.note.id]
    filed = f"{dateline.place}, {dateline.date}" if dateline else ""
    return {
        "@type": _ARTICLES[view.article],
        "@id": _id(view.page),
        "headline": note.title,
        "description": note.summary,
        "datePublished": view.published,
        "dateModified": view.modified,
        "inLanguage": site.language,
        "genre": note.kind,
        "articleSection": note.topic.name if note.topic else "",
        "dateline": f"{filed} ({dateline.agency})" if dateline and dateline.agency else filed,
        "wordCount": view.words,
        "author": [_author(view.page, author) for author in view.authors] or _desk(site, view.page),
        "publisher": {"@id": f"{view.page.root}#desk"} if not view.authors else _desk(site, view.page),
        "isPartOf": {"@id": view.page.root},
        "about": [_named("DefinedTerm", view.page, topic) for topic in view.topics],
        "mentions": [_named(_ACTORS[part.actor.type], view.page, part.actor) for part in view.actors],
        "correction": [_without_nothing(_correction(one)) for one in view.corrections],
        "citation": [_without_nothing(_citation(citation)) for citation in view.sources],
        "hasPart": [_quotation(view.page, one, cards) for one in view.quotations],
    }


def _dataset(view: MeasureView) -> Thing:
    """The values of a measure, with the table that has them."""
    site, page, first = view.site, view.page, view.figures[0]
    days = [one.as_of.isoformat() for one in view.figures]
    is_whole = not (view.pagination.newer or view.pagination.older)
    table = {"@type": "DataDownload", "encodingFormat": "text/csv", "contentUrl": site.home + page.table}
    found = {
        "@type": "Dataset",
        "@id": f"{page.root}{first.url or page.url}#it",
        "name": first.name,
        "description": page.description,
        "url": site.home + (first.url or page.url),
        "inLanguage": site.language,
        "creator": {"@id": f"{page.root}#desk"},
        "variableMeasured": first.name,
        "temporalCoverage": f"{min(days)}/{max(days)}" if is_whole else "",
        "about": _named("DefinedTerm", page, view.topic),
        "distribution": table if page.table else "",
    }
    return _without_nothing(found)


def _quotation(page: PageView, one: QuotationView, cards: Cards) -> Thing:
    """A quotation, at its place in the newest note that has it."""
    telling = one.tellings[0]
    where = cards[telling.note.id].url if telling.note else page.url
    original = one.original
    named = {
        "@type": "Quotation",
        "@id": f"{page.root}{where}#{telling.anchor}",
        "text": "\n".join(one.paragraphs),
        "creator": _named(_ACTORS[one.speaker.type], page, one.speaker) if one.speaker else {"@type": "Person", "name": one.name},
        "dateCreated": one.date.isoformat(),
        "locationCreated": {"@type": "Place", "name": one.place} if one.place else "",
        "translationOfWork": {"@type": "Quotation", "text": original.text, "inLanguage": original.language} if original else "",
    }
    return _without_nothing(named)


def _correction(one: CorrectionView) -> Thing:
    text = " → ".join(filter(None, (one.wrong, one.right)))
    return {"@type": "CorrectionComment", "text": " ".join(filter(None, (text, one.note))), "datePublished": one.date.isoformat()}


def _author(page: PageView, author: AuthorView) -> Thing:
    return _named(_ACTORS[author.actor.type], page, author.actor) if author.actor else {"@type": "Person", "name": author.name}


def _citation(citation: CitationView) -> Thing:
    source = citation.source.name if citation.source else ""
    return {
        "@type": "CreativeWork",
        "name": citation.title or source or citation.url,
        "url": citation.url,
        "datePublished": citation.date.isoformat() if citation.date else "",
        "publisher": source if citation.title else "",
        "archivedAt": citation.archived,
    }


def _actor(view: ActorView) -> Thing:
    page, actor = view.page, view.card.actor
    found = _named(_ACTORS[actor.type], page, actor) | {
        "description": view.summary or view.card.description,
        "alternateName": view.also_known_as,
        "sameAs": [identifier.url for identifier in view.identifiers if identifier.url],
        "identifier": [{"@type": "PropertyValue", "propertyID": i.scheme, "value": i.value} for i in view.identifiers],
    }
    if actor.type == "person":
        found["jobTitle"] = view.office_now.role if view.office_now else ""
        found["affiliation"] = [_without_nothing(_office(page, office)) for office in view.offices if office.organization]
    elif actor.type == "organization":
        found["employee"] = [_named(_ACTORS[m.type], page, m) for m in view.members if m.type == "person"]
    return found


def _office(page: PageView, office: OfficeView) -> Thing:
    """An office as a role, which has a beginning and an end."""
    assert office.organization is not None  # or it would not be told  # noqa: S101
    return {
        "@type": "OrganizationRole",
        "roleName": office.role,
        "startDate": office.start.isoformat() if office.start else "",
        "endDate": office.end.isoformat() if office.end else "",
        "affiliation": _named(_ACTORS[office.organization.type], page, office.organization),
    }


def _id(page: PageView) -> str:
    """The `@id` of the page: its address relative to itself. Other pages refer to it relatively, too; both resolve to one URL."""
    return page.root + page.url


def _desk(site: SiteView, page: PageView) -> Thing:
    """Who writes and publishes the site."""
    return {"@type": "Organization", "@id": f"{page.root}#desk", "name": site.title, "url": page.root}


def _named(kind: str, page: PageView, link: TopicLink | ActorLink | SourceLink) -> Thing:
    """A person, topic or other thing that has a page. Its `@id` is the page's address with a fragment, since a thing is not its page."""
    return {"@type": kind, "@id": f"{page.root}{link.url}#it", "name": link.name}


def _references(page: PageView, notes: Iterable[NoteRef], cards: Cards) -> list[Thing]:
    return [{"@id": page.root + cards[note.id].url} for note in notes]


def _breadcrumbs(site: SiteView, page: PageView) -> Thing:
    """The way to the page. Its last step is the page itself, which needs no address."""
    steps = [(site.title, site.home), *((crumb.title, site.home + crumb.url) for crumb in page.crumbs), (page.title, "")]
    items = [{"@type": "ListItem", "position": n, "name": name, "item": address} for n, (name, address) in enumerate(steps, 1)]
    return {"@type": "BreadcrumbList", "itemListElement": [_without_nothing(item) for item in items]}


def _without_nothing(thing: Thing) -> Thing:
    """`thing` without the properties that are empty."""
    return {name: value for name, value in thing.items() if value or value == 0}
