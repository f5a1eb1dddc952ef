"""Arrays: how a Newey-West t of a short trend is really spread."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from toolkit.models.panels.covariance import bartlett

__all__ = ["trend_t_draws"]

Floats = NDArray[np.float64]

DRAWS = 19_999


@lru_cache(maxsize=256)
def trend_t_draws(times: tuple[int, ...], lags: int) -> Floats:
    """Return sorted absolute t statistics of a trend's slope where its years are independent.

    With few years the Newey-West error is too small and Student's t too narrow. The statistic's
    distribution under independent normal years depends on nothing but the years and the lags, so
    it is drawn once (with a fixed seed) and its quantiles take the place of Student's.

    Parameters
    ----------
    times : tuple of int
        Years observed.
    lags : int

    Returns
    -------
    array of shape (19999,)

    References
    ----------
    Kiefer and Vogelsang (2005), Econometric Theory 21, 1130-1164, on the same idea for a share of
    lags that does not vanish.

    Examples
    --------
    >>> draws = trend_t_draws(tuple(range(11)), 2)
    >>> bool(np.quantile(draws, 0.95) > 2.7)
    True
    """
    time = np.array(times) - np.mean(times)
    spread = time @ time
    errors = np.random.default_rng(0).normal(size=(DRAWS, len(times)))
    slopes = errors @ time / spread
    errors -= errors.mean(axis=1, keepdims=True) + slopes[:, None] * time
    scores = np.zeros((DRAWS, max(times) - min(times) + 1))
    scores[:, np.array(times) - min(times)] = errors * time / spread
    variance = np.zeros(DRAWS)
    for lag, weight in enumerate(bartlett(lags)):
        cross = (scores[:, lag:] * scores[:, : scores.shape[1] - lag]).sum(axis=1)
        variance += weight * cross * (1 if lag == 0 else 2)
    variance *= len(times) / (len(times) - 2)
    return np.sort(np.abs(slopes) / np.sqrt(np.maximum(variance, 1e-300)))
