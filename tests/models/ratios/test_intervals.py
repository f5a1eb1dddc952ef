from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from toolkit.models import ratios
from toolkit.models.ratios.bootstrap import _redrawn_months, _redrawn_sums, _weights

LEAD, FOLLOW = np.array([1.0, 2.0, 1.0]), np.array([4.0, 10.0, 6.0])
METHODS = (ratios.linearized_interval, ratios.fieller_interval, ratios.jackknife_interval)

money = st.lists(st.tuples(st.integers(1, 100), st.integers(0, 500)), min_size=3, max_size=12).map(
    lambda pairs: (np.array([float(x) for x, _ in pairs]), np.array([float(y) for _, y in pairs]))
)


def test_taylor_by_hand() -> None:
    # R = 20/4; residuals -1, 0, 1; variance 3/2 * 2 / 16; with two degrees
    # of freedom the quantile of t is (2p - 1) / sqrt(2 p (1 - p)).
    found = ratios.linearized_interval(LEAD, FOLLOW, conf_level=0.95)
    assert found.estimate == 5.0
    assert found.std_error == pytest.approx(math.sqrt(3 / 16), rel=1e-14)
    reach = 0.95 / math.sqrt(2 * 0.975 * 0.025) * math.sqrt(3 / 16)
    assert (found.low, found.high) == pytest.approx((5 - reach, 5 + reach), rel=1e-12)


def test_jackknife_by_hand() -> None:
    # Without each cluster in turn: 16/3, 5, 14/3; their squares about 5 add to 2/9.
    found = ratios.jackknife_interval(LEAD, FOLLOW, conf_level=0.95)
    assert found.std_error == pytest.approx(math.sqrt(2 / 3 * 2 / 9), rel=1e-14)


@given(money)
def test_fieller_holds_every_ratio_that_a_t_test_does_not_reject(sums) -> None:
    lead, follow = sums
    found = ratios.fieller_interval(lead, follow, conf_level=0.95)
    clusters = len(lead)

    def rejected(ratio: float) -> bool:
        residual = follow - ratio * lead
        spread = residual.std(ddof=1) * math.sqrt(clusters)
        return abs(residual.sum()) > stats.t.ppf(0.975, clusters - 1) * spread * (1 + 1e-9) + 1e-9

    assert not rejected(found.estimate)
    for ratio in (-1000.0, -10.0, -1.0, 0.0, 0.5, 2.0, 8.0, 50.0, 1000.0):
        if found.shape == "bounded":
            inside = found.low <= ratio <= found.high
        elif found.shape == "outside":
            inside = not found.gap_low < ratio < found.gap_high
        else:
            inside = True
        if not inside:
            assert rejected(ratio)


def test_fieller_says_when_it_is_unbounded() -> None:
    # The lead money of one cluster outweighs all others: X is not clear of zero.
    lead, follow = np.array([0.1, 0.1, 8.0]), np.array([3.0, 4.0, 3.5])
    found = ratios.fieller_interval(lead, follow, conf_level=0.95)
    assert found.shape == "outside"
    assert (found.low, found.high) == (-math.inf, math.inf)
    assert found.gap_low < found.gap_high
    assert not found.gap_low < found.estimate < found.gap_high
    line = ratios.fieller_interval(LEAD, FOLLOW, conf_level=0.95)
    assert line.shape == "line"


@pytest.mark.parametrize("method", METHODS)
def test_one_cluster_gives_no_interval(method) -> None:
    found = method([2.0], [10.0], conf_level=0.95)
    assert found.estimate == 5.0
    assert found.shape == "none"
    assert math.isnan(found.std_error)
    assert math.isnan(found.low)


def test_one_cluster_gives_no_bootstrap() -> None:
    assert ratios.bootstrap_interval([2.0], [10.0], conf_level=0.95, random_state=1).shape == "none"


@given(money, st.floats(0.001, 1000.0))
def test_the_unit_of_money_does_not_matter(sums, scale: float) -> None:
    lead, follow = sums
    for method in METHODS:
        plain = method(lead, follow, conf_level=0.9)
        scaled = method(scale * lead, scale * follow, conf_level=0.9)
        if plain.shape == scaled.shape == "bounded" and plain.high - plain.low < 1e3:
            assert scaled[:4] == pytest.approx(plain[:4], rel=1e-6, abs=1e-8)


@given(money)
def test_months_without_loss_give_back_the_plain_ratio(sums) -> None:
    lead, follow = sums
    in_months = np.column_stack([np.zeros_like(follow), follow / 4, 3 * follow / 4])
    at_once = np.column_stack([lead, np.zeros_like(lead), np.zeros_like(lead)])
    plain = ratios.ratio_path(lead, follow)
    path = ratios.ratio_path(at_once, in_months)
    np.testing.assert_allclose(path.estimate[-1], plain.estimate[0], rtol=1e-12)
    np.testing.assert_allclose(path.std_error[-1], plain.std_error[0], rtol=1e-8, atol=1e-10)


