"""Intervals of a ratio of sums in closed form: Taylor's, Fieller's, the jackknife's."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from toolkit.models.ratios.paths import Floats, RatioPath, divide, ratio_path, shaped

__all__ = [
    "RatioInterval",
    "fieller_interval",
    "jackknife_interval",
    "linearized_interval",
    "linearized_of",
    "no_interval",
    "t_quantile",
]

Shape = Literal["bounded", "outside", "line", "none"]


class RatioInterval(NamedTuple):
    """A ratio with its standard error and interval.

    ``shape`` tells what the set is: ``"bounded"`` is [low, high]; ``"outside"`` is everything
    that is not strictly between ``gap_low`` and ``gap_high``, hence unbounded both ways;
    ``"line"`` is every number; ``"none"`` means that the clusters give no interval.
    """

    estimate: float
    std_error: float
    low: float
    high: float
    shape: Shape = "bounded"
    gap_low: float = float("nan")
    gap_high: float = float("nan")


def linearized_interval(
    lead: ArrayLike, follow: ArrayLike, at_risk: ArrayLike | None = None, *, conf_level: float
) -> RatioInterval:
    """Give the Taylor interval, ``R ± t(G-1) se``, with G clusters.

    For plain sums ``se² = G/(G-1) sum_g (y_g - R x_g)² / X²``.

    Examples
    --------
    >>> interval = linearized_interval([1.0, 2.0, 1.0], [4.0, 10.0, 6.0], conf_level=0.95)
    >>> round(interval.low, 4), round(interval.high, 4)
    (3.1369, 6.8631)
    """
    return linearized_of(ratio_path(lead, follow, at_risk), conf_level=conf_level)


def linearized_of(path: RatioPath, *, conf_level: float) -> RatioInterval:
    """Give the Taylor interval of a path that is known already."""
    estimate, std_error = float(path.estimate[-1]), float(path.std_error[-1])
    return _symmetric(estimate, std_error, len(path.follow_influence), conf_level)


def fieller_interval(
    lead: ArrayLike, follow: ArrayLike, at_risk: ArrayLike | None = None, *, conf_level: float
) -> RatioInterval:
    """Give Fieller's set: every ratio ``r`` that a t test of ``Y - r X = 0`` does not reject.

    The set is bounded only where X differs from zero significantly; otherwise it is the outside
    of an interval, or the whole line, and ``shape`` says so.

    Examples
    --------
    >>> fieller_interval([1.0, 2.0, 1.0], [4.0, 10.0, 6.0], conf_level=0.95).shape
    'line'
    """
    path = ratio_path(lead, follow, at_risk)
    clusters = len(path.follow_influence)
    estimate, std_error = float(path.estimate[-1]), float(path.std_error[-1])
    if not np.isfinite(std_error):
        return no_interval(estimate)
    upper, lower = path.follow_influence[:, -1], path.lead_influence[:, -1]
    factor = t_quantile(conf_level, clusters - 1) ** 2 * clusters / (clusters - 1)
    square = path.lead[-1] ** 2 - factor * float(lower @ lower)
    middle = path.follow[-1] * path.lead[-1] - factor * float(upper @ lower)
    rest = path.follow[-1] ** 2 - factor * float(upper @ upper)
    discriminant = middle**2 - square * rest
    if square > 0:
        root = float(np.sqrt(max(discriminant, 0.0)))
        low, high = (middle - root) / square, (middle + root) / square
        return RatioInterval(estimate, std_error, float(low), float(high))
    if discriminant > 0 and square < 0:
        root = float(np.sqrt(discriminant))
        gap = sorted(((middle - root) / square, (middle + root) / square))
        return RatioInterval(
            estimate, std_error, -np.inf, np.inf, "outside", float(gap[0]), float(gap[1])
        )
    return RatioInterval(estimate, std_error, -np.inf, np.inf, "line")


def jackknife_interval(
    lead: ArrayLike, follow: ArrayLike, at_risk: ArrayLike | None = None, *, conf_level: float
) -> RatioInterval:
    """Give the interval of the delete-one-cluster jackknife, ``R ± t(G-1) se``.

    ``se² = (G-1)/G sum_g (R_(g) - mean R_(.))²``, where R_(g) is the ratio without cluster g.

    Examples
    --------
    >>> interval = jackknife_interval([1.0, 2.0, 1.0], [4.0, 10.0, 6.0], conf_level=0.95)
    >>> round(interval.std_error, 6)
    0.3849
    """
    arrays = shaped(lead, follow, at_risk)
    clusters = len(arrays[0])
    estimate = float(ratio_path(*arrays).estimate[-1])
    if clusters < 2:
        return no_interval(estimate)
    without = [array.sum(axis=0) - array for array in arrays]
    ratios = _ratio(*without)
    spread = float(np.square(ratios - ratios.mean()).sum())
    return _symmetric(
        estimate, float(np.sqrt((clusters - 1) / clusters * spread)), clusters, conf_level
    )


def t_quantile(conf_level: float, degrees: float) -> float:
    """Return the two-sided quantile of Student's t.

    Examples
    --------
    >>> round(t_quantile(0.95, 30), 4)
    2.0423
    """
    return float(special.stdtrit(degrees, 0.5 + conf_level / 2))


def _ratio(lead: Floats, follow: Floats, at_risk: Floats) -> Floats:
    """Return the ratio at the last month for each row of sums, shape (rows,)."""
    return divide(divide(follow, at_risk).sum(axis=1), divide(lead, at_risk).sum(axis=1))


def _symmetric(
    estimate: float, std_error: float, clusters: int, conf_level: float
) -> RatioInterval:
    if not np.isfinite(std_error):
        return no_interval(estimate)
    reach = t_quantile(conf_level, clusters - 1) * std_error
    return RatioInterval(estimate, std_error, estimate - reach, estimate + reach)


def no_interval(estimate: float) -> RatioInterval:
    """Return the estimate alone, where the clusters give no interval."""
    return RatioInterval(estimate, np.nan, np.nan, np.nan, "none")
