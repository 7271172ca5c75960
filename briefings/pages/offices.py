"""Offices: which were held on a day, which is held now, and in what words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from briefings.content.moments import PartialDate
from briefings.content.records import Actor, Office
from briefings.pages.views import OfficeView
from briefings.site.model import LinkedActor
from briefings.text import MONTHS


def held_on(office: Office, day: dt.date) -> bool:
    """Whether the office was held on `day`; an unknown beginning or end counts as held."""
    begun = office.from_ is None or office.from_.first <= day
    return begun and (office.until is None or day <= office.until.last)


def offices_on(actor: Actor | None, day: dt.date, actors: Mapping[str, LinkedActor]) -> tuple[str, ...]:
    """The offices that `actor` held on `day`, latest first: `Secretary-General, United Nations`."""
    if actor is None or not actor.header.offices:
        return ()
    return tuple(describe(office, actors) for office in _latest_first(actor.header.offices) if held_on(office, day))


def describe(office: Office, actors: Mapping[str, LinkedActor]) -> str:
    """Role and organisation in one phrase."""
    organization = actors.get(office.organization)
    return f"{office.role}, {organization.link.name}" if organization else office.role


def office_views(actor: Actor | None, actors: Mapping[str, LinkedActor]) -> tuple[OfficeView, ...]:
    """All offices of `actor`, latest first."""
    if actor is None:
        return ()
    return tuple(
        OfficeView(
            role=office.role,
            organization=actors[office.organization].link if office.organization in actors else None,
            start=office.from_.first if office.from_ else None,
            end=office.until.last if office.until else None,
            span=_span(office),
        )
        for office in _latest_first(actor.header.offices)
    )


def office_now(actor: Actor | None, today: dt.date, actors: Mapping[str, LinkedActor]) -> OfficeView | None:
    """The latest office that `actor` holds on `today`; one whose beginning is unknown counts as begun."""
    if actor is None:
        return None
    views = zip(_latest_first(actor.header.offices), office_views(actor, actors), strict=True)
    return next((view for office, view in views if held_on(office, today)), None)


def _latest_first(offices: Iterable[Office]) -> list[Office]:
    return sorted(offices, key=lambda o: o.from_.first if o.from_ else dt.date.min, reverse=True)


def _span(office: Office) -> str:
    match office.from_, office.until:
        case None, None:
            return ""
        case None, until:
            return f"until {_words(until)}"
        case start, None:
            return f"since {_words(start)}"
        case start, until if start == until:
            return _words(start)
        case start, until:
            return f"{_words(start)} – {_words(until)}"


def _words(date: PartialDate | None) -> str:
    """`2013`, `December 2011` or `1 February 2017`."""
    if date is None:
        return ""
    first = date.first
    return {4: f"{first.year}", 7: f"{MONTHS[first.month - 1]} {first.year}", 10: f"{first.day} {MONTHS[first.month - 1]} {first.year}"}[
        len(date.text)
    ]
