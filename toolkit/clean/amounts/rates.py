"""Exchange rates that the caller gives: one for each currency, or for each currency and date."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import ColumnError, DataError, OptionError, did_you_mean
from toolkit.tables import as_pandas

if TYPE_CHECKING:
    from os import PathLike

    from narwhals.typing import IntoFrame
    from numpy.typing import NDArray

    Rates = Mapping[str, float] | IntoFrame | str | PathLike[str]

__all__ = ["ExchangeRates", "as_dates", "exchange_rates"]

_COLUMNS = ("currency", "date", "rate")


@dataclass(frozen=True, eq=False)
class ExchangeRates:
    """CNY for one unit of each currency, by date where `dated`.

    Attributes
    ----------
    table : pandas.DataFrame
        Columns ``currency`` (ISO 4217), ``date`` and ``rate`` (CNY per unit), in order of date.
    dated : bool
        Whether a rate holds from its date until the next; else it always holds.
    """

    table: pd.DataFrame
    dated: bool

    def of(self, currencies: NDArray[Any], dates: NDArray[Any] | None) -> NDArray[np.float64]:
        """Return the rate of each row: the latest on or before its date.

        Parameters
        ----------
        currencies : ndarray of object, shape (n,)
            ISO 4217 codes.
        dates : ndarray of datetime64, shape (n,), or None
            Needed where the rates are dated.

        Returns
        -------
        ndarray of float, shape (n,)
            NaN where there is no rate.
        """
        rows = pd.DataFrame({"currency": pd.Series(currencies, dtype="str")})
        if not self.dated:
            rates = self.table.set_index("currency")["rate"]
            return rows["currency"].map(rates).to_numpy(dtype=float)
        rows["date"] = dates
        rows["row"] = np.arange(len(rows))
        known = rows.dropna().sort_values("date")
        matched = pd.merge_asof(known, self.table, on="date", by="currency")
        found = np.full(len(rows), np.nan)
        found[matched["row"].to_numpy()] = matched["rate"].to_numpy(dtype=float)
        return found


def exchange_rates(rates: Rates | None) -> ExchangeRates:
    """Check rates and bring them into one shape.

    Parameters
    ----------
    rates : mapping of str to float, frame or path, or None
        CNY for one unit of a currency; a table has columns ``currency``, ``date``, ``rate``.

    Raises
    ------
    OptionError
        When a rate is not a positive number, or CNY is not worth one CNY.
    ColumnError
        When the table has other columns.
    DataError
        When the table gives two rates for one currency and date, or a date that is none.

    Examples
    --------
    >>> exchange_rates({"usd": 7.1}).table["currency"].tolist()
    ['USD']
    """
    if rates is None:
        rates = {}
    if isinstance(rates, Mapping):
        table = pd.DataFrame(
            {"currency": [str(code) for code in rates], "rate": [*rates.values()]}
        ).astype({"currency": "str"})
        dated = False
    else:
        table = _dated_table(rates)
        dated = True
    table["currency"] = table["currency"].str.strip().str.upper()
    for code, rate in zip(table["currency"], table["rate"], strict=True):
        _check_rate(code, rate)
    table["rate"] = table["rate"].astype(float)
    _check_unique(table)
    return ExchangeRates(table, dated)


def as_dates(dates: Any, *, rows: int) -> NDArray[np.datetime64]:
    """Bring one date for each row into one shape.

    Parameters
    ----------
    dates : array-like
        Dates, timestamps or ISO 8601 text.
    rows : int
        How many there have to be.

    Raises
    ------
    OptionError
        When there are more or fewer, or when they are no dates.
    """
    given = np.asarray(dates)
    if len(given) != rows:
        message = f"dates= has one date for each value; got {len(given)} dates for {rows} values."
        raise OptionError(message)
    if given.dtype.kind == "M":
        return given.astype("datetime64[us]")
    codes, distinct = pd.factorize(given.astype(object))
    days = np.array([*map(_day, distinct), np.datetime64("NaT", "us")], dtype="datetime64[us]")
    return days[codes]


def _day(value: object) -> np.datetime64:
    if isinstance(value, str):
        with suppress(ValueError):
            value = dt.datetime.fromisoformat(value.strip())
    if not isinstance(value, dt.date):
        message = (
            f"dates= are dates or ISO 8601 text; got {value!r}. Read them with parse_periods first."
        )
        raise OptionError(message)
    return pd.Timestamp(value).tz_localize(None).to_datetime64()


def _dated_table(rates: IntoFrame | str | PathLike[str]) -> pd.DataFrame:
    table = as_pandas(rates)
    for name in _COLUMNS:
        if name not in table.columns:
            has = ", ".join(map(str, table.columns))
            near = did_you_mean(name, table.columns)
            message = f"No column {name!r} in rates.{near} The table has: {has}."
            raise ColumnError(message)
    table = table.loc[:, list(_COLUMNS)].reset_index(drop=True)
    table["date"] = as_dates(table["date"], rows=len(table))
    undated = table["date"].isna().to_numpy().nonzero()[0]
    if len(undated):
        message = f"rates, row {undated[0]}: no date. Give each rate the date it holds from."
        raise DataError(message)
    return table.astype({"currency": "str"}).sort_values("date", kind="stable")


def _check_rate(code: str, rate: Any) -> None:
    number = isinstance(rate, int | float | np.number) and not isinstance(rate, bool)
    if not number or not (math.isfinite(rate) and rate > 0):
        message = f"A rate is CNY for one unit of a currency, a positive number; {code} has {rate}."
        raise OptionError(message)
    if code == "CNY" and rate != 1:
        message = f"One CNY is worth one CNY; rates says {rate}. Rates are CNY for one unit."
        raise OptionError(message)


def _check_unique(table: pd.DataFrame) -> None:
    keys = [name for name in ("currency", "date") if name in table]
    twice = table[table.duplicated(keys)]
    if len(twice):
        code = twice["currency"].iloc[0]
        when = f" on {twice['date'].iloc[0]:%Y-%m-%d}" if "date" in table else ""
        message = f"rates has more than one rate for {code}{when}. Keep one."
        raise DataError(message)
