from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.clean.published import parse_figures
from toolkit.errors import OptionError

PUBLISHED = Path(__file__).parents[2] / "data" / "raw" / "published_figures.csv"
# Written by hand from the texts, line by line.
EXPECTED = Path(__file__).with_name("published_figures_expected.csv")
AS_READ = ["low", "high", "unit", "bound", "inclusive", "approximate", "direction"]


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    return pd.read_csv(PUBLISHED, dtype="str").set_index("figure_id")


@pytest.fixture(scope="module")
def expected() -> pd.DataFrame:
    table = pd.read_csv(EXPECTED, dtype={"inclusive": "boolean"}).set_index("figure_id")
    return table.astype({"low": float, "high": float})


def test_all_published_figures_are_read(published: pd.DataFrame, expected: pd.DataFrame) -> None:
    figures = parse_figures(published["as_published"], measures=published["measure"])
    assert len(figures) == 111
    pd.testing.assert_frame_equal(figures[AS_READ], expected)
    assert figures["issue"].isna().all()
    assert figures["currency"].dropna().unique().tolist() == ["CNY"]
    assert (figures["currency"].notna() == (figures["unit"] == "CNY")).all()


def test_without_measures_a_bare_number_is_a_count(
    published: pd.DataFrame, expected: pd.DataFrame
) -> None:
    figures = parse_figures(published["as_published"])
    bare = ["points_loan", "points_threshold"]
    pd.testing.assert_frame_equal(figures[AS_READ].drop(bare), expected.drop(bare))
    assert figures.loc[bare, "unit"].tolist() == ["count", "count"]
    assert figures.loc[bare, "low"].tolist() == [9_000_000, 70]


@pytest.mark.parametrize(
    ("text", "low", "high", "unit", "bound"),
    [
        ("每1元撬动5元", None, None, None, None),
        ("1：5", 5, 5, "ratio", "exact"),
        ("超过1.5万户", 15_000, None, "count", "over"),
        ("逾2100亿元", 2.1e11, None, "CNY", "over"),
        ("近8万户", None, 80_000, "count", "under"),
        ("最高2亿元", None, 2e8, "CNY", "under"),
        ("5万元至20万元", 50_000, 200_000, "CNY", "range"),
        ("约118亿元", 1.18e10, 1.18e10, "CNY", "about"),
        ("92%", 0.92, 0.92, "share", "exact"),
        ("不到18个月", None, 18, "months", "under"),
        ("最长五年", None, None, None, None),
        ("不超过五年", None, 60, "months", "under"),
        ("三天内", None, 3, "days", "under"),
        ("最低10分钟", 10, None, "minutes", "over"),
        ("低1.5个百分点", 1.5, 1.5, "percentage_points", "exact"),
        ("2.3倍", 2.3, 2.3, "ratio", "exact"),
        ("70分以上", 70, None, "score", "over"),
        ("US$1.37 million", 1_370_000, 1_370_000, "USD", "exact"),
    ],
)
def test_figures_in_chinese(
    text: str, low: float | None, high: float | None, unit: str | None, bound: str | None
) -> None:
    figure = parse_figures([text]).iloc[0]
    for column, value in {"low": low, "high": high, "unit": unit, "bound": bound}.items():
        assert pd.isna(figure[column]) if value is None else figure[column] == value
    assert pd.isna(figure["issue"]) == (bound is not None)


@pytest.mark.parametrize(
    ("measure", "low", "unit", "issue"),
    [
        ("enterprises", 12, "count", None),
        ("loans_granted", 12, "count", None),
        ("loan_amount", 12, "CNY", None),
        ("loan_size", 12, "CNY", None),
        ("days_to_funds", 12, "days", None),
        ("minutes_to_funds", 12, "minutes", None),
        ("production_horizon", 12, "months", None),
        ("renewal_years", 144, "months", None),
        ("score_threshold", 12, "score", None),
        ("enterprises_scored", 12, "count", None),
        ("approval_rate", 12, None, "no_unit"),
        ("loan_growth_yoy", 12, None, "no_unit"),
        (None, 12, "count", None),
    ],
)
def test_a_measure_gives_a_bare_number_its_unit(
    measure: str | None, low: float, unit: str | None, issue: str | None
) -> None:
    figure = parse_figures(["12"], measures=[measure]).iloc[0]
    assert figure["low"] == low
    assert (figure["unit"] if unit else None) == unit
    assert (figure["issue"] if issue else None) == issue


def test_a_measure_never_overrules_the_text() -> None:
    figures = parse_figures(["92%", "18 months", "¥5 million"], measures=["loan_amount"] * 3)
    assert figures["unit"].tolist() == ["share", "months", "CNY"]


def test_what_is_not_read_says_why() -> None:
    figures = parse_figures(pd.Series(["tall", None, "n/a", "1,23", "9-5"], index=list("abcde")))
    assert figures.index.tolist() == list("abcde")
    assert figures["issue"].tolist() == [
        "not_an_amount", "missing", "missing", "ambiguous_marks", "reversed_range",
    ]  # fmt: skip
    assert figures["reason"].tolist() == [
        "'tall' is not an amount",
        "no value",
        "'n/a' stands for a missing value",
        "the comma in '1,23' may be a thousands or a decimal mark",
        "the range '9-5' ends below its beginning",
    ]
    assert figures[["low", "high", "unit", "bound", "inclusive"]].isna().all(axis=None)


def test_numbers_and_empty_columns() -> None:
    assert parse_figures([217, 2.5])["low"].tolist() == [217, 2.5]
    empty = parse_figures([])
    assert empty.columns.tolist() == [*AS_READ, "currency", "issue", "reason"]
    assert empty["low"].dtype == np.float64


def test_one_measure_for_each_figure() -> None:
    text = "measures has one name for each value; got 1 for 2 values."
    with pytest.raises(OptionError, match=f"^{re.escape(text)}$"):
        parse_figures(["1", "2"], measures=["loans"])


@given(st.lists(st.text() | st.none()))
def test_no_column_raises(values: list[str | None]) -> None:
    figures = parse_figures(values)
    assert len(figures) == len(values)
    read = figures["bound"].notna()
    assert (read == figures[["low", "high"]].notna().any(axis=1)).all()
    assert (read | figures["issue"].notna()).all()
    assert not np.isinf(figures[["low", "high"]].to_numpy()).any()
