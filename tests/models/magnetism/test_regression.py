from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.models.magnetism.ledgers import END, ledger_of
from tests.models.magnetism.nmtc import answers, read_projects
from toolkit.errors import ColumnError, DataError, ModelError, OptionError
from toolkit.models.magnetism import capital_magnetism, magnetism_ratio, magnetism_regression


@pytest.fixture(scope="module")
def firms() -> pd.DataFrame:
    result = capital_magnetism(
        ledger_of(firms=1500, clusters=40, seed=12),
        months=12,
        window="complete",
        by="sector",
        cluster="region",
        observed_until=END,
    )
    return result.augment()


def test_the_constant_alone_is_the_ratio_of_sums_and_its_interval(firms: pd.DataFrame) -> None:
    ratio = magnetism_ratio(firms, lead="lead_cny", follow="follow_cny", cluster="region").total()
    fit = magnetism_regression(firms, "follow_cny ~ 1", exposure="lead_cny", cluster="region")
    row = fit.tidy().set_index("term").loc["ratio"]
    for name in ("estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high"):
        assert row[name] == pytest.approx(ratio[name], rel=1e-9)


def test_nmtc_against_r(shared_data) -> None:
    projects = read_projects(shared_data("micro/nmtc_projects.csv"))
    projects["state"] = projects["state"].fillna("none")
    known = answers()["poisson"]
    constant = magnetism_regression(
        projects, "cost_usd ~ 1", exposure="investment_usd", cluster="state"
    ).tidy()
    assert constant.loc[0, "estimate"] == pytest.approx(known["log_ratio"], rel=1e-10)
    assert constant.loc[0, "std_error"] == pytest.approx(known["std_error"], rel=1e-9)
    slopes = magnetism_regression(
        projects, "cost_usd ~ log(investment_usd) + C(year)", cluster="state"
    )
    row = slopes.tidy().set_index("term").loc["log(investment_usd)"]
    assert row["estimate"] == pytest.approx(known["elasticity"], rel=1e-8)
    assert row["std_error"] == pytest.approx(known["elasticity_se"], rel=1e-6)
    absorbed = magnetism_regression(
        projects, "cost_usd ~ log(investment_usd) | year", cluster="state"
    ).tidy()
    assert absorbed.loc[0, "estimate"] == pytest.approx(known["elasticity"], rel=1e-8)
    assert absorbed.loc[0, "std_error"] == pytest.approx(known["elasticity_se"], rel=1e-6)
    assert slopes.sentence().startswith(
        "Elasticity of cost_usd with respect to investment_usd: 0.9562 (95% interval 0.8872 to "
    )


def test_a_known_elasticity_is_found() -> None:
    rng = np.random.default_rng(8)
    lead = rng.gamma(2.0, size=20_000)
    follow = 5 * lead**0.7 * rng.gamma(0.5, 2.0, 20_000) * (rng.random(20_000) < 0.5)
    units = pd.DataFrame({"x": lead, "y": follow, "c": rng.integers(0, 200, 20_000)})
    row = magnetism_regression(units, "y ~ log(x)", cluster="c").tidy().loc[1]
    assert row["conf_low"] < 0.7 < row["conf_high"]
    assert row["std_error"] < 0.03


def test_groups_without_any_money_are_left_out_and_said() -> None:
    units = pd.DataFrame(
        {
            "g": ["a", "a", "b", "b", "c", "c", "d", "d"],
            "c": ["p", "q", "p", "q", "p", "q", "r", "r"],
            "x": [1.0, 2.0, 1.0, 2.0, 1.0, 3.0, 0.0, np.nan],
            "y": [2.0, 3.0, 0.0, 0.0, 1.0, 4.0, 1.0, 1.0],
        }
    )
    result = magnetism_regression(units, "y ~ x | g", cluster="c")
    assert result.facts["rows"] == 5
    assert result.notes[:2] == (
        "1 of 8 rows left out: a value is missing or not finite.",
        "2 rows left out: no row of their g has any money, so its effect is minus infinity.",
    )
    exposed = magnetism_regression(units, "y ~ 1", exposure="x", cluster="c")
    assert exposed.notes[1] == "1 rows left out: they have no exposure."
    assert exposed.tidy().set_index("term").loc["ratio", "estimate"] == pytest.approx(1.0)


