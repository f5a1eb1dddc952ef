"""Arrays: take group effects out of columns, exactly where two effects fit in memory."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from toolkit.errors import ModelError

__all__ = ["absorb", "absorbed_rank", "codes_of", "dummies", "is_nested"]

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

CELLS = 30_000_000


def codes_of(labels: object) -> Codes:
    """Return the place of each label among the distinct ones in sorted order.

    Examples
    --------
    >>> codes_of(["b", "a", "b"])
    array([1, 0, 1])
    """
    return np.asarray(np.unique(np.asarray(labels), return_inverse=True)[1], dtype=np.intp)


def absorb(
    values: Floats,
    effects: Sequence[Codes],
    *,
    tolerance: float = 1e-12,
    most_rounds: int = 10_000,
) -> Floats:
    """Return the residuals of columns on group effects (the within transformation).

    One effect is a subtraction of means. Two effects are the exact solution of their normal
    equations, reduced to the smaller effect by the table of joint counts. More effects, or two
    whose table is too large, are alternating projections until no value moves.

    Parameters
    ----------
    values : array of shape (n, k)
    effects : sequence of integer arrays of shape (n,)
        Codes 0, 1, 2 … of each effect.
    tolerance : float
        Alternating projections stop when the largest move, over the largest standard deviation
        of a column, is below this.
    most_rounds : int
        Rounds after which they give up.

    Raises
    ------
    ModelError
        If alternating projections do not converge.

    References
    ----------
    Gaure, S. (2013), "OLS with multiple high dimensional category variables", Computational
    Statistics & Data Analysis 66, 8-18.

    Examples
    --------
    >>> absorb(np.array([[1.0], [3.0], [10.0]]), [np.array([0, 0, 1])]).ravel()
    array([-1.,  1.,  0.])
    """
    if not effects:
        return values.copy()
    if len(effects) == 1:
        return values - _means(values, effects[0])[effects[0]]
    if len(effects) == 2 and (effects[0].max() + 1) * (effects[1].max() + 1) <= CELLS:
        return _absorb_two(values, *effects)
    return _alternate(values, effects, tolerance, most_rounds)


def absorbed_rank(effects: Sequence[Codes]) -> int:
    """Return the rank of the dummies of all effects together, constant included.

    Exact for one and two effects (levels less connected components); for more, each further
    effect is counted with one level less, which may overstate the rank.

    References
    ----------
    Abowd, Creecy and Kramarz (2002), "Computing person and firm effects using linked
    longitudinal employer-employee data", LEHD technical paper 2002-06.

    Examples
    --------
    >>> absorbed_rank([np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])])
    3
    """
    if not effects:
        return 0
    levels = [int(codes.max()) + 1 for codes in effects]
    if len(effects) == 1:
        return levels[0]
    return levels[0] + levels[1] - _components(*effects[:2]) + sum(k - 1 for k in levels[2:])


def dummies(codes: Codes) -> Floats:
    """Return the indicator columns of an effect, shape (n, levels).

    Examples
    --------
    >>> dummies(np.array([0, 1]))
    array([[1., 0.],
           [0., 1.]])
    """
    columns = np.zeros((len(codes), int(codes.max()) + 1))
    columns[np.arange(len(codes)), codes] = 1.0
    return columns


def is_nested(inner: Codes, outer: Codes) -> bool:
    """Return whether each level of one grouping lies within one level of another.

    Examples
    --------
    >>> is_nested(np.array([0, 1, 2]), np.array([0, 0, 1]))
    True
    """
    first = np.empty(int(inner.max()) + 1, dtype=np.intp)
    first[inner] = outer
    return bool((first[inner] == outer).all())


def _means(values: Floats, codes: Codes) -> Floats:
    counts = np.bincount(codes)[:, None]
    means: Floats = _sums(values, codes) / np.maximum(counts, 1)
    return means


def _sums(values: Floats, codes: Codes) -> Floats:
    levels = int(codes.max()) + 1
    columns = [np.bincount(codes, weights=column, minlength=levels) for column in values.T]
    sums: Floats = np.column_stack(columns)
    return sums


def _absorb_two(values: Floats, first: Codes, second: Codes) -> Floats:
    """Solve the two-effects problem for the smaller effect and substitute back."""
    if first.max() < second.max():
        first, second = second, first
    table = _joint_counts(first, second)
    sizes = np.maximum(table.sum(axis=1), 1.0)[:, None]
    shares = table / sizes
    sums_first, sums_second = _sums(values, first), _sums(values, second)
    reduced = np.diag(table.sum(axis=0)) - table.T @ shares
    right = sums_second - shares.T @ sums_first
    of_second = np.linalg.lstsq(reduced, right, rcond=1e-10)[0]
    of_first = sums_first / sizes - shares @ of_second
    residuals: Floats = values - of_first[first]
    residuals -= of_second[second]
    return residuals


def _alternate(
    values: Floats, effects: Sequence[Codes], tolerance: float, most_rounds: int
) -> Floats:
    residuals = values.copy()
    spread = float(values.std(axis=0).max()) or 1.0
    for _ in range(most_rounds):
        moved = 0.0
        for codes in effects:
            means = _means(residuals, codes)
            residuals -= means[codes]
            moved = max(moved, float(np.abs(means).max()))
        if moved <= tolerance * spread:
            return residuals
    raise ModelError(
        f"The {len(effects)} effects could not be taken out in {most_rounds} rounds: they hardly "
        "overlap. Leave out the effect that the others nearly determine."
    )


def _components(first: Codes, second: Codes) -> int:
    """Count the groups of levels that no row links, on the smaller effect alone where it fits."""
    if (first.max() + 1) * (second.max() + 1) <= CELLS:
        linked = _joint_counts(first, second)
        shared = linked.T @ linked if linked.shape[0] > linked.shape[1] else linked @ linked.T
        return _linked_groups(shared > 0)
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    nodes = int(first.max()) + 1
    total = nodes + int(second.max()) + 1
    edges = coo_array((np.ones(len(first)), (first, second + nodes)), shape=(total, total))
    return int(connected_components(edges, directed=False, return_labels=False))


def _linked_groups(linked: NDArray[np.bool_]) -> int:
    unseen = linked.diagonal().copy()
    groups = 0
    while unseen.any():
        groups += 1
        reached = np.zeros_like(unseen)
        reached[int(unseen.argmax())] = True
        while (reached & unseen).any():
            fresh = reached & unseen
            unseen &= ~fresh
            reached = np.asarray(linked[fresh].any(axis=0))
    return groups


def _joint_counts(first: Codes, second: Codes) -> Floats:
    levels = int(second.max()) + 1
    joint = np.bincount(first * levels + second, minlength=(int(first.max()) + 1) * levels)
    return joint.reshape(-1, levels).astype(np.float64)
