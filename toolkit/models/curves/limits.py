"""Intervals and bands for probabilities, tests of a claimed one, quantiles of a curve."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from toolkit.models.curves.risk import Floats

__all__ = ["Interval", "band_critical_value", "interval_names", "limits", "quantile", "z_score"]

Interval = Literal["log-log", "log", "plain", "logit", "arcsine", "wilson"]
interval_names: tuple[str, ...] = get_args(Interval)


def limits(
    survival: ArrayLike,
    std_error: ArrayLike,
    *,
    interval: Interval,
    critical: float,
    at_risk: ArrayLike | None = None,
) -> tuple[Floats, Floats]:
    r"""Return lower and upper limits of a survival probability.

    On a scale :math:`g` the limits are
    :math:`g^{-1}\{g(\hat S) \pm z\, g'(\hat S)\, \widehat{se}\}`, with :math:`g` the log of minus
    the log, the log, the identity, the logit or the arcsine of the root. ``"wilson"`` solves the
    score equation with the effective number :math:`n' = \hat S (1 - \hat S) / \widehat{se}^2`.

    Parameters
    ----------
    survival, std_error : arrays, shape (k,)
        Probability of not yet having reached the event, and its standard error.
    interval : str
        One of :data:`interval_names`.
    critical : float
        Normal quantile, 1.96 for pointwise limits at 95%.
    at_risk : array, shape (k,), optional
        The effective number for ``"wilson"`` where the curve is still 0 or 1.

    References
    ----------
    Kalbfleisch and Prentice (1980); Borgan and Liestøl (1990), Scandinavian Journal of Statistics
    17, 35-41; Rothman (1978), Journal of Chronic Diseases 31, 557-560.

    Examples
    --------
    >>> low, high = limits([0.5], [0.1], interval="log-log", critical=1.96)
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.2952], [0.6745])
    """
    p = np.atleast_1d(np.asarray(survival, dtype=float))
    se = np.atleast_1d(np.asarray(std_error, dtype=float))
    if interval == "wilson":
        return _wilson(p, se, critical, at_risk)
    inside = (p > 0) & (p < 1) & np.isfinite(se)
    low, high = np.full_like(p, np.nan), np.full_like(p, np.nan)
    x, half = p[inside], critical * se[inside]
    if interval == "log-log":
        shift = np.exp(half / (x * np.abs(np.log(x))))
        low[inside], high[inside] = x**shift, x ** (1 / shift)
    elif interval == "log":
        low[inside], high[inside] = x * np.exp(-half / x), np.minimum(x * np.exp(half / x), 1)
    elif interval == "plain":
        low[inside], high[inside] = np.maximum(x - half, 0), np.minimum(x + half, 1)
    elif interval == "logit":
        odds, shift = x / (1 - x), np.exp(half / (x * (1 - x)))
        low[inside], high[inside] = odds / (shift + odds), odds * shift / (1 + odds * shift)
    else:
        angle, shift = np.arcsin(np.sqrt(x)), half / (2 * np.sqrt(x * (1 - x)))
        low[inside] = np.sin(np.maximum(angle - shift, 0)) ** 2
        high[inside] = np.sin(np.minimum(angle + shift, np.pi / 2)) ** 2
    nothing_yet = p == 1
    low[nothing_yet] = high[nothing_yet] = 1.0
    return low, high


def z_score(
    survival: float, std_error: float, claimed: float, *, interval: Interval
) -> tuple[float, float]:
    """Test a claimed probability on the scale of the interval; return z and two-sided p.

    The claim is rejected at level a exactly where it lies outside the interval at level 1 - a.
    """
    if not 0 < survival < 1 or not std_error > 0:
        return float("nan"), float("nan")
    if interval == "wilson":
        effective = survival * (1 - survival) / std_error**2
        z = (survival - claimed) / np.sqrt(claimed * (1 - claimed) / effective)
    else:
        change, slope = _scale(survival, claimed, interval)
        z = change / (slope * std_error)
    return float(z), float(2 * ndtr(-abs(z)))


def _scale(p: float, claimed: float, interval: Interval) -> tuple[float, float]:
    if interval == "log-log":
        return -np.log(np.log(p) / np.log(claimed)), -1 / (p * np.log(p))
    if interval == "log":
        return np.log(p / claimed), 1 / p
    if interval == "plain":
        return p - claimed, 1.0
    if interval == "logit":
        return np.log(p / (1 - p) * (1 - claimed) / claimed), 1 / (p * (1 - p))
    angle = np.arcsin(np.sqrt(p)) - np.arcsin(np.sqrt(claimed))
    return angle, 1 / (2 * np.sqrt(p * (1 - p)))


def _wilson(
    p: Floats, se: Floats, critical: float, at_risk: ArrayLike | None
) -> tuple[Floats, Floats]:
    spare = np.full_like(p, np.nan) if at_risk is None else np.asarray(at_risk, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        number = np.where((p > 0) & (p < 1), p * (1 - p) / se**2, spare)
        square = critical**2 / number
        middle = (p + square / 2) / (1 + square)
        half = critical * np.sqrt(p * (1 - p) / number + square / (4 * number)) / (1 + square)
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def band_critical_value(first: float, last: float, *, level: float) -> float:
    r"""Return the critical value of an equal-precision band.

    Solves :math:`4 \varphi(x)/x + \varphi(x) (x - 1/x) \log\frac{b(1-a)}{a(1-b)} = 1 -` level.

    Parameters
    ----------
    first, last : float
        :math:`a = n\sigma^2 / (1 + n\sigma^2)` at the first and the last time of the band, where
        :math:`\sigma^2` is the variance of the log of the curve.

    References
    ----------
    Nair (1984), Technometrics 26, 265-275; Miller and Siegmund (1982), Biometrics 38, 1011-1016.

    Examples
    --------
    >>> round(band_critical_value(0.1, 0.9, level=0.95), 2)
    3.05
    """
    from scipy.optimize import brentq

    span = float(np.log(last * (1 - first) / (first * (1 - last))))

    def excess(x: float) -> float:
        density = np.exp(-x * x / 2) / np.sqrt(2 * np.pi)
        return float(4 * density / x + density * (x - 1 / x) * span - (1 - level))

    return max(float(brentq(excess, 1.0, 12.0)), float(ndtri((1 + level) / 2)))


def quantile(time: ArrayLike, curve: ArrayLike, share: float) -> float:
    """Return the first time at which a falling curve is at or below `share`.

    Where the curve rests exactly at `share`, the middle of that rest is returned, as in R.

    Examples
    --------
    >>> quantile([1, 2, 3, 4], [0.75, 0.5, 0.25, 0.25], 0.5)
    2.5
    >>> quantile([1, 2], [0.9, 0.8], 0.5)
    nan
    """
    times, values = np.asarray(time, dtype=float), np.asarray(curve, dtype=float)
    known = ~np.isnan(values)
    times, values = times[known], values[known]
    tolerance = 1e-9
    reached = np.flatnonzero(values <= share + tolerance)
    if not len(reached):
        return float("nan")
    below = np.flatnonzero(values < share - tolerance)
    if abs(values[reached[0]] - share) <= tolerance and len(below):
        return float((times[reached[0]] + times[below[0]]) / 2)
    return float(times[reached[0]])
