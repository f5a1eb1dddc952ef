"""Curves from times that are only known to lie between two, or on one side of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from toolkit.models.curves.risk import Floats

__all__ = ["CurrentStatus", "Turnbull", "current_status", "status_critical_value", "turnbull"]

SUM_WEIGHT = 1e4

# Quantiles of the limit of the likelihood-ratio statistic of an isotonic curve at a point
# (Banerjee and Wellner's D), by simulation of 30,000 samples of 1,000.
STATUS_LEVELS = (0.5, 0.8, 0.9, 0.95, 0.975, 0.99)
STATUS_QUANTILES = (0.285, 0.985, 1.617, 2.282, 2.953, 3.887)


@dataclass(frozen=True, kw_only=True, eq=False)
class Turnbull:
    """Where the mass of interval-observed times lies.

    Parameters
    ----------
    left, right : arrays, shape (m,)
        The innermost intervals, open on the left; the curve is only known outside of them.
    mass : array, shape (m,)
    log_likelihood : float
    """

    left: Floats
    right: Floats
    mass: Floats
    log_likelihood: float


def turnbull(left: ArrayLike, right: ArrayLike, *, weights: ArrayLike | None = None) -> Turnbull:
    """Estimate the distribution of times that lie in ``(left, right]``.

    Parameters
    ----------
    left, right : arrays, shape (n,)
        Equal for a time that is known exactly; `right` infinite for one not yet reached.
    weights : array, shape (n,), optional

    References
    ----------
    Turnbull (1976), Journal of the Royal Statistical Society B 38, 290-295; by the constrained
    Newton method of Wang (2007), Journal of the Royal Statistical Society B 69, 185-198.

    Examples
    --------
    >>> fit = turnbull([0, 1, 2], [2, 3, np.inf])
    >>> fit.left.tolist(), fit.right.tolist(), fit.mass.round(6).tolist()
    ([1.0, 2.0], [2.0, 3.0], [0.5, 0.5])
    """
    low, high = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    mass = np.ones(len(low)) if weights is None else np.asarray(weights, dtype=float)
    starts, ends, inside = _innermost(low, high)
    shares = np.full(len(starts), 1 / len(starts))
    value = _log_likelihood(inside, shares, mass)
    root = np.sqrt(mass)
    for _ in range(500):
        ratio = inside / (inside @ shares)[:, None]
        gradient = mass @ ratio - mass.sum()
        if gradient.max() < 1e-9 * mass.sum():
            break
        aim = _constrained_step(ratio * root[:, None], 2 * root)
        step = 1.0
        while step > 1e-12:
            trial = (1 - step) * shares + step * aim
            reached = _log_likelihood(inside, trial, mass)
            if reached >= value:
                break
            step /= 2
        # One step of self-consistency keeps every interval alive that deserves mass.
        trial = trial * (mass @ (inside / (inside @ trial)[:, None])) / mass.sum()
        shares, value = trial, _log_likelihood(inside, trial, mass)
    shares = np.where(shares > 1e-12, shares, 0.0)
    return Turnbull(left=starts, right=ends, mass=shares / shares.sum(), log_likelihood=value)


def _innermost(low: Floats, high: Floats) -> tuple[Floats, Floats, Floats]:
    exact = low == high
    # A known time t is the interval from just below t to t.
    floor = np.where(exact, np.nextafter(low, -np.inf), low)
    lefts, rights = np.unique(floor), np.unique(high)
    position = np.searchsorted(rights, lefts, side="right")
    possible = position < len(rights)
    starts, ends = lefts[possible], rights[position[possible]]
    last = np.append(ends[1:] != ends[:-1], True)
    starts, ends = starts[last], ends[last]
    inside = (floor[:, None] <= starts) & (ends <= high[:, None])
    return np.where(np.nextafter(ends, -np.inf) == starts, ends, starts), ends, inside.astype(float)


def _constrained_step(matrix: Floats, target: Floats) -> Floats:
    from scipy.optimize import nnls

    total = SUM_WEIGHT * np.abs(matrix).max()
    stacked = np.vstack([matrix, np.full(matrix.shape[1], total)])
    found = np.asarray(nnls(stacked, np.append(target, total))[0])
    return np.asarray(found / found.sum())


def _log_likelihood(inside: Floats, shares: Floats, mass: Floats) -> float:
    with np.errstate(divide="ignore"):
        return float(mass @ np.log(inside @ shares))


@dataclass(frozen=True, kw_only=True, eq=False)
class CurrentStatus:
    """Share that has reached the event by each age, with its limits.

    Parameters
    ----------
    age, share, low, high, seen, reached : arrays, shape (k,)
    """

    age: Floats
    share: Floats
    low: Floats
    high: Floats
    seen: Floats
    reached: Floats


def current_status(
    age: ArrayLike, reached: ArrayLike, *, weights: ArrayLike | None = None, critical: float
) -> CurrentStatus:
    """Estimate a rising curve from units each seen once: reached by then, or not.

    The estimate is the isotonic regression of the shares on age. The limits at an age are the
    values that the likelihood-ratio test there does not reject.

    Parameters
    ----------
    age, reached : arrays, shape (n,)
    weights : array, shape (n,), optional
        Numbers of like units.
    critical : float
        From :func:`status_critical_value`.

    References
    ----------
    Ayer, Brunk, Ewing, Reid and Silverman (1955), Annals of Mathematical Statistics 26, 641-647;
    Banerjee and Wellner (2001), Annals of Statistics 29, 1699-1731.
    """
    ages, place = np.unique(np.asarray(age, dtype=float), return_inverse=True)
    mass = np.ones(len(place)) if weights is None else np.asarray(weights, dtype=float)
    seen = np.bincount(place, weights=mass).astype(float)
    done = np.bincount(place, weights=mass * np.asarray(reached, dtype=float)).astype(float)
    share = _isotonic(done / seen, seen)
    limits = np.array(
        [_status_limits(k, done, seen, share, critical) for k in range(len(ages))]
    ).reshape(-1, 2)
    return CurrentStatus(
        age=ages, share=share, low=limits[:, 0], high=limits[:, 1], seen=seen, reached=done
    )


def status_critical_value(level: float) -> float:
    """Return the quantile that the likelihood-ratio statistic is held against."""
    return float(np.interp(level, STATUS_LEVELS, STATUS_QUANTILES))


def _isotonic(values: Floats, weights: Floats) -> Floats:
    means: list[float] = []
    sizes: list[float] = []
    counts: list[int] = []
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        means.append(value)
        sizes.append(weight)
        counts.append(1)
        while len(means) > 1 and means[-2] >= means[-1]:
            total = sizes[-2] + sizes[-1]
            means[-2:] = [(means[-2] * sizes[-2] + means[-1] * sizes[-1]) / total]
            sizes[-2:] = [total]
            counts[-2:] = [counts[-2] + counts[-1]]
    return np.repeat(means, counts)


def _status_limits(
    k: int, done: Floats, seen: Floats, share: Floats, critical: float
) -> tuple[float, float]:
    raw = done / seen
    before, after = _isotonic(raw[:k], seen[:k]), _isotonic(raw[k + 1 :], seen[k + 1 :])
    best = _binomial(share, done, seen)

    def statistic(value: float) -> float:
        held = np.concatenate([np.minimum(before, value), [value], np.maximum(after, value)])
        return 2 * (best - _binomial(held, done, seen))

    here = float(share[k])
    return _edge(statistic, here, 0.0, critical), _edge(statistic, here, 1.0, critical)


def _edge(
    statistic: Callable[[float], float], inside: float, outside: float, critical: float
) -> float:
    if statistic(outside) <= critical:
        return outside
    for _ in range(50):
        middle = (inside + outside) / 2
        if statistic(middle) <= critical:
            inside = middle
        else:
            outside = middle
    return inside


def _binomial(share: Floats, done: Floats, seen: Floats) -> float:
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(done > 0, done * np.log(share), 0.0)
        terms += np.where(seen > done, (seen - done) * np.log1p(-share), 0.0)
    return float(terms.sum())
