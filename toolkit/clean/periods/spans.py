"""The calendar: spans of days, their frequencies, and the choices that fix how a text is read."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal

Frequency = Literal["year", "half", "quarter", "month", "day", "range"]
DateOrder = Literal["day_first", "month_first", "year_first"]
Issue = Literal[
    "missing",
    "not_a_period",
    "impossible_date",
    "ambiguous_order",
    "day_or_year",
    "two_digit_year",
    "no_year",
    "fiscal_year",
    "excel_serial",
    "ambiguous_start",
    "open_end",
]
# What a text says of its column: the order of its dates, or that 2012/13 is a pair of years.
Evidence = Literal["day_first", "month_first", "year_first", "year_pair", "month_or_year_pair"]

# Not the calendar module's, which change with the locale of the machine.
MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
MONTHS_IN: dict[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conventions:
    """How texts with more than one meaning are read; None where nothing has settled it."""

    date_order: DateOrder | None = None
    century_start: int | None = None
    fiscal_year_start: int | None = None
    fiscal_year_named: Literal["start", "end"] | None = None
    serials: Literal["1900", "1904"] | None = None
    year_pairs: Literal["months", "fiscal_years"] = "months"
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Whole days from `start` to `end`, both included."""

    start: date
    end: date
    frequency: Frequency
    cumulative: bool = False
    instant: bool = False
    notes: tuple[str, ...] = ()
    shows: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A text that was not read, why, and what it still says of its column."""

    issue: Issue
    reason: str
    shows: Evidence | None = None


class UnreadableError(Exception):
    """Leave the grammar with an issue and a sentence about the text; never seen outside."""

    def __init__(self, issue: Issue, detail: str, *, shows: Evidence | None = None) -> None:
        super().__init__(detail)
        self.issue = issue
        self.detail = detail
        self.shows = shows


def day_span(year: int, month: int, day: int, *, notes: tuple[str, ...] = ()) -> Span:
    """Return one day."""
    check_number("month", month, 12)
    length = monthrange(year, month)[1]
    if not 1 <= day <= length:
        raise UnreadableError(
            "impossible_date",
            f"is not in the calendar: {MONTH_NAMES[month - 1]} {year} has {length} days. "
            "Correct it at the source.",
        )
    only = date(year, month, day)
    return Span(start=only, end=only, frequency="day", notes=notes)


def unit_span(
    year: int,
    frequency: Frequency,
    first: int,
    last: int | None = None,
    *,
    first_month: int = 1,
    notes: tuple[str, ...] = (),
) -> Span:
    """Return one month, quarter or half, or a run of them, of a year that begins in a month.

    A run that begins with the year (1-9月, 前三季度) is a year to date.
    """
    months = MONTHS_IN[frequency]
    for number in (first, first if last is None else last):
        check_number(frequency, number, 12 // months)
    if last is not None and last < first:
        raise UnreadableError(
            "impossible_date",
            "ends before it begins. Correct it at the source, or name both years.",
        )
    start = month_day(year, first_month + months * (first - 1), "first")
    end = month_day(year, first_month + months * (last or first) - 1, "last")
    runs_from_first = last is not None and first == 1
    return Span(
        start=start,
        end=end,
        frequency=frequency if last is None or runs_from_first else frequency_between(start, end),
        cumulative=runs_from_first,
        notes=notes,
    )


def year_span(year: int, *, first_month: int = 1, notes: tuple[str, ...] = ()) -> Span:
    """Return the twelve months that begin in one month of a year."""
    return Span(
        start=month_day(year, first_month, "first"),
        end=month_day(year, first_month + 11, "last"),
        frequency="year",
        notes=notes,
    )


def month_day(year: int, month: int, which: Literal["first", "last"]) -> date:
    """Return the first or last day of a month; month 13 is January of the next year."""
    years, months = divmod(month - 1, 12)
    if year + years > 9999:
        raise UnreadableError(
            "impossible_date", "lies beyond the year 9999. Correct it at the source."
        )
    last = monthrange(year + years, months + 1)[1]
    return date(year + years, months + 1, 1 if which == "first" else last)


def whole_months(start: date, end: date) -> int | None:
    """Return how many whole months a span covers, or None where it cuts one."""
    if start.day != 1 or end.day != monthrange(end.year, end.month)[1]:
        return None
    return 12 * (end.year - start.year) + end.month - start.month + 1


def frequency_between(start: date, end: date) -> Frequency:
    """Return the frequency that a span has: its length, and for quarters and halves its place."""
    if start == end:
        return "day"
    months = whole_months(start, end)
    if months == 12:
        return "year"
    named: dict[int | None, Frequency] = {1: "month", 3: "quarter", 6: "half"}
    if months in named and (start.month - 1) % (months or 1) == 0:
        return named[months]
    return "range"


def check_number(what: str, number: int, most: int) -> None:
    """Refuse a month 13 or a fifth quarter."""
    if not 1 <= number <= most:
        raise UnreadableError(
            "impossible_date",
            f"has no {what} {number}: they run from 1 to {most}. Correct it at the source.",
        )
