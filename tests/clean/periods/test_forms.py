"""Every form of a period by hand, and every reason for which a text is none."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from tests.clean.periods.texts import DAY, FORMS, UNREAD, Shape, days, one, shape
from toolkit.clean.periods import parse_periods


@pytest.mark.parametrize(
    ("text", "expected"),
    [(text, known) for known, texts in FORMS.items() for text in texts],
)
def test_form(text: str, expected: Shape) -> None:
    row = one(text)
    assert pd.isna(row["issue"]), row["reason"]
    assert shape(row) == expected
    assert pd.isna(row["notes"])


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05T10:30:00",
        "2024-03-05T10:30:00.123456+08:00",
        "2024-03-05T10:30Z",
        "2024-03-05 9:30",
        "2024/3/5 23:59:59",
        "20240305T103000Z",
        "05MAR2024:10:30:00",
        "2024年3月5日 10:30",
        "2024年3月5日上午10时30分",
        "5 March 2024, 10:30 am",
        "Tue, 05 Mar 2024 10:00:00 GMT",
        "2024-03-05T00:00:00+08:00",
        datetime(2024, 3, 5, 10, 30),
        datetime(2024, 3, 5, 10, 30, tzinfo=timezone(timedelta(hours=8))),
        np.datetime64("2024-03-05T10:30"),
        pd.Timestamp("2024-03-05 23:00", tz="Asia/Shanghai"),
        pd.Period("2024-03-05 10:00", freq="h"),
    ],
)
def test_time_of_day_is_dropped_and_noted(text: object) -> None:
    row = one(text)
    assert shape(row) == DAY
    assert row["notes"] == "time_dropped"


@pytest.mark.parametrize(
    "text",
    ["2024-03-05T00:00:00", "2024/3/5 0:00", "2024-03-05 00:00:00.000", pd.Timestamp("2024-03-05")],
)
def test_midnight_loses_nothing(text: object) -> None:
    row = one(text)
    assert shape(row) == DAY
    assert pd.isna(row["notes"])


@pytest.mark.parametrize(
    ("issue", "text"),
    [
        *((issue, text) for issue, texts in UNREAD.items() for text in texts),
        *(("missing", mark) for mark in (None, np.nan, pd.NaT, pd.NA, Decimal("NaN"))),
        ("not_a_period", "x" * 1000),
    ],
)
def test_issue(issue: str, text: object) -> None:
    row = one(text)
    assert row["issue"] == issue
    assert isinstance(row["reason"], str)
    assert row["reason"].endswith(".")
    assert pd.isna(row[["start", "end", "frequency", "notes"]]).all()
    assert not row["cumulative"]
    assert not row["instant"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hello", "'hello' is not a period. Correct it at the source."),
        (None, "No period is given."),
        (
            "2023-02-29",
            "'2023-02-29' is not in the calendar: February 2023 has 28 days. "
            "Correct it at the source.",
        ),
        (
            "2024Q5",
            "'2024Q5' has no quarter 5: they run from 1 to 4. Correct it at the source.",
        ),
        (
            "05/03/2020",
            "'05/03/2020' is more than one day, and the other rows do not settle which. "
            "Say date_order='day_first' or 'month_first' in Python, --date-order on the command "
            "line.",
        ),
        (
            "Mar-24",
            "'Mar-24' has a two-digit year. Say century_start=1950 in Python, --century-start 1950 "
            "on the command line, to read 49 as 2049 and 50 as 1950.",
        ),
        (
            "三季度末",
            "'三季度末' has no year. parse_periods takes year=, one for all or one a row.",
        ),
        (
            "FY2024",
            "'FY2024' is a fiscal year. parse_periods takes fiscal_year_start=, the month in which "
            "it begins.",
        ),
        (
            "截至9月末累计",
            "'截至9月末累计' may run from January or from the very beginning. "
            "Where it is the year to date, write 1-9月 or 年初至9月.",
        ),
        (
            "2024 YTD",
            "'2024 YTD' is a year to date that does not say until when. Name its last month.",
        ),
        ("x" * 100, f"'{'x' * 80}…' is not a period. Correct it at the source."),
    ],
)
def test_reason_quotes_the_text_and_says_what_to_do(text: str | None, reason: str) -> None:
    options = {"year": 2024} if text == "截至9月末累计" else {}
    assert one(text, **options)["reason"] == reason


def test_numbers() -> None:
    table = parse_periods([2024, 20240305, 202403, 2024.0, np.int64(1990), Decimal(2100), True])
    assert table["frequency"].fillna("").tolist() == [
        *("year", "day", "month", "year", "year", "year", "")
    ]
    assert days(table)[:3] == ["2024-01-01", "2024-03-05", "2024-03-01"]
    assert table["reason"].iloc[-1] == "'bool True' is not a period. Correct it at the source."


def test_a_number_that_lost_its_zero_is_not_january() -> None:
    assert one("2024.1")["frequency"] == "month"
    assert one(2024.1)["reason"] == ("'number 2024.1' is not a period. Correct it at the source.")


@pytest.mark.parametrize(
    ("text", "start_month", "named", "expected"),
    [
        ("FY2024", 1, None, ("2024-01-01", "2024-12-31", "year")),
        ("FY2024", 10, "end", ("2023-10-01", "2024-09-30", "year")),
        ("FY2024", 4, "start", ("2024-04-01", "2025-03-31", "year")),
        ("FY2023/24", 4, None, ("2023-04-01", "2024-03-31", "year")),
        ("FY2023-2024", 7, None, ("2023-07-01", "2024-06-30", "year")),
        ("2023/24", 4, None, ("2023-04-01", "2024-03-31", "year")),
        ("2024财年", 4, "end", ("2023-04-01", "2024-03-31", "year")),
        ("Q1 FY2024", 10, "end", ("2023-10-01", "2023-12-31", "quarter")),
        ("FY2024Q4", 10, "end", ("2024-07-01", "2024-09-30", "quarter")),
        ("FY2024 H2", 7, "end", ("2024-01-01", "2024-06-30", "half")),
    ],
)
def test_fiscal_years(
    text: str, start_month: int, named: str | None, expected: tuple[str, str, str]
) -> None:
    row = one(text, fiscal_year_start=start_month, fiscal_year_named=named)
    assert shape(row)[:3] == expected
    assert row["notes"] == "fiscal_year"


def test_fiscal_years_in_two_digits() -> None:
    options = {"fiscal_year_start": 4, "fiscal_year_named": "start"}
    assert one("FY24", **options)["issue"] == "two_digit_year"
    row = one("FY99/00", century_start=1950, **options)
    assert shape(row)[:2] == ("1999-04-01", "2000-03-31")
    assert row["notes"] == "fiscal_year; two_digit_year"
    assert one("FY2023/25", **options)["issue"] == "impossible_date"
    assert one("FY0000", **options)["issue"] == "not_a_period"


@pytest.mark.parametrize(
    ("text", "start_month", "reason"),
    [
        (
            "FY2024",
            4,
            "'FY2024' may be named for the year in which it starts or ends. "
            "parse_periods takes fiscal_year_named=.",
        ),
        (
            "FY2023/24",
            1,
            "'FY2023/24' names two years, but fiscal years were said to begin in January.",
        ),
    ],
)
def test_fiscal_years_that_stay_open(text: str, start_month: int, reason: str) -> None:
    row = one(text, fiscal_year_start=start_month)
    assert (row["issue"], row["reason"]) == ("fiscal_year", reason)


def test_excel_numbers_alone_in_their_column_are_days() -> None:
    for values in (["45000", "45000.5", ""], [45000, 45000.5, None]):
        table = parse_periods(values)
        assert days(table) == ["2023-03-15", "2023-03-15", ""]
        assert table["notes"].fillna("").tolist() == [
            *("excel_serial", "excel_serial; time_dropped", "")
        ]


def test_excel_numbers_among_other_texts_are_flagged_unless_the_caller_says() -> None:
    mixed = ["2024-03-05", "45000", 45001]
    table = parse_periods(mixed)
    assert days(table) == ["2024-03-05", "", ""]
    assert table["reason"].iloc[1] == (
        "'45000' may be Excel's number for 2023-03-15, but not every row is such a number. "
        "Say excel='1900' in Python, --excel 1900 on the command line, to read it so."
    )
    assert days(parse_periods(mixed, excel="1900")) == ["2024-03-05", "2023-03-15", "2023-03-16"]
    assert days(parse_periods([43538], excel="1904")) == ["2023-03-15"]


def test_numbers_of_another_time_are_not_taken_for_excel_days() -> None:
    assert parse_periods([20243, 20244])["issue"].tolist() == ["excel_serial"] * 2
    assert parse_periods([45000, 90000])["issue"].tolist() == ["excel_serial", "not_a_period"]
