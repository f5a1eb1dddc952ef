"""Newton's method for a log-likelihood, which says why where there is no maximum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Floats", "Maximum", "NoMaximumError", "maximize"]

Floats = NDArray[np.float64]

Objective = Callable[[Floats], tuple[float, Floats, Floats]]


class NoMaximumError(ArithmeticError):
    """A likelihood without a maximum.

    Parameters
    ----------
    reason : {"collinear", "separated", "not_converged"}
        Why: the covariates repeat each other, one foretells the event, or the steps ran out.
    place : int
        Position of the parameter that shows it.
    """

    def __init__(self, reason: str, place: int) -> None:
        super().__init__(f"{reason} at parameter {place}")
        self.reason = reason
        self.place = place


@dataclass(frozen=True, kw_only=True, eq=False)
class Maximum:
    """Where a log-likelihood is largest.

    Parameters
    ----------
    at : array, shape (p,)
    log_likelihood, start_log_likelihood : float
        At the maximum and at the start.
    information : array, shape (p, p)
        Negative second derivative at the maximum.
    steps : int
    """

    at: Floats
    log_likelihood: float
    start_log_likelihood: float
    information: Floats
    steps: int


def maximize(
    objective: Objective, start: Floats, *, most_steps: int = 60, watched: int | None = None
) -> Maximum:
    """Climb by Newton's steps, halved where they overshoot, until they promise nothing more.

    Parameters
    ----------
    objective : callable
        Returns log-likelihood, gradient and information at a point. Parameters should be on the
        scale of standardised covariates.
    start : array, shape (p,)
    most_steps : int
    watched : int, optional
        How many of the first parameters belong to covariates, and are looked at for separation.

    Raises
    ------
    NoMaximumError
        If covariates are collinear, a likelihood grows without end, or the steps ran out.

    Examples
    --------
    >>> import numpy as np
    >>> found = maximize(
    ...     lambda b: (-float((b[0] - 2) ** 2), -2 * (b - 2), 2 * np.eye(1)), np.zeros(1)
    ... )
    >>> float(found.at[0])
    2.0
    """
    point = np.asarray(start, dtype=float)
    value, gradient, information = objective(point)
    first = value
    looked_at = slice(0, watched)
    for step_count in range(1, most_steps + 1):
        step = _solve(information, gradient, first=step_count == 1)
        gain = float(gradient @ step)
        if gain <= 1e-20 * (abs(value) + 1) or (gain < 1e-9 and np.abs(step).max() < 1e-9):
            return _finished(point, value, first, information, step_count)
        if gain < 1e-7 and (worst := np.abs(step[looked_at])).size and worst.max() > 0.1:
            raise NoMaximumError("separated", int(worst.argmax()))
        length = 1.0
        while True:
            reached = objective(point + length * step)
            if np.isfinite(reached[0]) and reached[0] >= value - 1e-12 * (abs(value) + 1):
                break
            length /= 2
            if length < 1e-8:
                return _finished(point, value, first, information, step_count)
        point = point + length * step
        value, gradient, information = reached
    covariates = np.abs(point[looked_at])
    largest = int(covariates.argmax()) if covariates.size else 0
    reason = "separated" if covariates.size and covariates.max() > 12 else "not_converged"
    raise NoMaximumError(reason, largest)


def _finished(
    point: Floats, value: float, first: float, information: Floats, steps: int
) -> Maximum:
    return Maximum(
        at=point,
        log_likelihood=value,
        start_log_likelihood=first,
        information=information,
        steps=steps,
    )


def _solve(information: Floats, gradient: Floats, *, first: bool) -> Floats:
    if not len(gradient):
        return gradient
    scale = np.sqrt(np.abs(np.diag(information)))
    if not (scale > 0).all():
        # At the start only a constant has no information; later one that has run away.
        raise NoMaximumError("collinear" if first else "separated", int(scale.argmin()))
    scaled = information / np.outer(scale, scale)
    values, vectors = np.linalg.eigh(scaled)
    curvatures = np.abs(values)
    if curvatures.min() < 1e-10 * curvatures.max():
        flat = vectors[:, curvatures.argmin()]
        raise NoMaximumError("collinear", int(np.abs(flat).argmax()))
    if values[0] > 0:
        return np.asarray(np.linalg.solve(scaled, gradient / scale) / scale)
    # Far from its maximum a likelihood may bend upwards; uphill is then where it was steep.
    uphill = vectors @ (vectors.T @ (gradient / scale) / curvatures)
    return np.asarray(uphill / scale)
