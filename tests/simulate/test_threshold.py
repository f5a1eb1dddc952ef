import numpy as np
import pandas as pd
import pytest

from toolkit.errors import OptionError
from toolkit.simulate import ThresholdDesign


@pytest.fixture(scope="module")
def firms():
    return ThresholdDesign().draw(firms=400_000, random_state=1)


def _jump(firms, outcome, width=4.0):
    """Return a local linear jump at 70 and its standard error."""
    near = firms[(firms["score"] - 70).abs() < width]
    distance, above = near["score"] - 70, (near["score"] >= 70).astype(float)
    design = np.column_stack([np.ones(len(near)), above, distance, distance * above])
    values = near[outcome].to_numpy(dtype=float)
    solved, *_ = np.linalg.lstsq(design, values, rcond=None)
    spread = (values - design @ solved).std()
    return solved[1], spread * np.sqrt(np.linalg.inv(design.T @ design)[1, 1])


@pytest.mark.parametrize(
    ("outcome", "estimand"),
    [
        ("takeup", "jump_in_takeup"),
        ("outcome", "jump_in_outcome"),
        ("outcome_sharp", "sharp_jump"),
        ("age", "covariate_jump"),
    ],
)
def test_jumps_at_the_threshold(firms, outcome, estimand):
    truth = {truth.estimand: truth.value for truth in ThresholdDesign().truth()}
    jump, error = _jump(firms, outcome)
    assert abs(jump - truth[estimand]) < 4 * error
    assert error < 0.06


def test_truths_by_hand():
    design = ThresholdDesign(takeup_below=0.2, takeup_above=0.7, effect=0.4)
    truth = {truth.estimand: truth.value for truth in design.truth()}
    assert truth["jump_in_takeup"] == pytest.approx(0.5)
    assert truth["jump_in_outcome"] == pytest.approx(0.2)
    assert truth["effect_of_credit"] == 0.4


def test_takers_differ_without_the_credit(firms):
    near = firms[(firms["score"] - 70).abs() < 2]
    naive = near.groupby("takeup")["outcome"].mean().diff().iloc[-1]
    assert naive > 0.7


def test_scores_are_smooth_and_inside(firms):
    assert firms["score"].between(0, 100).all()
    below = firms["score"].between(69, 70, inclusive="left").sum()
    above = firms["score"].between(70, 71, inclusive="left").sum()
    assert above / below == pytest.approx(1, abs=0.06)
    assert (firms["takeup_sharp"] == (firms["score"] >= 70)).all()


def test_the_same_seed_draws_the_same():
    design = ThresholdDesign()
    first, again = (design.draw(firms=50, random_state=1) for _ in range(2))
    pd.testing.assert_frame_equal(first, again)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"cutoff": 100}, "cutoff lies between 0 and 100; got 100."),
        ({"selection": 1.0}, "selection is a correlation; got 1."),
        (
            {"takeup_above": 47},
            "takeup_above is a fraction from 0 to 1; got 47. Did you mean 0.47?",
        ),
    ],
)
def test_designs_that_cannot_be(options, message):
    with pytest.raises(OptionError) as caught:
        ThresholdDesign(**options)
    assert str(caught.value) == message
