"""Columns of periods are read one way throughout, as their rows show or their caller says."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.clean.periods.texts import days, one, shape
from toolkit.clean.periods import parse_periods, read_periods


def test_one_row_settles_the_order_of_all() -> None:
    reading = read_periods(["05/03/2020", "25/03/2020", "5.4.2020 10:30", "06/06/2020", None])
    assert days(reading.table) == ["2020-03-05", "2020-03-25", "2020-04-05", "2020-06-06", ""]
    assert reading.table["notes"].fillna("").tolist() == [
        *("day_first", "", "day_first; time_dropped", "", "")
    ]
    assert (reading.date_order, reading.decided_by, reading.open_rows) == ("day_first", "rows", 2)
    assert reading.witnesses == {"day_first": 1}
    assert reading.examples == {"day_first": "25/03/2020"}
    assert reading.unread.empty


def test_month_first_is_shown_as_well() -> None:
    reading = read_periods(["05/03/2020", "03/25/2020"])
    assert days(reading.table) == ["2020-05-03", "2020-03-25"]
    assert reading.sentence() == (
        "Dates are read month first, as 1 row shows ('03/25/2020'); 1 row turned on it."
    )


def test_rows_that_contradict_each_other_settle_nothing() -> None:
    reading = read_periods(["05/03/2020", "25/03/2020", "03/25/2020", "07/07/2020", "05/03/2020"])
    assert days(reading.table) == ["", "2020-03-25", "2020-03-25", "2020-07-07", ""]
    assert reading.unread["issue"].tolist() == ["ambiguous_order"] * 2
    assert (reading.date_order, reading.decided_by) == ("mixed", "nothing")
    assert reading.sentence() == (
        "The column is written day first in 1 row ('25/03/2020') and month first in 1 row "
        "('03/25/2020'); 2 rows that could be either left unread. Say date_order=."
    )


def test_without_a_telling_row_nothing_is_guessed() -> None:
    reading = read_periods(["05/03/2020", "06/04/2020", "07/07/2020"])
    assert days(reading.table) == ["", "", "2020-07-07"]
    assert reading.date_order == "undecided"
    assert reading.sentence() == (
        "No row shows whether the day or the month comes first; 2 rows left unread. "
        "Say date_order=."
    )


def test_the_caller_settles_and_what_contradicts_him_is_flagged() -> None:
    reading = read_periods(["05/03/2020", "03/25/2020", "25/03/2020"], date_order="day_first")
    assert days(reading.table) == ["2020-03-05", "", "2020-03-25"]
    assert reading.unread["reason"].tolist() == [
        "'03/25/2020' is not in the calendar with the day first. Correct it at the source."
    ]
    assert reading.decided_by == "caller"
    assert reading.sentence() == "Dates are read day first, as was asked; 1 row turned on it."


def test_an_impossible_date_shows_nothing() -> None:
    reading = read_periods(["31/02/2020", "05/03/2020"])
    assert reading.table["issue"].tolist() == ["impossible_date", "ambiguous_order"]
    assert reading.date_order == "undecided"


def test_columns_without_such_dates_need_no_order() -> None:
    reading = read_periods(["2024-03-05", "2024年3月"])
    assert reading.date_order == "not_needed"
    assert reading.sentence() == "No date had to be told day from month."


def test_texts_that_take_the_long_way_settle_and_are_settled() -> None:
    table = parse_periods([" 25/03/2020", "as of 05/03/2020", "05/03/2020 - 06/03/2020"])
    assert days(table) == ["2020-03-25", "2020-03-05", "2020-03-05"]
    assert table["instant"].tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("texts", "options", "expected"),
    [
        (["25/03/99", "05/03/20"], {"century_start": 1950}, ["1999-03-25", "2020-03-05"]),
        (["03/25/99", "05/03/20"], {"century_start": 1950}, ["1999-03-25", "2020-05-03"]),
        (["99-03-25", "24-03-05"], {"century_start": 1950}, ["1999-03-25", "2024-03-05"]),
        (["25/03/20", "05/03/20"], {"century_start": 1950}, ["", ""]),
        (["25/03/2020", "05/03/20"], {"century_start": 1950}, ["2020-03-25", "2020-03-05"]),
        (["31/12/99", "05/03/2020"], {}, ["", "2020-03-05"]),
        (
            ["25/03/20"],
            {"century_start": 1950, "date_order": "year_first"},
            ["2025-03-20"],
        ),
        (["Mar-49", "Mar-50"], {"century_start": 1950}, ["2049-03-01", "1950-03-01"]),
        (["3Q25", "24年3月5日"], {"century_start": 2000}, ["2025-07-01", "2024-03-05"]),
        (["5-Mar-24", "1H24"], {"century_start": 1990}, ["2024-03-05", "2024-01-01"]),
        (["Mar 99", "Mar 24"], {"century_start": 1950}, ["1999-03-01", ""]),
    ],
)
def test_two_digit_years(texts: list[str], options: dict[str, object], expected: list[str]) -> None:
    table = parse_periods(texts, **options)
    assert days(table) == expected
    for text, notes, read in zip(texts, table["notes"].fillna(""), expected, strict=True):
        assert ("two_digit_year" in notes) == (bool(read) and "2020" not in text)


def test_pairs_of_years_show_what_their_column_means() -> None:
    assert days(parse_periods(["2009/10", "2010/12"])) == ["2009-10-01", "2010-12-01"]
    pairs = ["2009/10", "2012/13"]
    assert parse_periods(pairs)["issue"].tolist() == ["fiscal_year"] * 2
    table = parse_periods(pairs, fiscal_year_start=4)
    assert days(table) == ["2009-04-01", "2012-04-01"]
    assert table["end"].dt.strftime("%Y-%m-%d").tolist() == ["2010-03-31", "2013-03-31"]


def test_year_from_context() -> None:
    texts = ["三季度末", "1-9月", "2023年9月", "三季度末"]
    table = parse_periods(texts, year=2024)
    assert days(table) == ["2024-09-30", "2024-01-01", "2023-09-01", "2024-09-30"]
    assert table["notes"].fillna("").tolist() == [
        *("year_from_context", "year_from_context", "", "year_from_context")
    ]
    by_row = parse_periods(pd.Series(texts, index=list("abcd")), year=[2024, 2025, 1999, None])
    assert days(by_row) == ["2024-09-30", "2025-01-01", "2023-09-01", ""]
    assert by_row.index.tolist() == list("abcd")
    assert by_row["issue"].fillna("").tolist() == ["", "", "", "no_year"]
    assert parse_periods(["1-9月", None], year=2024)["issue"].fillna("").tolist() == ["", "missing"]
    assert shape(one("2月29日", year=2024))[0] == "2024-02-29"
    assert one("2月29日", year=2023)["issue"] == "impossible_date"
