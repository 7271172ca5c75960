"""What views show of figures, and the pages that show how they moved."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct

from briefings.core.config import Marking
from briefings.pages.views.citation_views import SourceMark
from briefings.pages.views.parts import PageView, Pagination, SiteView
from briefings.site.cards import NoteRef, TopicLink


class FigureView(Struct, frozen=True):
    """A value of something that is measured."""

    name: str
    """What is measured: `Ballistic missile launches`."""
    url: str
    """Address of the page with all values of the measure; empty when there is none."""
    value: str
    """The number with its unit, ready to print: `20`, `about 500,000 barrels`."""
    number: str
    """The number alone, in decimal digits: `500000`."""
    period: str
    """What was counted, in words: `2017`, `December 2017`, `4th quarter 2017`, `2023/24`; may be empty."""
    as_of: dt.date
    """The day on which the value was known."""
    change: str
    """How far it is from the value before, in words: `+5 since 15 Sep 2017`. Empty for the first, and on notes' own pages."""
    disputed: bool
    """Whether another value is given for the same period and day, or the author says that it is disputed."""
    stale: bool
    """Whether it is older than its topic allows, so that readers should not take it for the present value; false on notes' own pages."""
    topic: TopicLink
    """The topic that the measure belongs to."""
    source: SourceMark | None
    """What gives it; None when the author named nothing."""
    marking: Marking
    """Traffic Light Protocol 2.0; `TLP:CLEAR` when the author set none."""
    note: NoteRef | None
    """The note that reports it; None on that note's own page."""


class ChartPoint(Struct, frozen=True):
    """A value in a chart."""

    x: float
    """Where it stands in time: the way from the chart's beginning to its end, in per cent."""
    y: float
    """Its height as a share of the chart's, from 0 to 1."""
    label: str
    """The number, for beside the point; empty where it would cover another one. The largest of disputed values has them all: `14 / 17`."""
    disputed: bool
    """Whether another value is given for the same period and day, or the author says that it is disputed."""


class ChartTick(Struct, frozen=True):
    """A date below a chart."""

    x: float
    """Where it stands in time, as of points."""
    label: str
    """The date in words: `15 Sep 2017`, `2016`."""
    anchor: Literal["start", "middle", "end"]
    """Which part of the words stands at `x`."""


class ChartView(Struct, frozen=True):
    """A chart of a measure over time. Time runs evenly from left to right, and heights are in proportion: its base is zero."""

    title: str
    """What is measured, in which unit."""
    description: str
    """The first and the last value in words, for readers who do not see the chart."""
    points: tuple[ChartPoint, ...]
    """The values, oldest first. Of disputed ones of one day the smallest comes first."""
    ticks: tuple[ChartTick, ...]
    """The dates below, which do not cover one another."""
    zero: float
    """The height of zero as a share of the chart's: 0, unless there are negative values."""


class MeasureCard(Struct, frozen=True):
    """A measure with its latest value, as topics and the index of figures show it."""

    name: str
    """What is measured: `Ballistic missile launches`."""
    url: str
    """Address of the page with all its values; empty when there is none."""
    latest: tuple[FigureView, ...]
    """The latest value, or each of them where it is disputed. Never empty."""
    chart: ChartView | None
    """Its values over time; None while there are fewer than three to compare."""


class TopicOfMeasures(Struct, frozen=True):
    """A topic with what is measured of it."""

    topic: TopicLink
    """Its name and address."""
    measures: tuple[MeasureCard, ...]
    """Those that have a value, in the author's order. Never empty."""


class FiguresView(Struct, frozen=True):
    """`figures.html`: all measures of the site with their latest values."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    topics: tuple[TopicOfMeasures, ...]
    """The topics for which something is measured, A to Z; never empty."""


class MeasureView(Struct, frozen=True):
    """`measure.html`: all values of one measure, on one or more pages."""

    site: SiteView
    """The site as every page knows it."""
    page: PageView
    """This page: its address, its title and the way from it to the others."""
    topic: TopicLink
    """The topic that the measure belongs to."""
    chart: ChartView | None
    """Its values over time; None on the pages after the first, and while there are fewer than two to compare."""
    figures: tuple[FigureView, ...]
    """Those of this page, newest first; disputed ones stand side by side. Never empty."""
    pagination: Pagination
    """Which of all readings stand on this page, and the way to the others."""
