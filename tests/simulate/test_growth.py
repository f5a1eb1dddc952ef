import numpy as np
import pandas as pd
import pytest

from toolkit.errors import OptionError
from toolkit.schema import ACCOUNTS, NATION
from toolkit.simulate import GrowthDesign

SECTOR = "high_tech_manufacturing_revenue"


def _series(accounts, indicator, vintage):
    rows = accounts[(accounts["indicator"] == indicator) & (accounts["vintage"] == vintage)]
    return rows.pivot_table(index="region", columns="year", values="value")


def _yearly(series):
    years = series.shape[1] - 1
    return (series.iloc[:, -1] / series.iloc[:, 0]) ** (1 / years) - 1


@pytest.fixture(scope="module")
def quiet():
    return GrowthDesign(noise_sd=0, sector_noise_sd=0).draw(random_state=1)


def test_the_sector_grows_so_many_times_as_fast_in_every_province(quiet):
    product = _yearly(_series(quiet, "gross_regional_product", "revised")).drop(NATION)
    sector = _yearly(_series(quiet, SECTOR, "unstated")).drop(NATION)
    assert len(product) == 31
    # Accounts are printed with two decimals, which costs the smallest provinces some digits.
    assert np.allclose(sector / product, 2.3, atol=2e-3)
    assert product.mean() == pytest.approx(0.06, abs=1e-6)
    assert product.std() > 0.005


def test_the_nation_has_its_own_truth(quiet):
    truth = {truth.estimand: truth.value for truth in GrowthDesign().truth()}
    product = _yearly(_series(quiet, "gross_regional_product", "revised"))[NATION]
    sector = _yearly(_series(quiet, SECTOR, "unstated"))[NATION]
    assert product == pytest.approx(truth["gdp_growth_nation"], abs=1e-7)
    assert sector == pytest.approx(truth["sector_growth_nation"], abs=1e-7)
    assert truth["multiple_nation"] == pytest.approx(sector / product, abs=1e-5)
    assert truth["multiple"] == 2.3


def test_provinces_alike_make_the_nation_alike():
    truth = {truth.estimand: truth.value for truth in GrowthDesign(growth_sd=0).truth()}
    assert truth["multiple_nation"] == pytest.approx(2.3, abs=1e-12)


def test_the_rest_of_product_is_known_where_the_sector_is_part_of_it():
    design = GrowthDesign(sector="value_added_finance", growth_sd=0, sector_share=0.1)
    truth = {truth.estimand: truth.value for truth in design.truth()}
    gdp, sector = 1.06**14, 1.138**14
    rest = ((gdp - 0.1 * sector) / 0.9) ** (1 / 14) - 1
    assert truth["multiple_nation_rest"] == pytest.approx(0.138 / rest, abs=1e-12)


def test_trends_find_the_multiple_within_their_error():
    design = GrowthDesign()
    multiples = []
    for seed in range(25):
        accounts = design.draw(random_state=seed)
        years = np.arange(15)
        slopes = [
            np.expm1(
                np.polyfit(years, np.log(_series(accounts, name, vintage).drop(NATION)).T, 1)[0]
            ).mean()
            for name, vintage in ((SECTOR, "unstated"), ("gross_regional_product", "revised"))
        ]
        multiples.append(slopes[0] / slopes[1])
    error = np.std(multiples) / np.sqrt(len(multiples))
    assert abs(np.mean(multiples) - 2.3) < 4 * error
    assert error < 0.01


def test_the_layout_and_the_traps():
    accounts = GrowthDesign().draw(random_state=2)
    assert list(accounts.columns) == ACCOUNTS.names
    assert not accounts.duplicated(list(ACCOUNTS.key)).any()
    revised = _series(accounts, "gross_regional_product", "revised")
    older = _series(accounts, "gross_regional_product", "before_revision")
    assert list(older.columns) == list(range(2010, 2023))
    lower = 1 - (older / revised[older.columns]).drop(NATION).mean(axis=1)
    assert lower.min() == pytest.approx(0, abs=1e-6)
    assert lower.max() == pytest.approx(0.09, abs=1e-4)
    gap = revised.loc[NATION] / revised.drop(NATION).sum()
    assert np.allclose(gap, 1.004, atol=1e-6)


def test_the_same_seed_draws_the_same():
    design = GrowthDesign()
    pd.testing.assert_frame_equal(design.draw(random_state=1), design.draw(random_state=1))
    assert not design.draw(random_state=1).equals(design.draw(random_state=2))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sector": "population"}, "sector is an indicator in CNY; 'population' is in persons."),
        ({"end": 2012}, "The accounts span at least 5 years; got 2010 to 2012."),
        ({"persistence": 1.0}, "persistence lies between -1 and 1; got 1."),
    ],
)
def test_designs_that_cannot_be(options, message):
    with pytest.raises(OptionError) as caught:
        GrowthDesign(**options)
    assert str(caught.value) == message
