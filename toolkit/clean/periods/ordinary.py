"""The dates that fill most columns, ISO and slashed, a whole column at a time.

These forms are in the grammar too, which says what is wrong with a text that is left here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]
import pyarrow.compute as pc  # type: ignore[import-untyped, unused-ignore]

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Flags = NDArray[np.bool_]

_TIME = r"(?:[T ](?P<time>(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?))?"
_YEAR = r"(?P<year>[1-9]\d{3})"
_YEAR_FIRST = (
    rf"^{_YEAR}(?P<gap>[-/.年])(?P<month>\d{{1,2}})(?P<gap2>[-/.月])(?P<day>\d{{1,2}})(?P<tail>日?)"
    rf"{_TIME}$"
)
_YEAR_LAST = (
    rf"^(?P<first>\d{{1,2}})(?P<gap>[-/.])(?P<second>\d{{1,2}})(?P<gap2>[-/.]){_YEAR}(?P<tail>)"
    rf"{_TIME}$"
)
_MARKS = pa.array(["--", "//", "..", "年月日"])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ordinary:
    """Numeric dates taken apart; each array has one element a text, zero where it does not fit."""

    dated: Flags  # (n,) year first, and in the calendar
    days: NDArray[np.datetime64]  # (n,) days, NaT unless dated
    slashed: Flags  # (n,) year last: the order is the column's to settle
    first: Integers  # (n,)
    second: Integers  # (n,)
    year: Integers  # (n,)
    timed: Flags  # (n,) with a time of day other than midnight


def ordinary_dates(texts: Sequence[str]) -> Ordinary:
    """Take the ordinary numeric dates of a column apart.

    Examples
    --------
    >>> parts = ordinary_dates(["2024/3/5", "25/03/2020", "2024-02-30", "三季度"])
    >>> parts.dated.tolist(), parts.slashed.tolist()
    ([True, False, False, False], [False, True, False, False])
    """
    # Arrow refuses lone surrogates; no date holds one, nor anything else that cannot be printed.
    column = pa.array([text if text.isprintable() else "" for text in texts], type=pa.string())
    leading = _Groups(column, _YEAR_FIRST)
    trailing = _Groups(pc.if_else(pa.array(leading.fits), "", column), _YEAR_LAST)
    days = calendar_days(leading.number("year"), leading.number("month"), leading.number("day"))
    return Ordinary(
        dated=leading.fits & ~np.isnat(days),
        days=days,
        slashed=trailing.fits,
        first=trailing.number("first"),
        second=trailing.number("second"),
        year=trailing.number("year"),
        timed=leading.timed | trailing.timed,
    )


def calendar_days(year: Integers, month: Integers, day: Integers) -> NDArray[np.datetime64]:
    """Return the days that years, months and days name, NaT where the calendar has none.

    Examples
    --------
    >>> calendar_days(np.array([2024, 2023]), np.array([2, 2]), np.array([29, 29]))
    array(['2024-02-29',        'NaT'], dtype='datetime64[D]')
    """
    months = (12 * (year - 1970) + month - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
    good = (month >= 1) & (month <= 12) & (day >= 1) & (days.astype("datetime64[M]") == months)
    return np.where(good, days, np.datetime64("NaT", "D"))


class _Groups:
    """The named groups of one pattern over a column of texts."""

    def __init__(self, column: Any, pattern: str) -> None:
        found = pc.extract_regex(column, pattern=pattern)
        self._found = found
        matches = found.is_valid().to_numpy(zero_copy_only=False)
        marks = [found.field(name) for name in ("gap", "gap2", "tail")]
        whole = pc.is_in(pc.binary_join_element_wise(*marks, ""), value_set=_MARKS)
        self.fits: Flags = matches & whole.to_numpy(zero_copy_only=False)
        told = pc.match_substring_regex(found.field("time"), "[1-9]")
        self.timed: Flags = self.fits & told.to_numpy(zero_copy_only=False)

    def number(self, name: str) -> Integers:
        digits = pc.if_else(pa.array(self.fits), self._found.field(name), "0")
        numbers: Integers = pc.cast(digits, pa.int64()).to_numpy(zero_copy_only=False)
        return numbers
