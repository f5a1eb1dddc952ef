"""Areas and other weighted sums of an incidence curve, with their covariance."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from toolkit.models.curves.product import aalen_johansen
from toolkit.models.curves.risk import Floats, RiskSets

__all__ = ["area_weights", "functional_covariance", "restricted_mean_time"]


def area_weights(time: Floats, horizon: float) -> Floats:
    """Return the months for which each step of a curve stands before the horizon, shape (k,)."""
    ends = np.minimum(np.append(time[1:], np.inf), horizon)
    return np.asarray(np.maximum(ends - time, 0.0))


def restricted_mean_time(sets: RiskSets, horizon: float) -> float:
    r"""Return the mean time without the event up to a horizon, :math:`\int_0^h 1 - F_1(t)\,dt`.

    Examples
    --------
    >>> from toolkit.models.curves import risk_sets
    >>> restricted_mean_time(risk_sets([2, 4], [1, 1]), 6)
    3.0
    """
    return float(horizon - area_weights(sets.time, horizon) @ aalen_johansen(sets).event)


def functional_covariance(sets: RiskSets, weights: ArrayLike) -> Floats:
    r"""Return the covariance of sums :math:`\sum_t w_t \hat F_1(t)` over the times of a curve.

    The increments at a time are multinomial and, given the past, independent of each other, so
    that the covariance is a sum over times of quadratic forms in their effects on the sums.

    Parameters
    ----------
    sets : RiskSets
        k times.
    weights : array, shape (m, k)
        One row per sum.

    Returns
    -------
    array, shape (m, m)
    """
    rows = np.atleast_2d(np.asarray(weights, dtype=float))
    fit = aalen_johansen(sets)
    before = np.concatenate([[1.0], fit.survival[:-1]])
    at_risk = np.where(sets.at_risk > 0, sets.at_risk, np.inf)
    first, second = sets.events / at_risk, sets.exits / at_risk
    mass = _from_here_on(rows)
    rest = _from_here_on(rows * fit.event) - mass * fit.event
    # Where nobody stays, nothing that comes later is lost by leaving.
    stays = np.where(fit.survival > 0, fit.survival, np.inf)
    lost = before * rest / stays
    by_event, by_exit = before * mass - lost, -lost
    scale = 1 / at_risk
    return np.asarray(
        (by_event * (scale * first * (1 - first))) @ by_event.T
        + (by_exit * (scale * second * (1 - second))) @ by_exit.T
        - (by_event * (scale * first * second)) @ by_exit.T
        - (by_exit * (scale * first * second)) @ by_event.T
    )


def _from_here_on(rows: Floats) -> Floats:
    return np.asarray(np.cumsum(rows[:, ::-1], axis=1)[:, ::-1])
