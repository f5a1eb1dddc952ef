from __future__ import annotations

import datetime as dt
import re
import time
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.clean.amounts import heading_unit, parse_amounts, read_amounts
from toolkit.errors import OptionError


def test_index_and_name_are_kept() -> None:
    texts = pd.Series(["5万", None, "5万", "x"], index=[7, 7, 3, 1], name="amount")
    expected = pd.Series([50_000.0, np.nan, 50_000.0, np.nan], index=[7, 7, 3, 1], name="amount")
    pd.testing.assert_series_equal(parse_amounts(texts), expected)
    assert read_amounts(texts).index.tolist() == [7, 7, 3, 1]


@pytest.mark.parametrize(
    "values",
    [
        ["5万", None, "1.5"],
        np.array(["5万", None, "1.5"], dtype=object),
        pd.Series(["5万", None, "1.5"], dtype="str"),
        pd.Series(["5万", None, "1.5"], dtype="string"),
        pd.Series(["5万", None, "1.5"], dtype=object),
        pd.Series(["5万", None, "1.5"], dtype="category"),
        pd.Series(["5万", None, "1.5"], dtype=pd.ArrowDtype(pa.string())),
        pl.Series(["5万", None, "1.5"]),
        pa.chunked_array([["5万", None], ["1.5"]]),
        ["5万", float("nan"), 1.5],
        ["5万", pd.NaT, Decimal("1.5")],
        ["5万", pd.NA, np.float64(1.5)],
    ],
)
def test_columns_of_every_kind(values: object) -> None:
    np.testing.assert_array_equal(parse_amounts(values), [50_000.0, np.nan, 1.5])
    assert read_amounts(values)["issue"].fillna("").tolist() == ["", "missing", ""]


@pytest.mark.parametrize(
    "values",
    [
        pd.Series([1.1, np.nan, np.inf, -2]),
        pd.Series([1.1, None, np.inf, -2], dtype="Float64"),
        pd.Series([1.1, None, float("inf"), -2], dtype=pd.ArrowDtype(pa.float64())),
    ],
)
def test_numbers_take_the_unit_of_the_column(values: pd.Series) -> None:
    amounts = parse_amounts(values, unit="亿元")
    np.testing.assert_array_equal(amounts, [110_000_000.0, np.nan, np.nan, -200_000_000.0])
    full = read_amounts(values, unit="亿元")
    np.testing.assert_array_equal(full["value"], amounts)
    assert full["issue"].fillna("").tolist() == ["", "missing", "not_an_amount", ""]
    assert parse_amounts(pd.array([3, None], dtype="Int64"), unit="万元").tolist()[0] == 30_000


@pytest.mark.parametrize("number", [544218.9298, 88_000.01, -903_308.4716, 999_999.9999])
def test_large_numbers_are_as_exact_as_their_texts(number: float) -> None:
    """Floats lie so far apart there that rounding to the cent would not mend a product."""
    expected = float(Decimal(repr(number)) * 10**8)
    assert parse_amounts(pd.Series([number]), unit="亿元").tolist() == [expected]
    assert parse_amounts(pd.Series([str(number)]), unit="亿元").tolist() == [expected]


@given(st.lists(st.decimals(-(10**6), 10**6, places=4)), st.sampled_from(["元", "万元", "亿元"]))
def test_numbers_and_their_texts_agree(numbers: list[Decimal], unit: str) -> None:
    as_numbers = parse_amounts(pd.Series([float(n) for n in numbers], dtype=float), unit=unit)
    as_texts = parse_amounts(pd.Series([f"{n:f}" for n in numbers], dtype="str"), unit=unit)
    np.testing.assert_array_equal(as_numbers, as_texts)


def test_what_is_neither_text_nor_number_is_refused_row_by_row() -> None:
    values = [True, dt.date(2024, 3, 5), pd.Timestamp("2024-03-05"), [5], {5}, b"5", 1 + 2j, 1]
    frame = read_amounts(values)
    assert frame["issue"].fillna("").tolist() == ["not_an_amount"] * 7 + [""]
    assert parse_amounts(pd.Series([True, False])).isna().all()
    assert parse_amounts(pd.Series(pd.to_datetime(["2024-03-05"]))).isna().all()


def test_empty_columns() -> None:
    assert parse_amounts([]).dtype == np.float64
    frame = read_amounts([])
    assert frame.columns.tolist() == [
        "value", "low", "high", "currency", "unit", "bound", "inclusive", "issue", "reason",
    ]  # fmt: skip
    assert len(frame) == 0


def test_the_full_reading() -> None:
    frame = read_amounts(["约5万", "超过5亿元", "x", None, "$3"], rates={"USD": 7.0})
    expected = pd.DataFrame(
        {
            "value": [50_000, np.nan, np.nan, np.nan, 21.0],
            "low": [50_000, 500_000_000, np.nan, np.nan, 21.0],
            "high": [50_000, np.nan, np.nan, np.nan, 21.0],
            "currency": pd.Series(["CNY", "CNY", None, None, "USD"], dtype="str"),
            "unit": pd.Series(["万", "亿元", None, None, "$"], dtype="str"),
            "bound": pd.Series(["about", "over", None, None, "exact"], dtype="str"),
            "inclusive": pd.Series([True, False, None, None, True], dtype="boolean"),
            "issue": pd.Series(
                [None, "bound", "not_an_amount", "missing", "bare_dollar"], dtype="str"
            ),
            "reason": pd.Series(
                [
                    None,
                    "'超过5亿元' is a bound or a range, which low and high keep, "
                    "and not one amount",
                    "'x' is not an amount",
                    "no value",
                    "the bare $ in '$3' was taken for the US dollar",
                ],
                dtype="str",
            ),
        }
    )
    pd.testing.assert_frame_equal(frame, expected)


