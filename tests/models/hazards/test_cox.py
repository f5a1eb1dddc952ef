"""Cox regression on arrays: by hand, by identities, by simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.models.hazards import NoMaximumError, cox_fit, discrete_fit, fine_gray_fit, maximize

TIME = np.array([1, 1, 6, 6, 8, 9.0])
EVENT = np.array([1, 0, 1, 1, 0, 1])
X = np.array([[1], [1], [1], [0], [0], [0.0]])


def test_breslow_by_hand():
    # l(b) = 2 b - log(3 e^b + 3) - 2 log(e^b + 3) is largest at e^b = (3 + sqrt 33) / 2.
    fit = cox_fit(TIME, EVENT, X, ties="breslow")
    risk = (3 + np.sqrt(33)) / 2
    assert fit.coefficients[0] == pytest.approx(np.log(risk), abs=1e-10)
    value = 2 * np.log(risk) - np.log(3 * risk + 3) - 2 * np.log(risk + 3)
    assert fit.log_likelihood == pytest.approx(value, abs=1e-10)
    assert fit.null_log_likelihood == pytest.approx(-np.log(6) - 2 * np.log(4), abs=1e-10)
    np.testing.assert_allclose(fit.time, [1, 6, 9])


def test_efron_by_hand():
    # l(b) = 2 b - log(3 e^b + 3) - log(e^b + 3) - log(e^b / 2 + 5 / 2).
    fit = cox_fit(TIME, EVENT, X)
    risk = np.exp(fit.coefficients[0])
    slope = 2 - risk / (risk + 1) - risk / (risk + 3) - risk / (risk + 5)
    assert slope == pytest.approx(0, abs=1e-10)
    value = 2 * np.log(risk) - np.log(3 * risk + 3) - np.log(risk + 3) - np.log(risk / 2 + 2.5)
    assert fit.log_likelihood == pytest.approx(value, abs=1e-10)
    information = risk / (risk + 1) ** 2 + 3 * risk / (risk + 3) ** 2 + 5 * risk / (risk + 5) ** 2
    assert fit.covariance[0, 0] == pytest.approx(1 / information, rel=1e-9)


def test_scores_add_up_to_nothing_at_the_maximum():
    rng = np.random.default_rng(0)
    time, entry = rng.integers(3, 20, 300), rng.integers(0, 3, 300)
    x, event = rng.normal(size=(300, 2)), rng.random(300) < 0.6
    fit = cox_fit(time, event, x, entry=entry, strata=rng.integers(0, 3, 300))
    np.testing.assert_allclose(fit.scores().sum(axis=0), 0, atol=1e-8)
    np.testing.assert_allclose(fit.residuals.sum(axis=0), 0, atol=1e-8)


def test_long_and_short_blocks_agree():
    rng = np.random.default_rng(1)
    x, event = rng.normal(size=(300, 3)), rng.random(300) < 0.7
    time = np.ceil(rng.exponential(10 * np.exp(-x[:, 0])))
    entry = np.where(rng.random(300) < 0.3, time // 2, 0)
    short = cox_fit(time, event, x, entry=entry, ties="breslow")
    # Forty copies of each row fill the blocks, and leave Breslow's estimate where it was.
    long = cox_fit(
        np.tile(time, 40),
        np.tile(event, 40),
        np.tile(x, (40, 1)),
        entry=np.tile(entry, 40),
        ties="breslow",
    )
    np.testing.assert_allclose(long.coefficients, short.coefficients, atol=1e-10)
    np.testing.assert_allclose(long.covariance * 40, short.covariance, rtol=1e-9)


@given(st.integers(0, 10_000))
def test_counts_stand_for_repeated_rows(seed):
    rng = np.random.default_rng(seed)
    n = 30
    time, event = rng.integers(1, 8, n), rng.random(n) < 0.8
    x, count = rng.normal(size=(n, 2)), rng.integers(1, 4, n)
    try:
        repeated = cox_fit(np.repeat(time, count), np.repeat(event, count), np.repeat(x, count, 0))
    except NoMaximumError:
        return
    counted = cox_fit(time, event, x, count=count)
    np.testing.assert_allclose(counted.coefficients, repeated.coefficients, atol=1e-8)
    np.testing.assert_allclose(counted.covariance, repeated.covariance, rtol=1e-6)
    assert counted.log_likelihood == pytest.approx(repeated.log_likelihood, abs=1e-7)


@given(st.integers(0, 10_000), st.floats(-50, 50), st.floats(0.01, 100))
def test_shifting_and_scaling_a_covariate_only_rescales_its_coefficient(seed, shift, scale):
    rng = np.random.default_rng(seed)
    time, event = rng.integers(1, 15, 60), rng.random(60) < 0.7
    x = rng.normal(size=(60, 1))
    plain, moved = cox_fit(time, event, x), cox_fit(time, event, shift + scale * x)
    np.testing.assert_allclose(moved.coefficients * scale, plain.coefficients, atol=1e-8)
    assert moved.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-8)


def test_faults_are_told_apart():
    rng = np.random.default_rng(2)
    time, event = rng.integers(1, 15, 60), rng.random(60) < 0.7
    x = rng.normal(size=(60, 2))
    with pytest.raises(NoMaximumError) as collinear:
        cox_fit(time, event, np.column_stack([x, x.sum(axis=1)]))
    assert collinear.value.reason == "collinear"
    with pytest.raises(NoMaximumError) as separated:
        cox_fit(time, event, np.column_stack([x, event.astype(float)]))
    assert (separated.value.reason, separated.value.place) == ("separated", 2)
    with pytest.raises(NoMaximumError) as endless:
        maximize(lambda b: (float(b[0]), np.ones(1), np.eye(1)), np.zeros(1))
    assert endless.value.reason in ("separated", "not_converged")


@pytest.mark.slow
def test_coefficients_cover_the_truth_under_censoring_truncation_and_exits():
    rng = np.random.default_rng(20240901)
    held: dict[str, list[bool]] = {"cox": [], "cloglog": []}
    for _ in range(800):
        n, x = 250, rng.normal(size=(250, 1))
        event = rng.exponential(15 * np.exp(-0.5 * x[:, 0]))
        end = np.minimum(rng.exponential(40, n), rng.uniform(8, 40, n))
        entry = np.where(rng.random(n) < 0.4, rng.integers(0, 6, n), 0)
        duration = np.ceil(np.minimum(event, end))
        seen = duration > entry
        died = (event <= end)[seen]
        cox = cox_fit(duration[seen], died, x[seen], entry=entry[seen])
        monthly = discrete_fit(duration[seen], died, x[seen], first=entry[seen] + 1, link="cloglog")
        for name, fit in (("cox", cox), ("cloglog", monthly)):
            off = abs(fit.coefficients[0] - 0.5) / np.sqrt(fit.covariance[0, 0])
            held[name].append(off <= 1.959964)
    assert 0.935 <= np.mean(held["cloglog"]) <= 0.965
    # Efron's ties flatten whole months a little, and exits within the month of an event more.
    assert 0.92 <= np.mean(held["cox"]) <= 0.965


@pytest.mark.slow
def test_subdistribution_coefficient_covers_the_truth():
    rng = np.random.default_rng(8)
    held = []
    for _ in range(500):
        n, x = 300, rng.integers(0, 2, size=(300, 1)).astype(float)
        # Fine and Gray's own design: F1(t) = 1 - (1 - p (1 - e^-t))^exp(b x).
        power, share = np.exp(0.5 * x[:, 0]), 0.4
        reaches = rng.random(n) < 1 - (1 - share) ** power
        u = rng.random(n) * (1 - (1 - share) ** power)
        event = -np.log(1 - (1 - (1 - u) ** (1 / power)) / share)
        left = rng.exponential(1.0, n)
        stop = rng.uniform(0.5, 4, n)
        moment = np.where(reaches, event, left)
        outcome = np.where(moment > stop, 0, np.where(reaches, 1, 2))
        fit = fine_gray_fit(np.minimum(moment, stop), outcome, x)
        scores = fit.scores()
        robust = fit.covariance @ (scores.T @ scores) @ fit.covariance
        held.append(abs(fit.coefficients[0] - 0.5) <= 1.959964 * np.sqrt(robust[0, 0]))
    assert 0.925 <= np.mean(held) <= 0.97
