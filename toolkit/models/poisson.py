"""Poisson pseudo-likelihood with absorbed effects. Arrays in, arrays out.

The mean of follow-on money is ``mu_i = e_i exp(x_i'b + a_group(i))`` with exposure e. Only the mean
must be right for b to be consistent; the variance is estimated by cluster, so the money need
neither be a count nor vary like one, and zeros are as good as any other amount.

References
----------
Gourieroux, C., Monfort, A. and Trognon, A. (1984). Pseudo maximum likelihood methods:
    applications to Poisson models. Econometrica 52, 701-720.
Correia, S., Guimarães, P. and Zylkin, T. (2020). Fast Poisson estimation with high-dimensional
    fixed effects. Stata Journal 20, 95-115.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toolkit.errors import ModelError
from toolkit.models.panels import absorbed_rank, clustered, is_nested

__all__ = ["PoissonFit", "absorb_weighted", "poisson_fit"]

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

MOST_STEPS = 200
MOST_ROUNDS = 10_000
DEVIANCE_TOLERANCE = 1e-12
PROJECTION_TOLERANCE = 1e-11


@dataclass(frozen=True, kw_only=True, eq=False)
class PoissonFit:
    """Coefficients and what their variance is made of.

    Attributes
    ----------
    coefficients : ndarray of shape (k,)
    means : ndarray of shape (n,)
        Fitted money.
    residuals : ndarray of shape (n,)
        Money less fitted money.
    design : ndarray of shape (n, k)
        Regressors without the absorbed effects, by weighted projection.
    bread : ndarray of shape (k, k)
        Inverse of ``sum_i mu_i x_i x_i'``.
    effects : tuple of integer ndarrays of shape (n,)
    """

    coefficients: Floats
    means: Floats
    residuals: Floats
    design: Floats
    bread: Floats
    effects: tuple[Codes, ...]

    def covariance(self, clusters: Codes) -> Floats:
        """Return the clustered covariance with ``G/(G-1) * (n-1)/(n-k)``, shape (k, k).

        Effects that lie within clusters do not count among the k parameters.
        """
        counted = [codes for codes in self.effects if not is_nested(codes, clusters)]
        constant = 1 if self.effects and not counted else 0
        rank = len(self.coefficients) + absorbed_rank(counted) + constant
        scores = self.design * self.residuals[:, None]
        return np.asarray(clustered(scores, self.bread, [clusters], rank=rank, small=True))


def poisson_fit(
    money: Floats, design: Floats, *, offset: Floats, effects: Sequence[Codes] = ()
) -> PoissonFit:
    """Fit by iteratively reweighted least squares, effects projected out in each step.

    Parameters
    ----------
    money : ndarray of shape (n,)
        Zero or more.
    design : ndarray of shape (n, k)
        Regressors; without effects the design holds its own constant.
    offset : ndarray of shape (n,)
        Logarithm of the exposure.
    effects : sequence of integer ndarrays of shape (n,)
        Codes of each absorbed effect; a level without any money must be left out beforehand.

    Raises
    ------
    ModelError
        If the regressors are collinear, or the steps do not converge.

    Examples
    --------
    >>> fit = poisson_fit(
    ...     np.array([2.0, 4.0, 9.0]), np.ones((3, 1)), offset=np.log(np.array([1.0, 1.0, 3.0]))
    ... )
    >>> np.exp(fit.coefficients).round(12)
    array([3.])
    """
    rate = money.sum() / np.exp(offset).sum()
    means = (money + rate * np.exp(offset)) / 2
    deviance = _deviance(money, means)
    for _ in range(MOST_STEPS):
        working = np.log(means) - offset + (money - means) / means
        both = absorb_weighted(np.column_stack([working, design]), means, effects)
        left, right = both[:, 0], both[:, 1:]
        weighted = right * means[:, None]
        gram = weighted.T @ right
        if _is_singular(gram, before=means @ design**2):
            raise ModelError(
                "The regressors are collinear, with each other or with the absorbed effects. "
                "Leave one of them out."
            )
        bread = np.linalg.inv(gram)
        coefficients = bread @ (weighted.T @ left)
        # What is left over after regressors and effects is the same with and without projection.
        predictor = working - (left - right @ coefficients) + offset
        means = np.exp(np.clip(predictor, -700, 700))
        before, deviance = deviance, _deviance(money, means)
        if abs(before - deviance) <= DEVIANCE_TOLERANCE * max(1.0, abs(deviance)):
            return _finished(money, design, coefficients, means, effects)
    raise ModelError(
        f"The Poisson fit did not converge in {MOST_STEPS} steps: some regressor tells zeros apart "
        "from all other amounts. Leave it out, or the rows that it tells apart."
    )


def absorb_weighted(values: Floats, weights: Floats, effects: Sequence[Codes]) -> Floats:
    """Take weighted group means out of columns, one effect after the other until none is left.

    Raises
    ------
    ModelError
        If the projections do not converge.

    Examples
    --------
    >>> absorb_weighted(np.array([[1.0], [4.0]]), np.array([2.0, 1.0]), [np.array([0, 0])]).ravel()
    array([-1.,  2.])
    """
    residuals = values.copy()
    totals = [np.bincount(codes, weights) for codes in effects]
    spread = np.maximum(np.abs(values).max(axis=0), 1e-300) if len(values) else np.ones(1)
    for _ in range(MOST_ROUNDS):
        moved = 0.0
        for codes, total in zip(effects, totals, strict=True):
            for column in range(values.shape[1]):
                means = np.bincount(codes, weights * residuals[:, column]) / total
                residuals[:, column] -= means[codes]
                moved = max(moved, float(np.abs(means).max() / spread[column]))
        if moved <= PROJECTION_TOLERANCE or len(effects) < 2:
            return residuals
    raise ModelError(
        f"The {len(effects)} effects could not be taken out in {MOST_ROUNDS} rounds: they hardly "
        "overlap. Leave out the effect that the others nearly determine."
    )


def _is_singular(gram: Floats, *, before: Floats) -> bool:
    """Tell whether a column vanished with the effects, or depends on the others."""
    left = np.diag(gram)
    if (left <= 1e-16 * before).any():
        return True
    scale = np.sqrt(left)
    return bool(np.linalg.matrix_rank(gram / np.outer(scale, scale), tol=1e-9) < len(gram))


def _finished(
    money: Floats, design: Floats, coefficients: Floats, means: Floats, effects: Sequence[Codes]
) -> PoissonFit:
    right = absorb_weighted(design, means, effects)
    gram = (right * means[:, None]).T @ right
    return PoissonFit(
        coefficients=coefficients,
        means=means,
        residuals=money - means,
        design=right,
        bread=np.asarray(np.linalg.inv(gram), dtype=np.float64),
        effects=tuple(effects),
    )


def _deviance(money: Floats, means: Floats) -> float:
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(money > 0, money * np.log(money / means), 0.0)
    return float(2 * (logs - (money - means)).sum())
