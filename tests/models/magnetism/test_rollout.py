from __future__ import annotations

from itertools import product

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from toolkit.errors import ColumnError, DataError, ModelError, OptionError
from toolkit.models.magnetism import rollout_effect
from toolkit.models.magnetism.rollout.inference import joint_test, simultaneous_quantile
from toolkit.models.magnetism.rollout.regressions import REGRESSIONS

mpl.use("Agg")

OPTIONS = {"outcome": "y", "unit": "region", "time": "year", "adopted": "start"}


@pytest.fixture
def mpdta(shared_data) -> pd.DataFrame:
    return pd.read_csv(shared_data("oracle/mpdta.csv"))


def provinces(
    *, seed: int, effect: float = 0.5, growth: float = 0.0, units: int = 31
) -> pd.DataFrame:
    """Draw 31 regions in ten years, a third adopting in year 4, 6 or 7, effects growing by year."""
    rng = np.random.default_rng(seed)
    units = 31
    start = np.zeros(units)
    start[:4], start[4:8], start[8:12] = 4, 6, 7
    rows = []
    for unit in range(units):
        level, drift = rng.normal(), 0.0
        for year in range(1, 11):
            drift = 0.5 * drift + rng.normal(scale=0.2)
            since = year - start[unit]
            gain = effect + growth * since if start[unit] and since >= 0 else 0.0
            rows.append((f"r{unit:02d}", year, start[unit], level + 0.1 * year + gain + drift))
    return pd.DataFrame(rows, columns=["region", "year", "start", "y"])


def test_mpdta_gives_the_published_answers(mpdta: pd.DataFrame) -> None:
    result = rollout_effect(
        mpdta, outcome="lemp", unit="countyreal", time="year", adopted="first.treat"
    )
    table = result.tidy().set_index("term")
    assert table.loc["overall", "estimate"] == pytest.approx(-0.03995, abs=5e-6)
    assert table.loc["overall", "std_error"] == pytest.approx(0.01203, abs=5e-6)
    assert table.loc["dynamic", "estimate"] == pytest.approx(-0.0772, abs=5e-5)
    study = result.event_study().set_index("event_time")["estimate"]
    published = [-0.0199, -0.0510, -0.1373, -0.1008]
    assert study.loc[[0, 1, 2, 3]].tolist() == pytest.approx(published, abs=5e-5)
    assert result.facts["inference"] == "analytic"
    assert result.facts["clusters"] == 500


def test_all_five_estimators_stand_in_one_table_on_one_sample(mpdta: pd.DataFrame) -> None:
    result = rollout_effect(
        mpdta, outcome="lemp", unit="countyreal", time="year", adopted="first.treat", method="all"
    )
    overall = result.tidy().query("term == 'overall'").set_index("method")["estimate"]
    assert list(overall.index) == [
        "callaway_santanna",
        "sun_abraham",
        "two_stage",
        "stacked",
        "two_way",
    ]
    assert overall["sun_abraham"] == pytest.approx(overall["callaway_santanna"], abs=1e-10)
    weights = result.bacon_weights()
    assert weights["weight"].sum() == pytest.approx(1.0)
    by_parts = (weights["weight"] * weights["estimate"]).sum()
    assert overall["two_way"] == pytest.approx(by_parts, rel=1e-10)


def test_an_effect_without_noise_is_found_exactly_by_all() -> None:
    panel = provinces(seed=1)
    flat = panel.assign(
        y=0.7 * ((panel["start"] > 0) & (panel["year"] >= panel["start"])) + 0.1 * panel["year"]
    )
    result = rollout_effect(flat, **OPTIONS, method="all", inference="analytic")
    overall = result.tidy().query("term == 'overall'")
    np.testing.assert_allclose(overall["estimate"], 0.7, atol=1e-9)


