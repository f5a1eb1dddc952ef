"""Totals of the year to date to single months and quarters, worked by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.clean.periods import deaccumulate, parse_periods
from toolkit.errors import ColumnError, DataError


def published(values: dict[str, float | None], **columns: object) -> pd.DataFrame:
    return parse_periods(list(values)).assign(value=list(values.values()), **columns)


def flows(table: pd.DataFrame) -> list[tuple[str, str, float, str, str]]:
    return [
        (f"{row.start:%Y-%m}", f"{row.end:%Y-%m}", row.value, row.frequency, row.mark)
        for row in table.fillna({"mark": ""}).itertuples()
    ]


def test_january_and_february_stay_together() -> None:
    table = published(
        {"2023年1-12月": 120, "2024年1-2月": 14, "2024年1-3月": 25, "2024年1-4月": 31.5}
    )
    parted = deaccumulate(table, value="value")
    assert flows(parted) == [
        ("2023-01", "2023-12", 120, "year", "combined"),
        ("2024-01", "2024-02", 14, "range", "combined"),
        ("2024-03", "2024-03", 11, "month", ""),
        ("2024-04", "2024-04", 6.5, "month", ""),
    ]
    assert parted["derivation"].tolist() == [*["as_published"] * 2, *["difference"] * 2]
    assert not parted["cumulative"].any()
    assert table["cumulative"].all()


def test_a_missing_month_is_not_invented() -> None:
    table = published(
        {"2024年1-2月": 14, "2024年1-3月": None, "2024年1-4月": 30, "2024年1-7月": 60}
    )
    parted = deaccumulate(table, value="value")
    assert flows(parted.drop(index=1)) == [
        ("2024-01", "2024-02", 14, "range", "combined"),
        ("2024-03", "2024-04", 16, "range", "gap"),
        ("2024-05", "2024-07", 30, "range", "gap"),
    ]
    kept = parted.loc[1]
    assert (kept["mark"], kept["cumulative"], kept["start"]) == (
        *("no_value", True, pd.Timestamp("2024-01-01")),
    )
    assert pd.isna(kept["value"])


def test_a_total_that_falls_is_marked() -> None:
    table = published({"2024年1-2月": 14, "2024年1-3月": 12, "2024年1-6月": 11})
    marks = deaccumulate(table, value="value")["mark"]
    assert marks.tolist() == ["combined", "likely_revision", "likely_revision"]


def test_quarterly_totals() -> None:
    table = published({"2024年一季度": 10, "2024年上半年": 25, "2024年前三季度": 36, "2024年": 50})
    assert flows(deaccumulate(table, value="value")) == [
        ("2024-01", "2024-03", 10, "quarter", ""),
        ("2024-01", "2024-06", 25, "half", ""),
        ("2024-07", "2024-09", 11, "quarter", ""),
        ("2024-01", "2024-12", 50, "year", ""),
    ]
    # A heading that says 累计值 makes totals of all of them.
    assert flows(deaccumulate(table.assign(cumulative=True), value="value")) == [
        ("2024-01", "2024-03", 10, "quarter", ""),
        ("2024-04", "2024-06", 15, "quarter", ""),
        ("2024-07", "2024-09", 11, "quarter", ""),
        ("2024-10", "2024-12", 14, "quarter", ""),
    ]


def test_january_alone_is_subtracted_and_stays() -> None:
    table = published({"2024年1月": 5, "2024年1-2月": 14, "2024年2月": 9, "2024年9月末": 77})
    assert flows(deaccumulate(table, value="value")) == [
        ("2024-01", "2024-01", 5, "month", ""),
        ("2024-02", "2024-02", 9, "month", ""),
        ("2024-02", "2024-02", 9, "month", ""),
        ("2024-09", "2024-09", 77, "month", ""),
    ]


def test_a_year_beside_its_own_total() -> None:
    table = published({"2024年": 50, "2024年1-11月": 44, "2024年1-12月": 50})
    assert flows(deaccumulate(table, value="value")) == [
        ("2024-01", "2024-12", 50, "year", ""),
        ("2024-01", "2024-11", 44, "range", "combined"),
        ("2024-12", "2024-12", 6, "month", ""),
    ]


def test_series_stay_apart_and_rows_in_place() -> None:
    table = published(
        {"2024年1-3月": 20, "2024年1-2月": 14},
        region=["430000", "430000"],
    )
    other = published({"2024年1-2月": 1, "2024年1-3月": 3}, region=["420000", None])
    both = pd.concat([table, other]).set_axis([9, 9, 4, 0])
    parted = deaccumulate(both, value="value", by="region")
    assert parted.index.tolist() == [9, 9, 4, 0]
    assert parted["value"].tolist() == [6, 14, 1, 3]
    assert parted["mark"].fillna("").tolist() == ["", "combined", "combined", "combined"]
    assert list(parted) == [*both, "derivation", "mark"]


def test_totals_of_a_fiscal_year() -> None:
    table = parse_periods(["2023年4-5月", "2023年4-6月"]).assign(
        value=pd.array([4, 9], dtype="Int64"),
        cumulative=pd.array([True, True], dtype="boolean"),
        frequency="month",
    )
    assert flows(deaccumulate(table, value="value")) == [
        ("2023-04", "2023-05", 4, "range", "combined"),
        ("2023-06", "2023-06", 5, "month", ""),
    ]


def test_totals_to_a_day() -> None:
    table = published({"年初至2024年3月5日": 4, "年初至2024年3月6日": 9})
    assert flows(deaccumulate(table, value="value")) == [
        ("2024-01", "2024-03", 4, "range", ""),
        ("2024-03", "2024-03", 5, "day", ""),
    ]


def test_rows_that_were_not_read_stay() -> None:
    table = published({"待定": 1, "2024年1-2月": 14, "2024年1-3月": 20})
    parted = deaccumulate(table, value="value")
    assert parted["value"].tolist() == [1, 14, 6]
    assert pd.isna(parted["start"].iloc[0])


def test_nothing_to_part() -> None:
    table = published({})
    assert deaccumulate(table.astype({"value": "float64"}), value="value").empty


def test_two_totals_for_one_stretch() -> None:
    table = published({"2024年1-2月": 14, "2024年1—2月": 15}, region="湖南", vintage=[1, 2])
    with pytest.raises(DataError) as caught:
        deaccumulate(table, value="value", by=["region"])
    assert str(caught.value) == (
        "region 湖南: 2 rows give 'value' from 2024-01-01 to 2024-02-29. "
        "Keep one of each, or name in by= what tells them apart."
    )
    assert deaccumulate(table, value="value", by=["region", "vintage"])["value"].tolist() == [
        *(14, 15)
    ]


@pytest.mark.parametrize(
    ("columns", "options", "message"),
    [
        (
            {},
            {"value": "valeu"},
            "No column 'valeu'. Did you mean 'value'? The table has: start, end, frequency, "
            "cumulative, instant, notes, issue, reason, value.",
        ),
        (
            {"value": "14"},
            {"value": "value"},
            "Column 'value' holds totals to be subtracted; it is str. "
            "Turn it into numbers first: parse_amounts.",
        ),
        (
            {"start": "2024-01-01"},
            {"value": "value"},
            "Column 'start' holds days; it is str. Read it first: parse_periods.",
        ),
    ],
)
def test_column_errors(columns: dict[str, object], options: dict[str, str], message: str) -> None:
    table = published({"2024年1-2月": 14}).assign(**columns)
    with pytest.raises(ColumnError) as caught:
        deaccumulate(table, **options)
    assert str(caught.value) == message


@given(
    months=st.lists(st.integers(0, 10**9), min_size=12, max_size=12),
    kept=st.sets(st.integers(1, 12), min_size=1),
    order=st.randoms(),
)
def test_flows_add_up_to_the_last_total(months: list[int], kept: set[int], order: object) -> None:
    totals = {f"2024年1-{month}月": sum(months[:month]) for month in kept}
    table = published(totals).sample(frac=1, random_state=order.randrange(2**32))
    parted = deaccumulate(table, value="value").sort_values("end")
    assert parted["value"].sum() == sum(months[: max(kept)])
    # The stretches tile the year: each begins where the one before it ends.
    assert parted["start"].iloc[0] == pd.Timestamp("2024-01-01")
    follows = parted["start"].iloc[1:].to_numpy() - parted["end"].iloc[:-1].to_numpy()
    assert (follows == pd.Timedelta(days=1)).all()
    for row in parted.itertuples():
        assert row.value == sum(months[row.start.month - 1 : row.end.month])
