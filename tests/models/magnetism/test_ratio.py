from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.models.magnetism.nmtc import answers, read_projects
from toolkit.accounts import accounts_panel
from toolkit.errors import ColumnError, DataError, OptionError
from toolkit.models.magnetism import RatioResult, magnetism_ratio
from toolkit.results import TIDY_COLUMNS

mpl.use("Agg")


@pytest.fixture
def firms() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "county": ["a", "a", "b", "c"],
            "sector": ["x", "y", "x", "y"],
            "micro": [1.0, 1.0, 2.0, 1.0],
            "bank": [4.0, 1.0, 10.0, 0.0],
        }
    )


def provinces(*years: int) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    codes = [f"{place}0000" for place in range(11, 42)]
    rows = [
        {"region": code, "region_name": f"P{code[:2]}", "year": year, "state": s, "firms": 4 * s}
        for year in years
        for code, s in zip(codes, rng.gamma(2.0, size=31), strict=True)
    ]
    return pd.DataFrame(rows)


def test_sums_and_unweighted_ratios_by_hand(firms: pd.DataFrame) -> None:
    row = magnetism_ratio(firms, lead="micro", follow="bank", cluster="county").tidy().iloc[0]
    # Counties lead 2, 2, 1 and draw 5, 10, 0: R = 3; residuals -1, 4, -3 with squares 26.
    assert row["estimate"] == 3.0
    assert row["std_error"] == pytest.approx(np.sqrt(3 / 2 * 26) / 5, rel=1e-14)
    assert (row["lead"], row["follow"], row["units"], row["clusters"]) == (5.0, 15.0, 4, 3)
    assert row["mean_ratio"] == (4 + 1 + 5 + 0) / 4
    assert row["median_ratio"] == 2.5
    assert row["share_with_follow"] == 0.75
    assert row["share_at_one"] == 0.25


def test_groups_then_the_total(firms: pd.DataFrame) -> None:
    result = magnetism_ratio(firms, lead="micro", follow="bank", by="sector", cluster="county")
    table = result.tidy()
    assert list(table.columns[:8]) == ["sector", *TIDY_COLUMNS]
    assert table["term"].tolist() == ["ratio", "ratio", "total"]
    assert table["sector"].tolist()[:2] == ["x", "y"]
    assert table["sector"].isna().tolist() == [False, False, True]
    assert table["estimate"].tolist() == [14 / 3, 1 / 2, 3.0]
    assert table["lead"].iloc[:2].sum() == table["lead"].iloc[2]
    alone = magnetism_ratio(firms[firms["sector"] == "x"], lead="micro", follow="bank")
    assert result.tidy().loc[0, "std_error"] == pytest.approx(alone.total()["std_error"])


def test_years_stay_whole_numbers() -> None:
    panel = provinces(2022, 2023)
    table = magnetism_ratio(panel, lead="state", follow="firms", by=["region", "year"]).tidy()
    assert table["year"].dtype == "Int64"
    assert table.loc[0, "year"] == 2022


@pytest.mark.parametrize("interval", ["linearized", "fieller", "jackknife", "bootstrap"])
def test_every_interval_covers_its_estimate(interval: str) -> None:
    rng = np.random.default_rng(2)
    units = pd.DataFrame({"c": np.repeat(range(50), 4), "x": rng.gamma(2.0, size=200)})
    units["y"] = 5 * units["x"] * rng.gamma(4.0, 0.25, size=200)
    result = magnetism_ratio(
        units, lead="x", follow="y", cluster="c", interval=interval, random_state=1
    )
    row = result.total()
    assert row["conf_low"] < row["estimate"] < row["conf_high"]
    assert row["interval_shape"] == "bounded"
    assert result.facts["interval"] == interval


def test_nmtc_against_r_survey(shared_data) -> None:
    projects = read_projects(shared_data("micro/nmtc_projects.csv"))
    known = answers()
    result = magnetism_ratio(
        projects, lead="investment_usd", follow="cost_usd", by="year", cluster="state"
    )
    total = result.total()
    assert round(total["lead"]) == 48_331_394_983
    assert total["units"] == 5_799
    assert round(total["estimate"], 2) == 1.92
    assert round(total["share_at_one"], 2) == 0.27
    for name in ("estimate", "std_error", "conf_low", "conf_high"):
        assert total[name] == pytest.approx(known["clustered"][name], rel=1e-10)
    assert total["clusters"] == known["clustered"]["df"] + 1
    years = result.tidy().set_index("year")
    for year, answer in known["by_year"].items():
        for name in ("estimate", "std_error", "conf_low", "conf_high"):
            assert years.loc[int(year), name] == pytest.approx(answer[name], rel=1e-10)
    assert result.unit == "dollar per dollar"


