"""Arrays: how well a score tells two kinds of firms apart.

Everything here takes and returns NumPy arrays and knows no column name.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit, ndtri

__all__ = ["Area", "area_under_curve"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Area:
    """Area under the ROC curve, its standard error, and the interval on the logit scale."""

    estimate: float
    std_error: float
    low: float
    high: float


def area_under_curve(score: ArrayLike, positive: ArrayLike, *, conf_level: float) -> Area:
    r"""Give the probability that a positive scores above a negative, ties counted as half.

    DeLong's variance is :math:`S_{10}/m + S_{01}/n`, the variances of the placements of positives
    among negatives and the other way round, here from ranks. The interval is symmetric on the
    logit scale, so that it stays between 0 and 1; at an area of 0 or 1 there is none.

    Parameters
    ----------
    score : array, shape (k,)
    positive : array of bool, shape (k,)
        Both kinds are there.

    References
    ----------
    DeLong, E. R., DeLong, D. M. and Clarke-Pearson, D. L. (1988). Comparing the areas under two
        or more correlated receiver operating characteristic curves. Biometrics 44, 837-845.
    Sun, X. and Xu, W. (2014). Fast implementation of DeLong's algorithm. IEEE Signal Processing
        Letters 21, 1389-1393.

    Examples
    --------
    >>> area = area_under_curve([1, 2, 3, 4], [False, True, False, True], conf_level=0.95)
    >>> area.estimate, area.std_error
    (0.75, 0.3535533905932738)
    """
    values, kind = np.asarray(score, dtype=float), np.asarray(positive, dtype=bool)
    yes, no = int(kind.sum()), int((~kind).sum())
    ranks = _midranks(values)
    above = (ranks[kind] - _midranks(values[kind])) / no
    below = 1 - (ranks[~kind] - _midranks(values[~kind])) / yes
    estimate = float(above.mean())
    if yes < 2 or no < 2:
        return Area(estimate=estimate, std_error=np.nan, low=np.nan, high=np.nan)
    error = float(np.sqrt(above.var(ddof=1) / yes + below.var(ddof=1) / no))
    if not 0 < estimate < 1:
        return Area(estimate=estimate, std_error=error, low=np.nan, high=np.nan)
    half = float(ndtri((1 + conf_level) / 2)) * error / (estimate * (1 - estimate))
    low, high = (float(expit(logit(estimate) + side)) for side in (-half, half))
    return Area(estimate=estimate, std_error=error, low=low, high=high)


def _midranks(values: Floats) -> Floats:
    """Rank from 1; equal values have the mean of their places. SciPy's take a second to import."""
    if np.isnan(values).any():
        return np.full(values.shape, np.nan)
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Floats = (np.cumsum(count) - (count - 1) / 2)[place]
    return ranks
