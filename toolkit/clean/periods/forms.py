"""The forms in which people write a period, each of them once, on the tokens of `words`."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from toolkit.clean.periods.spans import (
    Conventions,
    DateOrder,
    Frequency,
    Span,
    UnreadableError,
    day_span,
    unit_span,
    year_span,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    Build = Callable[[re.Match[str], Conventions], Span]

_UNITS: dict[str, Frequency] = {"m": "month", "q": "quarter", "h": "half"}

# Excel's first and last likely day, 1950 to 2100, and the day its count begins.
_SERIALS = {"1900": (18264, 73415, date(1899, 12, 30)), "1904": (16802, 71953, date(1904, 1, 1))}


def not_a_period() -> UnreadableError:
    """Return the error for a text that no form fits."""
    return UnreadableError("not_a_period", "is not a period. Correct it at the source.")


def read_core(text: str, conventions: Conventions) -> Span:
    """Read one core form, written in tokens."""
    for pattern, build in _FORMS:
        found = pattern.fullmatch(text)
        if found is not None:
            return build(found, conventions)
    raise not_a_period()


def excel_day(serial: float, system: Literal["1900", "1904"]) -> date | None:
    """Return the day of an Excel serial number, or None where it is no likely date.

    Examples
    --------
    >>> excel_day(45000.5, "1900")
    datetime.date(2023, 3, 15)
    """
    low, high, origin = _SERIALS[system]
    return origin + timedelta(days=int(serial)) if low <= serial < high + 1 else None


def _full_year(digits: str, conventions: Conventions) -> int:
    if len(digits) == 4:
        return int(digits)
    if conventions.century_start is None:
        raise UnreadableError(
            "two_digit_year",
            "has a two-digit year. Say century_start=1950 in Python, --century-start 1950 on the "
            "command line, to read 49 as 2049 and 50 as 1950.",
        )
    return conventions.century_start + (int(digits) - conventions.century_start) % 100


def _year(found: re.Match[str], conventions: Conventions) -> tuple[int, tuple[str, ...]]:
    digits = found.groupdict().get("year")
    if digits is None:
        if conventions.year is None:
            raise UnreadableError(
                "no_year", "has no year. parse_periods takes year=, one for all or one a row."
            )
        return conventions.year, ("year_from_context",)
    return _full_year(digits, conventions), () if len(digits) == 4 else ("two_digit_year",)


def _day(found: re.Match[str], conventions: Conventions) -> Span:
    year, notes = _year(found, conventions)
    return day_span(year, int(found["month"]), int(found["day"]), notes=notes)


def _numeric_day(found: re.Match[str], conventions: Conventions) -> Span:
    """Read 05/03/2020 by the order of its column, or by its own where only one is possible."""
    first, second, digits = int(found["first"]), int(found["second"]), found["year"]
    orders: dict[DateOrder, tuple[str, int, int]] = {
        "day_first": (digits, second, first),
        "month_first": (digits, first, second),
    }
    if len(digits) == len(found["first"]) == 2:
        orders["year_first"] = (found["first"], second, int(digits))
    possible = {
        order: parts
        for order, parts in orders.items()
        if 1 <= parts[1] <= 12 and 1 <= parts[2] <= 31
    }
    shown = next(iter(possible)) if len(possible) == 1 else None
    settled = conventions.date_order if conventions.date_order in orders else None
    if not possible or (settled and settled not in possible):
        hint = f" with the {settled[:-6]} first" if possible and settled else ""
        raise UnreadableError(
            "impossible_date", f"is not in the calendar{hint}. Correct it at the source."
        )
    try:
        readings = {
            order: (_full_year(parts[0], conventions), *parts[1:])
            for order, parts in possible.items()
        }
    except UnreadableError as error:
        raise UnreadableError(error.issue, error.detail, shows=shown) from None
    alike = len(set(readings.values())) == 1
    order = settled or shown or (next(iter(readings)) if alike else None)
    if order is None:
        names = " or ".join(repr(name) for name in readings)
        raise UnreadableError(
            "ambiguous_order",
            "is more than one day, and the other rows do not settle which. "
            f"Say date_order={names} in Python, --date-order on the command line.",
        )
    notes = (() if len(digits) == 4 else ("two_digit_year",)) + (() if alike else (order,))
    return replace(day_span(*readings[order], notes=notes), shows=shown)


def _day_or_year(found: re.Match[str], conventions: Conventions) -> Span:
    """Read Mar 5 as a day, Mar 99 as a year, and refuse Mar 24: the 24th, or 2024."""
    number, month = found["number"], int(found["month"])
    if len(number) == 1:
        year, notes = _year(found, conventions)
        return day_span(year, month, int(number), notes=notes)
    if int(number) <= 31:
        raise UnreadableError(
            "day_or_year", "may be a day without its year, or a month of a year. Write it in full."
        )
    year = _full_year(number, conventions)
    return unit_span(year, "month", month, notes=("two_digit_year",))


def _unit(found: re.Match[str], conventions: Conventions) -> Span:
    year, notes = _year(found, conventions)
    last = found["last"]
    return unit_span(
        year, _UNITS[found["kind"]], int(found["n"]), int(last) if last else None, notes=notes
    )


def _month(found: re.Match[str], conventions: Conventions) -> Span:
    year, notes = _year(found, conventions)
    return unit_span(year, "month", int(found["month"]), notes=notes)


def _month_or_year_pair(found: re.Match[str], conventions: Conventions) -> Span:
    """Read 2012-03 as a month, 2012/13 as a pair of years, 2009/10 as its column shows."""
    year, month = int(found["year"]), int(found["month"])
    if found["gap"] == "." or month != (year + 1) % 100:
        return _month(found, conventions)
    if 1 <= month <= 12 and conventions.year_pairs == "months":
        return replace(_month(found, conventions), shows="month_or_year_pair")
    try:
        span = _pair_of_years(year, conventions)
    except UnreadableError as error:
        raise UnreadableError(error.issue, error.detail, shows="year_pair") from None
    return replace(span, shows="year_pair")


def _whole_year(found: re.Match[str], conventions: Conventions) -> Span:
    year, notes = _year(found, conventions)
    return year_span(year, notes=notes)


def _fiscal_year(found: re.Match[str], conventions: Conventions) -> Span:
    parts = found.groupdict()
    label, following = parts["year"], parts.get("next")
    start = _fiscal_start(conventions)
    year = _full_year(label, conventions)
    if following:
        if int(following) != (year + 1) % 10 ** len(following):
            raise UnreadableError(
                "impossible_date", "is not a pair of years that follow. Correct it at the source."
            )
        span = _pair_of_years(year, conventions)
    elif start > 1 and conventions.fiscal_year_named is None:
        raise UnreadableError(
            "fiscal_year",
            "may be named for the year in which it starts or ends. parse_periods takes "
            "fiscal_year_named=.",
        )
    else:
        year -= start > 1 and conventions.fiscal_year_named == "end"
        span = year_span(year, first_month=start, notes=("fiscal_year",))
    if parts.get("kind"):
        unit, number = _UNITS[parts["kind"]], int(parts["n"])
        span = unit_span(span.start.year, unit, number, first_month=start, notes=("fiscal_year",))
    return span if len(label) == 4 else replace(span, notes=(*span.notes, "two_digit_year"))


def _pair_of_years(year: int, conventions: Conventions) -> Span:
    start = _fiscal_start(conventions)
    if start == 1:
        raise UnreadableError(
            "fiscal_year", "names two years, but fiscal years were said to begin in January."
        )
    return year_span(year, first_month=start, notes=("fiscal_year",))


def _fiscal_start(conventions: Conventions) -> int:
    if conventions.fiscal_year_start is None:
        raise UnreadableError(
            "fiscal_year",
            "is a fiscal year. parse_periods takes fiscal_year_start=, the month in which it "
            "begins.",
        )
    return conventions.fiscal_year_start


def _serial(found: re.Match[str], conventions: Conventions) -> Span:
    serial = float(found[0])
    day = excel_day(serial, conventions.serials or "1900")
    if day is None:
        raise not_a_period()
    if conventions.serials is None:
        raise UnreadableError(
            "excel_serial",
            f"may be Excel's number for {day}, but not every row is such a number. "
            "Say excel='1900' in Python, --excel 1900 on the command line, to read it so.",
        )
    notes = ("excel_serial",) if serial.is_integer() else ("excel_serial", "time_dropped")
    return Span(start=day, end=day, frequency="day", notes=notes)


_GAP = r"[-/. ':]{0,2}"
_YEAR = r"(?P<year>[1-9]\d{3})"
# Bare numbers may be anything; only these are taken for years: 3.1415 is not March 1415.
_LIKELY_YEAR = r"(?P<year>(?:1[89]|2[01])\d{2})"
_LEADING_YEAR = r"'?(?P<year>[1-9]\d{3}|\d{2}(?=年))年?"
_TRAILING_YEAR = r"'?(?P<year>[1-9]\d{3}|\d{2})年?"
_UNIT = r"<(?P<kind>[mqh])(?P<n>\d{1,2})(?::(?P<last>\d{1,2}))?>"
_MONTH = r"<m(?P<month>\d{1,2})>"
_DAY = r"(?P<day>\d{1,2})"
_FISCAL = r"fy ?'?(?P<year>[1-9]\d{3}|\d{2})(?:[-/](?P<next>\d{4}|\d{2}))?"
_FISCAL_UNIT = r"<(?P<kind>[qh])(?P<n>\d)>"

_FORMS: tuple[tuple[re.Pattern[str], Build], ...] = tuple(
    (re.compile(pattern, re.ASCII), build)
    for pattern, build in (
        (rf"{_LIKELY_YEAR}(?:\.0)?", _whole_year),
        (rf"{_YEAR}(?P<gap>[-/. ])(?P<month>\d{{1,2}})(?P=gap){_DAY}", _day),
        (rf"{_LIKELY_YEAR}(?P<month>\d{{2}})(?P<day>\d{{2}})", _day),
        (rf"{_LEADING_YEAR}{_GAP}{_MONTH}{_GAP}{_DAY}[日号]?", _day),
        (rf"{_DAY}{_GAP}{_MONTH}{_GAP}{_TRAILING_YEAR}", _day),
        (rf"{_MONTH}[-/. ]*{_DAY}[-/. ]{_TRAILING_YEAR}", _day),
        (rf"{_MONTH}{_DAY}[日号]", _day),
        (
            r"(?P<first>\d{1,2})(?P<gap>[-/.])(?P<second>\d{1,2})(?P=gap)(?P<year>[1-9]\d{3}|\d{2})",
            _numeric_day,
        ),
        (rf"(?P<number>\d{{1,2}})[-/. ]?{_MONTH}", _day_or_year),
        (rf"{_MONTH} ?(?P<number>\d{{1,2}})", _day_or_year),
        (rf"{_LEADING_YEAR}{_GAP}{_UNIT}", _unit),
        (r"'?(?P<year>\d{2})[- ]?<(?P<kind>[qh])(?P<n>\d)(?P<last>)>", _unit),
        (rf"{_UNIT}{_GAP}{_TRAILING_YEAR}", _unit),
        (_UNIT, _unit),
        (rf"{_LIKELY_YEAR}(?P<gap>[-/.])(?P<month>\d{{1,2}})", _month_or_year_pair),
        (rf"{_LIKELY_YEAR}(?P<month>\d{{2}})", _month),
        (rf"(?P<month>\d{{1,2}})[-/.]{_LIKELY_YEAR}", _month),
        (r"'?(?P<year>[1-9]\d{3}|\d{2})年(?:全年|度)?", _whole_year),
        (rf"{_YEAR}(?:全年|年?度)|全年|年度?", _whole_year),
        (rf"{_FISCAL}(?:[- ]?{_FISCAL_UNIT})?", _fiscal_year),
        (rf"{_FISCAL_UNIT}[- ]?{_FISCAL}", _fiscal_year),
        (r"(?P<year>[1-9]\d{3}|\d{2})fy", _fiscal_year),
        (rf"{_LIKELY_YEAR}/(?P<next>\d{{4}})", _fiscal_year),
        (r"\d{5}(?:\.\d+)?", _serial),
    )
)