def test_a_month_counts_those_still_observed_by_hand() -> None:
    # Cluster a: 2 firms, both seen for a month; b: 2 firms, one of them seen for a month.
    lead = np.array([[2.0, 0.0], [2.0, 0.0]])
    follow = np.array([[0.0, 6.0], [0.0, 3.0]])
    at_risk = np.array([[2.0, 2.0], [2.0, 1.0]])
    path = ratios.ratio_path(lead, follow, at_risk)
    # Lead money per firm 4/4; follow-on in month one 9/3 for each firm still seen.
    np.testing.assert_allclose(path.estimate, [0.0, 3.0])
    # Influence of a: (6 - 2*3)/3 = 0, of b: (3 - 1*3)/3 = 0; lead (2 - 2*1)/4 = 0 in both.
    np.testing.assert_allclose(path.influence, np.zeros((2, 2)), atol=1e-15)
    follow[1, 1] = 1.5
    path = ratios.ratio_path(lead, follow, at_risk)
    # 7.5/3 = 2.5; a: (6 - 5)/3, b: (1.5 - 2.5)/3; variance 2/1 * 2/9.
    np.testing.assert_allclose(path.influence[:, 1], [1 / 3, -1 / 3])
    np.testing.assert_allclose(path.std_error[1], math.sqrt(2 * 2 / 9))


def test_influence_is_the_derivative_by_a_cluster_weight() -> None:
    generator = np.random.default_rng(3)
    lead, follow = generator.gamma(2.0, size=(2, 6, 4))
    at_risk = generator.integers(3, 9, size=(6, 4)).astype(float)
    path = ratios.ratio_path(lead, follow, at_risk)

    def at(weights: np.ndarray) -> float:
        column = weights[:, None]
        return ratios.ratio_path(column * lead, column * follow, column * at_risk).estimate[-1]

    slope = optimize.approx_fprime(np.ones(6), at, 1e-7)
    np.testing.assert_allclose(path.influence[:, -1], slope, rtol=1e-4, atol=1e-6)


def test_both_ways_of_drawing_agree() -> None:
    generator = np.random.default_rng(5)
    lead, follow = generator.gamma(2.0, size=(2, 40, 1))
    arrays = (lead, follow, np.ones_like(lead))
    picked = generator.integers(40, size=(50, 40))
    weights = np.stack([np.bincount(row, minlength=40) for row in picked]).astype(float)
    sums, months = _redrawn_sums(arrays, weights), _redrawn_months(arrays, weights)
    np.testing.assert_allclose(sums[0], months[0], rtol=1e-12)
    np.testing.assert_allclose(sums[1], months[1], rtol=1e-9)
    one = picked[0]
    direct = ratios.ratio_path(lead[one, 0], follow[one, 0])
    np.testing.assert_allclose((sums[0][0], sums[1][0]), (direct.estimate[0], direct.std_error[0]))


@pytest.mark.parametrize("clusters", [3, 70_000])
def test_each_draw_takes_as_many_clusters_as_there_are(clusters: int) -> None:
    weights = _weights(np.random.default_rng(2), 4, clusters)
    assert weights.shape == (4, clusters)
    assert (weights.sum(axis=1) == clusters).all()
    # A cluster is missed with probability (1 - 1/G)^G, and the last is as likely as the first.
    missed = (_weights(np.random.default_rng(2), 4_000, 3) == 0).mean(axis=0)
    np.testing.assert_allclose(missed, (2 / 3) ** 3, atol=0.02)


def test_bootstrap_with_one_seed_repeats_and_is_near_taylor_for_many_clusters() -> None:
    generator = np.random.default_rng(8)
    lead = generator.gamma(2.0, size=800)
    follow = 5 * lead + generator.normal(size=800)
    first = ratios.bootstrap_interval(lead, follow, conf_level=0.95, random_state=1)
    again = ratios.bootstrap_interval(lead, follow, conf_level=0.95, random_state=1)
    other = ratios.bootstrap_interval(lead, follow, conf_level=0.95, random_state=2)
    assert first == again
    assert first.low != other.low
    taylor = ratios.linearized_interval(lead, follow, conf_level=0.95)
    assert first.std_error == pytest.approx(taylor.std_error, rel=0.06)
    assert (first.low, first.high) == pytest.approx((taylor.low, taylor.high), abs=0.01)


def test_bootstrap_with_months_lost_to_follow_up() -> None:
    generator = np.random.default_rng(11)
    at_risk = np.sort(generator.integers(20, 40, size=(300, 3)), axis=1)[:, ::-1].astype(float)
    lead = np.zeros((300, 3))
    lead[:, 0] = generator.gamma(50.0, size=300)
    follow = at_risk * generator.gamma(2.0, size=(300, 3))
    drawn = ratios.bootstrap_interval(lead, follow, at_risk, conf_level=0.95, random_state=4)
    taylor = ratios.linearized_interval(lead, follow, at_risk, conf_level=0.95)
    jackknife = ratios.jackknife_interval(lead, follow, at_risk, conf_level=0.95)
    assert drawn.std_error == pytest.approx(taylor.std_error, rel=0.08)
    assert jackknife.std_error == pytest.approx(taylor.std_error, rel=0.02)
    fieller = ratios.fieller_interval(lead, follow, at_risk, conf_level=0.95)
    assert (fieller.low, fieller.high) == pytest.approx((taylor.low, taylor.high), rel=0.02)