def test_growing_effects_bias_two_way_alone() -> None:
    panel = provinces(seed=2, effect=0.2, growth=0.4)
    rng = np.random.default_rng(0)
    since = (panel["year"] - panel["start"]).where(panel["start"] > 0, -1)
    quiet = panel.assign(
        y=np.where(since >= 0, 0.2 + 0.4 * since, 0.0) + rng.normal(scale=1e-3, size=len(panel))
    )
    truth = (0.2 + 0.4 * since[since >= 0]).mean()
    found = rollout_effect(quiet, **OPTIONS, method="all", inference="analytic").tidy()
    overall = found.query("term == 'overall'").set_index("method")["estimate"]
    for method in ("callaway_santanna", "sun_abraham", "two_stage"):
        assert overall[method] == pytest.approx(truth, abs=0.01)
    assert overall["two_way"] < truth - 0.1


def test_few_regions_take_the_jackknife_and_it_is_as_by_hand() -> None:
    panel = provinces(seed=3)
    result = rollout_effect(panel, **OPTIONS, method="two_way")
    assert result.facts["inference"] == "jackknife"
    assert "Errors from leaving one of 31 clusters out at a time." in result.notes
    left = [
        rollout_effect(
            panel[panel["region"] != region], **OPTIONS, method="two_way", inference="analytic"
        ).tidy()["estimate"][0]
        for region in panel["region"].unique()
    ]
    by_hand = np.sqrt(30 / 31 * np.square(left - np.mean(left)).sum())
    assert result.tidy()["std_error"][0] == pytest.approx(by_hand, rel=1e-9)


def test_an_effect_that_rests_on_one_region_has_no_error_and_says_so() -> None:
    panel = provinces(seed=4)
    panel["start"] = panel["start"].where(panel["region"].isin(["r00", "r05", "r06"]), 0)
    result = rollout_effect(panel, **OPTIONS)
    study = result.event_study().set_index("event_time")
    assert np.isnan(study.loc[6, "std_error"])
    assert study.loc[0, "std_error"] > 0
    assert any("rest on one cluster and have no error" in note for note in result.notes)


def test_bands_are_wider_than_intervals_and_cover_the_pre_trend_test() -> None:
    result = rollout_effect(provinces(seed=5), **OPTIONS)
    study = result.event_study()
    assert (study["band_low"] < study["conf_low"]).all()
    assert (study["band_high"] > study["conf_high"]).all()
    test = result.pre_trend().iloc[0]
    assert (test["df"], test["df_clusters"]) == (5, 26)
    assert 0 < test["p_value"] <= 1
    with pytest.raises(ModelError, match="two_way gives no effects before adoption"):
        rollout_effect(provinces(seed=5), **OPTIONS, method="two_way").pre_trend()


def test_bounds_widen_with_the_break_that_is_allowed() -> None:
    bounds = rollout_effect(provinces(seed=6), **OPTIONS).honest(multiples=(0.0, 1.0, 2.0))
    width = bounds["conf_high"] - bounds["conf_low"]
    assert width.is_monotonic_increasing
    assert bounds.loc[0, "low"] == pytest.approx(bounds.loc[0, "high"])


def test_the_sample_is_balanced_and_what_is_left_out_is_said() -> None:
    panel = provinces(seed=7)
    panel.loc[panel["region"] == "r30", "start"] = 1
    panel.loc[(panel["region"] == "r29") & (panel["year"] == 3), "y"] = np.nan
    panel.loc[panel["region"] == "r28", "start"] = 2050
    panel.loc[panel["region"] == "r27", "start"] = np.nan
    result = rollout_effect(panel, **OPTIONS, inference="analytic")
    assert result.facts["units"] == 29
    assert result.facts["adopters"] == 12
    assert result.notes[:2] == (
        "1 left out, since they adopt in the first year or before: r30.",
        "1 left out, since they lack a year (the sample is balanced): r29.",
    )


def test_quantiles_of_the_largest_statistic() -> None:
    # Independent effects: P(max |Z| < q) = P(|Z| < q) ** 4; wholly dependent: as for one.
    four = simultaneous_quantile(np.eye(4), conf_level=0.95, degrees=1e9)
    assert four == pytest.approx(2.491, abs=0.03)
    one = simultaneous_quantile(np.ones((4, 4)), conf_level=0.95, degrees=1e9)
    assert one == pytest.approx(1.960, abs=0.03)
    assert np.isnan(simultaneous_quantile(np.zeros((1, 1)), conf_level=0.95, degrees=9))


