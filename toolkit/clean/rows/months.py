"""Months between two days, as expressions that run in any engine.

Whole months are calendar months: a month ends on the day of the month that the first day was, or on
the last day of a shorter month. The rest is the share of the next such month that has passed. So 31
January to 29 February 2024 is 1 month, and to 15 March 1 + 15/31 of one: 1.4838….
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["months_between"]


def months_between(start: str, end: str) -> nw.Expr:
    """Return the months from one column of days to another, not before it; missing stays missing.

    Examples
    --------
    >>> import narwhals as nw
    >>> import polars as pl
    >>> from datetime import date
    >>> first, last = [date(2024, 1, 31)] * 2, [date(2024, 2, 29), date(2024, 3, 15)]
    >>> days = pl.DataFrame({"a": first, "b": last})
    >>> months = nw.from_native(days).select(months_between("a", "b").alias("m"))
    >>> [round(value, 4) for value in months["m"].to_list()]
    [1.0, 1.4839]
    """
    import narwhals as nw

    year, month, day = _parts(end)
    first_year, first_month, first_day = _parts(start)
    index = (year - first_year) * 12 + month - first_month
    this, before, after = (_length(year, month, shift) for shift in (0, -1, 1))
    here = _least(first_day, this)
    passed = (day - here).cast(nw.Float64) / (this - here + _least(first_day, after)).cast(
        nw.Float64
    )
    there = _least(first_day, before)
    short = (before - there + day).cast(nw.Float64) / (before - there + here).cast(nw.Float64)
    whole = index.cast(nw.Float64)
    return nw.when(day >= here).then(whole + passed).otherwise(whole - 1.0 + short)


def _parts(column: str) -> tuple[nw.Expr, nw.Expr, nw.Expr]:
    import narwhals as nw

    days = nw.col(column).dt
    return days.year().cast(nw.Int64), days.month().cast(nw.Int64), days.day().cast(nw.Int64)


def _least(one: nw.Expr, other: nw.Expr) -> nw.Expr:
    import narwhals as nw

    return nw.when(one < other).then(one).otherwise(other)


def _length(year: nw.Expr, month: nw.Expr, shift: int) -> nw.Expr:
    """Return the days of the month that lies `shift` months on."""
    import narwhals as nw

    if shift:
        wrapped = month + shift
        over = wrapped > 12 if shift > 0 else wrapped < 1
        # A month out of a year is December or January of the next, with 31 days either way.
        return nw.when(over).then(nw.lit(31)).otherwise(_length(year, wrapped, 0)).cast(nw.Int64)
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    february = nw.when(leap).then(nw.lit(29)).otherwise(nw.lit(28))
    return (
        nw.when(month == 2)
        .then(february)
        .otherwise(nw.when(month.is_in([4, 6, 9, 11])).then(nw.lit(30)).otherwise(nw.lit(31)))
        .cast(nw.Int64)
    )