def test_what_cannot_be_meant(firms: pd.DataFrame) -> None:
    for formula in ("follow_cny", "a ~ b ~ c", "~ x", "y ~ x | a | b"):
        with pytest.raises(OptionError, match="A formula has the form"):
            magnetism_regression(firms, formula, cluster="region")
    with pytest.raises(ColumnError) as column:
        magnetism_regression(firms, "follow_cyn ~ log(lead_cny)", cluster="region")
    assert str(column.value).startswith("No column 'follow_cyn'. Did you mean 'follow_cny'?")
    with pytest.raises(ColumnError, match="No column 'regoin'"):
        magnetism_regression(firms, "follow_cny ~ 1", cluster="regoin")
    with pytest.raises(DataError, match="The outcome 'residual' has"):
        magnetism_regression(firms, "residual ~ 1", cluster="region")
    with pytest.raises(DataError, match="The exposure 'residual' has"):
        magnetism_regression(firms, "follow_cny ~ 1", exposure="residual", cluster="region")
    with pytest.raises(ModelError, match="there are 1; a variance needs two or more"):
        magnetism_regression(firms.assign(one="x"), "follow_cny ~ 1", cluster="one")
    with pytest.raises(ModelError, match="there is nothing to fit"):
        magnetism_regression(firms.assign(follow_cny=0.0), "follow_cny ~ 1", cluster="region")


def test_fitted_rows_and_sentences(firms: pd.DataFrame) -> None:
    ratio = magnetism_regression(firms, "follow_cny ~ 1", exposure="lead_cny", cluster="region")
    assert ratio.sentence().startswith("follow_cny per yuan of lead_cny: ")
    assert list(ratio.key_figures()) == ["ratio"]
    rows = ratio.augment()
    np.testing.assert_allclose(rows["fitted"].sum(), rows["follow_cny"].sum(), rtol=1e-10)
    sectors = magnetism_regression(firms, "follow_cny ~ sector", exposure=None, cluster="region")
    assert "One more of sector[T.software] changes the logarithm" in sectors.sentence()
    assert list(sectors.key_figures()) == ["sector[T.software]"]


@pytest.mark.filterwarnings("ignore:The inplace keyword")
def test_many_absorbed_effects_against_pyfixest() -> None:
    pyfixest = pytest.importorskip("pyfixest")
    rng = np.random.default_rng(8)
    rows, counties = 4_000, 300
    table = pd.DataFrame(
        {
            "county": rng.integers(0, counties, rows),
            "year": rng.integers(2012, 2024, rows),
            "lead": rng.gamma(2.0, 5e5, rows),
            "age": rng.gamma(3.0, 2.0, rows),
        }
    )
    pull = rng.normal(scale=0.5, size=counties)[table["county"]]
    mean = 5 * table["lead"] ** 0.8 * np.exp(0.1 * table["age"] + pull)
    table["follow"] = mean * rng.gamma(0.5, 2.0, rows) * (rng.random(rows) < 0.7)
    ours = magnetism_regression(
        table, "follow ~ log(lead) + age | county + year", cluster="county"
    ).tidy()
    theirs = pyfixest.fepois(
        "follow ~ log(lead) + age | county + year",
        data=table,
        vcov={"CRV1": "county"},
        iwls_tol=1e-11,
        ssc=pyfixest.ssc(k_adj=False, G_adj=True),
    )
    assert ours["estimate"].to_numpy() == pytest.approx(theirs.coef().to_numpy(), rel=1e-7)
    # Which effects pyfixest counts as parameters changes with the hash seed, so it counts none:
    # two coefficients and twelve years, the counties lying within the clusters, are put in here.
    counted = np.sqrt((rows - 1) / (rows - 14))
    assert ours["std_error"].to_numpy() == pytest.approx(counted * theirs.se(), rel=1e-6)
