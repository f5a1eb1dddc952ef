"""Arrays: least squares after group effects are taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toolkit.errors import ModelError
from toolkit.models.panels.effects import (
    Codes,
    absorb,
    absorbed_rank,
    dummies,
    is_nested,
)

__all__ = ["PanelFit", "within_fit"]

Floats = NDArray[np.float64]

DENSE = 5_000


@dataclass(frozen=True, kw_only=True, eq=False)
class PanelFit:
    """Coefficients, and all that a covariance needs.

    Parameters
    ----------
    coefficients : array of shape (k,)
    outcome, design : arrays of shapes (n,), (n, k)
        Without the effects.
    residuals : array of shape (n,)
    bread : array of shape (k, k)
        ``inv(X'X)``.
    effects : tuple of integer arrays of shape (n,)
    rank : int
        Parameters of the whole model, absorbed effects included.
    """

    coefficients: Floats
    outcome: Floats
    design: Floats
    residuals: Floats
    bread: Floats
    effects: tuple[Codes, ...]
    rank: int

    @property
    def scores(self) -> Floats:
        """Rows ``x_i u_i``, shape (n, k)."""
        return self.design * self.residuals[:, None]

    @property
    def r2_within(self) -> float:
        """Share of the variation that is left after the effects which the design explains."""
        centred = self.outcome - self.outcome.mean()
        return float(1 - self.residuals @ self.residuals / (centred @ centred))

    def rank_beside(self, clusters: Sequence[Codes]) -> int:
        """Return the parameters that count against the rows of a clustered covariance.

        Effects that lie within clusters do not count, but for one constant.
        """
        counted = [e for e in self.effects if not any(is_nested(e, c) for c in clusters)]
        constant = 1 if self.effects and not counted else 0
        return len(self.coefficients) + absorbed_rank(counted) + constant

    def leverage(self) -> Floats:
        """Return the diagonal of the hat matrix of the whole model, shape (n,).

        Raises
        ------
        ModelError
            With more than two effects, or two with too many levels.
        """
        own = np.einsum("ij,jk,ik->i", self.design, self.bread, self.design)
        return np.asarray(own + _effect_leverage(self.effects))

    def design_within(self, clusters: Codes) -> Floats:
        """Return the design with only the effects within clusters absorbed.

        The other effects become columns behind the regressors, so that a method which works
        cluster by cluster sees them.
        """
        inner = [codes for codes in self.effects if is_nested(codes, clusters)]
        outer = [codes for codes in self.effects if not is_nested(codes, clusters)]
        columns = [dummies(codes)[:, 1:] if inner else dummies(codes) for codes in outer]
        design = np.column_stack([self.design, *columns])
        return absorb(design, inner)


def within_fit(outcome: Floats, design: Floats, effects: Sequence[Codes] = ()) -> PanelFit:
    """Fit least squares after taking the effects out of both sides.

    ``b = inv(X'M X) X'M y``, with M the residual maker of the dummies of all effects.

    Parameters
    ----------
    outcome, design : arrays of shapes (n,), (n, k)
        Without effects the design holds its own constant.
    effects : sequence of integer arrays of shape (n,)

    Raises
    ------
    ModelError
        If rows do not outnumber parameters, or a regressor does not vary beside the effects.

    References
    ----------
    Frisch and Waugh (1933), Econometrica 1, 387-401.

    Examples
    --------
    >>> fit = within_fit(
    ...     np.array([1.0, 2.0, 5.0, 7.0]),
    ...     np.array([[1.0], [2.0], [1.0], [2.0]]),
    ...     [np.array([0, 0, 1, 1])],
    ... )
    >>> fit.coefficients
    array([1.5])
    """
    parameters = design.shape[1] + absorbed_rank(effects)
    if len(outcome) <= parameters:
        raise ModelError(
            f"A fit needs more rows than parameters; there are {len(outcome)} rows and "
            f"{parameters} parameters. Use fewer effects, or more years."
        )
    both = absorb(np.column_stack([outcome, design]), effects)
    left, right = both[:, 0], np.ascontiguousarray(both[:, 1:])
    moved = np.linalg.norm(right, axis=0) <= 1e-9 * np.maximum(
        np.linalg.norm(design, axis=0), 1e-300
    )
    gram = right.T @ right
    if moved.any() or np.linalg.cond(gram) > 1e15:
        raise ModelError(
            "The regressors do not vary beside the effects or beside each other, so their "
            "coefficients are not determined. Leave out an effect or a regressor."
        )
    bread: Floats = np.asarray(np.linalg.inv(gram), dtype=np.float64)
    coefficients: Floats = np.asarray(np.linalg.solve(gram, right.T @ left), dtype=np.float64)
    coefficients += bread @ (right.T @ (left - right @ coefficients))
    return PanelFit(
        coefficients=coefficients,
        outcome=left,
        design=right,
        residuals=left - right @ coefficients,
        bread=bread,
        effects=tuple(effects),
        rank=parameters,
    )


def _effect_leverage(effects: Sequence[Codes]) -> Floats | float:
    if not effects:
        return 0.0
    if len(effects) == 1:
        return np.asarray(1 / np.bincount(effects[0])[effects[0]])
    levels = [int(codes.max()) + 1 for codes in effects]
    if len(effects) > 2 or sum(levels) > DENSE:
        raise ModelError(
            f"HC2 and HC3 need the leverage of the absorbed effects, worked out for two effects of "
            f"up to {DENSE} levels together; got levels {', '.join(map(str, levels))}. Use HC1 or "
            "CR1."
        )
    first, second = effects
    joint = np.zeros((levels[0], levels[1]))
    np.add.at(joint, (first, second), 1.0)
    normal = np.block([[np.diag(joint.sum(axis=1)), joint], [joint.T, np.diag(joint.sum(axis=0))]])
    inverse = np.linalg.pinv(normal, hermitian=True)
    across = second + levels[0]
    return np.asarray(inverse[first, first] + 2 * inverse[first, across] + inverse[across, across])
