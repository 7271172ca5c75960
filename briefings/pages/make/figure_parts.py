"""What pages show of figures."""

from __future__ import annotations

from briefings.core.language import Language
from briefings.pages.make.citation_parts import source_mark
from briefings.pages.make.offices import date_in_words
from briefings.pages.views.figure_views import FigureView
from briefings.site.ledgers.series import NoteFigure
from briefings.site.linked import LinkedNote, LinkedTopic
from briefings.site.model import Site


def figure_view(site: Site, told: NoteFigure, language: Language, *, elsewhere: bool = True) -> FigureView:
    """A figure as a page shows it; with a link to the note that reports it where the page is `elsewhere`, not that note's own."""
    figure, measure = told.figure, told.measure
    number = language.decimal(figure.value.text)
    unit = measure.unit if figure.value.text in ("1", "-1") or not measure.unit else measure.plural
    return FigureView(
        name=measure.name,
        value=f"{number} {unit}" if unit else number,
        period=date_in_words(figure.period, language),
        as_of=told.day,
        topic=told.topic,
        source=source_mark(site, told.note, figure.source),
        marking=figure.marking,
        note=told.note.ref if elsewhere else None,
    )


def figures(site: Site, topic: LinkedTopic, language: Language) -> tuple[FigureView, ...]:
    """The latest value of each of a topic's measures that has one, in the author's order."""
    measures = topic.record.header.measures if topic.record else ()
    return tuple(figure_view(site, told, language) for one in measures if (told := site.ledgers.figures.latest.get(one.id)))


def figures_of(site: Site, note: LinkedNote, language: Language) -> tuple[FigureView, ...]:
    """What a note's own page shows of its figures, in the author's order."""
    return tuple([figure_view(site, told, language, elsewhere=False) for told in site.ledgers.figures.of_note.get(note.card.id, ())])
