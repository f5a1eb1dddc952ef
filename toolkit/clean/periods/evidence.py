"""What the rows of a column show of the way in which all of them are to be read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from toolkit.clean.periods.forms import excel_day
from toolkit.clean.periods.ordinary import Ordinary, calendar_days
from toolkit.clean.periods.spans import Conventions, DateOrder, Span, Unread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

ORDERS: tuple[DateOrder, ...] = ("day_first", "month_first", "year_first")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Slashed:
    """Numeric dates with the year last, in both readings."""

    day_first: NDArray[np.datetime64]  # (n,) NaT where the calendar has no such day
    month_first: NDArray[np.datetime64]  # (n,)
    shows: Mapping[DateOrder, NDArray[np.bool_]]  # (n,) texts that can be read in one order only
    open: NDArray[np.bool_]  # (n,) texts that are one day in one order and another in the other


def both_readings(parts: Ordinary) -> Slashed:
    """Read the numeric dates of a column in both orders."""
    day_first = calendar_days(parts.year, parts.second, parts.first)
    month_first = calendar_days(parts.year, parts.first, parts.second)
    as_day, as_month = ~np.isnat(day_first), ~np.isnat(month_first)
    return Slashed(
        day_first=day_first,
        month_first=month_first,
        shows={
            "day_first": parts.slashed & as_day & (parts.first > 12),
            "month_first": parts.slashed & as_month & (parts.second > 12),
        },
        open=parts.slashed & as_day & as_month & (parts.first != parts.second),
    )


def in_order(slashed: Slashed, order: DateOrder | None) -> NDArray[np.datetime64]:
    """Return the days in the order of the column, or where none is settled in each text's own."""
    if order == "day_first":
        return slashed.day_first
    if order == "month_first":
        return slashed.month_first
    own = np.where(slashed.shows["month_first"], slashed.month_first, slashed.day_first)
    return np.where(slashed.open, np.datetime64("NaT", "D"), own)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """What the rows of a column show, counted."""

    rows: Mapping[DateOrder, int]
    examples: Mapping[DateOrder, str]
    open_rows: int

    @property
    def order(self) -> DateOrder | None:
        """The one order that rows show, or None where they show none or several."""
        return next(iter(self.rows)) if len(self.rows) == 1 else None


def gather(
    texts: Sequence[str],
    rows: NDArray[np.int64],
    slashed: Slashed,
    outcomes: Mapping[int, Span | Unread],
) -> Evidence:
    """Count the rows that show an order and those that need one.

    Parameters
    ----------
    texts : sequence of str, (n,)
        The distinct texts.
    rows : ndarray, (n,)
        How many rows hold each.
    slashed, outcomes
        What was made of them so far.
    """
    shown: dict[DateOrder, int] = {}
    examples: dict[DateOrder, str] = {}
    for order in ORDERS:
        told = [at for at, outcome in outcomes.items() if outcome.shows == order]
        if order in slashed.shows:
            told += np.flatnonzero(slashed.shows[order]).tolist()
        if told:
            shown[order] = int(rows[told].sum())
            examples[order] = texts[min(told)]
    unsettled = [
        at
        for at, outcome in outcomes.items()
        if isinstance(outcome, Unread) and outcome.issue == "ambiguous_order"
    ]
    open_rows = int(rows[unsettled].sum() + rows[slashed.open].sum())
    return Evidence(rows=shown, examples=examples, open_rows=open_rows)


def settled(
    conventions: Conventions,
    evidence: Evidence,
    texts: Sequence[str],
    outcomes: Mapping[int, Span | Unread],
) -> Conventions:
    """Return the conventions of a column: the caller's, and where he is silent what it shows."""
    pairs = any(outcome.shows == "year_pair" for outcome in outcomes.values())
    return replace(
        conventions,
        date_order=conventions.date_order or evidence.order,
        serials=conventions.serials or ("1900" if _shows_serials(texts, outcomes) else None),
        year_pairs="fiscal_years" if pairs else "months",
    )


def turns_on_column(outcome: Span | Unread) -> bool:
    """Tell whether a reading may change once the conventions of its column are settled."""
    return outcome.shows is not None or (
        isinstance(outcome, Unread) and outcome.issue in ("ambiguous_order", "excel_serial")
    )


def _shows_serials(texts: Sequence[str], outcomes: Mapping[int, Span | Unread]) -> bool:
    """Tell whether a column is nothing but Excel numbers of 2000 to 2050.

    No year, month or day is written with five digits, so such a column has no other reading.
    """
    issues = {at: outcome.issue for at, outcome in outcomes.items() if isinstance(outcome, Unread)}
    numbers = [texts[at] for at, issue in issues.items() if issue == "excel_serial"]
    others = len(texts) - len(numbers) - sum(issue == "missing" for issue in issues.values())
    return bool(numbers) and not others and all(map(_of_this_time, numbers))


def _of_this_time(number: str) -> bool:
    day = excel_day(float(number), "1900")
    return day is not None and 2000 <= day.year <= 2050
