"""Accelerated failure times: Weibull, log-normal, log-logistic, with entry and intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_ndtr

from toolkit.models.hazards.newton import Floats, maximize

__all__ = ["AftFit", "Form", "aft_fit", "aft_survival", "form_names"]

Integers = NDArray[np.intp]

Form = Literal["weibull", "log_normal", "log_logistic"]
form_names: tuple[str, ...] = get_args(Form)


@dataclass(frozen=True, kw_only=True, eq=False)
class AftFit:
    """Coefficients of the log of time, then the log of the scale.

    Parameters
    ----------
    coefficients : array, shape (p,)
    log_scale : float
    covariance : array, shape (p + 1, p + 1)
    log_likelihood : float
        Of the times themselves, so that forms can be compared.
    steps : int
    """

    coefficients: Floats
    log_scale: float
    covariance: Floats
    log_likelihood: float
    steps: int
    _scores: Callable[[], Floats]

    def scores(self) -> Floats:
        """Return the gradient of each row's log-likelihood, shape (n, p + 1), weighted."""
        return self._scores()


def aft_fit(
    lower: ArrayLike,
    upper: ArrayLike,
    covariates: ArrayLike,
    *,
    form: Form,
    entry: ArrayLike | None = None,
    weight: ArrayLike | None = None,
) -> AftFit:
    r"""Maximise the likelihood of :math:`\log T = x'\beta + \sigma\varepsilon`.

    Parameters
    ----------
    lower, upper : arrays, shape (n,)
        Bounds of each time: equal where it is known exactly, `upper` infinite where it was
        censored, `lower` 0 where it is only known to lie before `upper`.
    covariates : array, shape (n, p)
        With a column of ones.
    form : {"weibull", "log_normal", "log_logistic"}
        Distribution of the error: least extreme value, normal, logistic.
    entry : array, shape (n,), optional
        Time at which each unit came under observation; 0 from the start.
    weight : array, shape (n,), optional

    Raises
    ------
    NoMaximumError
        If the likelihood has no maximum.

    References
    ----------
    Kalbfleisch and Prentice (2002), The Statistical Analysis of Failure Time Data, ch. 3.
    """
    low, high = np.asarray(lower, dtype=float), np.asarray(upper, dtype=float)
    x = np.atleast_2d(np.asarray(covariates, dtype=float))
    mass = np.ones(len(low)) if weight is None else np.asarray(weight, dtype=float)
    scale = np.sqrt(np.mean(x**2, axis=0))
    scale = np.where(scale > 0, scale, 1.0)
    likelihood = _Likelihood(low, high, x / scale, entry, mass, form)
    middle = np.log(np.where(np.isfinite(high), (low + high) / 2, np.maximum(low, 1e-8)))
    begin = np.linalg.lstsq(x / scale, middle, rcond=None)[0]
    spread = max(float(np.std(middle - x / scale @ begin)), 1e-3)
    found = maximize(likelihood, np.append(begin, np.log(spread)), watched=0)
    covariance = np.linalg.inv(found.information)
    stretch = np.append(1 / scale, 1.0)
    return AftFit(
        coefficients=found.at[:-1] / scale,
        log_scale=float(found.at[-1]),
        covariance=np.asarray(covariance * np.outer(stretch, stretch), dtype=float),
        log_likelihood=found.log_likelihood,
        steps=found.steps,
        _scores=lambda: likelihood.scores(found.at) / stretch,
    )


def aft_survival(
    months: float, linear: Floats, log_scale: float, *, form: Form
) -> tuple[Floats, Floats, Floats]:
    """Return the share not yet at the event by a time, for linear predictors of log time.

    Returns
    -------
    survival, by_linear, by_log_scale : arrays, shape (n,)
        The share, and its derivatives by the linear predictor and by the log of the scale.
    """
    rate = np.exp(-log_scale)
    z = (np.log(months) - linear) * rate
    level, slope, _ = _log_survival(z, form)
    survival = np.exp(level)
    return survival, -rate * survival * slope, -z * survival * slope


def _log_survival(z: Floats, form: Form) -> tuple[Floats, Floats, Floats]:
    """Return the log survival of the error with its first and second derivative."""
    if form == "weibull":
        power = np.exp(z)
        return -power, -power, -power
    if form == "log_logistic":
        share = 1 / (1 + np.exp(-z))
        return -np.logaddexp(0, z), -share, -share * (1 - share)
    log_tail = log_ndtr(-z)
    hazard = np.exp(-z * z / 2 - 0.5 * np.log(2 * np.pi) - log_tail)
    return log_tail, -hazard, -hazard * (hazard - z)


def _log_density(z: Floats, form: Form) -> tuple[Floats, Floats, Floats]:
    """Return the log density of the error with its first and second derivative."""
    if form == "weibull":
        power = np.exp(z)
        return z - power, 1 - power, -power
    if form == "log_logistic":
        share = 1 / (1 + np.exp(-z))
        return z - 2 * np.logaddexp(0, z), 1 - 2 * share, -2 * share * (1 - share)
    return -z * z / 2 - 0.5 * np.log(2 * np.pi), -z, -np.ones_like(z)


