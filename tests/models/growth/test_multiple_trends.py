"""The growth multiple by trend and pooled: intervals that cover, sets that are unbounded."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.models.growth.accounts_by_hand import accounts, published_accounts
from toolkit.errors import ModelError, OptionError
from toolkit.models.growth import growth_multiple
from toolkit.models.growth.calibration import trend_t_draws
from toolkit.models.growth.trends import joint_trend, pooled_trend, ratio_interval

REVENUE = "high_tech_manufacturing_revenue"
GDP = "gross_regional_product"
OPTIONS = {"sector": REVENUE, "against": "gdp", "start": 2010, "end": 2020}


def drawn(seed, *, regions=4, sector=0.12, gdp=0.08, noise=0.02):
    rng = np.random.default_rng(seed)
    years = np.arange(2010, 2021)
    cells = {REVENUE: {}, GDP: {}}
    for place in range(regions):
        for name, rate in ((REVENUE, sector), (GDP, gdp)):
            levels = 1e9 * (1 + rate) ** (years - 2010) * np.exp(noise * rng.normal(size=11))
            code = f"{place + 11}0000"
            cells[name] |= {(code, int(y)): v for y, v in zip(years, levels, strict=True)}
    return accounts(cells)


def row_of(result, region="provinces", term="growth_multiple"):
    table = result.tidy()
    return table[(table["region"] == region) & (table["term"] == term)].iloc[0]


def test_exact_trends_give_the_exact_rates():
    result = growth_multiple(drawn(0, noise=1e-9), **OPTIONS, method="trend")
    assert row_of(result)["estimate"] == pytest.approx(1.5, abs=1e-6)
    assert row_of(result, term="growth_sector")["estimate"] == pytest.approx(0.12, abs=1e-8)


def test_rates_difference_and_multiple_fit_together():
    result = growth_multiple(drawn(1), **OPTIONS, method="trend")
    sector, gdp, gap = (
        row_of(result, "120000", term)
        for term in ("growth_sector", "growth_gdp", "growth_difference")
    )
    multiple = row_of(result, "120000")
    assert multiple["estimate"] == pytest.approx(sector["estimate"] / gdp["estimate"])
    assert gap["estimate"] == pytest.approx(sector["estimate"] - gdp["estimate"])
    assert multiple["conf_low"] < multiple["estimate"] < multiple["conf_high"]
    assert pd.isna(multiple["p_value"])


def test_fieller_and_delta_agree_where_the_base_is_sharp():
    fieller = row_of(growth_multiple(drawn(2, noise=0.001), **OPTIONS, method="trend"))
    delta = row_of(
        growth_multiple(drawn(2, noise=0.001), **OPTIONS, method="trend", interval="delta")
    )
    assert fieller["conf_low"] == pytest.approx(delta["conf_low"], rel=1e-3)
    assert fieller["conf_high"] == pytest.approx(delta["conf_high"], rel=1e-3)
    assert fieller["std_error"] == delta["std_error"]


def test_growth_that_cannot_be_told_from_zero_has_an_unbounded_set_and_says_so():
    years = np.arange(2010, 2021)
    waves = 1e9 * np.exp(0.001 * (years - 2010) + 0.05 * np.sin(1.3 * years))
    rising = 1e9 * 1.1 ** (years - 2010) * np.exp(0.01 * np.cos(years))
    cells = {
        name: {("110000", int(y)): v for y, v in zip(years, levels, strict=True)}
        for name, levels in ((REVENUE, rising), (GDP, waves))
    }
    result = growth_multiple(accounts(cells), **OPTIONS, method="trend")
    row = row_of(result.about("110000"), "110000")
    assert row["stability"] == "unstable"
    assert np.isinf([row["conf_low"], row["conf_high"]]).all()
    assert row["interval_shape"] in ("outside", "line")
    assert "(95% interval unbounded)" in result.about("110000").sentence()
    assert any("cannot be told from zero" in note for note in result.notes)


@settings(max_examples=60)
@given(
    upper=st.floats(-2, 2),
    lower=st.floats(-2, 2).filter(lambda b: abs(b) > 1e-3),
    spreads=st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)),
    correlation=st.floats(-0.95, 0.95),
)
def test_fiellers_ends_are_where_the_t_test_turns(upper, lower, spreads, correlation):
    off = correlation * spreads[0] * spreads[1]
    covariance = np.array([[spreads[0] ** 2, off], [off, spreads[1] ** 2]])
    answer = ratio_interval(np.array([upper, lower]), covariance, quantile=2.0, kind="fieller")

    def distance(ratio):
        weights = np.array([1.0, -ratio])
        return abs(upper - ratio * lower) - 2.0 * np.sqrt(weights @ covariance @ weights)

    ends = {
        "bounded": (answer.low, answer.high),
        "outside": (answer.gap_low, answer.gap_high),
        "line": (),
    }[answer.shape]
    for end in ends:
        assert distance(end) == pytest.approx(0, abs=1e-6 * (1 + abs(end)))
    if answer.shape == "bounded":
        assert answer.low <= answer.estimate <= answer.high
        assert distance((answer.low + answer.high) / 2) <= 1e-9
    if answer.shape == "line":
        assert all(distance(ratio) <= 1e-9 for ratio in (-1e3, -1, 0, 1, 1e3))


def test_a_missing_year_is_no_missing_value_of_the_trend():
    table = drawn(4)
    gap = table[~((table["year"] == 2014) & (table["indicator"] == REVENUE))]
    whole, short = (growth_multiple(t, **OPTIONS, method="trend") for t in (table, gap))
    assert row_of(whole)["estimate"] != row_of(short)["estimate"]
    assert any("in 2014; the window 2010-2020 spans it" in note for note in short.notes)


def test_a_short_window_is_refused_by_trend_and_named():
    message = "method='trend' needs 4 years or more of both series; no region has them."
    with pytest.raises(ModelError, match=re.escape(message)):
        growth_multiple(drawn(5), **{**OPTIONS, "end": 2012}, method="trend")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"vcov": "NW"}, "method='endpoints' has no errors; got vcov='NW'."),
        ({"method": "trend", "vcov": "CR1"}, "method='trend' takes NW; got vcov='CR1'."),
        ({"method": "pooled", "vcov": "HC1"}, "method='pooled' takes CR1 or DK; got vcov='HC1'."),
        ({"method": "trend", "interval": "fiducial"}, "interval is 'fieller' or 'delta'"),
    ],
)
def test_errors_that_a_method_does_not_have(options, message):
    with pytest.raises(OptionError, match=re.escape(message)):
        growth_multiple(drawn(6), **OPTIONS, **options)


def test_pooling_by_zones():
    zones = {"110000": "north", "120000": "north", "130000": "south", "140000": "south"}
    result = growth_multiple(drawn(7), **OPTIONS, method="pooled", by=zones)
    assert list(dict.fromkeys(result.tidy()["region"])) == ["north", "south", "provinces"]
    assert any(note.startswith("Pooled: each province counts alike") for note in result.notes)


def test_how_far_trends_move_is_among_their_own_windows():
    row = row_of(growth_multiple(drawn(8), **OPTIONS, method="trend"))
    assert row["moved_low"] <= row["estimate"] <= row["moved_high"]


def test_pooling_one_region_is_refused():
    with pytest.raises(ModelError, match="Pooling needs two regions"):
        pooled_trend(np.ones((2, 1, 5)), errors="cluster", lags=None)


@pytest.mark.slow
@pytest.mark.parametrize("vcov", ["CR1", "DK(1)"])
def test_pooled_intervals_cover(vcov):
    hits, runs = 0, 200
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        years = np.arange(24)
        common = 0.02 * rng.normal(size=24) * (vcov != "CR1")
        own = 0.03 * rng.normal(size=(31, 24))
        sector = np.exp(np.log1p(0.12) * years + common + own)
        base = np.exp(np.log1p(0.08) * years + 0.03 * rng.normal(size=(31, 24)))
        rates = pooled_trend(
            np.stack([sector, base]),
            errors="cluster" if vcov == "CR1" else "driscoll_kraay",
            lags=1,
        )
        interval = ratio_interval(
            rates.rates,
            rates.covariance,
            quantile={"CR1": 2.042, "DK(1)": 2.069}[vcov],
            kind="fieller",
        )
        hits += interval.low <= 1.5 <= interval.high
    assert 0.88 <= hits / runs <= 0.99


@pytest.mark.slow
@pytest.mark.parametrize(("years", "lags"), [(8, 1), (11, None), (20, 2)])
def test_trend_intervals_cover_where_years_are_independent(years, lags):
    rng = np.random.default_rng(years)
    hits, runs = 0, 800
    for _ in range(runs):
        logs = np.log1p([[0.12], [0.08]]) * np.arange(years)
        rates = joint_trend(np.exp(logs + 0.03 * rng.normal(size=(2, years))), lags=lags)
        interval = ratio_interval(
            rates.rates, rates.covariance, quantile=rates.quantile(0.95), kind="fieller"
        )
        hits += interval.low <= 1.5 <= interval.high
    assert 0.93 <= hits / runs <= 0.97


def test_quantiles_of_many_years_without_lags_near_students():
    draws = trend_t_draws(tuple(range(200)), 0)
    assert np.quantile(draws, 0.95) == pytest.approx(1.97, abs=0.04)


def test_newey_west_by_hand_with_no_lags():
    levels = np.exp(np.array([[0.0, 0.1, 0.3, 0.3, 0.5], [0.0, 0.05, 0.1, 0.2, 0.2]]))
    rates = joint_trend(levels, lags=0)
    time = np.arange(5) - 2.0
    logs = np.log(levels)
    slopes = logs @ time / (time @ time)
    residuals = logs - logs.mean(axis=1, keepdims=True) - np.outer(slopes, time)
    of_slopes = (residuals * time) @ (residuals * time).T / (time @ time) ** 2 * 5 / 3
    scale = np.outer(np.exp(slopes), np.exp(slopes))
    np.testing.assert_allclose(rates.rates, np.expm1(slopes), rtol=1e-12)
    np.testing.assert_allclose(rates.covariance, of_slopes * scale, rtol=1e-12)


def test_all_methods_on_published_accounts():
    published = published_accounts()
    options = {"sector": REVENUE, "against": "gdp", "start": 2013, "end": 2023, "claim": 2.3}
    for method, vcov in [("trend", "NW"), ("pooled", "CR1"), ("pooled", "DK")]:
        result = growth_multiple(published, **options, vintage="revised", method=method, vcov=vcov)
        row = row_of(result)
        assert 0.5 < row["conf_low"] < row["estimate"] < row["conf_high"] < 2.0
        assert row["stability"] == "stable"
