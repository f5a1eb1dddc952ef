"""Default rates in a given state of the economy, and the states with their weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

__all__ = ["Floats", "conditional_rate", "factor_nodes"]

Floats = NDArray[np.float64]

REACH = 10.0
"""Standard deviations of the common factor that are summed over; beyond lies 2e-23."""


def conditional_rate(rate: ArrayLike, factor: ArrayLike, *, correlation: float) -> Floats:
    r"""Give the default rate in a state of the common factor; low states are bad.

    .. math:: p(z) = \Phi\{(\Phi^{-1}(p) - \sqrt{\rho}\, z) / \sqrt{1 - \rho}\}

    Examples
    --------
    >>> conditional_rate(0.05, [-2.0, 0.0, 2.0], correlation=0.2).round(4)
    array([0.2007, 0.033 , 0.0023])
    """
    loading = np.sqrt(correlation)
    shifted = ndtri(np.asarray(rate, dtype=float)) - loading * np.asarray(factor, dtype=float)
    return np.asarray(ndtr(shifted / np.sqrt(1 - correlation)), dtype=np.float64)


def factor_nodes(*, step: float) -> tuple[Floats, Floats]:
    """Give states of a standard normal factor with weights that add up to one.

    The trapezoid rule on the whole line converges faster than any power of the step for smooth
    integrands (Trefethen and Weideman 2014, SIAM Review 56, 385-458).
    """
    count = int(np.ceil(REACH / step))
    nodes = np.linspace(-REACH, REACH, 2 * count + 1)
    weights = np.exp(-0.5 * nodes**2)
    return nodes, weights / weights.sum()
