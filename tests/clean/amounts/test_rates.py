from __future__ import annotations

import datetime as dt
import re

import numpy as np
import pandas as pd
import polars as pl
import pytest

from toolkit.clean.amounts.rates import as_dates, exchange_rates
from toolkit.errors import ColumnError, DataError, OptionError

DATED = pd.DataFrame(
    {
        "currency": ["USD", "USD", "HKD"],
        "date": ["2024-06-01", "2024-01-01", "2024-01-01"],
        "rate": [7.25, 7.1, 0.91],
    }
)


def test_one_rate_for_each_currency() -> None:
    rates = exchange_rates({"usd": 7.1, "HKD": 0.91}).of(np.array(["HKD", "USD", "EUR"]), None)
    np.testing.assert_array_equal(rates, [0.91, 7.1, np.nan])


@pytest.mark.parametrize("table", [DATED, pl.from_pandas(DATED)], ids=["pandas", "polars"])
def test_the_latest_rate_on_or_before_the_date(table: object) -> None:
    dates = as_dates(
        ["2023-12-31", "2024-01-01", "2024-05-31", "2024-06-01", "2025-01-01", None], rows=6
    )
    rates = exchange_rates(table).of(np.array(["USD"] * 6), dates)  # type: ignore[arg-type]
    np.testing.assert_array_equal(rates, [np.nan, 7.1, 7.1, 7.25, 7.25, np.nan])
    np.testing.assert_array_equal(
        exchange_rates(table).of(np.array(["HKD", "EUR"]), dates[3:5]),  # type: ignore[arg-type]
        [0.91, np.nan],
    )


def test_dates_of_every_kind() -> None:
    day = np.datetime64("2024-03-05", "us")
    for dates in (
        ["2024-03-05"],
        [dt.date(2024, 3, 5)],
        pd.to_datetime(["2024-03-05"]),
        pd.Series(pd.to_datetime(["2024-03-05"]).tz_localize("Asia/Shanghai"), index=[9]),
        np.array(["2024-03-05"], dtype="datetime64[D]"),
    ):
        assert as_dates(dates, rows=1).tolist() == [day.tolist()]


@pytest.mark.parametrize(
    ("rates", "error", "text"),
    [
        (
            {"USD": -7.1},
            OptionError,
            "A rate is CNY for one unit of a currency, a positive number; USD has -7.1.",
        ),
        (
            {"USD": "7.1"},
            OptionError,
            "A rate is CNY for one unit of a currency, a positive number; USD has 7.1.",
        ),
        (
            {"USD": float("inf")},
            OptionError,
            "A rate is CNY for one unit of a currency, a positive number; USD has inf.",
        ),
        (
            {"CNY": 0.14},
            OptionError,
            "One CNY is worth one CNY; rates says 0.14. Rates are CNY for one unit.",
        ),
        ({"usd": 7, "USD": 7.1}, DataError, "rates has more than one rate for USD. Keep one."),
        (
            DATED.rename(columns={"currency": "curency"}),
            ColumnError,
            "No column 'currency' in rates. Did you mean 'curency'? "
            "The table has: curency, date, rate.",
        ),
        (
            pd.concat([DATED, DATED.tail(1)]),
            DataError,
            "rates has more than one rate for HKD on 2024-01-01. Keep one.",
        ),
        (
            DATED.assign(date=["2024-06-01", None, "2024-01-01"]),
            DataError,
            "rates, row 1: no date. Give each rate the date it holds from.",
        ),
    ],
)
def test_rates_that_cannot_be_meant(rates: object, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        exchange_rates(rates)  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", ["Mar-24", 20240305, 45356.0, True])
def test_dates_that_are_none(bad: object) -> None:
    text = f"dates= are dates or ISO 8601 text; got {bad!r}. Read them with parse_periods first."
    with pytest.raises(OptionError, match=f"^{re.escape(text)}$"):
        as_dates([bad], rows=1)


def test_as_many_dates_as_values() -> None:
    text = "dates= has one date for each value; got 1 dates for 2 values."
    with pytest.raises(OptionError, match=f"^{re.escape(text)}$"):
        as_dates(["2024-03-05"], rows=2)


def test_the_given_table_is_left_alone() -> None:
    before = DATED.copy()
    exchange_rates(DATED)
    pd.testing.assert_frame_equal(DATED, before)
