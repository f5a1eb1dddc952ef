import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import ColumnError, DataError, ModelError, OptionError
from toolkit.models.discrimination import area_under_curve
from toolkit.models.instruments.scores import (
    ScoreScenario,
    move_threshold,
    points_score,
    score_calibration,
    score_discrimination,
)
from toolkit.models.proportions import wilson_interval

FIRMS = pd.DataFrame(
    {
        "score": [45.0, 65.0, 72.0, 80.0, 90.0, 100.0],
        "default": [1, 0, 1, 0, 0, 0],
        "asked": [1e6, 1e6, 1e6, 2e6, 1e6, 3e6],
    }
)


@given(
    st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=6, max_size=25).filter(
        lambda rows: 2 <= sum(kind for _, kind in rows) <= len(rows) - 2
    )
)
def test_area_and_variance_are_delongs_sums_over_pairs(rows):
    score, kind = np.array([s for s, _ in rows]), np.array([k for _, k in rows])
    yes, no = score[kind][:, np.newaxis], score[~kind]
    psi = (yes > no) + 0.5 * (yes == no)
    area = area_under_curve(score, kind, conf_level=0.95)
    assert area.estimate == pytest.approx(psi.mean())
    variance = psi.mean(axis=1).var(ddof=1) / len(psi) + psi.mean(axis=0).var(ddof=1) / len(no)
    assert area.std_error == pytest.approx(np.sqrt(variance), abs=1e-12)
    if 0 < area.estimate < 1:
        assert 0 <= area.low <= area.estimate <= area.high <= 1


def test_discrimination_by_hand():
    # Sound: 65, 80, 90, 100. In default: 45, 72. Of 8 pairs only (65, 72) is the wrong way round.
    result = score_discrimination(FIRMS, score="score", default="default", parts=["asked"])
    table = result.tidy().set_index("term")
    assert table.loc["score", "estimate"] == pytest.approx(7 / 8)
    # Two of the sound have more than the 1 million of both defaults; two tie.
    assert table.loc["asked", "estimate"] == pytest.approx((4 + 4 * 0.5) / 8)
    assert table.loc["score", ["firms", "defaults"]].tolist() == [6, 2]


def test_calibration_by_hand():
    firms = FIRMS.assign(predicted=[0.5, 0.3, 0.2, 0.9999, 0.1, 0.1])
    result = score_calibration(
        firms, score="score", default="default", edges=[0, 70, 80, 100], predicted="predicted"
    )
    table = result.tidy()
    assert table["term"].tolist() == ["0 to 70", "70 to 80", "80 to 100"]
    assert table["firms"].tolist() == [2, 1, 3]
    assert table["estimate"].tolist() == pytest.approx([0.5, 1.0, 0.0])
    low, high = wilson_interval(1, 2, conf_level=0.95)
    assert table.loc[0, ["conf_low", "conf_high"]].tolist() == pytest.approx(
        [float(low), float(high)]
    )
    # 0.2 lies just below the 0.207 that one default of one firm leaves possible.
    assert table["inside"].tolist() == [True, False, True]
    assert table["mean_score"].tolist() == [55, 72, 90]


def test_moving_the_threshold_by_hand():
    moves = move_threshold(
        FIRMS,
        score="score",
        default="default",
        amount="asked",
        loss_given_default=0.5,
        cutoffs=[60, 80],
    )
    approved = moves.tidy().query("term == 'approved'").set_index("cutoff")
    assert approved["firms"].to_dict() == {60.0: 5, 70.0: 4, 80.0: 3}
    assert approved["more_firms"].tolist() == [1, 0, -1]
    assert approved["expected_loss"].tolist() == pytest.approx([5e5, 5e5, 0])
    assert approved["more_loss"].tolist() == pytest.approx([0, 0, -5e5])
    defaulted = moves.tidy().query("term == 'defaulted'").set_index("cutoff")
    assert defaulted["estimate"].tolist() == pytest.approx([1 / 5, 1 / 4, 0])
    assert str(moves.sentence()) == (
        "Moving the threshold from 70: at 60, 83.3% are approved and ¥500,000 lost; at 70, 66.7% "
        "are approved and ¥500,000 lost; at 80, 50.0% are approved and ¥0 lost."
    )


def test_firms_without_outcome_are_said():
    firms = FIRMS.assign(default=[None, None, 1, 0, 0, None])
    options = {"score": "score", "default": "default"}
    moves = move_threshold(firms, amount="asked", loss_given_default=0.5, cutoffs=[60], **options)
    assert moves.notes == (
        "3 firms have no outcome, 2 of them below the present threshold; they are taken to default "
        "as those with an outcome do. Where only approved firms are followed, that says nothing of "
        "a lower threshold.",
    )
    # From 70 on 1 of 4 million with outcome is in default, of 7 million lent.
    row = moves.tidy().query("cutoff == 70").iloc[0]
    assert row["expected_loss"] == pytest.approx(7e6 * 0.25 * 0.5)
    assert score_discrimination(firms, **options).notes == (
        "3 firms without outcome are left out.",
    )


