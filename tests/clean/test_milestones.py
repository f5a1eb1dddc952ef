"""Registers of milestones to spells."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.clean.milestones import clean_milestones
from toolkit.clean.rows.months import months_between
from toolkit.errors import OptionError
from toolkit.schema import MILESTONES

HEADINGS = ["unit_id", "region", "sector", "start", "registered", "production", "exit"]


def spells(*rows, until="2024-12-31", **options):
    cells = [[f"U{place}", "湖南", "battery", *row] for place, row in enumerate(rows)]
    return clean_milestones(
        pd.DataFrame(cells, columns=HEADINGS, dtype="str"), observed_until=until, **options
    )


def test_spells_end_with_production_exit_or_the_end_of_observation():
    cleaned = spells(
        ["2023-01-31", "", "2024-02-29", ""],
        ["2023-01-31", "2023-03-01", "", "2024-03-15"],
        ["2024-12-01", "2024-11-01", "", ""],
        ["2023-01-01", "", "2023-07-01", "2024-01-01"],
    )
    table = cleaned.table
    assert table.columns.tolist() == [*MILESTONES.names, "flags"]
    assert table["outcome"].tolist() == ["production", "exit", "censored", "production"]
    # By hand: 13 months; 13 and 15 of the 31 days after 29 February; 30 of the 31 of December.
    assert table["duration"].tolist() == pytest.approx([13, 13 + 15 / 31, 30 / 31, 6])
    assert table["entry"].tolist() == pytest.approx([0, 1 + 1 / 31, 0, 0])
    assert table["flags"].tolist() == ["", "", "", "production_and_exit"]


@pytest.mark.parametrize(
    ("row", "reasons"),
    [
        (["2023-05-01", "", "2022-05-01", ""], "production_before_start"),
        (["2023-05-01", "", "", "2022-05-01"], "exit_before_start"),
        (["2023-05-01", "", "2024-05-01", "2024-01-01"], "exit_before_production"),
        (["2023-05-01", "", "2025-05-01", ""], "date_after_observed_until"),
        (["2023-05-01", "2024-06-01", "2024-05-01", ""], "entered_after_end"),
        (["", "", "2024-05-01", ""], "missing_start"),
        (["2023-05-01", "", "soon", ""], "unreadable_production"),
    ],
)
def test_impossible_orders_are_rejected(row, reasons):
    cleaned = spells(row)
    assert cleaned.rejected["reasons"].tolist() == [reasons]


def test_a_period_stands_for_its_middle_or_its_last_possible_day():
    cleaned = spells(
        ["2023-01-01", "", "2023年二季度", ""],
        ["2023-03-20", "", "2023Q1", ""],
        ["2024-01-01", "", "2024年四季度", ""],
        until="2024-11-10",
    )
    days = cleaned.table["production"].dt.strftime("%Y-%m-%d").tolist()
    assert days == ["2023-05-16", "2023-03-31", "2024-11-10"]
    assert cleaned.table["flags"].tolist() == ["production_not_a_day"] * 3
    assert spells(["2023-05-01", "", "2023Q1", ""]).rejected["reasons"].tolist() == [
        "production_before_start"
    ]


def test_the_earlier_end_of_observation_counts():
    frame = pd.DataFrame(
        [["U1", "湖南", "x", "2024-01-01", "", "2024-07-01"]],
        columns=["unit_id", "region", "sector", "start", "production", "observed_until"],
        dtype="str",
    )
    for until, months in ((None, 6.0), ("2024-12-31", 6.0), ("2024-04-01", 3.0)):
        cleaned = clean_milestones(frame, observed_until=until)
        assert cleaned.table["duration"].tolist() == [months]
    empty = clean_milestones(frame.assign(observed_until=""), observed_until=None)
    assert empty.rejected["reasons"].tolist() == ["no_end"]
    with pytest.raises(OptionError) as caught:
        clean_milestones(frame.drop(columns="observed_until"), observed_until=None)
    assert str(caught.value) == (
        "observed_until is the last day of observation, without which no spell can be censored; "
        "none was given, and no column says it. Give a day such as '2024-12-31'."
    )


def test_the_survival_models_read_the_spells():
    from toolkit.models.survival import survival_curve

    cleaned = spells(*(["2023-01-01", "", f"2023-{month:02}-01", ""] for month in range(2, 12)))
    curve = survival_curve(cleaned.table, exits="censor").tidy()
    assert curve["estimate"].iloc[-1] == pytest.approx(0.0)


DAYS = st.dates(date(1990, 1, 1), date(2050, 12, 31))


@given(DAYS, DAYS)
def test_months_add_up_and_agree_with_pandas(one, other):
    first, last = sorted((one, other))
    frame = nw.from_native(pl.DataFrame({"a": [first], "b": [last]}))
    months = frame.select(months_between("a", "b").alias("m"))["m"].to_list()[0]
    low = pd.Timestamp(first) + pd.DateOffset(months=int(months))
    high = pd.Timestamp(first) + pd.DateOffset(months=int(months) + 1)
    assert low <= pd.Timestamp(last) < high
    assert months - int(months) == pytest.approx((pd.Timestamp(last) - low) / (high - low))
