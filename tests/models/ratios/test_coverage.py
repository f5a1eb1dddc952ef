"""Intervals cover as often as they say, and where they do not, by how much they fail."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from toolkit.models import ratios

pytestmark = pytest.mark.slow

Sums = tuple[np.ndarray, np.ndarray]
TRUTH = 5.0


def ordinary(rng: np.random.Generator, clusters: int) -> Sums:
    """Draw clusters of unequal size, whose pull on bank money varies by a quarter."""
    lead = rng.gamma(4.0, 0.25, clusters)
    return lead, TRUTH * lead * rng.gamma(16.0, 1 / 16, clusters) + rng.normal(0, 0.5, clusters)


def heavy(rng: np.random.Generator, clusters: int) -> Sums:
    """Draw a pull with a Pareto tail of index 1.5: a mean, but no variance."""
    lead = rng.gamma(4.0, 0.25, clusters)
    return lead, TRUTH * lead * rng.pareto(1.5, clusters) / 2


def covered(method: Callable, draw: Callable, clusters: int, runs: int, seed: int) -> float:
    rng = np.random.default_rng(seed)
    inside = 0
    for _ in range(runs):
        found = method(*draw(rng, clusters), conf_level=0.95)
        inside += found.low <= TRUTH <= found.high
    return inside / runs


def bootstrap(lead: np.ndarray, follow: np.ndarray, *, conf_level: float) -> ratios.RatioInterval:
    seed = int(1e6 * abs(follow[0])) % 2**32
    return ratios.bootstrap_interval(
        lead, follow, conf_level=conf_level, random_state=seed, draws=999
    )


CLOSED = {
    "linearized": ratios.linearized_interval,
    "fieller": ratios.fieller_interval,
    "jackknife": ratios.jackknife_interval,
}


@pytest.mark.parametrize("clusters", [30, 100, 500])
@pytest.mark.parametrize("name", list(CLOSED))
def test_closed_forms_cover(name: str, clusters: int) -> None:
    share = covered(CLOSED[name], ordinary, clusters, runs=6000, seed=clusters)
    assert 0.935 <= share <= 0.965


@pytest.mark.parametrize("clusters", [30, 100, 500])
def test_the_bootstrap_covers(clusters: int) -> None:
    share = covered(bootstrap, ordinary, clusters, runs=1500 if clusters < 500 else 1000, seed=7)
    assert 0.935 <= share <= 0.965


HEAVY = {"closed": {30: 0.65, 100: 0.70, 500: 0.74}, "bootstrap": {30: 0.80, 100: 0.82, 500: 0.83}}


@pytest.mark.parametrize("clusters", [30, 100, 500])
@pytest.mark.parametrize("name", [*CLOSED, "bootstrap"])
def test_under_heavy_tails_each_method_fails_by_so_much(name: str, clusters: int) -> None:
    share = covered(CLOSED.get(name, bootstrap), heavy, clusters, runs=2000, seed=3)
    expected = HEAVY["closed" if name in CLOSED else name][clusters]
    # Twice the error of a share of 2,000 runs is 0.02.
    assert share == pytest.approx(expected, abs=0.02)


def cut_off(rng: np.random.Generator, *, firms: int, clusters: int, months: int) -> tuple:
    """Draw firms that are observed for 0 to 18 months, with follow-on money in each of 12."""
    cluster = rng.integers(0, clusters, firms)
    observed = rng.integers(0, 19, firms)
    lead = rng.gamma(4.0, 0.25, firms)
    pull = rng.gamma(16.0, 1 / 16, clusters)[cluster]
    monthly = (TRUTH / months * lead * pull)[:, None] * rng.gamma(0.5, 2.0, (firms, months))
    paid, money, at_risk = (np.zeros((clusters, months + 1)) for _ in range(3))
    paid[:, 0] = np.bincount(cluster, lead, clusters)
    at_risk[:, 0] = np.bincount(cluster, minlength=clusters)
    for month in range(1, months + 1):
        seen = observed >= month
        at_risk[:, month] = np.bincount(cluster[seen], minlength=clusters)
        money[:, month] = np.bincount(cluster[seen], monthly[seen, month - 1], clusters)
    return paid, money, at_risk


@pytest.mark.parametrize("clusters", [30, 100])
def test_the_adjusted_window_removes_the_bias_that_ignoring_shows_and_covers(clusters: int) -> None:
    rng = np.random.default_rng(clusters)
    adjusted, ignored, inside = [], [], []
    for _ in range(2000):
        arrays = cut_off(rng, firms=20 * clusters, clusters=clusters, months=12)
        found = ratios.linearized_interval(*arrays, conf_level=0.95)
        adjusted.append(found.estimate)
        ignored.append(arrays[1].sum() / arrays[0].sum())
        inside.append(found.low <= TRUTH <= found.high)
    # On average 12.5 of 19 firm months in the window are seen.
    assert np.mean(ignored) < 0.75 * TRUTH
    assert np.mean(adjusted) == pytest.approx(TRUTH, rel=0.005)
    assert 0.935 <= np.mean(inside) <= 0.965
