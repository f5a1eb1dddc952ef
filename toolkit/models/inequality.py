"""Arrays: how unequally something is spread over regions, or over the sectors of one.

Shares are fractions. Weights are numbers of persons (or anything that counts), and need not add
up to one. Where R's REAT defines an index in another way, the docstring says so.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from toolkit.errors import ModelError

__all__ = [
    "Decomposition",
    "decomposed_theil",
    "gini",
    "herfindahl",
    "hoover",
    "krugman",
    "theil_l",
    "theil_t",
    "williamson",
]

Floats = NDArray[np.float64]


class Decomposition(NamedTuple):
    """An index as the sum of what is between groups and what is within them."""

    total: float
    between: float
    within: float


def gini(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return Gini's coefficient, half the mean absolute difference over the mean.

    ``G = sum_ij w_i w_j |x_i - x_j| / (2 mean)`` with weights that add up to one; from 0 to
    ``1 - 1/n``. REAT's ``gini`` is the same; its ``coefnorm = TRUE`` multiplies by n / (n - 1).

    Parameters
    ----------
    values : array of shape (n,)
        Not negative.
    weights : array of shape (n,), optional

    References
    ----------
    Gini (1912), Variabilità e mutabilità.

    Examples
    --------
    >>> gini([1.0, 3.0])
    0.25
    """
    x, w = _checked(values, weights)
    order = np.argsort(x, kind="stable")
    x, w = x[order], w[order]
    mass = w * x / (w @ x)
    before = np.concatenate([[0.0], np.cumsum(mass)])
    return float(1 - w @ (before[1:] + before[:-1]))


def herfindahl(values: ArrayLike) -> float:
    """Return the Herfindahl-Hirschman index, the sum of squared shares, from 1/n to 1.

    As REAT's ``herf``.

    Examples
    --------
    >>> herfindahl([1.0, 3.0])
    0.625
    """
    x, _ = _checked(values, None)
    return float(np.sum((x / x.sum()) ** 2))


def hoover(values: ArrayLike, reference: ArrayLike | None = None) -> float:
    """Return the share that would have to move for both distributions to be alike.

    ``H = sum |s_i - r_i| / 2``; without a reference against equal shares, as REAT's ``hoover``.

    Parameters
    ----------
    values, reference : arrays of shape (n,)
        Amounts, such as income and population; only their shares count.

    References
    ----------
    Hoover (1936), Review of Economics and Statistics 18, 162-171.

    Examples
    --------
    >>> hoover([1.0, 3.0])
    0.25
    """
    x, r = _checked(values, reference)
    return float(np.abs(x / x.sum() - r).sum() / 2)


def krugman(values: ArrayLike, reference: ArrayLike) -> float:
    """Return Krugman's index of specialisation, ``sum |s_i - r_i|``, from 0 to 2.

    As REAT's ``krugman.spec``: twice Hoover's index against the same reference.

    References
    ----------
    Krugman (1991), Geography and Trade, MIT Press.

    Examples
    --------
    >>> krugman([1.0, 3.0], [1.0, 1.0])
    0.5
    """
    return 2 * hoover(values, reference)


def theil_t(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return Theil's T, ``sum w_i (x_i / m) log(x_i / m)`` with the weighted mean m.

    A value of zero counts as zero, its limit.

    References
    ----------
    Theil (1967), Economics and Information Theory, North-Holland.

    Examples
    --------
    >>> round(theil_t([1.0, 3.0]), 6)
    0.130812
    """
    x, w = _checked(values, weights)
    ratio = x / (w @ x)
    logs = np.log(np.where(ratio > 0, ratio, 1.0))
    return float(w @ (ratio * logs))


def theil_l(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return Theil's L, the mean log deviation ``sum w_i log(m / x_i)``.

    Infinite where a value is zero.

    References
    ----------
    Theil (1967), Economics and Information Theory, North-Holland.

    Examples
    --------
    >>> round(theil_l([1.0, 3.0]), 6)
    0.143841
    """
    x, w = _checked(values, weights)
    counted = w > 0
    if (x[counted] == 0).any():
        return float("inf")
    return float(w[counted] @ np.log((w @ x) / x[counted]))


def williamson(values: ArrayLike, weights: ArrayLike) -> float:
    """Return Williamson's weighted coefficient of variation between regions.

    ``V = sqrt(sum w_i (x_i - m)^2) / m`` with the weighted mean m, such as income per head and
    population.

    References
    ----------
    Williamson (1965), Economic Development and Cultural Change 13, 1-84.

    Examples
    --------
    >>> williamson([1.0, 3.0], [1.0, 1.0])
    0.5
    """
    x, w = _checked(values, weights)
    mean = w @ x
    return float(np.sqrt(w @ (x - mean) ** 2) / mean)


def decomposed_theil(
    values: ArrayLike, weights: ArrayLike | None, groups: ArrayLike, *, kind: str = "T"
) -> Decomposition:
    """Split Theil's T or L into what is between groups and what is within them.

    Within is the mean of the groups' own indices, weighted by their share of the total (T) or of
    the weights (L); between is the index with every value replaced by its group's mean.

    Parameters
    ----------
    values, weights, groups : arrays of shape (n,)
    kind : {"T", "L"}

    References
    ----------
    Shorrocks (1980), Econometrica 48, 613-625.

    Examples
    --------
    >>> parts = decomposed_theil([1.0, 3.0, 4.0, 4.0], None, ["a", "a", "b", "b"])
    >>> abs(parts.between + parts.within - parts.total) < 1e-12
    True
    """
    x, w = _checked(values, weights)
    index = theil_t if kind == "T" else theil_l
    labels, codes = np.unique(np.asarray(groups), return_inverse=True)
    mass = np.bincount(codes, weights=w)
    means = np.bincount(codes, weights=w * x) / mass
    share = mass * means / (w @ x) if kind == "T" else mass
    own = [index(x[codes == place], w[codes == place]) for place in range(len(labels))]
    return Decomposition(index(x, w), index(means, mass), float(share @ np.array(own)))


def _checked(values: ArrayLike, weights: ArrayLike | None) -> tuple[Floats, Floats]:
    """Return the values, and weights that add up to one."""
    x = np.asarray(values, dtype=np.float64)
    w = np.ones_like(x) if weights is None else np.asarray(weights, dtype=np.float64)
    if x.ndim != 1 or x.shape != w.shape or not len(x):
        raise ModelError(
            f"An index of inequality needs one value and one weight for each place; got "
            f"{x.shape} values and {w.shape} weights."
        )
    if not (np.isfinite(x).all() and np.isfinite(w).all()) or (x < 0).any() or (w < 0).any():
        raise ModelError(
            "An index of inequality needs values and weights that are neither missing nor "
            "negative. Leave out the places that lack one."
        )
    if x.sum() == 0 or w.sum() == 0:
        raise ModelError("An index of inequality needs a positive total; all values are zero.")
    return x, np.asarray(w / w.sum())
