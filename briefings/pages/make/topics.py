"""The pages of topics and their index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec import structs

from briefings.content.headers import Status
from briefings.core.text import collation
from briefings.pages.frame import Frame, page_view, with_feed
from briefings.pages.make.calendar_files import with_calendar
from briefings.pages.make.calendar_parts import coming
from briefings.pages.make.coverage import coverage
from briefings.pages.make.event_parts import timeline
from briefings.pages.make.figure_parts import measures
from briefings.pages.make.judgement_parts import judged_notes
from briefings.pages.make.pagination import paginate
from briefings.pages.make.position_parts import propositions, stance_rows
from briefings.pages.make.quotation_parts import quotation_views
from briefings.pages.make.ranking import ranked
from briefings.pages.make.text_parts import NO_TEXT, page_text
from briefings.pages.make.withdrawals import withdrawn_by_page, withdrawn_notes
from briefings.pages.views.index_views import TopicNode, TopicsView
from briefings.pages.views.parts import ActorCount, StatusView, TopicCard
from briefings.pages.views.record_views import TopicView
from briefings.site.cards import ActorLink
from briefings.site.linked import LinkedTopic
from briefings.site.model import Site

ACTORS_SHOWN = 20
JUDGEMENTS_SHOWN = 10
QUOTATIONS_SHOWN = 20


def topic_card(site: Site, topic: LinkedTopic) -> TopicCard:
    """A topic as indexes show it."""
    header = topic.record.header if topic.record else None
    return TopicCard(
        topic=topic.link,
        summary=header.summary if header else "",
        status=_status_view(site, header.status) if header and header.status else None,
        notes=len(topic.notes),
        latest=topic.notes[-1].card.when if topic.notes else "",
    )


def _status_view(site: Site, status: Status) -> StatusView:
    alerts = tuple(a.replace("-", " ").replace("_", " ") for a in status.alert)
    return StatusView(status.trend, alerts, status.as_of.day(site.zone))


def topics_view(site: Site, frame: Frame) -> TopicsView:
    """The tree of all topics, A to Z on each level; one with several broader topics has those below it where it comes first."""
    cards = {i: topic_card(site, t) for i, t in site.topics.items()}

    whole: set[str] = set()

    def node(identifier: str) -> TopicNode:
        if identifier in whole:
            # It has several broader topics. What is below it stands once, or a ladder of such topics would never end.
            return TopicNode(cards[identifier], ())
        whole.add(identifier)
        below = sorted(site.topics[identifier].narrower, key=lambda t: collation(t.name))
        return TopicNode(cards[identifier], tuple(node(t.id) for t in below))

    top = sorted((t for t in site.topics.values() if not t.broader), key=lambda t: collation(t.link.name))
    page = page_view(frame, "topics/", frame.sections["topics"].title, "", "topics")
    return TopicsView(frame.site, page, tuple(node(t.link.id) for t in top), len(site.topics))


def topic_views(site: Site, frame: Frame, topic: LinkedTopic) -> Iterator[TopicView]:
    """The pages of `topic`, newest notes first."""
    card = topic_card(site, topic)
    record = topic.record
    involved: Counter[ActorLink] = Counter([actor for note in topic.notes for actor, _ in note.actors])
    narrower = tuple(topic_card(site, site.topics[t.id]) for t in topic.narrower)
    newest_first = topic.notes[::-1]
    events = timeline(site, site.ledgers.events.of_topic.get(topic.link.id, ()), frame.language)
    sides = propositions(site, topic)
    said = site.ledgers.quotations.of_topic.get(topic.link.id, ())
    judged = site.ledgers.judgements.open_of_topic.get(topic.link.id, ())
    fed = with_calendar(site, with_feed(frame, card.topic.name, card.topic.url), topic)
    parts = list(paginate(newest_first, site.config.page_sizes.topic, topic.link.url, frame.language))
    withdrawn = withdrawn_by_page(
        withdrawn_notes(site, ("topic", topic.link.id)), [part.items[-1].card.when if part.items else None for part in parts]
    )
    for part, gone in zip(parts, withdrawn, strict=True):
        page = page_view(fed, part.url, card.topic.name + part.title, card.summary, "topics", (frame.sections["topics"],))
        first = part.number == 1
        text, outline = page_text(record, topic.targets, page.root) if first and record else NO_TEXT
        yield TopicView(
            site=frame.site,
            page=page,
            card=card if first else structs.replace(card, notes=None, latest=""),
            status_history=tuple([_status_view(site, one) for one in record.header.status_history[::-1]]) if first and record else (),
            body=text,
            outline=outline,
            broader=topic.broader,
            narrower=narrower if first else (),
            notes=tuple([note.ref for note in part.items]),
            pagination=part.pagination,
            actors=tuple(ActorCount(actor, count) for actor, count in ranked(involved, ACTORS_SHOWN)) if first else (),
            actors_total=len(involved) if first else 0,
            judgements=judged_notes(site, judged[:JUDGEMENTS_SHOWN], frame.language) if first else (),
            judgements_total=len(judged) if first else 0,
            coverage=coverage([note.card.date for note in newest_first]) if first else None,
            coming=coming(site, frame.language, topic.link) if first else (),
            timeline=events if first else None,
            propositions=sides if first else (),
            stances=stance_rows(site, topic) if first and len(sides) > 1 else (),
            quotations=quotation_views(site, said[:QUOTATIONS_SHOWN]) if first else (),
            quotations_total=len(said) if first else 0,
            measures=measures(site, frame, topic) if first else (),
            withdrawn=gone,
        )
