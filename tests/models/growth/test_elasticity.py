"""The elasticity: against the fits of other libraries, and refused where it has no meaning."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from tests.models.growth.accounts_by_hand import accounts, published_accounts
from toolkit.errors import DataError, ModelError, OptionError
from toolkit.models.growth import growth_elasticity

REVENUE = "high_tech_manufacturing_revenue"
SECONDARY = "value_added_secondary"
GDP = "gross_regional_product"
OPTIONS = {"sector": SECONDARY, "against": "gdp", "vintage": "before_revision"}


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    return published_accounts()


@pytest.fixture(scope="module")
def differences(published) -> pd.DataFrame:
    """The same rows, made another way."""
    rows = published[published["region"] != "100000"]
    wide = {
        name: np.log(
            rows[(rows["indicator"] == name) & (rows["vintage"] != "revised")].pivot_table(
                index="region", columns="year", values="value"
            )
        ).diff(axis=1)
        for name in (SECONDARY, GDP)
    }
    long = pd.DataFrame({name: table.T.unstack() for name, table in wide.items()}).dropna()
    return long.rename(columns={SECONDARY: "sector", GDP: "base"})


def test_two_ways_against_linearmodels(published, differences):
    from linearmodels.panel import PanelOLS

    theirs = PanelOLS(
        differences["sector"], differences[["base"]], entity_effects=True, time_effects=True
    ).fit(cov_type="clustered", cluster_entity=True, group_debias=False, debiased=False)
    ours = growth_elasticity(published, **OPTIONS, effects="region+year", vcov="CR0")
    row = ours.tidy().iloc[0]
    assert row["estimate"] == pytest.approx(theirs.params["base"], rel=1e-8)
    # linearmodels counts the 52 effects against the rows even where they lie within clusters.
    counted = theirs.nobs / (theirs.nobs - 52)
    assert row["std_error"] == pytest.approx(theirs.std_errors["base"] / counted**0.5, rel=1e-8)
    assert ours.glance().loc[0, "rows"] == theirs.nobs


def test_driscoll_kraay_against_linearmodels(published, differences):
    from linearmodels.panel import PanelOLS

    theirs = PanelOLS(differences["sector"], differences[["base"]], entity_effects=True).fit(
        cov_type="kernel", kernel="bartlett", bandwidth=3, debiased=False
    )
    ours = growth_elasticity(published, **OPTIONS, effects="region", vcov="DK(3)")
    n, periods = theirs.nobs, differences.index.get_level_values("year").nunique()
    # Theirs is n / (n - 31), ours T / (T - 1) (n - 1) / (n - 32).
    factor = periods / (periods - 1) * (n - 1) / (n - 32) * (n - 31) / n
    row = ours.tidy().iloc[0]
    assert row["estimate"] == pytest.approx(theirs.params["base"], rel=1e-8)
    assert row["std_error"] == pytest.approx(theirs.std_errors["base"] * factor**0.5, rel=1e-8)


def test_levels_without_effects_against_statsmodels(published):
    import statsmodels.api as sm

    ours = growth_elasticity(published, **OPTIONS, effects="none", vcov="HC3", form="levels")
    rows = ours.augment()
    theirs = sm.OLS(rows["sector"], sm.add_constant(rows["base"])).fit(cov_type="HC3", use_t=True)
    row = ours.tidy().iloc[0]
    assert row["estimate"] == pytest.approx(theirs.params["base"], rel=1e-9)
    assert row["std_error"] == pytest.approx(theirs.bse["base"], rel=1e-9)
    assert row["p_value"] == pytest.approx(theirs.pvalues["base"], rel=1e-6)
    assert ours.glance().loc[0, "r2_within"] == pytest.approx(theirs.rsquared, rel=1e-9)


def test_long_difference_has_one_row_for_each_province(published):
    options = {"start": 2010, "end": 2020, "effects": "none", "vcov": "HC1"}
    result = growth_elasticity(published, **OPTIONS, **options, form="long_difference")
    rows = result.augment()
    assert len(rows) == 31
    slope = np.polyfit(rows["base"], rows["sector"], 1)[0]
    assert result.tidy()["estimate"].iloc[0] == pytest.approx(slope, rel=1e-9)


def test_slopes_by_region_and_their_mean_group(published):
    options = {"effects": "none", "vcov": "NW(1)"}
    result = growth_elasticity(published, **OPTIONS, **options, slopes="by_region")
    table = result.tidy()
    assert len(table) == 32
    slopes = table["estimate"].to_numpy()[:-1]
    mean = table.iloc[-1]
    assert mean["region"] == "provinces"
    assert mean["estimate"] == pytest.approx(slopes.mean())
    assert mean["std_error"] == pytest.approx(slopes.std(ddof=1) / np.sqrt(31))
    rows = result.augment().query("region == '430000'")
    own = table[table["region"] == "430000"]["estimate"].iloc[0]
    assert own == pytest.approx(np.polyfit(rows["base"], rows["sector"], 1)[0])


def test_dependence_is_said_and_goes_with_year_effects(published):
    alone = growth_elasticity(published, **OPTIONS, effects="region", vcov="CR1")
    assert alone.glance().loc[0, "pesaran_cd_p_value"] < 0.05
    assert any("Residuals of the regions move together" in note for note in alone.notes)
    both = growth_elasticity(published, **OPTIONS, effects="region+year", vcov="CR1")
    assert abs(both.glance().loc[0, "pesaran_cd"]) < abs(alone.glance().loc[0, "pesaran_cd"])


@pytest.mark.parametrize(
    "vcov",
    ["HC2", "CR2", "CR3", "CR1(region, year)", "CR1(zone)", "NW", "DK", "Conley(800, 2)"],
)
def test_the_covariance_moves_the_error_and_never_the_estimate(published, vcov):
    codes = published["region"].unique()
    options = {"effects": "region+year", "zones": {code: code[:2] for code in codes}}
    first = growth_elasticity(published, **OPTIONS, **options, vcov="HC1").tidy().iloc[0]
    other = growth_elasticity(published, **OPTIONS, **options, vcov=vcov).tidy().iloc[0]
    assert other["estimate"] == first["estimate"]
    assert 0.2 < other["std_error"] / first["std_error"] < 5
    assert other["conf_low"] < other["estimate"] < other["conf_high"]


def test_wild_bootstrap_is_near_clusters_and_repeats(published):
    options = {**OPTIONS, "effects": "region+year"}
    wild, again = (
        growth_elasticity(published, **options, vcov="WCB(1999)", random_state=1).tidy().iloc[0]
        for _ in range(2)
    )
    plain = growth_elasticity(published, **options, vcov="CR1").tidy().iloc[0]
    pd.testing.assert_series_equal(wild, again)
    assert wild["std_error"] == plain["std_error"]
    assert wild["conf_low"] == pytest.approx(plain["conf_low"], abs=plain["std_error"])


def test_sentence_plot_and_key_figure(published):
    result = growth_elasticity(published, **OPTIONS, effects="region+year", vcov="CR1")
    row = result.tidy().iloc[0]
    assert result.sentence() == (
        "Where gross regional product grows by 1% more, value added of the secondary sector grows "
        f"by {row['estimate']:.2f}% more (95% interval {row['conf_low']:.2f} to "
        f"{row['conf_high']:.2f}; nominal, 2000-2022, 31 regions)."
    )
    assert result.key_figures() == {"growth elasticity": f"{row['estimate']:.2f}"}
    assert result.plot().get_xlabel() == "elasticity"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"effects": "province", "vcov": "HC1"}, "effects is 'none' or 'region'"),
        ({"effects": "none", "vcov": "CR1(regoin)"}, "Did you mean 'region'?"),
        ({"effects": "none", "vcov": "robust"}, "No covariance 'robust'."),
        (
            {"effects": "region", "vcov": "HC1", "form": "long_difference"},
            "A long difference has one row for each region, so it takes effects='none'",
        ),
        (
            {"effects": "none", "vcov": "CR1", "slopes": "by_region"},
            "slopes='by_region' fits one region at a time, so it takes HC0 to HC3 or NW",
        ),
    ],
)
def test_options_that_cannot_be_meant(published, options, message):
    with pytest.raises(OptionError, match=re.escape(message)):
        growth_elasticity(published, **OPTIONS, **options)


def test_conley_needs_places():
    rng = np.random.default_rng(0)
    cells = {
        name: {(f"9{place}0000", year): 1 + rng.random() for place in range(5) for year in range(9)}
        for name in (REVENUE, GDP)
    }
    with pytest.raises(DataError, match="No place is known for the regions 900000, 910000"):
        growth_elasticity(
            accounts(cells), sector=REVENUE, against="gdp", effects="region", vcov="Conley(500)"
        )


def test_no_common_year_is_refused():
    table = accounts({REVENUE: {("430000", 2010): 1.0}, GDP: {("430000", 2011): 1.0}})
    with pytest.raises(ModelError, match="in one and the same year"):
        growth_elasticity(table, sector=REVENUE, against="gdp", effects="none", vcov="HC1")


@pytest.mark.parametrize("effects", ["region + year", "year+region", " year +region "])
def test_effects_are_read_with_spaces_and_in_either_order(published, effects):
    plain = growth_elasticity(published, **OPTIONS, effects="region+year", vcov="CR1(region,year)")
    spaced = growth_elasticity(published, **OPTIONS, effects=effects, vcov=" cr1 ( region , year )")
    pd.testing.assert_frame_equal(spaced.tidy(), plain.tidy())
    assert spaced.facts["effects"] == plain.facts["effects"] == "region+year"