def test_joint_test_by_hand() -> None:
    statistic, df, p_value = joint_test(
        np.array([1.0, 2.0, 9.0]), np.diag([1.0, 4.0, np.nan]), clusters=11
    )
    assert (df, statistic) == (2, pytest.approx(2 * 9 / (10 * 2)))
    assert 0 < p_value < 1
    assert np.isnan(joint_test(np.ones(3), np.eye(3), clusters=3)[2])


@pytest.mark.slow
def test_the_jackknife_covers_with_31_regions() -> None:
    inside = []
    for seed in range(150):
        table = rollout_effect(provinces(seed=100 + seed), **OPTIONS, method="two_way").tidy()
        inside.append(table["conf_low"][0] <= 0.5 <= table["conf_high"][0])
    assert 0.90 <= np.mean(inside) <= 0.99


def test_what_cannot_be_meant() -> None:
    panel = provinces(seed=8)
    with pytest.raises(OptionError) as method:
        rollout_effect(panel, **OPTIONS, method="callaway")
    assert "Did you mean" in str(method.value) or "'callaway_santanna'" in str(method.value)
    with pytest.raises(OptionError, match="inference is one of 'analytic', 'jackknife', 'wild'"):
        rollout_effect(panel, **OPTIONS, inference="bayes")
    with pytest.raises(ColumnError, match="Column 'start' is a number in each row"):
        rollout_effect(panel.assign(start="2004"), **OPTIONS)
    with pytest.raises(ColumnError, match="No column 'begin'"):
        rollout_effect(panel, **{**OPTIONS, "adopted": "begin"})
    with pytest.raises(DataError, match=r"region 'r00' has more than one row in year 1\."):
        rollout_effect(pd.concat([panel, panel.iloc[:1]]), **OPTIONS)
    changing = panel.assign(start=[9.0, *panel["start"][1:]])
    with pytest.raises(DataError, match="Column 'start' changes within region 'r00'"):
        rollout_effect(changing, **OPTIONS)
    with pytest.raises(ModelError, match=r"the balanced sample has 0 and 31\."):
        rollout_effect(panel.assign(start=0), **OPTIONS)
    with pytest.raises(ModelError, match=r"the balanced sample has 12 and 0\."):
        rollout_effect(panel[panel["start"] > 0], **OPTIONS)
    with pytest.raises(DataError, match="lies in more than one cluster"):
        rollout_effect(panel.assign(c=panel["year"]), **OPTIONS, cluster="c")
    nation = panel.assign(region=panel["region"].replace("r30", "100000"))
    with pytest.raises(DataError, match="holds the nation"):
        rollout_effect(nation, **OPTIONS)


@pytest.mark.parametrize("source", ["provinces", "mpdta"])
def test_the_regressions_are_the_estimators(source: str, mpdta: pd.DataFrame) -> None:
    if source == "mpdta":
        names = {"lemp": "y", "countyreal": "region", "first.treat": "start"}
        panel = mpdta.rename(columns=names)
    else:
        panel = provinces(seed=1, growth=0.1)
    result = rollout_effect(panel, **OPTIONS, method="all", inference="analytic")
    for name in REGRESSIONS:
        regression = REGRESSIONS[name](result.panel)
        beta = np.linalg.lstsq(regression.design, regression.outcome, rcond=None)[0]
        rows = result.tidy().query("method == @name")
        estimates = {
            (row.term, None if np.isnan(row.event_time) else row.event_time): row.estimate
            for row in rows.itertuples()
        }
        assert {"overall"} <= {term for term, _ in regression.contrasts}
        for term, contrast in regression.contrasts.items():
            isolated = regression.isolated(contrast)
            alone = np.linalg.lstsq(isolated, regression.outcome, rcond=None)[0][0]
            assert contrast @ beta == pytest.approx(estimates[term], abs=1e-9)
            assert alone == pytest.approx(estimates[term], abs=1e-9)


