"""The pages of actors and their index."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import get_args

from msgspec import structs

from briefings.content.headers import ActorType
from briefings.core.text import collation, initial
from briefings.pages.frame import Frame, page_view, with_feed
from briefings.pages.make.calendar_files import with_calendar
from briefings.pages.make.connection_parts import named_with
from briefings.pages.make.coverage import coverage
from briefings.pages.make.event_parts import timeline
from briefings.pages.make.judgement_parts import judged_notes
from briefings.pages.make.offices import office_in_words, office_now, office_views
from briefings.pages.make.pagination import paginate
from briefings.pages.make.position_parts import lines_of
from briefings.pages.make.quotation_parts import quotation_views, speaker_address
from briefings.pages.make.ranking import ranked
from briefings.pages.make.text_parts import NO_TEXT, page_text
from briefings.pages.make.withdrawals import withdrawn_by_page, withdrawn_notes
from briefings.pages.views.index_views import ActorsView, LetterOfActors, TypeOfActors
from briefings.pages.views.parts import ActorCard, TopicCount
from briefings.pages.views.quotation_views import SpeakerLink
from briefings.pages.views.record_views import ActorView, Identifier, RoleOfNotes
from briefings.site.cards import NoteRef, TopicLink
from briefings.site.linked import MENTIONED, LinkedActor, LinkedNote
from briefings.site.model import Site
from briefings.site.visibility import highest

WRITTEN_SHOWN = 20
TOPICS_SHOWN = 12
JUDGEMENTS_SHOWN = 10
QUOTATIONS_SHOWN = 10
TYPES: tuple[ActorType | None, ...] = (*get_args(ActorType), None)

_REGISTERS = {
    "wikidata": "https://www.wikidata.org/wiki/{}",
    "viaf": "https://viaf.org/viaf/{}",
    "isni": "https://isni.org/isni/{}",
    "orcid": "https://orcid.org/{}",
    "ror": "https://ror.org/{}",
    "gnd": "https://d-nb.info/gnd/{}",
    "lei": "https://search.gleif.org/#/record/{}",
}


def actor_card(site: Site, frame: Frame, actor: LinkedActor) -> ActorCard:
    """An actor as indexes show it."""
    header = actor.record.header if actor.record else None
    now = office_now(site.today, office_views(actor.record, site.actors, frame.language))
    shown = [actor.link, now.organization] if now and now.organization else [actor.link]
    return ActorCard(
        actor=actor.link,
        sort_name=(header.sort_name if header else "") or actor.link.name,
        description=(office_in_words(now) if now else "") or (header.summary if header else ""),
        marking=highest(link.marking for link in shown),
        notes=len(actor.notes),
        latest=actor.notes[-1][0].card.when if actor.notes else "",
    )


def actors_view(site: Site, frame: Frame) -> ActorsView:
    """All actors by type, then by the first letter of their sort name, accents aside."""
    cards = sorted((actor_card(site, frame, a) for a in site.actors.values()), key=lambda c: collation(c.sort_name))
    types = []
    for type_ in TYPES:
        letters: dict[str, list[ActorCard]] = defaultdict(list)
        for card in cards:
            if card.actor.type == type_:
                letters[initial(card.sort_name)].append(card)
        if letters:
            found = tuple(LetterOfActors(letter, tuple(letters[letter])) for letter in sorted(letters))
            types.append(TypeOfActors(type_, found, sum(len(group.actors) for group in found)))
    return ActorsView(frame.site, page_view(frame, "actors/", frame.sections["actors"].title, "", "actors"), tuple(types), len(cards))


def actor_views(site: Site, frame: Frame, actor: LinkedActor) -> Iterator[ActorView]:
    """The pages of `actor`, newest notes first."""
    card, record = actor_card(site, frame, actor), actor.record
    header = record.header if record else None
    summary = header.summary if header else ""
    offices = office_views(record, site.actors, frame.language)
    topics: Counter[TopicLink] = Counter([topic for note, _ in actor.notes for topic in note.topics])
    totals = Counter(role for _, role in actor.notes)
    newest_first = [(note, role) for note, role in reversed(actor.notes)]
    said = site.ledgers.quotations.of_actor.get(actor.link.id, ())
    judged = site.ledgers.judgements.open_of_actor.get(actor.link.id, ())
    has_pages = "quotations" in frame.ledgers
    fed = with_calendar(site, with_feed(frame, actor.link.name, actor.link.url), actor)
    parts = list(paginate(newest_first, site.config.page_sizes.actor, actor.link.url, frame.language))
    gone = withdrawn_notes(site, ("actor", actor.link.id))
    withdrawn = withdrawn_by_page(gone, [part.items[-1][0].card.when if part.items else None for part in parts])
    events = timeline(site, site.ledgers.events.of_actor.get(actor.link.id, ()), frame.language)
    together = named_with(site, frame, actor)
    for part, gone_here in zip(parts, withdrawn, strict=True):
        page = page_view(fed, part.url, actor.link.name + part.title, card.description or summary, "actors", (frame.sections["actors"],))
        first = part.number == 1
        text, outline = page_text(record, actor.targets, page.root) if first and record else NO_TEXT
        yield ActorView(
            site=frame.site,
            page=page,
            card=card if first else structs.replace(card, notes=None, latest=""),
            summary=summary,
            also_known_as=header.also_known_as if header else (),
            identifiers=tuple(_identifier(scheme, value) for scheme, value in sorted(header.identifiers.items())) if header else (),
            office_now=office_now(site.today, offices),
            offices=offices,
            members=actor.members,
            body=text,
            outline=outline,
            roles=_by_role(part.items, totals, counted=first),
            pagination=part.pagination,
            withdrawn=gone_here,
            written=tuple(note.ref for note in actor.written[: -WRITTEN_SHOWN - 1 : -1]) if first else (),
            written_total=len(actor.written) if first else 0,
            topics=tuple(TopicCount(t, n) for t, n in ranked(topics, TOPICS_SHOWN)) if first else (),
            topics_total=len(topics) if first else 0,
            named_with=together if first else None,
            lines=lines_of(site, actor) if first else (),
            timeline=events if first else None,
            said=quotation_views(site, said[:QUOTATIONS_SHOWN]) if first else (),
            said_total=len(said) if first else 0,
            said_all=SpeakerLink(actor.link, speaker_address(actor.link.id), len(said)) if first and said and has_pages else None,
            first=newest_first[-1][0].ref if newest_first and first else None,
            last=newest_first[0][0].ref if newest_first and first else None,
            judgements=judged_notes(site, judged[:JUDGEMENTS_SHOWN], frame.language) if first else (),
            judgements_total=len(judged) if first else 0,
            coverage=coverage([note.card.date for note, _ in newest_first]) if first else None,
        )


def _by_role(items: tuple[tuple[LinkedNote, str], ...], totals: Counter[str], *, counted: bool) -> tuple[RoleOfNotes, ...]:
    groups: dict[str, list[NoteRef]] = defaultdict(list)
    for note, role in items:
        groups[role].append(note.ref)
    order = sorted(groups, key=lambda role: (role == MENTIONED, -totals[role], role))
    return tuple(RoleOfNotes(role, tuple(groups[role]), totals[role] if counted else None) for role in order)


def _identifier(scheme: str, value: str) -> Identifier:
    return Identifier(scheme, value, _REGISTERS.get(scheme, "").format(value))
