"""Periods: what authors may write, what days it spans, and what they are told of anything else."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.content.schema.periods import Period
from briefings.core.language import ENGLISH
from briefings.pages.make.figure_parts import period_in_words


@pytest.mark.parametrize(
    ("text", "kind", "first", "last", "words"),
    [
        ("2017", "year", "2017-01-01", "2017-12-31", "2017"),
        ("2017-Q1", "quarter", "2017-01-01", "2017-03-31", "1st quarter 2017"),
        ("2017-Q4", "quarter", "2017-10-01", "2017-12-31", "4th quarter 2017"),
        ("2016-02", "month", "2016-02-01", "2016-02-29", "February 2016"),
        ("2017-12-15", "day", "2017-12-15", "2017-12-15", "15 December 2017"),
        ("2023/24", "split-year", "2023-07-01", "2024-06-30", "2023/24"),
        ("1999/00", "split-year", "1999-07-01", "2000-06-30", "1999/00"),
    ],
)
def test_a_period_spans_its_days(text: str, kind: str, first: str, last: str, words: str) -> None:
    period = Period(text)
    assert (period.kind, period.first.isoformat(), period.last.isoformat()) == (kind, first, last)
    assert period_in_words(period, ENGLISH) == words


@pytest.mark.parametrize(
    ("text", "told"),
    {
        "2017Q4": "is not a period; write 2017-Q4",
        "Q3 2017": "is not a period; write 2017-Q3",
        "2017/Q1": "is not a period; write 2017-Q1",
        "2017-Q5": "is not a period; write a year (2017), a quarter",
        "2023-24": "is not a period; write 2023/24",
        "2023/2024": "is not a period; write 2023/24",
        "FY2023/24": "is not a period; write 2023/24",
        "2023/25": "is not two years in a row; write 2023/24",
        "2017-13": "does not exist: there is no month 13",
        "2017-H1": "is not a period; write a year",
        "December 2017": "is not a period; write a year",
        "0999-Q1": "is not in the years",
        "0999/00": "is not in the years",
    }.items(),
)
def test_what_is_no_period_is_told_with_a_remedy(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=r"is not|does not exist") as error:
        Period(text)
    assert told in str(error.value)


@given(st.dates(dt.date(1000, 1, 1), dt.date(9998, 12, 31)))
def test_each_day_lies_in_the_periods_named_after_it(day: dt.date) -> None:
    begins = day.year - (day.month < 7)
    for text in (
        f"{day.year:04}",
        f"{day.year:04}-Q{(day.month + 2) // 3}",
        day.isoformat()[:7],
        day.isoformat(),
        f"{begins:04}/{(begins + 1) % 100:02}",
    ):
        if text[:3] != "099":
            assert Period(text).first <= day <= Period(text).last
