"""Cox's proportional hazards on risk sets, with Efron's or Breslow's treatment of ties."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from toolkit.models.hazards.newton import Floats, maximize
from toolkit.models.hazards.risk_sums import Layout, Summer, Sums, arrange

__all__ = ["CoxFit", "Ties", "cox_fit"]

Ties = Literal["efron", "breslow"]


@dataclass(frozen=True, kw_only=True, eq=False)
class CoxFit:
    """Coefficients, their covariances, and what curves and tests are made from.

    Parameters
    ----------
    coefficients : array, shape (p,)
    covariance : array, shape (p, p)
        Inverse of the information.
    log_likelihood, null_log_likelihood : float
    time, stratum : arrays, shape (k,)
        Event times, one stratum after the other.
    hazard, hazard_variance : arrays, shape (k,)
        Baseline hazard at each event time, for a unit with the covariates `center`.
    drift : array, shape (k, p)
        Mean covariates of the risk set less `center`, times the hazard.
    residuals : array, shape (k, p)
        Schoenfeld residuals, summed over the events at a time.
    spread : array, shape (k, p, p)
        Information at each event time.
    center : array, shape (p,)
    steps : int
    """

    coefficients: Floats
    covariance: Floats
    log_likelihood: float
    null_log_likelihood: float
    time: Floats
    stratum: Floats
    hazard: Floats
    hazard_variance: Floats
    drift: Floats
    residuals: Floats
    spread: Floats
    center: Floats
    steps: int
    _scores: Callable[[], Floats]

    def scores(self) -> Floats:
        """Return the score residuals of the rows in their own order, shape (n, p), weighted."""
        return self._scores()


def cox_fit(
    duration: ArrayLike,
    event: ArrayLike,
    covariates: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    count: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    ties: Ties = "efron",
    tail: ArrayLike | None = None,
    fade_at: tuple[Floats, Floats] | None = None,
) -> CoxFit:
    r"""Maximise the partial likelihood of :math:`\lambda(t \mid x) = \lambda_0(t) e^{x'\beta}`.

    With :math:`S` and :math:`D` the sums of :math:`w e^{x'\beta}` over the risk set and over its
    d events, a time adds

    .. math:: \sum_{i\,\text{died}} w_i x_i'\beta
        - \bar w \sum_{l=0}^{d-1} \log\Bigl(S - \frac{l}{d} D\Bigr)

    (Efron), or :math:`d \log S` in the second term (Breslow).

    Parameters
    ----------
    duration, event : arrays, shape (n,)
        End of each row, and whether it was the event.
    covariates : array, shape (n, p)
    entry : array, shape (n,), optional
        Start of each row; a unit whose covariates change has several rows, end to end.
    weight : array, shape (n,), optional
        Weight of each row.
    count : array, shape (n,), optional
        How many equal spells a row stands for.
    strata : array of int, shape (n,), optional
        Codes from 0; each has a baseline hazard of its own.
    ties : {"efron", "breslow"}
    tail, fade_at
        See :func:`~toolkit.models.hazards.fine_gray_fit`.

    Raises
    ------
    NoMaximumError
        If the likelihood has no maximum.

    References
    ----------
    Cox (1972), Journal of the Royal Statistical Society B 34, 187-220; Efron (1977), Journal of
    the American Statistical Association 72, 557-565; score residuals: Therneau and Grambsch (2000),
    Modeling Survival Data, ch. 3 and 4.

    Examples
    --------
    >>> fit = cox_fit([1, 2, 3, 4], [1, 1, 0, 1], [[0.0], [1.0], [0.0], [1.0]])
    >>> round(float(fit.coefficients[0]), 4)
    -0.3466
    """
    x = np.atleast_2d(np.asarray(covariates, dtype=float))
    mass = None if weight is None else np.asarray(weight, dtype=float)
    copies = None if count is None else np.asarray(count, dtype=float)
    per_row = _product(mass, copies)
    center = x.mean(axis=0) if per_row is None else np.average(x, axis=0, weights=per_row)
    spread = x.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    standard = x - center
    standard /= scale
    layout = arrange(
        np.asarray(duration, dtype=float),
        np.asarray(event, dtype=bool),
        standard,
        entry=None if entry is None else np.asarray(entry, dtype=float),
        weight=mass,
        count=copies,
        strata=None if strata is None else np.asarray(strata, dtype=np.intp),
        tail=None if tail is None else np.asarray(tail, dtype=float),
        fade_at=fade_at,
    )
    likelihood = _PartialLikelihood(layout, ties)
    found = maximize(likelihood, np.zeros(x.shape[1]))
    parts = likelihood.parts(found.at)
    covariance = np.linalg.inv(found.information) if x.shape[1] else np.empty((0, 0))
    return CoxFit(
        coefficients=found.at / scale,
        covariance=covariance / np.outer(scale, scale),
        log_likelihood=found.log_likelihood,
        null_log_likelihood=found.start_log_likelihood,
        time=layout.time,
        stratum=layout.stratum.astype(float),
        hazard=parts.hazard,
        hazard_variance=parts.hazard_variance,
        drift=parts.drift * scale,
        residuals=parts.residuals * scale,
        spread=parts.spread * np.outer(scale, scale),
        center=center,
        steps=found.steps,
        _scores=lambda: parts.scores() * scale,
    )


def _product(first: Floats | None, second: Floats | None) -> Floats | None:
    if first is None or second is None:
        return second if first is None else first
    return first * second


@dataclass(frozen=True, kw_only=True, eq=False)
class _Parts:
    hazard: Floats
    hazard_variance: Floats
    drift: Floats
    residuals: Floats
    spread: Floats
    scores: Callable[[], Floats]


class _PartialLikelihood:
    """The partial log-likelihood of one layout; remembers its last point for what follows."""

    def __init__(self, layout: Layout, ties: Ties) -> None:
        self._layout = layout
        self._summer = Summer(layout)
        self._starts = np.concatenate([[0], np.cumsum(layout.deaths)[:-1]]).astype(np.intp)
        self._which = np.repeat(np.arange(len(layout.deaths)), layout.deaths)
        turn = np.arange(len(self._which)) - self._starts[self._which]
        self._fraction = turn / layout.deaths[self._which] if ties == "efron" else 0.0 * turn
        died = layout.place >= 0
        self._died = died
        self._death_mass = layout.weight[died]
        self._death_sum = _by_time(layout, died, self._death_mass)

    def __call__(self, point: Floats) -> tuple[float, Floats, Floats]:
        layout, self._point = self._layout, point
        linear = layout.covariates @ point
        shift = float(linear.max()) if len(linear) else 0.0
        self._shift = shift
        self._risk = np.exp(linear - shift)
        sums = self._sums = self._summer(self._risk * layout.weight)
        left = sums.all_0[self._which] - self._fraction * sums.own_0[self._which]
        inverse = 1 / np.maximum(left, 1e-300)
        self._inverse = inverse
        a0, a1 = self._total(inverse), self._total(self._fraction * inverse)
        squared = inverse**2
        b0 = self._total(squared)
        b1 = self._total(self._fraction * squared)
        b2 = self._total(self._fraction**2 * squared)
        self._mean = a0[:, None] * sums.all_1 - a1[:, None] * sums.own_1
        value = float(self._death_mass @ (linear[self._died] - shift))
        value -= float(layout.death_weight @ self._total(np.log(np.maximum(left, 1e-300))))
        gradient = (self._death_sum - layout.death_weight[:, None] * self._mean).sum(axis=0)
        self._spread = layout.death_weight[:, None, None] * _spread(sums, a0, a1, b0, b1, b2)
        return value, gradient, self._spread.sum(axis=0)

    def parts(self, point: Floats) -> _Parts:
        """Return baseline hazard, residuals and scores at a point."""
        if not np.array_equal(point, self._point):
            self(point)
        layout, sums = self._layout, self._sums
        size = layout.death_weight
        a0, a1 = self._total(self._inverse), self._total(self._fraction * self._inverse)
        squared = self._inverse**2
        b0 = self._total(squared)
        b1 = self._total(self._fraction * squared)
        b2 = self._total(self._fraction**2 * squared)
        hazard = size * a0
        drift = size[:, None] * (b0[:, None] * sums.all_1 - b1[:, None] * sums.own_1)
        # An event counts with what is left of it in each turn of its tie.
        own_hazard = size * (a0 - a1)
        own_drift = size[:, None] * (
            (b0 - b1)[:, None] * sums.all_1 - (b1 - b2)[:, None] * sums.own_1
        )
        back = np.exp(-self._shift)
        return _Parts(
            hazard=hazard * back,
            hazard_variance=size * b0 * back**2,
            drift=drift * back,
            residuals=self._death_sum - size[:, None] * self._mean,
            spread=self._spread,
            scores=lambda: self._scores(hazard, drift, hazard - own_hazard, drift - own_drift),
        )

    def _scores(
        self, hazard: Floats, drift: Floats, spared_hazard: Floats, spared_drift: Floats
    ) -> Floats:
        layout = self._layout
        steps = np.concatenate([hazard[:, None], drift], axis=1)
        passed = _before(steps)
        gone_through = passed[layout.stop] - passed[np.minimum(layout.first, layout.stop)]
        if layout.tail is not None and layout.fade is not None:
            fading = _before(layout.fade[:, None] * steps)
            gone_through += layout.tail[:, None] * (fading[layout.end] - fading[layout.stop])
        own = layout.place[self._died]
        gone_through[self._died] -= np.concatenate([spared_hazard[:, None], spared_drift], axis=1)[
            own
        ]
        scores = -(self._risk[:, None] * (layout.covariates * gone_through[:, :1]))
        scores += self._risk[:, None] * gone_through[:, 1:]
        turns = np.maximum(layout.deaths, 1)[:, None]
        scores[self._died] += layout.covariates[self._died] - (self._mean / turns)[own]
        result = np.empty_like(scores)
        result[layout.order] = scores * layout.weight[:, None]
        return result

    def _total(self, values: Floats) -> Floats:
        if not len(values):
            return np.zeros(0)
        return np.asarray(np.add.reduceat(values, self._starts))


def _by_time(layout: Layout, died: Any, mass: Floats) -> Floats:
    size, x = len(layout.time), layout.covariates[died]
    place = layout.place[died]
    sums = np.zeros((size, x.shape[1]))
    for column in range(x.shape[1]):
        sums[:, column] = np.bincount(place, weights=mass * x[:, column], minlength=size)
    return sums


def _spread(sums: Sums, a0: Floats, a1: Floats, b0: Floats, b1: Floats, b2: Floats) -> Floats:
    every, own = sums.all_1, sums.own_1
    cross = every[:, :, None] * own[:, None, :]
    second = a0[:, None, None] * sums.all_2 - a1[:, None, None] * sums.own_2
    return np.asarray(
        second
        - b0[:, None, None] * (every[:, :, None] * every[:, None, :])
        + b1[:, None, None] * (cross + cross.transpose(0, 2, 1))
        - b2[:, None, None] * (own[:, :, None] * own[:, None, :])
    )


def _before(steps: Floats) -> Floats:
    return np.concatenate([np.zeros((1, steps.shape[1])), np.cumsum(steps, axis=0)])
