"""The shipped figures, from the file as published to cells and verdicts."""

import pandas as pd
import pytest

from tests.project import RAW
from toolkit.clean.accounts import clean_accounts
from toolkit.clean.programmes import clean_figures
from toolkit.models.claims import check_claims, official_evidence, programme_table
from toolkit.models.instruments import LoanScenario, funnel, risk_pool
from toolkit.models.proportions import wilson_interval


@pytest.fixture(scope="module")
def figures():
    return clean_figures(RAW / "published_figures.csv").table


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


@pytest.fixture(scope="module")
def accounts():
    names = ("science/*.csv", "nbs/grp_2006_2024.csv")
    return clean_accounts([path for name in names for path in sorted(RAW.glob(name))]).table


@pytest.fixture(scope="module")
def evidence(figures, accounts):
    return official_evidence(figures, accounts=accounts, start=2013, end=2023)


def test_one_claim_among_all(figures, evidence):
    name = "hunan_follow_on"
    result = check_claims(figures, {name: evidence[name]})
    table = result.tidy().set_index("figure_id")
    assert len(table) == len(figures)
    assert (table["verdict"] == "contradicted").sum() == 1
    assert "with a proxy, R&D money from enterprises" in table.loc[name, "compared"]
    assert table.drop(name)["reason"].str.startswith("no estimate is given").all()
    assert table.drop(name)["needed"].ne("").all()


def test_the_follow_on_proxy_is_the_ratio_of_the_sums(evidence, accounts):
    hunan = accounts[(accounts["region"] == "430000") & accounts["year"].between(2013, 2023)]
    sums = hunan.groupby("indicator")["value"].sum()
    row = evidence["hunan_follow_on"].row()
    ratio = sums["rd_funding_enterprise"] / sums["rd_funding_government"]
    assert row["estimate"] == pytest.approx(ratio, rel=1e-12)
    assert row["clusters"] == 11


def test_the_three_claims_that_official_statistics_speak_to(figures, evidence):
    result = check_claims(figures, evidence)
    table = result.checked().set_index("figure_id")
    assert table["verdict"].to_dict() == dict.fromkeys(
        ["hunan_follow_on", "hunan_growth_multiple", "national_approval_after"], "contradicted"
    )
    assert table["proxy"].ne("").all()
    approval = table.loc["national_approval_after"]
    assert approval["estimate"] == pytest.approx(550 / 1603)
    low, high = wilson_interval(550, 1603, conf_level=0.95)
    assert approval[["conf_low", "conf_high"]].tolist() == pytest.approx([float(low), float(high)])
    assert str(result.sentence()) == (
        "Of 111 published figures, 3 could be held against an estimate, all of them by a proxy: 0 "
        "supported, 3 contradicted, 0 not decided; this data does not speak to the other 108 "
        "figures."
    )


def test_a_verdict_falls_where_the_window_makes_the_interval_wide(figures, accounts):
    # Six years leave the trend so uncertain that Fieller's set holds 2.3 or nearly so.
    wide = official_evidence(figures, accounts=accounts, start=2018, end=2023, conf_level=0.99)
    table = check_claims(figures, wide).tidy().set_index("figure_id")
    growth = table.loc["hunan_growth_multiple"]
    assert growth["verdict"] == "not_decided"
    assert growth["conf_low"] < 2.3 < growth["conf_high"]


def test_every_open_figure_names_its_data(figures, evidence):
    open_ = check_claims(figures, evidence).unchecked().set_index("figure_id")["needed"]
    assert len(open_) == 108
    assert open_["hunan_pool_size"] == "the accounts of the pool"
    assert open_["points_loan"] == "the contract of that loan"
    assert "the data behind the figure" not in set(open_)
