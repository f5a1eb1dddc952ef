"""The shipped figures, from the file as published to cells and verdicts."""

import numpy as np
import pandas as pd
import pytest

from tests.project import PROJECT
from toolkit.clean.programmes import clean_figures
from toolkit.models.claims import Evidence, check_claims, programme_table
from toolkit.models.instruments import LoanScenario, funnel, risk_pool
from toolkit.results import TIDY_COLUMNS, Result


@pytest.fixture(scope="module")
def figures():
    return clean_figures(PROJECT / "data" / "raw" / "published_figures.csv").table


def value(figures, figure_id):
    return figures.set_index("figure_id").loc[figure_id, "high"]


def test_anhui_is_an_open_interval(figures):
    table = programme_table(figures).tidy().set_index("figures")
    anhui = table.loc["anhui_growth_plan_balance / anhui_growth_plan_firms"]
    assert (anhui["low"], anhui["low_open"], anhui["high_open"]) == (0.0, True, True)
    assert anhui[["estimate", "high"]].isna().all()
    # Nearly 40,000 firms share 381.2 billion: more than 9.53 million each.
    jiangsu = table.loc["jiangsu_points_balance / jiangsu_points_firms"]
    assert (jiangsu["low"], jiangsu["low_open"]) == (9.53e6, True)
    assert table.loc["xiamen_leveraged / xiamen_subsidy", "text"] == "at least 100"


def test_every_cell_names_figures_that_are_there(figures):
    named = programme_table(figures).tidy()["figures"].str.split(" [-/] ", regex=True)
    assert set(named.explode()) <= set(figures["figure_id"])


def test_xiamen_from_its_figures(figures):
    names = {
        "applied": "xiamen_orders",
        "granted": "xiamen_granted",
        "asked_cny": "xiamen_orders_amount",
        "lent_cny": "xiamen_granted_amount",
    }
    xiamen = pd.DataFrame({name: [value(figures, figure)] for name, figure in names.items()})
    result = funnel(
        xiamen,
        stages=["applied", "granted"],
        amounts={"applied": "asked_cny", "granted": "lent_cny"},
    )
    assert result.tidy()["estimate"].tolist() == pytest.approx([0.343107, 0.304773], abs=1e-6)


def test_the_pool_of_hunan(figures):
    loans = LoanScenario(
        number=1000, size=5e6, default_rate=0.08, loss_given_default=0.6, correlation=0.12, years=3
    )
    result = risk_pool(
        loans,
        coverage=value(figures, "hunan_pool_cover"),
        pool=value(figures, "hunan_pool_size"),
        method="limit",
    )
    # 80% of 60% of 5 billion is more than the 2 billion of the pool only beyond 83% of defaults.
    assert result.row("expected_payout")["estimate"] == pytest.approx(0.8 * 0.6 * 0.08 * 5e9)
    assert result.row("dry_by_year", year=3)["estimate"] < 1e-9


def test_one_claim_among_all(figures):
    row = dict.fromkeys(TIDY_COLUMNS, np.nan)
    row |= {"term": "ratio", "estimate": 6.238, "conf_low": 5.9, "conf_high": 6.6}
    estimate = Result(
        title="Follow-on per dollar",
        unit="dollar per dollar",
        terms=pd.DataFrame([row], columns=list(TIDY_COLUMNS)),
    )
    evidence = Evidence(result=estimate, proxy="investments under United States tax credits")
    result = check_claims(figures, {"hunan_follow_on": evidence})
    table = result.tidy().set_index("figure_id")
    assert len(table) == len(figures)
    assert (table["verdict"] == "contradicted").sum() == 1
    assert "with a proxy, investments under" in table.loc["hunan_follow_on", "compared"]
    assert table.drop("hunan_follow_on")["reason"].str.startswith("no estimate is given").all()