class _Likelihood:
    """Sum of the log-likelihoods of exact, censored, interval and truncated times."""

    def __init__(
        self,
        low: Floats,
        high: Floats,
        x: Floats,
        entry: ArrayLike | None,
        mass: Floats,
        form: Form,
    ) -> None:
        self._x, self._mass, self._form = x, mass, form
        self._low, self._high = np.log(np.maximum(low, 1e-300)), np.log(np.maximum(high, 1e-300))
        exact = low == high
        self._exact = np.flatnonzero(exact)
        self._beyond = np.flatnonzero((high == np.inf) & (low > 0))
        self._before = np.flatnonzero((low <= 0) & np.isfinite(high))
        self._between = np.flatnonzero(~exact & np.isfinite(high) & (low > 0))
        start = np.zeros(len(low)) if entry is None else np.asarray(entry, dtype=float)
        self._late = np.flatnonzero(start > 0)
        self._start = np.log(np.maximum(start, 1e-300))

    def __call__(self, point: Floats) -> tuple[float, Floats, Floats]:
        self._linear, self._rate = self._x @ point[:-1], np.exp(-point[-1])
        p = len(point) - 1
        value, gradient, information = 0.0, np.zeros(p + 1), np.zeros((p + 1, p + 1))
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            for rows, sign, terms in self._terms():
                mass = sign * self._mass[rows]
                level, slope, curve = terms.level, terms.slope, terms.curve
                value += float(mass @ level)
                x = self._x[rows]
                gradient[:p] += (mass * slope[0]) @ x
                gradient[p] += mass @ slope[1]
                information[:p, :p] -= x.T @ (x * (mass * curve[0])[:, None])
                cross = (mass * curve[1]) @ x
                information[:p, p] -= cross
                information[p, :p] -= cross
                information[p, p] -= mass @ curve[2]
        return value, gradient, information

    def scores(self, point: Floats) -> Floats:
        """Return the gradient row by row."""
        self._linear, self._rate = self._x @ point[:-1], np.exp(-point[-1])
        scores = np.zeros((len(self._x), len(point)))
        for rows, sign, terms in self._terms():
            mass = sign * self._mass[rows]
            scores[rows, :-1] += (mass * terms.slope[0])[:, None] * self._x[rows]
            scores[rows, -1] += mass * terms.slope[1]
        return scores

    def _terms(self) -> list[tuple[Integers, float, _Terms]]:
        form = self._form
        found: list[tuple[Integers, float, _Terms]] = []
        if len(rows := self._exact):
            z = self._z(self._low, rows)
            level, first, second = _log_density(z, form)
            terms = self._chain(z, level - self._low[rows] + np.log(self._rate), first, second)
            terms.slope[1][:] -= 1
            found.append((rows, 1.0, terms))
        for rows, log_time, sign in (
            (self._beyond, self._low, 1.0),
            (self._late, self._start, -1.0),
        ):
            if len(rows):
                z = self._z(log_time, rows)
                found.append((rows, sign, self._chain(z, *_log_survival(z, form))))
        if len(rows := self._before):
            z = self._z(self._high, rows)
            nothing = np.full(len(rows), -np.inf)
            found.append((rows, 1.0, self._span(nothing, z)))
        if len(rows := self._between):
            low, high = self._z(self._low, rows), self._z(self._high, rows)
            found.append((rows, 1.0, self._span(low, high)))
        return found

    def _z(self, log_time: Floats, rows: Integers) -> Floats:
        return np.asarray((log_time[rows] - self._linear[rows]) * self._rate)

    def _chain(self, z: Floats, level: Floats, first: Floats, second: Floats) -> _Terms:
        rate = self._rate
        return _Terms(
            level=level,
            slope=[-rate * first, -z * first],
            curve=[
                rate**2 * second,
                rate * (z * second + first),
                z * z * second + z * first,
            ],
        )

    def _span(self, low: Floats, high: Floats) -> _Terms:
        """Return the terms of the log of the probability between two bounds."""
        form, rate = self._form, self._rate
        log_low, log_high = np.zeros_like(low), _log_survival(high, form)[0]
        bounded = np.isfinite(low)
        log_low[bounded] = _log_survival(low[bounded], form)[0]
        level = log_low + np.log(-np.expm1(log_high - log_low))
        parts = []
        for z, sign in ((low, -1.0), (high, 1.0)):
            known = np.where(np.isfinite(z), z, 0.0)
            log_density, slope, _ = _log_density(known, form)
            share = np.where(np.isfinite(z), sign * np.exp(log_density - level), 0.0)
            parts.append((known, share, share * slope))
        (za, fa, ga), (zb, fb, gb) = parts
        ratio_linear = -rate * (fa + fb)
        ratio_scale = -(za * fa + zb * fb)
        return _Terms(
            level=level,
            slope=[ratio_linear, ratio_scale],
            curve=[
                rate**2 * (ga + gb) - ratio_linear**2,
                rate * (za * ga + fa + zb * gb + fb) - ratio_linear * ratio_scale,
                za**2 * ga + za * fa + zb**2 * gb + zb * fb - ratio_scale**2,
            ],
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Terms:
    level: Floats
    slope: list[Floats]
    curve: list[Floats]
