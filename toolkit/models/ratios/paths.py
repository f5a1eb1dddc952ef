"""The ratio by month, and the influence of each cluster on it."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Floats", "RatioPath", "divide", "ratio_path", "shaped"]

Floats = NDArray[np.float64]


class RatioPath(NamedTuple):
    """The ratio by month with the parts that its variance is made of.

    Attributes
    ----------
    estimate, follow, lead : ndarray of shape (months,)
        R(t), and the two cumulative sums that it divides, each month weighed up to all units.
    follow_influence, lead_influence : ndarray of shape (clusters, months)
        Contribution of each cluster to the error of the two functions; columns sum to zero.
    """

    estimate: Floats
    follow: Floats
    lead: Floats
    follow_influence: Floats
    lead_influence: Floats

    @property
    def influence(self) -> Floats:
        """Contribution of each cluster to the error of R(t), shape (clusters, months)."""
        residual = self.follow_influence - self.estimate * self.lead_influence
        return divide(residual, self.lead)

    @property
    def std_error(self) -> Floats:
        """Linearised standard error of R(t), shape (months,); NaN with fewer than two clusters."""
        clusters = len(self.follow_influence)
        if clusters < 2:
            return np.full_like(self.estimate, np.nan)
        squares: Floats = np.square(self.influence).sum(axis=0)
        return np.sqrt(clusters / (clusters - 1) * squares)


def ratio_path(lead: ArrayLike, follow: ArrayLike, at_risk: ArrayLike | None = None) -> RatioPath:
    """Estimate R(t) and the influence of each cluster on it.

    With ``K_j = n_j / n_1`` the influence of cluster g on follow-on money is
    ``sum_{j<=t} (y_gj - n_gj Y_j/n_j) / K_j``, likewise on lead money, and by Taylor's rule
    ``(follow - R lead) / X`` on the ratio.

    Parameters
    ----------
    lead, follow : array of shape (clusters,) or (clusters, months)
        Money in each cluster and month, among units still observed in that month.
    at_risk : array of the same shape, optional
        Units still observed; ones, if not given.

    Examples
    --------
    >>> path = ratio_path([1.0, 2.0, 1.0], [4.0, 10.0, 6.0])
    >>> path.estimate, path.std_error.round(6)
    (array([5.]), array([0.433013]))
    """
    paid_in, followed, observed = shaped(lead, follow, at_risk)
    cumulative = _all_observed if at_risk is None else partial(_cumulative, at_risk=observed)
    upper, upper_influence = cumulative(followed)
    lower, lower_influence = cumulative(paid_in)
    return RatioPath(divide(upper, lower), upper, lower, upper_influence, lower_influence)


def shaped(
    lead: ArrayLike, follow: ArrayLike, at_risk: ArrayLike | None
) -> tuple[Floats, Floats, Floats]:
    """Return lead, follow and at risk as float arrays of shape (clusters, months)."""
    paid_in = np.asarray(lead, dtype=np.float64)
    followed = np.asarray(follow, dtype=np.float64)
    observed = np.ones_like(paid_in) if at_risk is None else np.asarray(at_risk, dtype=np.float64)
    return _columns(paid_in), _columns(followed), _columns(observed)


def _columns(array: Floats) -> Floats:
    return array[:, None] if array.ndim == 1 else array


def _all_observed(money: Floats) -> tuple[Floats, Floats]:
    """Add up the months where each unit is seen in all of them: none weighs more than it has."""
    total = money.sum(axis=0)
    return np.cumsum(total), np.cumsum(money - total / len(money), axis=1)


def _cumulative(money: Floats, at_risk: Floats) -> tuple[Floats, Floats]:
    units = at_risk.sum(axis=0)
    still_observed = divide(units, units[0])
    per_unit = divide(money.sum(axis=0), units)
    influence = np.cumsum(divide(money - at_risk * per_unit, still_observed), axis=1)
    return np.cumsum(divide(money.sum(axis=0), still_observed)), influence


def divide(upper: Floats, lower: Floats) -> Floats:
    """Divide where the lower part is not zero; NaN elsewhere."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(lower != 0, upper / lower, np.nan), dtype=np.float64)
