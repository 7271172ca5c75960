"""What pages show of positions, and the page and the table of all positions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import structs

from briefings.content.entries import Stance
from briefings.core.text import collation
from briefings.pages.frame import Frame, ledger_page
from briefings.pages.make.citation_parts import source_mark
from briefings.pages.views.machine_views import TableView
from briefings.pages.views.position_views import (
    LineView,
    PositionsView,
    PositionView,
    PropositionView,
    StanceCell,
    StanceRow,
    StandView,
    TopicOfPositions,
)
from briefings.pages.views.quotation_views import WordsMark
from briefings.site.cards import ActorLink, NoteRef
from briefings.site.ledgers.quotations import NoteQuotation
from briefings.site.ledgers.stances import Line, NotePosition, Stand
from briefings.site.linked import LinkedActor, LinkedNote, LinkedTopic
from briefings.site.model import Site
from briefings.site.visibility import highest

STANCES: tuple[Stance, ...] = ("for", "conditional", "undecided", "against")
"""In the order in which a topic lists them."""
_COLUMNS = ("date", "actor", "name", "proposition", "text", "stance", "words", "topic", "source", "note", "url", "marking")
_UNKNOWN = StanceCell((), "", None, "TLP:CLEAR")


def positions_of(site: Site, note: LinkedNote) -> tuple[PositionView, ...]:
    """What a note's own page shows of its positions, in the author's order."""
    told = site.ledgers.positions.of_note.get(note.card.id, ())
    views = [(_position_view(site, one), one.quotation) for one in told]
    return tuple([structs.replace(view, note=None, quotation=_words(said, None) if said else None) for view, said in views])


def lines_of(site: Site, actor: LinkedActor) -> tuple[LineView, ...]:
    """The stances of an actor on each proposition over time; the proposition on which it moved last comes first."""
    lines = site.ledgers.positions.of_actor.get(actor.link.id, ())
    return tuple(
        [LineView(line.proposition.text, line.topic, tuple([view for one in line.stands for view in _stand(site, one)])) for line in lines]
    )


def propositions(site: Site, topic: LinkedTopic) -> tuple[PropositionView, ...]:
    """The propositions of a topic on which somebody has taken a position, in the author's order."""
    found = []
    for one in topic.record.header.propositions if topic.record else ():
        lines = sorted(site.ledgers.positions.of_proposition.get(one.id, ()), key=_order)
        if lines:
            stands = tuple([StandView(_anchor(line), _stand(site, line.latest)) for line in lines])
            found.append(PropositionView(one.id, one.text, stands))
    return tuple(found)


def stance_rows(site: Site, topic: LinkedTopic) -> tuple[StanceRow, ...]:
    """The table of who stands where on a topic's propositions: a row for each actor, those with most positions first."""
    declared = topic.record.header.propositions if topic.record else ()
    columns = [lines for one in declared if (lines := site.ledgers.positions.of_proposition.get(one.id))]
    cells: dict[ActorLink, list[StanceCell]] = {}
    for number, lines in enumerate(columns):
        for line in lines:
            cells.setdefault(line.actor, [_UNKNOWN] * len(columns))[number] = _cell(line)
    rows = [StanceRow(actor, tuple(found)) for actor, found in cells.items()]
    return tuple(sorted(rows, key=lambda row: (row.cells.count(_UNKNOWN), collation(row.actor.name), row.actor.id)))


def positions_views(site: Site, frame: Frame) -> Iterator[PositionsView]:
    """The page of all topics with positions."""
    crumb = frame.ledgers["positions"]
    about = frame.language.gettext("Who is for it, who against, and on whose word.")
    shown = []
    for topic in sorted(site.topics.values(), key=lambda topic: (collation(topic.link.name), topic.link.id)):
        if topic.record and (rows := stance_rows(site, topic)):
            texts = [one.text for one in topic.record.header.propositions if one.id in site.ledgers.positions.of_proposition]
            shown.append(TopicOfPositions(topic.link, tuple(texts), rows))
    yield PositionsView(frame.site, ledger_page(frame, "positions", crumb.url, crumb.title, about), tuple(shown))


def positions_table(site: Site, frame: Frame) -> TableView:
    """All positions as notes tell of them, newest first; those of one day by note, as the note has them."""
    told = [one for positions in site.ledgers.positions.of_note.values() for one in positions]
    rows = []
    for one in sorted(told, key=lambda one: one.day, reverse=True):
        position, card = one.position, one.note.card
        source = source_mark(site, one.note, one.source)
        stand = (one.actor.id, one.actor.name, one.proposition.id, one.proposition.text, position.stance, position.note, one.topic.id)
        named = [
            one.actor.marking,
            one.topic.marking,
            *([source.marking] if source else []),
            *([one.quotation.marking] if one.quotation else []),
        ]
        marking = highest((position.marking, card.marking, *named))
        words = f"#{one.quotation.anchor}" if one.quotation else ""
        origin = (source.name if source else "", card.id, f"{frame.site.home}{card.url}{words}", marking)
        rows.append((_when(site, one), *stand, *origin))
    return TableView(_COLUMNS, tuple(rows))


def _when(site: Site, told: NotePosition) -> str:
    """The day on which a position was taken, as filters of dates read it: the note's own day, month or year, where the author gave none."""
    date = told.position.date
    return date.day(site.zone).isoformat() if date else told.note.card.when


def _stand(site: Site, stand: Stand) -> tuple[PositionView, ...]:
    """The positions of one day, in the order of stances where sources differ."""
    shown = [_position_view(site, told) for told in sorted(stand.positions, key=lambda one: STANCES.index(one.position.stance))]
    return tuple([structs.replace(view, before=stand.before, disputed=stand.is_disputed) for view in shown])


def _position_view(site: Site, told: NotePosition) -> PositionView:
    """A position by itself, with a link to the note that tells of it."""
    return PositionView(
        actor=told.actor,
        proposition=told.proposition.text,
        topic=told.topic,
        stance=told.position.stance,
        before=None,
        disputed=False,
        date=_when(site, told),
        words=told.position.note,
        source=source_mark(site, told.note, told.source),
        quotation=_words(told.quotation, told.note.ref) if told.quotation else None,
        marking=told.position.marking,
        note=told.note.ref,
    )


def _cell(line: Line) -> StanceCell:
    told = line.latest.positions
    said = told[0].quotation if len(told) == 1 else None
    marks = [mark for one in told for mark in (one.position.marking, one.note.card.marking)]
    marking = highest([*marks, said.marking] if said else marks)
    return StanceCell(_stances(told), _anchor(line), _words(said, said.note.ref) if said else None, marking)


def _words(said: NoteQuotation, note: NoteRef | None) -> WordsMark:
    return WordsMark(note, said.anchor, said.marking)


def _stances(told: Sequence[NotePosition]) -> tuple[Stance, ...]:
    held = {one.position.stance for one in told}
    return tuple([stance for stance in STANCES if stance in held])


def _order(line: Line) -> int:
    return STANCES.index(_stances(line.latest.positions)[0])


def _anchor(line: Line) -> str:
    return f"_position-{line.proposition.id}:{line.actor.id}"
