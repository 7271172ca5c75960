"""The page of a note."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from briefings.content.bodies import Reference
from briefings.content.headers import NoteHeader
from briefings.content.schema.dates import first_day
from briefings.core.language import Language
from briefings.pages.frame import Frame, page_view
from briefings.pages.make.citation_parts import citations_of, origins_of
from briefings.pages.make.cite_parts import cite_view
from briefings.pages.make.event_parts import events_of
from briefings.pages.make.figure_parts import figures_of
from briefings.pages.make.judgement_parts import judgements_of
from briefings.pages.make.offices import office_in_words, office_views, offices_on
from briefings.pages.make.position_parts import positions_of
from briefings.pages.make.quotation_parts import quotations_of
from briefings.pages.make.revision_parts import changes, corrections
from briefings.pages.make.text_parts import page_text
from briefings.pages.views.note_parts import AuthorView, Backlink, DatelineView, InvolvementView, RelatedNote
from briefings.pages.views.record_views import NoteView, OfficeView
from briefings.site.cards import ActorLink, NoteRef
from briefings.site.linked import LinkedNote
from briefings.site.model import Site
from briefings.site.related import Relation, related
from briefings.site.visibility import highest

BACKLINKS_SHOWN = 20

_Neighbours = tuple[NoteRef | None, NoteRef | None]


def note_views(site: Site, frame: Frame) -> Iterator[NoteView]:
    """The page of each note, oldest first."""
    around = _neighbours(site)
    offices = {i: views for i, actor in site.actors.items() if (views := office_views(actor.record, site.actors, frame.language))}
    for note, relations in zip(site.notes, related(site.notes), strict=True):
        yield _note_view(site, frame, note, around.get(note.card.id, (None, None)), relations, offices)


def _neighbours(site: Site) -> dict[str, _Neighbours]:
    """For each note, by its id, the notes before and after it in its main topic."""
    found: dict[str, _Neighbours] = {}
    for identifier, topic in site.topics.items():
        refs = [n.ref for n in topic.notes if n.topics[0].id == identifier]
        for before, ref, after in zip([None, *refs], refs, [*refs[1:], None], strict=False):
            found[ref.id] = (before, after)
    return found


def _note_view(
    site: Site,
    frame: Frame,
    note: LinkedNote,
    neighbours: _Neighbours,
    relations: Sequence[Relation],
    offices: Mapping[str, Sequence[OfficeView]],
) -> NoteView:
    """All that the page of `note` shows; `offices` has the offices of each actor that holds or held any, by the actor's id."""
    header, card = note.record.header, note.card
    page = page_view(frame, card.url, card.title, card.summary, "notes", (frame.sections["notes"],))
    linking_here = site.backlinks.get(card.id, ())
    earlier, later = neighbours
    text, outline = page_text(note.record, note.targets, page.root, note.mentions)
    dateline = header.dateline
    published = _published(header)
    updated = header.updated.day(site.zone) if header.updated else None
    filed = dateline.date.day(site.zone) if dateline and dateline.date else None
    days = (card.when, updated.isoformat() if updated else card.when)
    names = author_views(note)
    return NoteView(
        site=frame.site,
        page=page,
        note=note.ref,
        article=site.config.kinds[header.kind].article if header.kind in site.config.kinds else "news",
        published=published,
        updated=updated,
        updated_iso=header.updated.text if header.updated else "",
        modified=_modified(header, site.zone) if header.updated or header.corrections else published,
        authors=names,
        dateline=DatelineView(dateline.place, filed.isoformat() if filed else card.when, dateline.agency) if dateline else None,
        body=text,
        words=note.record.body.words,
        outline=outline,
        topics=note.topics,
        actors=tuple([_involvement(actor, role, filed or card.date, offices.get(actor.id, ())) for actor, role in note.actors]),
        sources=citations_of(site, note),
        origins=origins_of(site, note),
        earlier=earlier,
        later=later,
        thread=site.threads.get(card.id, ()),
        # The neighbours have a place of their own; naming them twice would say nothing.
        related=tuple(
            [
                RelatedNote(r.note.ref, _reason(r, frame.language))
                for r in relations
                if r.note.ref is not earlier and r.note.ref is not later
            ]
        ),
        backlinks=tuple([_backlink(linking, reference) for linking, reference in linking_here[:BACKLINKS_SHOWN]]),
        backlinks_total=len(linking_here),
        events=events_of(site, note, frame.language),
        quotations=quotations_of(site, note),
        positions=positions_of(site, note),
        figures=figures_of(site, frame, note),
        judgements=judgements_of(site, note, frame.language),
        corrections=corrections(site, note) if header.corrections else (),
        changes=changes(site, note) if header.changes else (),
        cite=cite_view(note.record, days, tuple([one.name for one in names]), page, frame.site),
    )


def author_views(note: LinkedNote) -> tuple[AuthorView, ...]:
    """The authors of a note."""
    return tuple([AuthorView(one, None) if isinstance(one, str) else AuthorView(one.name, one) for one in note.authors])


def _involvement(actor: ActorLink, role: str, day: dt.date, offices: Sequence[OfficeView]) -> InvolvementView:
    """What a note of `day` shows of an actor that it names: its role, and those of its `offices` that were held on that day."""
    held = offices_on(day, offices)
    marking = highest([actor.marking, *(o.organization.marking for o in held if o.organization)]) if held else actor.marking
    return InvolvementView(actor, role, tuple([office_in_words(office) for office in held]), marking)


def _published(header: NoteHeader) -> str:
    """The day or instant of a note's publication; the first day of a month or year."""
    return header.date.text if len(header.date.text) >= 10 else first_day(header.date.text)


def _modified(header: NoteHeader, zone: dt.tzinfo) -> str:
    """The day or instant of a note's last change of substance; in no time zone is it before the day of publication."""
    date = header.date
    changes = [header.updated] if header.updated else []
    newest = max([*changes, *(one.date for one in header.corrections)], key=lambda moment: moment.start(zone))
    same_day = newest.day(zone) == date.day(zone)
    if newest.start(zone) <= date.start(zone) or (same_day and not date.has_time):
        return _published(header)
    if newest.has_time or not date.has_time:
        return newest.text
    local = newest.start(zone).astimezone(zone)
    # In the 19th century offsets had seconds, which programs cannot read.
    has_seconds = (local.utcoffset() or dt.timedelta()) % dt.timedelta(minutes=1)
    return (local.astimezone(dt.UTC) if has_seconds else local).isoformat()


def _reason(relation: Relation, language: Language) -> str:
    """What the two notes share, in words: `also on Sanctions; names Ri Yong Ho and Jeffrey Feltman`."""
    topics = language.listing([topic.name for topic in relation.topics[:2]])
    named = [actor.name for actor in relation.actors]
    if len(named) > 3:
        named[2:] = [language.ngettext("%(num)s other", "%(num)s others", len(named) - 2)]
    names = language.listing(named)
    if topics and names:
        return language.gettext("also on %(topics)s; names %(names)s", topics=topics, names=names)
    return language.gettext("also on %(topics)s", topics=topics) if topics else language.gettext("names %(names)s", names=names)


def _backlink(linking: LinkedNote, reference: Reference) -> Backlink:
    return Backlink(linking.ref, reference.before, reference.label, reference.after)
