"""Catching up, inequality by year, chained volumes and quarters."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from tests.models.growth.accounts_by_hand import accounts, by_year, published_accounts
from toolkit.errors import ColumnError, DataError, ModelError, OptionError
from toolkit.models import inequality
from toolkit.models.growth import (
    chain_index,
    convergence,
    quarters_from_year_to_date,
    real_values,
    rebase,
    regional_inequality,
)

GDP = "gross_regional_product"
OPTIONS = {"indicator": "gdp", "per": "population", "vintage": "before_revision"}


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    return published_accounts()


def test_beta_against_statsmodels(published):
    import statsmodels.api as sm

    result = convergence(published, **OPTIONS, start=2005, end=2019)
    rows = result.augment()
    theirs = sm.OLS(rows["growth"], sm.add_constant(rows["start"])).fit(cov_type="HC3", use_t=True)
    beta, speed, half_life = (result.tidy().iloc[place] for place in range(3))
    assert len(rows) == 31
    assert beta["estimate"] == pytest.approx(theirs.params["start"], rel=1e-8)
    assert beta["std_error"] == pytest.approx(theirs.bse["start"], rel=1e-8)
    assert beta["conf_low"] == pytest.approx(theirs.conf_int().loc["start", 0], rel=1e-7)
    assert speed["estimate"] == pytest.approx(-np.log(1 + 14 * beta["estimate"]) / 14)
    assert half_life["estimate"] == pytest.approx(np.log(2) / speed["estimate"])
    assert speed["conf_low"] < speed["estimate"] < speed["conf_high"]
    assert "Over 2005-2019 a start 1% higher in gross regional product per" in result.sentence()
    assert result.plot().get_ylabel() == "growth a year (log points)"


def test_the_truth_is_found_in_drawn_accounts():
    rng = np.random.default_rng(0)
    start = rng.normal(10, 1, 30)
    end = start + 20 * (0.3 - 0.02 * start)
    cells = {
        GDP: {
            (f"{place + 10}0000", year): np.exp(levels[place])
            for place in range(30)
            for year, levels in ((2000, start), (2020, end))
        }
    }
    result = convergence(accounts(cells), indicator="gdp", start=2000, end=2020).tidy()
    assert result["estimate"].iloc[0] == pytest.approx(-0.02, abs=1e-10)
    assert result["estimate"].iloc[1] == pytest.approx(-np.log(1 - 0.4) / 20, abs=1e-9)


def test_conditional_beta_holds_its_controls(published):
    result = convergence(
        published, **OPTIONS, start=2005, end=2019, controls=["value_added_industry"]
    )
    rows = result.augment()
    design = np.column_stack([rows["start"], rows["value_added_industry"], np.ones(31)])
    expected = np.linalg.lstsq(design, rows["growth"], rcond=None)[0]
    found = result.tidy().set_index("term")["estimate"]
    assert found["beta"] == pytest.approx(expected[0], rel=1e-8)
    assert found["value_added_industry"] == pytest.approx(expected[1], rel=1e-8)


def test_sigma_is_the_spread_of_logs(published):
    result = convergence(published, **OPTIONS, start=2005, end=2019, kind="sigma")
    rows = published[published["region"] != "100000"]
    wide = {
        name: rows[(rows["indicator"] == name) & (rows["vintage"] != "revised")].pivot_table(
            index="region", columns="year", values="value"
        )
        for name in (GDP, "population")
    }
    spread = np.log(wide[GDP] / wide["population"]).loc[:, 2005:2019].std(ddof=1)
    found = result.tidy().set_index("term")["estimate"]
    assert found["sigma_start"] == pytest.approx(spread[2005])
    assert found["sigma_end"] == pytest.approx(spread[2019])
    assert found["sigma_trend"] == pytest.approx(np.polyfit(range(15), spread, 1)[0])
    assert result.plot().get_ylabel() == "standard deviation of logs"


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"kind": "gamma"}, OptionError, "kind is 'beta' or 'sigma'; got 'gamma'."),
        ({"vcov": "CR1"}, OptionError, "kind='beta' takes the covariances HC and Conley"),
        ({"end": 2003}, OptionError, "runs forward; got start=2005, end=2003."),
        ({"end": 2022}, DataError, "Convergence of 2005-2022 needs both ends in 4 provinces"),
        ({"kind": "sigma", "end": 2007}, ModelError, "there are 31 and 3. Move the window."),
    ],
)
def test_convergence_refuses(published, options, error, message):
    with pytest.raises(error, match=re.escape(message)):
        convergence(published, **{**OPTIONS, "start": 2005, "end": 2019, **options})


def test_inequality_by_year_and_zone(published):
    east = {"110000", "120000", "310000", "320000", "330000", "350000", "370000", "440000"}
    zones = {code: "east" if code in east else "rest" for code in published["region"].unique()}
    result = regional_inequality(published, **OPTIONS, start=2010, end=2019, zones=zones)
    table = result.tidy().pivot_table(index="year", columns="term", values="estimate")
    assert list(table.index) == list(range(2010, 2020))
    for kind in "tl":
        parts = table[f"theil_{kind}_between"] + table[f"theil_{kind}_within"]
        np.testing.assert_allclose(parts, table[f"theil_{kind}"], rtol=1e-10)
    rows = published[(published["region"] != "100000") & (published["year"] == 2015)]
    wide = rows[rows["vintage"] != "revised"].pivot_table(
        index="region", columns="indicator", values="value"
    )
    each = wide[GDP] / wide["population"]
    assert table.loc[2015, "gini"] == pytest.approx(inequality.gini(each, wide["population"]))
    assert result.sentence().startswith("Between regions, Theil's index of gross regional product")
    assert result.plot().get_xlabel() == "year"


def test_a_region_without_a_zone_is_refused(published):
    with pytest.raises(OptionError, match="zones= names none for 120000"):
        regional_inequality(published, **OPTIONS, zones={"110000": "north"})


def index_accounts() -> pd.DataFrame:
    money = accounts({GDP: by_year("430000", 2010, 100, 121, 150)})
    index = accounts({f"{GDP}_index": by_year("430000", 2011, 1.1, 1.2)}, unit="fraction")
    return pd.concat([money, index], ignore_index=True)


def test_chaining_runs_both_ways_from_its_base():
    for base, expected in [
        (2010, [1, 1.1, 1.32]),
        (2011, [1 / 1.1, 1, 1.2]),
        (2012, [1 / 1.32, 1 / 1.2, 1]),
    ]:
        rows = chain_index(index_accounts(), indicator=f"{GDP}_index", base_year=base)
        assert rows["year"].tolist() == [2010, 2011, 2012]
        np.testing.assert_allclose(rows["value"], expected)
        assert set(rows["indicator"]) == {f"{GDP}_index_chained"}


def test_a_missing_link_ends_the_chain():
    index = accounts(
        {f"{GDP}_index": {("430000", 2011): 1.1, ("430000", 2013): 1.2}}, unit="fraction"
    )
    rows = chain_index(index, indicator=f"{GDP}_index", base_year=2010)
    assert rows["year"].tolist() == [2010, 2011]


def test_real_values_and_the_deflator_multiply_to_the_nominal():
    rows = real_values(index_accounts(), indicator="gdp", base_year=2010)
    wide = rows.pivot_table(index="year", columns="indicator", values="value")
    np.testing.assert_allclose(wide[f"{GDP}_real"], [100, 110, 132])
    np.testing.assert_allclose(wide[f"{GDP}_real"] * wide[f"{GDP}_deflator"], [100, 121, 150])


def test_real_values_need_an_index():
    table = accounts({GDP: by_year("430000", 2010, 100, 121)})
    message = "Real values of gross_regional_product need its volume index"
    with pytest.raises(ModelError, match=message):
        real_values(table, indicator="gdp", base_year=2010)


def test_rebasing(published):
    rows = rebase(published, indicator="population", base_year=2010)
    at_base = rows[rows["year"] == 2010]["value"]
    assert (at_base == 1.0).all()
    assert len(at_base) == 31
    with pytest.raises(DataError, match="it has no value; it reaches from 2000 to 2019"):
        rebase(published, indicator="population", base_year=2022)


def quarters(*values, start=1):
    return pd.DataFrame(
        {
            "region": "430000",
            "indicator": GDP,
            "year": 2023,
            "quarter": range(start, start + len(values)),
            "value": values,
        }
    )


def test_quarters_add_up_to_the_year():
    flows = quarters_from_year_to_date(
        quarters(10.0, 22.0, 35.0, 50.0).sample(frac=1, random_state=1)
    )
    assert flows["flow"].tolist() == [10, 12, 13, 15]
    assert flows["flow"].sum() == 50
    assert (flows["doubt"] == "").all()


def test_a_missing_or_falling_quarter_is_doubted_and_not_filled():
    hole = quarters_from_year_to_date(quarters(22.0, 35.0, start=2))
    assert hole["doubt"].tolist() == ["quarter before missing", ""]
    assert hole["flow"].isna().tolist() == [True, False]
    fall = quarters_from_year_to_date(quarters(10.0, 9.0))
    assert fall["doubt"].tolist() == ["", "cumulative falls"]


def test_quarters_that_cannot_be_meant():
    with pytest.raises(DataError, match="A quarter is 1, 2, 3 or 4; got 5"):
        quarters_from_year_to_date(quarters(1.0, 2.0, start=4))
    with pytest.raises(DataError, match="occur twice: region 430000, indicator"):
        quarters_from_year_to_date(pd.concat([quarters(1.0), quarters(1.0)]))
    with pytest.raises(ColumnError, match="No column 'quarter'"):
        quarters_from_year_to_date(quarters(1.0).drop(columns="quarter"))
