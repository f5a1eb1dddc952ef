"""The whole family on a simulated study finds what was put into it."""

from __future__ import annotations

import pandas as pd
import pytest

from toolkit.models.magnetism import (
    capital_magnetism,
    magnetism_curve,
    magnetism_regression,
    rollout_effect,
    threshold_effect,
)
from toolkit.simulate import MagnetismDesign, RolloutDesign, ThresholdDesign


@pytest.fixture(scope="module")
def design() -> MagnetismDesign:
    return MagnetismDesign()


@pytest.fixture(scope="module")
def ledger(design: MagnetismDesign) -> pd.DataFrame:
    return design.draw(clusters=100, firms=20_000, random_state=3).ledger()


def truth(design, name: str) -> float:
    return {known.estimand: known.value for known in design.truth()}[name]


@pytest.mark.parametrize(
    ("window", "target"),
    [("complete", "ratio"), ("adjusted", "ratio"), ("ignore", "limit_ignore")],
)
def test_each_window_finds_its_limit(design, ledger, window: str, target: str) -> None:
    row = capital_magnetism(
        ledger, window=window, cluster="funder_id", observed_until=design.observed_until
    ).total()
    assert abs(row["estimate"] - truth(design, target)) < 2.5 * row["std_error"]


def test_the_curve_finds_the_truth_at_each_horizon(design, ledger) -> None:
    curve = magnetism_curve(
        ledger, months=36, cluster="funder_id", observed_until=design.observed_until
    )
    rows = curve.tidy().set_index("months")
    for months in (12, 24, 36):
        known = float(design.curve([months])[0])
        row = rows.loc[months]
        assert abs(row["estimate"] - known) < 2.5 * row["std_error"]
    found = curve.reached(5.0).iloc[0]
    assert found["conf_low"] <= truth(design, "months_to_ratio") <= found["conf_high"]


def test_the_elasticity_is_found(design, ledger) -> None:
    firms = capital_magnetism(
        ledger, window="complete", cluster="funder_id", observed_until=design.observed_until
    ).augment()
    fit = magnetism_regression(firms, "follow_cny ~ log(lead_cny)", cluster="funder_id").tidy()
    assert abs(fit.loc[1, "estimate"] - truth(design, "elasticity")) < 2.5 * fit.loc[1, "std_error"]


def test_the_rollout_is_found_over_all_and_by_year() -> None:
    design = RolloutDesign()
    result = rollout_effect(
        design.draw(random_state=1),
        outcome="log_bank",
        unit="region",
        time="year",
        adopted="adopted",
    )
    rows = result.tidy().set_index("term")
    for term, estimand in (("overall", "att_simple"), ("dynamic", "att_dynamic")):
        row = rows.loc[term]
        assert abs(row["estimate"] - truth(design, estimand)) < 2.5 * row["std_error"]
    at_once = result.event_study().set_index("event_time").loc[0]
    assert abs(at_once["estimate"] - truth(design, "att_after_0")) < 2.5 * at_once["std_error"]


def test_the_threshold_is_found_sharp_and_fuzzy() -> None:
    pytest.importorskip("rdrobust")
    design = ThresholdDesign()
    firms = design.draw(firms=20_000, random_state=1)
    options = {"score": "score", "cutoff": design.cutoff}
    fuzzy = threshold_effect(firms, outcome="outcome", takeup="takeup", **options).tidy()
    sharp = threshold_effect(firms, outcome="outcome_sharp", **options).tidy()
    found = {
        "effect_of_credit": fuzzy.loc[1],
        "jump_in_takeup": fuzzy.loc[2],
        "sharp_jump": sharp.loc[1],
    }
    for estimand, row in found.items():
        assert abs(row["estimate"] - truth(design, estimand)) < 2.5 * row["std_error"]