def test_points_add_up():
    parts = pd.DataFrame({"a": [100.0, 0.0], "b": [0.0, 50.0]})
    assert points_score(parts, weights={"a": 0.6, "b": 0.4}).tolist() == [60, 20]
    with pytest.raises(OptionError) as caught:
        points_score(parts, weights={"a": 0.6, "b": 0.6})
    assert str(caught.value) == "weights are 0 or more and add up to 1; got a 0.6, b 0.6."
    with pytest.raises(DataError) as caught:
        points_score(parts.assign(b=101.0), weights={"a": 0.6, "b": 0.4})
    assert str(caught.value) == (
        "A part of the score is from 0 to 100; 'b' is 101 in row 0. Rescale the part, or correct "
        "it at the source."
    )


def test_what_cannot_be_scored():
    options = {"score": "score", "default": "default"}
    with pytest.raises(ModelError) as caught:
        score_discrimination(FIRMS.assign(default=0), **options)
    assert str(caught.value) == (
        "Discrimination needs firms that defaulted and firms that did not; 0 of 6 did. Follow more "
        "firms, or for longer."
    )
    with pytest.raises(DataError) as caught:
        score_discrimination(FIRMS.assign(default=2), **options)
    assert str(caught.value) == (
        "'default' is 0 or 1, whether the firm defaulted; it has 2. Recode it."
    )
    with pytest.raises(ColumnError) as caught:
        score_discrimination(FIRMS.assign(score="A"), **options)
    assert str(caught.value) == (
        "Column 'score' holds a number for every firm; it has 'A'. Convert the column, or leave "
        "those firms out."
    )
    with pytest.raises(DataError, match="1 do not"):
        score_calibration(FIRMS, edges=[50, 100], **options)
    with pytest.raises(OptionError, match="edges are two numbers or more that rise"):
        score_calibration(FIRMS, edges=[50, 40], **options)


SCENARIO = {
    "number": 20_000,
    "mean": 66.0,
    "sd": 12.0,
    "default_rate": 0.08,
    "odds_ratio": 0.5,
    "size": 9e6,
}


def test_drawn_scores_have_what_they_were_drawn_with():
    from scipy.special import logit
    from scipy.stats import truncnorm

    firms = ScoreScenario(**SCENARIO).draw(random_state=3)
    assert firms["score"].between(0, 100).all()
    law = truncnorm(-66 / 12, 34 / 12, loc=66, scale=12)
    assert firms["score"].mean() == pytest.approx(law.mean(), abs=4 * law.std() / np.sqrt(20_000))
    assert (firms["score"] < 70).mean() == pytest.approx(law.cdf(70), abs=0.015)
    # The mean chance is the default rate, and ten points halve the odds exactly.
    assert firms["predicted"].mean() == pytest.approx(0.08, abs=1e-10)
    slope = np.polyfit(firms["score"], logit(firms["predicted"]), 1)[0]
    assert slope == pytest.approx(np.log(0.5) / 10, rel=1e-9)
    assert firms["default"].mean() == pytest.approx(0.08, abs=4 * np.sqrt(0.08 * 0.92 / 20_000))
    assert firms.attrs["simulated"] == "simulated scores of 20,000 firms, random_state 3"


def test_drawn_scores_are_calibrated_and_discriminate_as_the_odds_say():
    firms = ScoreScenario(**SCENARIO).draw(random_state=4)
    result = score_calibration(firms, score="score", default="default", predicted="predicted")
    assert result.tidy()["inside"].sum() >= 5
    held = int(result.tidy()["inside"].sum())
    assert f"the intervals of {held} of 6 classes hold the predicted rate." in str(
        result.sentence()
    )
    assert list(result._display_table()) == [
        "score", "firms", "defaults", "default rate", "from", "to", "predicted",
    ]  # fmt: skip
    options = {"score": "score", "default": "default"}
    area = score_discrimination(firms, **options).tidy()["estimate"].iloc[0]
    silent = ScoreScenario(**SCENARIO | {"odds_ratio": 1.0}).draw(random_state=4)
    chance = score_discrimination(silent, **options).tidy().iloc[0]
    assert area > 0.65
    assert chance["conf_low"] < 0.5 < chance["conf_high"]


def test_the_same_seed_draws_the_same_scores():
    first, again, other = (
        ScoreScenario(**SCENARIO).draw(random_state=seed)["score"] for seed in (1, 1, 2)
    )
    assert first.equals(again)
    assert not first.equals(other)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"number": 0}, "number is a whole number, 1 or more; got 0."),
        ({"mean": 120.0}, "mean is a score between 0 and 100; got 120."),
        ({"odds_ratio": 0.0}, "odds_ratio is a number above 0; got 0."),
        ({"sd": -1.0}, "sd is a number above 0; got -1."),
        (
            {"default_rate": 8.0},
            "default_rate is a fraction from 0 to 1; got 8. Did you mean 0.08?",
        ),
        (
            {"default_rate": 1.0},
            "default_rate lies between 0 and 1; at 1 no score tells firms apart.",
        ),
    ],
)
def test_score_scenarios_that_cannot_be_meant(change, message):
    with pytest.raises(OptionError) as caught:
        ScoreScenario(**SCENARIO | change)
    assert str(caught.value) == message


def test_a_moved_threshold_is_one_line_of_the_table():
    moves = move_threshold(
        FIRMS,
        score="score",
        default="default",
        amount="asked",
        loss_given_default=0.5,
        cutoffs=[60],
    )
    assert moves._display_table().to_numpy().tolist()[0] == [
        "60", "5", "83.3%", "20.0%", "¥8 million", "¥500,000", "+1", "¥0",
    ]  # fmt: skip
    assert moves.plot().get_xlabel() == "threshold of the score"
