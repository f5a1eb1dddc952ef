"""Arrays: whether the residuals of different units move together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from toolkit.errors import ModelError

__all__ = ["CrossSectionDependence", "pesaran_cd"]

OVERLAP = 3


@dataclass(frozen=True, kw_only=True)
class CrossSectionDependence:
    """Pesaran's statistic, its p-value, and the mean correlation between pairs of units."""

    statistic: float
    p_value: float
    mean_correlation: float
    mean_absolute_correlation: float
    pairs: int


def pesaran_cd(residuals: NDArray[np.float64]) -> CrossSectionDependence:
    """Test whether residuals are correlated across units.

    ``CD = sqrt(2 / (N (N - 1))) * sum over pairs of sqrt(T_ij) r_ij``, standard normal when they
    are not. A pair counts with the periods that both have; pairs with fewer than three are left
    out, and N (N - 1) / 2 is then the number of pairs.

    Parameters
    ----------
    residuals : array of shape (N, T)
        One row per unit, NaN where missing.

    Raises
    ------
    ModelError
        If no pair of units has three periods in common.

    References
    ----------
    Pesaran (2004), "General diagnostic tests for cross section dependence in panels", CESifo
    working paper 1229; Pesaran (2015), Econometric Reviews 34, 1089-1117.

    Examples
    --------
    >>> pesaran_cd(np.array([[1.0, -1.0, 0.5, -0.5], [1.0, -1.0, 0.5, -0.5]])).statistic
    2.0
    """
    there = np.isfinite(residuals)
    filled = np.where(there, residuals, 0.0)
    counts = there.astype(float) @ there.T
    with np.errstate(divide="ignore", invalid="ignore"):
        sums = filled @ there.T
        squares = (filled**2) @ there.T
        cross = filled @ filled.T - sums * sums.T / counts
        spread = squares - sums**2 / counts
        correlations = cross / np.sqrt(spread * spread.T)
    upper = np.triu_indices(len(residuals), k=1)
    usable = (counts[upper] >= OVERLAP) & np.isfinite(correlations[upper])
    if not usable.any():
        raise ModelError(
            "Pesaran's test needs two units with three periods in common; there are none."
        )
    r, periods = correlations[upper][usable], counts[upper][usable]
    statistic = float(np.sqrt(1 / len(r)) * (np.sqrt(periods) * r).sum())
    return CrossSectionDependence(
        statistic=statistic,
        p_value=float(2 * ndtr(-abs(statistic))),
        mean_correlation=float(r.mean()),
        mean_absolute_correlation=float(np.abs(r).mean()),
        pairs=len(r),
    )
