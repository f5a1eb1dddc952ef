import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from toolkit.errors import OptionError
from toolkit.simulate import MagnetismDesign


def _truth(design):
    return {truth.estimand: truth.value for truth in design.truth()}


def _ratio(firms, follow="follow"):
    """Return the ratio of sums and its standard error by clusters."""
    sums = firms.groupby("cluster")[["lead", follow]].sum()
    ratio = sums[follow].sum() / sums["lead"].sum()
    residual = sums[follow] - ratio * sums["lead"]
    return ratio, np.sqrt((residual**2).sum()) / sums["lead"].sum()


@pytest.fixture(scope="module")
def firms():
    return MagnetismDesign().draw(clusters=4_000, firms=300_000, random_state=11).firms()


def _near(found, truth):
    estimate, error = found
    assert abs(estimate - truth) < 4 * error
    assert error < 0.05 * truth


def test_the_ratio_is_five(firms):
    _near(_ratio(firms), 5.0)
    assert _truth(MagnetismDesign())["ratio"] == 5.0


def test_the_limits_of_what_is_on_record(firms):
    truth = _truth(MagnetismDesign())
    _near(_ratio(firms, "follow_seen"), truth["limit_ignore"])
    _near(_ratio(firms[firms["seen"] >= 24]), truth["limit_complete"])
    assert truth["limit_complete"] == 5.0
    assert truth["limit_ignore"] < 4.7


def test_shares_and_ratios_by_sector(firms):
    truth = _truth(MagnetismDesign())
    _near(_ratio(firms[firms["technology"]]), truth["ratio_technology"])
    _near(_ratio(firms[~firms["technology"]]), truth["ratio_other"])
    share = (firms["follow"] > 0).mean()
    assert share == pytest.approx(0.47, abs=4 * np.sqrt(0.47 * 0.53 / len(firms)))
    technology = firms.loc[firms["technology"], "lead"].sum() / firms["lead"].sum()
    assert technology == pytest.approx(0.67, abs=0.01)


def test_sector_ratios_by_hand():
    design = MagnetismDesign(ratio=6, technology_share=0.5, technology_multiple=2)
    truth = _truth(design)
    assert (truth["ratio_technology"], truth["ratio_other"]) == (8.0, 4.0)


def test_the_elasticity_is_that_of_expected_money(firms):
    model = sm.GLM(
        firms["follow"] / 1e6,
        sm.add_constant(np.log(firms["lead"])),
        family=sm.families.Poisson(),
    )
    fit = model.fit(cov_type="cluster", cov_kwds={"groups": firms["cluster"]})
    assert abs(fit.params["lead"] - 0.8) < 4 * fit.bse["lead"]
    assert fit.bse["lead"] < 0.05


def test_the_curve_by_hand():
    design = MagnetismDesign(delay_shape=1, delay_scale=24 / np.log(2), ratio=5)
    assert design.arrived(24) == pytest.approx(0.5, abs=1e-15)
    assert design.curve([0, 24, 48]).tolist() == pytest.approx([0, 5, 7.5])
    assert design.months_to(7.5) == pytest.approx(48)
    assert design.months_to(10) == np.inf


def test_the_curve_is_that_of_the_loans():
    design = MagnetismDesign()
    draw = design.draw(clusters=2_000, firms=100_000, random_state=3)
    for months in (6.0, 36.0):
        early = draw.bank_months < months
        follow = np.bincount(draw.bank_firm[early], draw.bank_amount[early], len(draw.lead))
        table = pd.DataFrame({"cluster": draw.lender, "lead": draw.lead, "follow": follow})
        _near(_ratio(table), design.curve([months])[0])


