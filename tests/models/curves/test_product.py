"""Product limits and incidences on arrays: by hand, by identities, by simulation."""

import dataclasses

import numpy as np
import pytest

from toolkit.models.curves import (
    aalen_johansen,
    clustered_variance,
    influence,
    limits,
    quantile,
    risk_sets,
    unclustered_variance,
    z_score,
)

ENTRY = np.array([0, 0, 0, 1, 2, 0, 0])
DURATION = np.array([2, 3, 3, 3, 5, 5, 6])
OUTCOME = np.array([1, 1, 2, 0, 1, 2, 0])


@pytest.fixture
def sets():
    return risk_sets(DURATION, OUTCOME, entry=ENTRY)


def test_risk_sets_by_hand(sets):
    assert sets.time.tolist() == [2, 3, 5, 6]
    assert sets.at_risk.tolist() == [6, 6, 3, 1]
    assert sets.events.tolist() == [1, 1, 1, 0]
    assert sets.exits.tolist() == [0, 1, 1, 0]
    assert sets.censored.tolist() == [0, 1, 0, 1]


def test_fractions_of_months_are_counted_like_whole_ones(sets):
    halves = risk_sets(DURATION / 2, OUTCOME, entry=ENTRY / 2)
    assert halves.time.tolist() == [1, 1.5, 2.5, 3]
    for name in ("at_risk", "events", "exits", "censored"):
        assert getattr(halves, name).tolist() == getattr(sets, name).tolist()


def test_a_spell_of_no_length_is_at_risk_from_the_start():
    sets = risk_sets([0, 2], [1, 0])
    assert sets.at_risk.tolist() == [2, 1]


def test_incidences_by_hand(sets):
    fit = aalen_johansen(sets)
    np.testing.assert_allclose(fit.event, [1 / 6, 11 / 36, 53 / 108, 53 / 108], rtol=1e-14)
    np.testing.assert_allclose(fit.exit, [0, 5 / 36, 35 / 108, 35 / 108], rtol=1e-14, atol=1e-16)
    np.testing.assert_allclose(fit.event + fit.exit + fit.survival, 1, rtol=1e-14)


def test_variance_by_hand_at_the_second_month(sets):
    # F1(3) = p1 + (1 - p1) q1 with p1 = 1/6 of 6 and q1 = 1/6 of 6, independent given the past.
    first, later = 1 / 6, 1 / 6
    binomial = 1 / 6 * 5 / 6 / 6
    expected = (1 - later) ** 2 * binomial + (1 - first) ** 2 * binomial
    assert aalen_johansen(sets).event_variance[1] == pytest.approx(expected, rel=1e-12)


def test_variance_with_hardly_an_exit_is_greenwoods(sets):
    alone = aalen_johansen(sets.with_exits_censored())
    hardly = dataclasses.replace(sets.with_exits_censored(), exits=np.full(4, 1e-9))
    general = aalen_johansen(hardly).event_variance
    np.testing.assert_allclose(alone.event_variance, alone.survival_variance, rtol=1e-12)
    np.testing.assert_allclose(general, alone.survival_variance, rtol=1e-7)


def test_a_finished_incidence_does_not_vary():
    assert aalen_johansen(risk_sets([1, 2], [1, 1])).event_variance.tolist() == [0.125, 0.0]


def test_influence_of_single_spells_gives_greenwood_without_late_entry():
    sets = risk_sets(DURATION, OUTCOME)
    fit = aalen_johansen(sets)
    last = np.searchsorted(sets.time, DURATION)
    here = np.arange(len(sets.time)) == last[:, None]
    at_risk = np.arange(len(sets.time)) <= last[:, None]
    moves = influence(sets, here & (OUTCOME == 1)[:, None], here & (OUTCOME == 2)[:, None], at_risk)
    np.testing.assert_allclose(clustered_variance(moves), fit.event_variance, rtol=1e-10)
    cells = unclustered_variance(sets, DURATION, OUTCOME, np.ones(7), np.zeros(7))
    np.testing.assert_allclose(cells, fit.event_variance, rtol=1e-10)


def test_last_one_leaving_ends_the_curve_without_a_limit():
    fit = aalen_johansen(risk_sets([1, 2], [1, 1]))
    assert fit.survival.tolist() == [0.5, 0.0]
    assert np.isnan(fit.survival_variance[1])


@pytest.mark.parametrize("interval", ["log-log", "log", "plain", "logit", "arcsine", "wilson"])
@pytest.mark.parametrize("survival", [0.08, 0.5, 0.9])
def test_a_claim_at_the_limit_is_rejected_exactly_at_the_level(interval, survival):
    low, high = limits([survival], [0.03], interval=interval, critical=1.959963984540054)
    for edge in (low[0], high[0]):
        if 0 < edge < 1:
            z, p = z_score(survival, 0.03, edge, interval=interval)
            assert p == pytest.approx(0.05, abs=1e-9)
            assert np.sign(z) == np.sign(survival - edge)


def test_wilson_is_wilsons_own_for_a_plain_share():
    low, high = limits([0.9], [np.sqrt(0.9 * 0.1 / 20)], interval="wilson", critical=1.959963985)
    assert low[0] == pytest.approx(0.698966, abs=1e-6)
    assert high[0] == pytest.approx(0.9721335, abs=1e-6)


def test_wilson_has_limits_where_nobody_moved():
    low, high = limits([1.0], [0.0], interval="wilson", critical=1.96, at_risk=[20])
    assert low[0] == pytest.approx(20 / (20 + 1.96**2))
    assert high[0] == pytest.approx(1.0)


def test_quantile_rests_in_the_middle_of_a_level_stretch():
    assert quantile([1, 2, 4], [0.8, 0.5, 0.2], 0.5) == 3.0
    assert quantile([1, 2, 4], [0.8, 0.6, 0.2], 0.5) == 4.0


@pytest.mark.parametrize("interval", ["log-log", "arcsine", "logit", "wilson"])
@pytest.mark.parametrize("cause", ["censor", "compete"])
def test_intervals_cover_under_censoring_truncation_and_exits(interval, cause):
    rng = np.random.default_rng(20240901)
    horizon, n = 12.0, 250
    hazard, leaving = 1 / 15, 1 / 40
    both = hazard + leaving
    share = hazard / both * (1 - np.exp(-both * horizon))
    truth = np.exp(-hazard * horizon) if cause == "censor" else 1 - share
    held = []
    for _ in range(2000):
        event, gone = rng.exponential(1 / hazard, n), rng.exponential(1 / leaving, n)
        stopped = rng.uniform(8, 40, n)
        entry = np.where(rng.random(n) < 0.4, rng.uniform(0, 6, n), 0)
        duration = np.minimum(np.minimum(event, gone), stopped)
        outcome = np.where(duration == event, 1, np.where(duration == gone, 2, 0))
        seen = duration > entry
        sets = risk_sets(duration[seen], outcome[seen], entry=entry[seen])
        if cause == "censor":
            sets = sets.with_exits_censored()
        fit = aalen_johansen(sets)
        last = np.searchsorted(sets.time, horizon, side="right") - 1
        low, high = limits(
            1 - fit.event[last],
            np.sqrt(fit.event_variance[last]),
            interval=interval,
            critical=1.959963984540054,
        )
        held.append(low[0] <= truth <= high[0])
    assert 0.935 <= np.mean(held) <= 0.965
