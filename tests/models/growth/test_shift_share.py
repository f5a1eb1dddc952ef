"""Shift-share in its four forms, quotients, indices and instruments, worked by hand."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.models.growth.accounts_by_hand import accounts, published_accounts
from toolkit.errors import DataError, ModelError, OptionError
from toolkit.models.growth import (
    bartik_instrument,
    location_quotient,
    shift_share,
    shift_share_regression,
    specialisation,
)
from toolkit.models.growth.cube import sector_cube
from toolkit.models.growth.shift_share import shift_share_parts

EIGHT = [
    f"value_added_{name}"
    for name in (
        "primary",
        "industry",
        "construction",
        "wholesale_retail",
        "transport_post",
        "hotel_catering",
        "finance",
        "real_estate",
    )
]
METHODS = ["dunn", "dynamic", "esteban_marquillas", "arcelus"]


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    return published_accounts()


@pytest.fixture
def two_by_two() -> pd.DataFrame:
    return accounts(
        {
            "a": {
                ("110000", 2010): 100,
                ("110000", 2011): 120,
                ("110000", 2012): 150,
                ("120000", 2010): 100,
                ("120000", 2011): 110,
                ("120000", 2012): 130,
                ("100000", 2010): 1e9,
                ("100000", 2011): 1e9,
                ("100000", 2012): 9e9,
            },
            "b": {
                ("110000", 2010): 100,
                ("110000", 2011): 105,
                ("110000", 2012): 110,
                ("120000", 2010): 300,
                ("120000", 2011): 310,
                ("120000", 2012): 330,
                ("100000", 2010): 1e9,
                ("100000", 2011): 1e9,
                ("100000", 2012): 9e9,
            },
        }
    )


def parts(result, region, sector):
    table = result.tidy()
    rows = table[(table["region"] == region) & (table["sector"] == sector)]
    return rows.set_index("term")["estimate"].to_dict()


def test_dunn_by_hand_without_the_nation(two_by_two):
    result = shift_share(two_by_two, start=2010, end=2012, sectors=["a", "b"])
    # All together 600 to 720: 20%; sector a 200 to 280: 40%; sector b 400 to 440: 10%.
    assert parts(result, "110000", "a") == pytest.approx(
        {"national": 20, "industry_mix": 20, "competitive": 10, "change": 50}
    )
    assert parts(result, "110000", "all") == pytest.approx(
        {"national": 40, "industry_mix": 10, "competitive": 10, "change": 60}
    )
    assert "100000" not in set(result.tidy()["region"])


def test_esteban_marquillas_by_hand(two_by_two):
    options = {"start": 2010, "end": 2012, "sectors": ["a", "b"]}
    result = shift_share(two_by_two, **options, method="esteban_marquillas")
    alike = 200 * 200 / 600
    advantage = 0.5 - 0.4
    assert parts(result, "110000", "a") == pytest.approx(
        {
            "national": 20,
            "industry_mix": 20,
            "competitive": alike * advantage,
            "allocation": (100 - alike) * advantage,
            "change": 50,
        }
    )


def test_dynamic_adds_up_the_years(two_by_two):
    options = {"end": 2012, "sectors": ["a", "b"]}
    whole = parts(shift_share(two_by_two, start=2010, method="dynamic", **options), "110000", "a")
    steps = [
        parts(shift_share(two_by_two, start=2010, end=2011, sectors=["a", "b"]), "110000", "a"),
        parts(shift_share(two_by_two, start=2011, end=2012, sectors=["a", "b"]), "110000", "a"),
    ]
    for name, value in whole.items():
        assert value == pytest.approx(sum(step[name] for step in steps))


def test_arcelus_by_hand(two_by_two):
    options = {"start": 2010, "end": 2012, "sectors": ["a", "b"]}
    found = parts(shift_share(two_by_two, **options, method="arcelus"), "110000", "a")
    alike, region = 200 * 200 / 600, 260 / 200 - 1
    rates = {
        "national": 0.2,
        "industry_mix": 0.4 - 0.2,
        "regional_growth": region - 0.2,
        "regional_industry_mix": (0.5 - region) - (0.4 - 0.2),
    }
    for name, rate in rates.items():
        assert found[f"{name}_expected"] == pytest.approx(alike * rate)
        assert found[f"{name}_differential"] == pytest.approx((100 - alike) * rate)


@settings(max_examples=50)
@given(
    seed=st.integers(0, 10_000),
    shape=st.tuples(st.integers(1, 6), st.integers(2, 6), st.integers(2, 5)),
    method=st.sampled_from(METHODS),
)
def test_parts_add_up_to_the_change(seed, shape, method):
    levels = np.random.default_rng(seed).lognormal(25, 2, shape)
    total = sum(shift_share_parts(levels, method=method).values())
    change = levels[..., -1] - levels[..., 0]
    np.testing.assert_allclose(total, change, rtol=0, atol=1e-9 * levels.max())


def test_parts_add_up_to_the_yuan_in_all_provinces_and_years(published):
    years = tuple(range(2000, 2020))
    cube = sector_cube(published, sectors=EIGHT, years=years, vintage=None)
    assert cube.levels.shape == (31, 8, 20)
    for first, last in combinations(range(20), 2):
        levels = cube.levels[..., first : last + 1]
        change = levels[..., -1] - levels[..., 0]
        for method in METHODS:
            found = shift_share_parts(levels, method=method)
            assert np.abs(sum(found.values()) - change).max() < 0.5
            assert abs(sum(found.values()).sum() - change.sum()) < 0.5
        assert abs(shift_share_parts(levels, method="dunn")["industry_mix"].sum()) < 0.5


def test_shift_share_sentence_and_bars(published):
    result = shift_share(published, start=2013, end=2019).about("430000")
    parts_of_growth = (
        result.tidy().query("region == '430000' and sector == 'all'").set_index("term")["rate"]
    )
    assert result.sentence() == (
        "Hunan, 2013-2019: the sectors together changed by "
        f"{100 * parts_of_growth['change']:+.1f}%, of which national "
        f"{100 * parts_of_growth['national']:+.1f}%; industry mix "
        f"{100 * parts_of_growth['industry_mix']:+.1f}%; competitive "
        f"{100 * parts_of_growth['competitive']:+.1f}% (of the first year's level)."
    )
    axes = result.plot()
    assert len(axes.get_yticklabels()) == 31
    assert {text.get_text() for text in axes.get_legend().get_texts()} == {
        "national",
        "industry mix",
        "competitive",
        "sum",
    }


def test_a_sector_that_starts_from_zero_is_refused():
    table = accounts(
        {
            "a": {("110000", 2010): 0, ("110000", 2011): 5},
            "b": {("110000", 2010): 1, ("110000", 2011): 5},
        }
    )
    message = "Shift-share needs the growth rate of each sector of all regions, and one starts"
    with pytest.raises(ModelError, match=message):
        shift_share(table, start=2010, end=2011, sectors=["a", "b"])


def test_sectors_of_two_units_cannot_be_added(two_by_two):
    other = two_by_two.assign(unit=two_by_two["indicator"].map({"a": "CNY", "b": "persons"}))
    message = "The sectors are in the units CNY, persons, so they cannot be added."
    with pytest.raises(OptionError, match=message):
        shift_share(other, start=2010, end=2012, sectors=["a", "b"])


def test_a_window_outside_the_data_is_refused(two_by_two):
    message = "No province has all of a, b in 2010 to 2020; the accounts hold 2010 to 2012."
    with pytest.raises(DataError, match=message):
        shift_share(two_by_two, start=2010, end=2020, sectors=["a", "b"])


def test_location_quotients_by_hand(two_by_two):
    table = location_quotient(two_by_two, year=2010, sectors=["a", "b"]).tidy()
    assert table["estimate"].tolist() == pytest.approx(
        [0.5 / (200 / 600), 0.5 / (400 / 600), 0.25 / (200 / 600), 0.75 / (400 / 600)]
    )
    assert table["std_error"].isna().all()


def test_location_quotients_weigh_up_to_one(published):
    result = location_quotient(published, year=2018, sectors=EIGHT).tidy()
    whole = result.groupby("region")["share"].sum()
    np.testing.assert_allclose(whole, 1.0)
    share = result["share"] / result["estimate"]
    assert share.groupby(result["sector"]).std().max() < 1e-12


def test_the_interval_for_counts_needs_counts(two_by_two):
    message = "interval='counts' takes what is counted (persons, firms); the sectors are in CNY."
    with pytest.raises(OptionError, match=re.escape(message)):
        location_quotient(two_by_two, year=2010, sectors=["a", "b"], interval="counts")


@pytest.mark.slow
def test_the_interval_for_counts_covers():
    rng = np.random.default_rng(8)
    truth = np.array([[0.3, 0.7], [0.5, 0.5], [0.2, 0.8]])
    sizes = np.array([200, 500, 1000])
    expected = truth / ((sizes @ truth) / sizes.sum())
    hits, runs = 0, 250
    for _ in range(runs):
        drawn = np.array([rng.multinomial(n, p) for n, p in zip(sizes, truth, strict=True)])
        table = accounts(
            {
                name: {(f"{r + 11}0000", 2020): drawn[r, place] for r in range(3)}
                for place, name in enumerate("ab")
            },
            unit="persons",
        )
        found = location_quotient(table, year=2020, sectors=["a", "b"], interval="counts").tidy()
        low = found["conf_low"].to_numpy().reshape(3, 2)
        high = found["conf_high"].to_numpy().reshape(3, 2)
        hits += ((low <= expected) & (expected <= high)).sum()
    assert 0.93 <= hits / (runs * 6) <= 0.97


def test_the_interval_over_years(published):
    options = {"year": 2019, "sectors": EIGHT, "interval": "years", "years": 10}
    table = location_quotient(published, **options).tidy()
    assert (table["conf_low"] <= table["estimate"]).all()
    assert (table["estimate"] <= table["conf_high"]).all()
    flat = accounts(
        {
            "a": {(r, y): 2.0 + (r == "110000") for r in ("110000", "120000") for y in range(4)},
            "b": {(r, y): 3.0 for r in ("110000", "120000") for y in range(4)},
        }
    )
    options = {"sectors": ["a", "b"], "interval": "years", "years": 4}
    steady = location_quotient(flat, year=3, **options).tidy()
    np.testing.assert_allclose(steady["std_error"], 0, atol=1e-12)


def test_specialisation_by_hand(two_by_two):
    table = specialisation(two_by_two, year=2010, sectors=["a", "b"]).tidy()
    own = table[table["region"] == "110000"].set_index("term")["estimate"]
    assert own["krugman"] == pytest.approx(abs(0.5 - 1 / 3) + abs(0.5 - 2 / 3))
    assert own["hoover"] == pytest.approx(own["krugman"] / 2)
    assert own["herfindahl"] == pytest.approx(0.5)
    assert own["theil"] == pytest.approx(0.5 * np.log(1.5) + 0.5 * np.log(0.75))


def test_bartik_by_hand(two_by_two):
    options = {"start": 2010, "end": 2012, "sectors": ["a", "b"]}
    result = bartik_instrument(two_by_two, **options)
    found = result.tidy().query("term == 'bartik'")["estimate"].tolist()
    assert found == pytest.approx([0.5 * 0.3 + 0.5 * 0.1, 0.25 * 0.5 + 0.75 * 0.1])
    every = bartik_instrument(two_by_two, **options, shocks="all").tidy()
    found = every.query("term == 'bartik'")["estimate"].tolist()
    assert found == pytest.approx([0.5 * 0.4 + 0.5 * 0.1, 0.25 * 0.4 + 0.75 * 0.1])
    np.testing.assert_allclose(result.shares.sum(axis=1), 1.0)


def exposed(rng, regions, sectors, effect):
    """Draw regions whose residuals share the shocks of their sectors."""
    shares = rng.dirichlet(np.full(sectors, 0.3), size=regions)
    x = shares @ rng.normal(size=sectors)
    y = effect * x + shares @ rng.normal(size=sectors) + 0.05 * rng.normal(size=regions)
    names = [f"s{place}" for place in range(sectors)]
    return pd.DataFrame(shares, columns=names).assign(x=x, y=y), names


def test_akm_error_by_its_formula():
    table, names = exposed(np.random.default_rng(0), 60, 5, 1.0)
    row = shift_share_regression(table, outcome="y", regressor="x", shares=names).tidy().iloc[0]
    x, y = table["x"] - table["x"].mean(), table["y"] - table["y"].mean()
    beta = (x @ y) / (x @ x)
    shares = table[names].to_numpy()
    shocks = np.linalg.solve(shares.T @ shares, shares.T @ x)
    exposure = shares.T @ (y - beta * x)
    expected = np.sqrt(sum(shocks[i] ** 2 * exposure[i] ** 2 for i in range(5))) / (x @ x)
    assert row["estimate"] == pytest.approx(beta, rel=1e-12)
    assert row["std_error"] == pytest.approx(expected, rel=1e-9)


def test_akm0_ends_are_where_the_test_turns():
    table, names = exposed(np.random.default_rng(3), 200, 30, 1.0)
    options = {"outcome": "y", "regressor": "x", "shares": names, "errors": "akm0"}
    row = shift_share_regression(table, **options).tidy().iloc[0]
    for end in (row["conf_low"], row["conf_high"]):
        moved = table.assign(y=table["y"] - end * table["x"])
        at_end = shift_share_regression(moved, **options).tidy().iloc[0]
        assert at_end["p_value"] == pytest.approx(0.05, rel=1e-6)


def test_instrumented_treatment_is_the_ratio_of_both_regressions():
    table, names = exposed(np.random.default_rng(4), 100, 8, 1.0)
    table["d"] = 0.5 * table["x"] + 0.1 * np.sin(np.arange(100))
    options = {"regressor": "x", "shares": names}
    late = shift_share_regression(table, outcome="y", treatment="d", **options).tidy()
    both = [
        shift_share_regression(table, outcome=name, **options).tidy()["estimate"].iloc[0]
        for name in ("y", "d")
    ]
    assert late["term"].iloc[0] == "d"
    assert late["estimate"].iloc[0] == pytest.approx(both[0] / both[1])


@pytest.mark.slow
def test_exposure_robust_intervals_cover_where_robust_ones_do_not():
    rng = np.random.default_rng(12)
    runs, akm, akm0, robust = 150, 0, 0, 0
    for _ in range(runs):
        table, names = exposed(rng, 300, 50, 1.0)
        options = {"outcome": "y", "regressor": "x", "shares": names}
        row = shift_share_regression(table, **options).tidy().iloc[0]
        akm += row["conf_low"] <= 1 <= row["conf_high"]
        row = shift_share_regression(table, **options, errors="akm0").tidy().iloc[0]
        akm0 += row["conf_low"] <= 1 <= row["conf_high"]
        x, y = table["x"] - table["x"].mean(), table["y"] - table["y"].mean()
        beta = (x @ y) / (x @ x)
        white = np.sqrt((x**2) @ (y - beta * x) ** 2) / (x @ x)
        robust += abs(beta - 1) <= 1.96 * white
    assert akm / runs > 0.85
    assert akm0 / runs > 0.91
    assert robust / runs < 0.75


def test_shares_that_cannot_be_told_apart_are_refused():
    table, names = exposed(np.random.default_rng(5), 30, 4, 1.0)
    table["twin"] = table["s0"]
    options = {"outcome": "y", "regressor": "x"}
    with pytest.raises(ModelError, match="The shares are collinear"):
        shift_share_regression(table, shares=[*names, "twin"], **options)
    with pytest.raises(OptionError, match="got 4 shares and 4 rows"):
        shift_share_regression(table.head(4), shares=names, **options)


def test_sentences_and_drawings_of_quotients_and_specialisation(two_by_two):
    named = two_by_two.assign(
        region_name=two_by_two["region"].map(
            {"110000": "Beijing", "120000": "Tianjin", "100000": "China"}
        )
    )
    options = {"year": 2010, "sectors": ["a", "b"]}
    quotients = location_quotient(named, **options)
    assert quotients.sentence() == (
        "A weighs most, against its weight in all provinces, in Beijing (1.50), Tianjin (0.75) "
        "(2010)."
    )
    assert [t.get_text() for t in quotients.plot().get_yticklabels()] == ["Beijing", "Tianjin"]
    special = specialisation(named, **options)
    assert special.sentence() == (
        "By Krugman's index Beijing (0.33) is the most specialised region in 2010, Tianjin (0.17) "
        "the least."
    )
    assert special.plot().get_xlabel() == "Krugman's index"


def test_the_instrument_speaks_and_is_drawn(published):
    result = bartik_instrument(published, start=2013, end=2019, sectors=EIGHT)
    wide = result.tidy().pivot_table(index="region", columns="term", values="estimate")
    assert result.sentence() == (
        "From 2013 to 2019 the mix of sectors predicts growth between "
        f"{100 * wide['bartik'].min():.1f}% and {100 * wide['bartik'].max():.1f}%; its correlation "
        f"with the actual one over 31 regions is {wide['bartik'].corr(wide['growth']):.2f}."
    )
    assert result.plot().get_ylabel() == "actual growth"
