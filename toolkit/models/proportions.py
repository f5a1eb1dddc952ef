"""Arrays: intervals of shares and of differences of shares.

Everything here takes and returns NumPy arrays and knows no column name.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

__all__ = ["Floats", "newcombe_interval", "two_sample_z", "wilson_interval"]

Floats = NDArray[np.float64]


def wilson_interval(
    successes: ArrayLike, trials: ArrayLike, *, conf_level: float
) -> tuple[Floats, Floats]:
    r"""Give Wilson's score interval of a share, without continuity correction.

    .. math::
        \frac{\hat p + z^2/2n \pm z\sqrt{\hat p(1-\hat p)/n + z^2/4n^2}}{1 + z^2/n}

    Without trials it is 0 to 1.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
        JASA 22, 209-212.

    Examples
    --------
    >>> low, high = wilson_interval(550, 1603, conf_level=0.95)
    >>> round(float(low), 4), round(float(high), 4)
    (0.3203, 0.3667)
    """
    x, n = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    square = float(ndtri((1 + conf_level) / 2)) ** 2
    some = n > 0
    safe = np.where(some, n, 1.0)
    share = x / safe
    middle = (share + square / (2 * safe)) / (1 + square / safe)
    inner = share * (1 - share) / safe + square / (4 * safe**2)
    half = np.sqrt(square * inner) / (1 + square / safe)
    # The formula is 0 and 1 at the ends but for rounding.
    low = np.where(x == 0, 0.0, middle - half)
    high = np.where(x == n, 1.0, middle + half)
    return np.where(some, low, 0.0), np.where(some, high, 1.0)


def newcombe_interval(
    first: tuple[float, float], second: tuple[float, float], *, conf_level: float
) -> tuple[float, float]:
    r"""Give Newcombe's hybrid score interval of ``p1 - p2`` for independent samples.

    .. math::
        \hat d - \sqrt{(\hat p_1 - l_1)^2 + (u_2 - \hat p_2)^2}, \quad
        \hat d + \sqrt{(u_1 - \hat p_1)^2 + (\hat p_2 - l_2)^2}

    with Wilson's limits :math:`l, u`.

    Parameters
    ----------
    first, second : (successes, trials)

    References
    ----------
    Newcombe, R. G. (1998). Interval estimation for the difference between independent
        proportions. Statistics in Medicine 17, 873-890, method 10.

    Examples
    --------
    >>> low, high = newcombe_interval((56, 70), (48, 80), conf_level=0.95)
    >>> round(low, 4), round(high, 4)
    (0.0524, 0.3339)
    """
    shares = [x / n for x, n in (first, second)]
    (low_1, high_1), (low_2, high_2) = (
        [float(limit) for limit in wilson_interval(x, n, conf_level=conf_level)]
        for x, n in (first, second)
    )
    difference = shares[0] - shares[1]
    low = difference - float(np.hypot(shares[0] - low_1, high_2 - shares[1]))
    high = difference + float(np.hypot(high_1 - shares[0], shares[1] - low_2))
    return low, high


def two_sample_z(first: tuple[float, float], second: tuple[float, float]) -> tuple[float, float]:
    """Give z and p of the score test that two shares are equal (Pearson's chi-squared is z²).

    Where both shares are 0, or both 1, there is no test.

    Examples
    --------
    >>> z, p = two_sample_z((56, 70), (48, 80))
    >>> round(z, 4), round(p, 5)
    (2.6502, 0.00805)
    """
    (x_1, n_1), (x_2, n_2) = first, second
    pooled = (x_1 + x_2) / (n_1 + n_2)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / n_1 + 1 / n_2))
    if spread == 0:
        return float("nan"), float("nan")
    z = float((x_1 / n_1 - x_2 / n_2) / spread)
    return z, float(2 * ndtr(-abs(z)))
