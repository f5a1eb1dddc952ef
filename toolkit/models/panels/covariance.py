"""Arrays: covariances of least-squares coefficients under many kinds of dependence.

All are sandwiches ``B M B`` with bread ``B = inv(X'X)``; they differ in the meat ``M`` and in a
factor for small samples. `scores` are the rows ``x_i u_i``, shape (n, k).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from toolkit.models.panels.effects import Codes, codes_of

__all__ = [
    "bartlett",
    "clustered",
    "conley",
    "driscoll_kraay",
    "great_circle",
    "group_sums",
    "heteroskedastic",
    "leverage_adjusted",
    "newey_west",
    "usual_lags",
]

Floats = NDArray[np.float64]


def usual_lags(periods: int) -> int:
    """Return the rule-of-thumb bandwidth ``floor(4 (T / 100) ** (2/9))``.

    References
    ----------
    Newey and West (1994), "Automatic lag selection in covariance matrix estimation", Review of
    Economic Studies 61, 631-653.

    Examples
    --------
    >>> usual_lags(20)
    2
    """
    return int(4 * (periods / 100) ** (2 / 9))


def bartlett(lags: int) -> Floats:
    """Return the weights ``1 - l / (lags + 1)`` for l = 0 … lags.

    Examples
    --------
    >>> bartlett(1)
    array([1. , 0.5])
    """
    return 1 - np.arange(lags + 1) / (lags + 1)


def group_sums(rows: Floats, codes: Codes) -> Floats:
    """Return the column sums of each group, shape (groups, k)."""
    groups = int(codes.max()) + 1
    sums = [np.bincount(codes, weights=column, minlength=groups) for column in rows.T]
    return np.stack(sums, axis=1)


def heteroskedastic(
    design: Floats,
    residuals: Floats,
    bread: Floats,
    *,
    kind: Literal["HC0", "HC1", "HC2", "HC3"],
    leverage: Floats | None = None,
    rank: int,
) -> Floats:
    """Return White's covariance and its small-sample kin.

    Squared residuals are left as they are (HC0), scaled by ``n / (n - rank)`` (HC1), divided by
    ``1 - h`` (HC2) or by ``(1 - h) ** 2`` (HC3).

    Parameters
    ----------
    design, residuals, bread : arrays of shapes (n, k), (n,), (k, k)
    leverage : array of shape (n,), optional
        Diagonal of the hat matrix of the whole model, absorbed effects included; needed for HC2
        and HC3.
    rank : int
        Parameters of the whole model, absorbed effects included.

    References
    ----------
    MacKinnon and White (1985), Journal of Econometrics 29, 305-325.
    """
    squared = residuals**2
    if kind == "HC1":
        squared = squared * len(design) / (len(design) - rank)
    elif kind in ("HC2", "HC3"):
        room = 1 - np.minimum(np.asarray(leverage), 1 - 1e-10)
        squared = squared / room ** (1 if kind == "HC2" else 2)
    return bread @ (design.T @ (design * squared[:, None])) @ bread


def clustered(
    scores: Floats, bread: Floats, clusters: Sequence[Codes], *, rank: int, small: bool
) -> Floats:
    """Return the covariance clustered one or two ways (CR0, or CR1 with `small`).

    CR1 multiplies each way's meat by ``G / (G - 1) * (n - 1) / (n - rank)``. Two ways are added
    and their intersection subtracted; each of the three has its own G, as in R's
    ``sandwich::vcovCL``.

    Parameters
    ----------
    scores, bread : arrays of shapes (n, k), (k, k)
    clusters : one or two integer arrays of shape (n,)
    rank : int
        Parameters that count against the rows.

    References
    ----------
    Liang and Zeger (1986), Biometrika 73, 13-22. Cameron, Gelbach and Miller (2011), Journal of
    Business & Economic Statistics 29, 238-249.
    """
    ways = [(codes, 1.0) for codes in clusters]
    if len(clusters) == 2:
        both = codes_of(clusters[0] * (int(clusters[1].max()) + 1) + clusters[1])
        ways.append((both, -1.0))
    meat = np.zeros_like(bread)
    for codes, sign in ways:
        sums = group_sums(scores, codes)
        groups = np.count_nonzero(np.bincount(codes))
        meat += sign * (groups / (groups - 1) if small else 1.0) * (sums.T @ sums)
    factor = (len(scores) - 1) / (len(scores) - rank) if small else 1.0
    return factor * bread @ meat @ bread


def leverage_adjusted(
    design: Floats,
    residuals: Floats,
    bread: Floats,
    codes: Codes,
    *,
    kind: Literal["CR2", "CR3"],
) -> Floats:
    """Return the bias-reduced (CR2) or jackknife-like (CR3) clustered covariance.

    Residuals of a cluster are multiplied by ``(I - H_gg) ** (-1/2)`` or ``inv(I - H_gg)``, as in
    R's ``clubSandwich``. Effects within clusters may be absorbed in `design`; others must stand
    in it as columns.

    References
    ----------
    Bell and McCaffrey (2002), Survey Methodology 28, 169-181. Pustejovsky and Tipton (2018),
    Journal of Business & Economic Statistics 36, 672-683.
    """
    meat = np.zeros_like(bread)
    power = -0.5 if kind == "CR2" else -1.0
    order = np.argsort(codes, kind="stable")
    for rows in np.split(order, np.cumsum(np.bincount(codes))[:-1]):
        part = design[rows]
        values, vectors = np.linalg.eigh(np.eye(len(rows)) - part @ bread @ part.T)
        scale = np.where(values > 1e-10, np.maximum(values, 1e-10) ** power, 0.0)
        score = part.T @ (vectors @ (scale * (vectors.T @ residuals[rows])))
        meat += np.outer(score, score)
    return bread @ meat @ bread


def newey_west(
    scores: Floats, bread: Floats, units: Codes, times: NDArray[np.integer], *, lags: int, rank: int
) -> Floats:
    """Return the covariance robust to serial correlation within units (Bartlett weights).

    Lags are differences of `times`, so a missing year breaks no order; the factor is
    ``n / (n - rank)``.

    References
    ----------
    Newey and West (1987), Econometrica 55, 703-708. Datta and Du (2012), Federal Reserve
    international finance discussion paper 1060, on missing periods.
    """
    grid = _by_time(scores, units, times)
    meat = np.zeros_like(bread)
    for lag, weight in enumerate(bartlett(lags)):
        cross = np.einsum("utj,utk->jk", grid[:, lag:], grid[:, : grid.shape[1] - lag])
        meat += weight * (cross if lag == 0 else cross + cross.T)
    return len(scores) / (len(scores) - rank) * bread @ meat @ bread


def driscoll_kraay(
    scores: Floats, bread: Floats, times: NDArray[np.integer], *, lags: int, rank: int
) -> Floats:
    """Return the covariance robust to dependence across units and, in lags, over time.

    Scores are summed over the units of a year and weighted by Bartlett. The factor is
    ``T / (T - 1) * (n - 1) / (n - rank)``, so that no lags are CR1 clustered by year; R's
    ``plm::vcovSCC`` of type HC0 has no factor.

    References
    ----------
    Driscoll and Kraay (1998), Review of Economics and Statistics 80, 549-560.
    """
    sums = _by_time(scores, np.zeros(len(scores), dtype=np.intp), times)[0]
    periods = len(np.unique(times))
    meat = np.zeros_like(bread)
    for lag, weight in enumerate(bartlett(lags)):
        cross = sums[lag:].T @ sums[: len(sums) - lag]
        meat += weight * (cross if lag == 0 else cross + cross.T)
    factor = periods / (periods - 1) * (len(scores) - 1) / (len(scores) - rank)
    return factor * bread @ meat @ bread


def conley(
    scores: Floats,
    bread: Floats,
    units: Codes,
    times: NDArray[np.integer],
    distances: Floats,
    *,
    cutoff: float,
    lags: int,
    kernel: Literal["uniform", "bartlett"] = "uniform",
) -> Floats:
    """Return the covariance robust to dependence in space and, within units, over time.

    In one year, scores of units up to `cutoff` apart count together, with weight one or
    ``1 - d / cutoff``; over time, those of one unit up to `lags` apart, by Bartlett. No factor.

    Parameters
    ----------
    distances : array of shape (units, units)
        In the unit of `cutoff`.

    References
    ----------
    Conley (1999), Journal of Econometrics 92, 1-45. Hsiang (2010), PNAS 107, 15367-15372.
    """
    near = (distances <= cutoff).astype(np.float64)
    weights = near if kernel == "uniform" else near * (1 - distances / cutoff)
    grid = _by_time(scores, units, times)
    meat = np.einsum("utj,uv,vtk->jk", grid, weights, grid, optimize=True)
    for lag, weight in enumerate(bartlett(lags)):
        if lag:
            cross = np.einsum("utj,utk->jk", grid[:, lag:], grid[:, : grid.shape[1] - lag])
            meat += weight * (cross + cross.T)
    return np.asarray(bread @ meat @ bread)


def great_circle(latitudes: Floats, longitudes: Floats) -> Floats:
    """Return distances in kilometres between all pairs of places given in degrees.

    Examples
    --------
    >>> great_circle(np.array([0.0, 0.0]), np.array([0.0, 90.0])).round(0)
    array([[    0., 10008.],
           [10008.,     0.]])
    """
    phi, lam = np.radians(latitudes), np.radians(longitudes)
    haversine = (
        np.sin((phi[:, None] - phi) / 2) ** 2
        + np.cos(phi[:, None]) * np.cos(phi) * np.sin((lam[:, None] - lam) / 2) ** 2
    )
    return np.asarray(2 * 6371.0088 * np.arcsin(np.sqrt(np.clip(haversine, 0, 1))))


def _by_time(scores: Floats, units: Codes, times: NDArray[np.integer]) -> Floats:
    """Lay scores out as (unit, time, k), zero where a unit has no row: a missing year is no lag."""
    first = int(times.min())
    span = int(times.max()) - first + 1
    flat = units * span + (times - first)
    total = (int(units.max()) + 1) * span
    grid = np.zeros((total, scores.shape[1]))
    for place, column in enumerate(scores.T):
        grid[:, place] = np.bincount(flat, weights=column, minlength=total)
    return grid.reshape(-1, span, scores.shape[1])
