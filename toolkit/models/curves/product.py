"""Product-limit survival and Aalen-Johansen incidence with their variances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from toolkit.models.curves.risk import EVENT, EXIT, Floats, RiskSets, entry_positions

__all__ = [
    "Incidence",
    "aalen_johansen",
    "clustered_variance",
    "influence",
    "unclustered_variance",
]

CELLS_AT_ONCE = 2_000_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Incidence:
    """Probability of having reached the event, of having exited, and of neither, by each time.

    Parameters
    ----------
    event, exit, survival : arrays, shape (k,)
        They add up to one.
    event_variance, exit_variance, survival_variance : arrays, shape (k,)
        Greenwood-type variances; not a number once nobody is left to estimate them.
    """

    event: Floats
    exit: Floats
    survival: Floats
    event_variance: Floats
    exit_variance: Floats
    survival_variance: Floats


def aalen_johansen(sets: RiskSets) -> Incidence:
    r"""Estimate cumulative incidences; without exits, ``survival`` is Kaplan and Meier's.

    .. math::

        \hat S(t) = \prod_{t_k \le t} \Bigl(1 - \frac{d_{1k} + d_{2k}}{r_k}\Bigr), \qquad
        \hat F_j(t) = \sum_{t_k \le t} \hat S(t_{k-1}) \frac{d_{jk}}{r_k}

    Parameters
    ----------
    sets : RiskSets
        At risk :math:`r_k`, events :math:`d_{1k}`, exits :math:`d_{2k}`.

    References
    ----------
    Aalen and Johansen (1978), Scandinavian Journal of Statistics 5, 141-150. The variance treats
    the increments at a time as multinomial (Andersen, Borgan, Gill and Keiding 1993, IV.4).

    Examples
    --------
    >>> from toolkit.models.curves import risk_sets
    >>> fit = aalen_johansen(risk_sets([1, 2, 2, 3], [1, 1, 2, 0]))
    >>> fit.event.tolist(), fit.survival.tolist()
    ([0.25, 0.5, 0.5], [0.75, 0.25, 0.25])
    """
    survival, before = _product_limit(sets)
    event = np.cumsum(before * _share(sets.events, sets.at_risk))
    variance = np.where(survival > 0, survival**2 * np.cumsum(_greenwood(sets)), np.nan)
    left = np.cumsum(before * _share(sets.exits, sets.at_risk))
    if sets.exits.any():
        event_variance = _incidence_variance(sets, sets.events, event, before)
    else:
        # It varies as the curve does, which says nothing once nobody is left.
        event_variance = np.where(survival > 0, variance, 0.0)
    return Incidence(
        event=event,
        exit=left,
        survival=survival,
        event_variance=event_variance,
        exit_variance=_incidence_variance(sets, sets.exits, left, before),
        survival_variance=variance,
    )


def influence(
    sets: RiskSets, events: ArrayLike, exits: ArrayLike, at_risk: ArrayLike
) -> NDArray[np.float64]:
    r"""Return how each unit (a spell or a cluster) moves the incidence of the event.

    .. math::

        U_c(t) = \sum_{t_k \le t} \frac{\hat S(t_{k-1})}{r_k} m_{1ck}
                 - \sum_{t_k \le t} \frac{\hat F_1(t) - \hat F_1(t_k)}{r_k - d_k} m_{ck}

    where :math:`m` are the unit's events (of one kind, of both) less those expected of it.

    Parameters
    ----------
    sets : RiskSets
        All units together, k times.
    events, exits, at_risk : arrays, shape (units, k)
        Each unit's own counts on the same times.

    Returns
    -------
    array, shape (units, k)
        The survival curve's influence is its negative where exits are none.
    """
    _, before = _product_limit(sets)
    event = np.cumsum(before * _share(sets.events, sets.at_risk))
    mine = np.asarray(at_risk, dtype=float)
    first = np.asarray(events, dtype=float) - mine * _share(sets.events, sets.at_risk)
    both = first + np.asarray(exits, dtype=float) - mine * _share(sets.exits, sets.at_risk)
    both = both * _reciprocal(sets.at_risk - sets.events - sets.exits)
    direct = np.cumsum(first * before * _reciprocal(sets.at_risk), axis=1)
    return np.asarray(direct - event * np.cumsum(both, axis=1) + np.cumsum(both * event, axis=1))


def clustered_variance(moves: Floats) -> Floats:
    """Return the variance of a curve from its influence, one row per cluster."""
    return np.asarray(np.sum(moves**2, axis=0))


def unclustered_variance(
    sets: RiskSets,
    duration: ArrayLike,
    outcome: ArrayLike,
    squared_weights: ArrayLike,
    entry: ArrayLike,
) -> Floats:
    """Return the robust variance of the incidence of the event for weighted spells.

    Parameters
    ----------
    duration, outcome, entry : arrays, shape (cells,)
        Distinct kinds of spell.
    squared_weights : array, shape (cells,)
        Sum of the squared weights of the spells of each kind.
    """
    last = np.searchsorted(sets.time, np.asarray(duration, dtype=float))
    first = entry_positions(sets.time, entry)
    codes, mass = np.asarray(outcome), np.asarray(squared_weights, dtype=float)
    places = np.arange(len(sets.time))
    variance = np.zeros(len(sets.time))
    step = max(1, CELLS_AT_ONCE // max(len(places), 1))
    for start in range(0, len(last), step):
        part = slice(start, start + step)
        ends = places == last[part, None]
        under_observation = (places >= first[part, None]) & (places <= last[part, None])
        moves = influence(
            sets,
            ends & (codes[part, None] == EVENT),
            ends & (codes[part, None] == EXIT),
            under_observation,
        )
        variance += mass[part] @ moves**2
    return variance


def _product_limit(sets: RiskSets) -> tuple[Floats, Floats]:
    stay = 1.0 - _share(sets.events + sets.exits, sets.at_risk)
    survival = np.asarray(np.cumprod(stay), dtype=float)
    return survival, np.concatenate([[1.0], survival[:-1]])


def _greenwood(sets: RiskSets) -> Floats:
    ends = sets.events + sets.exits
    return np.asarray(ends * _reciprocal(sets.at_risk) * _reciprocal(sets.at_risk - ends))


def _incidence_variance(sets: RiskSets, ends: Floats, incidence: Floats, before: Floats) -> Floats:
    if not ends.any():
        return np.zeros_like(ends)
    share = _share(ends, sets.at_risk)
    spread = _greenwood(sets)
    stays = sets.at_risk - sets.events - sets.exits > 0
    cross = np.where(stays, before * share * _reciprocal(sets.at_risk), 0.0)
    own = np.cumsum(before**2 * share * (1 - share) * _reciprocal(sets.at_risk))
    mixed = incidence * np.cumsum(cross) - np.cumsum(cross * incidence)
    later = (
        incidence**2 * np.cumsum(spread)
        - 2 * incidence * np.cumsum(spread * incidence)
        + np.cumsum(spread * incidence**2)
    )
    return np.asarray(np.maximum(own - 2 * mixed + later, 0.0))


def _reciprocal(values: Floats) -> Floats:
    inverse: Floats = np.divide(
        1.0, values, out=np.zeros_like(values, dtype=float), where=values > 1e-12
    )
    return inverse


def _share(part: Floats, whole: Floats) -> Floats:
    return np.asarray(part * _reciprocal(whole))
