"""Offices: which were held on a day, which is held now, and in what words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from briefings.content.headers import Office
from briefings.content.records import Actor
from briefings.content.schema.dates import PartialDate
from briefings.core.language import Language
from briefings.pages.views.record_views import OfficeView
from briefings.site.linked import LinkedActor


def office_views(actor: Actor | None, actors: Mapping[str, LinkedActor], language: Language) -> tuple[OfficeView, ...]:
    """All offices of `actor`, latest first."""
    if actor is None:
        return ()
    return tuple(
        OfficeView(
            role=office.role,
            organization=actors[office.organization].link if office.organization in actors else None,
            start=office.from_.first if office.from_ else None,
            end=office.until.last if office.until else None,
            span=_span(office, language),
        )
        for office in sorted(actor.header.offices, key=_beginning, reverse=True)
    )


def offices_on(day: dt.date, offices: Iterable[OfficeView]) -> list[OfficeView]:
    """The offices among `offices` that were held on `day`."""
    return [office for office in offices if _is_held(office, day)]


def office_now(today: dt.date, offices: Iterable[OfficeView]) -> OfficeView | None:
    """The first office among `offices` that is held on `today`."""
    return next((office for office in offices if _is_held(office, today)), None)


def office_in_words(office: OfficeView) -> str:
    """Role and organisation in one phrase: `Secretary-General, United Nations`."""
    return f"{office.role}, {office.organization.name}" if office.organization else office.role


def _is_held(office: OfficeView, day: dt.date) -> bool:
    """Whether the office is held on `day`; an unknown beginning or end counts as held."""
    return (office.start is None or office.start <= day) and (office.end is None or day <= office.end)


def _beginning(office: Office) -> dt.date:
    return office.from_.first if office.from_ else dt.date.min


def _span(office: Office, language: Language) -> str:
    match office.from_, office.until:
        case None, None:
            return ""
        case None, until:
            return language.gettext("until %(day)s", day=_date_in_words(until, language))
        case start, None:
            return language.gettext("since %(day)s", day=_date_in_words(start, language))
        case start, until if start == until:
            return _date_in_words(start, language)
        case start, until:
            return f"{_date_in_words(start, language)} – {_date_in_words(until, language)}"


def _date_in_words(date: PartialDate | None, language: Language) -> str:
    """`2013`, `December 2011` or `1 February 2017`; empty for no date."""
    if date is None:
        return ""
    first = date.first
    match len(date.text):
        case 4:
            return str(first.year)
        case 7:
            return language.date(first, "month_year")
        case _:
            return language.date(first, "long")