def test_money_without_a_rate_is_empty_and_says_so() -> None:
    values = pd.Series(["€3", "5万", "over €5", "US$2", "x"])
    assert parse_amounts(values, rates={"USD": 7.2}).isna().tolist() == [
        True,
        False,
        True,
        False,
        True,
    ]
    frame = read_amounts(values, rates={"USD": 7.2})
    assert frame["issue"].fillna("").tolist() == ["no_rate", "", "no_rate", "", "not_an_amount"]
    assert frame["reason"][0] == "no rate turns the EUR of '€3' into CNY"
    assert frame[["value", "low", "high"]].loc[[0, 2]].isna().all(axis=None)
    assert parse_amounts(values).notna().tolist() == [False, True, False, False, False]


def test_rates_by_date() -> None:
    rates = pd.DataFrame(
        {"currency": ["USD", "USD"], "date": ["2024-01-01", "2024-06-01"], "rate": [7.1, 7.25]}
    )
    values = pd.Series(["US$1", "US$1", "US$1", "1", "US$1"], index=list("abcde"))
    dates = pd.Series(["2023-01-01", "2024-05-01", "2024-06-01", None, None], index=list("vwxyz"))
    amounts = parse_amounts(values, rates=rates, dates=dates)
    expected = pd.Series([np.nan, 7.1, 7.25, 1.0, np.nan], index=list("abcde"))
    pd.testing.assert_series_equal(amounts, expected)
    frame = read_amounts(values, rates=rates, dates=dates)
    assert frame["issue"].fillna("").tolist() == ["no_rate", "", "", "", "no_rate"]
    with pytest.raises(OptionError, match=r"^rates are given by date; dates= says which"):
        parse_amounts(values, rates=rates)


def test_the_currency_of_bare_numbers() -> None:
    rates = {"USD": 7.2, "HKD": 0.9}
    values = ["1 million", "1万元", "HK$1"]
    assert parse_amounts(values, currency="usd", rates=rates).tolist() == [7_200_000, 10_000, 0.9]
    assert parse_amounts([1.0, 2.0], unit="万美元", rates=rates).tolist() == [72_000, 144_000]
    assert parse_amounts(["1"], unit="万美元").isna().all()


def test_the_decimal_mark_that_the_caller_names() -> None:
    values = ["1.234", "1,23", "1,234", "1.234.567,8", "1,234,567.8", "1.5"]
    point = parse_amounts(values)
    comma = parse_amounts(values, decimal=",")
    np.testing.assert_array_equal(point, [1.234, np.nan, 1234, 1_234_567.8, 1_234_567.8, 1.5])
    np.testing.assert_array_equal(comma, [1234, 1.23, 1.234, 1_234_567.8, 1_234_567.8, np.nan])
    assert read_amounts(["1.5"], decimal=",")["issue"].tolist() == ["ambiguous_marks"]
    assert parse_amounts(["1,5", 1.5], decimal=",").tolist() == [1.5, 1.5]


def test_a_heading_gives_the_unit() -> None:
    heading = "贷款余额（亿元）"
    assert parse_amounts(["1.1", "2,000"], unit=heading_unit(heading)).tolist() == [1.1e8, 2e11]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (
            {"unit": "万园"},
            "unit is a unit of money such as '万元' or 'million yuan'; got '万园'.",
        ),
        (
            {"unit": "milion yuan"},
            "unit is a unit of money such as '万元' or 'million yuan'; got 'milion yuan'. "
            "Did you mean 'million yuan'?",
        ),
        ({"unit": 10_000}, "unit is a unit of money such as '万元' or 'million yuan'; got 10000."),
        (
            {"currency": "yuan"},
            "currency is an ISO 4217 code such as 'CNY' or 'USD'; got 'yuan'.",
        ),
        (
            {"decimal": ";"},
            "decimal is '.' or ','; got ';'. Say which mark the numbers use.",
        ),
    ],
)
def test_options_that_cannot_be_meant(options: dict[str, str], text: str) -> None:
    for read in (parse_amounts, read_amounts):
        with pytest.raises(OptionError, match=f"^{re.escape(text)}$"):
            read(["5"], **options)


def test_a_table_is_not_a_column() -> None:
    with pytest.raises(OptionError, match=r"^values is one column of texts; got a DataFrame\."):
        parse_amounts(pd.DataFrame({"amount": ["5"]}))
    with pytest.raises(OptionError, match=r"^values is one column of texts; got one text\."):
        parse_amounts("5万")


@given(st.lists(st.none() | st.text() | st.floats() | st.booleans() | st.integers()))
def test_no_column_raises(values: list[object]) -> None:
    amounts = parse_amounts(values)
    frame = read_amounts(values)
    np.testing.assert_array_equal(amounts, frame["value"])
    assert (amounts.isna() <= frame["issue"].notna()).all()
    assert (frame["issue"].isna() == frame["reason"].isna()).all()


def test_repeated_texts_cost_nothing() -> None:
    """Half a million rows of four texts take as long as four texts and a lookup."""
    texts = pd.Series(["1,600万元", "US$5m", "壹佰贰拾万元整", "x"] * 125_000)
    start = time.process_time()
    parse_amounts(texts, rates={"USD": 7.0})
    assert time.process_time() - start < 2
