"""The page that searches the site: what its script needs, and what leads on without it."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from briefings.core.config import Marking
from briefings.core.text import collation, initial
from briefings.pages.frame import Frame, page_view
from briefings.pages.views.index_views import YearLink
from briefings.pages.views.parts import ActorCount, TopicCount
from briefings.pages.views.search_views import LetterLink, SearchView
from briefings.site.linked import LinkedActor
from briefings.site.model import Site
from briefings.site.visibility import highest

TOPICS_SHOWN = 400
"""Of more topics, the page has those with the most notes: a page is to be no longer than 100 kB."""
ACTORS_SHOWN = 200
"""More actors than these are led to by their letters."""


def search_view(site: Site, frame: Frame) -> SearchView:
    """The page of search: topics and actors A to Z, and the years of the notes."""
    topics = sorted(site.topics.values(), key=lambda topic: (-len(topic.notes), topic.link.id))[:TOPICS_SHOWN]
    actors = sorted(site.actors.values(), key=lambda actor: collation(_sort_name(actor)))
    index = frame.sections["actors"].url
    letters = Counter(initial(_sort_name(actor)) for actor in actors) if len(actors) > ACTORS_SHOWN else {}
    crumb = frame.sections["search"]
    return SearchView(
        site=frame.site,
        page=page_view(frame, crumb.url, crumb.title, frame.language.gettext("Topics, actors and notes of this site."), "search"),
        topics=tuple([TopicCount(t.link, len(t.notes)) for t in sorted(topics, key=lambda topic: collation(topic.link.name))]),
        topics_total=len(site.topics),
        actors=() if letters else tuple([ActorCount(actor.link, len(actor.notes)) for actor in actors]),
        letters=tuple([LetterLink(letter, index, count) for letter, count in sorted(letters.items())]),
        actors_total=len(actors),
        years=_years(site),
        data_marking=_highest(site),
    )


def _sort_name(actor: LinkedActor) -> str:
    return (actor.record.header.sort_name if actor.record else "") or actor.link.name


def _years(site: Site) -> tuple[YearLink, ...]:
    counted = [(year, len(list(notes))) for year, notes in groupby(site.notes[::-1], key=lambda note: note.card.date.year)]
    return tuple([YearLink(year, f"notes/{year}/", notes, ()) for year, notes in counted])


def _highest(site: Site) -> Marking:
    """The highest marking of anything that can be found."""
    ledgers = site.ledgers
    found: set[Marking] = {card.marking for card in site.cards.values()}
    for links in (site.topics, site.actors, site.sources):
        found.update(one.link.marking for one in links.values())
    found.update(page.record.header.marking for page in site.pages.values())
    found.update(one.told.marking for one in ledgers.quotations.quotations)
    found.update(one.marking for one in ledgers.events.events)
    found.update(one.figure.marking for figures in ledgers.figures.of_note.values() for one in figures)
    return highest(found)
