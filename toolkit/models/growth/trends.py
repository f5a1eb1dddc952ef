"""Arrays: growth rates of two series from trends fitted together, and their ratio."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from toolkit.errors import ModelError
from toolkit.models.growth.calibration import trend_t_draws
from toolkit.models.panels import (
    clustered,
    codes_of,
    driscoll_kraay,
    newey_west,
    usual_lags,
)
from toolkit.models.ratios import RatioInterval, t_quantile

__all__ = [
    "Interval",
    "Rates",
    "joint_trend",
    "pooled_trend",
    "ratio_interval",
    "trend_rates",
]

Floats = NDArray[np.float64]
Interval = Literal["fieller", "delta"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Rates:
    """Two compound yearly rates with their joint covariance.

    Parameters
    ----------
    rates : array of shape (2,)
        ``exp(slope) - 1`` of the sector and of what it is held against.
    covariance : array of shape (2, 2)
    freedom : float
        Degrees of freedom of the t intervals.
    draws : array, optional
        Sorted absolute t statistics, where they take the place of Student's t.
    """

    rates: Floats
    covariance: Floats
    freedom: float
    draws: Floats | None = None

    def quantile(self, conf_level: float) -> float:
        """Return how many errors an interval reaches."""
        if self.draws is None:
            return t_quantile(conf_level, self.freedom)
        return float(np.quantile(self.draws, conf_level))

    def p_value(self, statistic: float) -> float:
        """Return the two-sided p-value of a t statistic."""
        if self.draws is None:
            return float(2 * stdtr(self.freedom, -abs(statistic)))
        beyond = len(self.draws) - int(np.searchsorted(self.draws, abs(statistic)))
        return (1 + beyond) / (1 + len(self.draws))

    def linear(self, weights: Floats, conf_level: float) -> tuple[float, ...]:
        """Return estimate, error, statistic, p-value and interval of a combination of both."""
        estimate = float(weights @ self.rates)
        error = float(np.sqrt(weights @ self.covariance @ weights))
        statistic = estimate / error
        reach = self.quantile(conf_level) * error
        return (
            estimate,
            error,
            statistic,
            self.p_value(statistic),
            estimate - reach,
            estimate + reach,
        )


def joint_trend(levels: Floats, *, lags: int | None) -> Rates:
    """Fit log-linear trends to two series of one region with Newey-West errors.

    ``log x[t] = a + g t + u[t]`` by least squares for both series over the years that both have;
    the scores of both slopes are weighted by Bartlett over `lags` years, with factor
    ``n / (n - 2)``; a missing year stays a year. Intervals take the quantiles of
    :func:`~toolkit.models.growth.calibration.trend_t_draws`.

    Parameters
    ----------
    levels : array of shape (2, T)
        Consecutive years, NaN where missing.
    lags : int or None
        None is the rule of thumb.

    Raises
    ------
    ModelError
        With fewer than four years.
    """
    times = _common_years(levels)
    slopes, scores = _slopes(levels[:, times], times - times.mean())
    reach = usual_lags(len(times)) if lags is None else lags
    covariance = newey_west(
        scores, np.eye(2), np.zeros(len(times), dtype=np.intp), times, lags=reach, rank=2
    )
    fitted = _compound(slopes, covariance, float(len(times) - 2))
    return replace(fitted, draws=trend_t_draws(tuple(times.tolist()), reach))


def trend_rates(levels: Floats) -> Floats:
    """Return the two rates of :func:`joint_trend` alone, shape (2,)."""
    times = _common_years(levels)
    return np.asarray(np.expm1(_slopes(levels[:, times], times - times.mean())[0]))


def pooled_trend(
    levels: Floats, *, errors: Literal["cluster", "driscoll_kraay"], lags: int | None
) -> Rates:
    """Fit one log-linear trend for all regions, each with its own level.

    Each region counts alike. Errors are clustered by region (CR1, t with G - 1) or
    Driscoll-Kraay (t with T - 1).

    Parameters
    ----------
    levels : array of shape (2, regions, T)
        NaN where missing.
    errors : {"cluster", "driscoll_kraay"}
    lags : int or None
        Of Driscoll-Kraay; None is the rule of thumb.

    Raises
    ------
    ModelError
        With fewer than two regions.
    """
    there: NDArray[np.bool_] = np.asarray(np.isfinite(levels).all(axis=0))
    there[there.sum(axis=1) < 2] = False
    units, times = np.nonzero(there)
    units = codes_of(units)
    groups = len(np.unique(units))
    if groups < 2:
        raise ModelError(
            f"Pooling needs two regions with two years or more; there are {groups}. "
            "Use method='trend'."
        )
    counts = np.bincount(units)
    centred = times - (np.bincount(units, weights=times) / counts)[units]
    slopes, scores = _slopes(levels[:, there], centred, units)
    if errors == "cluster":
        covariance = clustered(scores, np.eye(2), [units], rank=2, small=True)
        return _compound(slopes, covariance, float(groups - 1))
    periods = len(np.unique(times))
    covariance = driscoll_kraay(
        scores,
        np.eye(2),
        times,
        lags=usual_lags(periods) if lags is None else lags,
        rank=groups + 1,
    )
    return _compound(slopes, covariance, float(periods - 1))


def ratio_interval(
    estimates: Floats, covariance: Floats, *, quantile: float, kind: Interval
) -> RatioInterval:
    """Return the ratio of two estimates with its delta-method error and an interval.

    Fieller's set holds every ratio r for which ``|a - r b| <= q se(a - r b)``. It is bounded only
    where the lower estimate differs from zero at that level; elsewhere it is the outside of an
    interval, or the whole line. The delta interval is ``r ± q se(r)``.

    Parameters
    ----------
    estimates, covariance : arrays of shapes (2,), (2, 2)
    quantile : float
        Of the t or the normal distribution.
    kind : {"fieller", "delta"}

    References
    ----------
    Fieller (1954), Journal of the Royal Statistical Society B 16, 175-185.

    Examples
    --------
    >>> answer = ratio_interval(
    ...     np.array([2.0, 1.0]), np.diag([0.01, 0.01]), quantile=2.0, kind="fieller"
    ... )
    >>> round(answer.low, 4), round(answer.high, 4)
    (1.6194, 2.5473)
    """
    upper, lower = map(float, estimates)
    ratio = upper / lower
    gradient = np.array([1.0, -ratio]) / lower
    error = float(np.sqrt(gradient @ covariance @ gradient))
    if kind == "delta":
        return RatioInterval(ratio, error, ratio - quantile * error, ratio + quantile * error)
    q2 = quantile**2
    square = lower**2 - q2 * covariance[1, 1]
    middle = upper * lower - q2 * covariance[0, 1]
    rest = upper**2 - q2 * covariance[0, 0]
    discriminant = middle**2 - square * rest
    if square <= 0 and discriminant <= 0:
        return RatioInterval(ratio, error, -np.inf, np.inf, "line")
    root = np.sqrt(max(discriminant, 0.0))
    first, second = sorted(((middle - root) / square, (middle + root) / square))
    if square > 0:
        return RatioInterval(ratio, error, float(first), float(second))
    return RatioInterval(ratio, error, -np.inf, np.inf, "outside", float(first), float(second))


def _common_years(levels: Floats) -> NDArray[np.intp]:
    times = np.flatnonzero(np.isfinite(levels).all(axis=0))
    if len(times) < 4:
        raise ModelError(
            f"A trend needs both series in four years or more; there are {len(times)}. "
            "Use method='endpoints', or a longer window."
        )
    return times


def _slopes(
    levels: Floats, centred: Floats, units: NDArray[np.intp] | None = None
) -> tuple[Floats, Floats]:
    """Return both slopes, shape (2,), and their influence by row, shape (n, 2)."""
    groups = np.zeros(levels.shape[1], dtype=np.intp) if units is None else units
    logs = np.log(levels).T
    counts = np.bincount(groups)
    means = np.column_stack([np.bincount(groups, weights=column) / counts for column in logs.T])
    deviations = logs - means[groups]
    spread = centred @ centred
    slopes = centred @ deviations / spread
    residuals = deviations - centred[:, None] * slopes
    return slopes, residuals * centred[:, None] / spread


def _compound(slopes: Floats, covariance: Floats, freedom: float) -> Rates:
    stretch = np.exp(slopes)
    return Rates(
        rates=stretch - 1, covariance=covariance * np.outer(stretch, stretch), freedom=freedom
    )
