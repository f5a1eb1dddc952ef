import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from toolkit.errors import OptionError
from toolkit.simulate import SurvivalDesign

PLAIN = {
    "technology_effects": (0.0, 0.0),
    "pooled_effects": (0.0, 0.0),
    "production_shape": 2.0,
    "exit_shape": 2.0,
    "production_scale": 16.0,
    "exit_scale": 32.0,
}


def _truth(design):
    return {truth.estimand: truth.value for truth in design.truth()}


def _incidences(spells, horizon):
    """Return production's cumulative incidence, and one minus the product limit, by definition."""
    order = np.argsort(spells["duration"].to_numpy(), kind="stable")
    times = spells["duration"].to_numpy()[order]
    made = spells["outcome"].to_numpy()[order] == "production"
    gone = spells["outcome"].to_numpy()[order] == "exit"
    entered = np.searchsorted(np.sort(spells["entry"].to_numpy()), times, side="left")
    at_risk = entered - np.arange(len(times))
    kept = times < horizon
    left = np.cumprod(1 - ((made | gone) / at_risk)[kept])
    before = np.concatenate([[1.0], left[:-1]])
    return (before * (made / at_risk)[kept]).sum(), 1 - np.prod(1 - (made / at_risk)[kept])


@pytest.fixture(scope="module")
def spells():
    return SurvivalDesign().draw(firms=200_000, random_state=12)


def test_equal_shapes_by_hand():
    design = SurvivalDesign(**PLAIN)
    hazard = 18**2 / 16**2 + 18**2 / 32**2
    reached = 0.8 * -np.expm1(-hazard)
    assert design.incidence([18])[0] == pytest.approx(reached, abs=1e-14)
    assert design.incidence([18], of="exit")[0] == pytest.approx(reached / 4, abs=1e-14)
    assert design.incidence([1e4])[0] == pytest.approx(0.8, abs=1e-12)
    kaplan_meier = -np.expm1(-(18**2) / 16**2)
    assert _truth(design)["limit_exits_censored"] == pytest.approx(kaplan_meier, abs=1e-6)


def test_groups_average_to_the_whole():
    design = SurvivalDesign()
    months = [6.0, 18.0, 30.0]
    technology = design.incidence(months, technology=True)
    other = design.incidence(months, technology=False)
    whole = 0.67 * technology + 0.33 * other
    assert design.incidence(months).tolist() == pytest.approx(whole.tolist(), abs=1e-14)
    assert (technology > other).all()


def test_nobody_is_counted_twice_in_the_end():
    design = SurvivalDesign()
    ended = design.incidence([500]) + design.incidence([500], of="exit")
    assert ended[0] == pytest.approx(1, abs=1e-10)


def test_the_claim_holds_for_the_finished_alone(spells):
    truth = _truth(SurvivalDesign())
    finished = spells[spells["outcome"] != "censored"]
    early = (finished["outcome"] == "production") & (finished["duration"] < 18)
    error = early.std() / np.sqrt(len(finished))
    assert abs(early.mean() - truth["limit_finished_only"]) < 4 * error
    assert truth["limit_finished_only"] == pytest.approx(0.92, abs=0.001)
    assert truth["reach"] < truth["limit_exits_censored"] < truth["limit_finished_only"] - 0.1


def test_estimators_that_respect_the_register_find_the_truth(spells):
    truth = _truth(SurvivalDesign())
    incidence, product_limit = _incidences(spells, 18)
    error = np.sqrt(0.8 * 0.2 / len(spells)) * 2
    assert abs(incidence - truth["reach"]) < 4 * error
    assert abs(product_limit - truth["limit_exits_censored"]) < 4 * error
    pooled, _ = _incidences(spells[spells["pooled"]], 18)
    assert abs(pooled - truth["reach_pooled"]) < 6 * error


def test_late_entry_cannot_be_ignored():
    design = SurvivalDesign(late_share=0.9, late_months=15)
    spells = design.draw(firms=50_000, random_state=2)
    kept, _ = _incidences(spells, 18)
    ignored, _ = _incidences(spells.assign(entry=0.0), 18)
    reach = _truth(design)["reach"]
    assert abs(kept - reach) < 0.01
    assert ignored < reach - 0.04


@pytest.mark.slow
def test_hazard_ratios():
    design = SurvivalDesign()
    spells = design.draw(firms=12_000, random_state=5)
    for place, cause in enumerate(("production", "exit")):
        model = sm.PHReg(
            spells["duration"],
            spells[["technology", "pooled"]].astype(float),
            status=(spells["outcome"] == cause).astype(int),
            entry=spells["entry"],
        )
        fit = model.fit()
        truth = (design.technology_effects[place], design.pooled_effects[place])
        assert (np.abs(fit.params - truth) < 4 * fit.bse).all()


def test_the_register_tells_the_spells():
    design = SurvivalDesign()
    spells = design.draw(firms=2_000, random_state=3)
    register = design.milestones(spells, random_state=3)
    assert len(spells) == len(register) == 2_000
    assert (spells["entry"] < spells["duration"]).all()
    ends = register["production"].fillna(register["exit"])
    assert (ends.dropna() > register["registered"][ends.notna()]).all()
    assert (ends.dropna() <= pd.Timestamp("2024-12-31")).all()
    assert not (register["production"].notna() & register["exit"].notna()).any()
    assert (register["registered"] > register["start"]).mean() == pytest.approx(0.165, abs=0.04)
    within = register["production"] <= register["start"] + pd.DateOffset(months=18)
    expected = (spells["outcome"] == "production") & (spells["duration"] < 18)
    assert (within == expected).all()
    by_quarter = register["precision"] == "quarter"
    assert (by_quarter <= register["production"].notna()).all()
    share = by_quarter.sum() / register["production"].notna().sum()
    assert share == pytest.approx(0.3, abs=0.06)


def test_firms_seen_once():
    design = SurvivalDesign()
    seen = design.seen_once(firms=100_000, random_state=2)
    for low in (6, 17, 30):
        part = seen[seen["age"].between(low, low + 1)]
        expected = design.incidence([low + 0.5])[0]
        error = np.sqrt(expected * (1 - expected) / len(part))
        assert abs(part["reached"].mean() - expected) < 4 * error + 0.003


def test_the_same_seed_draws_the_same():
    design = SurvivalDesign()
    first, again, other = (design.draw(firms=100, random_state=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: SurvivalDesign(late_share=20),
            "late_share is a fraction from 0 to 1; got 20. Did you mean 0.2?",
        ),
        (lambda: SurvivalDesign(exit_scale=-1), "exit_scale is a number above 0; got -1."),
        (
            lambda: SurvivalDesign().incidence([18], of="success"),
            "of is 'production' or 'exit'; got 'success'.",
        ),
        (
            lambda: SurvivalDesign().draw(firms=0, random_state=1),
            "firms is a number above 0; got 0.",
        ),
    ],
)
def test_designs_that_cannot_be(call, message):
    with pytest.raises(OptionError) as caught:
        call()
    assert str(caught.value) == message
