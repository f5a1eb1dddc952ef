"""Hazards month by month: logit or complementary log-log, each month with a level of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from toolkit.models.hazards.newton import Floats, maximize

__all__ = ["DiscreteFit", "Link", "discrete_fit", "discrete_survival"]

Link = Literal["logit", "cloglog"]
Integers = NDArray[np.intp]

AT_ONCE = 1_000_000


@dataclass(frozen=True, kw_only=True, eq=False)
class DiscreteFit:
    """Coefficients of the covariates, then the level of each period.

    Parameters
    ----------
    coefficients : array, shape (p,)
    levels : array, shape (k,)
        Linear predictor of each period for a unit with all covariates 0.
    covariance : array, shape (p + k, p + k)
    periods : array, shape (k,)
        Those with events but not of everyone; the others say nothing of the covariates.
    log_likelihood : float
    steps : int
    """

    coefficients: Floats
    levels: Floats
    covariance: Floats
    periods: Floats
    log_likelihood: float
    steps: int
    _scores: Callable[[Integers], Floats]

    def scores(self, cluster: Integers) -> Floats:
        """Return the gradient of each cluster's log-likelihood, shape (clusters, p + k)."""
        return self._scores(cluster)


def discrete_fit(
    last: ArrayLike,
    event: ArrayLike,
    covariates: ArrayLike,
    *,
    first: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    link: Link = "logit",
) -> DiscreteFit:
    r"""Maximise the likelihood of one binary outcome per unit and period at risk.

    :math:`g(h_{ik}) = \alpha_k + x_i'\beta` with g the logit, or :math:`\log(-\log(1 - h))`, under
    which :math:`\beta` is that of proportional hazards in continuous time.

    Parameters
    ----------
    last : array of int, shape (n,)
        Period in which each spell ended.
    event : array, shape (n,)
        Whether it ended by the event.
    covariates : array, shape (n, p)
    first : array of int, shape (n,), optional
        First period at risk; by default the earliest in which any spell ended, or 1.
    weight : array, shape (n,), optional

    Raises
    ------
    NoMaximumError
        If the likelihood has no maximum.

    References
    ----------
    Prentice and Gloeckler (1978), Biometrics 34, 57-67; Allison (1982), Sociological Methodology
    13, 61-98.
    """
    ends, died = np.asarray(last, dtype=np.intp), np.asarray(event, dtype=bool)
    x = np.atleast_2d(np.asarray(covariates, dtype=float))
    mass = np.ones(len(ends)) if weight is None else np.asarray(weight, dtype=float)
    starts = (
        np.full(len(ends), min(1, int(ends.min())), dtype=np.intp)
        if first is None
        else np.asarray(first, dtype=np.intp)
    )
    center, spread = np.average(x, axis=0, weights=mass), x.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    origin = int(starts.min())
    size = int(ends.max()) - origin + 1
    at_risk = np.bincount(starts - origin, weights=mass, minlength=size + 1)
    at_risk = np.cumsum(at_risk - np.bincount(ends - origin + 1, weights=mass, minlength=size + 1))
    deaths = np.bincount(ends[died] - origin, weights=mass[died], minlength=size)
    share = deaths / np.maximum(at_risk[:size], 1e-300)
    informative = (deaths > 0) & (share < 1 - 1e-12)
    column = np.where(informative, np.cumsum(informative) - 1, -1)
    likelihood = _PersonPeriods(
        starts - origin, ends - origin, died, (x - center) / scale, mass, column, link
    )
    level = share[informative]
    start = np.log(level / (1 - level)) if link == "logit" else np.log(-np.log1p(-level))
    p = x.shape[1]
    found = maximize(likelihood, np.concatenate([np.zeros(p), start]), watched=p)
    back = np.eye(p + len(level))
    back[:p, :p] = np.diag(1 / scale)
    back[p:, :p] = -center / scale
    point = back @ found.at
    return DiscreteFit(
        coefficients=point[:p],
        levels=point[p:],
        covariance=back @ np.linalg.inv(found.information) @ back.T,
        periods=np.flatnonzero(informative).astype(float) + origin,
        log_likelihood=found.log_likelihood,
        steps=found.steps,
        _scores=lambda cluster: likelihood.scores(found.at, cluster) @ np.linalg.inv(back),
    )


