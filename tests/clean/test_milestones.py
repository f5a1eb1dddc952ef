"""Registers of milestones to spells."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.clean.milestones import clean_milestones
from toolkit.clean.rows.months import months_between
from toolkit.errors import ColumnError, OptionError
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
        (["2025-05-01", "", "", ""], "date_after_observed_until"),
        (["2025-05-01", "", "2025-06-01", ""], "date_after_observed_until"),
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


def test_what_lies_after_the_last_day_is_not_known_on_it():
    # A later production was once rejected, which left the slow units out and shares too high.
    cleaned = spells(
        ["2023-01-01", "", "2024-01-01", ""],
        ["2024-07-01", "", "2026-06-01", ""],
        ["2024-01-01", "", "", "2025-02-01"],
        ["2024-01-01", "", "2025-01-01", "2024-07-01"],
        ["2024-01-01", "", "2024-07-01", "2025-02-01"],
        ["2024-01-01", "", "2024-12-31", ""],
    )
    table = cleaned.table
    ends = [
        ("production", 12),
        ("censored", 5 + 30 / 31),
        ("censored", 11 + 30 / 31),
        ("exit", 6),
        ("production", 6),
        ("production", 11 + 30 / 31),
    ]
    assert table["outcome"].tolist() == [outcome for outcome, _ in ends]
    assert table["duration"].tolist() == pytest.approx([months for _, months in ends])
    late, left = "production_after_observed_until", "exit_after_observed_until"
    assert table["flags"].tolist() == ["", late, left, late, left, ""]
    assert table["production"].isna().tolist() == [False, True, True, True, False, False]
    assert table["exit"].isna().tolist() == [True, True, True, False, True, True]
    assert cleaned.audit.count(late) == cleaned.audit.count(left) == 2
    events = cleaned.audit.events.set_index("rule")
    assert events.loc[late, "before"].tolist() == ["2026-06-01", "2025-01-01"]
    assert (
        "  flagged         2  production_after_observed_until: Production after the last day of "
        "observation, also planned: on that day the unit was still under way, and is censored "
        "there. The later date is left out."
    ) in cleaned.audit.summary().splitlines()


def test_by_hand_a_later_success_lowers_the_share():
    # Of four units one is in production at 6 months and one at 18, after the last day: at 12
    # months 1 of 4; without the late one it would be 1 of 3.
    cleaned = spells(
        ["2024-01-01", "", "2024-07-01", ""],
        ["2024-01-01", "", "2025-07-01", ""],
        ["2024-01-01", "", "", ""],
        ["2024-01-01", "", "", ""],
        until="2025-01-01",
    )
    from toolkit.models.survival import survival_curve

    curve = survival_curve(cleaned.table, exits="censor").tidy()
    assert curve["estimate"].iloc[-1] == pytest.approx(3 / 4)


@pytest.mark.parametrize("exits", ["censor", "compete"])
def test_a_register_cut_off_earlier_gives_the_same_curve_as_far_as_it_reaches(exits):
    from toolkit.models.survival import reach

    rng = np.random.default_rng(20240630)
    count = 400
    start = pd.Timestamp("2019-01-01") + pd.to_timedelta(rng.integers(0, 700, count), unit="D")
    made = start + pd.to_timedelta(rng.gamma(2, 250, count).astype(int), unit="D")
    left = start + pd.to_timedelta(rng.gamma(2, 500, count).astype(int), unit="D")
    register = pd.DataFrame(
        {
            "unit_id": [f"U{unit}" for unit in range(count)],
            "start": start,
            "production": made.where(made <= left),
            "exit": left.where(left < made),
        }
    )
    none = {"region": None, "sector": None}
    full, cut = (
        clean_milestones(register, columns=none, observed_until=until)
        for until in ("2035-12-31", "2021-12-31")
    )
    assert full.audit.passed == cut.audit.passed == count
    assert cut.audit.count("production_after_observed_until") > 20
    # Everybody had started a year before the earlier day: until then nobody is censored there.
    for months in (3, 6, 9, 12):
        whole, part = (reach(one.table, months=months, exits=exits).tidy() for one in (full, cut))
        assert part["estimate"].tolist() == pytest.approx(whole["estimate"].tolist(), abs=1e-12)
    late = cut.table["flags"].str.contains("after_observed_until")
    without = reach(cut.table[~late], months=12, exits=exits).tidy()["estimate"].iloc[0]
    assert without > whole["estimate"].iloc[0] + 0.02


NOT_YET = [
    "未投产", "尚未", "尚未投产", "尚未量产", "暂未投产", "在建", "未完成", "进行中", "建设中",
    "未", "否", "0", "无", "暂无", "待定", "not yet", "Not yet in production", "in progress",
    "ongoing", "on-going", "pending", "none", "no", "No", "under construction", "（未投产）",
]  # fmt: skip


def test_words_for_not_yet_are_no_milestone_and_flagged():
    cleaned = spells(*(["2023-01-01", "", word, word] for word in NOT_YET))
    assert cleaned.audit.rejected == 0
    assert set(cleaned.table["outcome"]) == {"censored"}
    assert set(cleaned.table["flags"]) == {"production_not_yet; exit_not_yet"}
    assert cleaned.audit.count("production_not_yet") == len(NOT_YET)
    marks = spells(*(["2023-01-01", "", mark, mark] for mark in ("—", "/", "N/A", "")))
    assert marks.table["flags"].tolist() == [""] * 4


@pytest.mark.parametrize("word", ["已投产", "是", "yes", "投产", "2024年投产后", "soon", "未披露x"])
def test_other_words_stay_unreadable(word):
    assert spells(["2023-01-01", "", word, ""]).rejected["reasons"].tolist() == [
        "unreadable_production"
    ]


@pytest.mark.parametrize("word", ["未", "在建", "0", "not yet", "no"])
def test_a_start_that_is_a_word_is_rejected(word):
    assert spells([word, "", "", ""]).rejected["reasons"].tolist() == ["unreadable_start"]


def test_words_do_not_keep_day_numbers_of_excel_from_being_days():
    cleaned = spells(["2023-01-01", "", "45292", ""], ["2023-01-01", "", "未投产", ""])
    assert cleaned.table["production"].dt.strftime("%Y-%m-%d").tolist()[0] == "2024-01-01"
    assert cleaned.table["outcome"].tolist() == ["production", "censored"]


DATED = ["2022-01-01", "2022-09-01", "2023-05-01"]


def prototypes(*headings, rows=(DATED,), **options):
    names = ["样机编号", "地区", "领域", *headings]
    cells = [[f"P{place}", "湖南", "电池", *row] for place, row in enumerate(rows)]
    frame = pd.DataFrame(cells, columns=names, dtype="str")
    return clean_milestones(frame, observed_until="2024-12-31", **options)


@pytest.mark.parametrize(
    "start", ["样机完成日期", "样机日期", "原型完成日期", "研制完成", "Prototype date"]
)
def test_the_prototype_is_the_start_and_the_pilot_is_not(start):
    rows = [DATED, ["2019-01-01", "2019-09-01", "2023-12-01"]]
    cleaned = prototypes(start, "中试日期", "量产日期", rows=rows)
    assert cleaned.table["duration"].tolist() == [16.0, 59.0]
    assert cleaned.table[["unit_id", "sector", "中试日期"]].values.tolist() == [
        ["P0", "电池", "2022-09-01"],
        ["P1", "电池", "2019-09-01"],
    ]
    events = cleaned.audit.events
    assert events.loc[events["rule"] == "dates_not_used", "before"].tolist() == ["中试日期"]


@pytest.mark.parametrize("pilot", ["中试日期", "中试开始日期", "小试日期", "Pilot date"])
def test_a_register_whose_only_earlier_date_is_a_pilot_is_refused(pilot):
    with pytest.raises(ColumnError) as caught:
        prototypes("首台日期", pilot, "量产日期")
    assert str(caught.value) == (
        f"No column 'start'. The table has: 样机编号, 地区, 领域, 首台日期, {pilot}, 量产日期. "
        "'start' is the day that time is counted from, such as 立项日期 or 样机完成日期; a pilot "
        "run (中试, 小试) is not taken for it. Name it: columns={'start': heading} in Python, "
        "-c start=HEADING on the command line."
    )
    with pytest.raises(ColumnError, match=r"^No column 'production'\."):
        prototypes("样机日期", pilot, "首批日期")
    named = prototypes("首台日期", pilot, "量产日期", columns={"start": "首台日期"})
    assert named.table["duration"].tolist() == [16.0]


def test_two_starts_are_a_choice_of_the_caller():
    with pytest.raises(ColumnError, match=r"^2 columns may be 'start': '立项日期', '样机日期'\."):
        prototypes("立项日期", "样机日期", "量产日期")


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