def test_nmtc_without_clusters_and_the_other_intervals_against_r(shared_data) -> None:
    projects = read_projects(shared_data("micro/nmtc_projects.csv"))
    known = answers()
    columns = {"lead": "investment_usd", "follow": "cost_usd"}
    rows = magnetism_ratio(projects, **columns).total()
    assert rows["std_error"] == pytest.approx(known["unclustered"]["std_error"], rel=1e-10)
    jackknife = magnetism_ratio(projects, **columns, cluster="state", interval="jackknife").total()
    assert jackknife["std_error"] == pytest.approx(known["jackknife"]["std_error"], rel=1e-10)
    fieller = magnetism_ratio(projects, **columns, cluster="state", interval="fieller").total()
    for name in ("conf_low", "conf_high"):
        assert fieller[name] == pytest.approx(known["fieller"][name], rel=1e-10)
    drawn = magnetism_ratio(
        projects, **columns, cluster="state", interval="bootstrap", random_state=7
    ).total()
    # 2,000 draws here, 200,000 in R: equal up to the error of drawing.
    assert drawn["std_error"] == pytest.approx(known["bootstrap"]["std_error"], rel=0.05)
    for name in ("conf_low", "conf_high"):
        assert drawn[name] == pytest.approx(known["bootstrap"][name], abs=0.02)


def test_a_single_cell_has_no_interval_and_says_so() -> None:
    result = magnetism_ratio(
        provinces(2023), lead="state", follow="firms", by="region", cluster="region"
    )
    cells = result.tidy().iloc[:-1]
    assert cells[["std_error", "conf_low", "conf_high", "p_value"]].isna().all(axis=None)
    assert (
        "31 of 32 ratios rest on a single cluster and have no sampling interval: P11; P12; P13; "
        "P14; P15; P16; P17; P18; and 23 more."
    ) in result.notes


def test_provinces_are_no_sample_and_few_clusters_are_said() -> None:
    panel = provinces(2022, 2023)
    notes = magnetism_ratio(panel, lead="state", follow="firms", cluster="region").notes
    assert notes == (
        "The provinces are a whole population, not a sample of one: the interval is model-based, "
        "and tells how far the ratio would move if the same process were to give the provinces "
        "their figures anew.",
    )
    some = panel[panel["region"] < "200000"].rename(columns={"region": "place"})
    some = some.assign(place=some["place"].str[:2])
    notes = magnetism_ratio(some, lead="state", follow="firms", by="year", cluster="place").notes
    assert notes == (
        "Few clusters by 'place': 9 in 3 of 3 ratios. The quantiles are those of t with clusters "
        "minus one, and the intervals may still be too short.",
    )


def test_a_missing_cell_leaves_both_sums_and_is_named() -> None:
    panel = provinces(2022, 2023)
    panel.loc[3, "firms"] = np.nan
    result = magnetism_ratio(panel, lead="state", follow="firms", by="year", cluster="region")
    assert result.notes[0] == (
        "1 of 62 units left out of both sums, a value missing: year 2022, region 140000 (firms)."
    )
    assert result.tidy()["units"].tolist() == [30, 31, 61]
    whole = panel.dropna()
    assert result.total()["lead"] == pytest.approx(whole["state"].sum())


def test_money_without_a_place_stays_in_the_total(firms: pd.DataFrame) -> None:
    odd = firms.assign(county=[None, "a", "b", None], sector=["x", "y", None, "y"])
    result = magnetism_ratio(odd, lead="micro", follow="bank", by="sector", cluster="county")
    assert result.tidy()["units"].tolist() == [1, 2, 4]
    assert result.total()["estimate"] == 3.0
    assert result.total()["clusters"] == 3
    assert result.notes[:2] == (
        "1 of 4 units have no 'sector'; they count in the total alone.",
        "2 of 4 units have no 'county'; together they are one cluster.",
    )


def test_the_nation_is_never_counted_among_provinces() -> None:
    panel = provinces(2023)
    nation = panel.iloc[[0]].assign(region="100000", state=1e3, firms=1e3)
    with pytest.raises(DataError) as caught:
        magnetism_ratio(pd.concat([panel, nation]), lead="state", follow="firms", cluster="region")
    assert str(caught.value) == (
        "Column 'region' holds the nation (100000) among its provinces, which would count their "
        "money twice. Leave its rows out."
    )


