"""What pages show of who is named together and on which topics, with the pages and the table of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import structs

from briefings.core.text import collation
from briefings.core.urls import encode
from briefings.pages.frame import Frame, ledger_page
from briefings.pages.views.connection_views import (
    ActorConnectionsView,
    ConnectionsView,
    ConnectionView,
    MatrixCell,
    MatrixRow,
    NamedWith,
    OnTopicView,
    TablePart,
)
from briefings.pages.views.machine_views import TableView
from briefings.site.cards import ActorLink, TopicLink
from briefings.site.ledgers.connections import STRONGEST, ActorConnections, Connection, OnTopic
from briefings.site.linked import LinkedActor
from briefings.site.model import Site
from briefings.site.visibility import highest

TOPICS_ON_PAGE = 10
"""How many topics a table of actors and topics has side by side."""
_COLUMNS = ("actor", "name", "kind", "other", "other_name", "notes", "weight", "date", "note", "url", "marking")
_NEVER = MatrixCell(0, "", "TLP:CLEAR")


def named_with(site: Site, frame: Frame, actor: LinkedActor) -> NamedWith | None:
    """What the page of an actor shows of those that are named with it; None for one that is always named alone."""
    found = site.ledgers.connections.of_actor.get(actor.link.id)
    if found is None or not found.total:
        return None
    has_page = "connections" in frame.ledgers and found.topics
    return NamedWith(_views(found.strongest[:STRONGEST]), found.total, _address(actor.link) if has_page else "")


def connections_views(site: Site, frame: Frame) -> Iterator[ConnectionsView | ActorConnectionsView]:
    """The table of actors and topics, and for each of its actors with whom and on what it is named."""
    yield from _matrix(site, frame)
    for one in site.ledgers.connections.most_named:
        yield from _of_actor(site, frame, one)


def connections_table(site: Site, frame: Frame) -> TableView:
    """Each connection of actors once, as far as either has it among its strongest, and each topic of the actors most named."""
    rows: list[tuple[str, ...]] = []
    listed: set[tuple[str, str]] = set()
    for identifier, found in sorted(site.ledgers.connections.of_actor.items()):
        for one in found.strongest:
            if (one.actor.id, identifier) not in listed:
                listed.add((identifier, one.actor.id))
                rows.append(_row(site, frame, found.actor, one))
        rows += [_row(site, frame, found.actor, topic) for topic in found.topics]
    return TableView(_COLUMNS, tuple(rows))


def _row(site: Site, frame: Frame, actor: ActorLink, one: Connection | OnTopic) -> tuple[str, ...]:
    """A connection as a row of the table, with the newest note that shows it."""
    card = site.cards[one.evidence[0].id]
    kind, other, weight = ("topic", one.topic, "") if isinstance(one, OnTopic) else ("actor", one.actor, str(one.weight))
    marking = highest((actor.marking, other.marking, one.marking))
    evidence = (card.when, card.id, frame.site.home + card.url)
    return (actor.id, actor.name, kind, other.id, other.name, str(one.notes), weight, *evidence, marking)


def _matrix(site: Site, frame: Frame) -> Iterator[ConnectionsView]:
    """The pages of the table of actors and topics."""
    crumb, named = frame.ledgers["connections"], site.ledgers.connections.most_named
    about = frame.language.gettext("Who is named on which topics, and in how many notes.")
    topics = sorted({one.topic for found in named for one in found.topics}, key=lambda topic: (collation(topic.name), topic.id))
    columns = [topics[start : start + TOPICS_ON_PAGE] for start in range(0, len(topics), TOPICS_ON_PAGE)]
    parts = _parts(crumb.url, [_from_to(some[0].name, some[-1].name) for some in columns])
    for number, some in enumerate(columns, 1):
        rows = [_matrix_row(found, some) for found in named if any(one.topic in some for one in found.topics)]
        url, title = _page(frame, crumb.url, number)
        page = ledger_page(frame, "connections", url, crumb.title + title, about)
        yield ConnectionsView(site=frame.site, page=page, topics=tuple(some), rows=tuple(rows), parts=_here(parts, number))


def _matrix_row(found: ActorConnections, topics: Sequence[TopicLink]) -> MatrixRow:
    """The row of an actor in a table of these topics."""
    url = _address(found.actor)
    cells = {one.topic: MatrixCell(one.notes, f"{url}#{_anchor(one.topic)}", one.marking) for one in found.topics}
    return MatrixRow(found.actor, url, found.notes, tuple([cells.get(topic, _NEVER) for topic in topics]))


def _of_actor(site: Site, frame: Frame, found: ActorConnections) -> Iterator[ActorConnectionsView]:
    """The pages of the connections of an actor."""
    size, first = site.config.page_sizes.ledger, _address(found.actor)
    starts = range(0, max(found.total, 1), size)
    parts = _parts(first, [_from_to(str(start + 1), str(min(start + size, found.total))) for start in starts])
    name = frame.language.gettext("Connections of %(name)s", name=found.actor.name)
    shown = tuple([_topic_view(one) for one in found.topics])
    for number, start in enumerate(starts, 1):
        url, title = _page(frame, first, number)
        yield ActorConnectionsView(
            site=frame.site,
            page=ledger_page(frame, "connections", url, name + title, ""),
            actor=found.actor,
            notes=found.notes,
            topics=shown if number == 1 else (),
            connections=_views(found.strongest[start : start + size]),
            total=found.total,
            parts=_here(parts, number),
        )


def _views(connections: Sequence[Connection]) -> tuple[ConnectionView, ...]:
    return tuple([_view(one) for one in connections])


def _view(one: Connection) -> ConnectionView:
    return ConnectionView(actor=one.actor, notes=one.notes, weight=one.weight, evidence=one.evidence, marking=one.marking)


def _topic_view(one: OnTopic) -> OnTopicView:
    return OnTopicView(topic=one.topic, anchor=_anchor(one.topic), notes=one.notes, evidence=one.evidence, marking=one.marking)


def _address(actor: ActorLink) -> str:
    """The address of the page with all connections of an actor."""
    return f"connections/by/{encode(actor.id)}/"


def _anchor(topic: TopicLink) -> str:
    return f"_topic-{topic.id}"


def _from_to(first: str, last: str) -> str:
    return first if first == last else f"{first}–{last}"


def _page(frame: Frame, url: str, number: int) -> tuple[str, str]:
    """Address of a page of a table that begins at `url`, and what stands behind the table's own title on it."""
    if number == 1:
        return url, ""
    return f"{url}page/{number}/", frame.language.gettext(", page %(number)s", number=number)


def _parts(url: str, titles: Sequence[str]) -> tuple[TablePart, ...]:
    """The pages of a table that begins at `url`; none where one holds it."""
    if len(titles) < 2:
        return ()
    return tuple([TablePart(title, f"{url}page/{i}/" if i > 1 else url, current=False) for i, title in enumerate(titles, 1)])


def _here(parts: tuple[TablePart, ...], number: int) -> tuple[TablePart, ...]:
    """`parts` as the page of that number shows them."""
    return tuple([structs.replace(part, current=True) if i == number else part for i, part in enumerate(parts, 1)])
