"""Columns of periods of every kind, options that cannot be meant, and real columns."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from tests.clean.periods.texts import MONTH, QUARTER, YEAR, Shape, days, one, shape
from tests.project import RAW
from toolkit.clean.periods import parse_periods, read_periods
from toolkit.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    "values",
    [
        pd.Series(pd.to_datetime(["2024-03-05", None])),
        pd.Series(pd.to_datetime(["2024-03-05", None])).astype("datetime64[ns]"),
        pd.Series(pd.to_datetime(["2024-03-05", None])).dt.tz_localize("Asia/Shanghai"),
        pd.DatetimeIndex(["2024-03-05", None]),
        np.array(["2024-03-05", "NaT"], dtype="datetime64[D]"),
        pd.PeriodIndex(["2024-03-05", None], freq="D"),
        pa.array([date(2024, 3, 5), None]),
        pa.chunked_array([["2024-03-05", None]]),
        pd.Series([date(2024, 3, 5), None], dtype="date32[pyarrow]"),
        pd.Series([datetime(2024, 3, 5), None], dtype="timestamp[us][pyarrow]"),
        pd.Series(["2024-03-05", None], dtype="string"),
        pd.Series(["2024-03-05", None], dtype="category"),
        pd.Series(["2024-03-05", None], dtype="string[pyarrow]"),
        pd.Series([20240305, None], dtype="Int64"),
        pd.Series([20240305, None], dtype="float64"),
        pl.Series([date(2024, 3, 5), None]),
        pl.Series(["2024-03-05", None]),
        (text for text in ["2024-03-05", None]),
        [date(2024, 3, 5), None],
    ],
    ids=lambda values: f"{type(values).__name__} {getattr(values, 'dtype', '')}",
)
def test_columns_of_every_kind(values: object) -> None:
    table = parse_periods(values)
    assert days(table) == ["2024-03-05", ""]
    assert table["frequency"].iloc[0] == "day"
    assert table["issue"].fillna("").tolist() == ["", "missing"]
    assert table.dtypes.astype(str).tolist() == [
        *("datetime64[us]", "datetime64[us]", "str", "bool", "bool", "str", "str", "str")
    ]


def test_times_of_a_column_of_timestamps_are_noted() -> None:
    stamps = pd.DatetimeIndex(["2024-03-05 23:30", "2024-03-05"], tz="Asia/Tokyo")
    table = parse_periods(stamps)
    assert days(table) == ["2024-03-05", "2024-03-05"]
    assert table["notes"].fillna("").tolist() == ["time_dropped", ""]


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (pd.Period("2025Q3"), QUARTER),
        (pd.Period("2024-03", freq="M"), MONTH),
        (pd.Period("2024", freq="Y"), YEAR),
        (pd.Period("2024", freq="Y-MAR"), ("2023-04-01", "2024-03-31", "year", False, False)),
        (pd.Period("2024-03-05", freq="W"), ("2024-03-04", "2024-03-10", "range", False, False)),
    ],
)
def test_pandas_periods(period: pd.Period, expected: Shape) -> None:
    assert shape(one(period)) == expected
    assert shape(parse_periods(pd.PeriodIndex([period])).iloc[0]) == expected


def test_the_index_is_kept_and_nothing_else() -> None:
    column = pd.Series(["2024", "2025Q3", "2024"], index=[7, 7, 1], name="period")
    table = parse_periods(column)
    assert table.index.tolist() == [7, 7, 1]
    assert list(table) == [
        *("start", "end", "frequency", "cumulative", "instant", "notes", "issue", "reason")
    ]
    assert column.tolist() == ["2024", "2025Q3", "2024"]


@pytest.mark.parametrize("values", [[], pd.Series([], dtype="str"), pd.DatetimeIndex([])])
def test_no_rows(values: object) -> None:
    assert parse_periods(values, year=2024).shape == (0, 8)


@pytest.mark.parametrize("value", ["\ud800", b"2024", [2024], {"a": 1}, object, 1j, float("inf")])
def test_odd_cells_are_no_periods(value: object) -> None:
    column = pd.Series([value, "2024"], index=[0, 1], dtype=object)
    assert parse_periods(column)["issue"].fillna("").tolist() == ["not_a_period", ""]


@pytest.mark.parametrize(
    ("values", "options", "message"),
    [
        (
            "2024Q3",
            {},
            "values is a column of periods; got the single value '2024Q3'. "
            "Put it in a list: ['2024Q3'].",
        ),
        (None, {}, "values is a column of periods; got a NoneType. Put it in a list."),
        (
            pd.DataFrame({"period": ["2024"]}),
            {},
            "values is one column; got a whole table. Choose one: table['period'].",
        ),
        (
            ["2024"],
            {"date_order": "dayfirst"},
            "date_order is 'as_shown', 'day_first', 'month_first' or 'year_first'; "
            "got 'dayfirst'. Did you mean 'day_first'?",
        ),
        (
            ["2024"],
            {"excel": 1900},
            "excel is 'as_shown', '1900' or '1904'; got 1900. Did you mean '1900'?",
        ),
        (
            ["2024"],
            {"fiscal_year_named": "begin"},
            "fiscal_year_named is 'start' or 'end'; got 'begin'.",
        ),
        (
            ["2024"],
            {"fiscal_year_start": 13},
            "fiscal_year_start is the month it begins in, from 1 to 12; got 13.",
        ),
        (
            ["2024"],
            {"century_start": 50},
            "century_start is a year such as 1950, from 1000 to 9900; got 50.",
        ),
        (
            ["2024"],
            {"year": [2024, 2025]},
            "year is one for all or one a row; got 2 for 1 rows. "
            "Give the column of years that stands beside these values.",
        ),
        (
            ["1月"],
            {"year": 24},
            "year is a whole number of four digits; got 24 in row 0. "
            "Correct it, or leave it empty.",
        ),
        (
            ["1月", "2月"],
            {"year": [2024, "MMXXV"]},
            "year is a whole number of four digits; got 'MMXXV' in row 1. "
            "Correct it, or leave it empty.",
        ),
    ],
)
def test_option_errors(values: object, options: dict[str, object], message: str) -> None:
    with pytest.raises(OptionError) as caught:
        parse_periods(values, **options)
    assert str(caught.value) == message


# Real columns


def test_published_figures() -> None:
    figures = pd.read_csv(RAW / "published_figures.csv", dtype=str)
    table = parse_periods(figures["period"])
    assert len(table) == 111
    assert table["issue"].eq("missing").equals(figures["period"].isna())
    assert table["issue"].dropna().unique().tolist() == ["missing"]
    frequency = table["frequency"].groupby(figures["period"]).first()
    assert frequency.to_dict() == {
        "2019": "year",
        "2019-2024": "range",
        "2023": "year",
        "2023-2024": "range",
        "2024": "year",
        "2024-04": "month",
        "2024-05": "month",
        "2024-06": "month",
        "2024-06-27": "day",
        "2024-09": "month",
        "2024-10": "month",
        "2024-10-18": "day",
        "2024-10-22": "day",
        "2024-12": "month",
        "2024H1": "half",
        "2025": "year",
        "2025-09": "month",
        "2025-10": "month",
        "2025-11": "month",
        "2025Q3": "quarter",
    }
    assert (table["start"].dt.strftime("%Y").dropna() == figures["period"].dropna().str[:4]).all()


def test_titles_of_the_central_bank() -> None:
    titles = [
        re.search("（(.*)）", path.read_text("utf-8").splitlines()[0])[1]
        for path in sorted((RAW / "pboc").glob("*.csv"))
    ]
    table = parse_periods(titles)
    assert days(table) == ["2012-09-30", "2016-12-31", "2018-03-31"]
    assert table["instant"].all()


def test_planning_register(shared_data: Callable[[str], Path]) -> None:
    register = pd.read_csv(shared_data("micro/repd_2021Q2.csv"), dtype=str)
    stages = [*register.columns[33:47], "Record Last Updated (dd/mm/yyyy)"]
    for name in stages:
        reading = read_periods(register[name])
        written = register[name].dropna()
        # Year, month and day by their places, with no calendar in between.
        sorted_texts = written.str[6:] + "-" + written.str[3:5] + "-" + written.str[:2]
        assert days(reading.table.loc[written.index]) == sorted_texts.tolist()
        assert (reading.date_order, reading.decided_by) == ("day_first", "rows")
        assert reading.unread.empty


def test_planning_register_with_slips(shared_data: Callable[[str], Path]) -> None:
    register = pd.read_csv(shared_data("micro/repd_2021Q2.csv"), dtype=str)
    column = register["Planning Application Submitted"].copy()
    slips = {3: "31/02/2020", 70: "29/02/2019", 500: "00/06/2018", 900: "31/04/2015"}
    column.loc[list(slips)] = list(slips.values())
    reading = read_periods(column)
    assert reading.unread.index.tolist() == list(slips)
    assert reading.unread["issue"].unique().tolist() == ["impossible_date"]
    column.loc[1000] = "12/31/2019"
    reading = read_periods(column)
    assert reading.date_order == "mixed"
    assert reading.unread["issue"].value_counts()["ambiguous_order"] == reading.open_rows > 2000