def test_notes_of_the_panel_are_carried_on() -> None:
    rows = [
        (region, 2023, indicator, value, "CNY", "unstated")
        for region, values in {
            "100000": (9.0, 3.0),
            "430000": (6.0, 2.0),
            "440000": (3.0, 1.0),
        }.items()
        for indicator, value in zip(
            ("rd_funding_enterprise", "rd_funding_government"), values, strict=True
        )
    ]
    names = ["region", "year", "indicator", "value", "unit", "vintage"]
    panel = accounts_panel(
        pd.DataFrame(rows, columns=names),
        indicators=["rd_funding_enterprise", "rd_funding_government"],
    )
    result = magnetism_ratio(panel, lead="rd_funding_government", follow="rd_funding_enterprise")
    assert result.notes[0] == "The nation's own row (100000) is left out; it is not a province."
    assert result.title == "R&D money from enterprises per yuan of R&D money from government"
    assert result.total()["estimate"] == 3.0


def test_ranking_within_a_year() -> None:
    panel = pd.DataFrame(
        {
            "region": ["A", "B", "C", "A", "B", "C"],
            "year": [2022] * 3 + [2023] * 3,
            "lead": [1.0] * 6,
            "follow": [3.0, 1.0, 2.0, 1.0, 4.0, 4.0],
        }
    )
    result = magnetism_ratio(panel, lead="lead", follow="follow", by=["region", "year"])
    ranked = result.ranking(year=2023)
    assert ranked["region"].tolist() == ["B", "C", "A"]
    assert ranked["rank"].tolist() == [1, 1, 3]
    assert ranked["ranked"].tolist() == [3, 3, 3]
    assert result.ranking(region="C", year=2022)["rank"].tolist() == [2]
    assert result.ranking(region="A")["rank"].tolist() == [1, 3]
    assert result.ranking(among="year", region="A")["rank"].tolist() == [1, 2]
    with pytest.raises(OptionError) as caught:
        result.ranking(regoin="A")
    assert str(caught.value) == (
        "'regoin' is not a group of this result. Did you mean 'region'? Its groups: region, year."
    )
    with pytest.raises(OptionError, match=r"No row has year=2024\. .*There are: 2022, 2023\."):
        result.ranking(year=2024)
    whole = magnetism_ratio(panel, lead="lead", follow="follow")
    with pytest.raises(OptionError, match="ranking\\(\\) compares groups"):
        whole.ranking()


def test_concentration_and_two_parts_by_hand(firms: pd.DataFrame) -> None:
    result = magnetism_ratio(firms, lead="micro", follow="bank", cluster="county")
    table = result.concentration()
    assert table["what"].tolist()[:2] == ["top 1% of units (1)", "county b"]
    assert table["ratio"].tolist() == [5 / 3, 5 / 3, 11 / 4, 14 / 4, 15 / 4]
    assert table["follow_share"].tolist()[:3] == [10 / 15, 10 / 15, 4 / 15]
    parts = result.two_part().set_index("part")
    assert parts["units"].to_dict() == {"none": 1, "equal": 1, "other": 2}
    assert parts.loc["other", "ratio"] == 14 / 3
    assert parts["lead"].sum() == 5.0


def test_augment_fits_each_group(firms: pd.DataFrame) -> None:
    result = magnetism_ratio(firms, lead="micro", follow="bank", by="sector")
    rows = result.augment()
    assert rows["fitted"].tolist() == [14 / 3, 1 / 2, 28 / 3, 1 / 2]
    by_sector = rows.groupby("sector")["residual"].sum()
    np.testing.assert_allclose(by_sector, 0.0, atol=1e-12)


def test_any_frame_or_file_gives_the_same_result(firms: pd.DataFrame, tmp_path) -> None:
    source = tmp_path / "firms.parquet"
    firms.to_parquet(source)
    options = {"lead": "micro", "follow": "bank", "by": "sector", "cluster": "county"}
    expected = magnetism_ratio(firms, **options).to_csv()
    assert magnetism_ratio(pl.from_pandas(firms), **options).to_csv() == expected
    assert magnetism_ratio(source, **options).to_csv() == expected


@given(st.permutations(range(12)))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    rng = np.random.default_rng(6)
    units = pd.DataFrame({"c": np.tile(range(4), 3), "x": rng.gamma(2.0, size=12)})
    units["y"] = rng.gamma(3.0, size=12)
    one = magnetism_ratio(units, lead="x", follow="y", cluster="c").total()
    other = magnetism_ratio(units.iloc[order], lead="x", follow="y", cluster="c").total()
    for name in ("estimate", "std_error", "mean_ratio"):
        assert one[name] == pytest.approx(other[name], rel=1e-12)