@pytest.mark.parametrize(
    "options",
    [
        {"tail_index": 3.0, "tail_share": 0.05},
        {"cohort_trend": -0.3},
        {"elasticity": 1.0, "lead_sd": 0.5, "region_sd": 0.1},
    ],
    ids=["tail", "cohorts", "regions"],
)
def test_the_ratio_holds_in_every_design(options):
    design = MagnetismDesign(**options)
    firms = design.draw(clusters=3_000, firms=150_000, random_state=5).firms()
    cluster = "region" if "region_sd" in options else "cluster"
    table = firms.assign(cluster=firms[cluster])
    ratio, error = _ratio(table)
    assert abs(ratio - 5) < 4 * error
    truth = _truth(design)
    seen = firms[firms["seen"] >= 24].assign(cluster=table["cluster"])
    complete, error = _ratio(seen)
    assert abs(complete - truth["limit_complete"]) < 4 * error


def test_cohorts_that_differ_make_the_complete_window_wrong():
    assert _truth(MagnetismDesign(cohort_trend=-0.3))["limit_complete"] > 5.3


def test_firms_of_a_lender_are_alike():
    def spread(design):
        firms = design.draw(clusters=200, firms=20_000, random_state=2).firms()
        sums = firms.groupby("cluster")[["lead", "follow"]].sum()
        return (sums["follow"] / sums["lead"]).std()

    assert spread(MagnetismDesign(lender_sd=0.6)) > 1.5 * spread(MagnetismDesign(lender_sd=0))


def test_the_ledger_says_the_same_as_the_firms():
    design = MagnetismDesign()
    draw = design.draw(clusters=50, firms=3_000, random_state=4)
    ledger = draw.ledger()
    assert list(ledger.columns) == [
        *("firm_id", "funder_id", "tier", "region", "sector", "date", "amount_cny")
    ]
    assert not ledger.duplicated(["firm_id", "funder_id", "date"]).any()
    assert ledger["date"].max() <= pd.Timestamp(design.observed_until)
    lead = ledger[ledger["tier"] == "micro"].set_index("firm_id")
    assert len(lead) == 3_000
    assert lead["amount_cny"].sum() == pytest.approx(draw.lead.sum(), rel=1e-4)
    bank = ledger[ledger["tier"] == "bank"].join(lead["date"].rename("first"), on="firm_id")
    end = bank["first"] + pd.DateOffset(months=24)
    follow = bank.loc[(bank["date"] > bank["first"]) & (bank["date"] <= end), "amount_cny"]
    assert follow.sum() == pytest.approx(draw.firms()["follow_seen"].sum(), rel=1e-4)
    assert (bank["date"] != bank["first"]).all()
    assert (bank["date"] != end).all()
    assert bank["first"].isna().sum() == round(0.1 * 3_000)
    assert ((bank["date"] < bank["first"]).sum() / 3_000) == pytest.approx(0.05, abs=0.02)
    assert (ledger["amount_cny"] % 100 == 0).all()


def test_the_same_seed_draws_the_same():
    design = MagnetismDesign()
    first, again, other = (
        design.draw(clusters=10, firms=200, random_state=seed).ledger() for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tail_index": 1.0}, "tail_index is above 1, where the mean is finite; got 1."),
        ({"ratio": 0}, "ratio is a number above 0; got 0."),
        (
            {"share_with_follow": 0.95},
            "share_with_follow is above 0 and, with these delays, at most 0.931; got 0.95. "
            "Raise further_loans or shorten delay_scale.",
        ),
        (
            {"last_entry": "2025-06-30"},
            "last_entry lies before observed_until; got 2025-06-30 and 2024-12-31.",
        ),
    ],
)
def test_designs_that_cannot_be(options, message):
    with pytest.raises(OptionError) as caught:
        MagnetismDesign(**options)
    assert str(caught.value) == message


def test_more_lenders_than_firms_are_refused():
    with pytest.raises(OptionError) as caught:
        MagnetismDesign().draw(clusters=10, firms=9, random_state=1)
    assert str(caught.value) == (
        "clusters is 1 or more and at most the number of firms; got 10 clusters and 9 firms."
    )
