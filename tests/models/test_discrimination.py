import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from toolkit.models.discrimination import area_under_curve

CASES = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2).filter(
    lambda rows: len({kind for _, kind in rows}) == 2
)


@given(CASES)
def test_the_area_is_that_of_mann_and_whitney_with_ties(rows):
    score, positive = (np.array(column) for column in zip(*rows, strict=True))
    won = mannwhitneyu(score[positive], score[~positive]).statistic
    pairs = positive.sum() * (~positive).sum()
    area = area_under_curve(score, positive, conf_level=0.95)
    assert area.estimate == pytest.approx(won / pairs)


def test_a_missing_score_gives_no_area():
    area = area_under_curve([0.1, np.nan, 0.3], [True, False, False], conf_level=0.95)
    assert np.isnan(area.estimate)
