"""Vasicek's limit: the share of defaults among very many like loans."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri, owens_t

from toolkit.models.pools.conditional import Floats

__all__ = [
    "LimitLaw",
    "bivariate_normal_cdf",
    "vasicek_cdf",
    "vasicek_excess",
    "vasicek_quantile",
]


def vasicek_cdf(share: ArrayLike, *, rate: float, correlation: float) -> Floats:
    r"""Give the probability that at most this share of loans defaults.

    .. math:: P(L \le x) = \Phi\{(\sqrt{1-\rho}\,\Phi^{-1}(x) - \Phi^{-1}(p)) / \sqrt{\rho}\}

    References
    ----------
    Vasicek, O. (2002). The distribution of loan portfolio value. Risk 15(12), 160-162.

    Examples
    --------
    >>> float(vasicek_cdf(0.5, rate=0.5, correlation=0.3))
    0.5
    """
    within = np.clip(np.asarray(share, dtype=float), 0.0, 1.0)
    scaled = np.sqrt(1 - correlation) * ndtri(within) - ndtri(rate)
    return np.asarray(ndtr(scaled / np.sqrt(correlation)), dtype=np.float64)


def vasicek_quantile(level: ArrayLike, *, rate: float, correlation: float) -> Floats:
    r"""Give the share of defaults that is not exceeded with this probability.

    .. math:: x_\alpha = \Phi\{(\Phi^{-1}(p) + \sqrt{\rho}\,\Phi^{-1}(\alpha)) / \sqrt{1-\rho}\}

    Examples
    --------
    >>> round(float(vasicek_quantile(0.999, rate=0.01, correlation=0.2)), 4)
    0.1455
    """
    scaled = ndtri(rate) + np.sqrt(correlation) * ndtri(np.asarray(level, dtype=float))
    return np.asarray(ndtr(scaled / np.sqrt(1 - correlation)), dtype=np.float64)


def vasicek_excess(attachment: ArrayLike, *, rate: float, correlation: float) -> Floats:
    r"""Give the expected share of defaults beyond an attachment point.

    .. math:: E(L - K)^+ = \Phi_2\{\Phi^{-1}(p),\, -\Phi^{-1}(K);\, -\sqrt{1-\rho}\}

    Examples
    --------
    >>> vasicek_excess([0.0, 1.0], rate=0.05, correlation=0.2).round(12)
    array([0.05, 0.  ])
    """
    points = np.clip(np.asarray(attachment, dtype=float), 0.0, 1.0)
    excess = np.where(points <= 0, rate, 0.0)
    inner = (points > 0) & (points < 1)
    safe = np.where(inner, points, 0.5)
    inside = bivariate_normal_cdf(ndtri(rate), -ndtri(safe), correlation=-np.sqrt(1 - correlation))
    return np.where(inner, inside, excess)


def bivariate_normal_cdf(first: ArrayLike, second: ArrayLike, *, correlation: float) -> Floats:
    r"""Give :math:`\Phi_2(h, k; r)` by Owen's function, to the precision of the machine.

    References
    ----------
    Owen, D. B. (1956). Tables for computing bivariate normal probabilities. Annals of
        Mathematical Statistics 27, 1075-1090.

    Examples
    --------
    >>> round(float(bivariate_normal_cdf(0.0, 0.0, correlation=0.5)), 12)
    0.333333333333
    """
    h, k = (_no_trace(value) for value in np.broadcast_arrays(first, second))
    root = np.sqrt((1 - correlation) * (1 + correlation))
    with np.errstate(divide="ignore", invalid="ignore"):
        to_first = (k - correlation * h) / (h * root)
        to_second = (h - correlation * k) / (k * root)
    apart = ((h * k < 0) | ((h * k == 0) & (h + k < 0))).astype(float)
    value = (ndtr(h) + ndtr(k) - apart) / 2 - owens_t(h, to_first) - owens_t(k, to_second)
    origin = 0.25 + np.arcsin(correlation) / (2 * np.pi)
    return np.asarray(np.where((h == 0) & (k == 0), origin, value), dtype=np.float64)


def _no_trace(values: ArrayLike) -> Floats:
    """Return numbers too small to tell from zero as a zero of positive sign.

    Quotients by them overflow, or have the sign of -0.0.
    """
    numbers = np.asarray(values, dtype=float)
    return np.where(np.abs(numbers) < 1e-100, 0.0, numbers)


@dataclass(frozen=True, kw_only=True, eq=False)
class LimitLaw:
    """Loss per yuan lent in Vasicek's limit, year by year.

    Parameters
    ----------
    rates : array, shape (years,)
        Probability that a loan has defaulted by the end of each year.
    severity : float
        Share of a defaulted loan that is lost.
    correlation : float
        Of the loans' latent values; above 0.
    """

    rates: Floats
    severity: float
    correlation: float

    def quantile(self, level: float) -> float:
        """Return the final loss that is not exceeded with this probability."""
        rate = float(self.rates[-1])
        share = vasicek_quantile(level, rate=rate, correlation=self.correlation)
        return float(self.severity * share)

    def exceedance(self, loss: float) -> Floats:
        """Return the probability, by year, that more than this is lost."""
        share = loss / self.severity
        return np.array(
            [
                0.0
                if share >= 1
                else 1 - float(vasicek_cdf(share, rate=rate, correlation=self.correlation))
                for rate in self.rates.tolist()
            ]
        )

    def limited_mean(self, limit: ArrayLike) -> Floats:
        """Return the expectation of the final loss, each loss counted up to the limit."""
        rate = float(self.rates[-1])
        share = np.asarray(limit, dtype=float) / self.severity
        beyond = vasicek_excess(share, rate=rate, correlation=self.correlation)
        return np.asarray(self.severity * (rate - beyond), dtype=np.float64)

    def distribution(self) -> tuple[Floats, Floats]:
        """Return losses and probabilities of 1,000 classes of equal probability, at their middle.

        They show the distribution; the other methods do not use them.
        """
        level = (np.arange(1000) + 0.5) / 1000
        rate = float(self.rates[-1])
        share = vasicek_quantile(level, rate=rate, correlation=self.correlation)
        return self.severity * share, np.full(1000, 1e-3)
