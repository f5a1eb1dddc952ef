"""Totals since New Year to the months and quarters that they are the sums of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.clean.periods.spans import MONTHS_IN, frequency_between
from toolkit.errors import ColumnError, DataError, did_you_mean
from toolkit.tables import as_pandas, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_PERIOD = ("start", "end", "frequency", "cumulative")


def deaccumulate(table: Any, *, value: str, by: str | Sequence[str] = ()) -> pd.DataFrame:
    r"""Turn totals of the year to date into the values of single months or quarters.

    .. math:: x_t = X_t - X_{t'}

    where :math:`X_{t'}` is the last total before :math:`X_t` of the same group and year. Where a
    total is missing in between, the difference spans more than one month and says so; nothing
    is spread over months. The first total of a year stays as it is (the Chinese statistical
    office publishes January and February together), and says so where it spans several months.

    Parameters
    ----------
    table : frame or path
        With the columns of `parse_periods`: ``start``, ``end``, ``frequency``, ``cumulative``.
        Rows that are not cumulative stay as they are; one that begins with the year (January, the
        first quarter) is subtracted like a total.
    value : str
        The column of totals, in any unit.
    by : str or sequence of str
        The columns that tell one series from another: region, indicator.

    Returns
    -------
    DataFrame
        The same rows in the same order; of the cumulative ones `value` and ``start`` are those of
        the difference, ``frequency`` is that of its stretch, ``cumulative`` is False. Two more:

        - ``derivation``: ``as_published`` or ``difference``
        - ``mark``: ``combined`` (the first total of its year, over several months), ``gap`` (a
          total before it is missing), ``likely_revision`` (the total fell), ``no_value``; NA else

    Raises
    ------
    ColumnError
        A column that the table does not have, or a `value` that is not a number.
    DataError
        Two totals of one group for the same stretch.

    Examples
    --------
    >>> from toolkit.clean.periods import parse_periods
    >>> table = parse_periods(["2024年1-2月", "2024年1-3月", "2024年1-5月"])
    >>> table["loans"] = [5, 9, 12]
    >>> deaccumulate(table, value="loans")[["start", "end", "loans", "derivation", "mark"]]
           start        end  loans    derivation      mark
    0 2024-01-01 2024-02-29    5.0  as_published  combined
    1 2024-03-01 2024-03-31    4.0    difference       NaN
    2 2024-04-01 2024-05-31    3.0    difference       gap
    """
    given = plain(as_pandas(table))
    groups = [by] if isinstance(by, str) else list(by)
    _check_columns(given, value, groups)
    rows = given.reset_index(drop=True)
    rows[value] = rows[value].astype("float64")
    rows["cumulative"] = rows["cumulative"].fillna(value=False).astype(bool)
    series = (
        rows.groupby(groups, dropna=False).ngroup() if groups else pd.Series(0, index=rows.index)
    )
    chain = _chain(rows, series, value)
    _refuse_twins(chain, given, value, groups)

    before = chain.groupby(["series", "start"])[["end", "value"]].shift()
    follows = before["end"].notna()
    later, first = (chain.index[chain["total"] & mask] for mask in (follows, ~follows))
    result = rows.assign(derivation="as_published")
    result.loc[later, "start"] = before["end"][later] + pd.Timedelta(days=1)
    result.loc[later, value] = chain["value"][later] - before["value"][later]
    result.loc[later, "derivation"] = "difference"
    parted = first.union(later)
    result.loc[parted, "cumulative"] = False
    result.loc[parted, "frequency"] = [
        frequency_between(start.date(), end.date())
        for start, end in zip(result["start"][parted], result["end"][parted], strict=True)
    ]
    result["mark"] = _marks(rows, result, value, series)
    result.index = given.index
    return result


def _chain(rows: pd.DataFrame, series: pd.Series[int], value: str) -> pd.DataFrame:
    """Return the totals with a value and what else begins with them, by their ends."""
    chain = pd.DataFrame(
        {
            "series": series,
            "start": rows["start"],
            "end": rows["end"],
            "total": rows["cumulative"],
            "value": rows[value],
        }
    ).dropna()
    chain = chain.sort_values(["series", "start", "end", "total"], kind="stable")
    same = ["series", "start", "end"]
    # A year beside its own 1-12月 is the same sum twice: the total is the one to part.
    told_twice = ~chain["total"] & chain.groupby(same)["total"].transform("any")
    return chain[chain.groupby(["series", "start"])["total"].transform("any") & ~told_twice]


def _marks(
    rows: pd.DataFrame, result: pd.DataFrame, value: str, series: pd.Series[int]
) -> pd.Series[str]:
    totals = rows["cumulative"]
    steps = rows["frequency"].map(MONTHS_IN).where(totals).groupby(series).transform("min")
    several = _months(result) > steps.to_numpy(dtype=float)
    difference = result["derivation"].eq("difference")
    marks = np.select(
        [
            totals & rows["end"].notna() & rows[value].isna(),
            difference & result[value].lt(0),
            difference & several,
            totals & several & rows[value].notna(),
        ],
        ["no_value", "likely_revision", "gap", "combined"],
        default="",
    )
    return pd.Series(marks, dtype="str").replace("", np.nan)


def _months(table: pd.DataFrame) -> NDArray[np.float64]:
    """Return the whole months of each row, NaN where it cuts one."""
    start = table["start"].to_numpy(dtype="datetime64[D]")
    after = table["end"].to_numpy(dtype="datetime64[D]") + np.timedelta64(1, "D")
    first_month, after_month = start.astype("datetime64[M]"), after.astype("datetime64[M]")
    whole = (start == first_month) & (after == after_month)
    return np.where(whole, (after_month - first_month).astype(float), np.nan)


def _check_columns(table: pd.DataFrame, value: str, groups: Sequence[str]) -> None:
    for name in (*_PERIOD, value, *groups):
        if name not in table.columns:
            raise ColumnError(
                f"No column {name!r}.{did_you_mean(name, table.columns)} "
                f"The table has: {', '.join(map(str, table.columns))}."
            )
    for name in ("start", "end"):
        if not pd.api.types.is_datetime64_dtype(table[name]):
            raise ColumnError(
                f"Column {name!r} holds days; it is {table[name].dtype}. "
                "Read it first: parse_periods."
            )
    if not pd.api.types.is_numeric_dtype(table[value]):
        raise ColumnError(
            f"Column {value!r} holds totals to be subtracted; it is {table[value].dtype}. "
            "Turn it into numbers first: parse_amounts."
        )


def _refuse_twins(
    chain: pd.DataFrame, table: pd.DataFrame, value: str, groups: Sequence[str]
) -> None:
    twins = chain[chain.duplicated(["series", "start", "end"], keep=False)]
    if twins.empty:
        return
    at = twins.index[0]
    where = ", ".join(f"{name} {table[name].iloc[at]}" for name in groups) or "the table"
    count = int(
        (twins[["series", "start", "end"]] == twins.loc[at, ["series", "start", "end"]])
        .all(axis=1)
        .sum()
    )
    raise DataError(
        f"{where}: {count} rows give {value!r} from {twins['start'][at]:%Y-%m-%d} to "
        f"{twins['end'][at]:%Y-%m-%d}. Keep one of each, or name in by= what tells them apart."
    )
