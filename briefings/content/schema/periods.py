"""Periods as authors write them: a year, a quarter, a month, a day, or a financial or academic year such as `2023/24`."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal

from briefings.content.schema.dates import PartialDate

PeriodKind = Literal["year", "split-year", "quarter", "month", "day"]
"""How long a period is; a split year begins in one calendar year and ends in the next."""

_QUARTER = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)
_SPLIT_YEAR = re.compile(r"(\d{4})/(\d\d)", re.ASCII)
_OTHER_QUARTER = re.compile(r"(\d{4})[-/ ]?Q([1-4])|Q([1-4])[-/ ]?(\d{4})", re.ASCII | re.IGNORECASE)
_OTHER_SPLIT_YEAR = re.compile(r"(?:FY ?)?(\d{4})(?:[-/–](\d{4}|\d\d))", re.ASCII | re.IGNORECASE)
_REMEDY = "write a year (2017), a quarter (2017-Q4), a month (2017-12), a day (2017-12-15), or a financial or academic year (2023/24)"


class Period:
    """A span of time in which something was counted: `2017`, `2017-Q4`, `2017-12`, `2017-12-15` or `2023/24`."""

    __slots__ = ("text",)

    text: str

    def __init__(self, text: str) -> None:
        """Read `text`; raise ValueError, with what to write instead, when it is no period."""
        if quarter := _QUARTER.fullmatch(text):
            PartialDate(quarter[1])
        elif split := _SPLIT_YEAR.fullmatch(text):
            PartialDate(split[1])
            if int(split[2]) != (int(split[1]) + 1) % 100:
                raise ValueError(f'"{text}" is not two years in a row; write {_split_year(split[1])}')
        else:
            try:
                PartialDate(text)
            except ValueError as error:
                raise ValueError(_respelt(text, str(error))) from None
        object.__setattr__(self, "text", text)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Period is immutable")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Period) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Period({self.text!r})"

    def __reduce__(self) -> tuple[type[Period], tuple[str]]:
        return (Period, (self.text,))

    @property
    def kind(self) -> PeriodKind:
        """How long it is."""
        if self.text[4:5] == "/":
            return "split-year"
        if self.text[5:6] == "Q":
            return "quarter"
        return {4: "year", 7: "month"}.get(len(self.text), "day")  # type: ignore[return-value]  # one of the kinds

    @property
    def first(self) -> dt.date:
        """The first day. Of a split year, whose beginning differs from country to country, it is taken to be 1 July."""
        match self.kind:
            case "split-year":
                return dt.date(int(self.text[:4]), 7, 1)
            case "quarter":
                return dt.date(int(self.text[:4]), 3 * int(self.text[6]) - 2, 1)
            case _:
                return PartialDate(self.text).first

    @property
    def last(self) -> dt.date:
        """The last day. Of a split year it is taken to be 30 June."""
        match self.kind:
            case "split-year":
                return dt.date(int(self.text[:4]) + 1, 6, 30)
            case "quarter":
                return PartialDate(f"{self.text[:4]}-{3 * int(self.text[6]):02}").last
            case _:
                return PartialDate(self.text).last


def _split_year(first: str) -> str:
    """The financial or academic year that begins in the year `first`."""
    return f"{first}/{(int(first) + 1) % 100:02}"


def _respelt(text: str, reason: str) -> str:
    """Return what is wrong with a text that is no period, and how to write it; `reason` is why it is no date."""
    if quarter := _OTHER_QUARTER.fullmatch(text):
        return f'"{text}" is not a period; write {quarter[1] or quarter[4]}-Q{quarter[2] or quarter[3]}'
    split = _OTHER_SPLIT_YEAR.fullmatch(text)
    if split and int(split[2]) % 100 == (int(split[1]) + 1) % 100:
        return f'"{text}" is not a period; write {_split_year(split[1])}'
    return f'"{text}" is not a period; {_REMEDY}' if "is not a date" in reason else reason