def discrete_survival(
    months: float, linear: Floats, fit: DiscreteFit, *, link: Link
) -> tuple[Floats, Floats]:
    """Return the share not yet at the event by a month, for linear predictors without levels.

    Returns
    -------
    survival : array, shape (n,)
    by_level : array, shape (n, k)
        Its derivative by the level of each period; their sum is that by the linear predictor.
    """
    passed = fit.periods <= months
    predictor = linear[:, None] + fit.levels
    nothing = np.zeros(predictor.shape, dtype=bool)
    _, log_no, slope, _ = _binary(predictor, nothing, link)
    survival = np.exp(log_no @ passed)
    return survival, survival[:, None] * slope * passed


class _PersonPeriods:
    """Log-likelihood over units and periods, laid out a part at a time."""

    def __init__(
        self,
        first: Integers,
        last: Integers,
        died: NDArray[np.bool_],
        covariates: Floats,
        mass: Floats,
        column: Integers,
        link: Link,
    ) -> None:
        self._first, self._last, self._died = first, last, died
        self._x, self._mass, self._column, self._link = covariates, mass, column, link
        self._levels = int(column.max()) + 1

    def __call__(self, point: Floats) -> tuple[float, Floats, Floats]:
        p, k = self._x.shape[1], self._levels
        value, gradient, information = 0.0, np.zeros(p + k), np.zeros((p + k, p + k))
        linear = self._x @ point[:p]
        for rows, level, happened in self._parts():
            log_yes, log_no, score, weight = _binary(
                linear[rows] + point[p + level], happened, self._link
            )
            mass, x = self._mass[rows], self._x[rows]
            value += float(mass @ np.where(happened, log_yes, log_no))
            score, weight = mass * score, mass * weight
            gradient[:p] += score @ x
            gradient[p:] += np.bincount(level, weights=score, minlength=k)
            information[:p, :p] += x.T @ (x * weight[:, None])
            for place in range(p):
                cross = np.bincount(level, weights=weight * x[:, place], minlength=k)
                information[place, p:] += cross
                information[p:, place] += cross
            diagonal = np.arange(p, p + k)
            information[diagonal, diagonal] += np.bincount(level, weights=weight, minlength=k)
        return value, gradient, information

    def scores(self, point: Floats, cluster: Integers) -> Floats:
        """Return the gradient cluster by cluster."""
        p, k = self._x.shape[1], self._levels
        clusters = int(cluster.max()) + 1
        scores = np.zeros((clusters, p + k))
        linear = self._x @ point[:p]
        for rows, level, happened in self._parts():
            _, _, score, _ = _binary(linear[rows] + point[p + level], happened, self._link)
            score = score * self._mass[rows]
            mine = cluster[rows]
            for place in range(p):
                moved = score * self._x[rows, place]
                scores[:, place] += np.bincount(mine, weights=moved, minlength=clusters)
            cells = np.bincount(mine * k + level, weights=score, minlength=clusters * k)
            scores[:, p:] += cells.reshape(clusters, k)
        return scores

    def _parts(self) -> Iterator[tuple[Integers, Integers, NDArray[np.bool_]]]:
        lengths = np.maximum(self._last - self._first + 1, 0)
        total = np.cumsum(lengths)
        edges = np.searchsorted(total, np.arange(AT_ONCE, total[-1] + AT_ONCE, AT_ONCE))
        begin = 0
        for edge in edges.tolist():
            end = min(edge + 1, len(lengths))
            if end <= begin:
                continue
            many = lengths[begin:end]
            rows = np.repeat(np.arange(begin, end), many)
            turn = np.arange(len(rows)) - np.repeat(np.cumsum(many) - many, many)
            period = self._first[rows] + turn
            known = self._column[period] >= 0
            rows, period = rows[known], period[known]
            yield rows, self._column[period], self._died[rows] & (period == self._last[rows])
            begin = end


def _binary(
    linear: Floats, happened: NDArray[np.bool_], link: Link
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return log h, log(1 - h), the score and the expected information of each linear predictor."""
    if link == "logit":
        share = expit(linear)
        log_no = -np.logaddexp(0, linear)
        return log_no + linear, log_no, happened - share, share * (1 - share)
    odds = np.exp(np.minimum(linear, 30.0))
    share = -np.expm1(-odds)
    floor = np.maximum(share, 1e-300)
    score = np.where(happened, odds * np.exp(-odds) / floor, -odds)
    return np.log(floor), -odds, score, odds**2 * np.exp(-odds) / floor