def refitted_p_value(regression, contrast: np.ndarray) -> float:
    """Flip the restricted residuals of eight clusters in all 256 ways, and refit each sample."""
    design, outcome, codes = regression.design, regression.outcome, regression.clusters
    bread = np.linalg.pinv(design.T @ design)
    free = bread @ design.T @ outcome
    gap = (contrast @ free) / (contrast @ bread @ contrast)
    restricted = design @ (free - bread @ contrast * gap)
    assert contrast @ (free - bread @ contrast * gap) == pytest.approx(0, abs=1e-12)

    def statistic(y: np.ndarray) -> float:
        beta = bread @ design.T @ y
        rows = design * (y - design @ beta)[:, None]
        sums = np.stack([rows[codes == g].sum(axis=0) for g in range(8)])
        return abs(contrast @ beta) / np.sqrt(8 / 7 * ((sums @ bread @ contrast) ** 2).sum())

    residuals = outcome - restricted
    signs = np.array(list(product((-1.0, 1.0), repeat=8)))
    drawn = np.array([statistic(restricted + flip[codes] * residuals) for flip in signs])
    return float((drawn >= statistic(outcome) * (1 - 1e-9)).mean())


def test_the_wild_bootstrap_equals_all_flips_by_hand() -> None:
    panel = provinces(seed=4, effect=0.15)
    chosen = [f"r{place:02d}" for place in (0, 4, 5, 8, 20, 21, 22, 23)]
    few = panel[panel["region"].isin(chosen)]
    for name, build in REGRESSIONS.items():
        result = rollout_effect(few, **OPTIONS, method=name, inference="wild")
        table = result.tidy()
        regression = build(result.panel)
        overall = refitted_p_value(regression, regression.contrasts["overall", None])
        assert table.loc[0, "p_value"] == overall
        assert 0 < overall < 1
        if name != "two_way":
            third = table.query("event_time == 3").iloc[0]
            assert third["p_value"] == refitted_p_value(
                regression, regression.contrasts["event", 3.0]
            )


def test_wild_intervals_are_of_the_same_draws_and_keep_the_jackknifes_errors() -> None:
    panel = provinces(seed=3)
    options = {**OPTIONS, "method": "two_stage"}
    wild = rollout_effect(panel, **options, inference="wild", random_state=5)
    again = rollout_effect(panel, **options, inference="wild", random_state=5)
    other = rollout_effect(panel, **options, inference="wild", random_state=6)
    plain = rollout_effect(panel, **options, inference="jackknife").tidy()
    table = wild.tidy()
    pd.testing.assert_frame_equal(table, again.tidy())
    assert table.loc[0, "conf_low"] != other.tidy().loc[0, "conf_low"]
    pd.testing.assert_series_equal(table["std_error"], plain["std_error"])
    before = table["event_time"] < 0
    pd.testing.assert_frame_equal(table[before], plain[before])
    assert table.loc[0, "conf_low"] == pytest.approx(plain.loc[0, "conf_low"], abs=0.05)
    assert ((table["p_value"] < 0.05) == (table["conf_low"] > 0))[~before].all()
    assert wild.notes[-1] == (
        "P values and intervals from the wild cluster bootstrap with the null imposed, but for "
        "callaway_santanna and for the effects before adoption of two_stage."
    )
    with pytest.raises(OptionError) as refused:
        rollout_effect(panel, **OPTIONS, inference="wild")
    assert str(refused.value) == (
        "inference='wild' is for the estimators that are regressions: sun_abraham, two_stage, "
        "stacked, two_way; got method='callaway_santanna'. Take inference='jackknife'."
    )


def test_sentence_summary_and_plots() -> None:
    result = rollout_effect(provinces(seed=9), **OPTIONS, inference="analytic")
    assert result.sentence().startswith("Effect of adoption on y: adoption changes the outcome by ")
    assert "effects by years since adoption are in event_study()." in result.summary()
    assert list(result.key_figures()) == ["effect"]
    assert result.plot().get_xlabel() == "years since adoption"
    two_way = rollout_effect(provinces(seed=9), **OPTIONS, method="two_way", inference="analytic")
    assert [text.get_text() for text in two_way.plot().get_yticklabels()] == ["two_way"]
