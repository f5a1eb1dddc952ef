"""Arrays: exact incidences of two competing Weibull hazards, and what late entry leaves of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from toolkit.simulate.draws import Floats

__all__ = ["competing_incidence", "finished_share", "one_minus_product_limit", "weibull_times"]

NODES = 80

Law = tuple[float, float, float]
"""Shape, scale in months, and hazard ratio."""

Incidence = Callable[[Floats], Floats]


def competing_incidence(months: Floats, own: Law, rival: Law) -> Floats:
    r"""Return the share that one hazard has taken by each month, the other competing.

    .. math:: F_1(t) = \int_0^t e^{-\Lambda_1(u) - \Lambda_2(u)} d\Lambda_1(u), \qquad
              \Lambda_j(u) = r_j (u / b_j)^{k_j}

    by 80 Gauss points in :math:`(u / t)^{1/3}`, where small shapes have no pole.

    Parameters
    ----------
    months : array, shape (t,)
        Not negative.
    own, rival : (float, float, float)
        Shape, scale and hazard ratio of either.

    Returns
    -------
    array, shape (t,)

    Examples
    --------
    With equal shapes, the share is that of the hazards:

    >>> bool(abs(competing_incidence(np.array([1e3]), (2, 9, 3), (2, 9, 1))[0] - 0.75) < 1e-12)
    True
    """
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    places, shares = (nodes + 1) / 2, weights / 2
    # Beyond a cumulative hazard of 40 nothing is left, and the points would miss what there was.
    last = min(scale * (40 / ratio) ** (1 / shape) for shape, scale, ratio in (own, rival))
    time = np.minimum(months, last)[:, None] * places**3
    passed = [ratio * (time / scale) ** shape for shape, scale, ratio in (own, rival)]
    # d log(time) / d place is 3 / place, so that the own hazard grows by 3 shape / place.
    growth = passed[0] * (3 * own[0] / places)
    return np.asarray((np.exp(-passed[0] - passed[1]) * growth) @ shares)


def weibull_times(rng: np.random.Generator, shape: float, scale: float, ratios: Floats) -> Floats:
    """Draw when each unit's hazard strikes, given its hazard ratio."""
    cumulative = rng.standard_exponential(len(ratios)) / ratios
    return np.asarray(scale * cumulative ** (1 / shape))


def one_minus_product_limit(production: Incidence, gone: Incidence, horizon: float) -> float:
    """Return one minus Kaplan-Meier's limit where exits count as censored."""
    at = np.linspace(0, horizon, 4001)
    reached = production(at)
    left = 1 - reached - gone(at)
    return float(-np.expm1(-(np.diff(reached) * 2 / (left[1:] + left[:-1])).sum()))


def finished_share(
    production: Incidence,
    gone: Incidence,
    *,
    horizon: float,
    seen: Floats,
    late_share: float,
    late_months: float,
) -> float:
    """Return the share in production by the horizon among registered firms that have finished.

    Parameters
    ----------
    production, gone : callable
        Incidences of production and of exit.
    horizon : float
        Months.
    seen : array, shape (d,)
        Months on record, each as likely.
    late_share, late_months : float
        Who enters the register late, uniformly up to so many months, if still under way.
    """
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    entry = np.concatenate([[0.0], late_months * (nodes + 1) / 2])
    mass = np.concatenate([[1 - late_share], late_share * weights / 2])
    before = production(entry) + gone(entry)
    by_end = production(seen) + gone(seen)
    by_horizon = production(np.minimum(seen, horizon))
    early = np.maximum(by_horizon[:, None] - production(entry), 0) @ mass
    done = np.maximum(by_end[:, None] - before, 0) @ mass
    return float(early.sum() / done.sum())
