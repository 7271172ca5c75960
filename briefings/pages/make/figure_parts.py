"""What pages show of figures, and the pages and the table of all figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec import structs

from briefings.content.entries import Qualifier
from briefings.content.schema.periods import Period
from briefings.core.language import Language
from briefings.core.text import collation
from briefings.core.urls import encode
from briefings.pages.frame import Frame, ledger_page
from briefings.pages.make.chart_parts import chart, time_of
from briefings.pages.make.citation_parts import source_mark
from briefings.pages.make.pagination import paginate
from briefings.pages.views.figure_views import FiguresView, FigureView, MeasureCard, MeasureView, TopicOfMeasures
from briefings.pages.views.machine_views import TableView
from briefings.pages.views.parts import Crumb
from briefings.site.ledgers.series import NoteFigure, Reading, is_stale, reading_before
from briefings.site.linked import LinkedNote, LinkedTopic
from briefings.site.model import Site
from briefings.site.visibility import highest

_IN_LIST, _ON_OWN_PAGE = 3, 2
"""How many values a chart must have beside others, and on the page of its measure."""
_COLUMNS = ("measure", "name", "value", "qualifier", "unit", "period", "as_of", "disputed", "topic", "source", "note", "url", "marking")


def figures_of(site: Site, frame: Frame, note: LinkedNote) -> tuple[FigureView, ...]:
    """What a note's own page shows of its figures, in the author's order."""
    told = site.ledgers.figures.of_note.get(note.card.id, ())
    return tuple([structs.replace(_figure_view(site, frame, one), note=None) for one in told])


def measures(site: Site, frame: Frame, topic: LinkedTopic) -> tuple[MeasureCard, ...]:
    """Each of a topic's measures that has a value, in the author's order."""
    declared = topic.record.header.measures if topic.record else ()
    series = site.ledgers.figures.series
    return tuple([_card(site, frame, series[measure.id]) for measure in declared if measure.id in series])


def figures_views(site: Site, frame: Frame) -> Iterator[FiguresView | MeasureView]:
    """The index of all measures, and the pages of each."""
    crumb = frame.ledgers["figures"]
    about = frame.language.gettext("What is measured, and the latest values.")
    topics = sorted(site.topics.values(), key=lambda topic: (collation(topic.link.name), topic.link.id))
    shown = tuple([TopicOfMeasures(topic.link, cards) for topic in topics if (cards := measures(site, frame, topic))])
    yield FiguresView(frame.site, ledger_page(frame, "figures", crumb.url, crumb.title, about), shown)
    for _, readings in sorted(site.ledgers.figures.series.items()):
        yield from _measure_views(site, frame, crumb, readings)


def figures_table(site: Site, frame: Frame) -> TableView:
    """All values, by measure, oldest first."""
    rows = []
    for measure, readings in sorted(site.ledgers.figures.series.items()):
        for told in (told for reading in readings for told in reading.figures):
            figure, card = told.figure, told.note.card
            source = source_mark(site, told.note, figure.source)
            period, disputed = figure.period.text if figure.period else "", "true" if figure.disputed else ""
            value = (measure, told.measure.name, figure.value.text, figure.qualifier or "", told.measure.unit, period, figure.as_of.text)
            marking = highest((figure.marking, card.marking, told.topic.marking, *([source.marking] if source else [])))
            origin = (source.name if source else "", card.id, frame.site.home + card.url, marking)
            rows.append((*value, disputed, told.topic.id, *origin))
    return TableView(_COLUMNS, tuple(rows))


def _measure_views(site: Site, frame: Frame, index: Crumb, readings: Sequence[Reading]) -> Iterator[MeasureView]:
    """The pages of one measure, newest readings first."""
    told, language = readings[-1].figures[-1], frame.language
    changes = [_change(readings, i, language) for i in range(len(readings))]
    newest_first = [*zip(readings, changes, strict=True)][::-1]
    about = language.gettext("%(measure)s: all values, with dates and sources.", measure=told.measure.name)
    for part in paginate(newest_first, site.config.page_sizes.ledger, _url(frame, told), language):
        page = structs.replace(ledger_page(frame, "figures", part.url, told.measure.name + part.title, about), crumbs=(index,))
        yield MeasureView(
            site=frame.site,
            page=page,
            topic=told.topic,
            chart=chart(readings, language, _ON_OWN_PAGE) if part.number == 1 else None,
            figures=tuple([view for reading, change in part.items for view in _views(site, frame, reading, change)]),
            pagination=part.pagination,
        )


def _card(site: Site, frame: Frame, readings: Sequence[Reading]) -> MeasureCard:
    last = readings[-1]
    latest = _views(site, frame, last, _change(readings, len(readings) - 1, frame.language))
    stale = tuple([structs.replace(view, stale=is_stale(told, site.today)) for view, told in zip(latest, last.figures, strict=True)])
    return MeasureCard(latest[0].name, latest[0].url, stale, chart(readings, frame.language, _IN_LIST))


def _views(site: Site, frame: Frame, reading: Reading, change: str) -> tuple[FigureView, ...]:
    """The values of a reading, all of them where they are disputed."""
    shown = [_figure_view(site, frame, told) for told in reading.figures]
    return tuple([structs.replace(view, change=change, disputed=reading.is_disputed) for view in shown])


def _figure_view(site: Site, frame: Frame, told: NoteFigure) -> FigureView:
    """A figure by itself, with a link to the note that reports it."""
    figure, measure, language = told.figure, told.measure, frame.language
    number = language.decimal(figure.value.text)
    unit = measure.unit if figure.value.text in ("1", "-1") or not measure.unit else measure.plural
    return FigureView(
        name=measure.name,
        url=_url(frame, told),
        value=_qualified(f"{number} {unit}" if unit else number, figure.qualifier, language),
        number=figure.value.text,
        period=period_in_words(figure.period, language),
        as_of=told.day,
        change="",
        disputed=figure.disputed,
        stale=False,
        topic=told.topic,
        source=source_mark(site, told.note, figure.source),
        marking=figure.marking,
        note=told.note.ref,
    )


def _url(frame: Frame, told: NoteFigure) -> str:
    """The address of the page of a figure's measure; empty where there are no such pages."""
    crumb = frame.ledgers.get("figures")
    return f"{crumb.url}{encode(told.measure.id)}/" if crumb else ""