def test_the_data_stay_as_they_were(firms: pd.DataFrame) -> None:
    before = firms.copy()
    result = magnetism_ratio(firms, lead="micro", follow="bank", by="sector", cluster="county")
    result.augment(), result.concentration(), result.two_part(), result.tidy()
    pd.testing.assert_frame_equal(firms, before)


def test_what_cannot_be_meant(firms: pd.DataFrame) -> None:
    with pytest.raises(ColumnError) as column:
        magnetism_ratio(firms, lead="micor", follow="bank")
    assert str(column.value) == (
        "No column 'micor'. Did you mean 'micro'? The table has: county, sector, micro, bank."
    )
    with pytest.raises(ColumnError, match="Column 'county' is money, a number in each row"):
        magnetism_ratio(firms, lead="county", follow="bank")
    with pytest.raises(OptionError, match="lead and follow are two columns; got 'bank' for both"):
        magnetism_ratio(firms, lead="bank", follow="bank")
    with pytest.raises(OptionError) as option:
        magnetism_ratio(firms, lead="micro", follow="bank", interval="linearised")
    assert str(option.value) == (
        "interval is one of 'linearized', 'fieller', 'jackknife', 'bootstrap'; got 'linearised'. "
        "Did you mean 'linearized'?"
    )
    with pytest.raises(OptionError, match=r"Did you mean 0\.95"):
        magnetism_ratio(firms, lead="micro", follow="bank", conf_level=95)
    with pytest.raises(DataError, match="Column 'micro' has 1 negative values"):
        magnetism_ratio(firms.assign(micro=[-1.0, 2.0, 3.0, 4.0]), lead="micro", follow="bank")
    with pytest.raises(DataError, match="there is nothing to divide by"):
        magnetism_ratio(firms.assign(micro=0.0), lead="micro", follow="bank")
    with pytest.raises(DataError, match="there is nothing to divide by"):
        magnetism_ratio(firms.iloc[:0], lead="micro", follow="bank")


def test_sentence_summary_and_plots() -> None:
    panel = provinces(2021, 2022, 2023)
    panel["firms"] = panel["firms"] * np.linspace(0.5, 2, len(panel))
    cells = magnetism_ratio(
        panel, lead="state", follow="firms", by=["region", "year"], cluster="region"
    )
    assert isinstance(cells, RatioResult)
    assert str(cells.sentence()).startswith("firms per yuan of state: ")
    assert "yuan per yuan (95% interval" in cells.sentence()
    assert set(cells.key_figures()) == {"ratio", "95% interval"}
    assert " 2021 " in cells.summary()
    assert "2,021" not in cells.summary()
    axes = cells.plot(highlight="430000")
    assert [line.get_label() for line in axes.get_lines()][-1] != "P43"
    shown = magnetism_ratio(
        panel[panel["year"] == 2023], lead="state", follow="firms", by="region", cluster="region"
    ).plot(highlight="330000")
    assert "P33" in [label.get_text() for label in shown.get_yticklabels()]
    years = magnetism_ratio(panel, lead="state", follow="firms", by="year", cluster="region").plot()
    assert [label.get_text() for label in years.get_yticklabels()] == ["2021", "2022", "2023"]
    one = magnetism_ratio(panel, lead="state", follow="firms").plot()
    assert [label.get_text() for label in one.get_yticklabels()] == ["all units"]


def test_a_cluster_that_dominates_is_said() -> None:
    rng = np.random.default_rng(2)
    table = pd.DataFrame({"c": range(30), "x": rng.gamma(9.0, size=30)})
    table["y"] = 5 * table["x"] * rng.gamma(9.0, 1 / 9, size=30)
    calm = magnetism_ratio(table, lead="x", follow="y", cluster="c")
    assert calm.notes == ()
    assert calm.total()["largest_influence"] < 0.5
    table.loc[0, "y"] *= 100
    wild = magnetism_ratio(table, lead="x", follow="y", cluster="c")
    residual = table["y"] - wild.total()["estimate"] * table["x"]
    by_hand = (residual**2).max() / (residual**2).sum()
    assert wild.total()["largest_influence"] == pytest.approx(by_hand, rel=1e-10)
    assert wild.notes[0].startswith("the total: one cluster makes up ")
