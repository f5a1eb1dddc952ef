"""Distributions of the number of defaults among finitely many like loans."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaln, gammaln

from toolkit.models.pools.conditional import Floats, conditional_rate, factor_nodes

__all__ = ["DiscreteLaw", "beta_binomial_pmf", "one_factor_pmf"]

NODES_AT_ONCE = 200
ROUNDING = 1e-12
"""Two losses per yuan lent that differ by less are the same loss."""


def one_factor_pmf(number: int, *, rate: float, correlation: float) -> Floats:
    r"""Give the distribution of the number of defaults with one common normal factor.

    .. math:: P(N = k) = \int \binom{n}{k} p(z)^k \{1 - p(z)\}^{n-k} \phi(z)\, dz

    Returns
    -------
    array, shape (number + 1,)

    References
    ----------
    Gordy, M. B. (2000). A comparative anatomy of credit risk models. Journal of Banking and
        Finance 24, 119-149.

    Examples
    --------
    >>> one_factor_pmf(2, rate=0.5, correlation=0.0)
    array([0.25, 0.5 , 0.25])
    """
    # In z, the binomial is at its narrowest about 1/sqrt(n) wide; a fifth of that resolves it.
    narrow = np.sqrt((1 - correlation) / max(correlation, 0.01)) / np.sqrt(number)
    nodes, weights = factor_nodes(step=float(np.clip(narrow / 5, 0.002, 0.02)))
    states = np.clip(conditional_rate(rate, nodes, correlation=correlation), 1e-300, 1 - 1e-16)
    counts = np.arange(number + 1)
    choose = gammaln(number + 1) - gammaln(counts + 1) - gammaln(number - counts + 1)
    pmf = np.zeros(number + 1)
    for start in range(0, len(states), NODES_AT_ONCE):
        part = slice(start, start + NODES_AT_ONCE)
        log_odds = np.log(states[part]), np.log1p(-states[part])
        exponent = choose + np.outer(log_odds[0], counts) + np.outer(log_odds[1], number - counts)
        pmf += weights[part] @ np.exp(exponent)
    return np.asarray(pmf / pmf.sum(), dtype=np.float64)


def beta_binomial_pmf(number: int, *, rate: float, correlation: float) -> Floats:
    r"""Give the distribution of the number of defaults if the default rate is a beta variable.

    .. math::
        P(N = k) = \binom{n}{k} \frac{B(k + a, n - k + b)}{B(a, b)}, \quad
        a = p(1/\rho - 1),\; b = (1 - p)(1/\rho - 1)

    where :math:`\rho` is the correlation of two loans' defaults.

    References
    ----------
    Skellam, J. G. (1948). A probability distribution derived from the binomial distribution.
        JRSS B 10, 257-261.

    Examples
    --------
    >>> beta_binomial_pmf(3, rate=0.5, correlation=1 / 3).round(12)
    array([0.25, 0.25, 0.25, 0.25])
    """
    strength = 1 / correlation - 1
    first, second = rate * strength, (1 - rate) * strength
    counts = np.arange(number + 1)
    choose = -np.log(number + 1) - betaln(counts + 1, number - counts + 1)
    exponent = choose + betaln(counts + first, number - counts + second) - betaln(first, second)
    return np.asarray(np.exp(exponent), dtype=np.float64)


@dataclass(frozen=True, kw_only=True, eq=False)
class DiscreteLaw:
    """Loss per yuan lent that takes finitely many values, year by year.

    Parameters
    ----------
    losses : array, shape (m,)
        In ascending order.
    probabilities : array, shape (years, m)
        Of each loss, by the end of each year.
    """

    losses: Floats
    probabilities: Floats

    def quantile(self, level: float) -> float:
        """Return the least final loss that is not exceeded with at least this probability."""
        reached = np.cumsum(self.probabilities[-1])
        place = int(np.searchsorted(reached, level - ROUNDING))
        return float(self.losses[min(place, len(self.losses) - 1)])

    def exceedance(self, loss: float) -> Floats:
        """Return the probability, by year, that more than this is lost."""
        beyond = self.losses > loss + ROUNDING
        return np.asarray(self.probabilities[:, beyond].sum(axis=1), dtype=np.float64)

    def limited_mean(self, limit: ArrayLike) -> Floats:
        """Return the expectation of the final loss, each loss counted up to the limit."""
        limits = np.asarray(limit, dtype=float)
        capped = np.minimum(self.losses, limits[..., np.newaxis])
        return np.asarray(capped @ self.probabilities[-1], dtype=np.float64)

    def distribution(self) -> tuple[Floats, Floats]:
        """Return the final losses with their probabilities."""
        return self.losses, self.probabilities[-1]