def _change(readings: Sequence[Reading], index: int, language: Language) -> str:
    """How far a reading is from the one before, in words; empty where that cannot be said, as of disputed values and bounds."""
    now, then = readings[index], reading_before(readings, index)
    if then is None or not (_is_certain(now) and _is_certain(then)):
        return ""
    difference: Decimal = now.figures[0].number - then.figures[0].number
    same_period = now.figures[0].figure.period == then.figures[0].figure.period
    time = language.date(then.day, "short_year") if same_period else time_of(then, language)
    if not difference:
        return language.gettext("unchanged since %(time)s", time=time)
    number = ("+" if difference > 0 else "") + language.decimal(f"{difference:f}")
    return language.gettext("%(change)s since %(time)s", change=number, time=time)


def _is_certain(reading: Reading) -> bool:
    return not reading.is_disputed and reading.figures[0].figure.qualifier not in ("at-least", "at-most")


def _qualified(value: str, qualifier: Qualifier | None, language: Language) -> str:
    match qualifier:
        case "about":
            return language.gettext("about %(value)s", value=value)
        case "at-least":
            return language.gettext("at least %(value)s", value=value)
        case "at-most":
            return language.gettext("at most %(value)s", value=value)
        case "exactly":
            return language.gettext("exactly %(value)s", value=value)
        case None:
            return value


def period_in_words(period: Period | None, language: Language) -> str:
    """`2017`, `2023/24`, `4th quarter 2017`, `December 2017` or `15 December 2017`; empty for no period."""
    if period is None:
        return ""
    match period.kind:
        case "year" | "split-year":
            return period.text
        case "quarter":
            return language.date(period.first, "quarter")
        case "month":
            return language.date(period.first, "month_year")
        case "day":
            return language.date(period.first, "long")
